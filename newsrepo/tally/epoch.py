"""An epoch: one charter and one roll in force, and what a roll must be to be put in force at all."""

from collections.abc import Iterator

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.signing import RefusedError, parse_key
from newsrepo.tally.identity import genesis


class EpochError(ValueError):
    """A charter or roll cannot be read, so nothing can be decided under it. The message says why."""


class Epoch(Struct, frozen=True, gc=False):
    """A charter and a roll, whole, with the name of their time.

    ``commons`` is the genesis; ``id`` is the epoch's own name (of the first: the genesis); ``number`` counts
    from 1; ``opening`` is the vote that began it, ``openings`` are the votes of the epoch before that finish
    under that one's terms although it has ended.
    """

    commons: str
    id: str
    number: int
    charter: t.Charter
    roll: t.Roll
    charter_data: bytes
    roll_data: bytes
    before: str = ""
    opening: str = ""
    openings: frozenset[str] = frozenset()


def first_epoch(charter: bytes, roll: bytes) -> Epoch:
    """The epoch that begins with a commons. Raises EpochError."""
    name = genesis(charter, roll)
    return Epoch(name, name, 1, read_charter(charter), read_roll(roll), charter, roll)


def read_charter(data: bytes) -> t.Charter:
    """Raises EpochError."""
    parsed = parse(Kind.CHARTER, data, "newsrepo.yaml")
    if not isinstance(parsed.record, t.Charter):
        raise EpochError(f"{parsed.findings[0].location}: {parsed.findings[0].message}")
    return parsed.record


def read_roll(data: bytes) -> t.Roll:
    """Raises EpochError for what the format refuses, and for keys that may not sign."""
    parsed = parse(Kind.ROLL, data, "statements/roll.yaml")
    if not isinstance(parsed.record, t.Roll):
        raise EpochError(f"{parsed.findings[0].location}: {parsed.findings[0].message}")
    for _, _, error in key_faults(parsed.record):
        raise EpochError(f"statements/roll.yaml: {error.message}")
    return parsed.record


def key_faults(roll: t.Roll) -> Iterator[tuple[int, int, RefusedError]]:
    """Every key of a roll that may not sign: places of voter and key, from 0, and the reason."""
    for place, voter in enumerate(roll.voters):
        for at, line in enumerate(voter.keys):
            try:
                parse_key(line)
            except RefusedError as error:
                error.message = f"a key of '{voter.voter}' is refused: {error.message}"
                yield place, at, error


def roll_faults(roll: t.Roll) -> Iterator[str]:
    """Why a roll cannot be put in force."""
    if not roll.voters:
        yield "nobody stands on it, and nobody could ever change that"
    for _, _, error in key_faults(roll):
        yield error.message


def bare_key(line: str) -> str:
    """A key's line without its comment, as signed records hold it."""
    return " ".join(line.split(" ")[:2])
