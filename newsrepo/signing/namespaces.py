"""What a signature is for: one namespace per kind of record, so that none can pass for another."""

from typing import Final

CONTINGENT: Final = "contingent.v1@newsrepo"
"""A contingent's own file, signed when its home or keys change."""

OPENING: Final = "opening.v1@newsrepo"
"""A vote opened."""

BALLOT: Final = "ballot.v1@newsrepo"
"""One vote."""

CLOSING: Final = "closing.v1@newsrepo"
"""A list of the ballots that somebody held."""

EDITION: Final = "edition.v1@newsrepo"
"""The manifest of an edition, signed by who published it."""

NAMESPACES: Final = (BALLOT, CLOSING, CONTINGENT, EDITION, OPENING)
