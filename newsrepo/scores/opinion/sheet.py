"""Ratings as sparse columns in one canonical order, so that the order in which they came changes nothing."""

import hashlib
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from newsrepo.commons.model import Spoken
from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId
from newsrepo.records import types as t

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sheet:
    """One entry for each rating of one work on one axis, ordered by rater, then column.

    ``raters`` are in order of id, ``columns`` in order of work and axis. ``values`` are on a scale where the
    axis's neutral value is 0 and the end farther from it is 1 or -1. ``days`` are proleptic ordinals.
    """

    raters: tuple[RaterId, ...]
    columns: tuple[tuple[ArticleId, AxisId], ...]
    row: Ints
    col: Ints
    values: Floats
    days: Ints

    @property
    def contingents(self) -> tuple[tuple[ContingentId, ...], Ints]:
        """The contingents in order of id, and which of them each rater is of."""
        names = [ContingentId(rater.partition("/")[0]) for rater in self.raters]
        ids = tuple(sorted(set(names)))
        place = {name: n for n, name in enumerate(ids)}
        return ids, np.array([place[name] for name in names], dtype=np.int64)

    def only(self, entries: NDArray[np.bool_]) -> "Sheet":
        """These entries, with the raters and columns that have any."""
        return _ordered(
            self.raters,
            self.columns,
            self.row[entries],
            self.col[entries],
            self.values[entries],
            self.days[entries],
        )

    def digest(self) -> bytes:
        """Equal for equal ratings, whatever the machine."""
        whole = hashlib.blake2b(digest_size=16)
        whole.update("\n".join(self.raters).encode() + b"\0")
        whole.update("\n".join(f"{work} {axis}" for work, axis in self.columns).encode() + b"\0")
        for column in (self.row, self.col, np.round(self.values * 1e6).astype(np.int64)):
            whole.update(column.astype("<i8").tobytes())
        return whole.digest()


class _Places(dict[str, int]):
    """The number of each name, -1 for one that is not there."""

    def __missing__(self, name: str) -> int:
        return -1


def scale(axis: t.Axis) -> float:
    """How many units of an axis its longer side has."""
    return float(max(axis.max - axis.neutral, axis.neutral - axis.min, 1))


def gather(
    spoken: Iterable[tuple[RaterId, Spoken]],
    works: Collection[ArticleId],
    axes: Mapping[AxisId, t.Axis],
    since: date | None,
) -> Sheet:
    """The ratings that count of these works on these axes, from ``since`` on."""
    first = 0 if since is None else since.toordinal()
    wanted = _Places((axis, n) for n, axis in enumerate(axes))
    places = _Places((work, n) for n, work in enumerate(works))
    raters: list[RaterId] = []
    sizes: list[int] = []
    at, on, days, marks = array("q"), array("q"), array("q"), array("q")
    for rater, said in spoken:
        if said:
            told, kinds, values, dates = zip(*said, strict=True)
            raters.append(rater)
            sizes.append(len(told))
            at.extend(map(places.__getitem__, told))
            on.extend(map(wanted.__getitem__, kinds))
            marks.extend(values)
            days.extend(dates)
    work, axis = np.frombuffer(at, dtype=np.int64), np.frombuffer(on, dtype=np.int64)
    day = np.frombuffer(days, dtype=np.int64)
    used = (work >= 0) & (axis >= 0) & (day >= first)
    neutral = np.array([float(axis.neutral) for axis in axes.values()])[axis[used]]
    unit = np.array([scale(axis) for axis in axes.values()])[axis[used]]
    row = np.repeat(np.arange(len(raters)), sizes)[used]
    col = work[used] * len(axes) + axis[used]
    value = (np.frombuffer(marks, dtype=np.int64)[used] - neutral) / unit
    names = list(axes)
    ids = list(works)
    cells, inverse = np.unique(col, return_inverse=True)
    columns = tuple((ids[int(c) // len(names)], names[int(c) % len(names)]) for c in cells)
    return _ordered(
        tuple(raters),
        columns,
        row,
        inverse.astype(np.int64),
        value,
        day[used],
    )


def _ordered(
    raters: tuple[RaterId, ...],
    columns: tuple[tuple[ArticleId, AxisId], ...],
    row: Ints,
    col: Ints,
    values: Floats,
    days: Ints,
) -> Sheet:
    """The sheet in canonical order, without raters and columns that have nothing."""
    used_rows = sorted(np.unique(row).tolist(), key=raters.__getitem__)
    used_cols = sorted(np.unique(col).tolist(), key=columns.__getitem__)
    row = _renumbered(row, used_rows, len(raters))
    col = _renumbered(col, used_cols, len(columns))
    order = np.argsort(row * max(len(used_cols), 1) + col, kind="stable")
    return Sheet(
        tuple(raters[n] for n in used_rows),
        tuple(columns[n] for n in used_cols),
        row[order],
        col[order],
        values[order],
        days[order],
    )


def _renumbered(old: Ints, used: list[int], size: int) -> Ints:
    place = np.zeros(size, dtype=np.int64)
    place[used] = np.arange(len(used))
    return place[old]
