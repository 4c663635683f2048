"""Every record of every vote, wherever it lies: in any ref that the clone knows, here, or in files given.

Which ref carries what is kept as evidence to print. It decides nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, groupby
from pathlib import Path

from msgspec import Struct, structs

from newsrepo.errors import UnableError
from newsrepo.gitstore.everywhere import Everywhere
from newsrepo.gitstore.snapshot import Blob, Entry, Snapshot
from newsrepo.ids import Kind, Oid
from newsrepo.location import Finding
from newsrepo.porcelain.statements.given import read_given
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import place
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files
from newsrepo.tally.gather import gather as by_statement

HERE = "the working tree"
"""The label of what lies in the working tree."""

CHARTER, ROLL = "newsrepo.yaml", "statements/roll.yaml"

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

_STEP = 500
"""Ballots between two words on how far it is."""

_LIMIT = 8 << 20
"""Bytes of one file that are read; the format allows far less, and says so."""


class Copy(Struct, frozen=True):
    """A text that some ref carries; ``speaks`` where that ref is its owner's own."""

    data: bytes
    source: str
    speaks: bool = False


class Agreed(Struct, frozen=True):
    """A charter or roll where it stands, by blob, in one ref."""

    path: str
    blob: Oid
    ref: str


class Gathered(Struct, frozen=True):
    """All that is known of all votes.

    ``statements`` are the files of each by id, what a judgement starts from. ``texts`` are all copies of each
    ``statement.md``, and of each dissent, by id; ``charters`` and ``rolls`` all such files at hand, unproven;
    ``agreed`` says in which refs those stand in their own place. ``unread`` are the refs that could not be
    read, with the reason.
    """

    statements: Mapping[str, Files]
    texts: Mapping[str, tuple[Copy, ...]]
    charters: frozenset[bytes]
    rolls: frozenset[bytes]
    agreed: tuple[Agreed, ...]
    unread: tuple[str, ...]
    everywhere: Everywhere

    def ever(self, path: str) -> frozenset[bytes]:
        """Every file that stood at ``path`` in the history of any ref, as far as it is at hand."""
        oids = sorted(self.everywhere.ever(path))
        return frozenset(blob.data for blob in self.everywhere.read(oids, _LIMIT) if blob.data is not None)


def gather(work: Workspace, given: Sequence[Path] = (), progress: Progress | None = None) -> Gathered:
    """Collect from every ref, the working tree and ``given`` files and folders.

    ``progress`` is told, while ballots are read, how many were and about how many there are. Raises
    UsageError for a given path that is not there or holds no record, UnableError where git fails.
    """
    everywhere = Everywhere(work.repository, work.store)
    own = work.repository.worktree()
    found = _Found(everywhere, own, progress)
    found.add(HERE, own.entries, current=True)
    unread = []
    current = [ref for ref in everywhere.refs if ref.current]
    # Of tips that homes have moved on from, only what is new in each is of interest.
    earlier = [ref for ref in everywhere.refs if not ref.current]
    walks = (everywhere.walk(current, _may_hold), everywhere.walk(earlier, _may_hold, once=True))
    for ref, walked in chain(*walks):
        if isinstance(walked, UnableError):
            unread.append(f"{ref.label}: {walked.message}")
        else:
            found.add(ref.label, walked.entries, current=ref.current)
    for file in read_given(given):
        found.add_given(file.path, file.data, file.source)
        found.add_given(f"{file.path}.sig", file.signature, file.source)
    return found.gathered(tuple(unread))


def _may_hold(folder: str) -> bool:
    return folder == "statements" or folder.startswith("statements/")


class _Found:
    """What was found so far, by id: nothing is read before it is asked for."""

    def __init__(self, everywhere: Everywhere, own: Snapshot, progress: Progress | None) -> None:
        self._everywhere = everywhere
        self._progress = progress
        self._own = own
        self._given: dict[Oid, bytes] = {}
        self._stored: set[Oid] = set()
        self._carried: list[tuple[str, Oid, str]] = []
        self._texts: dict[str, list[tuple[str, Oid, bool]]] = {}
        self._agreed: dict[str, set[Oid]] = {CHARTER: set(), ROLL: set()}
        self._standing: list[Agreed] = []
        self._place = cache(place)

    def add(self, label: str, entries: Iterable[Entry], *, current: bool) -> None:
        """Take the files of a ref; ``current`` is false where its home has moved on from it."""
        for entry in entries:
            if entry.path == CHARTER or entry.path.startswith("statements/"):
                if label != HERE:
                    self._stored.add(entry.oid)
                self._take(entry.path, entry.oid, label, current=current)

    def add_given(self, path: str, data: bytes | None, source: str) -> None:
        """Take a file that was given, as if it lay at ``path``."""
        if data is not None:
            name = Oid(f"given:{len(self._given)}")
            self._given[name] = data
            self._take(path, name, source, current=True)

    def _take(self, path: str, oid: Oid, label: str, *, current: bool) -> None:
        where = self._place(path)
        if isinstance(where, Finding):
            return
        if where.kind in (Kind.STATEMENT, Kind.DISSENT):
            speaks = current and (label == HERE or label.startswith(f"{where.owner}@"))
            self._texts.setdefault(where.id, []).append((label, oid, speaks))
        elif path in self._agreed:
            self._agreed[path].add(oid)
            if current:
                self._standing.append(Agreed(path, oid, label))
        else:
            self._carried.append((path, oid, label))
            if where.kind is Kind.ENACTS:
                self._agreed[ROLL if where.id.endswith("/roll") else CHARTER].add(oid)

    def gathered(self, unread: tuple[str, ...]) -> Gathered:
        """What it all comes to."""
        spoken = (
            (f"statements/{name.removeprefix('statement:')}/statement.md", oid, label)
            for name, rows in self._texts.items()
            if name.startswith("statement:")
            for label, oid, _ in _speaking(rows)
        )
        statements = by_statement([*self._carried, *spoken], self._bytes)
        if self._progress is not None:
            statements = dict(self._watched(statements, self._progress))
        drafts = {name for name in self._texts if name.startswith("statement:")}
        return Gathered(
            {name: statements.get(name, Files(name)) for name in sorted({*statements, *drafts})},
            {name: tuple(self._copies(rows)) for name, rows in sorted(self._texts.items())},
            self._all(self._agreed[CHARTER]),
            self._all(self._agreed[ROLL]),
            tuple(sorted(self._standing, key=lambda one: (one.path, one.ref, one.blob))),
            unread,
            self._everywhere,
        )

    def _watched(self, statements: Mapping[str, Files], progress: Progress) -> Iterator[tuple[str, Files]]:
        """The same files, whose ballots tell how far the reading has come."""
        sizes: dict[str, set[str]] = {}
        for path, _, _ in self._carried:
            if "/ballots/" in path and not path.endswith(".sig"):
                sizes.setdefault("statement:" + "/".join(path.split("/", 3)[1:3]), set()).add(path)
        for name, files in statements.items():
            total = len(sizes.get(name, ()))
            yield name, structs.replace(files, ballots=partial(_told, files.ballots, total, progress))

    def _copies(self, rows: Iterable[tuple[str, Oid, bool]]) -> Iterator[Copy]:
        ordered = sorted(rows)
        for data, (label, _, speaks) in zip(self._bytes(row[1] for row in ordered), ordered, strict=True):
            if data is not None:
                yield Copy(data, label, speaks)

    def _all(self, oids: Iterable[Oid]) -> frozenset[bytes]:
        return frozenset(data for data in self._bytes(sorted(oids)) if data is not None)

    def _bytes(self, oids: Iterable[Oid]) -> Iterator[bytes | None]:
        for reader, some in groupby(oids, self._reader):
            yield from (blob.data for blob in reader(some, _LIMIT))

    def _reader(self, oid: Oid) -> Callable[[Iterable[Oid], int], Iterator[Blob]]:
        if oid in self._given:
            return self._from_given
        return self._everywhere.read if oid in self._stored else self._own.read

    def _from_given(self, oids: Iterable[Oid], limit: int) -> Iterator[Blob]:
        for oid in oids:
            size = len(self._given[oid])
            yield Blob(oid, size, self._given[oid] if size <= limit else None)


def _told(ballots: Callable[[], Iterable[Signed]], total: int, progress: Progress) -> Iterator[Signed]:
    for number, ballot in enumerate(ballots(), 1):
        if number % _STEP == 0:
            progress(min(number, total), total)
        yield ballot


def _speaking(rows: Iterable[tuple[str, Oid, bool]]) -> list[tuple[str, Oid, bool]]:
    """The copy that counts as the text: the owner's own; the working tree's where its owner is homed here."""
    found = [row for row in rows if row[2]]
    return [row for row in found if row[0] != HERE] or found
