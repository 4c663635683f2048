"""Where raters stand: a few directions, learnt from the ratings that are there and from no others.

Probabilistic principal components with missing values (Ilin and Raiko 2010), each direction with its own
prior width (Bishop 1999): a rating is the rater's place times the work's loadings plus noise. What was not
rated takes no part in any sum, so a rater of three works is placed by three works, and less surely.
Everything starts from one singular value decomposition, so there is no chance in it.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from newsrepo.scores.opinion import symmetric
from newsrepo.scores.opinion.matrix import Table
from newsrepo.scores.opinion.sheet import Floats

DIMENSIONS = 4
"""How many directions are learnt. Two are drawn; the others keep what does not fit the plane off it."""

_SMALL = 700
_SPARSE = 40  # so many times as long takes one step of a product of sparse matrices as one of full ones
_MOST_ROUNDS, _FEW_ROUNDS = 120, 30
_MANY_RATINGS = 500_000  # from which on fewer rounds say as much
_NARROW = 1e-9
_WIDE = 1.0  # a loading as wide as this would be half an axis: hardly any shrinking
_LOST = 0.5  # a direction of which less than this is not uncertainty has been lost
_LEFT = 0.01  # what explains all but so much of everything explains nothing
_GONE = 0.1  # from less than this none has ever come back


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


def strengths(table: Table, rest: Floats, count: int) -> Floats:
    """The leading singular values of the weighted table."""
    matrix = _weighted(table, rest)
    if not _small(matrix):
        return _decomposed(matrix, count)[0]
    square = np.linalg.eigvalsh(_products(matrix))[::-1][:count]
    return np.asarray(np.sqrt(np.maximum(square, 0.0)), dtype=np.float64)


def directions(table: Table, rest: Floats, count: int) -> tuple[Floats, Floats]:
    """The leading singular values of the weighted table, and the columns' part in each."""
    matrix = _weighted(table, rest)
    rows, cols = matrix.shape
    if not _small(matrix):
        return _decomposed(matrix, count)
    square, vectors = np.linalg.eigh(_products(matrix))
    values = np.sqrt(np.maximum(square[::-1][:count], 0.0))
    vectors = vectors[:, ::-1][:, :count]
    if rows <= cols:
        vectors = matrix.T @ vectors / np.maximum(values, 1e-12)
    return values, vectors


def _weighted(table: Table, rest: Floats) -> Any:
    return table.by_row(rest * np.sqrt(table.weight)[table.row])


def _small(matrix: Any) -> bool:
    rows, cols = matrix.shape
    return bool(min(rows, cols) <= _SMALL and rows * cols <= 4_000_000)


def _products(matrix: Any) -> Floats:
    """Of the shorter side of a small matrix each row (or column) times each other."""
    rows, cols = matrix.shape
    across = np.bincount(matrix.indices, minlength=cols) if rows <= cols else np.diff(matrix.indptr)
    if _SPARSE * float(across @ across) > rows * cols * min(rows, cols):
        matrix = matrix.toarray()
    found = matrix @ matrix.T if rows <= cols else matrix.T @ matrix
    return np.asarray(found if isinstance(found, np.ndarray) else found.toarray(), dtype=np.float64)


def _decomposed(matrix: Any, count: int) -> tuple[Floats, Floats]:
    """The same of a large matrix, without products of its own size."""
    from scipy.sparse.linalg import LinearOperator, svds

    other = matrix.T.tocsr()
    operator = LinearOperator(
        matrix.shape, matvec=lambda v: matrix @ v, rmatvec=lambda v: other @ v, dtype=np.float64
    )
    size = min(matrix.shape)
    start = 1.0 + np.cos(np.arange(size))  # any start that is the same everywhere
    _, values, right = svds(operator, k=min(count, size), v0=start, tol=1e-2)
    order = np.argsort(-values, kind="stable")
    return values[order], right[order].T


def fit(table: Table, rest: Floats, sure: int, count: int = DIMENSIONS) -> Model:
    """Learn at most ``count`` directions from the entries that are there.

    Directions that tell less than their uncertainty shrink to nothing. Where all of them do, though ``sure``
    ones are known to be beyond chance, these are learnt again as they come, without shrinking: few
    contingents, each weighing one, can hold up no others. Where none is, or where these explain whatever was
    said, as they do where hardly anybody rated what others did, everybody stands in the middle.
    """
    model = _learn(table, rest, count, shrinking=True)
    told = (model.loadings**2).sum(axis=0)
    lost = told < _LOST * (told + np.einsum("mii->i", model.slack))
    if not lost[0]:
        return replace(model, kept=int(np.argmax(np.append(lost, True))))
    if sure:
        bare = _learn(table, rest, sure, shrinking=False)
        given = float(table.weight @ table.row_sums(rest**2)) / float(table.weight @ table.counts)
        if bare.noise > _LEFT * given:
            return bare
    nothing = np.zeros_like(model.loadings)
    return Model(nothing, np.zeros_like(model.slack), model.noise, np.full(model.kept, _NARROW), 0)


def _learn(table: Table, rest: Floats, count: int, *, shrinking: bool) -> Model:
    """Expectation and maximisation in turn until directions tell the same as a round before, or until hardly
    anything is left of any. Arrays run along raters or columns: loadings by direction, matrices by cell."""
    by_row = table.by_row(rest)
    there, there_col = table.there, table.there_by_col
    by_col = by_row.T.tocsr()
    weight = table.weight
    heavy = float(weight.sum())
    given = float(weight @ table.counts)
    squares = float(weight @ table.row_sums(rest**2))
    values, vectors = directions(table, rest, count)
    count = len(values)
    twice, diagonal = symmetric.often(count), symmetric.diagonal(count)
    loadings = np.ascontiguousarray((vectors * values / np.sqrt(heavy)).T)
    slack: Floats = np.zeros((len(twice), table.cols))
    noise = max(0.8 * squares / given, 1e-6)
    widths = np.maximum((loadings**2).mean(axis=1), _NARROW)
    many = len(rest) >= _MANY_RATINGS
    tolerance = 1e-3 if many else 1e-5
    for turn in range(_FEW_ROUNDS if many else _MOST_ROUNDS):
        mean, cov = _placed(there, by_row, loadings, slack, noise)
        second = symmetric.squares(mean) + cov
        gram = _sums(there_col, weight * second)
        seen = _sums(by_col, weight * mean)
        precise = gram.copy()
        precise[diagonal] += (noise / (widths if shrinking else np.full(count, _WIDE)))[:, None]
        inverse = symmetric.inverse(precise, count)
        loadings = symmetric.times(inverse, seen)
        slack = noise * inverse if shrinking else np.zeros_like(inverse)
        both = symmetric.squares(loadings) + slack
        left = squares - 2 * float((seen * loadings).sum()) + float(twice @ (gram * both).sum(axis=1))
        noise = max(left / given, 1e-6)
        # Places have unit variance by definition, and directions stand in order of what they tell.
        turn_by = np.linalg.cholesky(symmetric.whole(second @ weight / heavy, count))
        told = turn_by.T @ symmetric.whole(both.sum(axis=1), count) @ turn_by
        _, principal = np.linalg.eigh(told)
        turn_by = turn_by @ principal[:, ::-1]
        loadings, slack = turn_by.T @ loadings, symmetric.turned(slack, turn_by)
        before, unsure = widths, slack[diagonal].mean(axis=1)
        widths = np.maximum((loadings**2).mean(axis=1) + unsure, _NARROW)
        if shrinking and float(((widths - unsure) / widths).max()) < _GONE:
            break
        if turn > 3 and float(np.abs(widths - before).max()) <= tolerance * float(widths.max()):
            break
    return Model(
        np.ascontiguousarray(loadings.T), symmetric.whole(slack, count), noise, np.sqrt(widths), count
    )


def place(table: Table, rest: Floats, model: Model) -> Places:
    """Where each rater of ``table`` stands by these ratings."""
    count = model.loadings.shape[1]
    first, second = symmetric.triangle(count)
    loadings = np.ascontiguousarray(model.loadings.T)
    slack = np.ascontiguousarray(model.slack[:, first, second].T)
    mean, cov = _placed(table.there, table.by_row(rest), loadings, slack, model.noise)
    return Places(np.ascontiguousarray(mean.T), symmetric.whole(cov, count))


def _placed(there: Any, by_row: Any, loadings: Floats, slack: Floats, noise: float) -> tuple[Floats, Floats]:
    """Places by direction, and their covariances by cell."""
    count = len(loadings)
    precise = _sums(there, (symmetric.squares(loadings) + slack) / noise)
    precise[symmetric.diagonal(count)] += 1
    cov = symmetric.inverse(precise, count)
    return symmetric.times(cov, _sums(by_row, loadings / noise)), cov


def _sums(matrix: Any, of: Floats) -> Floats:
    """The matrix times each row of ``of``."""
    return np.ascontiguousarray((matrix @ of.T).T)
