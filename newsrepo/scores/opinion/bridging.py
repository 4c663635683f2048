"""What raters value whichever side they stand on: the bridging score of Community Notes.

Wojcik, Hilgard, Judd and others, "Birdwatch: Crowd Wisdom and Bridging Algorithms can Inform Understanding
and Reduce the Spread of Misinformation" (2022): a rating is mu + i_u + i_n + f_u f_n, the intercepts punished
five times harder than the factors, so that whatever sides explain is explained by sides first, and only what
is left counts for the work. Minimised by alternating least squares from the map's own first direction.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.sheet import Floats

PUNISH_INTERCEPT = 0.15
PUNISH_FACTOR = 0.03

_ROUNDS = 20
_ALIKE = 3e-4


@dataclass(frozen=True)
class Bridging:
    """``intercept`` of each column: how much it is valued beyond what sides explain; ``level`` is mu."""

    intercept: Floats
    level: float


def bridge(table: Table, marks: Floats, sides: Floats) -> Bridging:
    """Fit the model to ``marks`` (0 to 1), starting where raters stand (``sides``, about unit variance)."""
    given = table.by_row(marks)
    by_col = _Side(table.there_by_col, given.T.tocsr(), table.weight)
    by_row = _Side(table.there, given, np.ones(table.cols))
    heard = table.heard
    whole, marked = float(heard.sum()), float(table.weight @ table.row_sums(marks))
    level = marked / whole
    lenient = np.zeros(table.rows)
    factor = sides.copy()
    intercept = np.zeros(table.cols)
    for _ in range(_ROUNDS):
        before = intercept
        intercept, loading = by_col.solve(level + lenient, factor)
        lenient, factor = by_row.solve(level + intercept, loading)
        explained = table.weight * table.counts @ lenient + heard @ intercept
        explained += (table.weight * factor) @ (table.there @ loading)
        level = (marked - float(explained)) / (whole + PUNISH_INTERCEPT)
        if float(np.abs(intercept - before).max()) < _ALIKE:
            break
    return Bridging(intercept, level)


@dataclass(frozen=True)
class _Side:
    """The columns, each with the raters who rated it, or the raters, each with its columns.

    ``there`` and ``given`` have a row for each of the one side and a column for each of the other, which
    weigh ``weight``. No entry is looked at: all sums follow from products of these with a few vectors.
    """

    there: Any
    given: Any
    weight: Floats

    def solve(self, taken: Floats, other: Floats) -> tuple[Floats, Floats]:
        """Intercept and factor of each, given everything else: two equations each. ``taken`` is what is
        explained already, and ``other`` the factor, of each of the other side."""
        w = self.weight
        a, b, d, e, f = (
            self.there @ np.stack([w, w * other, w * other**2, w * taken, w * taken * other], axis=1)
        ).T
        e_given, f_given = (self.given @ np.stack([w, w * other], axis=1)).T
        a, d, e, f = a + PUNISH_INTERCEPT, d + PUNISH_FACTOR, e_given - e, f_given - f
        det = a * d - b * b
        return (d * e - b * f) / det, (a * f - b * e) / det
