"""What there is to go by: which raters and columns tell something, and whether that is enough for a map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion import needs
from newsrepo.scores.opinion.model import Weight
from newsrepo.scores.opinion.sheet import Ints, Sheet

_SAME = 10  # so many ratings, all alike, say nothing of the works


@dataclass(frozen=True)
class Usable:
    """Masks over raters, columns and entries. ``entries`` are those of usable columns, whoever gave them;
    ``same`` marks raters who gave everything one value. ``missing`` says what is lacking, with figures."""

    raters: NDArray[np.bool_]
    same: NDArray[np.bool_]
    columns: NDArray[np.bool_]
    entries: NDArray[np.bool_]
    missing: tuple[str, ...]


def sift(sheet: Sheet, unit: Ints, own: Ints, weight: Weight, least: int) -> Usable:
    """What is usable of a sheet; ``unit`` is the contingent of each rater, ``own`` what holds up no pole
    alone."""
    rows, cols = len(sheet.raters), len(sheet.columns)
    same = _same(sheet)
    raters = ~same
    columns = np.ones(cols, dtype=bool)
    while True:
        entries = columns[sheet.col] & raters[sheet.row]
        heard = np.bincount(sheet.col[entries], minlength=cols) >= needs.PER_COLUMN
        if weight is Weight.CONTINGENT:
            pairs = np.unique(sheet.col[entries] * (rows + 1) + own[sheet.row[entries]])
            heard &= np.bincount(pairs // (rows + 1), minlength=cols) >= 2
        said = np.bincount(sheet.row[entries & heard[sheet.col]], minlength=rows) >= least
        if np.array_equal(columns & heard, columns) and np.array_equal(raters & said, raters):
            break
        columns, raters = columns & heard, raters & said
    heard_of = len(np.unique(unit[raters]))
    missing = needs.lacking(weight, int(raters.sum()), heard_of, int(columns.sum()))
    return Usable(raters, same, columns, columns[sheet.col], missing)


def _same(sheet: Sheet) -> NDArray[np.bool_]:
    rows = len(sheet.raters)
    count = np.bincount(sheet.row, minlength=rows)
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    np.minimum.at(low, sheet.row, sheet.values)
    np.maximum.at(high, sheet.row, sheet.values)
    same: NDArray[np.bool_] = (count >= _SAME) & (low == high)
    return same
