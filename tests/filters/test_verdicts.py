"""Why a work is printed or not: reasons, trust paths, sums, places; each turn told is true, and the nearest."""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from press import Given, based_on, press
from support import article

from newsrepo.commons import Commons
from newsrepo.commons.model import Standing
from newsrepo.filters import select
from newsrepo.filters.verdicts import Account, How, Knob, KnobKind, Reason, Truth, account, trial
from newsrepo.filters.verdicts.recount import Recounted, ordered
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, RaterId
from newsrepo.records import types as t
from newsrepo.records.scalars import Weight

TODAY = date(2026, 6, 1)
DAILY = FilterId("abc/daily")
STEP = 10_000
WORKS = {
    "abc/2026/bread": article("Bread", date="2026-05-20", more="topics: [food]\n"),
    "abc/2026/strike": article("Strike", date="2026-05-10", more="topics: [labour]\n"),
    "lmn/2026/strike": article("Strike again", date="2026-05-12", more=based_on("abc/2026/strike")),
    "lmn/2026/fire": article("Fire", date="2026-04-28"),
    "xyz/2026/sport": article("Sport", date="2026-05-30", more="topics: [sport]\n"),
}
RATERS = ("abc/ann", "abc/bob", "lmn/lea", "lmn/leo", "xyz/zoe")


def why(view: Commons, work: str, name: str = "abc/daily", today: date = TODAY) -> Account:
    return account(view, FilterId(name), today, ArticleId(work))


def test_a_work_that_the_query_selects_tells_its_clauses_its_sum_and_its_place() -> None:
    ratings: list[Given] = [
        ("abc/ann", "abc/2026/bread", {"newsworthy": 4}),
        ("lmn/lea", "abc/2026/bread", {"newsworthy": 5}),
        ("xyz/zoe", "abc/2026/bread", {"newsworthy": 0}),
        ("abc/ann", "lmn/2026/fire", {"newsworthy": 5}),
        ("abc/ann", "abc/2026/strike", {"newsworthy": 3}),
    ]
    text = (
        "trust: {abc: 1}\ntrust_through: {hops: 1, factor: 0.5}\n"
        "select: newsworthy>=2.5 -topic:sport\norder: {newsworthy: 1, fade: 10d}\nlimit: 2\n"
    )
    view = press(WORKS, ratings, {"abc/daily": text}, {"abc": "vouches: {lmn: 0.8}\n"})
    told = why(view, "abc/2026/bread")
    assert told.inside
    assert told.reason is Reason.SELECT
    assert [(c.text, c.truth, c.decides, c.value) for c in told.clauses] == [
        ("newsworthy>=2.5", Truth.TRUE, True, Fraction(70, 19)),
        ("-topic:sport", Truth.TRUE, True, None),
    ]
    paths = {
        h.rating.rater: (h.how, h.weight, [(s.contingent, s.weight, s.vouch) for s in h.hops])
        for h in told.ratings
    }
    assert paths == {
        "abc/ann": (How.CONTINGENT, Fraction(1), []),
        "lmn/lea": (How.VOUCHED, Fraction(2, 5), [("abc", Fraction(1), Fraction(4, 5))]),
        "xyz/zoe": (How.NOT, Fraction(0), []),
    }
    (summed,) = told.sums
    assert summed.score is not None
    assert summed.top / summed.bottom == summed.score.value == Fraction(70, 19)
    assert told.place is not None
    assert (told.place.position, told.place.of) == (1, 3)
    assert told.place.above is None
    assert told.place.below is not None
    assert told.place.below.work == "lmn/2026/fire"


@pytest.mark.parametrize(
    ("work", "text", "reason"),
    [
        ("abc/2026/bread", "select: topic:sport\n", Reason.QUERY),
        ("abc/2026/bread", "select: topic:food\nexclude: [abc/2026/bread]\n", Reason.EXCLUDE),
        ("abc/2026/bread", "select: topic:sport\ninclude: [abc/2026/bread]\n", Reason.INCLUDE),
        ("abc/2026/bread", "select: topic:sport\nlead: [abc/2026/bread]\n", Reason.LEAD),
        ("lmn/2026/fire", "limit: 1\n", Reason.LIMIT),
        ("lmn/2026/strike", "versions: {prefer: [abc]}\n", Reason.VERSION),
        ("xyz/2026/sport", "limit: 3\n", Reason.EARLY),
    ],
)
def test_what_decided_is_named(work: str, text: str, reason: Reason) -> None:
    view = press(WORKS, [], {"abc/daily": text})
    today = date(2026, 5, 29) if reason is Reason.EARLY else TODAY
    assert why(view, work, today=today).reason is reason


def test_a_work_that_is_withheld_or_takes_the_name_of_the_commons_is_told_so() -> None:
    held = {
        "abc/2026/held": article("Held", more="status: withheld\n"),
        "abc/2026/name": article("The Test Commons"),
    }
    view = press(held, [], {"abc/daily": "trust: {abc: 1}\n"})
    assert why(view, "abc/2026/held").reason is Reason.STATUS
    assert why(view, "abc/2026/name").reason is Reason.SPEAKS


def test_of_clauses_joined_by_or_the_first_that_holds_decides_and_all_where_none_does() -> None:
    view = press(WORKS, [], {"abc/daily": "select: topic:sport OR by:abc OR topic:food\n"})
    decides = {c.text for c in why(view, "abc/2026/bread").clauses if c.decides}
    assert decides == {"by:abc"}
    assert all(c.decides for c in why(view, "lmn/2026/fire").clauses)


def test_an_unknown_comparison_is_told_as_unknown() -> None:
    view = press(WORKS, [], {"abc/daily": "trust: {abc: 1}\nselect: -newsworthy>=3\n"})
    (clause,) = why(view, "abc/2026/bread").clauses
    assert (clause.truth, clause.value) == (Truth.UNKNOWN, None)


# -- turns ---------------------------------------------------------------------------------------------------

SELECTS = (
    ("",),
    ("newsworthy>=2.5",),
    ("newsworthy>=2.5", "accurate>-0.5"),
    ("newsworthy@lmn>=3", "since:25d"),
    ("-topic:sport", "until:2026-05-20"),
    ("in:lmn/good", "newsworthy<4.2"),
    ("newsworthy@abc/ann>1", "is:rated"),
)
weights = st.integers(0, 20).map(lambda n: n * 50_000)


@st.composite
def papers(draw: st.DrawFn) -> tuple[dict[tuple[str, str], dict[str, int]], t.Filter, tuple[str, ...], str]:
    """Ratings, a filter, the clauses of its query one by one, and the text of lmn/good."""
    ratings: dict[tuple[str, str], dict[str, int]] = {}
    for rater in RATERS:
        for work in (*WORKS, "abc/2026/bread@old"):
            values = draw(
                st.fixed_dictionaries(
                    {}, optional={"newsworthy": st.integers(0, 5), "accurate": st.integers(-2, 2)}
                )
            )
            if values:
                ratings[rater, work] = values
    clauses = draw(st.sampled_from(SELECTS))
    trust = draw(st.dictionaries(st.sampled_from(("abc", "lmn", "abc/ann")), weights, min_size=1))
    lines = [f"trust: {{{', '.join(f'{k}: {v / 10**6}' for k, v in sorted(trust.items()))}}}"]
    if draw(st.booleans()):
        lines.append("trust_through: {hops: 2, factor: 0.5}")
    lines.append(f"select: {' '.join(clauses)!r}" if clauses != ("",) else "select: ''")
    lines.append(f"order: {draw(st.sampled_from(('{newsworthy: 1}', '{accurate: 1, fade: 5d}', '{}')))}")
    if draw(st.booleans()):
        lines.append(f"limit: {draw(st.integers(1, 4))}")
    if draw(st.booleans()):
        lines.append("versions: {prefer: [lmn], else: newest}")
    view = made({}, "\n".join(lines) + "\n")
    return ratings, view.filters[DAILY], clauses, "\n".join(lines) + "\n"


def made(ratings: dict[tuple[str, str], dict[str, int]], text: str) -> Commons:
    good = "trust: {xyz: 1, lmn: 0.5}\nselect: newsworthy>=2 OR topic:food\n"
    rows = [(rater, work, values) for (rater, work), values in ratings.items() if values]
    people = {"abc": "vouches: {lmn: 0.9, xyz: 0.6}\n", "lmn": "vouches: {xyz: 1}\n"}
    view: Commons = press(WORKS, rows, {"abc/daily": text, "lmn/good": good}, people)
    return view


def inside(view: Commons, chosen: FilterId | t.Filter, work: ArticleId) -> bool:
    return any(item.work == work for item in select(view, chosen, TODAY).items)


@settings(max_examples=12, deadline=None)
@given(papers(), st.sampled_from(sorted(WORKS)))
def test_each_turn_that_is_told_is_true_and_the_nearest_and_none_means_none(
    paper: tuple[dict[tuple[str, str], dict[str, int]], t.Filter, tuple[str, ...], str], name: str
) -> None:
    ratings, content, clauses, text = paper
    view, work = made(ratings, text), ArticleId(name)
    told = why(view, name)
    assert told.inside is inside(view, DAILY, work)
    for knob in told.knobs:
        assert knob.every
        if knob.kind in (KnobKind.RATING, KnobKind.REMOVAL):
            others = rated(ratings, text, view, work, knob)
        else:
            others = (
                (far, to, inside(view, changed, work)) for far, to, changed in turned(content, clauses, knob)
            )
        flips = sorted((far, to) for far, to, now in others if now is not told.inside)
        if knob.to is None:
            assert not flips, (knob, flips)
        else:
            assert flips, knob
            assert knob.to in {to for far, to in flips if far == flips[0][0]}, (knob, flips[:3])


@settings(max_examples=5, deadline=None)
@given(papers(), st.sampled_from(sorted(WORKS)), st.sampled_from((0, 10**6)))
def test_where_few_settings_can_be_tried_the_nearest_is_told_or_that_it_may_not_be(
    paper: tuple[dict[tuple[str, str], dict[str, int]], t.Filter, tuple[str, ...], str],
    name: str,
    looks: int,
) -> None:
    ratings, content, clauses, text = paper
    content = replace(content, limit=content.limit or 2)
    view, work = made(ratings, f"{text}limit: 2\n" if "limit:" not in text else text), ArticleId(name)
    with (
        patch.object(trial, "_WORK", 0),
        patch.object(trial, "_LOOKS", looks),
    ):
        told = account(view, content, TODAY, work)
    for knob in told.knobs:
        if knob.kind not in (KnobKind.TRUST, KnobKind.NUMBER):
            continue
        tried = sorted(
            (far, to, inside(view, changed, work)) for far, to, changed in turned(content, clauses, knob)
        )
        turns = {to: far for far, to, now in tried if now is not told.inside}
        if knob.to is not None:
            assert knob.to in turns, knob
            assert not knob.every or turns[knob.to] == min(turns.values()), (knob, turns)
            if knob.kind is KnobKind.TRUST:  # one step less does not turn
                assert not any(
                    far == turns[knob.to] - STEP and to in turns and beside(knob, to) for far, to, _ in tried
                )
        else:
            assert not (knob.every and turns), (knob, turns)


def beside(knob: Knob, to: str) -> bool:
    """Whether a weight lies on the way from what stands now to what is told."""
    now, told, other = (Fraction(text or "0") for text in (knob.now, knob.to or "", to))
    return min(now, told) <= other <= max(now, told)


def turned(content: t.Filter, clauses: tuple[str, ...], knob: Knob) -> Iterator[tuple[int, str, t.Filter]]:
    """Every setting of a knob of the filter: its distance, how it is written, and the filter with it."""
    if knob.kind is KnobKind.LIMIT:
        for n in range(1, 8):
            if n != content.limit:
                yield abs(n - (content.limit or 0)), str(n), replace(content, limit=n)
    elif knob.kind is KnobKind.TRUST:
        now = content.trust[knob.of].millionths if knob.of in content.trust else 0
        for n in range(101):
            weight = Weight(n * STEP)
            if weight.millionths != now:
                changed = replace(content, trust={**content.trust, knob.of: weight})
                yield abs(weight.millionths - now), str(weight), changed
    elif knob.kind is KnobKind.CLAUSE:
        left = " ".join(clause for clause in clauses if clause != knob.of)
        assert left != " ".join(clauses)
        yield 1, "", replace(content, select=left)
    else:
        for far, to in moved(knob.now):
            moved_clause = knob.of.replace(knob.now, to)
            new = " ".join(moved_clause if clause == knob.of else clause for clause in clauses)
            yield far, to, replace(content, select=new)


def moved(now: str) -> Iterator[tuple[int, str]]:
    """The number, length of time or day of a clause at every step away."""
    if now.endswith("d"):
        yield from ((abs(n - int(now[:-1])), f"{n}d") for n in range(1, 80) if n != int(now[:-1]))
    elif now.count("-") == 2:
        day = date.fromisoformat(now)
        for n in range(-60, 61):
            if n:
                yield abs(n), date.fromordinal(day.toordinal() + n).isoformat()
    else:
        start = Fraction(now)
        for n in range(-600, 601):
            if n:
                yield abs(n), f"{float(start + Fraction(n, 100)):.2f}".rstrip("0").rstrip(".")


def rated(
    ratings: dict[tuple[str, str], dict[str, int]], text: str, view: Commons, work: ArticleId, knob: Knob
) -> Iterator[tuple[int, str, bool]]:
    """Every value that a rating could have, or its absence: distance, how it is written, what comes of it."""
    assert knob.rater is not None
    assert knob.axis is not None
    key = (knob.rater, work if knob.version == view.works[work].version else f"{work}@old")
    values = ratings[key]
    low, high = (0, 5) if knob.axis == "newsworthy" else (-2, 2)
    if knob.kind is KnobKind.REMOVAL:
        left = {axis: value for axis, value in values.items() if axis != knob.axis}
        yield 1, "", inside(made({**ratings, key: left}, text), DAILY, work)
        return
    for value in range(low, high + 1):
        if value != values[knob.axis]:
            other = made({**ratings, key: {**values, knob.axis: value}}, text)
            yield abs(value - values[knob.axis]), str(value), inside(other, DAILY, work)


def bare(standings: Iterable[Standing]) -> list[str]:
    return sorted(map(repr, standings))


@settings(max_examples=20, deadline=None)
@given(papers())
def test_ratings_counted_anew_come_to_what_the_commons_counts(
    paper: tuple[dict[tuple[str, str], dict[str, int]], t.Filter, tuple[str, ...], str],
) -> None:
    view = made(paper[0], paper[3])
    anew = Recounted(view.works, {work: ordered(view.ratings, work) for work in view.works})
    people = frozenset(view.contingents)
    named = frozenset(RaterId(rater) for rater in RATERS)
    for axis in (AxisId("newsworthy"), AxisId("accurate")):
        assert bare(anew.standings(axis, None)) == bare(view.ratings.standings(axis, None))
        silent = (axis, people, named - {"abc/bob"})
        assert bare(anew.standings_without(*silent)) == bare(view.ratings.standings_without(*silent))
        heavy = {ContingentId("abc"): 700_000, ContingentId("lmn"): 300_000}
        assert list(anew.sums(axis, heavy, 500_000)) == list(view.ratings.sums(axis, heavy, 500_000))
        assert list(anew.rater_standings(axis, named)) == list(view.ratings.rater_standings(axis, named))
    assert {r: sorted(s) for r, s in anew.spoken()} == {r: sorted(s) for r, s in view.ratings.spoken()}
