"""What raters value whichever side they stand on: the bridging score of Community Notes.

Wojcik, Hilgard, Judd and others, "Birdwatch: Crowd Wisdom and Bridging Algorithms can Inform Understanding
and Reduce the Spread of Misinformation" (2022): a rating is mu + i_u + i_n + f_u f_n, the intercepts punished
five times harder than the factors, so that whatever sides explain is explained by sides first, and only what
is left counts for the work. Minimised by alternating least squares from the map's own first direction.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
    row, col = table.row, table.col
    weight = table.weight[row]
    level = float(np.average(marks, weights=weight))
    lenient = np.zeros(table.rows)
    factor = sides.copy()
    intercept = np.zeros(table.cols)
    loading = np.zeros(table.cols)
    for _ in range(_ROUNDS):
        before = intercept
        left = marks - level - lenient[row]
        intercept, loading = _solve(table.col_sums, weight, left, factor[row])
        left = marks - level - intercept[col]
        ones = np.ones_like(weight)
        lenient, factor = _solve(table.row_sums, ones, left, loading[col])
        left = marks - lenient[row] - intercept[col] - factor[row] * loading[col]
        level = float((weight @ left) / (weight.sum() + PUNISH_INTERCEPT))
        if float(np.abs(intercept - before).max()) < _ALIKE:
            break
    return Bridging(intercept, level)


def _solve(
    sums: Callable[[Floats], Floats], weight: Floats, left: Floats, other: Floats
) -> tuple[Floats, Floats]:
    """Intercept and factor of each row, or of each column, given everything else: two equations each."""
    a = sums(weight) + PUNISH_INTERCEPT
    b = sums(weight * other)
    d = sums(weight * other**2) + PUNISH_FACTOR
    e, f = sums(weight * left), sums(weight * left * other)
    det = a * d - b * b
    return (d * e - b * f) / det, (a * f - b * e) / det
