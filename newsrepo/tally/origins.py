"""The first charter and roll of a commons, known again by its genesis among all that lie at hand."""

from collections.abc import Iterable, Iterator
from itertools import product

from newsrepo.ids import Kind
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.tally.files import Files
from newsrepo.tally.identity import genesis

MOST_PAIRS = 250_000
"""Pairs of a charter and a roll that are tried; a hostile fork could carry any number of either."""


def find_genesis(name: str, charters: Iterable[bytes], rolls: Iterable[bytes]) -> tuple[bytes, bytes] | None:
    """The charter and the roll of which ``name`` is the genesis; None where they are not among these."""
    pairs = product(sorted(set(charters)), sorted(set(rolls)))
    for number, (charter, roll) in enumerate(pairs):
        if number >= MOST_PAIRS:
            return None
        if genesis(charter, roll) == name:
            return charter, roll
    return None


def frozen_rolls(statements: Iterable[Files]) -> Iterator[bytes]:
    """The rolls that openings froze, as newsrepo writes them: the first one may survive there alone."""
    for files in statements:
        for signed in files.openings:
            record = parse(Kind.OPENING, signed.data or b"", "").record
            if isinstance(record, t.Opening):
                yield write(t.Roll(voters=record.roll))
