"""``unusable-key``: a public key that cannot sign here, or with which anybody could."""

from collections.abc import Iterable, Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.signing import RefusedError, parse_key

_Place = tuple[str | int, ...]


def _find(scope: Scope) -> Iterator[Fault]:
    for kind in (Kind.ROLL, Kind.CONTINGENT, Kind.OPENING, Kind.ENACTS):
        for file, record in scope.records(kind):
            for place, line in _keys(record):
                try:
                    parse_key(line)
                except RefusedError as error:
                    yield Fault(file.place.path, error.message, error.hint, place)


def _keys(record: t.Record) -> Iterator[tuple[_Place, str]]:
    """Every key of a record, with the way to it."""
    if isinstance(record, t.Contingent):
        yield from ((("keys", at), line) for at, line in enumerate(record.keys))
    elif isinstance(record, t.Roll):
        yield from _held("voters", record.voters)
    elif isinstance(record, t.Opening):
        yield from _held("roll", record.roll)
        yield from _held("tellers", record.tellers)


def _held(field: str, holders: Iterable[t.Voter | t.Teller]) -> Iterator[tuple[_Place, str]]:
    for place, holder in enumerate(holders):
        for at, line in enumerate(holder.keys):
            yield (field, place, "keys", at), line


RULE = Rule("unusable-key", "A public key cannot sign here, or anybody could sign with it.", _find)
