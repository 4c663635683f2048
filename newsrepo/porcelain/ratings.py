"""``ratings``: who gave one article what, contingent by contingent, and what each says of it as a whole."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

import msgspec

from newsrepo.commons.model import Given, Work
from newsrepo.ids import ArticleId, AxisId, ContingentId, Oid, RaterId
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records.scalars import MILLION


class Rating(msgspec.Struct, frozen=True):
    """One rater's counting rating of one version. ``current`` says whether that version stands now.

    ``source`` is the ref it was read from, empty for the working tree.
    """

    rater: RaterId
    version: Oid
    current: bool
    date: date
    values: dict[AxisId, int]
    note: str
    path: str
    source: str


class Voice(msgspec.Struct, frozen=True):
    """What a contingent's raters together say on one axis: their mean in millionths, and how many they are.

    ``carried`` means that none of them rated the current version there: filters discount that.
    """

    axis: AxisId
    mean: int
    raters: int
    carried: bool


class Side(msgspec.Struct, frozen=True):
    """One contingent's ratings; ``own`` marks that the work is its own."""

    contingent: ContingentId
    own: bool
    voices: tuple[Voice, ...]
    ratings: tuple[Rating, ...]


class Ratings(msgspec.Struct, frozen=True):
    """All ratings of one article, by contingent in order of id."""

    work: Work
    sides: tuple[Side, ...]


def ratings(work: Workspace, article: str, *, at: str = "", only: str = "") -> Ratings:
    """Who rated an article, in this clone and in everybody's homes. Raises UsageError where there is none."""
    view = work.here if not at and not only else work.commons(work.snapshot(at=at, only=only))
    found = view.works.get(ArticleId(article))
    if found is None:
        raise no_article(work, view, article)
    return Ratings(found, sides(found, view.ratings.given(found.id)))


def sides(work: Work, given: Sequence[Given]) -> tuple[Side, ...]:
    """The ratings of one work by contingent; in each by rater, the current version first, then the latest."""
    by = sorted(given, key=lambda g: (_contingent(g), g.rater, g.version))
    return tuple(
        _side(work, contingent, tuple(theirs)) for contingent, theirs in groupby(by, key=_contingent)
    )


def _side(work: Work, contingent: ContingentId, given: Sequence[Given]) -> Side:
    found = [_rating(work, tuple(same)) for _, same in groupby(given, key=lambda g: (g.rater, g.version))]
    found.sort(key=lambda r: (r.rater, not r.current, -r.date.toordinal(), r.version))
    axes = sorted({g.axis for g in given})
    voices = tuple(_voice(work, axis, [g for g in given if g.axis == axis]) for axis in axes)
    return Side(contingent, contingent == work.owner, voices, tuple(found))


def _rating(work: Work, same: Sequence[Given]) -> Rating:
    one = same[0]
    return Rating(
        rater=one.rater,
        version=one.version,
        current=one.version == work.version,
        date=one.day,
        values={g.axis: g.value for g in sorted(same, key=lambda g: g.axis)},
        note=one.note,
        path=one.path,
        source=one.source,
    )


def _voice(work: Work, axis: AxisId, given: Iterable[Given]) -> Voice:
    """As ``RatingsView.standings`` counts: the current version, or else each rater's latest of another."""
    ordered = sorted(given, key=lambda g: (g.day, g.version))
    said = {g.rater: g.value for g in ordered if g.version == work.version}
    carried = not said
    if carried:
        said = {g.rater: g.value for g in ordered}
    return Voice(axis, round(Fraction(sum(said.values()) * MILLION, len(said))), len(said), carried)


def _contingent(given: Given) -> ContingentId:
    return ContingentId(given.rater.partition("/")[0])
