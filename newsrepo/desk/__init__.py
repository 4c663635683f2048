"""``newsrepo desk``: a full-screen desk for editors at a terminal.

What the screens show is made by plain functions from values (``lines``, ``prose``, ``pages``, ``sides``,
``news``, ``rooms``, ``rating``); ``widgets`` and ``app`` paint it and listen to keys. Nothing here
reaches out to a network, and nothing that reads the commons runs where keys are heard: see ``lanes``.
"""
