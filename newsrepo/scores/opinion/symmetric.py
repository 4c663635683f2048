"""Many small symmetric matrices at once, as cells: one row for each cell of the upper triangle, along which
run all the matrices. An operation is then a few dozen long sums, whatever the number of matrices."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from newsrepo.scores.opinion.sheet import Floats


@cache
def triangle(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of each cell of matrices of this size, in order."""
    first, second = np.triu_indices(size)
    return first, second


@cache
def _place(size: int) -> NDArray[np.intp]:
    """The number of the cell at each row and column, of either triangle."""
    first, second = triangle(size)
    place = np.empty((size, size), dtype=np.intp)
    place[first, second] = place[second, first] = np.arange(len(first))
    return place


def squares(vectors: Floats) -> Floats:
    """Each vector times itself turned round; vectors and cells run along the last axis."""
    first, second = triangle(len(vectors))
    return np.asarray(vectors[first] * vectors[second], dtype=np.float64)


def diagonal(size: int) -> NDArray[np.intp]:
    """The cells on the diagonal, in order."""
    return np.diagonal(_place(size))


def often(size: int) -> Floats:
    """How often each cell is in the whole matrix: once on the diagonal, else twice."""
    first, second = triangle(size)
    return np.where(first == second, 1.0, 2.0)


def whole(cells: Floats, size: int) -> Floats:
    """The matrices themselves, the matrix first; of a single one's cells, that one."""
    return np.ascontiguousarray(np.moveaxis(cells[_place(size)], (0, 1), (-2, -1)))


def inverse(cells: Floats, size: int) -> Floats:
    """The inverses of positive definite matrices, by sweeping one pivot after the other (J. H. Goodnight,
    "A tutorial on the SWEEP operator", 1979)."""
    place = _place(size).tolist()
    swept = -cells
    for p in range(size):
        others = [n for n in range(size) if n != p]
        pivot = 1 / swept[place[p][p]]
        column = {n: swept[place[n][p]] * pivot for n in others}
        for at, n in enumerate(others):
            for m in others[at:]:
                swept[place[n][m]] -= column[n] * swept[place[m][p]]
        for n in others:
            swept[place[n][p]] = column[n]
        swept[place[p][p]] = -pivot
    return swept


def times(cells: Floats, vectors: Floats) -> Floats:
    """Each matrix times its vector."""
    place = _place(len(vectors))
    found = np.empty_like(vectors)
    for n, row in enumerate(place):
        np.einsum("in,in->n", cells[row], vectors, out=found[n])
    return found


def turned(cells: Floats, by: Floats) -> Floats:
    """``by.T @ matrix @ by`` of each matrix."""
    first, second = triangle(len(by))
    share = by[np.ix_(first, first)] * by[np.ix_(second, second)]
    share += (
        np.where(first == second, 0.0, 1.0)[:, None] * by[np.ix_(second, first)] * by[np.ix_(first, second)]
    )
    return np.asarray(share.T @ cells, dtype=np.float64)
