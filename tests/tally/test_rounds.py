"""Closing: rounds, unions, thresholds, tellers who fail or cheat, and results that stay."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from polls import DAY, Poll, equal, signed

from newsrepo.ids import ContingentId
from newsrepo.records import types as t
from newsrepo.signing import CLOSING
from newsrepo.tally.count import Count, State
from newsrepo.tally.drafts import ballot_for, closing_for
from newsrepo.tally.evidence import Signed
from newsrepo.tally.identity import sha256_hex

NAMES = ("abc", "lmn", "xyz", "uvw", "rst")
POLL = Poll(equal(*NAMES), ("abc", "lmn", "xyz"))
BALLOTS = POLL.votes("yyyyn")


def why(count: Count) -> list[tuple[str, int, str]]:
    return [(one.name, one.number, one.reason) for one in count.closings_aside]


def entry(ballot: Signed, voter: str, number: int = 1) -> t.Counted:
    return t.Counted(voter=voter, number=number, ballot=sha256_hex(ballot.data or b""))


def made(
    teller: str,
    number: int,
    ballots: tuple[t.Counted, ...],
    seen: tuple[Signed, ...] = (),
    by: str = "",
    **more: object,
) -> Signed:
    """A closing put together by hand, right or wrong."""
    values: dict[str, object] = {
        "commons": POLL.record.commons,
        "statement": POLL.record.statement,
        "opening": POLL.opened.sha256,
        "teller": teller,
        "round": number,
        "date": DAY,
        "seen": tuple(sha256_hex(one.data or b"") for one in seen),
        "ballots": ballots,
    }
    return signed(t.Closing(**(values | more)), CLOSING, by=by)  # type: ignore[arg-type]


ENTRIES = tuple(entry(ballot, name) for ballot, name in zip(BALLOTS, NAMES, strict=True))


def test_open_provisional_certified_and_what_is_missing() -> None:
    count = POLL.count(BALLOTS)
    assert count.state is State.OPEN
    assert count.missing is not None
    assert count.missing.sentence == (
        "round 1: 2 more of abc, lmn, xyz must sign the list of ballots that each of them held at closing"
    )
    closings = [POLL.close("abc", BALLOTS)]
    count = POLL.count(BALLOTS, closings)
    assert count.state is State.PROVISIONAL
    assert count.missing is not None
    assert (count.missing.more, count.missing.waiting) == (1, ("lmn", "xyz"))
    closings.append(POLL.close("lmn", BALLOTS, closings))
    count = POLL.count(BALLOTS, closings)
    assert count.missing is not None
    assert count.missing.sentence == (
        "round 2: 2 more of abc, lmn, xyz must sign the union of the lists of round 1"
    )
    closings.append(POLL.close("abc", BALLOTS, closings))
    assert POLL.count(BALLOTS, closings).state is State.PROVISIONAL
    closings.append(POLL.close("lmn", BALLOTS, closings))
    count = POLL.count(BALLOTS, closings)
    assert count.state is State.CERTIFIED
    assert count.carried
    assert count.missing is None
    assert count.sentence == "carried: 4 of 5 cast, 4 x 3 >= 2 x 5; quorum 5 of 5, more than half"
    assert count.rounds.by is not None
    assert (count.rounds.by.round, count.rounds.by.signers) == (2, ("abc", "lmn"))


def test_round_one_alone_certifies_nothing() -> None:
    closings = [POLL.close(name, BALLOTS) for name in ("abc", "lmn", "xyz")]
    assert POLL.count(BALLOTS, closings).state is State.PROVISIONAL


def test_tellers_who_were_given_different_ballots_certify_their_union() -> None:
    first = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[2:])]
    closings = [*first, POLL.close("abc", BALLOTS, first), POLL.close("lmn", BALLOTS, first)]
    for order in itertools.permutations(closings):
        count = POLL.count(BALLOTS, order)
        assert count.state is State.CERTIFIED
        assert count.verdict.votes.yes == 4


@settings(max_examples=25, deadline=None)
@given(
    st.sets(st.sampled_from(range(5))), st.sets(st.sampled_from(range(5))), st.randoms(use_true_random=False)
)
def test_any_two_views_certify_the_same_union(ours: set[int], theirs: set[int], chance: object) -> None:
    one = [BALLOTS[i] for i in sorted(ours)]
    other = [BALLOTS[i] for i in sorted(theirs)]
    first = [POLL.close("abc", one), POLL.close("lmn", other)]
    closings = [*first, POLL.close("abc", BALLOTS, first), POLL.close("lmn", BALLOTS, first)]
    chance.shuffle(closings)  # type: ignore[attr-defined]  # a random.Random
    count = POLL.count(BALLOTS, [*closings, *closings])
    assert count.state is State.CERTIFIED
    counted = {line.voter for line in count.lines if line.choice is not None}
    assert counted == {NAMES[i] for i in ours | theirs}
    late = {one.name for one in count.aside if one.reason == "late-or-omitted"}
    assert late == set(NAMES) - counted


def test_a_certified_result_stays() -> None:
    """Late ballots, changed votes, regret in a later round: printed, and nothing changes."""
    closings = POLL.certify(BALLOTS[:4])
    before = POLL.count(BALLOTS[:4], closings)
    later = [*BALLOTS, POLL.vote("abc", "n", 2), POLL.vote("lmn", "n")]
    regret = made("abc", 3, ENTRIES[:1], tuple(closings[3:]))
    count = POLL.count(later, [*closings, regret])
    assert count.sentence == before.sentence
    assert [(a.name, a.number, a.reason) for a in count.aside] == [
        ("abc", 2, "late-or-omitted"),
        ("lmn", 1, "late-or-omitted"),
        ("rst", 1, "late-or-omitted"),
    ]
    assert why(count) == [("abc", 3, "not-the-union")]


def test_a_certified_list_may_hold_a_contradiction() -> None:
    ballots = [*BALLOTS, POLL.vote("abc", "n")]
    count = POLL.count(ballots, POLL.certify(ballots))
    assert count.state is State.CERTIFIED
    assert count.lines[0].void


def test_a_third_round_mends_disagreement() -> None:
    """In round 2 one had not seen the third teller's list; round 3 unites."""
    lists = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[:3]), POLL.close("xyz", BALLOTS)]
    second = [POLL.close("abc", BALLOTS, lists[:2]), POLL.close("lmn", BALLOTS, lists)]
    count = POLL.count(BALLOTS, [*lists, *second])
    assert count.state is State.PROVISIONAL
    assert count.missing is not None
    assert count.missing.round == 3
    third = [POLL.close(name, BALLOTS, [*lists, *second], go_on=True) for name in ("abc", "lmn")]
    count = POLL.count(BALLOTS, [*lists, *second, *third])
    assert count.state is State.CERTIFIED
    assert count.rounds.by is not None
    assert count.rounds.by.round == 3


def test_two_lists_certified_in_one_round_are_contested() -> None:
    """It takes a teller who signs both; that is shown."""
    lists = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[:3]), POLL.close("xyz", BALLOTS)]
    short = [POLL.close(name, BALLOTS, lists[:2]) for name in ("abc", "lmn")]
    long = [POLL.close(name, BALLOTS, lists) for name in ("lmn", "xyz")]
    for order in ([*lists, *short, *long], [*long, *short, *lists]):
        count = POLL.count(BALLOTS, order)
        assert count.state is State.CONTESTED
        assert count.contradictions == ("'lmn' signed 2 different lists in round 2",)


def test_voters_certify_when_tellers_fail() -> None:
    poll = Poll({"abc": 1, "lmn": 1, "xyz": 1, "uvw": 4, "rst": 4}, ("abc", "lmn", "xyz"))
    ballots = poll.votes("yyyyn")
    closings: list[Signed] = []
    for _ in (1, 2):
        closings += [poll.close(name, ballots, closings, as_voter=True) for name in ("uvw", "rst")]
    count = poll.count(ballots, closings)
    assert count.state is State.CERTIFIED
    assert count.rounds.by is not None
    assert count.rounds.by.body == "voters"
    fewer: list[Signed] = []
    poll = Poll({"abc": 1, "lmn": 1, "xyz": 2, "uvw": 4, "rst": 4}, ("abc", "lmn", "xyz"))
    ballots = poll.votes("yyyyn")
    fewer = [poll.close(name, ballots, as_voter=True) for name in ("uvw", "rst")]
    assert poll.count(ballots, fewer).state is State.PROVISIONAL
    drafted = closing_for(
        poll.box(ballots), poll.count(ballots, fewer).rounds, ContingentId("uvw"), DAY, as_voter=True
    )
    assert isinstance(drafted, str), "exactly two thirds are not more than two thirds"


def test_a_teller_alone_closes_in_two_rounds() -> None:
    poll = Poll(equal("abc", "lmn"), ("abc",))
    ballots = poll.votes("yy")
    assert poll.count(ballots, poll.certify(ballots)).state is State.CERTIFIED


def test_without_tellers_everybody_is_one() -> None:
    poll = Poll(equal("abc", "lmn", "xyz"))
    assert [teller.teller for teller in poll.record.tellers] == ["abc", "lmn", "xyz"]
    assert poll.record.threshold == 2


FIRST = (made("abc", 1, ENTRIES[:2]), made("lmn", 1, ENTRIES[2:]))
THIRD = made("xyz", 1, ENTRIES)


@pytest.mark.parametrize(
    ("closing", "reason"),
    [
        (made("rst", 1, ENTRIES[:1]), ""),
        (made("qqq", 1, ENTRIES[:1]), "not-a-teller"),
        (made("abc", 1, (entry(POLL.vote("abc", "n", 7), "abc", 7),)), "unseen-ballot"),
        (made("abc", 1, (entry(BALLOTS[0], "lmn"),)), "unseen-ballot"),
        (made("abc", 1, (entry(BALLOTS[0], "abc", 2),)), "unseen-ballot"),
        (made("abc", 2, ENTRIES, FIRST), ""),
        (made("abc", 2, ENTRIES[:4], FIRST), "not-the-union"),
        (made("abc", 2, ENTRIES[:2], FIRST[:1]), "too-few-seen"),
        (made("abc", 3, ENTRIES, FIRST), "unseen-closing"),
        (made("abc", 2, ENTRIES, (*FIRST, BALLOTS[0])), "unseen-closing"),
        (made("xyz", 2, ENTRIES, (FIRST[0], made("lmn", 1, ENTRIES[3:]))), "unseen-closing"),
        (made("abc", 1, ENTRIES, openings=("0" * 64,)), "unwanted-openings"),
        (made("abc", 1, ENTRIES, commons="0" * 64), "wrong-commons"),
        (made("abc", 1, ENTRIES, statement="statement:abc/war"), "wrong-statement"),
        (made("abc", 1, ENTRIES, opening="0" * 64), "wrong-opening"),
        (structs.replace(THIRD, signature=None), "unfinished"),
        (structs.replace(FIRST[0], data=None), "orphan-signature"),
        (structs.replace(THIRD, signature=FIRST[1].signature), "bad-signature"),
        (structs.replace(FIRST[0], data=(FIRST[0].data or b"") + b"\n"), "not-canonical"),
        (made("abc", 1, ENTRIES, by="lmn"), "wrong-key"),
    ],
)
def test_which_closings_hold(closing: Signed, reason: str) -> None:
    count = POLL.count(BALLOTS, [*FIRST, closing])
    found = [one.reason for one in count.closings_aside]
    assert found == ([reason] if reason else [])
    assert all(one.message for one in count.closings_aside)


def test_a_bogus_list_stops_nobody() -> None:
    """A teller lists a ballot that nobody can see: the others go on without, and it changes nothing later."""
    hidden = POLL.vote("rst", "y", 2)
    bogus = made("xyz", 1, (entry(hidden, "rst", 2),))
    closings = [bogus, POLL.close("abc", BALLOTS), POLL.close("lmn", BALLOTS)]
    closings += [POLL.close(name, BALLOTS, closings) for name in ("abc", "lmn")]
    before = POLL.count(BALLOTS, closings)
    assert before.state is State.CERTIFIED
    assert why(before) == [("xyz", 1, "unseen-ballot")]
    after = POLL.count([*BALLOTS, hidden], closings)
    assert after.verdict == before.verdict
    assert after.closings_aside == ()


def test_the_closing_to_sign_next() -> None:
    box = POLL.box(BALLOTS)
    rounds = POLL.count(BALLOTS, FIRST).rounds
    again = closing_for(box, rounds, ContingentId("rst"), DAY)
    assert again == "'rst' is not among the tellers of this vote: abc, lmn, xyz"
    mine = closing_for(box, rounds, ContingentId("xyz"), DAY)
    assert isinstance(mine, t.Closing)
    assert mine.round == 2
    one = POLL.count(BALLOTS, FIRST[:1]).rounds
    assert closing_for(box, one, ContingentId("abc"), DAY) == (
        "'abc' has signed in round 1; it is the turn of lmn, xyz"
    )
    final = POLL.count(BALLOTS, POLL.certify(BALLOTS)).rounds
    assert closing_for(box, final, ContingentId("abc"), DAY) == (
        "the result is certified: there is nothing left to sign"
    )


def test_a_round_waits_for_those_who_could_still_certify_it() -> None:
    lists = [POLL.close("abc", BALLOTS[:2]), POLL.close("lmn", BALLOTS[:3]), POLL.close("xyz", BALLOTS)]
    closings = [*lists, POLL.close("abc", BALLOTS, lists[:2]), POLL.close("lmn", BALLOTS, lists)]
    count = POLL.count(BALLOTS, closings)
    assert count.missing is not None
    assert count.missing.sentence.startswith("xyz may still certify a list of round 2; or else round 3: ")
    box = POLL.box(BALLOTS)
    assert closing_for(box, count.rounds, ContingentId("abc"), DAY) == (
        "round 2 may still be certified by xyz; once they are lost for good, go on to round 3 without them"
    )
    late = closing_for(box, count.rounds, ContingentId("xyz"), DAY)
    assert isinstance(late, t.Closing)
    assert late.round == 2
    assert POLL.count(BALLOTS, [*closings, signed(late, CLOSING)]).state is State.CERTIFIED


def test_the_next_ballot() -> None:
    box = POLL.box([POLL.vote("abc", "y", 3), POLL.vote("abc", "y", 1)])
    assert ballot_for(box, ContingentId("abc"), t.Choice.NO, DAY).number == 4
    assert ballot_for(box, ContingentId("lmn"), t.Choice.NO, DAY).number == 1


def test_own_lists_leave_out_what_is_superseded() -> None:
    ballots = [*BALLOTS, POLL.vote("abc", "n", 2)]
    made_now = closing_for(POLL.box(ballots), POLL.count(ballots).rounds, ContingentId("abc"), DAY)
    assert isinstance(made_now, t.Closing)
    assert [(e.voter, e.number) for e in made_now.ballots] == [
        ("abc", 2),
        ("lmn", 1),
        ("rst", 1),
        ("uvw", 1),
        ("xyz", 1),
    ]
