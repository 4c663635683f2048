"""Two front pages compared, story by story: what both print, only one, or neither, and why in a word.

Nothing is selected here: what a page prints, and what it would print without its limit or without what its
editor left out, is always an answer of ``select``.
"""

from bisect import bisect, insort
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

import msgspec

from newsrepo.commons.model import CommonsView
from newsrepo.filters.columns import Ids
from newsrepo.filters.evaluate import Evaluator
from newsrepo.filters.model import Item, Selection
from newsrepo.filters.notes import notes
from newsrepo.filters.query import Query, parse_query
from newsrepo.filters.select import hearing, select, unheard
from newsrepo.filters.verdicts.account import Clause
from newsrepo.filters.verdicts.clauses import clauses
from newsrepo.ids import ArticleId, FilterId


class Cause(StrEnum):
    """What decides whether a page prints a story: mostly the field of the filter that does."""

    LEAD = "lead"
    """Picked by hand to stand first."""
    INCLUDE = "include"
    """Picked by hand."""
    SELECT = "select"
    """The query selects it."""
    LIMIT = "limit"
    """Selected, and cut off by the limit."""
    EXCLUDE = "exclude"
    """Left out by hand, and nothing else keeps it out."""
    EARLY = "early"
    """Selected, and dated after the day of the page."""
    QUERY = "query"
    """The query does not select it, and nobody picked it."""


_PRINTED = (Cause.LEAD, Cause.INCLUDE, Cause.SELECT)


class Stand(msgspec.Struct, frozen=True):
    """Where one story stands in one edition. What the limit cut off has the place it would have had."""

    cause: Cause
    work: ArticleId | None = None
    """The version that leads the story; None where none is selected."""
    place: int | None = None
    """Counted from 1."""
    points: Fraction | None = None
    section: int | None = None
    """Index into the filter's sections."""
    others: tuple[ArticleId, ...] = ()
    clauses: tuple[Clause, ...] = ()
    """The clauses of the query that keep out the version that leads the story on the other page."""

    @property
    def printed(self) -> bool:
        return self.cause in _PRINTED


class Row(msgspec.Struct, frozen=True):
    """One story and where it stands in either edition."""

    story: ArticleId
    one: Stand
    other: Stand
    shift: int = 0
    """By how many of the stories that both print it stands higher in the other edition; lower: below 0."""

    @property
    def recast(self) -> bool:
        """Whether both print it, each led by another version."""
        return self.one.printed and self.other.printed and self.one.work != self.other.work


class Fronts(msgspec.Struct, frozen=True):
    """Two front pages. Rows are in the order of the first page that prints them, ``neither`` newest first."""

    both: tuple[Row, ...]
    only_one: tuple[Row, ...]
    only_other: tuple[Row, ...]
    neither: tuple[Row, ...]
    """Stories that either could print, as they hold a usable work."""
    swapped: int
    """How many pairs of the stories that both print stand in opposite orders."""

    @property
    def pairs(self) -> int:
        """How many pairs of stories both print."""
        return len(self.both) * (len(self.both) - 1) // 2

    @property
    def recast(self) -> int:
        """How many stories that both print are led by different versions."""
        return sum(row.recast for row in self.both)

    @property
    def alike(self) -> bool:
        """Whether both print the same stories in the same order, each led by the same version."""
        return not (self.only_one or self.only_other or self.swapped or self.recast)


def fronts(view: CommonsView, one: FilterId, other: FilterId, today: date) -> Fronts:
    """Compare what two filters print on one day. Raises as ``select``."""
    left, right = _Front(view, one, today), _Front(view, other, today)
    rows = {story: Row(story, left.stand(story), right.stand(story)) for story in _printable(view)}
    both = [row for row in rows.values() if row.one.printed and row.other.printed]
    alone = [row for row in rows.values() if row.one.printed and not row.other.printed]
    there = [row for row in rows.values() if row.other.printed and not row.one.printed]
    either = {row.story for row in (*both, *alone, *there)}
    alone = [msgspec.structs.replace(row, other=right.told(row.other, row.one.work)) for row in alone]
    there = [msgspec.structs.replace(row, one=left.told(row.one, row.other.work)) for row in there]
    both.sort(key=_first)
    return Fronts(
        both=tuple(_shifted(both)),
        only_one=tuple(sorted(alone, key=_first)),
        only_other=tuple(sorted(there, key=_second)),
        neither=tuple(row for story, row in rows.items() if story not in either),
        swapped=_swapped(_second(row) for row in both),
    )


def face(view: CommonsView, row: Row) -> ArticleId:
    """The work by which a story is named: the one that leads it, else its root, else its newest usable."""
    led = row.one.work or row.other.work
    if led is not None:
        return led
    able = notes(view).columns.usable - unheard(view)
    if row.story in able:
        return row.story
    members = [work for work in notes(view).stories.members(row.story) if work in able]
    return max(members, key=notes(view).columns.instants.__getitem__)


class _Front:
    """One filter's page, asked story by story."""

    def __init__(self, view: CommonsView, name: FilterId, today: date) -> None:
        self._view = view
        self._filter = name
        self._today = today
        self._page = select(view, name, today)
        self._stands = self._printed()
        self._roots = notes(view).stories.root_of

    def _printed(self) -> dict[ArticleId, Stand]:
        """The stories that are printed, and those that would be if there were no limit."""
        whole = self._page if not self._page.beyond else self._without(limit=None)
        cut = len(self._page.items)
        return {
            item.story: _stand(item, place, Cause(item.by) if place <= cut else Cause.LIMIT)
            for place, item in enumerate(whole.items, start=1)
        }

    def _without(self, **changed: object) -> Selection:
        changes = msgspec.structs.replace(self._view.filters[self._filter], **changed)
        return select(self._view, changes, self._today)

    @cached_property
    def _waiting(self) -> Ids:
        return frozenset(map(self._roots, self._page.early))

    @cached_property
    def _left_out(self) -> Ids:
        """The stories that would be printed but for ``exclude``."""
        if not self._view.filters[self._filter].exclude:
            return frozenset()
        return frozenset(map(self._roots, self._without(exclude=()).selected - self._page.selected))

    @cached_property
    def _asked(self) -> tuple[Evaluator, Query]:
        evaluator, _ = hearing(self._view, self._filter, self._today)
        return evaluator, parse_query(self._view.filters[self._filter].select)

    def told(self, stand: Stand, work: ArticleId | None) -> Stand:
        """``stand`` with the clauses that keep the work out, where it is the query that does."""
        if stand.cause is not Cause.QUERY or work is None:
            return stand
        evaluator, query = self._asked
        deciding = tuple(clause for clause in clauses(evaluator, query, work) if clause.decides)
        return msgspec.structs.replace(stand, clauses=deciding)

    def stand(self, story: ArticleId) -> Stand:
        found = self._stands.get(story)
        if found is not None:
            return found
        if story in self._left_out:
            return Stand(Cause.EXCLUDE)
        return Stand(Cause.EARLY if story in self._waiting else Cause.QUERY)


def _stand(item: Item, place: int, cause: Cause) -> Stand:
    return Stand(cause, item.work, place, item.points, item.section, item.others)


def _printable(view: CommonsView) -> list[ArticleId]:
    """The root of every story with a work that may be printed; by the newest such work, the newest first."""
    known = notes(view)
    newest: dict[ArticleId, datetime] = {}
    for work in known.columns.usable - unheard(view):
        root, instant = known.stories.root_of(work), known.columns.instants[work]
        newest[root] = max(newest.get(root, instant), instant)
    return sorted(sorted(newest), key=newest.__getitem__, reverse=True)


def _first(row: Row) -> int:
    return row.one.place or 0


def _second(row: Row) -> int:
    return row.other.place or 0


def _shifted(both: list[Row]) -> Iterable[Row]:
    """``both``, in the order of the first page, each with its shift."""
    ranks = {row.story: rank for rank, row in enumerate(sorted(both, key=_second))}
    for rank, row in enumerate(both):
        yield msgspec.structs.replace(row, shift=rank - ranks[row.story])


def _swapped(places: Iterable[int]) -> int:
    """How many pairs of these stand with the larger first."""
    before: list[int] = []
    found = 0
    for place in places:
        found += len(before) - bisect(before, place)
        insort(before, place)
    return found
