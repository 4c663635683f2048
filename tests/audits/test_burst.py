"""Who is told to have rated far more than others, and who cannot shift the measure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrepo.audits import Network, burst
from newsrepo.ids import RaterId

DAY = date(2026, 5, 4).toordinal()
CALM = {f"{c}/{r}": [DAY + 9 * n for n in range(20)] for c in ("abc", "lmn", "xyz") for r in ("ann", "bob")}


def told(rated: dict[str, list[int]]) -> list[tuple[str, ...]]:
    network = Network(
        homes={},
        past=lambda _, __: frozenset(),
        findings=(),
        promised={},
        unanswered=(),
        carriers=(),
        today=date(2026, 6, 1),
        rated={RaterId(rater): tuple(days) for rater, days in rated.items()},
    )
    return [(c.who, *(p.value for p in c.proofs)) for c in burst.find(network)]


def test_a_burst_is_told_with_its_figures() -> None:
    found = told(CALM | {"mob/x": [DAY + n % 7 for n in range(50)], "mob/y": [DAY] * 49})
    assert found == [("mob", "mob/x", "2026-05-04", "50", "1", "0", "49")]


def test_a_busy_year_is_no_burst() -> None:
    assert told(CALM | {"mob/x": [DAY + n for n in range(365)]}) == []


def test_where_all_rate_much_nobody_is_told() -> None:
    assert told({rater: [DAY] * (200 + at) for at, rater in enumerate(CALM)} | {"mob/x": [DAY] * 220}) == []


def test_with_too_few_to_compare_with_nothing_is_said() -> None:
    assert told({"abc/ann": [DAY], "lmn/lou": [DAY], "mob/x": [DAY] * 500}) == []


def test_a_crowd_of_busy_raters_hides_nobody() -> None:
    crowd = {f"mob/r{n}": [DAY] * 400 for n in range(300)}
    found = told(CALM | crowd)
    assert len(found) == burst.MOST + 1
    assert {one[0] for one in found} == {"mob"}
    # nor does it make anybody else seem slow or fast
    assert told(CALM | crowd | {"new/x": [DAY] * 60})[-1][:2] == ("new", "new/x")


def test_weeks_are_seven_days() -> None:
    assert burst.busiest_week([DAY, DAY + 6, DAY + 7]) == (2, DAY)
    assert burst.busiest_week([DAY + 20, DAY, DAY + 21, DAY + 26]) == (3, DAY + 20)
    with pytest.raises(ValueError, match="max"):
        burst.busiest_week([])


@given(st.dictionaries(st.integers(0, 20), st.integers(1, 5), min_size=1, max_size=12))
def test_the_weighted_median_is_that_of_values_repeated(weights: dict[int, int]) -> None:
    repeated = sorted(value for value, times in weights.items() for _ in range(times))
    assert burst.weighted_median(weights) == repeated[(len(repeated) - 1) // 2]
