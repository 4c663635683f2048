"""How many groups the data bear: directions beyond chance, and poles that no contingent holds up alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion import grouping
from newsrepo.scores.opinion.chance import Against, against_chance
from newsrepo.scores.opinion.lowrank import Model, fit, place
from newsrepo.scores.opinion.matrix import Centred, Table, centre
from newsrepo.scores.opinion.model import Weight
from newsrepo.scores.opinion.sheet import Floats, Ints, Sheet
from newsrepo.scores.opinion.usable import Usable
from newsrepo.scores.opinion.voices import Voices

_MOST_ASIDE = 24
_LEAST_SUPPORT = 0.5  # what must remain of a pole without its weightiest contingent, in contingents
_LEAST_RATERS = 3
_LEAST_SHARE = 0.02
_UNPARTED = -0.1  # a division so much less clear than one of an even spread parts nobody
_CLEARER = 0.02  # by how much a division into more groups must be clearer than one into fewer


@dataclass(frozen=True)
class Settled:
    """What the loop over would-be poles came to: ``groups`` are of the raters ``rows``; None: one pole."""

    centred: Centred
    model: Model
    against: Against
    groups: grouping.Groups | None
    rows: Ints
    dimensions: int


def part(sheet: Sheet, usable: Usable, rows: NDArray[np.bool_], weight: Floats) -> tuple[Table, Floats]:
    """The table of these raters and of the usable columns, and its values."""
    entries = usable.entries & rows[sheet.row]
    row_place = np.cumsum(rows) - 1
    col_place = np.cumsum(usable.columns) - 1
    table = Table(
        row_place[sheet.row[entries]],
        col_place[sheet.col[entries]],
        int(rows.sum()),
        int(usable.columns.sum()),
        weight[rows],
    )
    return table, sheet.values[entries]


def settle(sheet: Sheet, usable: Usable, voices: Voices, weight: Weight) -> Settled:
    """Fit the map, setting would-be poles aside that stand on one contingent alone, until none does.

    Who was set aside has no say in where the directions lie and how many groups there are.
    """
    among = usable.raters.copy()
    own = voices.own
    seed = sheet.digest()
    for _ in range(_MOST_ASIDE):
        table, values = part(sheet, usable, among, voices.shares(among))
        rows = np.flatnonzero(among)
        against = against_chance(table, values, own[among], seed)
        centred = centre(table, values)
        model = fit(table, centred.rest, against.dimensions)
        found = place(table, centred.rest, model)
        dimensions = min(against.dimensions, model.kept)
        if not dimensions:
            return Settled(centred, model, against, None, rows, 0)
        spots = scaled(found.mean, model)[:, :dimensions]
        groups, alone = _count(spots, table.weight, own[among], dimensions, weight)
        if groups is not None or not alone.any() or alone.all():
            return Settled(centred, model, against, groups, rows, dimensions)
        among[rows[alone]] = False
        if len(np.unique(own[among])) < 2 or among.sum() < _LEAST_RATERS:
            break
    return Settled(centred, model, against, None, rows, 0)


def scaled(mean: Floats, model: Model) -> Floats:
    """Places in units of the spread along the first direction."""
    scaled: Floats = mean * (model.widths / model.widths[0])
    return scaled


def _count(
    spots: Floats, weight: Floats, own: Ints, dimensions: int, how: Weight
) -> tuple[grouping.Groups | None, NDArray[np.bool_]]:
    """The clearest division whose groups all have support; else None, and who keeps up those that lack it."""
    best: grouping.Groups | None = None
    alone = np.zeros(len(spots), dtype=bool)
    worst = -np.inf
    for count in range(2, min(dimensions + 1, len(spots) - 1) + 1):
        groups = grouping.split(spots, weight, count)
        if groups.gap < _UNPARTED or grouping.amid(groups.centres):
            continue
        lacking = [g for g in range(count) if not _supported(groups.label == g, weight, own, how)]
        if lacking:
            if groups.gap > worst:
                worst = groups.gap
                alone = np.logical_or.reduce(
                    [_keeping_up(groups.label == g, weight, own, how) for g in lacking]
                )
        elif best is None or groups.gap > best.gap + _CLEARER:
            best = groups
    return best, alone


def _supported(mine: NDArray[np.bool_], weight: Floats, own: Ints, how: Weight) -> bool:
    """Whether a group is more than a few raters, or than one contingent with a few of another."""
    if how is Weight.RATER:
        return bool(mine.sum() >= max(_LEAST_RATERS, _LEAST_SHARE * len(mine)))
    by_unit = np.bincount(own[mine], weights=weight[mine], minlength=1)
    return float(by_unit.sum() - by_unit.max()) >= _LEAST_SUPPORT


def _keeping_up(mine: NDArray[np.bool_], weight: Floats, own: Ints, how: Weight) -> NDArray[np.bool_]:
    """The raters who keep such a group up: all of it, or those of its weightiest contingent."""
    if how is Weight.RATER or not mine.any():
        return mine
    first = int(np.argmax(np.bincount(own[mine], weights=weight[mine])))
    found: NDArray[np.bool_] = mine & (own == first)
    return found
