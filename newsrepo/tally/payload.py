"""Reading a signed payload the telling way: its record, or the line where it is not canonical."""

from typing import TypeVar

from newsrepo.ids import Kind
from newsrepo.records import parse, write
from newsrepo.records import types as t
from newsrepo.tally.evidence import AsideError, Stage, Why

_R = TypeVar("_R", bound=t.Record)


def read_payload(kind: Kind, cls: type[_R], data: bytes) -> _R:
    """The record whose canonical bytes ``data`` are. Raises AsideError ``not-canonical`` with the line."""
    parsed = parse(kind, data, "")
    record = parsed.record
    if not isinstance(record, cls):
        first = parsed.findings[0]
        raise AsideError(
            Stage.FOUND,
            Why.NOT_CANONICAL,
            f"it is no {kind.value}: {first.message}",
            first.hint,
            first.location.line,
        )
    wanted = write(record)
    if wanted != data:
        line = _first_difference(data, wanted)
        lines = wanted.decode().split("\n")
        should = lines[line - 1] if line <= len(lines) else ""
        hint = f"the line should be `{should}`" if should else "nothing should stand there"
        raise AsideError(
            Stage.FOUND,
            Why.NOT_CANONICAL,
            "it is not in its one canonical form",
            f"{hint}; sign it anew",
            line,
        )
    return record


def _first_difference(data: bytes, wanted: bytes) -> int:
    for number, (ours, theirs) in enumerate(zip(data.split(b"\n"), wanted.split(b"\n"), strict=False), 1):
        if ours != theirs:
            return number
    return min(data.count(b"\n"), wanted.count(b"\n")) + 1


def check_addressed(record: t.Ballot | t.Closing, commons: str, statement: str, opening: str) -> None:
    """That a ballot or closing is about this vote. Raises AsideError."""
    if record.commons != commons:
        raise AsideError(
            Stage.FOUND,
            Why.WRONG_COMMONS,
            f"it belongs to the commons {record.commons[:12]}…, not to {commons[:12]}…",
            "it was copied here from elsewhere",
        )
    if record.statement != statement:
        raise AsideError(
            Stage.FOUND,
            Why.WRONG_STATEMENT,
            f"it is about {record.statement}",
            "it was copied here from another vote",
            2,
        )
    if record.opening != opening:
        raise AsideError(
            Stage.FOUND,
            Why.WRONG_OPENING,
            f"it binds the opening {record.opening[:12]}…, not {opening[:12]}…",
            "it was given on another text or under other terms; vote again on this one",
            3,
        )
