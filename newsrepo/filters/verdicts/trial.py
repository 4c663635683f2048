"""Tries a filter or a commons otherwise: the one selection, called on the changed input, says what comes.

A search asks many times, and a commons may be large. So most questions are put to the same selection on the
few works that can matter: the story itself, and for ratings the story at the limit. What is found is put to
the whole commons before it is told.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import TypeVar

from msgspec.structs import replace

from newsrepo.commons.model import CommonsView, Given
from newsrepo.filters.check import reachable
from newsrepo.filters.model import Selection
from newsrepo.filters.names import filters_named
from newsrepo.filters.notes import notes
from newsrepo.filters.query import parse_query
from newsrepo.filters.query.syntax import Comparison, Key, State, Tag, Unrated
from newsrepo.filters.select import hearing, select, selected
from newsrepo.filters.verdicts.bounds import Bounds, End
from newsrepo.filters.verdicts.recount import Kept, ordered
from newsrepo.filters.verdicts.supposed import Supposed, narrowed, otherwise
from newsrepo.ids import ArticleId, AxisId
from newsrepo.records import types as t

T = TypeVar("T")

_WORK = 100_000
"""How many works, counted once for each time, a search may put to the whole commons."""
_LEAST = 12
"""How often it may ask the whole commons, however large."""

_LOOKS = 1_000_000
"""The same for a search that knows from few looks what lies between them."""

_TRIES = 10_000
"""How many questions an account may put to the selection; one about a long query counts for several."""


class _TooMuchError(Exception):
    """More would have to be looked at than may be."""


class Trial:
    """One work before one filter on one day, and the same with one thing otherwise."""

    def __init__(self, view: CommonsView, content: t.Filter, today: date, work: ArticleId) -> None:
        self.view = view
        self.content = content
        self.today = today
        self.work = work
        self.left = max(_LEAST, _WORK // max(1, len(view.works)))
        """How often the whole commons may still be asked."""
        self.looks = _LOOKS // max(1, len(view.works))
        """How often it may still be looked at to learn what lies between."""
        self.tries = _TRIES
        self._price = 1 + len(content.select) // 100
        self._kept = Kept()
        self.open = select(view, replace(content, limit=None), today)
        """What the filter would print if it had no limit."""
        stories = notes(view).stories
        self.root = stories.root_of(work)
        self.family = stories.members(self.root)
        """Every version of the story of this work."""
        self._given = {member: ordered(view.ratings, member) for member in self.family}
        extra = [other for other in _named(view, content) if other not in self._given]
        self._alone = {**self._given, **dict.fromkeys(extra, ())}
        self._quiet = tuple(extra)
        self.near = narrowed(view, self._alone)
        """The commons as if it held this story alone."""
        printed = self.open.items if content.limit is None else self.open.items[: content.limit]
        self.inside = any(item.work == work for item in printed)
        """Whether the work is printed as things are."""

    @property
    def given(self) -> tuple[Given, ...]:
        """The counting ratings of the work, each rater's in the order in which they replace each other."""
        return self._given[self.work]

    def in_order(self) -> tuple[int, Selection]:
        """Where the story stands in ``open``, -1 when nowhere, and that."""
        found = (n for n, item in enumerate(self.open.items) if item.story == self.root)
        return next(found, -1), self.open

    # -- the filter otherwise ----------------------------------------------------------------------------

    def leads(self, content: t.Filter) -> bool:
        """Whether the work would lead its story, whatever the limit."""
        self.tries -= self._price
        return self._prints(self._alone_with(content), self.near)

    def prints(self, content: t.Filter) -> bool:
        """Whether the work would be printed; asks the whole commons."""
        self.left -= 1
        return self._prints(content, self.view)

    def _alone_with(self, content: t.Filter) -> t.Filter:
        return replace(content, limit=None, exclude=(*content.exclude, *self._quiet))

    def _prints(self, content: t.Filter, view: CommonsView) -> bool:
        return any(item.work == self.work for item in select(view, content, self.today).items)

    def turn(
        self,
        ways: Sequence[Sequence[tuple[int, T]]],
        make: Callable[[T], t.Filter],
        leads: Callable[[T], bool] | None = None,
        *,
        steady: bool = False,
        weighed: Callable[[T], bool] | None = None,
    ) -> tuple[T | None, bool]:
        """The nearest setting that turns the verdict round, and whether each nearer one is known not to.

        ``ways`` are settings with their distances, the nearest first, one way for each direction; ``make``
        gives the filter with a setting. Of equally near ones that of the first way counts. ``leads`` tells
        whether the work leads its story with a setting, where there is a quicker way to know than to try it.

        ``steady``: along each way other works are only ever added to the selection, or only taken from it,
        and nobody's points change. ``weighed``: the settings are weights of one contingent of which
        ``Bounds`` can speak; it tells which are above 0.
        """
        best: int | None = None
        found: T | None = None
        every = True
        for way in ways:
            settings = [setting for far, setting in way if best is None or far < best]
            asks = leads or (lambda setting: self.leads(make(setting)))
            at, whole = self._along(settings, make, asks, steady=steady, weighed=weighed)
            every = every and whole
            if at is not None:
                best, found = way[at]
        return found, every

    def turns(self, content: t.Filter) -> tuple[bool, bool]:
        """Whether this filter turns the verdict round, and whether that was tried."""
        at, every = self._along([content], _itself, self.leads)
        return at is not None, every

    def _along(
        self,
        settings: Sequence[T],
        make: Callable[[T], t.Filter],
        leads: Callable[[T], bool],
        *,
        steady: bool = False,
        weighed: Callable[[T], bool] | None = None,
    ) -> tuple[int | None, bool]:
        """The position of the first setting that turns the verdict round, and whether it surely is that."""
        if self.tries <= 0:
            return None, False
        if self.content.limit is None:
            for at, setting in enumerate(settings):
                if leads(setting) is not self.inside:
                    return (at, True) if self._sure(make(setting)) else (None, False)
            return None, True
        if self.inside:
            drop = next((n for n, s in enumerate(settings) if not leads(s)), None)
            asked = list(range(len(settings) if drop is None else drop))
        else:
            drop = None
            asked = [n for n, s in enumerate(settings) if leads(s)]
        if len(asked) <= self.left:
            for at in asked:
                if self.prints(make(settings[at])) is not self.inside:
                    return at, True
            if drop is not None:
                return (drop, True) if self._sure(make(settings[drop])) else (None, False)
            return None, True
        if weighed is not None and self.looks > 0:
            above = [n for n in asked if weighed(settings[n])]
            known, soonest = self._nearest(above, settings, make)
            if known:
                beyond = [soonest] if soonest is not None else [n for n in asked if n not in above]
                beyond += [drop] if drop is not None else []
                return next((n for n in beyond if self._sure(make(settings[n]))), None), True
        if not steady or self.looks < _LEAST:
            return self._between(asked, drop, settings, make)
        left, self.left = self.left, self.looks
        halved, _ = self._between(asked, drop, settings, make)  # which surely finds the first
        self.left, self.looks = left, self.left
        return halved, True

    def _nearest(
        self, asked: Sequence[int], settings: Sequence[T], make: Callable[[T], t.Filter]
    ) -> tuple[bool, int | None]:
        """Whether it is known which of these weights turns the verdict round first, and that one."""
        ends: dict[int, End] = {}
        turned: dict[int, bool] = {}

        def turns(at: int) -> bool:
            if at not in turned:
                turned[at] = self._turns(make(settings[asked[at]]))
            return turned[at]

        def end(at: int) -> End:
            if at not in ends:
                ends[at] = self._now if at < 0 else self._end(make(settings[asked[at]]))
            return ends[at]

        def still(low: int, high: int) -> bool:
            """Whether none from the one to the other surely turns."""
            limit = self.content.limit or 0
            front = [item.work for item in self.open.items[: 2 * limit]]
            return self._bounds.still(end(low), end(high), limit, inside=self.inside, first=front)

        def first(low: int, high: int) -> int | None:
            """The first that turns after ``low``, which does not, up to ``high``."""
            if still(low, high):
                return None
            if high - low == 1:
                return high if turns(high) else None
            if self.looks <= 0:
                raise _TooMuchError
            middle = (low + high) // 2
            if turns(middle):
                return first(low, middle)
            found = first(low, middle)
            return found if found is not None else first(middle, high)

        if not asked:
            return True, None
        start = 0 if self._asks_if_rated else -1  # as things are
        try:
            found = 0 if start == 0 and turns(0) else first(start, len(asked) - 1)
        except _TooMuchError:
            return False, None
        return True, asked[found] if found is not None else None

    def _turns(self, content: t.Filter) -> bool:
        """As ``prints``, for a search that needs few looks; nothing is kept of it."""
        self.looks -= 1
        return self._prints(content, self._aside()) is not self.inside

    def _end(self, content: t.Filter) -> End:
        """What is selected otherwise, in no order."""
        self.looks -= 1
        aside = self._aside()
        evaluator, _ = hearing(aside, content, self.today)
        return self._bounds.end(selected(aside, content, self.today), evaluator)

    def _aside(self) -> Supposed:
        """The whole commons, with notes of its own: there is no need to remember all that is looked at."""
        return Supposed(self.view, self.view.works, self.view.ratings, notes(self.view).supposing(()))

    @cached_property
    def _now(self) -> End:
        return self._end(self.content)

    @cached_property
    def _asks_if_rated(self) -> bool:
        """Whether a clause asks if anybody who is heard has rated a work."""
        rated = (State.RATED, State.UNRATED)
        return any(
            isinstance(leaf, Unrated)
            or (isinstance(leaf, Tag) and leaf.key is Key.IS and leaf.value in rated)
            for leaf, _ in parse_query(self.content.select).leaves()
        )

    @cached_property
    def _bounds(self) -> Bounds:
        leaves = (leaf for leaf, _ in parse_query(self.content.select).leaves())
        days = notes(self.view).columns.days
        return Bounds(
            self.content,
            tuple(n for n in leaves if isinstance(n, Comparison) and n.axis.contingent is None),
            {axis: declared.neutral for axis, declared in self.view.axes.items()},
            {work: max(0, (self.today - day).days) for work, day in days.items()},
            notes(self.view).stories,
            self.work,
        )

    def _between(
        self, asked: Sequence[int], drop: int | None, settings: Sequence[T], make: Callable[[T], t.Filter]
    ) -> tuple[int | None, bool]:
        """A setting that turns the verdict round while the one before it does not, found by halving."""
        if self.left < _LEAST or not asked:
            return None, False
        if drop is None:
            low, high = 0, len(asked) - 1
            if self.prints(make(settings[asked[low]])) is not self.inside:
                return asked[low], True
            if self.prints(make(settings[asked[high]])) is self.inside:
                return None, False
        else:
            low, high = -1, len(asked) - 1
            if self.prints(make(settings[asked[high]])) is self.inside:
                return (drop, False) if self._sure(make(settings[drop])) else (None, False)
        while high - low > 1:
            middle = (low + high) // 2
            if self.prints(make(settings[asked[middle]])) is self.inside:
                low = middle
            else:
                high = middle
        return asked[high], False

    def _sure(self, content: t.Filter) -> bool:
        """Whether the whole commons says so too."""
        return self.prints(content) is not self.inside

    # -- a rating otherwise ------------------------------------------------------------------------------

    def prints_with(self, given: tuple[Given, ...]) -> bool:
        """Whether the work would be printed with these ratings, asked of all that can matter.

        No other story moves when ratings of this one do, so it is printed when it comes before the story that
        is last within the limit without it.
        """
        self.tries -= self._price
        return self._prints(self._with_rival, narrowed(self.view, {**self._rivalled, self.work: given}))

    def surely_with(self, given: tuple[Given, ...], axis: AxisId) -> bool:
        """The same, asked of the whole commons with these ratings, which differ on ``axis`` alone."""
        self.left -= 1
        return self._prints(self.content, otherwise(self.view, self.work, given, axis, self._kept))

    @cached_property
    def _with_rival(self) -> t.Filter:
        alone = self._alone_with(self.content)
        return alone if self._rival is None else replace(alone, limit=1)

    @cached_property
    def _rival(self) -> ArticleId | None:
        limit = self.content.limit
        if limit is None:
            return None
        others = [item.story for item in self.open.items if item.story != self.root]
        return others[limit - 1] if len(others) >= limit else None

    @cached_property
    def _rivalled(self) -> dict[ArticleId, tuple[Given, ...]]:
        if self._rival is None:
            return self._alone
        members = notes(self.view).stories.members(self._rival)
        return {**self._alone, **{member: ordered(self.view.ratings, member) for member in members}}


def _itself(content: t.Filter) -> t.Filter:
    return content


def _named(view: CommonsView, content: t.Filter) -> tuple[ArticleId, ...]:
    """The works that must be there for the filter's queries to be understood: those after ``based-on:``."""
    own = [parse_query(content.select), *(parse_query(s.select) for s in content.edition.sections)]
    queries = [*own, *reachable(view, filters_named(own)).values()]
    found: set[ArticleId] = set()
    for query in queries:
        for leaf, _ in query.leaves():
            if isinstance(leaf, Tag) and leaf.key is Key.BASED_ON:
                source = ArticleId(leaf.value)
                cited = notes(view).columns.sources.get(source, frozenset())
                found |= {source} if source in view.works else set(sorted(cited)[:1])
    return tuple(sorted(found))
