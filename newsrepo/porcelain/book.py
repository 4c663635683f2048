"""Address books: the contingents' files of one tree, the reader's own or one in some home, and candidates.

Whatever a book says of its owner is a claim; of anybody else, hearsay that makes a candidate and no more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from newsrepo.gitstore.snapshot import Blob, Entry
from newsrepo.ids import ContingentId, Kind, Oid
from newsrepo.location import Finding
from newsrepo.porcelain.homes import home_of
from newsrepo.porcelain.pins import Pin, Said, Terms
from newsrepo.records import parse, path_of, place
from newsrepo.records import types as t
from newsrepo.records.text import MAX_FRONT
from newsrepo.signing import MAX_ARMOURED

Read = Callable[[Iterable[Oid], int], Iterator[Blob]]
"""``Snapshot.read``, or that of any other store."""

FOLDER = "contingents"

MOST = 2000
"""Pages to read of somebody else's book: a hostile home may hold any number of them."""


class Page(Struct, frozen=True):
    """One contingent's file in a book. ``data`` is None for one too large to be read."""

    id: ContingentId
    blob: Oid
    data: bytes | None
    signature: bytes | None = None

    @property
    def path(self) -> str:
        return path_of(Kind.CONTINGENT, self.id)

    @property
    def record(self) -> t.Contingent | None:
        """What it says; None where it cannot be read."""
        return _record(self.data) if self.data is not None else None

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong with it."""
        return () if self.data is None else parse(Kind.CONTINGENT, self.data, self.path).findings

    @property
    def place_of_home(self) -> str:
        """File and line of the home that it names, or the charter where it names none."""
        if self.data is None or self.record is None or self.record.home is None:
            return "newsrepo.yaml"
        return f"{self.path}:{parse(Kind.CONTINGENT, self.data, self.path).at('home')[0]}"

    @property
    def said(self) -> Said:
        """It as its contingent's word on itself."""
        return Said(self.blob, self.data, self.signature)

    def terms(self, charter: t.Charter | None) -> Terms:
        """Where it puts the home (that of the commons where it names none), and its keys."""
        home = home_of(self.id, self.record, charter)
        keys = self.record.keys if self.record else ()
        return Terms(home.url if home else "", home.branch if home else "", keys)

    def pin(self, charter: t.Charter | None) -> Pin:
        """It as the reader's own word."""
        return Pin(self.blob, self.terms(charter))


Book = Mapping[ContingentId, Page]


@lru_cache(maxsize=4096)
def _record(data: bytes) -> t.Contingent | None:
    record = parse(Kind.CONTINGENT, data, "").record
    return record if isinstance(record, t.Contingent) else None


def book(entries: Iterable[Entry], read: Read, most: int | None = None) -> Book:
    """The pages among the files of one tree, in order of id, the first ``most`` of them."""
    files: dict[ContingentId, Oid] = {}
    signed: dict[ContingentId, Oid] = {}
    for entry in entries:
        where = place(entry.path) if entry.path.startswith(f"{FOLDER}/") else None
        if where is None or isinstance(where, Finding) or where.owner is None:
            continue
        if where.kind is Kind.CONTINGENT:
            files[where.owner] = entry.oid
        elif where.kind is Kind.SIGNATURE:
            signed[where.owner] = entry.oid
    files = {c: files[c] for c in sorted(files)[:most]}
    texts = {blob.oid: blob.data for blob in read(sorted(set(files.values())), MAX_FRONT)}
    wanted = {signed[c] for c in files if c in signed}
    signatures = {blob.oid: blob.data for blob in read(sorted(wanted), MAX_ARMOURED)}
    return {
        c: Page(c, oid, texts[oid], signatures.get(signed[c]) if c in signed else None)
        for c, oid in files.items()
    }


class Entered(Struct, frozen=True):
    """A contingent as somebody's book has it."""

    by: ContingentId
    page: Page
    terms: Terms


class Candidate(Struct, frozen=True):
    """A contingent that stands in others' books only, with each entry, in order of whose book it is in."""

    id: ContingentId
    entries: tuple[Entered, ...]

    @property
    def agreed(self) -> bool:
        """Whether all who list it say the same home and keys."""
        return all(entry.terms.agrees(self.entries[0].terms) for entry in self.entries)

    @property
    def name(self) -> str:
        """What it is called, by the first who can be read; its id where none can."""
        records = (entry.page.record for entry in self.entries)
        return next((record.name for record in records if record is not None), self.id)


def candidates(
    registered: Iterable[ContingentId],
    books: Mapping[ContingentId, Book],
    charter: t.Charter | None,
) -> tuple[Candidate, ...]:
    """Who stands in others' books and not in one's own, in order of id."""
    known = set(registered)
    found: dict[ContingentId, list[Entered]] = {}
    for by in sorted(books):
        for who, page in books[by].items():
            if who not in known:
                found.setdefault(who, []).append(Entered(by, page, page.terms(charter)))
    return tuple(Candidate(who, tuple(found[who])) for who in sorted(found))


def entered(
    who: ContingentId, books: Mapping[ContingentId, Book], charter: t.Charter | None
) -> tuple[Entered, ...]:
    """How the others' books have a contingent, in order of whose they are."""
    return tuple(
        Entered(by, books[by][who], books[by][who].terms(charter))
        for by in sorted(books)
        if who in books[by] and by != who
    )
