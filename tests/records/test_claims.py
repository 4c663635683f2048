"""Whose a path is by its folders: agrees with the path table, and no walk by it misses anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_paths import ROWS

from newsrepo.ids import ContingentId, Kind
from newsrepo.location import Finding
from newsrepo.records import place
from newsrepo.records.claims import claimant, is_signed, may_hold, may_hold_signed


def folders(path):
    parts = path.split("/")[:-1]
    return ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]


@pytest.mark.parametrize(("path", "kind", "owner"), [row[:3] for row in ROWS])
def test_every_well_placed_path_is_its_owners_and_a_walk_comes_there(path, kind, owner):
    assert claimant(path) == (owner or "")
    if owner:
        assert all(may_hold(folder, ContingentId(owner)) for folder in folders(path))
    signed = path.startswith("statements/") and kind in (
        Kind.OPENING,
        Kind.BALLOT,
        Kind.CLOSING,
        Kind.SIGNATURE,
    )
    assert is_signed(path) is signed
    if signed:
        assert all(map(may_hold_signed, folders(path)))


@pytest.mark.parametrize(
    ("folder", "held"),
    [
        ("articles", True),
        ("articles/abc", True),
        ("articles/abc/2026/x/sources", True),
        ("articles/lmn", False),
        ("articles/abcd", False),
        ("contingents", True),
        ("contingents/abc", False),
        ("challenges/lmn/why", True),
        ("challenges/lmn/why/answers", True),
        ("challenges/lmn/why/answers/abc", False),
        ("challenges/lmn/why/else", False),
        ("challenges/abc/why/else", True),
        ("statements/lmn/peace/ballots", True),
        ("statements/lmn/peace/ballots/abc", True),
        ("statements/lmn/peace/ballots/lmn", False),
        ("statements/lmn/peace/enacts", False),
        ("statements/abc/peace/enacts", True),
        ("statements/abc/peace/ballots/lmn", False),
        ("templates", False),
    ],
)
def test_a_walk_for_one_owner_stays_out_of_others_folders(folder, held):
    assert may_hold(folder, ContingentId("abc")) is held


def test_signed_records_lie_in_few_folders():
    assert may_hold_signed("statements/lmn/peace/closings/abc")
    assert not may_hold_signed("statements/lmn/peace/enacts")
    assert not may_hold_signed("statements/lmn/peace/ballots/abc/deep")
    assert not may_hold_signed("articles")


NAMES = st.sampled_from(
    [
        "abc",
        "lmn",
        "peace",
        "answers",
        "ballots",
        "closings",
        "dissents",
        "1.yaml",
        "abc.md",
        "x",
        "lmn.yaml.sig",
    ]
)
ROOTS = st.sampled_from(
    ["articles", "challenges", "comments", "contingents", "filters", "ratings", "statements"]
)


@given(ROOTS, st.lists(NAMES, max_size=6))
@settings(max_examples=300, deadline=None)
def test_what_is_somebodys_is_always_come_to(root, names):
    path = "/".join([root, *names])
    owner = claimant(path)
    if owner:
        assert all(may_hold(folder, ContingentId(owner)) for folder in folders(path))
    where = place(path)
    if not isinstance(where, Finding) and where.kind is not Kind.IGNORED:
        assert owner == (where.owner or "")
