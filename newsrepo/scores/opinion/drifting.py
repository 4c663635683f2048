"""How groups moved: where each stood by what its raters said in one month, on the map of all months."""

from datetime import date

import numpy as np

from newsrepo.scores.opinion.lowrank import Model
from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.model import Drift
from newsrepo.scores.opinion.sheet import Floats, Ints

_LEAST_RATINGS = 3


def by_month(
    table: Table,
    rest: Floats,
    days: Ints,
    label: Ints,
    count: int,
    model: Model,
    scaled: Floats,
    digits: int,
) -> tuple[Drift, ...]:
    """One line a month and group, in order; groups who said less than three things that month are left out.

    The place is the one that explains that month's ratings of the whole group best, so it does not shrink
    towards the middle with the number of ratings as a single rater's does.
    """
    inside = label[table.row] >= 0
    row, col, left = table.row[inside], table.col[inside], rest[inside]
    months, month = _months(days[inside])
    cell = month * count + label[row]
    size = len(months) * count
    weight = table.weight[row]
    width = model.loadings.shape[1]
    seen = np.stack(
        [
            np.bincount(cell, weights=weight * model.loadings[col, d] * left, minlength=size)
            for d in range(width)
        ],
        axis=1,
    )
    gram = np.empty((size, width, width))
    for d in range(width):
        for e in range(width):
            both = model.loadings[:, d] * model.loadings[:, e] + model.slack[:, d, e]
            gram[:, d, e] = np.bincount(cell, weights=weight * both[col], minlength=size)
    ratings = np.bincount(cell, minlength=size)
    pairs = np.unique(cell * table.rows + row)
    raters = np.bincount(pairs // table.rows, minlength=size)
    found = []
    for n in range(size):
        if ratings[n] < _LEAST_RATINGS:
            continue
        at = np.linalg.solve(gram[n] + 1e-6 * np.eye(width), seen[n]) * scaled
        x, y = float(at[0]), float(at[1]) if width > 1 else 0.0
        found.append(
            Drift(
                months[n // count],
                n % count,
                round(x, digits) + 0.0,
                round(y, digits) + 0.0,
                int(raters[n]),
                int(ratings[n]),
            )
        )
    return tuple(found)


def _months(days: Ints) -> tuple[list[str], Ints]:
    """The months in order, and which of them each day is in."""
    known, which = np.unique(days, return_inverse=True)
    names = [date.fromordinal(int(day)).strftime("%Y-%m") for day in known]
    months = sorted(set(names))
    place = np.array([months.index(name) for name in names], dtype=np.int64)
    return months, place[which] if len(place) else which.astype(np.int64)
