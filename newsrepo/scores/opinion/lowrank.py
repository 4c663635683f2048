"""Where raters stand: a few directions, learnt from the ratings that are there and from no others.

Probabilistic principal components with missing values (Ilin and Raiko 2010), each direction with its own
prior width (Bishop 1999): a rating is the rater's place times the work's loadings plus noise. What was not
rated takes no part in any sum, so a rater of three works is placed by three works, and less surely.
Everything starts from one singular value decomposition, so there is no chance in it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.linalg import LinearOperator, svds

from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.sheet import Floats

DIMENSIONS = 4
"""How many directions are learnt. Two are drawn; the others keep what does not fit the plane off it."""

_SMALL = 700
_MOST_ROUNDS, _FEW_ROUNDS = 120, 30
_MANY_RATINGS = 500_000  # from which on fewer rounds say as much
_NARROW = 1e-9
_WIDE = 1.0  # a loading as wide as this would be half an axis: hardly any shrinking
_LOST = 0.5  # a direction of which less than this is not uncertainty has been lost


@dataclass(frozen=True)
class Model:
    """``loadings`` of columns, in principal order; ``slack`` is how unsure they are; ``noise`` is the
    variance of a rating about what its rater's place says; ``widths`` how much each direction tells; ``kept``
    how many tell more than they are unsure."""

    loadings: Floats
    slack: Floats
    noise: float
    widths: Floats
    kept: int


@dataclass(frozen=True)
class Places:
    """Of each rater the place and how unsure it is (a covariance), in standard units of each direction."""

    mean: Floats
    cov: Floats


def directions(table: Table, rest: Floats, count: int) -> tuple[Floats, Floats]:
    """The leading singular values of the weighted table, and the columns' part in each."""
    matrix = table.by_row(rest * np.sqrt(table.weight)[table.row])
    rows, cols = matrix.shape
    count = min(count, rows, cols)
    if min(rows, cols) <= _SMALL and rows * cols <= 4_000_000:
        dense = matrix.toarray()
        small = dense @ dense.T if rows <= cols else dense.T @ dense
        square, vectors = np.linalg.eigh(small)
        values = np.sqrt(np.maximum(square[::-1][:count], 0.0))
        vectors = vectors[:, ::-1][:, :count]
        if rows <= cols:
            vectors = dense.T @ vectors / np.maximum(values, 1e-12)
        return values, vectors
    other = matrix.T.tocsr()
    operator = LinearOperator(
        matrix.shape, matvec=lambda v: matrix @ v, rmatvec=lambda v: other @ v, dtype=np.float64
    )
    start = 1.0 + np.cos(np.arange(min(rows, cols)))  # any start that is the same everywhere
    _, values, right = svds(operator, k=count, v0=start, tol=1e-2)
    order = np.argsort(-values, kind="stable")
    return values[order], right[order].T


def fit(table: Table, rest: Floats, sure: int, count: int = DIMENSIONS) -> Model:
    """Learn at most ``count`` directions from the entries that are there.

    Directions that tell less than their uncertainty shrink to nothing. Where all of them would, though
    ``sure`` ones are known to be beyond chance, these are learnt again as they come, without shrinking: few
    contingents, each weighing one, can hold up no others.
    """
    model = _learn(table, rest, count, shrinking=True)
    told = (model.loadings**2).sum(axis=0)
    lost = told < _LOST * (told + np.einsum("mii->i", model.slack))
    if sure and lost[0]:
        return _learn(table, rest, sure, shrinking=False)
    return replace(model, kept=int(np.argmax(np.append(lost, True))))


def _learn(table: Table, rest: Floats, count: int, *, shrinking: bool) -> Model:
    by_row = table.by_row(rest)
    there, there_col = table.there, table.there_by_col
    by_col = by_row.T.tocsr()
    weight = table.weight
    whole = float(weight.sum())
    given = float(weight @ table.counts)
    squares = float(weight @ table.row_sums(rest**2))
    values, vectors = directions(table, rest, count)
    count = len(values)
    loadings = vectors * values / np.sqrt(whole)
    slack: Floats = np.zeros((table.cols, count, count))
    noise = max(0.8 * squares / given, 1e-6)
    widths = np.maximum((loadings**2).mean(axis=0), _NARROW)
    many = len(rest) >= _MANY_RATINGS
    for turn in range(_FEW_ROUNDS if many else _MOST_ROUNDS):
        places = _place(there, by_row, loadings, slack, noise)
        second = places.mean[:, :, None] * places.mean[:, None, :] + places.cov
        gram = _squared(there_col @ (weight[:, None] * _packed(second)), count)
        seen = by_col @ (weight[:, None] * places.mean)
        prior = widths if shrinking else np.full(count, _WIDE)
        slack = np.asarray(noise * np.linalg.inv(gram + noise * np.diag(1 / prior)), dtype=np.float64)
        loadings = np.einsum("mij,mj->mi", slack, seen) / noise
        if not shrinking:
            slack = np.zeros_like(slack)
        both = loadings[:, :, None] * loadings[:, None, :] + slack
        left = squares - 2 * float((seen * loadings).sum()) + float((gram * both).sum())
        noise = max(left / given, 1e-6)
        # Places have unit variance by definition, and directions stand in order of what they tell.
        unit = np.linalg.cholesky(np.einsum("n,nij->ij", weight, second) / whole)
        loadings, slack = loadings @ unit, unit.T @ slack @ unit
        _, turned = np.linalg.eigh(loadings.T @ loadings + slack.sum(axis=0))
        turned = turned[:, ::-1]
        loadings, slack = loadings @ turned, turned.T @ slack @ turned
        before = widths
        widths = (loadings**2 + np.einsum("mii->mi", slack)).mean(axis=0)
        widths = np.maximum(widths, _NARROW)
        tolerance = 1e-3 if many else 1e-5
        if turn > 3 and float(np.abs(widths - before).max()) <= tolerance * float(widths.max()):
            break
    return Model(loadings, slack, noise, np.sqrt(widths), count)


def place(table: Table, rest: Floats, model: Model) -> Places:
    """Where each rater of ``table`` stands by these ratings."""
    return _place(table.there, table.by_row(rest), model.loadings, model.slack, model.noise)


def _place(there: Any, by_row: Any, loadings: Floats, slack: Floats, noise: float) -> Places:
    count = loadings.shape[1]
    both = loadings[:, :, None] * loadings[:, None, :] + slack
    gram = _squared(there @ (_packed(both) / noise), count)
    cov = _inverse(gram + np.eye(count))
    mean = np.einsum("nij,nj->ni", cov, by_row @ (loadings / noise))
    return Places(mean, cov)


def _inverse(matrices: Floats) -> Floats:
    """The inverses of many small, positive definite matrices: one pivot after the other, of all at once."""
    rows = np.moveaxis(matrices, 0, -1).copy()  # by cell: an operation runs over all matrices
    for p in range(len(rows)):
        pivot = 1 / rows[p, p]
        rows[p, p] = 1.0
        rows[p] *= pivot
        for other in range(len(rows)):
            if other != p:
                times = rows[other, p].copy()
                rows[other, p] = 0.0
                rows[other] -= times * rows[p]
    return np.ascontiguousarray(np.moveaxis(rows, -1, 0))


def _triangle(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(count)
    return first, second


def _packed(symmetric: Floats) -> Floats:
    """The upper triangles of symmetric matrices, a row each."""
    first, second = _triangle(symmetric.shape[-1])
    return np.ascontiguousarray(symmetric[:, first, second])


def _squared(packed: Floats, count: int) -> Floats:
    first, second = _triangle(count)
    full = np.empty((packed.shape[0], count, count))
    full[:, first, second] = packed
    full[:, second, first] = packed
    return full
