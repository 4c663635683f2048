"""``sync``: fetch every home, hear what each says of itself, follow signed moves, keep every tip seen."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cached_property, partial

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.fetch import Call
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.ledger import NAME as LEDGER
from newsrepo.gitstore.ledger import Ledger, Seen, Trouble, load, save
from newsrepo.gitstore.outcomes import Outcome
from newsrepo.gitstore.past import past, steps
from newsrepo.gitstore.snapshot import Tip
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import ContingentId, IdError, Kind, Oid, contingent_id
from newsrepo.location import Finding, Location
from newsrepo.porcelain.book import FOLDER, Book, Page, book
from newsrepo.porcelain.citing import Found, absent, cited, fetch_cited
from newsrepo.porcelain.homes import Clone, is_here, match_home
from newsrepo.porcelain.pins import Said, in_force
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.together import charter_in, tip_of
from newsrepo.porcelain.turns import Changed, Report, Turn, compare, texts_of
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import path_of
from newsrepo.records import types as t
from newsrepo.records.claims import claimant, may_hold
from newsrepo.records.text import MAX_FRONT
from newsrepo.signing import MAX_ARMOURED

Progress = Callable[[int, int], None]
"""Told how many of how many homes were asked."""


CITED_SECONDS = 60
"""What asking one home for cited versions may take at most."""


MAX_MISSED = 100
"""Texts of one contingent's file that are gone through after a sync long after the last."""


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
    ledger = load(file)
    here = tuple(who for who in asked if _is_here(pages[who], charter, ledger, clone))
    away = [pages[who] for who in asked if who not in here]
    if not away:
        return Synced((), here, relearnt=ledger.damaged)
    with HomeStore.create(work.repository) as store, store.lock():
        seen, tips = load(file).homes, store.tips()
        known = {p.id: _last(store, p.id, seen.get(p.id), tips.get(p.id)) for p in away}
        broken = [page for page in away if page.record is None]
        turns = [Turn(p, charter, seen.get(p.id), known[p.id]) for p in away if p.record is not None]
        call = Call(Limits(seconds=timeout), local, jobs)
        _round_by_round(store, turns, call, progress)
        homes = seen | {turn.who: turn.kept(when) for turn in turns}
        save(file, Ledger({c: homes[c] for c in sorted(homes)}))
        found = _ask_for_cited(work, store, turns, call)
        store.pack()
    unreadable = (_own_unreadable(page, seen.get(page.id), known[page.id]) for page in broken)
    reports = [*unreadable, *(turn.report(when) for turn in turns)]
    return Synced(
        tuple(sorted(reports, key=lambda report: report.contingent)),
        here,
        found.fetched,
        found.missing,
        relearnt=ledger.damaged,
    )


def _ask_for_cited(work: Workspace, store: HomeStore, turns: Sequence[Turn], call: Call) -> Found:
    """Fetch what the union, as it is by now, cites and nobody here has."""
    view = work.here
    limits = Limits(seconds=min(call.limits.seconds, CITED_SECONDS))
    homes = {turn.who: turn.hops[-1] for turn in turns if turn.reached}
    wanted = absent(store, cited(view.works, view.remarks))
    return fetch_cited(store, wanted, homes, limits=limits, local=call.local)


def _is_here(page: Page, charter: t.Charter | None, ledger: Ledger, clone: Clone) -> bool:
    """Whether the working tree speaks for a contingent. One whose file cannot be read is not known to be."""
    if page.record is None:
        return page.id == clone.contingent
    terms = in_force(page.pin(charter), ledger.homes.get(page.id)).terms
    return is_here(page.id, Address(terms.url, terms.branch) if terms.url else None, clone)


def _last(store: HomeStore, who: ContingentId, seen: Seen | None, tip: Tip | None) -> Tip | None:
    """The last good tip that was told of: a run that was killed may have fetched a later one in silence."""
    told = tip_of(seen) if seen is not None else None
    if tip is None or told is None or told == tip or told.commit not in store.seen(who):
        return tip
    return told


def _asked(only: Sequence[str], pages: Book) -> list[ContingentId]:
    for text in only:
        try:
            who = contingent_id(text)
        except IdError as error:
            raise UsageError(str(error)) from None
        if who not in pages:
            raise UsageError(f"no such contingent: {who!r}", near(who, pages, "contingents"))
    return [who for who in pages if not only or who in only]


class _Replaced:
    """The texts of itself that a contingent's home once showed and has replaced since; read when needed.

    The one that stood last before this sync is not among them: it may be a move that could not be finished.
    """

    def __init__(self, store: HomeStore, trees: TreeReader, turn: Turn) -> None:
        self._store = store
        self._trees = trees
        self._turn = turn

    def __contains__(self, blob: object) -> bool:
        return blob in self._blobs

    @cached_property
    def _blobs(self) -> frozenset[Oid]:
        who, before = self._turn.who, self._turn.before
        if before is None:
            return frozenset()
        path = path_of(Kind.CONTINGENT, who)
        fresh = {fetched.tip.commit for fetched in self._turn.reached if fetched.tip is not None}
        commits = {before.commit, *(c for c in self._store.seen(who) if c not in fresh)}
        (walked,) = self._trees.walk_all([Start(before.tree, "", FOLDER.__eq__)])
        last = {e.oid for e in walked.entries if e.path == path} if isinstance(walked, Walked) else set()
        return past(self._store.path, commits, path) - last


def _missed(store: HomeStore, turn: Turn) -> Iterator[Said]:
    """What a contingent's home said of it between the tip before this sync and the one now, oldest first."""
    if turn.before is None or turn.tip is None:
        return
    path = path_of(Kind.CONTINGENT, turn.who)
    states = steps(store.path, turn.before.commit, turn.tip.commit, (path, f"{path}.sig"), most=MAX_MISSED)
    for state in states:
        if path in state:
            (text,) = store.objects.read([state[path]], MAX_FRONT)
            signed = [state[f"{path}.sig"]] if f"{path}.sig" in state else []
            signature = next((blob.data for blob in store.objects.read(signed, MAX_ARMOURED)), None)
            yield Said(text.oid, text.data, signature)


def _round_by_round(store: HomeStore, turns: Sequence[Turn], call: Call, progress: Progress | None) -> None:
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
        if progress is not None:
            progress(done, asked)
        fetched = store.fetch(wanted, limits=call.limits, jobs=call.jobs, local=call.local, progress=one_done)
        answered = [turn for turn, found in zip(going, fetched, strict=True) if turn.answer(found)]
        going = _listen(store, trees, answered, local=call.local)
    _compare(trees, turns)


def _listen(store: HomeStore, trees: TreeReader, turns: Sequence[Turn], *, local: bool) -> list[Turn]:
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
        turn.texts = texts_of(walked.entries, turn.who)
        replaced, missed = _Replaced(store, trees, turn), partial(_missed, store, turn)
        if turn.listen(pages, earlier=replaced, between=missed, local=local):
            moved.append(turn)
    return moved


def _compare(trees: TreeReader, turns: Sequence[Turn]) -> None:
    """Say what became of everybody's articles since the tip before this sync."""
    changed = [turn for turn in turns if turn.tip is not None and turn.tip != turn.before]
    known = [turn for turn in changed if turn.before is not None]
    starts = [Start(turn.before.tree, "", partial(_articles_of, turn.who)) for turn in known if turn.before]
    old = {turn.who: walked for turn, walked in zip(known, trees.walk_all(starts), strict=True)}
    for turn in changed:
        walked = old.get(turn.who)
        texts = texts_of(walked.entries, turn.who) if isinstance(walked, Walked) else {}
        turn.changed = compare(texts, turn.texts)


def _articles_of(owner: ContingentId, folder: str) -> bool:
    return folder == "articles" or folder == f"articles/{owner}" or folder.startswith(f"articles/{owner}/")


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
