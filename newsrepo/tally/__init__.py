"""Roll, ballots, rule and closings -> a result that explains itself. Pure: no clock, git, files or floats.

``gather.gather`` sorts what all refs carry into the files of each statement, ``chain.chain`` says which
charter and roll are in force, ``statement.judge`` what came of one statement; ``drafts`` makes the records
that somebody could sign now. Below them: ``openings`` and ``opened`` (is this vote opened rightly), ``box``
(ballots), ``lists`` and ``rounds`` (closings), ``count`` (of one opening), ``rule`` (the arithmetic) and
``evidence`` (what is given, and why a piece is set aside).
"""
