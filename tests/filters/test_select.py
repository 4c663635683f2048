"""What an edition prints: the seed rule, three-valued logic, picks, stories, order, sections, filters on filters."""

import random
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press import Given, based_on, press
from support import article

from newsrepo.commons import Commons
from newsrepo.errors import UsageError
from newsrepo.filters import FilterError, QueryError, Selection, find, parse_query, select
from newsrepo.filters.notes import _notes
from newsrepo.ids import ArticleId, FilterId, Kind
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.scores import score_axis, trusted

TODAY = date(2026, 6, 1)
DAILY = FilterId("abc/daily")


def ids(*slugs: str) -> list[str]:
    return [slug if "/" in slug else f"abc/2026/{slug}" for slug in slugs]


def printed(selection: Selection) -> list[str]:
    return [item.work for item in selection.items]


def edition(view: Commons, name: str = "abc/daily", today: date = TODAY) -> list[str]:
    return printed(select(view, FilterId(name), today))


def one(works: dict[str, str] | list[str], text: str, ratings: Iterable[Given] = (), **more: str) -> Commons:
    """A commons with the filter abc/daily, and others given as ``lmn__good="select: ..."``."""
    return press(works, ratings, {"abc/daily": text, **{k.replace("__", "/"): v for k, v in more.items()}})


# -- the seed of the whole thing ---------------------------------------------------------------------------


def junk_commons(rule: str) -> Commons:
    """Four good stories among five hundred works of junk that hostile raters praise in one voice and in many."""
    chance = random.Random(7)
    works = {
        "lmn/2026/dock-strike": article("Dock strike", date="2026-05-20"),
        "xyz/2026/dock-strike-again": article(
            "Again", date="2026-05-25", more=based_on("lmn/2026/dock-strike")
        ),
        "xyz/2026/mill-fire": article("Mill fire", date="2026-05-21"),
        "abc/2026/bread-prices": article("Bread", date="2026-05-22"),
        "xyz/2026/praised-only": article("Praised, not news to us", date="2026-05-23"),
        "xyz/2026/news-only": article("News to us, doubted", date="2026-05-24"),
        "xyz/2026/unknown": article("Nobody we know has read it", date="2026-05-24"),
    }
    ratings: list[Given] = [
        # the rating body that abc respects, and abc's own editors
        ("lab/eva", "lmn/2026/dock-strike", {"accurate": 2}),
        ("lab/eva", "xyz/2026/dock-strike-again", {"accurate": 1}),
        ("lab/eva", "xyz/2026/mill-fire", {"accurate": 1}),
        ("lab/eva", "abc/2026/bread-prices", {"accurate": 2}),
        ("lab/eva", "xyz/2026/praised-only", {"accurate": 2}),
        ("lab/eva", "xyz/2026/news-only", {"accurate": -1}),
        ("abc/ann", "lmn/2026/dock-strike", {"newsworthy": 4}),
        ("abc/ann", "xyz/2026/dock-strike-again", {"newsworthy": 5}),
        ("abc/ann", "xyz/2026/mill-fire", {"newsworthy": 4}),
        ("abc/ann", "abc/2026/bread-prices", {"newsworthy": 5}),
        ("abc/ann", "xyz/2026/praised-only", {"newsworthy": 1}),
        ("abc/ann", "xyz/2026/news-only", {"newsworthy": 5}),
    ]
    for n in range(500):
        junk = f"mob{n % 9}/2026/junk-{n}"
        works[junk] = article(f"Junk {n}", date=f"2026-05-{n % 28 + 1:02d}")
        raters = [f"mob{c}/r{r}" for c in range(9) for r in range(3)]
        ratings += [(rater, junk, {"accurate": 2, "newsworthy": 5}) for rater in chance.sample(raters, 3)]
        if n % 50 == 0:
            ratings.append(("abc/ann", junk, {"newsworthy": 0}))
        if n % 70 == 0:
            ratings.append(("lab/eva", junk, {"accurate": -2}))
    for good in list(works)[:7]:
        ratings += [(f"mob{c}/r0", good, {"accurate": -2, "newsworthy": 0}) for c in range(9)]
    chance.shuffle(ratings)
    text = (
        "trust: {abc: 1, lab: 1}\n"
        f"select: {rule}\n"
        "order: {newsworthy: 1, accurate: 0.5}\n"
        "versions: {prefer: [abc], else: best}\n"
    )
    return press(works, ratings, {"abc/daily": text})


def test_what_a_respected_body_rates_well_and_the_editor_finds_newsworthy() -> None:
    view = junk_commons("accurate@lab>0 newsworthy@abc>=3")
    selection = select(view, DAILY, TODAY)
    # bread: 4 + 4/3/2; strike: the rewrite 4 + 2/3/2 leads, its source 10/3 + 4/3/2 stands beside it
    assert [(i.work, i.others, i.story, i.by) for i in selection.items] == [
        ("abc/2026/bread-prices", (), "abc/2026/bread-prices", "select"),
        ("xyz/2026/dock-strike-again", ("lmn/2026/dock-strike",), "lmn/2026/dock-strike", "select"),
        ("xyz/2026/mill-fire", (), "xyz/2026/mill-fire", "select"),
    ]
    assert [i.points for i in selection.items] == [Fraction(14, 3), Fraction(13, 3), Fraction(11, 3)]


def test_the_same_with_or() -> None:
    view = junk_commons("accurate@lab>0 OR newsworthy@abc>=3")
    selection = select(view, DAILY, TODAY)
    assert printed(selection) == [
        "abc/2026/bread-prices",
        "xyz/2026/dock-strike-again",
        "xyz/2026/news-only",  # 4 - 2/3/2, as many points as the mill fire's 10/3 + 2/3/2, and newer
        "xyz/2026/mill-fire",
        "xyz/2026/praised-only",
    ]
    assert len(selection.selected) == 6


def test_by_score_the_mob_is_not_heard_either() -> None:
    assert edition(junk_commons("accurate>0 newsworthy>=3")) == edition(
        junk_commons("accurate@lab>0 newsworthy@abc>=3")
    )


# -- three values ------------------------------------------------------------------------------------------

WORKS = {
    "abc/2026/high": article("High", date="2026-05-03"),
    "abc/2026/low": article("Low", date="2026-05-02"),
    "abc/2026/sport": article("Sport", date="2026-05-01", more="topics: [sport]\n"),
    "abc/2026/none": article("None", date="2026-04-30"),
}
RATED: list[Given] = [
    ("abc/ann", "abc/2026/high", {"newsworthy": 5}),
    ("abc/ann", "abc/2026/low", {"newsworthy": 0}),
]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("newsworthy>=3", ["high"]),
        ("-newsworthy>=3", ["low"]),
        ("--newsworthy>=3", ["high"]),
        ("newsworthy>=3 OR -newsworthy>=3", ["high", "low"]),
        ("-(newsworthy>=3 OR topic:sport)", ["low"]),  # unrated: unknown, unless the topic decides
        ("-(newsworthy>=3 topic:sport)", ["high", "low", "none"]),  # not sport is enough to be false
        ("newsworthy>=3 OR topic:sport", ["high", "sport"]),
        ("-(-newsworthy>=3 -topic:sport)", ["high", "sport"]),
        ("unrated:newsworthy", ["sport", "none"]),
        ("-unrated:newsworthy", ["high", "low"]),
        ("newsworthy>=3 OR unrated:newsworthy", ["high", "sport", "none"]),
        ("is:rated", ["high", "low"]),
        ("is:unrated -topic:sport", ["none"]),
        ("newsworthy@abc/ann=5", ["high"]),
        ("newsworthy@abc/bob>=0", []),
        ("unrated:newsworthy@abc/bob", ["high", "low", "sport", "none"]),
        ("newsworthy!=4", ["low"]),
        ("newsworthy=4", ["high"]),
        ("newsworthy>4", []),
        ("newsworthy<=4", ["high", "low"]),
        ("newsworthy<0.666667", ["low"]),
        ("newsworthy<0.666666", []),
        ("accurate>=0", []),
        ("", ["high", "low", "sport", "none"]),
        ("-is:usable", []),
    ],
)
def test_unrated_fails_a_comparison_and_its_negation_alike(query: str, expected: list[str]) -> None:
    assert edition(one(WORKS, f"trust: {{abc: 1}}\nselect: '{query}'\n", RATED)) == ids(*expected)


def test_filters_with_different_knobs_do_not_answer_for_each_other() -> None:
    view = press(
        WORKS,
        [
            *RATED,
            ("abc/ann", "abc/2026/none@old", {"newsworthy": 5}),
            ("lmn/lou", "abc/2026/low", {"newsworthy": 5}),
        ],
        {
            "abc/carries": "trust: {abc: 1}\nselect: newsworthy@abc>=3\n",
            "abc/drops": "trust: {abc: 1}\ncarry: 0\nselect: newsworthy@abc>=3\n",
            "abc/half": "trust: {abc: 1}\nselect: newsworthy=3.5\n",
            "abc/flat": "trust: {abc: 1}\nprior: 0\nselect: newsworthy=5\n",
            "abc/lmn": "trust: {lmn: 1}\nselect: newsworthy>=3\n",
        },
    )
    assert edition(view, "abc/carries") == ids("high", "none")
    assert edition(view, "abc/drops") == ids("high")
    assert edition(view, "abc/half") == ids("none")
    assert edition(view, "abc/flat") == ids("high", "none")
    assert edition(view, "abc/lmn") == ids("low")
    assert find(view, parse_query("newsworthy<2.1"), None, TODAY) == ()
    assert find(view, parse_query("newsworthy=2.4"), None, TODAY) == ("abc/2026/low",)


# -- find --------------------------------------------------------------------------------------------------

LIBRARY = {
    "abc/2026/strike": article(
        "The dock strike",
        "Rosa stood on the quay.",
        date="2026-05-20",
        more='topics: [labour, sea-trade]\nplaces: [Hamburg, "St. Pauli"]\nauthors:\n- name: Rosa Luxemburg\n',
    ),
    "lmn/2026/streik": article(
        "Der Streik", date="2026-05-21", more=based_on("abc/2026/strike", "translation")
    ).replace("lang: en", "lang: de-AT"),
    "lmn/2026/digest": article(
        "Digest", date="2026-05-22T10:00:00Z", more=based_on("abc/2026/strike", "quote")
    ),
    "lmn/2026/draft": article("A draft", date="2026-05-23", more="status: withheld\n"),
    "lmn/2026/gone": article("A strike called off", date="2026-05-24", more="status: withdrawn\n"),
    "lmn/2026/soon": article("Soon", date="2026-06-05"),
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("strike", ["abc/2026/strike"]),
        ('"dock strike"', ["abc/2026/strike"]),
        ('"strike dock"', []),
        ("topic:labour", ["abc/2026/strike"]),
        ("topic:sea", []),
        ("by:lmn", ["lmn/2026/soon", "lmn/2026/digest", "lmn/2026/streik"]),
        ("author:luxemburg", ["abc/2026/strike"]),
        ('author:"Rosa Luxemburg"', ["abc/2026/strike"]),
        ("author:lux", []),
        ('author:"!"', []),
        ("place:HAMBURG", ["abc/2026/strike"]),
        ('place:"st pauli"', ["abc/2026/strike"]),
        ("lang:de", ["lmn/2026/streik"]),
        ("lang:de-at", ["lmn/2026/streik"]),
        ("lang:de-DE", []),
        ("since:2026-05-21 until:2026-05-22", ["lmn/2026/digest", "lmn/2026/streik"]),
        ("since:11d", ["lmn/2026/soon", "lmn/2026/digest", "lmn/2026/streik"]),
        ("until:12d", ["abc/2026/strike"]),
        ("since:999999y", ["lmn/2026/soon", "lmn/2026/digest", "lmn/2026/streik", "abc/2026/strike"]),
        ("is:original", ["lmn/2026/soon", "abc/2026/strike"]),
        ("is:derived", ["lmn/2026/digest", "lmn/2026/streik"]),
        ("is:translation OR is:quote", ["lmn/2026/digest", "lmn/2026/streik"]),
        ("is:withheld", ["lmn/2026/draft"]),
        ("is:withdrawn strike", ["lmn/2026/gone"]),
        ("based-on:abc/2026/strike -is:quote", ["lmn/2026/streik"]),
        ("in:abc/daily", ["lmn/2026/digest", "lmn/2026/streik"]),
    ],
)
def test_finds(query: str, expected: list[str]) -> None:
    view = one(LIBRARY, "select: by:lmn\n")
    assert list(find(view, parse_query(query), None, TODAY)) == expected


def test_find_within_a_filter_is_a_part_of_its_selection_in_its_order() -> None:
    view = one(
        LIBRARY,
        "trust: {abc: 1}\nselect: by:lmn\norder: {newsworthy: 1}\n",
        [("abc/ann", "lmn/2026/streik", {"newsworthy": 5})],
    )
    assert find(view, parse_query(""), DAILY, TODAY) == ("lmn/2026/streik", "lmn/2026/digest")
    assert find(view, parse_query("digest OR strike"), DAILY, TODAY) == ("lmn/2026/digest",)
    assert find(view, parse_query("newsworthy>3"), DAILY, TODAY) == ("lmn/2026/streik",)
    assert find(view, parse_query(""), view.filters[DAILY], TODAY) == ("lmn/2026/streik", "lmn/2026/digest")


@pytest.mark.parametrize(
    ("query", "column", "rule", "hint"),
    [
        ("a newsworty>=3", 3, "unknown-axis", "did you mean 'newsworthy'?"),
        ("unrated:newsworty", 9, "unknown-axis", "did you mean 'newsworthy'?"),
        ("newsworthy@lmm>=3", 12, "unknown-contingent", "did you mean 'lmn'?"),
        ("by:lmm", 4, "unknown-contingent", "did you mean 'lmn'?"),
        ("in:abc/dayly", 4, "unknown-filter", "did you mean 'abc/daily'?"),
        ("based-on:abc/2026/stike", 10, "unknown-article", "did you mean 'abc/2026/strike'?"),
    ],
)
def test_unknown_names_are_errors(query: str, column: int, rule: str, hint: str) -> None:
    view = one(LIBRARY, "select: by:lmn\n")
    with pytest.raises(QueryError) as caught:
        find(view, parse_query(query), None, TODAY)
    assert (caught.value.column, caught.value.rule, caught.value.hint) == (column, rule, hint)


def test_unknown_filter_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="no such filter: 'abc/dayly'") as caught:
        select(one([], ""), FilterId("abc/dayly"), TODAY)
    assert caught.value.hint == "did you mean 'abc/daily'?"


# -- what is printed ---------------------------------------------------------------------------------------


def test_an_empty_commons_and_a_filter_that_says_nothing() -> None:
    assert select(one([], ""), DAILY, TODAY).items == ()
    assert edition(one(["abc/2026/a", "abc/2026/b"], "")) == ids("a", "b")


def test_withheld_withdrawn_and_later_works_are_not_printed_even_by_hand() -> None:
    picks = "[lmn/2026/draft, lmn/2026/gone, lmn/2026/soon]"
    selection = select(one(LIBRARY, f"select: by:abc\ninclude: {picks}\nlead: {picks}\n"), DAILY, TODAY)
    assert printed(selection) == ["abc/2026/strike"]
    assert selection.early == ("lmn/2026/soon",)
    assert "lmn/2026/soon" not in selection.selected
    assert edition(one(LIBRARY, "select: by:lmn\n"), today=date(2026, 6, 5))[0] == "lmn/2026/soon"


def test_picks_by_hand() -> None:
    works = {f"abc/2026/{s}": article(s, date=f"2026-05-0{n + 1}") for n, s in enumerate("abcdef")}
    chosen = t.Filter(
        title="F",
        select="a OR b OR c",
        include=("abc/2026/e", "abc/2026/f", "abc/2026/nothing"),
        exclude=("abc/2026/b", "abc/2026/f"),  # also included: left out is left out
        lead=("abc/2026/d", "abc/2026/a"),
    )
    selection = select(press(works), chosen, TODAY)
    assert [(i.work, i.by) for i in selection.items] == [
        ("abc/2026/d", "lead"),
        ("abc/2026/a", "lead"),
        ("abc/2026/e", "include"),
        ("abc/2026/c", "select"),
    ]


STORY = {
    "lmn/2026/first": article("First", date="2026-05-01"),
    "abc/2026/second": article("Second", date="2026-05-02", more=based_on("lmn/2026/first")),
    "xyz/2026/third": article("Third", date="2026-05-03", more=based_on("abc/2026/second")),
    "xyz/2026/quoting": article("Quoting", date="2026-05-04", more=based_on("lmn/2026/first", "quote")),
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("versions: {else: best}", ["xyz/2026/quoting", "abc/2026/second"]),
        ("versions: {else: newest}", ["xyz/2026/quoting", "xyz/2026/third"]),
        ("versions: {else: original}", ["xyz/2026/quoting", "lmn/2026/first"]),
        ("versions: {prefer: [zzz, lmn, abc]}", ["xyz/2026/quoting", "lmn/2026/first"]),
        ("versions: {prefer: [xyz]}", ["xyz/2026/quoting", "xyz/2026/third"]),
        (
            "exclude: [abc/2026/second]\nversions: {prefer: [abc], else: original}",
            ["xyz/2026/quoting", "lmn/2026/first"],
        ),
        ("lead: [xyz/2026/third]\nversions: {prefer: [lmn]}", ["xyz/2026/third", "xyz/2026/quoting"]),
        ("lead: [xyz/2026/third, lmn/2026/first]", ["xyz/2026/third", "xyz/2026/quoting"]),
        ("limit: 1", ["xyz/2026/quoting"]),
    ],
)
def test_one_version_of_a_story_leads(more: str, expected: list[str]) -> None:
    ratings: list[Given] = [
        ("abc/ann", "abc/2026/second", {"newsworthy": 4}),
        ("abc/ann", "xyz/2026/quoting", {"newsworthy": 5}),
    ]
    view = one(STORY, f"trust: {{abc: 1}}\norder: {{newsworthy: 1}}\n{more}\n", ratings)
    selection = select(view, DAILY, TODAY)
    assert printed(selection) == expected
    versions = {w for i in selection.items for w in (i.work, *i.others)} | set(selection.beyond)
    assert all(i.work not in i.others for i in selection.items)
    if "limit" in more:
        assert selection.beyond == ("abc/2026/second",)
        assert selection.selected == set(STORY)
    else:
        assert versions == selection.selected


def test_a_ring_of_versions_still_has_one_lead() -> None:
    works = {f"abc/2026/{a}": article(a, more=based_on(f"abc/2026/{b}")) for a, b in ("ab", "bc", "ca")}
    for otherwise in t.Lead:
        selection = select(one(works, f"versions: {{else: {otherwise}}}\n"), DAILY, TODAY)
        assert printed(selection) == ids("a")


def test_order_fades_by_days_and_breaks_ties_by_date_then_id() -> None:
    works = {
        "abc/2026/old": article("Old", date="2026-05-25"),
        "abc/2026/new": article("New", date="2026-06-01"),
        "abc/2026/noon": article("Noon", date="2026-05-31T12:00:00Z"),
        "abc/2026/bare": article("Bare", date="2026-05-31"),
        "abc/2026/also": article("Also", date="2026-05-31"),
    }
    ratings: list[Given] = [("abc/ann", "abc/2026/old", {"newsworthy": 5})]
    trust = "trust: {abc: 1}\n"
    assert edition(one(works, trust, ratings)) == ids("new", "noon", "also", "bare", "old")
    assert edition(one(works, f"{trust}order: {{newsworthy: 1}}\n", ratings)) == ids(
        "old", "new", "noon", "also", "bare"
    )
    assert edition(one(works, f"{trust}order: {{newsworthy: -1}}\n", ratings))[-1:] == ids("old")
    # 4 - 7/3 against the neutral 2 of a work of today that nobody rated
    view = one(works, f"{trust}order: {{newsworthy: 1, fade: 3d}}\n", ratings)
    selection = select(view, DAILY, TODAY)
    assert printed(selection) == ids("new", "noon", "also", "bare", "old")
    points = {i.work: i.points for i in selection.items}
    assert points["abc/2026/old"] == Fraction(4) - Fraction(7, 3)
    assert points["abc/2026/new"] == 2
    assert points["abc/2026/noon"] == points["abc/2026/bare"] == Fraction(5, 3)


def test_sections_first_match_wins() -> None:
    text = (
        "trust: {abc: 1}\nedition:\n  sections:\n  - {title: Top, select: 'newsworthy>=3'}\n"
        "  - {title: Sport, select: 'topic:sport'}\n  - {title: Rated, select: 'newsworthy>=0'}\n"
    )
    selection = select(one(WORKS, text, RATED), DAILY, TODAY)
    assert [(i.work, i.section) for i in selection.items] == list(
        zip(ids("high", "low", "sport", "none"), (0, 2, 1, None), strict=True)
    )
    assert list(selection.scores) == ["newsworthy"]
    assert set(selection.scores["newsworthy"]) == set(ids("high", "low"))


# -- filters on filters ------------------------------------------------------------------------------------


def test_in_means_what_the_other_selects_with_its_own_trust_beyond_its_limit() -> None:
    view = one(
        WORKS,
        "trust: {lmn: 1}\nselect: in:lmn/good -topic:sport\n",
        [
            *RATED,
            ("abc/ann", "abc/2026/sport", {"newsworthy": 4}),
            ("abc/ann", "abc/2026/none", {"newsworthy": 3}),
        ],
        lmn__good="trust: {abc: 1}\nselect: newsworthy>2\nlimit: 1\nexclude: [abc/2026/none]\ninclude: [abc/2026/low]\n",
    )
    assert edition(view) == ids("high", "low")


def test_a_circle_of_filters_is_a_fault() -> None:
    view = one(
        WORKS,
        "select: in:lmn/b\n",
        lmn__b="select: a OR -in:xyz/c\n",
        xyz__c="select: in:lmn/b\n",
        abc__self="select: in:abc/self\n",
    )
    for name in ("abc/daily", "lmn/b", "xyz/c", "abc/self"):
        with pytest.raises(FilterError, match="in a circle") as caught:
            select(view, FilterId(name), TODAY)
        assert caught.value.problems[0].rule == "filter-cycle"
    with pytest.raises(FilterError):
        find(view, parse_query("in:abc/daily"), None, TODAY)
    in_a_section = one(WORKS, "edition: {sections: [{title: T, select: 'in:abc/daily'}]}\n")
    assert [i.section for i in select(in_a_section, DAILY, TODAY).items] == [0, 0, 0, 0]


def test_a_chain_of_two_thousand_filters_is_no_recursion() -> None:
    chain = {f"abc/f{n}": f"select: in:abc/f{n + 1}\n" for n in range(2000)}
    view = press(WORKS, RATED, {**chain, "abc/f2000": "select: high\n"})
    assert edition(view, "abc/f0") == ids("high")


def test_a_broken_filter_is_an_error_that_names_it() -> None:
    view = one(WORKS, "select: in:lmn/b\n", lmn__b="select: 'newsworty>=3 by:zz'\n")
    with pytest.raises(FilterError) as caught:
        select(view, DAILY, TODAY)
    assert (
        caught.value.message
        == "filter lmn/b has a fault in select at column 1: no such axis: 'newsworty' (and 1 more)"
    )
    assert caught.value.hint == "did you mean 'newsworthy'?"


# -- always ------------------------------------------------------------------------------------------------


def test_twice_is_the_same_and_a_later_day_is_asked_anew() -> None:
    text = "trust: {abc: 1}\nselect: since:30d\norder: {newsworthy: 1, fade: 3d}\n"
    first = select(one(WORKS, text, RATED), DAILY, TODAY)
    _notes.clear()
    again = select(one(WORKS, text, RATED), DAILY, TODAY)
    assert first == again
    assert repr(first.items) == repr(again.items)
    assert edition(one(WORKS, text, RATED), today=TODAY + timedelta(days=1)) == ids("high")


def test_a_filter_that_is_not_in_the_commons_is_heard_too() -> None:
    parsed = parse(
        Kind.FILTER, b"title: Mine\ntrust: {abc: 1}\nselect: newsworthy>=3\n", "filters/abc/mine.yaml"
    )
    assert isinstance(parsed.record, t.Filter)
    selection = select(one(WORKS, "", RATED), parsed.record, TODAY)
    assert (selection.filter, printed(selection)) == (None, ids("high"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["mob/x", "mob/y", "lmn/zed"]),
            st.sampled_from([*WORKS, "abc/2026/low@old"]),
            st.fixed_dictionaries({"newsworthy": st.integers(0, 5), "accurate": st.integers(-2, 2)}),
        ),
        unique_by=lambda r: (r[0], r[1]),
    )
)
@settings(max_examples=40, deadline=None)
def test_whom_nobody_trusts_changes_no_edition(noise: list[Given]) -> None:
    text = (
        "trust: {abc: 1, lmn/lou: 0.5}\ntrust_through: {hops: 2, factor: 0.5}\n"
        "select: newsworthy>=1 OR unrated:accurate\norder: {newsworthy: 1, accurate: 1, fade: 2d}\nlimit: 3\n"
    )
    quiet = select(one(WORKS, text, [*RATED, ("lmn/lou", "abc/2026/low", {"accurate": 1})]), DAILY, TODAY)
    loud = one(WORKS, text, [*RATED, ("lmn/lou", "abc/2026/low", {"accurate": 1}), *noise])
    assert select(loud, DAILY, TODAY) == quiet


SLUGS = [ArticleId(f"{c}/2026/{s}") for c in ("abc", "lmn") for s in ("p", "q", "r")]
small_filters = st.fixed_dictionaries(
    {
        "trust": st.dictionaries(
            st.sampled_from(["abc", "lmn", "mob/x"]), st.sampled_from(["0", "0.4", "1"]), max_size=3
        ),
        "select": st.sampled_from(
            [
                "",
                "newsworthy>=2",
                "-newsworthy>2",
                "accurate>=0 OR by:lmn",
                "-(accurate<1 newsworthy>1)",
                "unrated:accurate",
            ]
        ),
        "order": st.dictionaries(
            st.sampled_from(["newsworthy", "accurate"]),
            st.sampled_from(["1", "-0.3", "0.000001"]),
            max_size=2,
        ),
        "fade": st.sampled_from([None, "1d", "7d", "1y"]),
        "include": st.lists(st.sampled_from(SLUGS), max_size=2, unique=True),
        "exclude": st.lists(st.sampled_from(SLUGS), max_size=2, unique=True),
        "lead": st.lists(st.sampled_from(SLUGS), max_size=2, unique=True),
        "prefer": st.lists(st.sampled_from(["abc", "lmn"]), max_size=2, unique=True),
        "otherwise": st.sampled_from(list(t.Lead)),
        "limit": st.none() | st.integers(1, 4),
    }
)
small_works = st.fixed_dictionaries(
    {
        s: st.tuples(
            st.integers(1, 31), st.sampled_from([None, *SLUGS]), st.sampled_from(["usable", "withdrawn"])
        )
        for s in SLUGS
    }
)
small_ratings = st.dictionaries(
    st.tuples(
        st.sampled_from(["abc/a", "abc/b", "lmn/a", "mob/x"]),
        st.sampled_from(SLUGS),
        st.sampled_from(["newsworthy", "accurate"]),
    ),
    st.integers(0, 2),
    max_size=16,
)


def kleene(query: str, work: str, score: dict[str, dict[str, Fraction]]) -> bool | None:
    """The six queries of ``small_filters``, written out."""
    news, true = score["newsworthy"].get(work), score["accurate"].get(work)
    match query:
        case "":
            return True
        case "newsworthy>=2":
            return None if news is None else news >= 2
        case "-newsworthy>2":
            return None if news is None else not news > 2
        case "accurate>=0 OR by:lmn":
            return True if work.startswith("lmn/") else (None if true is None else true >= 0)
        case "-(accurate<1 newsworthy>1)":
            parts = (None if true is None else true < 1, None if news is None else news > 1)
            return True if False in parts else (None if None in parts else False)
        case _:
            return true is None


@given(small_works, small_ratings, small_filters)
@settings(max_examples=150, deadline=None)
def test_select_is_the_naive_selection(works: dict, rated: dict, f: dict) -> None:
    """Written the plainest way: every work by itself, fractions, no sets, no caches."""
    parents = {w: p for w, (_, p, _) in works.items() if p is not None and p != w}
    for w in SLUGS:  # honest history: drop what would close a ring
        here, seen = parents.get(w), {w}
        while here is not None:
            if here in seen:
                del parents[w]
                break
            seen.add(here)
            here = parents.get(here)
    texts = {
        w: article(
            w,
            date=f"2026-05-{day:02d}",
            more=(based_on(parents[w]) if w in parents else "") + f"status: {status}\n",
        )
        for w, (day, _, status) in works.items()
    }
    ratings: dict[tuple[str, str], dict[str, int]] = {}
    for (rater, work, axis), value in rated.items():
        ratings.setdefault((rater, work), {})[axis] = value
    f = {**f, "exclude": [w for w in f["exclude"] if w not in f["include"] + f["lead"]]}
    order = dict(f["order"]) | ({"fade": f["fade"]} if f["fade"] else {})
    lines = [
        "trust: {" + ", ".join(f"{k}: {v}" for k, v in sorted(f["trust"].items())) + "}",
        f"select: '{f['select']}'",
        "order: {" + ", ".join(f"{k}: {v}" for k, v in order.items()) + "}",
        *(f"{key}: [{', '.join(f[key])}]" for key in ("include", "exclude", "lead")),
        f"versions: {{prefer: [{', '.join(f['prefer'])}], else: {f['otherwise']}}}",
        *([f"limit: {f['limit']}"] if f["limit"] else []),
    ]
    view = press(
        texts,
        [(r, w, v) for (r, w), v in ratings.items()],
        {"abc/daily": "\n".join(lines) + "\n"},
        {"mob": "", "lmn": ""},
    )
    today = date(2026, 5, 20)
    selection = select(view, DAILY, today)

    listened = trusted(view.filters[DAILY], view.contingents)
    score = {a: {w: s.value for w, s in score_axis(view, a, listened).items()} for a in view.axes}
    neutral = {"newsworthy": 2, "accurate": 0}
    days = {"1d": 1, "7d": 7, "1y": 365}
    chosen, early = [], []
    for w, (day, _, status) in works.items():
        by_hand = w in f["include"] or w in f["lead"]
        if (
            status == "usable"
            and w not in f["exclude"]
            and (by_hand or kleene(f["select"], w, score) is True)
        ):
            (early if day > 20 else chosen).append(w)

    def points(w: str) -> Fraction:
        total = sum(
            (Fraction(k) * score[a].get(w, Fraction(neutral[a])) for a, k in f["order"].items()), Fraction(0)
        )
        return total - (Fraction(20 - works[w][0], days[f["fade"]]) if f["fade"] else 0)

    def depth(w: str) -> int:
        return 1 + depth(parents[w]) if w in parents else 0

    def root(w: str) -> str:
        return root(parents[w]) if w in parents else w

    def rank(w: str) -> tuple[Fraction, int, str]:
        return (-points(w), -works[w][0], w)

    leads = []
    for story in sorted({root(w) for w in chosen}):
        members = sorted((w for w in chosen if root(w) == story), key=rank)
        hand = [w for w in f["lead"] if w in members]
        among = next(
            (m for c in f["prefer"] if (m := [w for w in members if w.startswith(c + "/")])), members
        )
        if hand:
            lead = hand[0]
        elif f["otherwise"] == "best":
            lead = among[0]
        elif f["otherwise"] == "newest":
            lead = min(among, key=lambda w: (-works[w][0], *rank(w)))
        else:
            lead = min(among, key=lambda w: (depth(w), works[w][0], w))
        leads.append((lead, tuple(w for w in members if w != lead), story))
    leads.sort(key=lambda x: (f["lead"].index(x[0]) if x[0] in f["lead"] else 9, rank(x[0])))
    limit = f["limit"] or len(leads)
    assert [(i.work, i.others, i.story) for i in selection.items] == leads[:limit]
    assert [i.points for i in selection.items] == [points(x[0]) for x in leads[:limit]]
    assert list(selection.beyond) == [x[0] for x in leads[limit:]]
    assert selection.selected == frozenset(chosen)
    assert list(selection.early) == sorted(early)
