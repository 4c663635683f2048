"""Ballots: which count, why the others do not, and that order, copies and carriers do not matter."""

import doctest
import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polls import ABC, Poll, equal, rule, signed, statement
from signers import Signer

from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.signing import BALLOT, CLOSING
from newsrepo.tally import identity
from newsrepo.tally.box import MAX_BALLOT
from newsrepo.tally.count import Count, State
from newsrepo.tally.evidence import Signed

POLL = Poll(ABC)
ENC = msgspec.json.Encoder(enc_hook=str, order="deterministic")


def reasons(count: Count) -> list[tuple[str, int, str]]:
    return [(one.name, one.number, one.reason) for one in count.aside]


def funnel(count: Count) -> list[int]:
    return [step.ballots for step in count.funnel]


def shown(count: Count) -> bytes:
    """Everything that can be printed of a count."""
    parts = (
        count.lines,
        count.funnel,
        count.aside,
        count.closings_aside,
        count.rounds.signings,
        count.sentence,
    )
    return ENC.encode(parts)


def test_examples_in_the_module() -> None:
    assert doctest.testmod(identity).failed == 0


def test_nobody_votes() -> None:
    count = POLL.count()
    assert count.state is State.OPEN
    assert not count.verdict.carried
    assert count.sentence.startswith("open, so far not carried: nobody voted yes")
    assert [line.choice for line in count.lines] == [None, None, None]
    assert funnel(count) == [0] * 7


def test_everybody_votes() -> None:
    count = POLL.count(POLL.votes("yyn"))
    assert count.verdict.carried
    assert not count.carried, "nothing is carried before it is certified"
    assert [(line.voter, line.choice) for line in count.lines] == [
        ("abc", t.Choice.YES),
        ("lmn", t.Choice.YES),
        ("xyz", t.Choice.NO),
    ]
    assert count.lines[0].key == Signer("abc").key.fingerprint
    assert count.lines[0].date == "2026-06-04"
    assert funnel(count) == [3] * 7


def test_the_highest_number_counts_whether_or_not_others_are_there() -> None:
    first, third = POLL.vote("abc", "y", 1), POLL.vote("abc", "n", 3)
    for ballots in ([first, third], [third, first], [third]):
        count = POLL.count(ballots)
        assert (count.lines[0].choice, count.lines[0].number) == (t.Choice.NO, 3)
    assert reasons(POLL.count([first, third])) == [("abc", 1, "superseded")]
    assert funnel(POLL.count([first, third])) == [2, 2, 2, 2, 1, 1, 1]


def test_two_different_ballots_with_one_number_void_the_vote_and_are_shown() -> None:
    ballots = [POLL.vote("abc", "y"), POLL.vote("abc", "n"), POLL.vote("lmn", "y")]
    count = POLL.count(ballots)
    assert count.lines[0].choice is None
    assert count.lines[0].void == "2 different ballots with number 1"
    assert reasons(count) == [("abc", 1, "contradiction")] * 2
    assert funnel(count) == [3, 3, 3, 3, 3, 3, 1]
    mended = POLL.count([*ballots, POLL.vote("abc", "y", 2)])
    assert mended.lines[0].choice is t.Choice.YES


def test_one_ballot_in_three_forks_is_one_ballot() -> None:
    copies = [POLL.vote("abc", "y", source=source) for source in ("xyz@1", "abc@2", "lmn@3")]
    count = POLL.count(copies)
    assert funnel(count)[0] == 1
    assert count.lines[0].sources == ("abc@2", "lmn@3", "xyz@1")


def test_one_good_signature_among_copies_is_enough() -> None:
    good = POLL.vote("abc", "y", source="good")
    bad = Signed(good.data, b"nonsense", ("bad",))
    for ballots in ([good, bad], [bad, good], [bad, good, bad]):
        count = POLL.count(ballots)
        assert count.lines[0].choice is t.Choice.YES
        assert count.lines[0].sources == ("bad", "good")
        assert count.aside == ()


OTHER_TEXT = Poll(ABC, text=statement(body="We ask one side to talk."))
OTHER_SLUG = Poll(ABC, slug="abc/war")
OTHER_COMMONS = Poll(ABC, rule=rule("3/4"))
GOOD = POLL.vote("abc", "y")
DATA, SIGNATURE = GOOD.data or b"", GOOD.signature or b""


def again(data: bytes, by: str = "abc", namespace: str = BALLOT) -> Signed:
    return Signed(data, Signer(by).sign(data, namespace), ("abc",))


@pytest.mark.parametrize(
    ("ballot", "reason", "line", "stage"),
    [
        (Signed(DATA, None), "unfinished", 1, "parsed"),
        (Signed(None, SIGNATURE), "orphan-signature", 1, "found"),
        (Signed(DATA, SIGNATURE + b"x"), "trailing-text", 6, "parsed"),
        (Signed(DATA, SIGNATURE.replace(b"\n", b"\r\n")), "changed-line-endings", 1, "parsed"),
        (Signed(DATA.replace(b"'yes'", b"'no'"), SIGNATURE), "bad-signature", 1, "parsed"),
        (again(DATA, namespace=CLOSING), "wrong-namespace", 3, "parsed"),
        (again(DATA, by="lmn"), "wrong-key", 1, "signed"),
        (again(DATA, by="nobody"), "wrong-key", 1, "signed"),
        (again(DATA.replace(b"voter: abc", b"voter: qqq"), by="qqq"), "not-on-roll", 1, "signed"),
        (again(DATA.replace(b"\n", b"\r\n")), "not-canonical", 1, "found"),
        (again(DATA + b"\n"), "not-canonical", 8, "found"),
        (again(DATA[:-1]), "not-canonical", 7, "found"),
        (again(DATA.replace(b"'yes'", b"yes")), "not-canonical", 6, "found"),
        (again(DATA.replace(b"'yes'", b"Yes")), "not-canonical", 6, "found"),
        (again(DATA.replace(b"number: 1", b"number: 01")), "not-canonical", 5, "found"),
        (again(DATA.replace(b"number: 1", b"number: 1000001")), "not-canonical", 5, "found"),
        (again(DATA.replace(b"number: 1", b"number: 0")), "not-canonical", 5, "found"),
        (again(DATA.replace(b"2026-06-04", b"2026-06-31")), "not-canonical", 7, "found"),
        (again(b"\n".join(sorted(DATA.split(b"\n")[:-1])) + b"\n"), "not-canonical", 1, "found"),
        (again(DATA + b"extra: x\n"), "not-canonical", 8, "found"),
        (again(b"\xff\xfe"), "not-canonical", 1, "found"),
        (again(b""), "not-canonical", 1, "found"),
        (again(b"[" * 1000), "not-canonical", 1, "found"),
        (again(DATA + b"#" * 1024), "not-canonical", 1, "found"),
        (OTHER_TEXT.vote("abc", "y"), "wrong-opening", 3, "found"),
        (OTHER_SLUG.vote("abc", "y"), "wrong-statement", 2, "found"),
        (OTHER_COMMONS.vote("abc", "y"), "wrong-commons", 1, "found"),
    ],
)
def test_what_does_not_count(ballot: Signed, reason: str, line: int, stage: str) -> None:
    count = POLL.count([ballot, POLL.vote("lmn", "y")])
    (aside,) = count.aside
    assert (aside.reason, aside.line) == (reason, line)
    assert aside.message
    assert count.lines[0].choice is None
    reached = [step.name for step in count.funnel if step.ballots == 2]
    assert reached[-1] == stage


def test_a_security_key_votes_when_touched() -> None:
    token = Signer("token", security=True)
    voters = t.Roll(voters=(t.Voter(voter="abc", votes=1, keys=(Signer("abc").line, token.line)),))
    poll = Poll(ABC)
    poll.roll_data = write(voters)
    epoch = poll.chain().in_force
    poll = Poll({"abc": 1}, under=epoch)
    data = write(poll.ballot("abc", "y"))
    assert poll.count([Signed(data, token.sign(data, BALLOT))]).lines[0].key == token.key.fingerprint
    untouched = Signed(data, token.parts(data, BALLOT, flags=0).armoured)
    assert reasons(poll.count([untouched])) == [("abc", 1, "untouched-key")]


def test_names_that_yaml_might_mistake_vote_too() -> None:
    poll = Poll(equal("abc", "no", "010", "1e3"))
    count = poll.count(poll.votes("yyyy"))
    assert [line.choice for line in count.lines] == [t.Choice.YES] * 4


def test_weights_count() -> None:
    poll = Poll({"abc": 5, "lmn": 2, "xyz": 1})
    assert poll.count(poll.votes("ynn")).verdict.sentence == (
        "not carried: 5 of 8 cast, 5 x 3 < 2 x 8 (6 needed); quorum 8 of 8, more than half"
    )
    assert poll.count(poll.votes("yny")).verdict.carried


def test_what_if() -> None:
    count = POLL.count(POLL.votes("yy-"))
    assert count.verdict.carried
    assert not count.what_if(rule("3/4", of="roll")).carried


# -- properties ------------------------------------------------------------------------------------------


VOTERS = tuple(ABC)
ballot = st.builds(
    POLL.vote,
    st.sampled_from(VOTERS),
    st.sampled_from("yna"),
    st.integers(1, 3),
    source=st.sampled_from(["abc@1", "lmn@2", "xyz@3"]),
) | st.sampled_from(
    [
        OTHER_TEXT.vote("abc", "y"),
        Signed(DATA, None, ("x",)),
        Signed(DATA, b"junk", ("y",)),
        Signed(DATA, SIGNATURE + b"\n", ("z",)),
        again(DATA, by="lmn"),
        again(DATA + b"\n"),
    ]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ballot, max_size=8), st.randoms(use_true_random=False))
def test_order_and_copies_do_not_matter(ballots: Sequence[Signed], chance: random.Random) -> None:
    mixed = [*ballots, *chance.choices(ballots, k=len(ballots))] if ballots else []
    chance.shuffle(mixed)
    assert shown(POLL.count(mixed)) == shown(POLL.count(ballots))


@settings(max_examples=40, deadline=None)
@given(st.lists(ballot, max_size=8))
def test_the_funnel_adds_up(ballots: Sequence[Signed]) -> None:
    count = POLL.count(ballots)
    found = len({(b.data, b"" if b.data is not None else b.signature) for b in ballots})
    assert funnel(count)[0] == found
    assert funnel(count)[-1] == found - len(count.aside)
    assert funnel(count)[-1] == sum(line.choice is not None for line in count.lines)
    assert funnel(count) == sorted(funnel(count), reverse=True)


@settings(max_examples=30, deadline=None)
@given(st.text("yna-", min_size=3, max_size=3), st.sampled_from(VOTERS))
def test_one_more_yes_never_uncarries(choices: str, voter: str) -> None:
    before = POLL.votes(choices)
    after = [*before, POLL.vote(voter, "y", 2)]
    assert POLL.count(after).verdict.carried >= POLL.count(before).verdict.carried


@settings(max_examples=20, deadline=None)
@given(st.text("yna-", min_size=3, max_size=3), st.integers(2, 9), st.tuples(*[st.integers(1, 5)] * 3))
def test_scaling_all_weights_changes_nothing(choices: str, factor: int, weights: tuple[int, ...]) -> None:
    small = Poll(dict(zip(VOTERS, weights, strict=True)))
    large = Poll({name: votes * factor for name, votes in small.weights.items()})
    ours, theirs = small.count(small.votes(choices)), large.count(large.votes(choices))
    assert ours.verdict.carried is theirs.verdict.carried


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(VOTERS), st.sampled_from("yna"), st.integers(1, 5))
def test_a_ballot_for_one_opening_counts_in_no_other(voter: str, choice: str, number: int) -> None:
    polls = (POLL, OTHER_TEXT, OTHER_SLUG, OTHER_COMMONS)
    for ours in polls:
        cast = ours.vote(voter, choice, number)
        for other in polls:
            assert funnel(other.count([cast]))[-1] == (other is ours)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(DATA) - 1), st.binary(max_size=2), st.integers(0, 2))
def test_any_bytes_are_the_ballot_or_set_aside(at: int, put: bytes, gone: int) -> None:
    """What the template takes, the strict reader takes with the same meaning; nothing else is taken."""
    data = DATA[:at] + put + DATA[at + gone :]
    count = POLL.count([again(data)])
    counted = [line for line in count.lines if line.choice is not None]
    if counted:
        line = counted[0]
        letter = "" if line.choice is None else line.choice.value[0]
        assert write(POLL.ballot(line.voter, letter, line.number, line.date)) == data
    else:
        assert len(count.aside) == 1


def test_signed_helper_signs_for_the_author() -> None:
    assert signed(POLL.ballot("abc", "y"), BALLOT) == GOOD


def test_the_longest_ballot_is_short_enough() -> None:
    name = "-".join(["abcdefghij"] * 5 + ["klmno"])
    assert len(name) == 60
    poll = Poll({name: 1}, slug=f"{name}/{'-'.join(['abcdefghij'] * 7 + ['klm'])}")
    ballot = poll.vote(name, "a", 1_000_000)
    assert len(ballot.data or b"") < MAX_BALLOT // 2 + 64
    assert poll.count([ballot]).lines[0].choice is t.Choice.ABSTAIN
