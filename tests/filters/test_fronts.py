"""Two front pages compared: every story stands in one group, with the place and the reason that it has."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press import based_on, press
from support import article

from newsrepo.commons import Commons
from newsrepo.errors import UsageError
from newsrepo.filters import FilterError, select
from newsrepo.filters.fronts import Cause, Fronts, Row, face, fronts
from newsrepo.ids import ArticleId, FilterId

TODAY = date(2026, 6, 1)
ONE, OTHER = FilterId("abc/daily"), FilterId("lmn/daily")

WORKS = {
    "abc/2026/bread": article("Bread", date="2026-05-01", more="topics: [food]\n"),
    "abc/2026/dock": article("Dock", date="2026-05-02", more="topics: [dock]\n"),
    "lmn/2026/dock-again": article(
        "Dock again", date="2026-05-03", more="topics: [dock]\n" + based_on("abc/2026/dock")
    ),
    "abc/2026/mill": article("Mill", date="2026-05-04", more="topics: [mill]\n"),
    "abc/2026/owl": article("Owl", date="2026-05-05", more="topics: [owl]\n"),
    "abc/2026/soon": article("Soon", date="2026-06-09", more="topics: [soon]\n"),
    "abc/2026/gone": article("Gone", date="2026-05-05", more="status: withheld\n"),
}


def compared(one: str, other: str, works: dict[str, str] | None = None) -> tuple[Commons, Fronts]:
    view = press(works or WORKS, [], {"abc/daily": one, "lmn/daily": other})
    return view, fronts(view, ONE, OTHER, TODAY)


def named(rows: tuple[Row, ...]) -> list[str]:
    return [row.story.rpartition("/")[2] for row in rows]


def row(found: Fronts, slug: str) -> Row:
    rows = (*found.both, *found.only_one, *found.only_other, *found.neither)
    (one,) = (row for row in rows if row.story.endswith(f"/{slug}"))
    return one


def test_stories_fall_into_four_groups_in_the_order_of_their_page() -> None:
    _, found = compared("select: topic:dock OR topic:food\n", "select: topic:dock OR topic:mill\n")
    assert named(found.both) == ["dock"]
    assert named(found.only_one) == ["bread"]
    assert named(found.only_other) == ["mill"]
    assert named(found.neither) == ["soon", "owl"]
    assert not found.alike


def test_every_reason_has_its_word() -> None:
    _, found = compared(
        "select: topic:dock OR topic:mill OR topic:soon OR topic:owl\n"
        "include: [abc/2026/bread]\nexclude: [abc/2026/owl]\nlead: [abc/2026/dock]\nlimit: 2\n",
        "select: topic:food OR topic:mill OR topic:owl\nexclude: [abc/2026/dock]\n",
    )
    causes = {
        slug: (row(found, slug).one.cause, row(found, slug).other.cause)
        for slug in ("dock", "mill", "bread", "owl", "soon")
    }
    assert causes == {
        "dock": (Cause.LEAD, Cause.QUERY),  # leaving it out changes nothing: the query does not want it
        "mill": (Cause.SELECT, Cause.SELECT),
        "bread": (Cause.LIMIT, Cause.SELECT),
        "owl": (Cause.EXCLUDE, Cause.SELECT),
        "soon": (Cause.EARLY, Cause.QUERY),
    }
    cut = row(found, "bread").one
    assert (cut.printed, cut.place, cut.work) == (False, 3, "abc/2026/bread")


def test_who_is_picked_by_hand_is_told_so() -> None:
    _, found = compared("select: topic:mill\ninclude: [abc/2026/owl]\n", "select: -is:usable\n")
    assert row(found, "owl").one.cause is Cause.INCLUDE
    assert found.both == found.only_other == ()


def test_the_clauses_that_keep_out_what_the_other_page_leads_with_are_named() -> None:
    _, found = compared("select: topic:dock\n", "select: -lang:en topic:dock\n")
    (dock,) = found.only_one
    assert [(clause.text, clause.truth.value) for clause in dock.other.clauses] == [("-lang:en", "false")]
    _, unrated = compared("select: topic:dock\n", "select: newsworthy>=3 topic:dock\ntrust: {abc: 1}\n")
    (clause,) = unrated.only_one[0].other.clauses
    assert (clause.text, clause.truth.value) == ("newsworthy>=3", "unknown")


def test_the_leading_version_and_the_order_may_differ() -> None:
    every = "select: topic:dock OR topic:mill OR topic:food\n"
    view, found = compared(every + "versions: {prefer: [lmn]}\n", every + "versions: {prefer: [abc]}\n")
    assert found.recast == 1
    dock = row(found, "dock")
    assert dock.recast
    assert (dock.one.work, dock.other.work) == ("lmn/2026/dock-again", "abc/2026/dock")
    assert dock.one.others == ("abc/2026/dock",)
    assert face(view, dock) == "lmn/2026/dock-again"
    _, turned = compared(every + "lead: [abc/2026/bread]\n", every)
    assert named(turned.both) == ["bread", "mill", "dock"]
    assert [row.shift for row in turned.both] == [-2, 1, 1]
    assert (turned.swapped, turned.pairs) == (2, 3)


def test_points_and_sections_are_those_of_each_page() -> None:
    ratings = [("abc/ann", "abc/2026/mill", {"newsworthy": 5})]
    text = "select: topic:mill\ntrust: {abc: 1}\norder: {newsworthy: 1}\n"
    sections = (
        "edition: {sections: [{title: Food, select: topic:food}, {title: Mills, select: topic:mill}]}\n"
    )
    view = press(WORKS, ratings, {"abc/daily": text + sections, "lmn/daily": "select: topic:mill\n"})
    (mill,) = fronts(view, ONE, OTHER, TODAY).both
    assert (mill.one.points, mill.one.section) == (Fraction(4), 1)
    assert (mill.other.points, mill.other.section) == (Fraction(0), None)


def test_a_page_compared_with_itself_is_alike() -> None:
    view, _ = compared("select: topic:dock\n", "select: topic:dock\n")
    assert fronts(view, ONE, ONE, TODAY).alike
    assert fronts(view, ONE, OTHER, TODAY).alike


def test_a_story_that_nobody_prints_is_named_by_what_may_be_shown() -> None:
    works = {
        "abc/2026/root": article("Root", more="status: withheld\n"),
        "abc/2026/leaf": article("Leaf", date="2026-05-04", more=based_on("abc/2026/root")),
    }
    view, found = compared("select: -is:usable\n", "select: -is:usable\n", works)
    (one,) = found.neither
    assert (one.story, face(view, one)) == ("abc/2026/root", "abc/2026/leaf")


def test_a_filter_that_is_at_fault_or_not_there_is_not_compared() -> None:
    view = press(WORKS, [], {"abc/daily": "select: topc:x\n", "lmn/daily": ""})
    with pytest.raises(FilterError):
        fronts(view, OTHER, ONE, TODAY)
    with pytest.raises(UsageError):
        fronts(view, FilterId("abc/none"), OTHER, TODAY)


def test_an_edition_of_what_two_others_select() -> None:
    filters = {
        "abc/daily": "select: topic:dock OR topic:mill\nlimit: 1\n",
        "lmn/daily": "select: topic:dock OR topic:food\n",
        "xyz/both": "select: in:abc/daily in:lmn/daily\n",
    }
    view = press(WORKS, [], filters)
    chosen = {name: select(view, FilterId(name), TODAY).selected for name in filters}
    assert chosen["xyz/both"] == chosen["abc/daily"] & chosen["lmn/daily"]
    assert chosen["xyz/both"] == {"abc/2026/dock", "lmn/2026/dock-again"}, "whatever the limit"


picks = st.lists(st.sampled_from([w for w in WORKS if not w.endswith("gone")]), unique=True, max_size=3)
rules = st.builds(
    lambda topics, include, exclude, lead, limit, prefer: (
        f"select: {' OR '.join(f'topic:{topic}' for topic in topics) or '-is:usable'}\n"
        f"include: [{', '.join(include)}]\nlead: [{', '.join(lead)}]\n"
        f"exclude: [{', '.join(work for work in exclude if work not in (*include, *lead))}]\n"
        f"versions: {{prefer: [{prefer}]}}\n" + (f"limit: {limit}\n" if limit else "")
    ),
    st.lists(st.sampled_from(["food", "dock", "mill", "owl", "soon"]), unique=True),
    picks,
    picks,
    picks,
    st.integers(0, 3),
    st.sampled_from(["abc", "lmn"]),
)


@settings(max_examples=150, deadline=None)
@given(rules, rules)
def test_the_comparison_says_what_the_selections_say(one: str, other: str) -> None:
    view, found = compared(one, other)
    pages = [select(view, name, TODAY) for name in (ONE, OTHER)]
    rows = (*found.both, *found.only_one, *found.only_other, *found.neither)
    assert len({row.story for row in rows}) == len(rows) == 5
    sides = (
        ((*found.both, *found.only_one), lambda row: row.one),
        ((*found.both, *found.only_other), lambda row: row.other),
    )
    for page, (printed, side) in zip(pages, sides, strict=True):
        stands = sorted((side(row).place, row.story, side(row)) for row in printed)
        assert [(story, stand.work) for _, story, stand in stands] == [(i.story, i.work) for i in page.items]
        assert [stand.cause.value for _, _, stand in stands] == [item.by for item in page.items]
        assert [stand.points for _, _, stand in stands] == [item.points for item in page.items]
        cut = {side(row).work for row in rows if side(row).cause is Cause.LIMIT}
        assert cut == set(page.beyond)
        early = {ArticleId("abc/2026/soon")} & set(page.early)
        assert {row.story for row in rows if side(row).cause is Cause.EARLY} == early
