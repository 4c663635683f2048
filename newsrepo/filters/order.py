"""The order of works on the front page: exact points, then the newer, then the id."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from newsrepo.commons.model import CommonsView
from newsrepo.filters.check import FADE
from newsrepo.filters.notes import Notes
from newsrepo.ids import ArticleId, AxisId
from newsrepo.records import types as t
from newsrepo.records.scalars import MILLION, Decimal, Span
from newsrepo.scores import Score, Trust


class Points(Struct, frozen=True):
    """How a filter's ``order`` gives points: what each axis adds, and in how many days one point fades."""

    axes: tuple[tuple[int, int, Mapping[ArticleId, Score]], ...]
    """Weight in millionths, the neutral value for works nobody trusted has rated, and the scores."""
    fade: int
    """Days; 0 for never."""

    def ratio(self, work: ArticleId, age: int) -> tuple[int, int]:
        """The points as numerator and positive denominator, not in lowest terms, in millionths."""
        num, den = 0, 1
        for weight, neutral, scores in self.axes:
            score = scores.get(work)
            if score is None:
                num += weight * neutral * den
            else:
                num = num * score.den + weight * score.num * den
                den *= score.den
        if self.fade:
            num = num * self.fade - age * MILLION * den
            den *= self.fade
        return num, den


def points(view: CommonsView, notes: Notes, chosen: t.Filter, trust: Trust) -> Points:
    """Read a filter's ``order``, which must have no faults."""
    axes: list[tuple[int, int, Mapping[ArticleId, Score]]] = []
    fade = 0
    for key, pull in sorted(chosen.order.items()):
        value = pull.value
        if isinstance(value, Span):
            fade = value.days
        elif key != FADE and isinstance(value, Decimal):
            axis = AxisId(key)
            axes.append((value.millionths, view.axes[axis].neutral, notes.scores(view, axis, trust)))
    return Points(tuple(axes), fade)


def ranked(
    works: Iterable[ArticleId], given: Points, notes: Notes, today: date
) -> dict[ArticleId, tuple[int, int]]:
    """The points of each work as a ratio; the works in order: more points, the newer, the smaller id.

    Points are compared exactly, as whole numbers: two different fractions whose denominators have at
    most b bits differ by more than 2**-2b, so scaled by 2**(2b+1) and cut they keep their order.
    """
    days, instants = notes.columns.days, notes.columns.instants
    ordered = sorted(works)
    ratios = {work: given.ratio(work, max(0, (today - days[work]).days)) for work in ordered}
    shift = 2 * max((den.bit_length() for _, den in ratios.values()), default=0) + 1
    keys = {work: (num << shift) // den for work, (num, den) in ratios.items()}
    ordered.sort(key=instants.__getitem__, reverse=True)
    ordered.sort(key=keys.__getitem__, reverse=True)
    return {work: (ratios[work][0], ratios[work][1] * MILLION) for work in ordered}
