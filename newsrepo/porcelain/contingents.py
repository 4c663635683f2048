"""``contingents``: who belongs and where they are at home, what is wrong there, and who is a candidate."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.ledger import NAME as LEDGER
from newsrepo.gitstore.ledger import Rewrite, Seen, Trouble, load
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import ContingentId, IdError, Kind, contingent_id
from newsrepo.porcelain.book import FOLDER, MOST, Book, Candidate, Entered, Page, book, candidates, entered
from newsrepo.porcelain.homes import is_here, match_home
from newsrepo.porcelain.pins import Terms, claimed, in_force
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.together import charter_in
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, rating_columns
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT
from newsrepo.signing import RefusedError, parse_key


class Fingerprint(Struct, frozen=True):
    """A key as people compare it: ``SHA256:`` and 43 characters; empty, with the reason, if it is no use."""

    text: str
    fault: str = ""

    @property
    def short(self) -> str:
        """The fingerprint by its first characters: for telling apart, not for trusting."""
        return self.text[:15] if self.text else "unusable"


def fingerprints(keys: Sequence[str]) -> tuple[Fingerprint, ...]:
    """The fingerprints of public keys, in their order."""
    found = []
    for line in keys:
        try:
            found.append(Fingerprint(parse_key(line).fingerprint))
        except RefusedError as error:
            found.append(Fingerprint("", error.message))
    return tuple(found)


class Member(Struct, frozen=True):
    """One contingent of the address book, as this clone knows it.

    ``terms`` are in force; ``moved`` says that a signature put them in place of what is pinned. ``here``: the
    working tree is its home. ``days`` since its last good tip was committed; None where there is none.
    ``claims`` is what its home says instead and nobody has confirmed.
    """

    id: ContingentId
    name: str
    here: bool
    terms: Terms
    moved: bool
    seen: Seen | None
    days: int | None
    articles: int
    ratings: int
    claims: Terms | None
    trouble: tuple[Trouble, ...]

    @property
    def rewritten(self) -> tuple[Rewrite, ...]:
        """Every rewriting of its history that this clone saw."""
        return self.seen.rewritten if self.seen else ()

    @property
    def stale(self) -> bool:
        """Whether its home did not answer when last asked."""
        return self.seen is not None and self.seen.fetched_at != self.seen.tried_at


class Known(Struct, frozen=True):
    """Everybody: the registered and the candidates, each in order of id."""

    members: tuple[Member, ...]
    candidates: tuple[Candidate, ...]
    today: date


class Shown(Struct, frozen=True):
    """One contingent, registered or candidate, and how others' books have it."""

    id: ContingentId
    page: Page
    member: Member | None
    entries: tuple[Entered, ...]


class Desk:
    """What is known here: the address book, the charter, the ledger, and others' books."""

    def __init__(self, work: Workspace) -> None:
        self.work = work
        tree = work.snapshot(alone=True)
        self.book: Book = book(tree.entries, tree.read)
        self.charter = charter_in(tree)
        self.ledger = load(work.repository.state_dir / LEDGER)
        clone = work.clone
        records = {who: page.record for who, page in self.book.items() if page.record is not None}
        self.clone = replace(clone, contingent=clone.contingent or match_home(clone.origin, records))

    @cached_property
    def books(self) -> Mapping[ContingentId, Book]:
        """The address books at the last good tips of everybody's homes."""
        store = HomeStore.open(self.work.repository)
        if store is None:
            return {}
        with store:
            trees = TreeReader(store.objects)
            tips = {
                ContingentId(who): seen.tree
                for who, seen in self.ledger.homes.items()
                if seen.tree is not None and who in self.book
            }
            starts = [Start(tree, "", FOLDER.__eq__) for tree in tips.values()]
            walks = zip(tips, trees.walk_all(starts), strict=True)
            return {
                who: book(walked.entries, store.objects.read, MOST)
                for who, walked in walks
                if isinstance(walked, Walked)
            }

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        return candidates(self.book, self.books, self.charter)

    def named(self, text: str) -> ContingentId:
        """The id of somebody known. Raises UsageError."""
        try:
            who = contingent_id(text)
        except IdError as error:
            raise UsageError(str(error)) from None
        known = {*self.book, *(candidate.id for candidate in self.candidates)}
        if who not in known:
            raise UsageError(f"no such contingent: {who!r}", near(who, known, "contingents"))
        return who

    def pending(self, who: ContingentId, terms: Terms) -> Page | None:
        """The file at its home that would change its terms, if there is one that can be read."""
        page = self.books.get(who, {}).get(who)
        if page is None or page.record is None or claimed(page.record, terms).agrees(terms):
            return None
        return page


def listing(work: Workspace, today: date) -> Known:
    """Everybody in the address book, and the candidates in others'."""
    desk = Desk(work)
    articles, ratings = _published(work)
    members = tuple(_member(desk, page, today, articles, ratings) for page in desk.book.values())
    return Known(members, desk.candidates, today)


def show(work: Workspace, text: str, today: date) -> Shown:
    """One contingent by its id. Raises UsageError when nobody knows it."""
    desk = Desk(work)
    who = desk.named(text)
    entries = entered(who, desk.books, desk.charter)
    if who not in desk.book:
        return Shown(who, entries[0].page, None, entries)
    member = _member(desk, desk.book[who], today, *_published(work))
    return Shown(who, desk.book[who], member, entries)


def _published(work: Workspace) -> tuple[Counter[str], Counter[str]]:
    """How many articles and ratings everybody has in view."""
    view = work.here
    articles = Counter(str(work.owner) for work in view.works.values())
    ratings: Counter[str] = Counter()
    files = [file for file in view.files.values() if file.place.kind is Kind.RATINGS]
    for file, blob in zip(files, view.snapshot.read([file.oid for file in files], MAX_TEXT), strict=True):
        ratings[str(file.place.owner)] += _ratings_in(blob.data or b"")
    return articles, ratings


def _ratings_in(data: bytes) -> int:
    """How many ratings a file holds; none where it cannot be read."""
    with suppress(UnicodeDecodeError):
        columns = rating_columns(data.decode())
        if columns is not None:
            return len(columns.articles)
    record = parse(Kind.RATINGS, data, "").record
    return len(record.ratings) if isinstance(record, t.Ratings) else 0


def _member(desk: Desk, page: Page, today: date, articles: Counter[str], ratings: Counter[str]) -> Member:
    who = page.id
    seen = desk.ledger.homes.get(who)
    force = in_force(page.pin(desk.charter), seen)
    home = Address(force.terms.url, force.terms.branch) if force.terms.url else None
    here = is_here(who, home, desk.clone)
    asked = seen is not None and Terms(seen.url, seen.branch).at_home(force.terms)
    current = seen if asked and not here else None
    pending = desk.pending(who, force.terms) if current is not None else None
    moved = not here and force.signed is not None
    return Member(
        who,
        page.record.name if page.record else who,
        here,
        force.terms,
        moved,
        current,
        _days(current, today),
        articles[who],
        ratings[who],
        claimed(pending.record, force.terms) if pending is not None and pending.record else None,
        current.trouble if current is not None else (),
    )


def _days(seen: Seen | None, today: date) -> int | None:
    if seen is None or seen.commit is None:
        return None
    return (today - datetime.fromtimestamp(seen.committed, UTC).date()).days
