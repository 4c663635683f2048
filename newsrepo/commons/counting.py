"""Which ratings count, and what a contingent's raters say together; pure, all in integers.

Of each rater and version the latest-dated rating counts, of the same day the one in the file with the larger
blob id, in one file the one further down. It replaces an earlier one whole. What raters say of the current
version goes before what they said of others; that is *carried*: each rater's latest of any version, of the
same day again by blob id, then by version.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, compress
from typing import NamedTuple

from msgspec import Struct

from newsrepo.commons.facts import RatingsFact
from newsrepo.ids import Oid
from newsrepo.records.scalars import MILLION

Ranges = Mapping[str, tuple[int, int]]
"""The least and the greatest value of each axis that is declared."""


class Counted(NamedTuple):
    """One counting rating: its day (ordinal), the blob it stands in, and where there."""

    day: int
    oid: Oid
    position: int
    fact: RatingsFact


Shape = tuple[tuple[str, int], ...]
"""The values of a rating, by axis."""

Counting = dict[tuple[str, str], Counted]
"""One rater's counting ratings, by article and version."""


class Tally(Struct, frozen=True, array_like=True):
    """What one contingent says on one axis, by columns in no order; means in millionths.

    Most works were rated in one version only. For the others ``mixed`` has a mean and a number of raters by
    version, under the empty version those that would be carried.
    """

    articles: list[str]
    versions: list[str]
    means: list[int]
    raters: list[int]
    mixed: dict[str, dict[str, tuple[int, int]]]


def counting(files: Iterable[tuple[Oid, RatingsFact]], about: Collection[str] | None = None) -> Counting:
    """The counting ratings in one rater's files, or of these those of some articles."""
    best: Counting = {}
    for oid, fact in files:
        places: Iterable[int] = range(len(fact.articles))
        if about is not None:
            places = [place for place, article in enumerate(fact.articles) if article in about]
        for position in places:
            key, day = (fact.articles[position], fact.versions[position]), fact.days[position]
            old = best.get(key)
            if old is None or (old.day, old.oid, old.position) < (day, oid, position):
                best[key] = Counted(day, oid, position, fact)
    return best


def mean(total: int, count: int) -> int:
    """The mean in millionths, rounded half to even."""
    quotient, rest = divmod(total * MILLION, count)
    if 2 * rest > count or (2 * rest == count and quotient & 1):
        quotient += 1
    return quotient


def valid(counted: Counted, ranges: Ranges) -> list[tuple[str, int]]:
    """The axes and values of a rating that count for something."""
    fact = counted.fact
    return in_range(fact.shapes[fact.marks[counted.position]], ranges)


def in_range(shape: Shape, ranges: Ranges) -> list[tuple[str, int]]:
    """The axes and values of a set of values that count for something."""
    found = []
    for axis, value in shape:
        limits = ranges.get(axis)
        if limits is not None and limits[0] <= value <= limits[1]:
            found.append((axis, value))
    return found


# A cell holds a sum and a count in one number, so that adding a rating is one addition.
_ONE = 1 << 40
_FEW_AXES = 4


@lru_cache(maxsize=1 << 14)
def _spoken(cell: int) -> tuple[int, int]:
    """The mean of a cell, and of how many values."""
    count = (cell + _ONE // 2) // _ONE
    return mean(cell - count * _ONE, count), count


class _Cells:
    """The cells of one contingent, by axis and by number of article and version.

    Most articles are rated in one version only: the one that came first is found by the article alone, any
    other by both. A number is the row on which an article's version first came, so numbers have gaps; the
    lists of cells have zeros there, which no rating leaves behind. What can be done by ``map`` is: it takes a
    third of the time.
    """

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges
        self.axes: dict[str, list[int]] = {}
        self.stale: dict[tuple[str, str], int] = defaultdict(int)
        self.first: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        self.others: dict[tuple[str, str], int] = {}
        self._said: dict[Shape, dict[str, int]] = {}
        self._rows = 0

    def add(
        self, articles: list[str], versions: list[str], shapes: Sequence[Shape], marks: Sequence[int]
    ) -> None:
        """Count ratings that all stand: of these articles and versions, each with the shape it points at."""
        start = self._rows
        self._rows += len(marks)
        numbers = list(map(self.numbers.setdefault, articles, range(start, self._rows)))
        firsts = list(map(self.first.setdefault, articles, versions))
        if firsts != versions:
            for n, version in enumerate(versions):
                if version != firsts[n]:
                    numbers[n] = self.others.setdefault((articles[n], version), start + n)
        said = [self._ones(shape) for shape in shapes]
        axes = sorted({axis for ones in said for axis in ones})
        for axis in axes:
            cells = self.axes.setdefault(axis, [])
            cells.extend([0] * (self._rows - len(cells)))
        if len(axes) <= _FEW_AXES:
            for axis in axes:
                cells = self.axes[axis]
                on_axis = [ones.get(axis, 0) for ones in said]
                for number, one in zip(numbers, map(on_axis.__getitem__, marks), strict=True):
                    cells[number] += one
        else:
            for number, mark in zip(numbers, marks, strict=True):
                for axis, one in said[mark].items():
                    self.axes[axis][number] += one

    def _ones(self, shape: Shape) -> dict[str, int]:
        ones = self._said.get(shape)
        if ones is None:
            ones = {axis: _ONE + value for axis, value in in_range(shape, self.ranges)}
            self._said[shape] = ones
        return ones

    def tallies(self) -> dict[str, Tally]:
        """All of it, by axis."""
        several = sorted({article for article, _ in self.others})
        mixed = {article: {self.first[article]: self.numbers[article]} for article in several}
        for (article, version), number in self.others.items():
            mixed[article][version] = number
        articles = [article for article in self.numbers if article not in mixed]
        versions = [self.first[article] for article in articles]
        numbers = [self.numbers[article] for article in articles]
        made = {}
        for axis, cells in sorted(self.axes.items()):
            cells.extend([0] * (self._rows - len(cells)))
            spoken = {cell: _spoken(cell) for cell in set(cells) if cell}
            rated = [cells[number] for number in numbers]
            said = [spoken[cell] for cell in rated if cell]
            made[axis] = Tally(
                list(compress(articles, rated)),
                list(compress(versions, rated)),
                [mean for mean, _ in said],
                [count for _, count in said],
                {a: m for a, found in mixed.items() if (m := self._mixed(axis, a, found, cells))},
            )
        return made

    def _mixed(
        self, axis: str, article: str, numbers: dict[str, int], cells: list[int]
    ) -> dict[str, tuple[int, int]]:
        """Mean and raters by version, and under the empty one those of each rater's latest."""
        rated = {version: cells[number] for version, number in numbers.items() if cells[number]}
        if not rated:
            return {}
        whole = sum(rated.values()) - self.stale.get((axis, article), 0)
        return {version: _spoken(cell) for version, cell in (*rated.items(), ("", whole))}


def tally(raters: Iterable[Sequence[tuple[Oid, RatingsFact]]], ranges: Ranges) -> dict[str, Tally]:
    """What the raters of one contingent say together, by axis; each rater's files come in turn."""
    cells = _Cells(ranges)
    for files in raters:
        if once_each(files):
            for _, fact in files:
                cells.add(fact.articles, fact.versions, fact.shapes, fact.marks)
        else:
            best = counting(files)
            shapes = [c.fact.shapes[c.fact.marks[c.position]] for c in best.values()]
            cells.add([a for a, _ in best], [v for _, v in best], shapes, range(len(shapes)))
            for axis, article, value in _superseded(best, ranges):
                cells.stale[axis, article] += _ONE + value
    return cells.tallies()


def once_each(files: Sequence[tuple[Oid, RatingsFact]]) -> bool:
    """Whether a rater rated no article twice, so that each rating counts as it stands."""
    articles = set(chain.from_iterable(fact.articles for _, fact in files))
    return len(articles) == sum(len(fact.articles) for _, fact in files)


def rated_again(files: Sequence[tuple[Oid, RatingsFact]]) -> set[str]:
    """The articles that a rater rated more than once."""
    if once_each(files):
        return set()
    often = Counter(chain.from_iterable(fact.articles for _, fact in files))
    return {article for article, count in often.items() if count > 1}


def _superseded(best: Counting, ranges: Ranges) -> Iterator[tuple[str, str, int]]:
    """The values that one rater replaced by a later rating of another version."""
    latest: dict[tuple[str, str], tuple[int, Oid, str, int]] = {}
    for (article, version), counted in best.items():
        for axis, value in valid(counted, ranges):
            key = (axis, article)
            new = (counted.day, counted.oid, version, value)
            old = latest.get(key)
            if old is None:
                latest[key] = new
                continue
            latest[key] = max(old, new)
            yield axis, article, min(old, new)[3]
