"""The opinion map on made-up opinion: poles are found where they are, and nowhere else."""

import math
import random
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from opinions import camps, draw, labels, people, rand_index, shuffled

from newsrepo.scores.opinion import Apart, Weight


@pytest.mark.parametrize(("seed", "groups"), [(1, 2), (2, 2), (3, 3), (4, 3), (5, 2)])
def test_planted_groups_are_found(seed: int, groups: int) -> None:
    table, truth = people(seed, groups)
    drawn = draw(table)
    assert drawn.verdict.poles == groups
    found = labels(drawn, list(table))
    placed = [n for n, group in enumerate(found) if group >= 0]
    assert rand_index([truth[n] for n in placed], [found[n] for n in placed]) > 0.6
    assert len(placed) > 0.8 * len(table)


@pytest.mark.parametrize("seed", range(6))
def test_uniform_opinion_makes_one_pole(seed: int) -> None:
    table, _ = people(seed, 1)
    drawn = draw(table)
    assert drawn.verdict.poles == 1
    assert {spot.group for spot in drawn.raters if spot.apart is None} == {0}


@pytest.mark.parametrize("seed", range(6))
def test_shuffling_each_column_leaves_one_pole(seed: int) -> None:
    table, _ = people(1, 2)
    assert draw(shuffled(table, seed)).verdict.poles == 1


def test_the_order_of_rows_and_columns_changes_nothing() -> None:
    table = camps(1, [0, 0, 0, 1, 1, 1, None])
    names = list(table)
    random.Random(7).shuffle(names)
    assert draw({name: table[name] for name in names}, drift=True) == draw(table, drift=True)


def test_leniency_makes_no_poles() -> None:
    table, _ = people(8, 1)
    lenient = {
        name: [v + 2 if n % 2 and v == v else v for v in row] for n, (name, row) in enumerate(table.items())
    }
    assert draw(lenient).verdict.poles == 1


def test_contingents_of_two_camps_and_the_undecided_between() -> None:
    table = camps(3, [0, 0, 0, 0, 1, 1, 1, 1])
    left, right = np.array(table["c00/r0"]), np.array(table["c04/r0"])
    rng = np.random.default_rng(5)
    for n in range(4):  # these take from both camps alike
        mixed = np.where(rng.random(len(left)) < 0.5, left, right)
        table[f"middle/m{n}"] = mixed.tolist()
    drawn = draw(table)
    assert drawn.weight is Weight.CONTINGENT
    assert drawn.verdict.poles == 2
    sides = {spot.rater: spot.group for spot in drawn.raters}
    assert {sides["c00/r1"], sides["c01/r1"]} == {0}  # the first by id stands on the left
    assert {sides["c04/r1"], sides["c05/r1"]} == {1}
    middle = [spot for spot in drawn.raters if spot.contingent == "middle"]
    assert sum(spot.apart is Apart.BETWEEN for spot in middle) >= 3
    assert drawn.groups[0].x < drawn.groups[1].x


@cache
def poles(*sides: int | None) -> int | None:
    """Of camps before any brigade."""
    return draw(camps(2, sides)).verdict.poles


@pytest.mark.parametrize("kind", ["alike", "opposed", "noise", "seven"])
@pytest.mark.parametrize("size", [2, 300])
@pytest.mark.parametrize("sides", [[0, 0, 0, 0, 1, 1, 1, 1], [None] * 7], ids=["two", "one"])
def test_a_brigade_of_one_contingent_changes_no_number_of_poles(
    kind: str, size: int, sides: list[int | None]
) -> None:
    table = camps(2, sides)
    before = poles(*sides)
    assert before == (1 if sides[0] is None else 2)
    rng = np.random.default_rng(9)
    works = len(next(iter(table.values())))
    lines = rng.choice([-1.0, 1.0], (7, works))
    for n in range(size):
        row = {
            "alike": lines[0],
            "opposed": lines[0] * (1 if n % 2 else -1),
            "noise": rng.choice([-1.0, 0.0, 1.0], works),
            "seven": lines[n % 7],
        }[kind].copy()
        row[rng.random(works) > 0.6] = np.nan
        table[f"zz/b{n}"] = row.tolist()
    assert draw(table).verdict.poles == before


def test_ten_thousand_of_one_contingent_weigh_one() -> None:
    table = camps(2, [0, 0, 0, 0, 1, 1, 1, 1])
    before = {spot.rater: spot.group for spot in draw(table).raters}
    line = np.random.default_rng(4).choice([-1.0, 1.0], 80).tolist()
    table |= {f"zz/b{n}": line for n in range(10_000)}
    drawn = draw(table)
    assert drawn.verdict.poles == 2
    after = {spot.rater: spot.group for spot in drawn.raters if spot.contingent != "zz"}
    same = sum(before[name] == after[name] for name in before)
    assert same >= len(before) - 2
    assert all(group.share <= 0.6 for group in drawn.groups)


def test_one_contingent_alone_is_no_pole() -> None:
    table = camps(6, [None] * 6)
    line = np.random.default_rng(1).choice([-1.0, 1.0], 80).tolist()
    table |= {f"zz/b{n}": line for n in range(6)}
    assert draw(table).verdict.poles == 1


def test_too_little_data_says_what_is_missing() -> None:
    drawn = draw({"a/x": [1, 0, 1], "b/y": [1, 1, -1]})
    assert drawn.verdict.poles is None
    assert drawn.verdict.text.startswith("Too little data")
    assert len(drawn.verdict.missing) == 3
    assert any("8 raters" in text and "there are 0" in text for text in drawn.verdict.missing)
    assert drawn.raters == ()


def test_nothing_at_all_is_too_little() -> None:
    assert draw({"a/x": [math.nan]}).verdict.poles is None


def test_raters_without_variance_and_with_few_ratings_belong_to_none() -> None:
    table, _ = people(1, 2)
    table["town/yes"] = [1.0] * 60
    table["town/few"] = [1.0, -1.0] + [math.nan] * 58
    apart = {str(spot.rater): spot for spot in draw(table).raters}
    assert (apart["town/yes"].group, apart["town/yes"].apart) == (None, Apart.SAME)
    assert (apart["town/few"].group, apart["town/few"].apart) == (None, Apart.FEW)


def test_an_anchor_lies_to_the_right() -> None:
    table = camps(1, [0, 0, 0, 1, 1, 1])
    usual = {home.contingent: home.x for home in draw(table).contingents}
    assert usual["c00"] < 0 < usual["c05"]
    turned = {home.contingent: home.x for home in draw(table, anchors=("c00",)).contingents}
    assert turned["c05"] < 0 < turned["c00"]
    by_rater = draw(table, anchors=("c00/r0",))
    assert next(spot.x for spot in by_rater.raters if spot.rater == "c00/r0") > 0


def test_what_divides_and_what_bridges() -> None:
    table = camps(1, [0, 0, 0, 1, 1, 1])
    for name, row in table.items():
        row[0] = 1.0 if name < "c03" else -1.0  # the one quarrel of all
        row[1] = 1.0  # and what everybody likes
    drawn = draw(table)
    (divide,) = drawn.divides
    assert divide.works[0].work == "abc/2026/w000"
    assert divide.works[0].means == (1.0, -1.0)
    assert divide.works[0].raters[0] >= 8
    bridges = [bridge.seen.work for bridge in drawn.bridges]
    assert "abc/2026/w001" in bridges
    assert "abc/2026/w000" not in bridges
    assert all(min(bridge.seen.means) > 0 for bridge in drawn.bridges)  # type: ignore[type-var]


def test_drift_tells_months_in_order() -> None:
    drawn = draw(camps(1, [0, 0, 0, 1, 1, 1]), drift=True)
    months = [moved.month for moved in drawn.drift]
    assert months == sorted(months)
    assert len(set(months)) > 2
    for moved in drawn.drift:
        if moved.ratings > 100:
            assert (moved.x < 0) == (moved.group == 0)


def test_numpy_is_loaded_only_when_a_map_is_drawn() -> None:
    code = "import newsrepo.scores.opinion, newsrepo.porcelain.opinion, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_without_the_extra_it_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from newsrepo.scores.opinion import Options, chart\n"
        "from newsrepo.errors import UnableError\n"
        "try: chart([], [], {}, Options())\n"
        "except UnableError as error: print(error.hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "newsrepo[map]" in done.stdout
