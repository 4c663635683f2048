"""Brigades and the map: who is on no list that decides changes not a byte, and who is on one weighs no more
than it says there."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
from opinions import AXES, camps, draw, spoken, work

from newsrepo.ids import ContingentId
from newsrepo.records import types as t
from newsrepo.records.scalars import Weight
from newsrepo.scores import trusted
from newsrepo.scores.opinion import Chart, Say, Whose, by_book, by_roll, by_trust
from newsrepo.scores.opinion import Weight as MapWeight
from newsrepo.scores.opinion.sheet import gather
from newsrepo.scores.opinion.voices import voices

REAL = [ContingentId(f"c{n:02d}") for n in range(8)]
RING = [ContingentId(f"ring{n}") for n in range(1000)]
LINE = np.random.default_rng(4).choice([-1.0, 1.0], 80)


@cache
def honest() -> dict[str, list[float]]:
    return camps(2, [0, 0, 0, 0, 1, 1, 1, 1])


@cache
def rings() -> dict[str, list[float]]:
    """A thousand invented contingents of one line and another, a rater each."""
    return {f"{name}/r": (LINE * (1 if n % 3 else -1)).tolist() for n, name in enumerate(RING)}


@cache
def contingents() -> Mapping[ContingentId, t.Contingent]:
    """Everybody as known; the ring vouch for each other, and the last of the real ones for all of them."""
    known = {name: contingent({}) for name in REAL[:-1]}
    known[REAL[-1]] = contingent(dict.fromkeys(RING, "1"))
    for n, name in enumerate(RING):
        known[name] = contingent({RING[(n + k) % 1000]: "1" for k in range(1, 4)})
    return known


def contingent(vouches: Mapping[ContingentId, str]) -> t.Contingent:
    return t.Contingent(name="X", vouches={c: Weight.parse(v) for c, v in vouches.items()})


def say(trust: Mapping[str, str]) -> Say:
    chosen = t.Filter(
        title="F",
        trust={key: Weight.parse(weight) for key, weight in trust.items()},
        trust_through=t.Through(hops=3, factor=Weight.parse("1")),
    )
    known = contingents()
    return by_trust(trusted(chosen, known), known)


def sides(chart: Chart) -> dict[str, int | None]:
    """The group of each rater of a real contingent that did not turn."""
    return {s.rater: s.group for s in chart.raters if s.contingent in REAL[:-1]}


ALL = dict.fromkeys(REAL, "1")
MOB: dict[str, list[float]] = {f"mob/b{n}": LINE[:12].tolist() for n in range(10_000)}


@pytest.mark.parametrize(
    ("whose", "brigade"),
    [("roll", MOB), ("trust", rings())],
    ids=["10000 raters off the roll", "1000 contingents in rings, not trusted"],
)
def test_who_has_no_say_changes_nothing_at_all(whose: str, brigade: dict[str, list[float]]) -> None:
    everybody = {*REAL, *RING, ContingentId("mob")}
    voting = by_roll(REAL, everybody, everybody)
    assert voting is not None
    chosen = voting if whose == "roll" else say(dict.fromkeys(REAL[:-1], "1"))
    before = draw(honest(), say=chosen)
    assert before.verdict.poles == 2
    assert draw(honest() | brigade, say=chosen) == before


def test_a_hundred_contingents_that_one_admits_are_a_hundred_voices() -> None:
    """Why the address book alone does not decide where there is a roll."""
    table = honest() | dict(list(rings().items())[:100])
    drawn = draw(table, say=by_book([*REAL, *RING]))
    assert max(group.share for group in drawn.groups) > 0.6
    assert all(len({*group.contingents} & {*REAL}) < len(REAL) for group in drawn.groups)
    assert sides(drawn) != sides(draw(honest()))


@pytest.mark.parametrize("weight", ["0.1", "1"])
def test_a_trusted_ring_holds_up_no_pole_and_weighs_no_more_than_it_is_trusted(weight: str) -> None:
    before = draw(honest(), say=say(dict.fromkeys(REAL[:-1], "1")))
    chosen = say({**dict.fromkeys(REAL[:-1], "1"), "ring0": weight})
    drawn = draw(honest() | rings(), say=chosen)
    assert chosen.whose is Whose.TRUST
    assert drawn.verdict.poles == before.verdict.poles == 2
    assert sides(drawn) == sides(before)
    sheet = gather(chosen.of(spoken(honest() | rings())), [work(n) for n in range(80)], AXES, None)
    shares = voices(sheet, MapWeight.CONTINGENT, chosen).shares(np.ones(len(sheet.raters), dtype=bool))
    ring = sum(share for rater, share in zip(sheet.raters, shares, strict=True) if rater.startswith("ring"))
    assert ring == pytest.approx(2 * float(weight))  # itself, and as much for all behind it together


def test_a_real_contingent_that_turned_and_vouches_for_a_thousand_moves_no_pole() -> None:
    before = draw(honest(), say=say(ALL))
    table = honest() | rings()
    for name in table:
        if name.startswith(f"{REAL[-1]}/"):
            table[name] = (-LINE).tolist()
    for chosen in (say(ALL), by_roll(REAL, REAL, REAL)):
        drawn = draw(table, say=chosen)
        assert drawn.verdict.poles == before.verdict.poles == 2
        assert sides(drawn) == sides(before)


def test_four_voters_must_rate_before_the_roll_decides() -> None:
    assert by_roll(REAL, REAL, REAL[:3]) is None
    assert by_roll(REAL[:3], REAL, REAL) is None
    voting = by_roll(["stranger", *REAL[:4]], REAL, REAL)
    assert voting is not None
    assert voting.contingents == dict.fromkeys(REAL[:4], 1.0)


def test_a_rater_whom_a_filter_names_speaks_apart() -> None:
    weights = say({**ALL, "c00/r0": "0.5", "c01/r1": "0"})
    assert weights.raters == {"c00/r0": 0.5, "c01/r1": 0.0}
    assert weights.contingents["c00"] == 0.5
    placed = {spot.rater for spot in draw(honest(), say=weights).raters}
    assert "c00/r0" in placed
    assert "c01/r1" not in placed


def test_who_trusts_one_alone_hears_those_whom_it_vouches_for_as_voices_of_their_own() -> None:
    known = {name: contingent({}) for name in REAL[1:]}
    known[REAL[0]] = contingent(dict.fromkeys(REAL[1:], "1"))
    chosen = t.Filter(
        title="F",
        trust={REAL[0]: Weight.parse("1")},
        trust_through=t.Through(hops=1, factor=Weight.parse("1")),
    )
    assert draw(honest(), say=by_trust(trusted(chosen, known), known)).verdict.poles == 2
