"""What the commons put to the vote, as one view of it tells: gathered, counted, each with its words.

Only what is in view speaks here; no other ref that a clone happens to have, and not the clock. So equal views
and equal pins give equal statements.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct, structs

from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import ContingentId, Kind, Oid
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT
from newsrepo.tally.chain import Chain, chain
from newsrepo.tally.count import State
from newsrepo.tally.files import Files
from newsrepo.tally.gather import Carried, gather
from newsrepo.tally.identity import genesis, sha256_hex
from newsrepo.tally.opened import text_fault
from newsrepo.tally.origins import find_genesis, frozen_rolls
from newsrepo.tally.statement import Judgement, judge

CHARTER, ROLL = "newsrepo.yaml", "statements/roll.yaml"


class Archive(Protocol):
    """A commons with its files, and with every signed record that any ref in view carries."""

    @property
    def files(self) -> Mapping[str, tuple[Any, Oid, int]]: ...

    @property
    def carried(self) -> Iterable[Carried]: ...

    @property
    def snapshot(self) -> Snapshot: ...


class Text(Struct, frozen=True):
    """A text of a vote: the file it stands in, and what its front matter says."""

    oid: Oid
    record: t.Statement | t.Dissent


class Papers(Struct, frozen=True):
    """All that a view has on votes, nothing of it proven.

    ``texts`` and ``dissents`` are by statement, the latter then by who wrote them.
    """

    statements: Mapping[str, Files]
    texts: Mapping[str, tuple[Oid, bytes]]
    dissents: Mapping[str, Mapping[ContingentId, Text]]
    charters: frozenset[bytes]
    rolls: frozenset[bytes]

    def beginning(self, name: str) -> tuple[bytes, bytes] | None:
        """The first charter and roll, as far as the view has them or an opening froze them."""
        return find_genesis(name, self.charters, self.rolls)


class Put(Struct, frozen=True):
    """One statement that was put to the vote, by its id with the prefix.

    ``text`` is exactly what was opened; None where the view has only something else. ``dissents`` are those
    of voters, in order.
    """

    statement: str
    judged: Judgement
    text: Text | None
    dissents: tuple[tuple[ContingentId, Text], ...]

    @property
    def is_final(self) -> bool:
        """Whether there is a result for good."""
        return self.judged.state is State.CERTIFIED and self.judged.decided is not None


class Assembly(Struct, frozen=True):
    """Every statement that was ever opened rightly, by id, and the epochs that decide what counts.

    They begin with ``genesis``; ``follows`` are those that the reader has chosen where the commons has split.
    """

    chain: Chain
    put: tuple[Put, ...]
    genesis: str = ""
    follows: tuple[str, ...] = ()

    @property
    def carried(self) -> tuple[Put, ...]:
        """Those that speak for the commons. None does while it is split."""
        return tuple(one for one in self.put if one.judged.carried and not self.chain.split)


def papers(commons: Archive) -> Papers | None:
    """What the view has on votes; None where no vote was ever opened in it."""
    signed = tuple(commons.carried)
    if not any(path.endswith("/opening.yaml") for path, _, _ in signed):
        return None
    files = {path: (found[0], found[1]) for path, found in commons.files.items() if _concerns(path)}

    def read(oids: Iterable[Oid]) -> Iterator[bytes | None]:
        return (blob.data for blob in commons.snapshot.read(oids, MAX_TEXT))

    of: dict[Kind, list[tuple[str, Any, Oid]]] = {}
    for path, (place, oid) in files.items():
        of.setdefault(place.kind, []).append((path, place, oid))
    enacted = [(path, oid, "") for path, _, oid in of.get(Kind.ENACTS, ())]
    statements = gather((*signed, *enacted), read)

    def all_of(kind: Kind) -> list[tuple[str, Any, Oid, bytes]]:
        rows = of.get(kind, ())
        found = zip(rows, read(oid for _, _, oid in rows), strict=True)
        return [(path, place, oid, data) for (path, place, oid), data in found if data is not None]

    dissents: dict[str, dict[ContingentId, Text]] = {}
    for path, place, oid, data in all_of(Kind.DISSENT):
        record = parse(Kind.DISSENT, data, path).record
        if isinstance(record, t.Dissent):
            dissents.setdefault(_statement(path), {})[place.owner] = Text(oid, record)
    charters = {data for _, _, _, data in all_of(Kind.CHARTER)}
    rolls = {data for _, _, _, data in all_of(Kind.ROLL)} | set(frozen_rolls(statements.values()))
    for one in statements.values():
        charters |= set(one.enacts)
        rolls |= set(one.enacts)
    texts = {_statement(path): (oid, data) for path, _, oid, data in all_of(Kind.STATEMENT)}
    return Papers(statements, texts, dissents, frozenset(charters), frozenset(rolls))


def _concerns(path: str) -> bool:
    return path == CHARTER or path.startswith("statements/")


def _statement(path: str) -> str:
    return "statement:" + "/".join(path.split("/", 3)[1:3])


def assemble(found: Papers, charter: bytes, roll: bytes, pins: Collection[str] = ()) -> Assembly:
    """Count every vote under the epochs that begin with this charter and roll.

    ``pins`` are the epochs that the reader follows where the commons has split. Raises EpochError when the
    beginning cannot be read.
    """
    # What was enacted is known by its hash. So it may be taken from wherever it stands: one fork that drops
    # its copy cannot undo an epoch while the roll in force, or an opening under it, is at hand.
    known = {sha256_hex(data): data for data in found.charters | found.rolls}
    statements = [
        structs.replace(one, enacts=tuple(sorted({*one.enacts, *_enacted(one, known)})))
        for one in found.statements.values()
    ]
    epochs = chain(charter, roll, statements, pins)
    judged = [(one.statement, judge(one, epochs)) for one in statements]
    return Assembly(
        epochs,
        tuple(_put(name, one, found) for name, one in judged if one.state is not State.UNOPENED),
        genesis(charter, roll),
        tuple(pins),
    )


def _enacted(files: Files, known: Mapping[str, bytes]) -> Iterator[bytes]:
    """The new charters and rolls that openings of a statement name, as far as they are known."""
    for signed in files.openings:
        record = parse(Kind.OPENING, signed.data or b"", "").record
        if isinstance(record, t.Opening) and record.enacts is not None and record.enacts.sha256 in known:
            yield known[record.enacts.sha256]


def _put(name: str, judged: Judgement, found: Papers) -> Put:
    decided = judged.decided
    if decided is None:
        return Put(name, judged, None, ())
    terms = decided.opened.record
    voters = {voter.voter for voter in terms.roll}
    written = found.dissents.get(name, {})
    dissents = [(who, written[who]) for who in sorted(written) if who in voters]
    there = found.texts.get(name)
    text = None
    if there is not None and text_fault(terms, there[1]) is None:
        record = parse(Kind.STATEMENT, there[1], "").record
        text = Text(there[0], record) if isinstance(record, t.Statement) else None
    return Put(name, judged, text, tuple(dissents))
