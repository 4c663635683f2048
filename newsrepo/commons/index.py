"""Keeps what was read of each snapshot: a file is parsed once ever, an unchanged commons costs nothing.

A snapshot's files fall into groups by root and owner (``articles/abc``). A group is known by a digest over
its paths and blob ids; what follows from it is kept under that digest, whatever view it belongs to. A view
is no more than a list of groups. ``docs/decisions/0003-one-index.md`` says why.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newsrepo.commons import facts
from newsrepo.commons.groups import File, Group, Head, group_key, grouped
from newsrepo.commons.model import Work
from newsrepo.commons.store import DAMAGE, PartMissingError, Store, is_refusal
from newsrepo.commons.union import Home, Listing, Union, holds_book, labelled
from newsrepo.gitstore.snapshot import Entry, Snapshot
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import Place, parse, place
from newsrepo.records.claims import is_signed
from newsrepo.records.text import MAX_TEXT

KEPT_VIEWS = 4
"""How many of the latest views stay when there are more than twice as many."""

KEPT_SUMS = 64

KEPT_ANSWERS = 16
"""How many answers of ``kept`` stay, of each role."""

BATCH_BYTES = 4 << 20
BATCH_FILES = 1000
SPARE_FACTS = 20_000

T = TypeVar("T")


class Voice(Struct, frozen=True, array_like=True):
    """What one tip says for its owner: kept by tree and owner, so that a tip that stands is not read again.

    ``book`` is whether it holds the owner's file in ``contingents/``, ``signed`` are the paths of the owner's
    signed records.
    """

    groups: tuple[Group, ...]
    odd: tuple[Finding, ...]
    book: bool
    signed: tuple[str, ...]


class _Made(NamedTuple):
    """A group to be kept: its name, its digest, its files and what is wrong with their places."""

    name: str
    key: str
    rows: "list[_Row]"
    faults: list[Finding]


_FILE = Location("newsrepo/index.sqlite3", source=".git")
_DAMAGED = (
    Finding(
        "index-damaged",
        _FILE,
        "the index file was damaged, and has been made anew",
        "nothing is lost; if it happens again, look after the disk",
        Severity.WARNING,
    ),
)

_Row = tuple[str, Kind, str | None, str, Oid, int]

_NOTHING = facts.pack([])
_head = msgspec.msgpack.Decoder(Head)
_voice = msgspec.msgpack.Decoder(Voice)
_rows = msgspec.msgpack.Decoder(list[tuple[str, str, str | None, str, str, int]])
_findings = msgspec.msgpack.Decoder(tuple[Finding, ...])


class Index:
    """The index of one repository, for any number of snapshots. Deleting its file loses nothing but time.

    When the file turns out to be damaged it is made anew; when it cannot be used at all, a fresh index in
    memory takes its place. ``findings`` says so.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = RLock()
        self._pid = os.getpid()
        self._abandoned: list[Store] = []
        self._heads: dict[str, Head] = {}
        self._mended = 0
        self.findings: tuple[Finding, ...] = ()
        """What was wrong with the file: damaged and made anew, or not to be had; nearly always empty."""
        try:
            self._store = Store(path)
            if self._store.was_damaged:
                self.findings = _DAMAGED
        except (*DAMAGE, OSError) as error:
            self._recover(error)

    @classmethod
    def open(cls, path: Path) -> "Index":
        """The index in the file at ``path``, made if need be. Never fails: see ``findings``."""
        return cls(path)

    @classmethod
    def memory(cls) -> "Index":
        """An index that lasts as long as the process."""
        return cls(None)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    @property
    def in_memory(self) -> bool:
        """Whether nothing is kept for the next process."""
        return self._path is None

    def ask(self, snapshot: Snapshot, question: Callable[[Store, Head], T]) -> T:
        """The answer to a question about a snapshot, which is read in first as far as it is new.

        The question may be put again, to a store made anew, if the first one turns out to be damaged.
        Raises UnableError when a file of the snapshot cannot be read.
        """
        with self._lock:
            self._after_fork()
            whole = True
            while True:
                try:
                    return question(self._store, self._view(snapshot, trusting=whole))
                except PartMissingError:  # another process cleared up
                    self._heads.clear()
                    whole = False
                except DAMAGE as error:
                    self._recover(error)

    def kept(self, role: str, key: str, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gave for this key before, or gives now: for what follows from content alone.

        Of each role the latest few are kept. Raises what ``make`` raises.
        """
        with self._lock:
            self._after_fork()
            while True:
                try:
                    try:
                        return self._store.part(role, key)
                    except PartMissingError:
                        data = make()
                    with self._store.writing():
                        self._store.add_part(role, key, data)
                        self._store.drop_parts(role, self._store.parts(role)[:-KEPT_ANSWERS])
                except DAMAGE as error:
                    self._recover(error)
                else:
                    return data

    def _after_fork(self) -> None:
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._abandoned.append(self._store)  # closing it here could end the parent's locks
            try:
                self._store = Store(self._path)
            except (*DAMAGE, OSError) as error:
                self._recover(error)
            self._heads.clear()

    def _recover(self, error: Exception) -> None:
        """Begin anew in the same place if the file was damaged, in memory if it cannot be had at all."""
        self._heads.clear()
        if self._path is None:
            raise error  # memory neither refuses nor rots: this would be a bug of ours
        if not is_refusal(error) and self._mended < 3:
            self._mended += 1
            try:
                if hasattr(self, "_store"):
                    self._store.discard()
                else:
                    self._store = Store(self._path)
            except (*DAMAGE, OSError) as again:
                error = again
            else:
                self.findings = _DAMAGED
                return
        self._path = None
        if hasattr(self, "_store"):
            with suppress(sqlite3.Error):
                self._store.close()
        self._store = Store(None)
        self.findings = (
            Finding(
                "index-unavailable",
                _FILE,
                f"the index file cannot be used ({error}); everything is read anew each time",
                "make the git directory writable; deleting its newsrepo/index.sqlite3 is always safe",
                Severity.WARNING,
            ),
        )

    # -- reading a snapshot in ---------------------------------------------------------------------------

    def _view(self, snapshot: Snapshot, *, trusting: bool) -> Head:
        head = self._heads.get(snapshot.key)
        if head is None:
            if trusting:
                with suppress(PartMissingError):
                    head = _head.decode(self._store.part("view", snapshot.key))
            if head is None:
                head = self._read_in(snapshot)
            self._heads[snapshot.key] = head
        return head

    def _read_in(self, snapshot: Snapshot) -> Head:
        store = self._store
        if isinstance(snapshot, Union):
            head = self._read_union(snapshot)
        else:
            (groups,) = self._groups(snapshot, [snapshot.entries])
            head = Head(groups)
        with store.writing():
            store.add_part("view", snapshot.key, facts.pack(head))
        self._clear_up(head)
        return head

    def _read_union(self, union: Union) -> Head:
        """The groups of each home, those of the working tree, and of signed records that others carry."""
        voices = {home.owner: self._voice(home) for home in union.homes}
        fresh = [home for home in union.homes if voices[home.owner] is None]
        listed = union.listed(fresh)
        found = dict(zip((home.owner for home in fresh), listed, strict=True))
        book: list[Entry] = []
        spoken = {}
        for home in union.homes:
            voice, listing = voices[home.owner], found.get(home.owner, Listing(()))
            if not (voice.book if voice else holds_book(home.owner, listing.entries)):
                book += union.pinned(home.owner)
            spoken[home.owner] = frozenset(voice.signed if voice else _signed(listing.entries))
        carried = union.carried(union.homes, spoken)
        ours = sorted([*union.ours, *book, *carried.pop("", ())], key=lambda entry: entry.path)
        sheaves = [ours, *carried.values(), *(listing.entries for listing in listed)]
        of_ours, *others = self._groups(union, sheaves)
        groups = [*of_ours]
        for label, some in zip(carried, others, strict=False):
            groups += [replace(group, source=label) for group in some]
        made = zip(fresh, listed, others[len(carried) :], strict=True)
        voices |= {home.owner: self._hear(home, listing, some) for home, listing, some in made}
        odd: list[Finding] = []
        for home in union.homes:
            if (voice := voices[home.owner]) is not None:
                groups += [replace(group, source=home.label) for group in voice.groups]
                odd += [labelled(finding, home.label) for finding in voice.odd]
        groups.sort(key=lambda group: (group.name, group.source))
        return Head(tuple(groups), tuple(odd), tuple(sorted({_voice_key(home) for home in union.homes})))

    def _voice(self, home: Home) -> Voice | None:
        """What a tip says, if that is kept and so is all that follows from it."""
        try:
            voice = _voice.decode(self._store.part("voice", _voice_key(home)))
        except PartMissingError:
            return None
        return voice if all(_complete(self._store, group.name, group.key) for group in voice.groups) else None

    def _hear(self, home: Home, listing: Listing, groups: tuple[Group, ...]) -> Voice:
        book = holds_book(home.owner, listing.entries)
        voice = Voice(groups, listing.odd, book, _signed(listing.entries))
        if listing.whole:
            with self._store.writing():
                self._store.add_part("voice", _voice_key(home), facts.pack(voice))
        return voice

    def _groups(self, snapshot: Snapshot, sheaves: Sequence[Iterable[Entry]]) -> list[tuple[Group, ...]]:
        """The groups of each sheaf of ordered entries, read in as far as they are new."""
        store = self._store
        named = [grouped(entries) for entries in sheaves]
        keys = [{name: group_key(some) for name, some in groups.items()} for groups in named]
        fresh: dict[tuple[str, str], _Made] = {}
        for groups, digests in zip(named, keys, strict=True):
            for name, key in digests.items():
                if (name, key) not in fresh and not _complete(store, name, key):
                    fresh[name, key] = _Made(name, key, *_placed(groups[name]))
        clean = self._read_facts(snapshot, [row for made in fresh.values() for row in made.rows])
        for made in fresh.values():
            made.faults.extend(_unhashed(snapshot, made.rows))
        batch: list[_Made] = []
        for made in fresh.values():
            batch.append(made)
            if sum(len(some.rows) for some in batch) > BATCH_FILES:
                _add_groups(store, batch, clean)
                batch = []
        _add_groups(store, batch, clean)
        return [
            tuple(
                Group(name, key, len(groups[name]), store.part("faults", key) != _NOTHING)
                for name, key in sorted(digests.items())
            )
            for groups, digests in zip(named, keys, strict=True)
        ]

    def _read_facts(self, snapshot: Snapshot, rows: list[_Row]) -> set[tuple[Kind, Oid]]:
        """Parse every blob that has no fact yet, a few megabytes at a time; which of them have no fault."""
        clean: set[tuple[Kind, Oid]] = set()
        wanted: dict[tuple[Kind, Oid], _Row] = {}
        for row in rows:
            if row[1] not in facts.UNREAD:
                wanted.setdefault((row[1], row[4]), row)
        for kind in sorted({kind for kind, _ in wanted}):
            oids = [oid for k, oid in wanted if k is kind]
            for oid in self._store.known(kind, oids):
                del wanted[kind, oid]
        batch: list[tuple[Kind, Oid, facts.Read]] = []
        size = 0
        blobs = snapshot.read([oid for _, oid in wanted], MAX_TEXT)
        for (kind, oid), blob in zip(wanted, blobs, strict=True):
            path = wanted[kind, oid][0]
            if blob.data is None:
                read = facts.unread([facts.too_large(path, blob.size)])
            else:
                read = facts.read(kind, blob.data, path)
                size += len(blob.data)
            batch.append((kind, oid, read))
            if read.clean:
                clean.add((kind, oid))
            if size > BATCH_BYTES or len(batch) >= BATCH_FILES:
                self._keep(batch)
                batch, size = [], 0
        self._keep(batch)
        return clean

    def _keep(self, batch: list[tuple[Kind, Oid, facts.Read]]) -> None:
        if batch:
            with self._store.writing():
                self._store.add_facts((kind, oid, read.data) for kind, oid, read in batch)

    def _clear_up(self, head: Head) -> None:
        """Bound the file: drop what only old views used; throw all away when most facts are nobody's."""
        store = self._store
        views = store.parts("view")
        if len(views) > 2 * KEPT_VIEWS:
            kept = [_head.decode(store.part("view", key)) for key in views[-KEPT_VIEWS:]]
            live = {group.key for view in (*kept, head) for group in view.groups}
            with store.writing():
                store.drop_parts("view", views[:-KEPT_VIEWS])
                voices = {key for view in (*kept, head) for key in view.voices}
                store.drop_parts("voice", [k for k in store.parts("voice") if k not in voices])
                for role in ("files", "works", "faults", "tally"):
                    store.drop_parts(role, [k for k in store.parts(role) if k.partition(" ")[0] not in live])
                store.drop_parts("sums", store.parts("sums")[:-KEPT_SUMS])
                articles = {articles_key(view) for view in (*kept, head)}
                standings = [(k, *k.split(" ", 2)[:2]) for k in store.parts("standings")]
                gone = [k for k, group, works in standings if group not in live or works not in articles]
                store.drop_parts("standings", gone)
            views = views[-KEPT_VIEWS:]
        if store.fact_count() > SPARE_FACTS:
            heads = [_head.decode(store.part("view", key)) for key in views]
            if store.fact_count() > SPARE_FACTS + 4 * sum(g.files for h in heads for g in h.groups):
                store.discard()
                raise PartMissingError("all of it was thrown away")


def _complete(store: Store, name: str, key: str) -> bool:
    roles = ("files", "faults", "works") if name.startswith("articles") else ("files", "faults")
    return all(store.has_part(role, key) for role in roles)


def _placed(entries: Sequence[Entry]) -> tuple[list[_Row], list[Finding]]:
    rows: list[_Row] = []
    misplaced: list[Finding] = []
    for entry in entries:
        where = place(entry.path)
        if isinstance(where, Finding):
            misplaced.append(where)
        else:
            rows.append((entry.path, where.kind, where.owner, where.id, entry.oid, entry.size))
    return rows, misplaced


def _unhashed(snapshot: Snapshot, rows: list[_Row]) -> list[Finding]:
    """Kept sources whose name is not the id of their bytes; only those in question are read."""
    odd: dict[Oid, list[str]] = {}
    for path, kind, _, _, oid, _ in rows:
        if kind is Kind.SOURCE and not path.endswith(f"/{oid}.md"):
            odd.setdefault(oid, []).append(path)
    found: list[Finding] = []
    for blob in snapshot.read(odd, MAX_TEXT):
        for path in odd[blob.oid]:
            if blob.data is None:
                found.append(facts.too_large(path, blob.size))
            else:
                found += parse(Kind.SOURCE, blob.data, path).findings
    return found


def _add_groups(store: Store, batch: Sequence[_Made], clean: set[tuple[Kind, Oid]]) -> None:
    """Keep what follows from groups: their files, works, faults. Their facts must be there."""
    found = [(made, *_follows(store, made, clean)) for made in batch]
    if found:
        with store.writing():
            for made, works, faults in found:
                if made.name.startswith("articles"):
                    store.add_part("works", made.key, facts.pack(works))
                store.add_part("faults", made.key, facts.pack(faults))
                store.add_part("files", made.key, facts.pack(made.rows))


def _follows(store: Store, made: _Made, clean: set[tuple[Kind, Oid]]) -> tuple[list[Work], list[Finding]]:
    """The works of a group and its faults, both in order."""
    works: list[Work] = []
    faults = [*made.faults]
    made.rows.sort(key=lambda row: row[0])
    for kind in sorted({row[1] for row in made.rows} - facts.UNREAD):
        some = [row for row in made.rows if row[1] is kind]
        if kind is not Kind.ARTICLE:  # of which the works are wanted
            some = [row for row in some if (kind, row[4]) not in clean]
        for row, fact in zip(some, store.facts(kind, [row[4] for row in some]), strict=True):
            path, _, _, record_id, oid, _ = row
            faults += facts.findings(fact, path)
            if kind is Kind.ARTICLE:
                work = facts.work(fact, ArticleId(record_id), oid, path)
                if work is not None:
                    works.append(work)
    works.sort(key=lambda work: work.id)
    faults.sort(key=lambda finding: finding.order)
    return works, faults


def _signed(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(entry.path for entry in entries if is_signed(entry.path))


def _voice_key(home: Home) -> str:
    return f"{home.tip.tree} {home.owner}"


def articles_key(head: Head) -> str:
    """What the works of a view follow from, as one digest."""
    keys = "\n".join(group.key for group in head.under("articles"))
    return hashlib.blake2b(keys.encode(), digest_size=20).hexdigest()


def load_files(store: Store, head: Head, root: str | None = None) -> list[File]:
    """The well-placed files of a view, or of one root of it, in order of path."""
    groups = head.groups if root is None else tuple(head.under(root))
    files = [
        File(Place(path, Kind(kind), owner, record_id), Oid(oid), size)  # type: ignore[arg-type]  # ids as kept
        for group in groups
        for path, kind, owner, record_id, oid, size in _rows.decode(store.part("files", group.key))
    ]
    return sorted(files, key=lambda file: file.place.path)


def load_faults(store: Store, head: Head) -> list[Finding]:
    """What was found wrong while reading the files of a view."""
    return [
        labelled(finding, group.source)
        for group in head.groups
        if group.faulty
        for finding in _findings.decode(store.part("faults", group.key))
    ]
