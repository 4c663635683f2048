"""Whether any weight between two can turn a verdict round, told from what is selected at the two ends alone.

A contingent that speaks with one voice, and whose trust nobody inherits, moves every score one way as its
weight grows: (a + w*x) / (b + w) only rises or only falls with w. So between two weights above 0 each work
stands between its two scores on every axis, and a comparison that is the same at both ends is the same
between. That bounds how many stories stand before one in the order; where it decides nothing, somebody has to
look at a weight between.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from msgspec import Struct

from newsrepo.credit.stories import Stories
from newsrepo.filters.check import FADE
from newsrepo.filters.columns import Ids
from newsrepo.filters.evaluate import Evaluator
from newsrepo.filters.query.syntax import Comparison
from newsrepo.ids import ArticleId, AxisId
from newsrepo.records import types as t
from newsrepo.records.scalars import Decimal

_FIRST = (float("inf"), float("inf"))
_SLACK = 1e-9
"""Floats serve for bounds only: what is this near, relatively, is left undecided."""


class End(Struct, frozen=True):
    """What is selected at one weight: the works, those of which each comparison is true and those of which it
    is not unknown, and what each axis of the order adds to the points of each work that has a score on it."""

    selected: Ids
    true: tuple[Ids, ...]
    known: tuple[Ids, ...]
    pulls: tuple[Mapping[ArticleId, float], ...]


class Bounds:
    """For one work, which leads its story and is not in ``lead``, and a filter of which one weight changes.

    ``asked`` are the comparisons of the filter's own scores in its query; ``ages`` the age of works in days.
    """

    def __init__(
        self,
        content: t.Filter,
        asked: tuple[Comparison, ...],
        neutral: Mapping[AxisId, int],
        ages: Mapping[ArticleId, int],
        stories: Stories,
        work: ArticleId,
    ) -> None:
        self._asked = asked
        self._ages = ages
        self._all = frozenset(ages)
        self._stories = stories
        self._work = work
        self._root = stories.root_of(work)
        self._hand = frozenset(map(ArticleId, content.lead))
        self._best = content.versions.otherwise is t.Lead.BEST and not content.versions.prefer
        fade = content.order.get(FADE)
        self._fade = 0 if fade is None or isinstance(fade.value, Decimal) else 1 / fade.value.days
        self._factors = tuple(
            (AxisId(key), pull.value.millionths / 10**6)
            for key, pull in sorted(content.order.items())
            if key != FADE and isinstance(pull.value, Decimal)
        )
        self._unrated = tuple(factor * neutral[axis] for axis, factor in self._factors)

    def end(self, selected: Ids, evaluator: Evaluator) -> End:
        """What matters of a selection. A weight of 0 will do where the neutral value weighs anything and no
        clause asks whether a work is rated: there a score begins at the neutral value."""
        return End(
            selected=selected,
            true=tuple(evaluator.true(leaf, self._all) for leaf in self._asked),
            known=tuple(frozenset(evaluator.scores(leaf.axis.axis)) for leaf in self._asked),
            pulls=tuple(
                {work: factor * (score.num / score.den) for work, score in evaluator.scores(axis).items()}
                for axis, factor in self._factors
            ),
        )

    def still(self, one: End, other: End, limit: int, *, inside: bool, first: Iterable[ArticleId]) -> bool:
        """Whether the work surely is among the first ``limit`` stories at every weight between, if it is
        ``inside``, or surely is not, if it is not. ``first`` are works to be looked at first."""
        torn = self._torn(one, other)
        least, most = self._points(self._work, one, other)
        slack = _SLACK * (1 + max(abs(least), abs(most)))
        ahead: set[ArticleId] = set()
        worst: dict[ArticleId, float] = {}
        for work in chain(first, one.selected | torn):
            story = self._stories.root_of(work)
            if story == self._root or story in ahead:
                continue
            low, high = self._points(work, one, other)
            if inside:
                if high >= least - slack and (work in torn or work in one.selected):
                    ahead.add(story)
            elif not self._best:  # any version may come to lead it
                worst[story] = min(worst.get(story, low), low)
            elif low > most + slack and work in one.selected and work not in torn:
                ahead.add(story)  # no other version makes it worse
            if len(ahead) >= limit:
                return not inside
        if inside or self._best:
            return inside
        sure = {self._stories.root_of(work) for work in one.selected - torn}
        return sum(low > most + slack for story, low in worst.items() if story in sure) >= limit

    def _torn(self, one: End, other: End) -> Ids:
        """The works of which a comparison does not say the same at both ends."""
        ends = (*zip(one.true, other.true, strict=True), *zip(one.known, other.known, strict=True))
        return frozenset().union(*(a ^ b for a, b in ends))

    def _points(self, work: ArticleId, one: End, other: End) -> tuple[float, float]:
        if work in self._hand:
            return _FIRST
        low = high = -self._fade * self._ages.get(work, 0)
        for unrated, first, second in zip(self._unrated, one.pulls, other.pulls, strict=True):
            a, b = first.get(work, unrated), second.get(work, unrated)
            low += min(a, b)
            high += max(a, b)
        return low, high
