"""Sums in lanes are those of a plain loop, to the last digit, at the limits too."""

from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons import lanes
from newsrepo.commons.lanes import Column, Sum, packed, unpacked

SIZE = 20
standing = st.tuples(
    st.integers(-(10**9), 10**9) | st.sampled_from([-(10**9), 0, 10**9]), st.integers(1, 2**32 - 1)
)
column = st.dictionaries(st.integers(0, SIZE - 1), standing, max_size=SIZE)
weight = st.integers(1, 10**12) | st.just(10**12)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(column, weight), max_size=12))
def test_lanes_add_up_like_a_loop(columns):
    plain = {}
    total = Sum(SIZE)
    for rows, each in columns:
        works = sorted(rows)
        made = Column(
            array("I", works),
            array("i", [rows[w][0] for w in works]),
            array("I", [rows[w][1] for w in works]),
        )
        total.add(made, lanes.lanes(made, SIZE), each)
        for work, (mean, raters) in rows.items():
            old = plain.get(work, (0, 0, 0, 0))
            plain[work] = (old[0] + each, old[1] + each * mean, old[2] + raters, old[3] + 1)
    found = list(total)
    assert {row[0]: row[1:] for row in found} == plain
    assert [row[0] for row in found] == sorted(plain)


@pytest.mark.parametrize("mean", [-(10**9), 10**9])
def test_a_million_contingents_do_not_overflow(mean):
    made = Column(array("I", range(SIZE)), array("i", [mean] * SIZE), array("I", [7] * SIZE))
    number = lanes.lanes(made, SIZE)
    total = Sum(SIZE)
    total._means = number.means * 10**12 * 10**6
    total._counts = number.counts * 10**4
    assert list(total) == [(w, 10**18, mean * 10**18, 70_000, 10_000) for w in range(SIZE)]


def test_few_works_stay_a_loop_and_none_is_nothing():
    few = Column(array("I", [3]), array("i", [5]), array("I", [1]))
    assert lanes.lanes(few, SIZE) is None
    assert lanes.lanes(few, lanes.DENSE) is not None
    assert list(Sum(0)) == []


ROWS = st.lists(
    st.tuples(
        st.integers(0, 2**32 - 1),
        st.integers(0, 10**18),
        st.integers(-(10**27), 10**27),
        st.integers(0, 2**32 - 1),
        st.integers(0, 2**32 - 1),
    )
)


@given(ROWS)
@settings(max_examples=50, deadline=None)
def test_rows_come_back_from_their_columns(rows):
    assert list(unpacked(packed(rows))) == rows
