"""What the map adds up: many small matrices at once, and how soon an answer is plain."""

import numpy as np
import pytest
from opinions import camps, draw

from newsrepo.scores.opinion import symmetric
from newsrepo.scores.opinion.chance import NEEDED, Against


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_cells_are_what_the_matrices_are(size: int) -> None:
    random = np.random.default_rng(size)
    matrices = random.normal(size=(7, size, size))
    matrices = matrices @ matrices.transpose(0, 2, 1) + 1e-3 * np.eye(size)
    first, second = symmetric.triangle(size)
    cells = np.ascontiguousarray(matrices[:, first, second].T)
    assert np.array_equal(symmetric.whole(cells, size), matrices)
    assert np.array_equal(symmetric.whole(cells[:, 0], size), matrices[0])
    inverse = symmetric.whole(symmetric.inverse(cells, size), size)
    assert np.allclose(inverse @ matrices, np.eye(size), atol=1e-9)
    vectors = random.normal(size=(size, 7))
    assert np.allclose(symmetric.times(cells, vectors).T, np.einsum("nij,jn->ni", matrices, vectors))
    assert np.allclose(symmetric.whole(symmetric.squares(vectors), size)[3], np.outer(*[vectors[:, 3]] * 2))
    by = random.normal(size=(size, size))
    assert np.allclose(symmetric.whole(symmetric.turned(cells, by), size), by.T @ matrices @ by)
    assert symmetric.often(size) @ cells[:, 0] == pytest.approx(matrices[0].sum())
    assert np.array_equal(cells[symmetric.diagonal(size), 0], np.diagonal(matrices[0]))


@pytest.mark.parametrize(
    ("beyond", "plain"),
    [
        ((20, 0.5, 0, 0), True),  # one direction, far from the next
        ((0.5, 20, 0, 0), True),  # none: what comes after the first that does not count makes no difference
        ((20, 20, 20, 20), True),
        ((20, 2, 0, 0), False),  # the second may be more than it seems
        ((6, 0.5, 0, 0), False),  # the first may be less than it seems
        ((2, 0, 0, 0), False),
    ],
)
def test_more_shuffles_are_made_unless_the_answer_is_plain(beyond: tuple[float, ...], plain: bool) -> None:
    found = Against(10 + np.array(beyond), np.full(4, 10.0), np.ones(4), 6)
    assert found.plain is plain
    counted = [value > NEEDED for value in beyond]
    assert found.dimensions == [*counted, False].index(False)


def test_how_many_shuffles_were_made_is_told() -> None:
    def shuffles(*sides: int | None) -> int:
        strength = draw(camps(1, sides)).verdict.strength
        assert strength is not None
        return strength.shuffles

    assert shuffles(0, 0, 0, 0, 0, 1, 1, 1, 1, 1) == 6
    assert {shuffles(0, 0, 1, 1), shuffles(0, 0, 0, 1, 1, 1, None)} == {20}


def test_where_chance_alone_speaks_everybody_stands_in_the_middle() -> None:
    drawn = draw(camps(0, [None] * 7))
    assert {(spot.x, spot.y, spot.error) for spot in drawn.raters} == {(0.0, 0.0, 1.0)}


@pytest.mark.parametrize("seed", range(3))
def test_where_hardly_anybody_rated_what_others_did_no_poles_are_made_up(seed: int) -> None:
    """Eight threes of raters who rated the same works: each says as it likes, and nothing joins them."""
    random = np.random.default_rng(seed)
    table = {f"c{n:02d}/r{r}": [float("nan")] * 240 for n in range(8) for r in range(3)}
    for work in range(240):
        lean = random.choice([-1.5, 1.5])
        for r in range(3):
            n = (work + r) % 8
            felt = lean * (1 if n < 4 else -1) + random.normal(0, 0.7)
            table[f"c{n:02d}/r{r}"][work] = float(np.clip(np.round(felt), -3, 3))
    drawn = draw(table)
    assert drawn.verdict.poles == 1
    assert "along no line that can be told" in drawn.verdict.text
    assert {(spot.x, spot.y, spot.error) for spot in drawn.raters} == {(0.0, 0.0, 1.0)}
