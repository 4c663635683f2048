"""What tells groups apart and what they share: each work through the eyes of each group."""

from dataclasses import dataclass

import numpy as np

from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.sheet import Floats, Ints

LEAST_HEARD = 2
"""How many raters of a group must have rated a work before it tells anything about the group."""


@dataclass(frozen=True)
class Views:
    """By group and column: the mean (NaN where nobody rated), how many rated, and how much they weigh;
    ``spread`` is the variance of ratings within groups."""

    mean: Floats
    raters: Ints
    weight: Floats
    spread: float


def views(table: Table, values: Floats, label: Ints, count: int) -> Views:
    """What each group says of each column; ``label`` -1 is of no group."""
    group = label[table.row]
    inside = group >= 0
    cell = group[inside] * table.cols + table.col[inside]
    weight = table.weight[table.row][inside]
    size = count * table.cols
    total = np.bincount(cell, weights=weight, minlength=size).astype(np.float64)
    raters = np.bincount(cell, minlength=size)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(cell, weights=weight * values[inside], minlength=size) / total
    left = (values[inside] - mean[cell]) ** 2
    spread = float(weight @ left / max(weight.sum(), 1e-12))
    shape = (count, table.cols)
    return Views(mean.reshape(shape), raters.reshape(shape), total.reshape(shape), max(spread, 1e-6))


def dividing(seen: Views, first: int, second: int) -> list[int]:
    """The columns on which two groups surely differ, the surest first: by the difference of their means in
    standard errors."""
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(seen.spread * (1 / seen.weight[first] + 1 / seen.weight[second]))
        apart = np.abs(seen.mean[first] - seen.mean[second]) / error
    heard = np.minimum(seen.raters[first], seen.raters[second]) >= LEAST_HEARD
    order = np.argsort(-np.round(np.where(heard, apart, -1.0), 9), kind="stable")
    return [int(c) for c in order if heard[c] and apart[c] > 0]


def shared(seen: Views, score: Floats) -> list[int]:
    """The columns that every group values above neutral, in order of their bridging score."""
    heard = seen.raters.min(axis=0) >= LEAST_HEARD
    liked = heard & (np.where(heard, seen.mean, -1.0).min(axis=0) > 0)
    order = np.argsort(-np.round(score, 9), kind="stable")
    return [int(c) for c in order if liked[c] and score[c] > 0]
