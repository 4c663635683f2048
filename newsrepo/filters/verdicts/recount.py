"""The ratings of a few works counted from the single ones, so that one of them can be supposed otherwise."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from newsrepo.commons.counting import mean
from newsrepo.commons.model import Given, RatingsView, Spoken, Standing, Work
from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId, owner
from newsrepo.records.scalars import MILLION


class Recounted:
    """Implements ``RatingsView`` over ``given``: every counting rating of these works, whatever the version.

    Of one rater's ratings of other versions the last one counts, so they stand in the order in which they
    replace each other.
    """

    def __init__(self, works: Mapping[ArticleId, Work], given: Mapping[ArticleId, tuple[Given, ...]]) -> None:
        self._works = works
        self._given = given

    def standings(self, axis: AxisId, contingents: frozenset[ContingentId] | None) -> Iterator[Standing]:
        """See ``RatingsView.standings``."""
        return self._standings(axis, contingents, frozenset())

    def standings_without(
        self, axis: AxisId, contingents: frozenset[ContingentId], raters: frozenset[RaterId]
    ) -> Iterator[Standing]:
        """See ``RatingsView.standings_without``."""
        return self._standings(axis, contingents, raters)

    def _standings(
        self, axis: AxisId, contingents: frozenset[ContingentId] | None, without: Collection[RaterId]
    ) -> Iterator[Standing]:
        for work in self._given:
            heard: dict[ContingentId, list[Given]] = {}
            for rating in self._given[work]:
                if rating.axis == axis and rating.rater not in without:
                    heard.setdefault(owner(rating.rater), []).append(rating)
            for contingent in sorted(heard):
                if contingents is None or contingent in contingents:
                    yield _standing(work, contingent, heard[contingent], self._works[work].version)

    def sums(
        self, axis: AxisId, weights: Mapping[ContingentId, int], carry: int
    ) -> Iterator[tuple[ArticleId, int, int, int, int]]:
        """See ``RatingsView.sums``."""
        found: dict[ArticleId, tuple[int, int, int, int]] = {}
        for s in self.standings(axis, frozenset(weights)):
            parts = weights[s.contingent] * (carry if s.carried else MILLION)
            if parts:
                weight, total, raters, contingents = found.get(s.work, (0, 0, 0, 0))
                found[s.work] = weight + parts, total + parts * s.mean, raters + s.raters, contingents + 1
        for work in sorted(found):
            yield (work, *found[work])

    def rater_standings(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[tuple[RaterId, Standing]]:
        """See ``RatingsView.rater_standings``."""
        by: dict[tuple[RaterId, ArticleId], list[Given]] = {}
        for rating in self.of_raters(axis, raters):
            by.setdefault((rating.rater, rating.work), []).append(rating)
        for (rater, work), ratings in by.items():
            yield rater, _standing(work, owner(rater), ratings, self._works[work].version)

    def of_raters(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[Given]:
        """See ``RatingsView.of_raters``; of one day in the order in which they replace each other."""
        found = [
            rating
            for ratings in self._given.values()
            for rating in ratings
            if rating.axis == axis and rating.rater in raters
        ]
        found.sort(key=lambda g: (g.rater, g.work, g.day))
        yield from found

    def spoken(self) -> Iterator[tuple[RaterId, Spoken]]:
        """See ``RatingsView.spoken``."""
        said: dict[RaterId, dict[tuple[ArticleId, AxisId], list[Given]]] = {}
        for ratings in self._given.values():
            for rating in ratings:
                said.setdefault(rating.rater, {}).setdefault((rating.work, rating.axis), []).append(rating)
        for rater in sorted(said, key=lambda r: (owner(r), r)):
            rows: Spoken = []
            for (work, axis), mine in said[rater].items():
                version = self._works[work].version
                last = next((g for g in mine if g.version == version), mine[-1])
                rows.append((work, axis, last.value, last.day.toordinal()))
            yield rater, rows

    def given(self, work: ArticleId) -> tuple[Given, ...]:
        """See ``RatingsView.given``."""
        return self._given.get(work, ())


def _standing(work: ArticleId, contingent: ContingentId, ratings: list[Given], version: str) -> Standing:
    """What these ratings, all of one contingent on one axis, come to."""
    current = [rating.value for rating in ratings if rating.version == version]
    if current:
        return Standing(work, contingent, mean(sum(current), len(current)), len(current), carried=False)
    latest = {rating.rater: rating.value for rating in ratings}
    return Standing(work, contingent, mean(sum(latest.values()), len(latest)), len(latest), carried=True)


def ordered(ratings: RatingsView, work: ArticleId) -> tuple[Given, ...]:
    """The counting ratings of one work, each rater's on an axis in the order in which they replace another.

    Of the same day that goes by version within one file, and between files by what the commons itself counts.
    """
    found = list(ratings.given(work))
    by: dict[tuple[RaterId, AxisId], list[Given]] = {}
    for rating in found:
        by.setdefault((rating.rater, rating.axis), []).append(rating)
    last: dict[tuple[RaterId, AxisId], int] = {}
    for (rater, axis), mine in by.items():
        day = max(g.day for g in mine)
        rivals = [g for g in mine if g.day == day]
        if len({g.path for g in rivals}) > 1 and len({g.value for g in rivals}) > 1:
            heard = ratings.rater_standings(axis, frozenset([rater]))
            last[rater, axis] = next(
                (s.mean // MILLION for _, s in heard if s.work == work), rivals[-1].value
            )
    found.sort(
        key=lambda g: (g.axis, g.rater, g.day, last.get((g.rater, g.axis), g.value) == g.value, g.version)
    )
    return tuple(found)


class Patched:
    """Implements ``RatingsView``: the ratings of a commons, those of one work replaced."""

    def __init__(self, base: RatingsView, work: ArticleId, instead: Recounted, kept: "Kept") -> None:
        self._base = base
        self._work = work
        self._instead = instead
        self._kept = kept

    def standings(self, axis: AxisId, contingents: frozenset[ContingentId] | None) -> Iterator[Standing]:
        """See ``RatingsView.standings``."""
        yield from (s for s in self._base.standings(axis, contingents) if s.work != self._work)
        yield from self._instead.standings(axis, contingents)

    def standings_without(
        self, axis: AxisId, contingents: frozenset[ContingentId], raters: frozenset[RaterId]
    ) -> Iterator[Standing]:
        """See ``RatingsView.standings_without``."""
        others = self._base.standings_without(axis, contingents, raters)
        yield from (s for s in others if s.work != self._work)
        yield from self._instead.standings_without(axis, contingents, raters)

    def sums(
        self, axis: AxisId, weights: Mapping[ContingentId, int], carry: int
    ) -> Iterator[tuple[ArticleId, int, int, int, int]]:
        """See ``RatingsView.sums``."""
        rows = self._kept.sums(self._base, axis, weights, carry)
        mine = list(self._instead.sums(axis, weights, carry))
        for row in rows:
            if row[0] == self._work:
                continue
            if mine and self._work < row[0]:
                yield mine.pop()
            yield row
        yield from mine

    def rater_standings(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[tuple[RaterId, Standing]]:
        """See ``RatingsView.rater_standings``."""
        found = [row for row in self._base.rater_standings(axis, raters) if row[1].work != self._work]
        found += self._instead.rater_standings(axis, raters)
        yield from sorted(found, key=lambda row: (row[0], row[1].work))

    def of_raters(self, axis: AxisId, raters: frozenset[RaterId]) -> Iterator[Given]:
        """See ``RatingsView.of_raters``."""
        found = [g for g in self._base.of_raters(axis, raters) if g.work != self._work]
        found += self._instead.of_raters(axis, raters)
        yield from sorted(found, key=lambda g: (g.rater, g.work, g.day, g.version))

    def spoken(self) -> Iterable[tuple[RaterId, Spoken]]:
        """See ``RatingsView.spoken``."""
        mine = dict(self._instead.spoken())
        for rater, rows in self._base.spoken():
            yield rater, [row for row in rows if row[0] != self._work] + mine.get(rater, [])

    def given(self, work: ArticleId) -> tuple[Given, ...]:
        """See ``RatingsView.given``."""
        return self._instead.given(work) if work == self._work else self._base.given(work)


class Kept:
    """The sums of a commons, kept for the many times that one work of it is supposed otherwise."""

    def __init__(self) -> None:
        self._sums: dict[tuple[object, ...], list[tuple[ArticleId, int, int, int, int]]] = {}

    def sums(
        self, base: RatingsView, axis: AxisId, weights: Mapping[ContingentId, int], carry: int
    ) -> list[tuple[ArticleId, int, int, int, int]]:
        """As ``RatingsView.sums``; not to be changed."""
        question = (axis, tuple(sorted(weights.items())), carry)
        found = self._sums.get(question)
        if found is None:
            found = self._sums[question] = list(base.sums(axis, weights, carry))
        return found
