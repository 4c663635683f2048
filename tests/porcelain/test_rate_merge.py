"""What a new rating does to a month: values in memory only."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.errors import UsageError
from newsrepo.porcelain.rate import checked, merge, parse_values
from newsrepo.records import types as t
from newsrepo.records.scalars import Day

A = "abc/2026/a"
B = "abc/2026/b"
V = "1" * 40
W = "2" * 40
AXES = {
    "line": t.Axis(title="Line", min=-2, max=2, neutral=0, low="left", high="right"),
    "newsworthy": t.Axis(title="N", min=0, max=5, neutral=2, low="none", high="all"),
}


def day(text: str) -> Day:
    return Day.parse(text)


def month(*ratings: t.Rating) -> t.Ratings:
    return t.Ratings(ratings=ratings)


def rating(article: str, version: str, when: str, note: str | None = None, **values: int) -> t.Rating:
    return t.Rating(article=article, version=version, date=day(when), values=values, note=note)


def test_into_an_empty_month() -> None:
    new, replaced = merge(month(), A, V, day("2026-05-01"), {}, {"line": 1}, "Why.")
    assert (new, replaced) == (month(rating(A, V, "2026-05-01", "Why.", line=1)), False)


def test_same_version_and_day_is_replaced_and_all_else_stays() -> None:
    old = month(
        rating(A, V, "2026-05-01", line=1),
        rating(A, W, "2026-05-01", line=1),
        rating(A, V, "2026-05-02", line=1),
        rating(B, V, "2026-05-01", line=1),
    )
    new, replaced = merge(old, A, V, day("2026-05-01"), {}, {"line": -2, "newsworthy": 3}, "")
    assert replaced
    assert [r for r in new.ratings if r not in old.ratings] == [
        rating(A, V, "2026-05-01", line=-2, newsworthy=3)
    ]
    assert len(new.ratings) == 4


def test_earlier_values_stand_unless_given_anew_or_taken_back() -> None:
    earlier = {"line": 2, "newsworthy": 5}
    new, _ = merge(month(), A, V, day("2026-05-02"), earlier, {"line": -1}, "")
    assert new.ratings[0].values == {"line": -1, "newsworthy": 5}
    new, _ = merge(month(), A, V, day("2026-05-02"), earlier, {"line": None}, "")
    assert new.ratings[0].values == {"newsworthy": 5}
    with pytest.raises(UsageError, match="without a value"):
        merge(month(), A, V, day("2026-05-02"), {}, {"line": None}, "")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([A, B]),
            st.sampled_from([V, W]),
            st.integers(1, 3),
            st.integers(-2, 2),
            st.booleans(),
        ),
        max_size=12,
    )
)
@settings(max_examples=100, deadline=None)
def test_the_order_of_rating_different_things_does_not_matter(
    given_: list[tuple[str, str, int, int, bool]],
) -> None:
    unique = {(a, v, d): (a, v, d, mark) for a, v, d, mark, _ in given_}
    forward = month()
    backward = month()
    for a, v, d, mark in unique.values():
        forward, _ = merge(forward, a, v, day(f"2026-05-0{d}"), {}, {"line": mark}, "")
    for a, v, d, mark in reversed(unique.values()):
        backward, _ = merge(backward, a, v, day(f"2026-05-0{d}"), {}, {"line": mark}, "")
    assert forward == backward
    keys = [(r.article, str(r.date), r.version) for r in forward.ratings]
    assert keys == sorted(keys)


def test_values_parse_in_their_ranges() -> None:
    assert parse_values(["line=-2", "newsworthy="], AXES) == {"line": -2, "newsworthy": None}


@given(st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_value_or_a_usage_error(text: str) -> None:
    try:
        marks = parse_values([text], AXES)
    except UsageError:
        return
    ((axis, mark),) = marks.items()
    assert mark is None or AXES[axis].min <= mark <= AXES[axis].max


def test_a_month_that_is_full_says_how_much_it_holds() -> None:
    many = month(*(rating(f"abc/2026/a{n}", V, "2026-05-01", line=1) for n in range(10_000)))
    with pytest.raises(UsageError, match="10000 ratings and be larger than 1 MiB") as told:
        checked(many, "ratings/abc/ann/2026-05.yaml")
    room = int(re.findall(r"about (\d+)", told.value.hint)[0])
    assert checked(month(*many.ratings[:room]), "ratings/abc/ann/2026-05.yaml")
