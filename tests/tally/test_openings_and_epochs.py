"""Openings and epochs: what may be opened, which charter and roll are in force, splits, rivals."""

import itertools

import pytest
from msgspec import structs
from polls import ABC, DAY, Poll, charter, equal, roll, rule, signed, statement
from signers import Signer

from newsrepo.errors import UsageError
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.scalars import Day
from newsrepo.signing import OPENING, WEAK_POINTS, Key, KeyKind
from newsrepo.tally.chain import Chain, chain
from newsrepo.tally.count import State
from newsrepo.tally.drafts import opening_for
from newsrepo.tally.epoch import EpochError, first_epoch
from newsrepo.tally.evidence import Signed
from newsrepo.tally.files import Files
from newsrepo.tally.identity import epoch_id, genesis
from newsrepo.tally.statement import Judgement, judge

POLL = Poll(ABC)
WIDER = write(roll(equal("abc", "lmn", "uvw", "xyz")))
ENACTS = statement("A wider roll", "UVW joins.", enacts=t.Enacts.ROLL)


def enactment(slug: str = "abc/wider", data: bytes = WIDER, **more: object) -> Poll:
    return Poll(ABC, slug=slug, text=ENACTS, enacted=data, **more)  # type: ignore[arg-type]


def passed(poll: Poll, choices: str = "yyy", openings: frozenset[str] = frozenset()) -> Files:
    ballots = poll.votes(choices)
    return poll.files(ballots, poll.certify(ballots, openings))


def refused(judgement: Judgement) -> list[str]:
    return [one.reason for one in judgement.refused]


# -- openings --------------------------------------------------------------------------------------------


def test_a_vote_from_opening_to_result() -> None:
    judgement = POLL.judge(passed(POLL))
    assert judgement.state is State.CERTIFIED
    assert judgement.carried
    assert judgement.refused == judgement.edited == ()
    assert judgement.missing == ""
    assert judgement.sentence.startswith("carried: 3 of 3 cast")


def test_nothing_is_opened() -> None:
    judgement = POLL.judge(Files("statement:abc/peace"))
    assert (judgement.state, judgement.decided) == (State.UNOPENED, None)
    assert judgement.sentence == "no vote on it has been opened"
    assert judgement.missing


def changed(**more: object) -> Signed:
    return signed(structs.replace(POLL.record, **more), OPENING, by="abc")


ROLL = POLL.record.roll
WEAK = t.Voter(voter="xyz", votes=1, keys=(Key(KeyKind.PLAIN, min(WEAK_POINTS)).line,))


@pytest.mark.parametrize(
    ("opening", "reason"),
    [
        (changed(commons="0" * 64), "wrong-commons"),
        (changed(epoch="0" * 64), "wrong-epoch"),
        (changed(statement="statement:abc/war"), "wrong-statement"),
        (changed(roll=ROLL[:2]), "roll-differs"),
        (changed(roll=(*ROLL[:2], WEAK)), "roll-differs"),
        (changed(roll=(*ROLL[:2], structs.replace(ROLL[2], votes=2))), "roll-differs"),
        (changed(rule=rule("1/2")), "laxer-rule"),
        (changed(rule=rule(quorum="1/3")), "laxer-rule"),
        (changed(tellers=POLL.record.tellers[:2]), "wrong-tellers"),
        (
            changed(tellers=(*POLL.record.tellers[:2], t.Teller(teller="xyz", keys=(Signer("new").line,)))),
            "wrong-tellers",
        ),
        (changed(threshold=1), "not-canonical"),
        (changed(closes=Day.parse("2026-01-01")), "not-canonical"),
        (changed(enacts=t.Enactment(what=t.Enacts.ROLL, sha256="0" * 64)), "enacted-missing"),
        (signed(POLL.record, OPENING, by="lmn"), "wrong-key"),
        (signed(POLL.record, "ballot.v1@newsrepo", by="abc"), "wrong-namespace"),
        (structs.replace(POLL.opening, signature=None), "unfinished"),
        (structs.replace(POLL.opening, data=None), "orphan-signature"),
        (structs.replace(POLL.opening, data=(POLL.opening.data or b"") + b"\n"), "not-canonical"),
    ],
)
def test_openings_that_open_nothing(opening: Signed, reason: str) -> None:
    judgement = POLL.judge(Files("statement:abc/peace", (opening,)))
    assert refused(judgement) == [reason]
    assert judgement.state is State.UNOPENED
    assert judgement.refused[0].message in judgement.sentence


def test_an_opening_may_be_stricter() -> None:
    poll = Poll(ABC)
    strict = opening_for(
        poll.epoch,
        "statement:abc/peace",
        poll.text,
        opens=DAY,
        closes=DAY,
        rule=rule("3/4", "roll"),
        threshold=3,
    )
    files = Files("statement:abc/peace", (signed(strict, OPENING, by="abc"),))
    assert poll.judge(files).state is State.OPEN


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"rule": rule("1/2")}, "laxer"),
        ({"enacted": b"voters: []\n"}, "enacts"),
    ],
)
def test_drafts_refuse_what_would_be_refused(more: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as error:
        opening_for(POLL.epoch, "statement:abc/peace", POLL.text, opens=DAY, closes=DAY, **more)  # type: ignore[arg-type]
    assert message in error.value.message


def test_only_voters_open_votes() -> None:
    stranger = structs.replace(POLL.record, statement="statement:qqq/peace")
    files = Files("statement:qqq/peace", (signed(stranger, OPENING, by="qqq"),))
    assert refused(POLL.judge(files)) == ["not-on-roll"]


def test_the_edited_text_is_named() -> None:
    files = passed(POLL)
    for text, word in (
        (statement(body="We ask nobody."), "text was changed"),
        (statement(title="War"), "title"),
        (b"nothing", "cannot be read"),
    ):
        edited = POLL.judge(structs.replace(files, texts=(POLL.text, text))).edited
        assert [one.reason for one in edited] == ["edited-text"]
        assert word in edited[0].message


def test_rivals_are_contested_until_one_is_certified() -> None:
    rival = Poll(ABC, opens=Day.parse("2026-06-01"))
    assert rival.opened.sha256 != POLL.opened.sha256
    ballots = POLL.votes("yyy")
    judgement = POLL.judge(POLL.files(ballots, (), (rival.opening,)))
    assert judgement.state is State.CONTESTED
    assert judgement.sentence == "contested: it was opened 2 times, and none is certified"
    closings = POLL.certify(ballots)
    judgement = POLL.judge(POLL.files(ballots, closings, (rival.opening,)))
    assert judgement.state is State.CERTIFIED
    assert refused(judgement) == ["rival"]
    others = rival.votes("nnn")
    both = POLL.files([*ballots, *others], [*closings, *rival.certify(others)], (rival.opening,))
    judgement = POLL.judge(both)
    assert judgement.state is State.CONTESTED
    assert judgement.sentence == "contested: 2 rival openings were certified"


# -- epochs ----------------------------------------------------------------------------------------------


def test_the_genesis_is_the_first_epoch() -> None:
    found = POLL.chain()
    assert found.commons == found.in_force.id == genesis(POLL.charter_data, POLL.roll_data)
    assert (found.in_force.number, found.split, found.steps) == (1, (), ())


def test_a_certified_enactment_begins_an_epoch() -> None:
    poll = enactment()
    found = poll.chain([passed(poll)])
    assert [epoch.number for epoch in found.epochs] == [1, 2]
    force = found.in_force
    assert force.id == epoch_id(found.commons, poll.opened.sha256, poll.charter_data, WIDER)
    assert [voter.voter for voter in force.roll.voters] == ["abc", "lmn", "uvw", "xyz"]
    assert found.drift(poll.charter_data, WIDER) == ()
    assert found.drift(poll.charter_data, poll.roll_data) == ("statements/roll.yaml",)
    assert found.drift(None, WIDER) == ("newsrepo.yaml",)
    assert judge(passed(poll), found).carried


@pytest.mark.parametrize("files", ["provisional", "not carried", "no file"])
def test_nothing_less_begins_one(files: str) -> None:
    poll = enactment()
    given = {
        "provisional": poll.files(poll.votes("yyy")),
        "not carried": passed(poll, "ynn"),
        "no file": structs.replace(passed(poll), enacts=()),
    }[files]
    assert len(poll.chain([given]).epochs) == 1


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"voters: []\n", "nobody"),
        (b"voters: nonsense\n", "line 1"),
        (write(t.Roll(voters=(WEAK,))), "low order"),
        (write(t.Roll(voters=(ROLL[0], structs.replace(ROLL[1], keys=ROLL[0].keys)))), "already stands"),
    ],
)
def test_a_roll_that_could_not_be_used_is_never_opened(data: bytes, word: str) -> None:
    with pytest.raises(UsageError) as error:
        enactment(data=data)
    assert word in error.value.message


def test_a_second_epoch_votes_under_its_own_roll() -> None:
    first = enactment()
    found = first.chain([passed(first)])
    second = Poll(equal("abc", "lmn", "uvw", "xyz"), slug="uvw/hello", under=found.in_force)
    files = second.files(second.votes("yyyy"))
    assert judge(files, first.chain([passed(first), files])).state is State.OPEN
    new_charter = write(charter((), rule("3/4"), "A New Name"))
    third = Poll(
        equal("abc", "lmn", "uvw", "xyz"),
        slug="uvw/name",
        under=found.in_force,
        text=statement("A new name", enacts=t.Enacts.CHARTER),
        enacted=new_charter,
    )
    found = first.chain([passed(first), files, passed(third, "yyyy")])
    assert [epoch.charter.name for epoch in found.epochs] == [
        "The Test Commons",
        "The Test Commons",
        "A New Name",
    ]
    assert found.in_force.roll_data == WIDER


def test_the_order_of_statements_does_not_matter() -> None:
    first, other = enactment(), Poll(ABC)
    given = [passed(first), other.files(other.votes("yyn"))]
    names = [first.chain(order).in_force.id for order in itertools.permutations(given)]
    assert len(set(names)) == 1


def test_a_backdated_opening_is_refused_and_a_listed_one_finishes() -> None:
    """An old majority cannot go on voting under the roll that outvoted it."""
    ending, before, after = enactment(), Poll(ABC, slug="lmn/before"), Poll(ABC, slug="lmn/after")
    ballots = ending.votes("yyy")
    closings = ending.certify(ballots, frozenset([before.opened.sha256]))
    end = ending.files(ballots, closings)
    given = [end, passed(before), passed(after)]
    found = ending.chain(given)
    assert found.in_force.openings == frozenset([before.opened.sha256])
    assert judge(given[1], found).carried
    late = judge(given[2], found)
    assert (late.state, refused(late)) == (State.UNOPENED, ["backdated"])
    assert judge(end, found).carried, "the vote that ended it is its own"


def test_a_closing_lists_only_openings_that_are_at_hand() -> None:
    ending, hidden = enactment(), Poll(ABC, slug="lmn/hidden")
    ballots = ending.votes("yyy")
    closings = ending.certify(ballots, frozenset([hidden.opened.sha256]))
    assert len(ending.chain([ending.files(ballots, closings)]).epochs) == 1
    assert len(ending.chain([ending.files(ballots, closings), hidden.files()]).epochs) == 2


def split() -> tuple[Poll, list[Files], Chain]:
    one, other = enactment(), enactment("lmn/other", write(roll(equal("abc", "lmn", "qqq", "xyz"))))
    given = [passed(one), passed(other)]
    return one, given, one.chain(given)


def test_two_successors_are_a_split_and_nothing_speaks() -> None:
    poll, given, found = split()
    assert len(found.epochs) == 1
    assert len(found.split) == 2
    for files in given:
        judgement = judge(files, found)
        assert judgement.state is State.CONTESTED
        assert not judgement.carried
        assert "split" in judgement.sentence
        assert "pin" in judgement.missing
    pin = found.split[1].epoch.id
    pinned = poll.chain(given, [pin])
    assert (pinned.in_force.id, pinned.split) == (pin, ())
    states = {judge(files, pinned).state for files in given}
    assert states == {State.CERTIFIED, State.UNOPENED}, (
        "the other one is not listed by the pinned one's closing"
    )


def test_pins_of_both_or_of_neither_leave_the_split() -> None:
    poll, given, found = split()
    assert poll.chain(given, ["0" * 64]).split == found.split
    assert poll.chain(given, [one.epoch.id for one in found.split]).split == found.split


def test_a_genesis_that_cannot_be_read() -> None:
    with pytest.raises(EpochError):
        first_epoch(b"nonsense", b"voters: []\n")
    with pytest.raises(EpochError):
        first_epoch(POLL.charter_data, b"nonsense")
    with pytest.raises(EpochError) as error:
        first_epoch(POLL.charter_data, write(t.Roll(voters=(WEAK,))))
    assert "low order" in str(error.value)


def test_an_empty_first_roll_is_a_commons_that_cannot_vote() -> None:
    found = chain(POLL.charter_data, b"voters: []\n", ())
    assert found.in_force.roll.voters == ()
