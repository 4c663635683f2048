"""Brigades at full size: who does not trust them sees no difference, and who does, no more than their weight."""

from datetime import date
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from press import Given, press

from newsrepo.commons import Commons
from newsrepo.filters import select
from newsrepo.ids import ArticleId, AxisId, FilterId
from newsrepo.scores import score_axis, shares, trusted

NEWS = AxisId("newsworthy")
WORKS = [ArticleId(f"abc/2026/work-{n}") for n in range(6)]
TODAY = date(2026, 6, 1)
HONEST: list[Given] = [
    *(("abc/ann", work, {NEWS: 5 - n}) for n, work in enumerate(WORKS[:5])),
    *(("lmn/lou", work, {NEWS: n}) for n, work in enumerate(WORKS[:4])),
]
RING = [f"ring{n}" for n in range(1000)]
RANGE = 5
PRIOR = Fraction(1, 2)


def filters(**trust: str) -> dict[str, str]:
    """One filter for each of ``trust``; each prints what is worth three points and more, the best first."""
    return {
        f"abc/{name}": f"trust: {{{keys}}}\ntrust_through: {{hops: 3, factor: 1}}\n"
        "select: newsworthy>=3\norder: {newsworthy: 1}\n"
        for name, keys in trust.items()
    }


def rings() -> dict[str, str]:
    """A thousand invented contingents, each vouching in full for the next ten, the last for the first."""
    return {
        name: "vouches: {" + ", ".join(f"{RING[(n + k) % 1000]}: 1" for k in range(1, 11)) + "}\n"
        for n, name in enumerate(RING)
    }


def scores(view: Commons, name: str) -> dict[ArticleId, Fraction]:
    trust = trusted(view.filters[FilterId(f"abc/{name}")], view.contingents)
    return {work: score.value for work, score in score_axis(view, NEWS, trust).items()}


def against(raters: list[str]) -> list[Given]:
    """Everybody says the most of what is worst and the least of what is best."""
    return [(rater, work, {NEWS: 0 if n < 3 else 5}) for rater in raters for n, work in enumerate(WORKS)]


def mobbed(trust: dict[str, str]) -> Commons:
    return press(WORKS, [*HONEST, *against([f"mob/r{n}" for n in range(10_000)])], filters(**trust))


def ringed(trust: dict[str, str]) -> Commons:
    return press(WORKS, [*HONEST, *against([f"{name}/r" for name in RING])], filters(**trust), rings())


def hostile(trust: dict[str, str]) -> Commons:
    """``lmn`` is real, was trusted, and says now the opposite; it also vouches for the thousand."""
    turned = [given for given in HONEST if not given[0].startswith("lmn/")]
    crowd = {"lmn": "vouches: {" + ", ".join(f"{name}: 1" for name in RING) + "}\n", **rings()}
    return press(
        WORKS, [*turned, *against(["lmn/lou", *(f"{name}/r" for name in RING)])], filters(**trust), crowd
    )


def calm(trust: dict[str, str]) -> Commons:
    return press(WORKS, HONEST, filters(**trust), {"mob": "", "ring0": ""})


@pytest.mark.parametrize("brigade", [mobbed, ringed], ids=["10000 raters", "1000 contingents in rings"])
def test_who_does_not_trust_them_sees_no_difference(brigade: object) -> None:
    trust = {"own": "abc: 1", "both": "abc: 1, lmn: 0.5"}
    before, after = calm(trust), brigade(trust)  # type: ignore[operator]  # one of the makers above
    for name in trust:
        wanted = FilterId(f"abc/{name}")
        assert scores(before, name) == scores(after, name) != {}
        assert select(before, wanted, TODAY) == select(after, wanted, TODAY)


def test_who_does_not_trust_a_contingent_that_turned_hostile_sees_no_difference() -> None:
    trust = {"own": "abc: 1"}
    before, after = calm(trust), hostile(trust)
    assert select(before, FilterId("abc/own"), TODAY) == select(after, FilterId("abc/own"), TODAY)


@pytest.mark.parametrize("weight", ["0.01", "0.1", "0.5", "1"])
def test_ten_thousand_raters_weigh_what_their_contingent_is_trusted_with(weight: str) -> None:
    trust = {"some": f"abc: 1, lmn: 0.5, mob: {weight}"}
    voiced = scores(mobbed(trust), "some")
    one = scores(press(WORKS, [*HONEST, *against(["mob/r"])], filters(**trust)), "some")
    assert voiced == one  # to the last bit what a single rater would have done
    for work, score in scores(calm(trust), "some").items():
        w = Fraction(weight)
        assert abs(voiced[work] - score) <= RANGE * w / (w + PRIOR)


@pytest.mark.parametrize("weight", ["0.01", "0.1", "0.5"])
def test_the_ring_behind_one_contingent_adds_no_more_than_that_ones_weight(weight: str) -> None:
    """At ``factor: 1``, the worst there is: alone it moves by its weight, and its ring by as much again."""
    trust = {"some": f"abc: 1, ring0: {weight}"}
    w = Fraction(weight)
    calm_scores, found = scores(calm(trust), "some"), scores(ringed(trust), "some")
    for work in WORKS[:5]:
        value = 0 if work in WORKS[:3] else 5
        direct = 1 + PRIOR
        # exactly: the one at w, and what it passes on at w together, however many they are
        assert found[work] == (calm_scores[work] * direct + 2 * w * value) / (direct + 2 * w)


def test_what_the_least_trusted_vouches_for_does_not_borrow_the_weight_of_others() -> None:
    """The limit on all that is inherited is the direct weight there; nobody may fill it alone."""
    trust = {"some": "abc: 1, lmn: 0.1"}
    before, after = scores(calm(trust), "some"), scores(hostile(trust), "some")
    w = Fraction(1, 10)
    for n, work in enumerate(WORKS[:4]):
        honest = before[work] * (1 + w + PRIOR) - w * n  # without what lmn said
        value = 0 if n < 3 else 5
        assert after[work] == (honest + 2 * w * value) / (1 + 2 * w + PRIOR)


def test_a_crowd_does_not_drown_whom_others_vouch_for() -> None:
    """``abc`` vouches for ``xyz``; a crowd behind ``lmn`` dilutes it by no more than the weight of ``lmn``."""
    said = [("abc/ann", WORKS[0], {NEWS: 2}), ("xyz/x", WORKS[0], {NEWS: 5})]
    trust = {"some": "abc: 1, lmn: 0.1"}
    ours = {"abc": "vouches: {xyz: 1}\n"}
    crowd = {"lmn": "vouches: {" + ", ".join(f"{name}: 1" for name in RING) + "}\n"}
    alone = scores(press(WORKS, said, filters(**trust), ours), "some")[WORKS[0]]
    loud = [*said, *((f"{name}/r", WORKS[0], {NEWS: 0}) for name in RING)]
    drowned = scores(press(WORKS, loud, filters(**trust), ours | crowd), "some")[WORKS[0]]
    assert alone == (2 + 5 + 1) / Fraction(5, 2)
    assert abs(drowned - alone) <= RANGE * Fraction(1, 10)


def test_a_crowded_score_can_tell_its_sum_and_keeps_both_limits() -> None:
    view = hostile({"some": "abc: 1, lmn: 0.1, ring7/r: 0.2"})
    trust = trusted(view.filters[FilterId("abc/some")], view.contingents)
    counted = score_axis(view, NEWS, trust)
    told = shares(view, NEWS, trust, view.works)
    assert counted.keys() == told.keys()
    for work, mine in told.items():
        total = sum((s.weight for s in mine), PRIOR)
        said = sum((s.weight * s.mean / 1_000_000 for s in mine), PRIOR * 2)
        assert said / total == counted[work].value
        direct = sum((s.weight for s in mine if not s.via), Fraction(0))
        through = [s.weight for s in mine if s.via]
        assert sum(through) == Fraction(1, 10) <= direct  # of lmn, which is trusted with no more
        assert counted[work].raters == sum(s.raters for s in mine)


def test_the_picture_in_the_docs_is_what_is_counted() -> None:
    root = Path(__file__).parents[2]
    spec = spec_from_file_location("plot_brigades", root / "benchmarks" / "plot_brigades.py")
    assert spec is not None
    assert spec.loader is not None
    plot = module_from_spec(spec)
    spec.loader.exec_module(plot)
    assert (root / "docs/pictures/brigades.svg").read_text(encoding="utf-8") == plot.draw()
