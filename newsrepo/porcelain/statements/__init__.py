"""The life of a statement: proposed, opened, voted on, counted, closed; and the epochs that some begin.

``gathering`` collects what every ref knows, ``epochs`` says which charter and roll are in force, ``polls``
joins the two for whoever wants to know what came of a vote. ``proposing``, ``opening``, ``voting`` and
``closing`` prepare what somebody could sign; ``signatures`` signs it and writes it whole.
"""
