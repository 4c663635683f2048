"""``sync``: fetch every home, hear what each says of itself, follow signed moves, keep every tip seen."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.fetch import Call
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.ledger import NAME as LEDGER
from newsrepo.gitstore.ledger import Ledger, Rewrite, Seen, Trouble, load, save
from newsrepo.gitstore.outcomes import Fetched, Outcome, Wanted
from newsrepo.gitstore.snapshot import Entry, Tip
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import ContingentId, IdError, Kind, Oid, contingent_id
from newsrepo.location import Finding, Location
from newsrepo.porcelain.book import Book, Page, book
from newsrepo.porcelain.homes import is_here, match_home
from newsrepo.porcelain.pins import MAX_HOPS, Force, Terms, hear, in_force, place_of
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.together import charter_in
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import path_of
from newsrepo.records import types as t
from newsrepo.records.claims import claimant, may_hold

Progress = Callable[[int, int], None]
"""Told how many of how many homes were asked."""

Texts = Mapping[str, Oid]
"""Blob ids by path."""

MAX_TOLD = 20
"""Odd files of one home that are told one by one; the rest are counted."""


class Changed(Struct, frozen=True):
    """What became of a contingent's articles between two tips."""

    new: int = 0
    revised: int = 0
    gone: int = 0


class Report(Struct, frozen=True):
    """What one sync of one home came to.

    ``address`` is where it is now, ``moved_from`` where it was before the signed moves followed in this sync.
    ``tip`` is the last good one; of a home that did not answer it was confirmed last at ``fetched_at``.
    """

    contingent: ContingentId
    address: Address
    outcome: Outcome
    before: Oid | None
    tip: Oid | None
    changed: Changed
    fetched_at: str
    moved_from: Address | None = None
    trouble: tuple[Trouble, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say of it."""
        return self.outcome is Outcome.UNCHANGED and not self.trouble and self.moved_from is None


class Synced(Struct, frozen=True):
    """All homes, in order of id. ``here`` are those that need no fetching: the working tree is their home."""

    homes: tuple[Report, ...]
    here: tuple[ContingentId, ...] = ()
    fetched: tuple[Oid, ...] = ()
    """Cited versions that were nowhere at hand and have been fetched by id."""
    missing: tuple[Oid, ...] = ()
    """Cited versions that are not at hand, and that no home asked for them had."""
    relearnt: bool = False
    """Whether the ledger was damaged and has been made anew; signed moves are then heard again."""

    @property
    def well(self) -> bool:
        """Whether all answered, and nothing is wrong with what they said."""
        return not any(report.trouble for report in self.homes)


def _address(terms: Terms) -> Address:
    return Address(terms.url, terms.branch)


def _place(address: Address) -> Terms:
    return Terms(address.url, address.branch)


class _Turn:
    """One contingent on its way through one sync."""

    def __init__(self, page: Page, charter: t.Charter | None, seen: Seen | None, known: Tip | None) -> None:
        self.page = page
        self.who = page.id
        self.seen = seen
        self.before = known
        self.force = in_force(page.pin(charter), seen)
        self.reached: list[Fetched] = []
        """What answered, in order; the last is the home that counts."""
        self.missed: Fetched | None = None
        self.hops: list[Address] = [_address(self.force.terms)]
        self.said: list[Trouble] = []
        self.odd: tuple[Finding, ...] = ()
        self.texts: Texts = {}
        self.changed = Changed()
        self._next: Force | None = None

    @property
    def wanted(self) -> Wanted:
        """What to fetch next."""
        known = self.tip or self.before
        return Wanted(self.who, self.hops[-1], known.commit if known else None)

    def answer(self, fetched: Fetched) -> bool:
        """Take what a fetch came to. Gives whether there is something to hear."""
        fetched = self._in_place(fetched)
        if fetched.outcome.reached:
            self.reached.append(fetched)
            if self._next is not None:
                self.force = self._next
        elif self._next is None:
            self.missed = fetched
        else:
            self.hops.pop()
            self.said.append(_unfinished(self._next.terms, fetched))
        self._next = None
        return fetched.outcome.reached

    def _in_place(self, fetched: Fetched) -> Fetched:
        """What a fetch came to, with what only this floor knows: where an address stands, and what moved."""
        trouble = fetched.trouble
        if trouble is None:
            return fetched
        if fetched.outcome is Outcome.REFUSED and self._next is None:
            trouble = replace(trouble, message=f"{self.page.place_of_home}: {trouble.message}")
        elif fetched.outcome is Outcome.REWRITTEN and not self._stayed(_place(fetched.address)):
            old, new = fetched.before or "", fetched.tip.commit if fetched.tip else ""
            trouble = replace(
                trouble,
                message=f"its new home at {place_of(_place(fetched.address))} does not hold what the earlier "
                f"one had published: {old[:12]}..{new[:12]}",
            )
        return replace(fetched, trouble=trouble)

    def _stayed(self, terms: Terms) -> bool:
        """Whether the tip before this sync came from there."""
        old = self.seen
        return not self.reached and (old is None or Terms(old.url, old.branch).at_home(terms))

    def listen(self, pages: Book, *, local: bool) -> bool:
        """Hear what the home says of its owner. Gives whether it leads to another home."""
        page = pages.get(self.who)
        heard = hear(self.who, self.force, page.said if page else None, local=local)
        if heard.trouble is not None:
            self.said.append(heard.trouble)
        if not heard.moved:
            self.force = heard.force
            return False
        target = _address(heard.force.terms)
        if target in self.hops or len(self.hops) > MAX_HOPS:
            self.said.append(_endless(heard.force.terms))
            return False
        self._next = heard.force
        self.hops.append(target)
        return True

    @property
    def outcome(self) -> Outcome:
        """What it came to in all, from the tip before the sync to the one after."""
        if self.missed is not None:
            return self.missed.outcome
        outcomes = {fetched.outcome for fetched in self.reached}
        if Outcome.REWRITTEN in outcomes:
            return Outcome.REWRITTEN
        if self.before is None:
            return Outcome.NEW
        return Outcome.FORWARD if Outcome.FORWARD in outcomes else Outcome.UNCHANGED

    @property
    def tip(self) -> Tip | None:
        return self.reached[-1].tip if self.reached else None

    @property
    def tree(self) -> Oid:
        """The root tree of the tip that answered."""
        tip = self.tip
        assert tip is not None  # noqa: S101 - only those are asked that answered
        return tip.tree

    @property
    def trouble(self) -> tuple[Trouble, ...]:
        fetched = [*self.reached, *([self.missed] if self.missed else [])]
        return (
            *(f.trouble for f in fetched if f.trouble is not None),
            *self.said,
            *_told(self.odd),
        )

    def kept(self, now: str) -> Seen:
        """What the ledger keeps of it."""
        terms, old = self.force.terms, self.seen
        last = self.tip or (self.before if self._stayed(terms) else None)
        rewritten = tuple(
            Rewrite(f.before, f.tip.commit, now)
            for f in self.reached
            if f.outcome is Outcome.REWRITTEN and f.before is not None and f.tip is not None
        )
        return Seen(
            terms.url,
            terms.branch,
            terms.keys,
            self.force.accepted,
            self.force.pinned,
            self.force.signed,
            last.commit if last else None,
            last.tree if last else None,
            int(last.committed.timestamp()) if last else 0,
            now if self.tip else old.fetched_at if old else "",
            now,
            self.trouble,
            (*(old.rewritten if old else ()), *rewritten),
        )

    def report(self, now: str) -> Report:
        kept = self.kept(now)
        return Report(
            self.who,
            self.hops[-1],
            self.outcome,
            self.before.commit if self.before else None,
            kept.commit,
            self.changed,
            kept.fetched_at,
            self.hops[0] if len(self.hops) > 1 else None,
            kept.trouble,
        )


def sync(
    work: Workspace,
    only: Sequence[str] = (),
    *,
    now: datetime,
    jobs: int = 8,
    timeout: float = 300,
    local: bool = False,
    progress: Progress | None = None,
) -> Synced:
    """Fetch the homes of all contingents in the address book, or of some; never touches what is the user's.

    ``now`` is noted as the time of the sync, ``timeout`` is in seconds for each home. ``local`` admits homes
    on this machine. Raises UsageError for a contingent that is not in the address book, LockedError when
    another sync is at work.
    """
    tree = work.snapshot(alone=True)
    pages, charter = book(tree.entries, tree.read), charter_in(tree)
    asked = _asked(only, pages)
    clone = work.clone
    if not clone.contingent:
        records = {who: page.record for who, page in pages.items() if page.record is not None}
        clone = replace(clone, contingent=match_home(clone.origin, records))
    file = work.repository.state_dir / LEDGER
    when = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    with HomeStore.create(work.repository) as store, store.lock():
        ledger, tips = load(file), store.tips()
        turns: list[_Turn] = []
        here: list[_Turn] = []
        unreadable: list[Report] = []
        for who in asked:
            if pages[who].record is None:
                unreadable.append(_own_unreadable(pages[who], ledger.homes.get(who), tips.get(who)))
                continue
            turn = _Turn(pages[who], charter, ledger.homes.get(who), tips.get(who))
            home = turn.hops[0] if turn.hops[0].url else None
            (here if is_here(who, home, clone) else turns).append(turn)
        _round_by_round(store, turns, Call(Limits(seconds=timeout), local, jobs), progress)
        homes = ledger.homes | {turn.who: turn.kept(when) for turn in turns}
        save(file, Ledger({c: homes[c] for c in sorted(homes)}))
        store.pack()
    reports = [*unreadable, *(turn.report(when) for turn in turns)]
    return Synced(
        tuple(sorted(reports, key=lambda report: report.contingent)),
        tuple(turn.who for turn in here),
        relearnt=ledger.damaged,
    )


def _asked(only: Sequence[str], pages: Book) -> list[ContingentId]:
    for text in only:
        try:
            who = contingent_id(text)
        except IdError as error:
            raise UsageError(str(error)) from None
        if who not in pages:
            raise UsageError(
                f"no such contingent: {who!r}",
                near(who, pages, "contingents"),
            )
    return [who for who in pages if not only or who in only]


def _round_by_round(store: HomeStore, turns: Sequence[_Turn], call: Call, progress: Progress | None) -> None:
    """Fetch and hear everybody; then those whom a signed move led on, and so forth."""
    trees = TreeReader(store.objects)
    asked = done = 0

    def one_done(_: object, __: object) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, asked)

    going = list(turns)
    while going:
        wanted = [turn.wanted for turn in going]
        asked += len({one.address for one in wanted})
        fetched = store.fetch(wanted, limits=call.limits, jobs=call.jobs, local=call.local, progress=one_done)
        answered = [turn for turn, found in zip(going, fetched, strict=True) if turn.answer(found)]
        going = _listen(store, trees, answered, local=call.local)
    _compare(trees, turns)


def _listen(store: HomeStore, trees: TreeReader, turns: Sequence[_Turn], *, local: bool) -> list[_Turn]:
    """Hear what homes say of their owners. Gives those that lead on to another home."""
    starts = [Start(turn.tree, "", partial(may_hold, owner=turn.who)) for turn in turns]
    moved = []
    for turn, walked in zip(turns, trees.walk_all(starts), strict=True):
        try:
            if isinstance(walked, UnableError):
                raise walked
            pages = book((e for e in walked.entries if claimant(e.path) == turn.who), store.objects.read)
        except UnableError as error:
            turn.odd = (_unreadable(turn.who, error),)
            continue
        turn.odd = tuple(f for f in walked.findings if _concerns(f, turn.who))
        turn.texts = _texts(walked.entries, turn.who)
        if turn.listen(pages, local=local):
            moved.append(turn)
    return moved


def _compare(trees: TreeReader, turns: Sequence[_Turn]) -> None:
    """Say what became of everybody's articles since the tip before this sync."""
    changed = [turn for turn in turns if turn.tip is not None and turn.tip != turn.before]
    known = [turn for turn in changed if turn.before is not None]
    starts = [Start(turn.before.tree, "", partial(_articles_of, turn.who)) for turn in known if turn.before]
    old = {turn.who: walked for turn, walked in zip(known, trees.walk_all(starts), strict=True)}
    for turn in changed:
        walked = old.get(turn.who)
        texts = _texts(walked.entries, turn.who) if isinstance(walked, Walked) else {}
        turn.changed = compare(texts, turn.texts)


def _articles_of(owner: ContingentId, folder: str) -> bool:
    return folder == "articles" or folder == f"articles/{owner}" or folder.startswith(f"articles/{owner}/")


def _texts(entries: Iterable[Entry], owner: ContingentId) -> Texts:
    """The texts of a contingent's articles by path."""
    prefix = f"articles/{owner}/"
    return {e.path: e.oid for e in entries if e.path.startswith(prefix) and e.path.endswith("/index.md")}


def compare(old: Texts, new: Texts) -> Changed:
    """What became of articles between two states, by path and blob id."""
    return Changed(
        len(new.keys() - old.keys()),
        sum(new[path] != old[path] for path in new.keys() & old.keys()),
        len(old.keys() - new.keys()),
    )


def _concerns(finding: Finding, owner: ContingentId) -> bool:
    """Whether what is odd in a home is its owner's matter: their paths, or the walk itself."""
    return claimant(finding.location.path) == owner or finding.rule in ("too-deep", "too-many-entries")


def _own_unreadable(page: Page, seen: Seen | None, known: Tip | None) -> Report:
    """A contingent whose file in the address book cannot be read: nobody knows where its home is."""
    fact = page.faults[0] if page.faults else None
    why = f"{fact.location.line}:{fact.location.col}: {fact.message}" if fact else "it is too large"
    return Report(
        page.id,
        Address(seen.url if seen else "", seen.branch if seen else ""),
        Outcome.REFUSED,
        known.commit if known else None,
        known.commit if known else None,
        Changed(),
        seen.fetched_at if seen else "",
        trouble=(
            Trouble(
                "unreadable-contingent",
                f"your own {page.path} cannot be read, so that nobody is asked: {why}",
                f"mend it: newsrepo check {page.path}",
            ),
        ),
    )


def _unreadable(owner: ContingentId, error: UnableError) -> Finding:
    return Finding(
        "unreadable-home",
        Location(path_of(Kind.CONTINGENT, owner)),
        f"the tip of its home cannot be read: {error.message}",
        f"fetch it again: newsrepo sync {owner}",
    )


def _unfinished(terms: Terms, fetched: Fetched) -> Trouble:
    why = f": {fetched.trouble.message}" if fetched.trouble else ""
    return Trouble(
        "unfinished-move",
        f"it moved, as signed by its key, to {place_of(terms)}, which cannot be used{why}; "
        "its earlier home is read until then",
        "sync again later; if it stays so, ask them",
    )


def _endless(terms: Terms) -> Trouble:
    return Trouble(
        "endless-move",
        f"signed moves lead on and on, or back: {place_of(terms)} is not followed",
        f"only {MAX_HOPS} moves are followed in one sync; if it is honest, sync again",
    )


def _told(odd: Sequence[Finding]) -> Iterator[Trouble]:
    """Odd files of a home as trouble, the first of them one by one."""
    for finding in odd[:MAX_TOLD]:
        yield Trouble(finding.rule, f"{finding.location.path}: {finding.message}", finding.hint)
    if len(odd) > MAX_TOLD:
        yield Trouble(
            odd[MAX_TOLD].rule,
            f"{len(odd) - MAX_TOLD} more of its files are odd",
            "they are left out; all else of its home is read",
        )
