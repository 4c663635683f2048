"""Which ratings count, and what a contingent's raters say together; pure, all in integers.

Of each rater and version the latest-dated rating counts, of the same day the one in the file with the larger
blob id, in one file the one further down. It replaces an earlier one whole. What raters say of the current
version goes before what they said of others; that is *carried*: each rater's latest of any version, of the
same day again by blob id, then by version.
"""

from collections.abc import Iterable, Iterator, Mapping
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


Counting = dict[tuple[str, str], Counted]
"""One rater's counting ratings, by article and version."""


class Tally(Struct, frozen=True, array_like=True):
    """What one contingent says on one axis, by columns in order of article; means in millionths.

    Most works were rated in one version only. For the others ``mixed`` has a mean and a number of raters by
    version, under the empty version those that would be carried.
    """

    articles: list[str]
    versions: list[str]
    means: list[int]
    raters: list[int]
    mixed: dict[str, dict[str, tuple[int, int]]]


def counting(files: Iterable[tuple[Oid, RatingsFact]]) -> Counting:
    """The counting ratings in one rater's files."""
    best: Counting = {}
    for oid, fact in files:
        keys = zip(fact.articles, fact.versions, strict=True)
        for position, (key, day) in enumerate(zip(keys, fact.days, strict=True)):
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
    return _in_range(fact.shapes[fact.marks[counted.position]], ranges)


def _in_range(shape: Iterable[tuple[str, int]], ranges: Ranges) -> list[tuple[str, int]]:
    found = []
    for axis, value in shape:
        limits = ranges.get(axis)
        if limits is not None and limits[0] <= value <= limits[1]:
            found.append((axis, value))
    return found


def tally(raters: Iterable[Counting], ranges: Ranges) -> dict[str, Tally]:
    """What the raters of one contingent say together, by axis; each rater's counting ratings come in turn."""
    sums: dict[str, dict[tuple[str, str], list[int]]] = {}
    stale: dict[tuple[str, str], list[int]] = {}
    shapes: dict[tuple[tuple[str, int], ...], list[tuple[dict[tuple[str, str], list[int]], int]]] = {}
    for best in raters:
        for key, (_, _, position, fact) in best.items():
            shape = fact.shapes[fact.marks[position]]
            cells = shapes.get(shape)
            if cells is None:
                cells = [(sums.setdefault(a, {}), value) for a, value in _in_range(shape, ranges)]
                shapes[shape] = cells
            for on_axis, value in cells:
                cell = on_axis.get(key)
                if cell is None:
                    on_axis[key] = [value, 1]
                else:
                    cell[0] += value
                    cell[1] += 1
        if len({article for article, _ in best}) < len(best):
            for axis, article, value in _superseded(best, ranges):
                cell = stale.setdefault((axis, article), [0, 0])
                cell[0] += value
                cell[1] += 1
    return {axis: _columns(axis, cells, stale) for axis, cells in sums.items()}


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


def _columns(
    axis: str, cells: dict[tuple[str, str], list[int]], stale: dict[tuple[str, str], list[int]]
) -> Tally:
    made = Tally([], [], [], [], {})
    several: dict[str, dict[str, list[int]]] = {}
    keys = sorted(cells)
    for n, (article, version) in enumerate(keys):
        total, count = cells[article, version]
        beside = (n and keys[n - 1][0] == article) or (n + 1 < len(keys) and keys[n + 1][0] == article)
        if beside:
            several.setdefault(article, {})[version] = [total, count]
        else:
            made.articles.append(article)
            made.versions.append(version)
            made.means.append(mean(total, count))
            made.raters.append(count)
    for article, versions in several.items():
        less = stale.get((axis, article), (0, 0))
        total = sum(cell[0] for cell in versions.values()) - less[0]
        count = sum(cell[1] for cell in versions.values()) - less[1]
        made.mixed[article] = {version: (mean(*cell), cell[1]) for version, cell in versions.items()}
        made.mixed[article][""] = (mean(total, count), count)
    return made
