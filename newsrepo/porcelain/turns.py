"""One contingent's way through one sync: what answered, what it said, what is kept and told of it. Pure."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.ledger import Rewrite, Seen, Trouble
from newsrepo.gitstore.outcomes import Fetched, Outcome, Wanted
from newsrepo.gitstore.snapshot import Entry, Tip
from newsrepo.ids import ContingentId, Oid
from newsrepo.location import Finding
from newsrepo.porcelain.book import Book, Page
from newsrepo.porcelain.pins import MAX_HOPS, Force, Said, Terms, catch_up, hear, in_force, place_of
from newsrepo.records import types as t

Texts = Mapping[str, Oid]
"""Blob ids by path."""

MISSABLE = ("bad-signature", "unsigned-move")
"""What may be wrong only because something was missed that was said before."""

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


def _address(terms: Terms) -> Address:
    return Address(terms.url, terms.branch)


def _place(address: Address) -> Terms:
    return Terms(address.url, address.branch)


class Turn:
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

    def listen(
        self,
        pages: Book,
        *,
        earlier: Container[str] = (),
        between: Callable[[], Iterable[Said]] = tuple,
        local: bool = False,
    ) -> bool:
        """Hear what the home says of its owner; see ``hear`` and ``catch_up``.

        Gives whether it leads to another home.
        """
        page = pages.get(self.who)
        said = page.said if page else None
        heard = hear(self.who, self.force, said, earlier=earlier, local=local)
        if said is not None and heard.trouble is not None and heard.trouble.rule in MISSABLE:
            late = catch_up(self.who, self.force, between(), said, earlier=earlier, local=local)
            heard = late or heard
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
            now if self.tip else old.fetched_at if old and last else "",
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


def texts_of(entries: Iterable[Entry], owner: ContingentId) -> Texts:
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
