"""What there is to go by: which raters and columns tell something, and whether that is enough for a map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion.model import Weight
from newsrepo.scores.opinion.sheet import Ints, Sheet

NEED_RATERS = 8
NEED_CONTINGENTS = 4
NEED_COLUMNS = 6
NEED_PER_COLUMN = 3
"""The least that a map is drawn of. Two poles of two contingents each are the fewest that can be told from
one contingent that stands alone; a column fewer than three rated tells next to nothing."""

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


def sift(sheet: Sheet, unit: Ints, weight: Weight, least: int) -> Usable:
    """What is usable of a sheet; ``unit`` is the contingent of each rater."""
    rows, cols = len(sheet.raters), len(sheet.columns)
    same = _same(sheet)
    raters = ~same
    columns = np.ones(cols, dtype=bool)
    while True:
        entries = columns[sheet.col] & raters[sheet.row]
        heard = np.bincount(sheet.col[entries], minlength=cols) >= NEED_PER_COLUMN
        if weight is Weight.CONTINGENT:
            pairs = np.unique(sheet.col[entries] * (rows + 1) + unit[sheet.row[entries]])
            heard &= np.bincount(pairs // (rows + 1), minlength=cols) >= 2
        said = np.bincount(sheet.row[entries & heard[sheet.col]], minlength=rows) >= least
        if np.array_equal(columns & heard, columns) and np.array_equal(raters & said, raters):
            break
        columns, raters = columns & heard, raters & said
    return Usable(raters, same, columns, columns[sheet.col], tuple(_missing(raters, columns, unit, weight)))


def _same(sheet: Sheet) -> NDArray[np.bool_]:
    rows = len(sheet.raters)
    count = np.bincount(sheet.row, minlength=rows)
    low, high = np.full(rows, np.inf), np.full(rows, -np.inf)
    np.minimum.at(low, sheet.row, sheet.values)
    np.maximum.at(high, sheet.row, sheet.values)
    same: NDArray[np.bool_] = (count >= _SAME) & (low == high)
    return same


def _missing(raters: NDArray[np.bool_], columns: NDArray[np.bool_], unit: Ints, weight: Weight) -> list[str]:
    found = []
    have = int(raters.sum())
    if have < NEED_RATERS:
        found.append(f"{NEED_RATERS} raters with ratings enough (there are {have})")
    have = len(np.unique(unit[raters]))
    if weight is Weight.CONTINGENT and have < NEED_CONTINGENTS:
        found.append(f"{NEED_CONTINGENTS} contingents that rate (there are {have})")
    have = int(columns.sum())
    if have < NEED_COLUMNS:
        two = " of two contingents" if weight is Weight.CONTINGENT else ""
        found.append(
            f"{NEED_COLUMNS} works rated by {NEED_PER_COLUMN} raters{two} or more (there are {have})"
        )
    return found
