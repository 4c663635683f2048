"""From blobs in many refs to the files of each statement, payloads paired with their signatures."""

from collections.abc import Callable, Iterable, Iterator

from newsrepo.ids import Kind, Oid
from newsrepo.location import Finding
from newsrepo.records.paths import place
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files

Carried = tuple[str, Oid, str]
"""A path, the blob that stands there, and the ref that carries it."""

Read = Callable[[Iterable[Oid]], Iterable[bytes | None]]
"""Gives the bytes of blobs, streamed in the order asked; None for one that is too large."""

_Pair = tuple[Oid | None, Oid | None]
_Pairs = dict[_Pair, tuple[str, ...]]
"""Payload and signature as some refs have them side by side, with those refs in order."""


def gather(carried: Iterable[Carried], read: Read) -> dict[str, Files]:
    """The files of every statement, by id, in order. Ballots are read only when they are asked for.

    ``carried`` lists what every ref has under ``statements/``, in any order. A payload belongs together with
    the signature beside it in the same ref; a pair that many refs carry is read once.
    """
    kinds: dict[str, dict[Kind, dict[str, dict[str, list[Oid | None]]]]] = {}
    for path, oid, label in carried:
        payload = path.removesuffix(".sig")
        where = place(payload)
        if isinstance(where, Finding) or where.kind not in _KINDS:
            continue
        statement = "statement:" + "/".join(path.split("/", 3)[1:3])
        here = kinds.setdefault(statement, {}).setdefault(where.kind, {}).setdefault(payload, {})
        here.setdefault(label, [None, None])[payload != path] = oid
    return {name: _files(name, found, read) for name, found in sorted(kinds.items())}


_KINDS = frozenset([Kind.OPENING, Kind.BALLOT, Kind.CLOSING, Kind.ENACTS, Kind.STATEMENT])


def _files(name: str, found: dict[Kind, dict[str, dict[str, list[Oid | None]]]], read: Read) -> Files:
    pairs = {kind: _pairs(paths.values()) for kind, paths in found.items()}

    def signed(kind: Kind) -> Iterator[Signed]:
        return _signed(pairs.get(kind, {}), read)

    def alone(kind: Kind) -> tuple[bytes, ...]:
        return tuple(sorted({one.data for one in signed(kind) if one.data is not None}))

    return Files(
        name,
        tuple(signed(Kind.OPENING)),
        lambda: signed(Kind.BALLOT),
        tuple(signed(Kind.CLOSING)),
        alone(Kind.ENACTS),
        alone(Kind.STATEMENT),
    )


def _pairs(paths: Iterable[dict[str, list[Oid | None]]]) -> _Pairs:
    found: dict[_Pair, list[str]] = {}
    for refs in paths:
        for label, (payload, signature) in refs.items():
            found.setdefault((payload, signature), []).append(label)
    return {pair: tuple(sorted(set(labels))) for pair, labels in found.items()}


def _signed(pairs: _Pairs, read: Read) -> Iterator[Signed]:
    """The pairs with their bytes, in the order in which they were found, which keeps neighbours together."""
    wanted = (oid for pair in pairs for oid in pair if oid is not None)
    blobs = iter(read(wanted))
    for (payload, signature), sources in pairs.items():
        data = None if payload is None else next(blobs) or b""
        armoured = None if signature is None else next(blobs) or b""
        yield Signed(data, armoured, sources)
