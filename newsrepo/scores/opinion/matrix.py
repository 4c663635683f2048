"""A sparse table of ratings from both sides, and its centring: what is left when works and raters are."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from newsrepo.scores.opinion.sheet import Floats, Ints

_SWEEPS = 12
_ALIKE = 1e-4  # of the variance: what differs less is the same


@dataclass(frozen=True)
class Table:
    """Who rated what: entries by ``row`` and ``col``, ordered by row and column. Rows weigh ``weight``."""

    row: Ints
    col: Ints
    rows: int
    cols: int
    weight: Floats

    def by_row(self, entries: Floats) -> Any:
        """A matrix of these entries; zeros are kept, since a rating of 0 is one."""
        starts = np.zeros(self.rows + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.row, minlength=self.rows), out=starts[1:])
        return sparse.csr_array((entries, self.col, starts), shape=(self.rows, self.cols))

    def row_sums(self, entries: Floats) -> Floats:
        return np.bincount(self.row, weights=entries, minlength=self.rows).astype(np.float64)

    def col_sums(self, entries: Floats) -> Floats:
        return np.bincount(self.col, weights=entries, minlength=self.cols).astype(np.float64)


@dataclass(frozen=True)
class Centred:
    """``rest`` is each entry less its column's mean and less how lenient its rater is.

    ``spread`` is how much raters' leniency varies, ``noise`` how much one rater's ratings do.
    """

    rest: Floats
    means: Floats
    spread: float
    noise: float

    def of(self, table: Table, values: Floats) -> Floats:
        """The same taken from ratings of other raters of these columns."""
        rest = values - self.means[table.col]
        return rest - _lenient(table, rest, self.spread, self.noise)[table.row]


def centre(table: Table, values: Floats) -> Centred:
    """Take from each rating what its work is rated on the whole, and how lenient its rater is.

    How much of a rater's mean is taken is learnt from the data: it is shrunk by the variance that raters'
    means have beyond what their ratings' own variance explains. Where nobody is more lenient than others (as
    with votes on statements that point both ways) nothing is taken, and no opinion is lost to centring.
    """
    weight = table.weight[table.row]
    total = np.maximum(table.col_sums(weight), 1e-12)
    counts = table.row_sums(np.ones_like(values))
    freedom = max(float(table.weight @ np.maximum(counts - 1, 0)), 1e-12)
    means = table.col_sums(weight * values) / total
    spread = noise = 0.0
    for _ in range(_SWEEPS):
        rest = values - means[table.col]
        own = table.row_sums(rest) / np.maximum(counts, 1)
        noise = float(table.weight @ table.row_sums((rest - own[table.row]) ** 2)) / freedom
        beyond = float(table.weight @ (own**2 - noise / np.maximum(counts, 1)))
        before, spread = spread, max(beyond / float(table.weight.sum()), 0.0)
        lenient = _lenient(table, rest, spread, noise)
        means = table.col_sums(weight * (values - lenient[table.row])) / total
        if abs(spread - before) <= _ALIKE * (spread + noise):
            break
    found = Centred(values, means, spread, noise)
    return replace(found, rest=found.of(table, values))


def _lenient(table: Table, rest: Floats, spread: float, noise: float) -> Floats:
    """How lenient each rater is, given what is left of the ratings without their columns' means."""
    counts = table.row_sums(np.ones_like(rest))
    lenient: Floats = table.row_sums(rest) * spread / np.maximum(counts * spread + noise, 1e-12)
    return lenient
