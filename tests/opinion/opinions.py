"""Made-up opinion for tests: camps of raters and contingents, shuffles, and how well two divisions agree."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import comb

import numpy as np

from newsrepo.commons.model import Spoken
from newsrepo.ids import ArticleId, AxisId, RaterId
from newsrepo.records import types as t
from newsrepo.scores.opinion import Chart, Options, chart

AXIS = AxisId("agree")
AXES = {AXIS: t.Axis(title="Agrees", min=-3, max=3, neutral=0, low="no", high="yes")}
Table = dict[str, list[float]]
"""Each rater's value of every work, NaN for what was not rated."""


@cache
def work(number: int) -> ArticleId:
    return ArticleId(f"abc/2026/w{number:03d}")


def spoken(table: Mapping[str, Sequence[float]]) -> list[tuple[RaterId, Spoken]]:
    return [
        (RaterId(name), [(work(n), AXIS, int(v), 739_000 + 3 * n) for n, v in enumerate(row) if v == v])
        for name, row in table.items()
    ]


def draw(table: Mapping[str, Sequence[float]], **options: object) -> Chart:
    """The chart of a table of ratings."""
    works = [work(n) for n in range(max(len(row) for row in table.values()))]
    return chart(spoken(table), works, AXES, Options(**options))  # type: ignore[arg-type]


def camps(
    seed: int,
    sides: Sequence[int | None],
    *,
    works: int = 80,
    raters: int = 4,
    answered: float = 0.8,
    apart: float = 1.6,
) -> Table:
    """Contingents ``c00``, ``c01`` … of these camps (None: of none), each with ``raters`` raters.

    Half the works divide camps; each contingent has some line of its own; each rater makes up a mind.
    """
    random = np.random.default_rng(seed)
    usual = random.normal(0, 1, works)
    count = max((side for side in sides if side is not None), default=0) + 1
    lean = random.normal(0, apart, (count, works)) * (random.random(works) < 0.6)
    table: Table = {}
    for n, side in enumerate(sides):
        own = random.normal(0, 0.5, works) + (lean[side] if side is not None else 0)
        for r in range(raters):
            felt = usual + own + random.normal(0, 0.7, works)
            row = np.where(felt > 0.4, 1.0, np.where(felt < -0.4, -1.0, 0.0))
            row[random.random(works) > answered] = np.nan
            table[f"c{n:02d}/r{r}"] = row.tolist()
    return table


def people(
    seed: int, groups: int, count: int = 240, works: int = 60, apart: float = 1.2
) -> tuple[Table, list[int]]:
    """A conversation: people of one contingent, who answer from the first work on and stop somewhere."""
    random = np.random.default_rng(seed)
    sizes = random.uniform(0.5, 1, groups)
    group = random.choice(groups, count, p=sizes / sizes.sum())
    lean = random.normal(0, apart, (groups, works)) * (random.random(works) < 0.6) * (groups > 1)
    felt = random.normal(0, 1, works) + lean[group] + random.normal(0, 0.9, (count, works))
    rows = np.where(felt > 0.4, 1.0, np.where(felt < -0.4, -1.0, 0.0))
    asked = np.minimum(works, random.exponential(0.7 * works, count).astype(int) + 4)
    rows[np.arange(works) >= asked[:, None]] = np.nan
    return {f"town/p{n}": row.tolist() for n, row in enumerate(rows)}, group.tolist()


def shuffled(table: Table, seed: int) -> Table:
    """The same ratings, each work's shuffled among those who rated it."""
    random = np.random.default_rng(seed)
    rows = np.array(list(table.values()))
    for column in rows.T:
        there = ~np.isnan(column)
        column[there] = random.permutation(column[there])
    return dict(zip(table, rows.tolist(), strict=True))


def labels(drawn: Chart, names: Sequence[str]) -> list[int]:
    """The group of each rater, -1 for none."""
    found: dict[str, int | None] = {str(spot.rater): spot.group for spot in drawn.raters}
    return [-1 if (group := found.get(name)) is None else group for name in names]


def rand_index(one: Sequence[int], other: Sequence[int]) -> float:
    """The adjusted Rand index."""
    pairs = list(zip(one, other, strict=True))
    both = sum(comb(pairs.count(pair), 2) for pair in set(pairs))
    first = sum(comb(list(one).count(label), 2) for label in set(one))
    second = sum(comb(list(other).count(label), 2) for label in set(other))
    chance = first * second / comb(len(pairs), 2)
    most = (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)
