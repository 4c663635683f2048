"""How much of what is seen chance alone would make: the same ratings, shuffled within each column.

A shuffle keeps who rated what, how often and how each work is rated on the whole, and destroys only which
raters agree. A unit that weighs one (a contingent, or with ``Weight.RATER`` a rater) is shuffled as one:
raters of a contingent agree among themselves, and that alone is no pole of the commons.
"""

from dataclasses import dataclass

import numpy as np

from newsrepo.scores.opinion.lowrank import DIMENSIONS, strengths
from newsrepo.scores.opinion.matrix import Table, centre
from newsrepo.scores.opinion.sheet import Floats, Ints

NEEDED = 4.0
"""How many standard deviations of the shuffles a direction must be beyond their mean. Chance reaches that
less than once in a thousand maps."""

_SHUFFLES = 20
_FEW_SHUFFLES = 5
_LOOK = 6  # after so many shuffles the answer is looked at: most often it is plain by then
_PLAINLY = 3.0  # so many times what is needed: by six shuffles that is rarer than four by twenty
_HARDLY = 0.25  # of what is needed: hardly beyond chance at all
_MANY_RATINGS = 500_000
_LEAST_SPREAD = 0.01  # of the mean: few shuffles may be alike by chance


@dataclass(frozen=True)
class Against:
    """The leading singular values as they are, and of each the mean and spread over the shuffles."""

    values: Floats
    mean: Floats
    spread: Floats
    shuffles: int

    @property
    def dimensions(self) -> int:
        """How many directions are beyond chance, counted from the first until one is not."""
        beyond = self.values > self.mean + NEEDED * self.spread
        return int(np.argmin(np.append(beyond, False)))

    @property
    def plain(self) -> bool:
        """Whether more shuffles could hardly change how many directions count: those that do are far beyond
        what is needed, and the next is far from it."""
        count = self.dimensions
        surely = self.values[:count] > self.mean[:count] + _PLAINLY * NEEDED * self.spread[:count]
        after = slice(count, count + 1)
        hardly = self.values[after] <= self.mean[after] + _HARDLY * NEEDED * self.spread[after]
        return bool(surely.all() and hardly.all())

    @property
    def ratio(self) -> float:
        """How much more raters differ along the first direction than by chance."""
        return float((self.values[0] / self.mean[0]) ** 2) if self.mean[0] > 0 else 1.0

    @property
    def beyond(self) -> float:
        return float((self.values[0] - self.mean[0]) / self.spread[0]) if self.spread[0] > 0 else 0.0


def against_chance(table: Table, values: Floats, unit: Ints, seed: bytes) -> Against:
    """Set the table's directions against those of shuffles; ``unit`` says which rows are shuffled as one.

    Where units have several raters, what each unit says on the whole is tried as well, the loud ones turned
    down to the usual loudness: one contingent that gives every work an extreme mark, or a thousand raters
    who contradict each other, must not drown what sets the others apart. The surer answer counts.
    """
    random = np.random.Generator(np.random.PCG64(int.from_bytes(seed, "big")))
    single = _against(table, values, unit, random)
    if len(np.unique(unit)) == table.rows:
        return single
    whole, means = _together(table, values, unit)
    together = _against(whole, means, np.arange(whole.rows), random, even=True)
    return max(single, together, key=lambda a: (a.dimensions, a.beyond))


def _against(
    table: Table, values: Floats, unit: Ints, random: np.random.Generator, *, even: bool = False
) -> Against:
    shuffles = _SHUFFLES if len(values) < _MANY_RATINGS else _FEW_SHUFFLES
    true = _strengths(table, values, even=even)
    cells = _Cells.of(table, unit)
    drawn: list[Floats] = []
    while True:
        drawn.append(_strengths(table, cells.shuffled(values, random), even=even))
        if len(drawn) == shuffles or len(drawn) == _LOOK:
            found = _set_against(true, np.array(drawn))
            if len(drawn) == shuffles or found.plain:
                return found


def _set_against(true: Floats, drawn: Floats) -> Against:
    mean = drawn.mean(axis=0)
    spread = np.maximum(drawn.std(axis=0, ddof=1), _LEAST_SPREAD * mean)
    return Against(true, mean, spread, len(drawn))


def _together(table: Table, values: Floats, unit: Ints) -> tuple[Table, Floats]:
    """A table with a row for each unit, and in it what its raters say of each column in the mean."""
    units, row = np.unique(unit, return_inverse=True)
    key = row[table.row] * table.cols + table.col
    cells, entry = np.unique(key, return_inverse=True)
    weight = table.weight[table.row]
    means = np.bincount(entry, weights=weight * values) / np.bincount(entry, weights=weight)
    whole = np.round(np.bincount(row, weights=table.weight), 9).astype(np.float64)
    return Table(cells // table.cols, cells % table.cols, len(units), table.cols, whole), means


def _strengths(table: Table, values: Floats, *, even: bool) -> Floats:
    """The leading singular values; zeros where the table has fewer. ``even``: no row is louder than usual."""
    rest = centre(table, values).rest
    if even:
        loud = np.sqrt(table.row_sums(rest**2) / np.maximum(table.counts, 1))
        usual = float(np.median(loud))
        rest = rest * np.minimum(1.0, usual / np.maximum(loud, 1e-12))[table.row]
    found = strengths(table, rest, DIMENSIONS)
    return np.append(found, np.zeros(DIMENSIONS - len(found)))


@dataclass(frozen=True)
class _Cells:
    """Entries by column, and in a column by unit: a cell is what one unit says of one column."""

    order: Ints
    cell: Ints
    start: Ints
    size: Ints
    col: Ints

    @classmethod
    def of(cls, table: Table, unit: Ints) -> "_Cells":
        units = unit[table.row]
        order = np.lexsort((table.row, units, table.col))
        key = table.col[order] * (int(unit.max()) + 1) + units[order]
        fresh = np.append(True, key[1:] != key[:-1])
        start = np.flatnonzero(fresh)
        return cls(
            order,
            np.cumsum(fresh) - 1,
            start,
            np.diff(np.append(start, len(key))),
            table.col[order][start],
        )

    def shuffled(self, values: Floats, random: np.random.Generator) -> Floats:
        """Each cell takes the values of another cell of its column, in turn from a place drawn by lot."""
        within = np.argsort(self.cell + random.random(len(self.cell)), kind="stable")
        mixed = values[self.order[within]]
        other = np.argsort(self.col + random.random(len(self.col)), kind="stable")
        turn = np.arange(len(self.cell)) - self.start[self.cell]
        source = other[self.cell]
        found = np.empty_like(values)
        found[self.order] = mixed[self.start[source] + turn % self.size[source]]
        return found
