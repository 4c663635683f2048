"""Scores: the formula by hand and against a naive reference, and who can move them and by how much."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from press import Given, press

from newsrepo.commons import Commons
from newsrepo.filters import find, parse_query, select
from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId
from newsrepo.records import types as t
from newsrepo.records.scalars import Decimal, Weight
from newsrepo.scores import EVERYONE, Score, Single, Trust, Voice, said_by, score_axis, shares, trusted

NEWS = AxisId("newsworthy")
TRUE = AxisId("accurate")
ONE = ArticleId("abc/2026/one")
TWO = ArticleId("abc/2026/two")


def trust(keys: dict[str, str], through: str = "", prior: str = "", carry: str = "") -> t.Filter:
    hops, _, factor = through.partition(" ")
    return t.Filter(
        title="F",
        trust={key: Weight.parse(weight) for key, weight in keys.items()},
        trust_through=t.Through(hops=int(hops), factor=Weight.parse(factor)) if through else None,
        prior=Decimal.parse(prior) if prior else None,
        carry=Weight.parse(carry) if carry else None,
    )


def scores(view: Commons, chosen: t.Filter, axis: AxisId = NEWS) -> dict[ArticleId, Fraction]:
    return {w: s.value for w, s in score_axis(view, axis, trusted(chosen, view.contingents)).items()}


# -- the formula -----------------------------------------------------------------------------------------


def test_nobody_rated_nothing() -> None:
    view = press([ONE])
    assert scores(view, trust({})) == {}
    assert scores(view, trust({"abc": "1"})) == {}
    assert score_axis(view, NEWS, EVERYONE) == {}


def test_one_voice_and_the_prior() -> None:
    view = press([ONE, TWO], [("abc/ann", ONE, {NEWS: 5})])
    # (1*5 + 1/2*2) / (1 + 1/2) = 4; nobody rated the other work, and missing is not neutral
    assert score_axis(view, NEWS, trusted(trust({"abc": "1"}), view.contingents)) == {ONE: Score(4, 1, 1, 1)}
    assert scores(view, trust({"abc": "0.1"})) == {ONE: Fraction(5, 2)}
    assert scores(view, trust({"abc": "1"}, prior="0")) == {ONE: Fraction(5)}
    assert scores(view, trust({"abc": "1"}, prior="2")) == {ONE: Fraction(3)}
    assert scores(view, trust({"abc": "0"})) == {}
    assert scores(view, trust({"lmn": "1"})) == {}


def test_two_voices_weigh_as_trusted() -> None:
    view = press(
        [ONE], [("abc/ann", ONE, {NEWS: 5}), ("lmn/lou", ONE, {NEWS: 0}), ("lmn/max", ONE, {NEWS: 1})]
    )
    found = score_axis(view, NEWS, trusted(trust({"abc": "1", "lmn": "0.5"}), view.contingents))[ONE]
    assert found.value == (5 + Fraction(1, 2) * Fraction(1, 2) + 1) / Fraction(2)
    assert (found.contingents, found.raters) == (2, 3)


def test_a_mean_is_rounded_once_to_millionths() -> None:
    view = press([ONE], [(f"abc/r{n}", ONE, {NEWS: 1 if n else 2}) for n in range(3)])
    assert scores(view, trust({"abc": "1"}, prior="0")) == {ONE: Fraction(1_333_333, 1_000_000)}


def test_ratings_of_another_version_are_carried_at_a_discount() -> None:
    view = press([ONE], [("abc/ann", f"{ONE}@old", {NEWS: 5})])
    assert scores(view, trust({"abc": "1"})) == {ONE: Fraction(7, 2)}  # (1/2*5 + 1/2*2) / 1
    assert scores(view, trust({"abc": "1"}, carry="1")) == {ONE: Fraction(4)}
    assert scores(view, trust({"abc": "1"}, carry="0")) == {}
    both = press([ONE], [("abc/ann", f"{ONE}@old", {NEWS: 5}), ("abc/bob", ONE, {NEWS: 2})])
    assert scores(both, trust({"abc": "1"})) == {ONE: Fraction(2)}  # who rated this version goes before


def test_what_one_voice_says() -> None:
    view = press(
        [ONE, TWO],
        [("lmn/lou", ONE, {NEWS: 5}), ("lmn/max", ONE, {NEWS: 2}), ("lmn/lou", f"{TWO}@x", {NEWS: 3})],
    )
    lmn, lou = ContingentId("lmn"), RaterId("lmn/lou")
    half = Fraction(1, 2)
    assert {w: s.mean for w, s in said_by(view, NEWS, lmn, None, half).items()} == {
        ONE: 3_500_000,
        TWO: 3_000_000,
    }
    assert {w: s.mean for w, s in said_by(view, NEWS, lmn, lou, half).items()} == {
        ONE: 5_000_000,
        TWO: 3_000_000,
    }
    assert set(said_by(view, NEWS, lmn, None, Fraction(0))) == {ONE}
    assert said_by(view, TRUE, lmn, None, half) == {}


def test_find_without_a_filter_hears_every_contingent_alike() -> None:
    view = press([ONE], [("abc/ann", ONE, {NEWS: 5}), *((f"lmn/r{n}", ONE, {NEWS: 1}) for n in range(9))])
    assert score_axis(view, NEWS, EVERYONE)[ONE].value == Fraction(5 + 1 + 1, 1) / Fraction(5, 2)


# -- single raters ---------------------------------------------------------------------------------------

RULE = [
    # trust, then the weights that come out: of the contingent's other raters, of ann, of bob
    ({"xyz": "0.4"}, "2/5", None, None),
    ({"xyz/ann": "0.5"}, None, "1/2", None),
    ({"xyz": "0.4", "xyz/ann": "0.1"}, "3/10", "1/10", None),
    ({"xyz": "0.4", "xyz/ann": "0.5"}, None, "2/5", None),
    ({"xyz": "0.4", "xyz/ann": "0.6", "xyz/bob": "0.2"}, None, "3/10", "1/10"),
    ({"xyz": "0.4", "xyz/ann": "0"}, "2/5", "0", None),
    ({"xyz": "0", "xyz/ann": "0.5"}, None, "0", None),
    ({"xyz/ann": "0.5", "xyz/bob": "0.5"}, None, "1/2", "1/2"),
    ({"xyz/ann": "1", "xyz/bob": "0.5"}, None, "2/3", "1/3"),
]


@pytest.mark.parametrize(("keys", "rest", "ann", "bob"), RULE)
def test_a_raters_share_comes_out_of_its_contingents(
    keys: dict[str, str], rest: str | None, ann: str | None, bob: str | None
) -> None:
    expected = Trust(
        direct=(Voice(ContingentId("xyz"), Fraction(rest)),) if rest else (),
        singles=tuple(
            Single(RaterId(f"xyz/{name}"), Fraction(weight))
            for name, weight in (("ann", ann), ("bob", bob))
            if weight is not None
        ),
    )
    assert trusted(trust(keys), {}) == expected


def test_named_raters_speak_for_themselves_and_not_for_the_others() -> None:
    view = press(
        [ONE, TWO],
        [
            ("xyz/ann", ONE, {NEWS: 5}),
            ("xyz/bob", ONE, {NEWS: 1}),
            ("xyz/cat", ONE, {NEWS: 0}),
            ("xyz/ann", TWO, {NEWS: 4}),
        ],
    )
    # ann alone 5 at 3/4, the others 1/2 at 1/4; nobody else rated the second work
    found = scores(view, trust({"xyz": "1", "xyz/ann": "0.75"}, prior="0"))
    assert found == {ONE: Fraction(5 * 3, 4) + Fraction(1, 8), TWO: Fraction(4)}
    # a rater trusted with nothing is left out of the mean of the others
    assert scores(view, trust({"xyz": "1", "xyz/ann": "0"}, prior="0")) == {ONE: Fraction(1, 2)}
    counted = score_axis(view, NEWS, trusted(trust({"xyz": "1", "xyz/ann": "0.75"}), {}))[ONE]
    assert (counted.contingents, counted.raters) == (1, 3)


@pytest.mark.parametrize("weight", ["0", "0.1", "0.3"])
def test_naming_a_rater_silences_nobody_else(weight: str) -> None:
    """Where only a named rater rated this version, the others are heard with what they said of others."""
    view = press([ONE], [("abc/bob", f"{ONE}@old", {NEWS: 5}), ("abc/ann", ONE, {NEWS: 0})])
    chosen = trust({"abc": "0.3", "abc/ann": weight})
    ann = Fraction(weight)
    bob = (Fraction(3, 10) - ann) / 2  # discounted
    assert scores(view, chosen) == {ONE: (bob * 5 + ann * 0 + 1) / (bob + ann + Fraction(1, 2))}
    assert scores(view, replace(chosen, carry=Weight.parse("0"))) == (
        {ONE: 1 / (ann + Fraction(1, 2))} if ann else {}
    )


# -- vouching --------------------------------------------------------------------------------------------


def vouching(**who: str) -> dict[str, str]:
    return {name: f"vouches: {{{whom}}}\n" for name, whom in who.items()}


def inherited(
    view: Commons, keys: dict[str, str], through: str
) -> dict[str, tuple[Fraction, tuple[str, ...]]]:
    found = trusted(trust(keys, through), view.contingents)
    return {v.contingent: (v.weight, v.via) for v in found.inherited}


def test_trust_reaches_those_vouched_for_by_the_best_path() -> None:
    view = press(contingents=vouching(a="b: 1, c: 0.5", b="c: 1, d: 1", d="e: 1") | {"c": "", "e": ""})
    half = Fraction(1, 2)
    assert inherited(view, {"a": "1"}, "1 0.5") == {"b": (half, ("a",)), "c": (half / 2, ("a",))}
    assert inherited(view, {"a": "1"}, "2 0.5") == {
        "b": (half, ("a",)),
        "c": (half / 2, ("a",)),  # as good through b, and shorter
        "d": (half / 2, ("a", "b")),
    }
    assert inherited(view, {"a": "1"}, "3 0.5")["e"] == (Fraction(1, 8), ("a", "b", "d"))
    assert inherited(view, {"a": "0"}, "3 0.5") == {}
    assert inherited(view, {"a": "1", "b": "0"}, "3 0.5") == {"c": (half / 2, ("a",))}
    assert inherited(view, {"a": "1", "b/ann": "0.1"}, "3 0.5") == {"c": (half / 2, ("a",))}


def test_inherited_weight_never_exceeds_the_direct_weight_there() -> None:
    crowd = [f"s{n}" for n in range(50)]
    view = press(
        [ONE, TWO],
        [("abc/ann", ONE, {NEWS: 0}), *((f"{s}/x", w, {NEWS: 5}) for s in crowd for w in (ONE, TWO))],
        contingents={"abc": "vouches: {" + ", ".join(f"{s}: 1" for s in crowd) + "}\n"},
    )
    found = scores(view, trust({"abc": "1"}, "1 1"))
    assert found[ONE] == Fraction(1 * 0 + 1 * 5 + 1, 1) / Fraction(5, 2)  # no more than abc itself
    assert found[TWO] == Fraction(7, 2)  # no direct weight: no more than the prior
    assert scores(view, trust({"abc": "1"}, "1 1", prior="0")) == {ONE: Fraction(5, 2)}


edges = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda e: e[0] != e[1]),
    st.sampled_from(["0", "0.2", "0.5", "1"]),
    max_size=14,
)


def graph(links: dict[tuple[str, str], str]) -> dict[ContingentId, t.Contingent]:
    vouches: dict[str, dict[str, Weight]] = defaultdict(dict)
    for (one, other), weight in links.items():
        vouches[one][other] = Weight.parse(weight)
    return {ContingentId(c): t.Contingent(name=c, vouches=vouches[c]) for c in "abcdef"}


def best_paths(
    links: dict[tuple[str, str], str], keys: dict[str, str], hops: int, factor: Fraction
) -> dict[str, Fraction]:
    """Every simple path, one by one."""
    best: dict[str, Fraction] = {}

    def walk(here: str, weight: Fraction, seen: frozenset[str]) -> None:
        for (one, other), vouch in links.items():
            if one == here and other not in seen and other not in keys and len(seen) <= hops:
                further = weight * factor * Fraction(vouch)
                if further > 0:
                    best[other] = max(best.get(other, Fraction(0)), further)
                    walk(other, further, seen | {other})

    for key, weight in keys.items():
        walk(key, Fraction(weight), frozenset(key))
    return best


@given(
    edges,
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["0", "0.5", "1"]), max_size=3),
    st.integers(1, 5),
)
@settings(max_examples=200, deadline=None)
def test_inherited_trust_is_that_of_the_best_simple_path(
    links: dict[tuple[str, str], str], keys: dict[str, str], hops: int
) -> None:
    found = trusted(trust(keys, f"{hops} 0.7"), graph(links))
    assert {v.contingent: v.weight for v in found.inherited} == best_paths(links, keys, hops, Fraction(7, 10))
    for voice in found.inherited:
        weight = Fraction(keys[voice.via[0]])
        for one, other in zip(voice.via, (*voice.via[1:], voice.contingent), strict=True):
            weight *= Fraction(7, 10) * Fraction(links[one, other])
        assert weight == voice.weight


@given(edges, st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_rings_of_vouching_gain_nothing(links: dict[tuple[str, str], str], hops: int) -> None:
    """Whatever the vouched-for say of each other, nobody gets more than the ones who vouch for them would pass on."""
    outside = {edge: weight for edge, weight in links.items() if edge[0] != "a"}
    before = trusted(trust({"a": "1"}, f"{hops} 0.7"), graph({("a", "b"): "0.5", **outside})).inherited
    among = {(one, other): "1" for one in "cdef" for other in "bcdef" if one != other}
    after = trusted(
        trust({"a": "1"}, f"{hops} 0.7"), graph({("a", "b"): "0.5", **outside, **among})
    ).inherited
    ceiling = Fraction(7, 20)
    assert all(v.weight <= ceiling for v in after)
    weights = {v.contingent: v.weight for v in before}
    assert (
        {v.contingent: v.weight for v in after}.get(ContingentId("b"))
        == weights.get(ContingentId("b"))
        == ceiling
    )


# -- properties ------------------------------------------------------------------------------------------

RATERS = [f"{c}/{r}" for c in ("abc", "lmn", "xyz", "mob") for r in ("ann", "bob", "cat")]
given_ratings = st.dictionaries(
    st.tuples(st.sampled_from(RATERS), st.sampled_from([ONE, TWO, f"{ONE}@old", f"{TWO}@old"])),
    st.integers(0, 5),
    max_size=18,
).map(lambda d: [(rater, work, {NEWS: value}) for (rater, work), value in d.items()])
weights = st.sampled_from(["0", "0.3", "0.5", "1", "0.000001"])
keys = st.dictionaries(
    st.sampled_from(["abc", "lmn", "xyz", "abc/ann", "xyz/ann", "xyz/bob"]), weights, max_size=4
)


def naive(ratings: list[Given], chosen: t.Filter, vouched: dict[str, Fraction]) -> dict[ArticleId, Fraction]:
    """The rule of commons.md written down as plainly as it goes, from the ratings themselves."""
    k = chosen.prior.fraction if chosen.prior else Fraction(1, 2)
    discount = chosen.carry.fraction if chosen.carry else Fraction(1, 2)
    named = {key for key in chosen.trust if "/" in key}
    weight_of: dict[str, Fraction] = {}
    for contingent in {key.partition("/")[0] for key in chosen.trust}:
        mine = {key: chosen.trust[key].fraction for key in named if key.startswith(contingent + "/")}
        asked = sum(mine.values(), Fraction(0))
        total = chosen.trust[contingent].fraction if contingent in chosen.trust else min(asked, Fraction(1))
        for key, weight in mine.items():
            weight_of[key] = weight if asked <= total else weight * total / asked
        weight_of[contingent] = max(total - asked, Fraction(0))
    found: dict[ArticleId, Fraction] = {}
    for work in (ONE, TWO):
        direct: list[tuple[Fraction, Fraction]] = []
        through: list[tuple[Fraction, Fraction]] = []
        for voice in sorted(weight_of.keys() | vouched.keys()):
            into = through if voice in vouched else direct
            weight = vouched.get(voice, weight_of.get(voice, Fraction(0)))
            for current in (True, False):
                said: dict[str, int] = {}
                for rater, target, values in ratings:
                    is_current = target == work
                    if target.partition("@")[0] == work and is_current == current:
                        belongs = rater == voice if "/" in voice else rater.startswith(voice + "/")
                        if belongs and (rater not in named or rater == voice):
                            said[rater] = values[NEWS]
                if said:
                    mean = Fraction(round(Fraction(sum(said.values()), len(said)) * 1_000_000), 1_000_000)
                    into.append((weight if current else weight * discount, mean))
                    break
        w = sum((x for x, _ in direct), Fraction(0))
        v = sum((x for x, _ in through), Fraction(0))
        part = min(Fraction(1), (w or k) / v) if v else Fraction(1)
        everything = direct + [(x * part, mean) for x, mean in through]
        total = sum((x for x, _ in everything), Fraction(0))
        if total:
            found[work] = (sum((x * mean for x, mean in everything), Fraction(0)) + k * 2) / (total + k)
    return found


@given(
    given_ratings,
    keys,
    st.sampled_from(["", "0", "0.5", "1.25"]),
    st.sampled_from(["", "0", "0.25"]),
    st.booleans(),
)
@example(
    [("abc/bob", f"{ONE}@old", {NEWS: 5}), ("abc/ann", ONE, {NEWS: 0})],
    {"abc": "0.3", "abc/ann": "0"},
    "",
    "",
    False,
).via("the others' ratings of an earlier version were lost when all who rated this one were named")
@settings(max_examples=150, deadline=None)
def test_scores_are_those_of_the_naive_reference(
    ratings: list[Given], trust_keys: dict[str, str], prior: str, carry: str, through: bool
) -> None:
    view = press(
        [ONE, TWO], ratings, contingents={"abc": "vouches: {lmn: 0.9, mob: 0.1}\n", "lmn": "", "mob": ""}
    )
    chosen = trust(trust_keys, "2 0.5" if through else "", prior, carry)
    listened = trusted(chosen, view.contingents)
    vouched = {v.contingent: v.weight for v in listened.inherited}
    expected = naive(ratings, chosen, {str(c): w for c, w in vouched.items()})
    assert scores(view, chosen) == expected
    k = listened.prior
    made = shares(view, NEWS, listened, view.works)
    assert made.keys() == expected.keys()
    for work, mine in made.items():
        total = sum((s.weight for s in mine), Fraction(0))
        assert (sum((s.weight * s.mean / 1_000_000 for s in mine), Fraction(0)) + k * 2) / (
            total + k
        ) == expected[work]
        assert list(mine) == sorted(mine, key=lambda s: -s.weight)
    for work, score in score_axis(view, NEWS, listened).items():
        assert score.raters == sum(s.raters for s in made[work])
        assert score.contingents == len({s.contingent for s in made[work]})
    high = frozenset(work for work, score in expected.items() if score >= 2)
    today = date(2026, 12, 31)
    assert select(view, replace(chosen, select="newsworthy>=2"), today).selected == high
    assert frozenset(find(view, parse_query("newsworthy>=2"), chosen, today)) == high


@given(given_ratings, st.integers(0, 5))
@settings(max_examples=50, deadline=None)
def test_whom_nobody_trusts_changes_nothing(ratings: list[Given], value: int) -> None:
    chosen = trust({"abc": "1", "lmn/ann": "0.5"}, "2 0.5")
    extra = [("mob/x", ONE, {NEWS: value}), ("mob/y", TWO, {NEWS: 5}), ("lmn/zed", ONE, {NEWS: value})]
    assert scores(press([ONE, TWO], ratings), chosen) == scores(press([ONE, TWO], ratings + extra), chosen)


def test_a_thousand_raters_weigh_no_more_than_one() -> None:
    chosen = trust({"abc": "1", "mob": "0.2"})
    one = press([ONE], [("abc/ann", ONE, {NEWS: 1}), ("mob/x", ONE, {NEWS: 5})])
    many = press([ONE], [("abc/ann", ONE, {NEWS: 1}), *((f"mob/x{n}", ONE, {NEWS: 5}) for n in range(1000))])
    assert scores(one, chosen) == scores(many, chosen)


def test_equal_trust_is_one_key() -> None:
    assert len({EVERYONE, trusted(trust({}), {}), trusted(trust({}), {})}) == 2
