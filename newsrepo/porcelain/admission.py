"""Admitting and pinning: what would be trusted is shown as an ``Offer``; ``take`` writes it as a file.

Only the reader commits it. Until then, and without it, nothing that anybody says of itself is trusted.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.addresses import Address, parse_address, shown
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.files import Lock
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.snapshot import Tip
from newsrepo.gitstore.tree import Start, TreeReader
from newsrepo.ids import ContingentId, IdError, Oid, contingent_id
from newsrepo.porcelain.book import FOLDER, MOST, Book, Candidate, Entered, Page, book, entered
from newsrepo.porcelain.contingents import Desk
from newsrepo.porcelain.pins import Terms, claimed, in_force, place_of
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace, refuse_existing, write_files
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.lookalikes import could_be_taken_for


class Offer(Struct, frozen=True):
    """What would be trusted: a contingent's file with its terms, and whose word it is.

    ``old`` is what is in force now, None for a newcomer. ``alike`` are those whose id or name it could be
    taken for.
    """

    page: Page
    terms: Terms
    source: str
    old: Terms | None = None
    alike: tuple[tuple[ContingentId, str], ...] = ()

    @property
    def record(self) -> t.Contingent:
        record = self.page.record
        assert record is not None  # noqa: S101 - only readable files are offered
        return record


def offer_at(
    work: Workspace,
    url: str,
    *,
    branch: str = "",
    id: str = "",  # noqa: A002 - the option's own name
    timeout: float = 300,
    local: bool = False,
) -> Offer:
    """What a repository says of the contingent whose home it is; fetched under guard, nothing is trusted yet.

    Raises UsageError for an address that is not taken, for a contingent that is in the address book already,
    and when several are at home there and ``id`` names none of them; UnableError when it cannot be fetched
    or nobody is at home there.
    """
    address = parse_address(url, branch, local=local)
    desk = Desk(work)
    if id:
        _refuse_known(desk, _contingent(id))
    limits = Limits(seconds=timeout)
    with HomeStore.create(work.repository) as store, store.lock():
        pages, tip = _visit(store, address, limits, local=local)
        page = _at_home(pages, address, id, desk)
        there = (page.record.branch if page.record else None) or ""
        if there != address.branch:  # none was named, and it is at home on another than the default one
            address = parse_address(url, there, local=local)
            pages, tip = _visit(store, address, limits, local=local)
            page = _at_home(pages, address, page.id, desk)
    terms = page.terms(desk.charter)
    source = f"what it says itself at {place_of(terms)}, commit {tip.commit[:12]}"
    return Offer(page, terms, source, alike=_alike(desk, page))


def _visit(store: HomeStore, address: Address, limits: Limits, *, local: bool) -> tuple[Book, Tip]:
    """The address book at an address, and its tip."""
    found = store.visit(address, limits=limits, local=local)
    if isinstance(found, Trouble):
        raise UnableError(found.message, found.hint)
    (walked,) = TreeReader(store.objects).walk_all([Start(found.tree, "", FOLDER.__eq__)])
    if isinstance(walked, UnableError):
        raise walked
    return book(walked.entries, store.objects.read, MOST), found


def _contingent(text: str) -> ContingentId:
    try:
        return contingent_id(text)
    except IdError as error:
        raise UsageError(f"--id: {error}") from None


def _refuse_known(desk: Desk, who: ContingentId) -> None:
    if who in desk.book:
        raise UsageError(
            f"{who} is in your address book already",
            f"to take over its home or keys as they are now: newsrepo contingents pin {who}",
        )


def _at_home(pages: Book, address: Address, wanted: str, desk: Desk) -> Page:
    """The page of the one contingent, not in the address book yet, that says that this is its home.

    Where no branch is asked for, any branch of the repository will do.
    """
    here = Terms(address.url, address.branch)
    homes = {
        who: Terms(page.record.home, page.record.branch or "")
        for who, page in pages.items()
        if page.record is not None and page.record.home is not None
    }
    found = [
        who
        for who, home in homes.items()
        if home.at_home(here if here.branch else replace(here, branch=home.branch))
    ]
    if wanted:
        page = pages.get(ContingentId(wanted))
        if page is None:
            raise UnableError(
                f"there is no contingents/{wanted}.yaml at {place_of(here)}", _there(sorted(pages))
            )
        if page.record is None:
            raise UnableError(
                f"{page.path} at {place_of(here)} cannot be read",
                f"it is for {wanted} to mend",
            )
        if wanted not in found:
            says = homes.get(page.id)
            raise UnableError(
                f"{wanted} does not say that it is at home at {place_of(here)}"
                + (f", but at {place_of(says)}" if says else ""),
                f"newsrepo contingents add {shown(says.url)}"
                if says
                else f"ask {wanted} to write its `home`",
            )
        return page
    if not found:
        raise UnableError(
            f"nobody says in contingents/ that {place_of(here)} is their home", _there(sorted(pages))
        )
    fresh = [who for who in found if who not in desk.book]
    if len(fresh) > 1:
        raise UsageError(
            f"several are at home at {place_of(here)}: {', '.join(fresh)}", "choose one with --id"
        )
    _refuse_known(desk, (fresh or found)[0])
    return pages[fresh[0]]


def _there(pages: Sequence[str]) -> str:
    if not pages:
        return "see whether it is a commons, and the right branch (--branch)"
    return f"described there are: {', '.join(pages[:20])}; ask which of them it is, and to write its `home`"


def _alike(desk: Desk, page: Page) -> tuple[tuple[ContingentId, str], ...]:
    """Whose id or name a newcomer's could be taken for; the commons itself has an empty id."""
    name = page.record.name if page.record else page.id
    found = []
    for who, other in desk.book.items():
        if who == page.id:
            continue
        theirs = other.record.name if other.record else who
        if could_be_taken_for(page.id, who) or could_be_taken_for(name, theirs):
            found.append((who, theirs))
    if desk.charter is not None and could_be_taken_for(name, desk.charter.name):
        found.append((ContingentId(""), desk.charter.name))
    return tuple(found)


def offer_of(work: Workspace, text: str, *, source: str = "") -> Offer | None:
    """What may be pinned of somebody known: a candidate as others' books have it, or a registered one as its
    home says now. None when there is nothing to take over.

    ``source`` names whose book counts where they differ. Raises UsageError when it must be named, or names
    nobody who lists it.
    """
    desk = Desk(work)
    who = desk.named(text)
    if who not in desk.book:
        return _offer_of_candidate(desk, next(c for c in desk.candidates if c.id == who), source)
    page = desk.book[who]
    seen = desk.ledger.homes.get(who)
    terms = in_force(page.pin(desk.charter), seen).terms
    if source:
        entry = _from(source, entered(who, desk.books, desk.charter), who)
        if entry.page.record is None or entry.terms.agrees(terms):
            return None
        return Offer(entry.page, entry.terms, f"the book of {entry.by}", terms, _alike(desk, entry.page))
    theirs = desk.books.get(who, {}).get(who)
    if theirs is None or theirs.record is None or theirs.blob == page.blob:
        return None
    claims = claimed(theirs.record, terms)
    if claims.agrees(page.terms(desk.charter)):
        return None
    if page.record is not None and page.record.home is not None:
        theirs = _at(theirs, claims)
    return Offer(theirs, claims, "what its home says now", page.terms(desk.charter))


def _at(page: Page, terms: Terms) -> Page:
    """The page, with the home that it leaves out: without it, pinning the page would unpin the home."""
    record = page.record
    if record is None or record.home is not None or not terms.url:
        return page
    return replace(
        page, data=write(replace(record, home=terms.url, branch=terms.branch or None)), signature=None
    )


def _offer_of_candidate(desk: Desk, candidate: Candidate, source: str) -> Offer:
    if source:
        entry = _from(source, candidate.entries, candidate.id)
    elif candidate.agreed:
        entry = candidate.entries[0]
    else:
        listed = "; ".join(f"{e.by}: {place_of(e.terms)}" for e in candidate.entries)
        raise UsageError(
            f"those who list {candidate.id} do not agree on its home and keys: {listed}",
            "say whose book to follow with --from, or add the address that it gave you itself: "
            "newsrepo contingents add URL",
        )
    if entry.page.record is None:
        raise UnableError(f"{entry.page.path} of {entry.by} cannot be read", "choose another with --from")
    by = ", ".join(e.by for e in candidate.entries if e.terms.agrees(entry.terms))
    return Offer(entry.page, entry.terms, f"the address book of {by}", alike=_alike(desk, entry.page))


def _from(source: str, entries: Sequence[Entered], who: ContingentId) -> Entered:
    for entry in entries:
        if entry.by == source:
            return entry
    raise UsageError(
        f"--from: {source!r} does not list {who}", near(source, [e.by for e in entries]) or "nobody does"
    )


def take(work: Workspace, offer: Offer) -> tuple[str, ...]:
    """Write what was offered into the working tree; the paths. Commits nothing.

    Raises UsageError when a newcomer's file is there by now, or when a file to replace holds changes that
    no commit has.
    """
    files = {offer.page.path: offer.page.data or b""}
    if offer.page.signature is not None:
        files[f"{offer.page.path}.sig"] = offer.page.signature
    with Lock(work.repository.state_dir / "write.lock"):
        if offer.old is None:
            refuse_existing(work.root, files)
            return write_files(work.root, files)
        _refuse_uncommitted(work, files)
        return write_files(work.root, files, new=False)


def _refuse_uncommitted(work: Workspace, paths: Mapping[str, bytes]) -> None:
    """Raise UsageError when replacing one of the files would lose what no commit has."""
    here = {e.path: e.oid for e in work.repository.worktree().entries if e.path in paths}
    kept: dict[str, Oid] = {}
    if work.repository.tip() is not None:
        kept = {e.path: e.oid for e in work.repository.at("HEAD").entries if e.path in paths}
    changed = [path for path, oid in here.items() if kept.get(path) != oid]
    if changed:
        raise UsageError(
            f"{changed[0]} holds changes that are not committed", "commit or undo them, then pin again"
        )
