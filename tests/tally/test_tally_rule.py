"""The arithmetic: shares, quorums, nothing, ties, and the votes of real bodies."""

import json
import os
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polls import rule

from newsrepo.errors import UsageError
from newsrepo.records import types as t
from newsrepo.tally.rule import Votes, decide, laxer
from newsrepo.tally.whatif import amended

CORPORA = Path(os.environ.get("NEWSREPO_TEST_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
VOTES = sorted((CORPORA / "votes").glob("*.json"))


def test_the_sentence_tells_the_arithmetic() -> None:
    verdict = decide(rule(), Votes(8, 3, 0, 14))
    assert verdict.sentence == ("carried: 8 of 11 cast, 8 x 3 >= 2 x 11; quorum 11 of 14, more than half")


@pytest.mark.parametrize(
    ("wanted", "votes", "sentence"),
    [
        (
            rule(),
            Votes(7, 4, 0, 14),
            "not carried: 7 of 11 cast, 7 x 3 < 2 x 11 (8 needed); quorum 11 of 14, more than half",
        ),
        (
            rule(),
            Votes(7, 0, 0, 14),
            "not carried: 7 of 7 cast, 7 x 3 >= 2 x 7; quorum 7 of 14, not more than half",
        ),
        (
            rule(),
            Votes(0, 0, 0, 14),
            "not carried: nobody voted yes, 0 no, 0 abstained; quorum 0 of 14, not more than half",
        ),
        (
            rule(),
            Votes(0, 0, 9, 14),
            "not carried: nobody voted yes, 0 no, 9 abstained; quorum 9 of 14, more than half",
        ),
        (
            rule("1/2"),
            Votes(5, 5, 0, 14),
            "not carried: 5 of 10 cast, 5 x 2 >= 1 x 10; 5 yes are not more than 5 no; quorum 10 of 14, more than half",
        ),
        (
            rule("1/2", compare="more-than", quorum="1/1", least="at-least"),
            Votes(8, 6, 0, 14),
            "carried: 8 of 14 cast, 8 x 2 > 1 x 14; quorum 14 of 14, at least all",
        ),
        (
            rule("2/3", of="roll"),
            Votes(9, 0, 5, 14),
            "not carried: 9 of 14 on the roll, 9 x 3 < 2 x 14 (10 needed); quorum 14 of 14, more than half",
        ),
        (
            rule("3/4", compare="more-than", quorum="1/10", least="at-least"),
            Votes(9, 3, 0, 100),
            "not carried: 9 of 12 cast, 9 x 4 <= 3 x 12 (10 needed); quorum 12 of 100, at least 1/10",
        ),
    ],
)
def test_sentences(wanted: t.Rule, votes: Votes, sentence: str) -> None:
    assert decide(wanted, votes).sentence == sentence


@pytest.mark.parametrize(("cast", "needed"), [(3, 2), (6, 4), (7, 5), (1, 1), (10**6, 666_667)])
def test_exactly_two_thirds(cast: int, needed: int) -> None:
    wanted = rule(quorum="1/1000000", least="at-least")
    assert decide(wanted, Votes(needed, cast - needed, 0, cast)).carried
    assert not decide(wanted, Votes(needed - 1, cast - needed + 1, 0, cast)).carried
    exact = decide(rule(compare="more-than"), Votes(2 * cast, cast, 0, 3 * cast))
    assert not exact.carried
    assert decide(rule(), Votes(2 * cast, cast, 0, 3 * cast)).carried


counts = st.integers(0, 40)
rules = st.builds(
    lambda n, d, of, c, qn, qd, qc: rule(f"{min(n, d)}/{d}", of, c, f"{min(qn, qd)}/{qd}", qc),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["cast", "roll"]),
    st.sampled_from(["at-least", "more-than"]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["at-least", "more-than"]),
)


@given(rules, counts, counts, counts, counts)
def test_it_is_what_fractions_say(wanted: t.Rule, yes: int, no: int, abstain: int, silent: int) -> None:
    votes = Votes(yes, no, abstain, yes + no + abstain + silent)
    whole = votes.cast if wanted.of is t.Base.CAST else votes.roll
    share = Fraction(yes, whole) if whole else Fraction(0)
    present = Fraction(votes.present, votes.roll) if votes.roll else Fraction(0)
    ratio, quorum = Fraction(str(wanted.ratio)), Fraction(str(wanted.quorum.ratio))
    enough = share > ratio if wanted.compare is t.Compare.MORE_THAN else share >= ratio
    met = present > quorum if wanted.quorum.compare is t.Compare.MORE_THAN else present >= quorum
    assert decide(wanted, votes).carried is bool(whole and enough and met and yes > no)


@given(rules, counts, counts, counts, st.integers(1, 40), st.sampled_from(["silent", "no", "abstain"]))
def test_one_more_yes_never_uncarries(
    wanted: t.Rule, yes: int, no: int, abstain: int, silent: int, taken_from: str
) -> None:
    votes = Votes(yes, no, abstain, yes + no + abstain + silent)
    more = Votes(
        yes + 1,
        no - (taken_from == "no" and no > 0),
        abstain - (taken_from == "abstain" and abstain > 0),
        votes.roll,
    )
    assert decide(wanted, more).carried >= decide(wanted, votes).carried


@given(rules, counts, counts, counts, counts, st.integers(2, 10**6))
def test_scaling_all_votes_changes_nothing(
    wanted: t.Rule, yes: int, no: int, abstain: int, silent: int, factor: int
) -> None:
    one = Votes(yes, no, abstain, yes + no + abstain + silent)
    many = Votes(yes * factor, no * factor, abstain * factor, one.roll * factor)
    assert decide(wanted, one).carried is decide(wanted, many).carried


@given(rules, rules, counts, counts, counts, counts)
def test_a_rule_that_is_not_laxer_carries_nothing_more(
    ours: t.Rule, theirs: t.Rule, yes: int, no: int, abstain: int, silent: int
) -> None:
    votes = Votes(yes, no, abstain, yes + no + abstain + silent)
    if not laxer(ours, theirs):
        assert decide(ours, votes).carried <= decide(theirs, votes).carried


def test_in_what_a_rule_is_laxer() -> None:
    assert laxer(rule(), rule()) == ()
    assert laxer(rule(of="roll"), rule()) == ()
    assert laxer(rule("4/6"), rule()) == ()
    assert laxer(rule(), rule(of="roll")) == ("it counts the votes cast, the charter everybody on the roll",)
    assert laxer(rule("1/2", quorum="1/3"), rule(compare="more-than")) == (
        "it asks for at least 1/2, the charter for more than 2/3",
        "its quorum is more than 1/3, the charter's more than 1/2",
    )


def test_what_if() -> None:
    assert amended(rule(), "of: roll") == rule(of="roll")
    assert amended(rule(), "ratio: 3/4, compare: more-than, quorum: 1/3, quorum-compare: at-least") == rule(
        "3/4", "cast", "more-than", "1/3", "at-least"
    )


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "of: roll"),
        ("of", "of: roll"),
        ("of: all", "cast or roll"),
        ("ratio: 67%", "write 2/3"),
        ("ratio: 0.6", "write 3/5"),
        ("of: roll, of: cast", "once"),
        ("quorum: 3/2", "at most"),
    ],
)
def test_what_if_refusals(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        amended(rule(), text)
    assert hint in refused.value.hint


# -- real votes ------------------------------------------------------------------------------------------


def _published(vote: dict[str, object]) -> tuple[t.Rule, Votes]:
    """A body's own rule and votes. ``present`` counts abstentions among the votes cast, as our rules never do."""
    terms, fell = vote["rule"], vote["counts"]
    assert isinstance(terms, dict)
    assert isinstance(fell, dict)
    yes, no, abstain = (int(fell[key] or 0) for key in ("yes", "no", "abstain"))
    total = vote["roll"] or yes + no + abstain
    assert isinstance(total, int)
    compare = {">": "more-than", ">=": "at-least"}[terms["comparison"]]
    wanted = rule(terms["fraction"], terms["base"], compare, "1/1000000", "at-least")
    return wanted, Votes(yes, no, abstain, total)


@pytest.mark.skipif(not VOTES, reason=f"the corpora are not at {CORPORA}: set NEWSREPO_TEST_CORPORA")
@pytest.mark.parametrize("path", VOTES, ids=lambda path: path.stem)
def test_real_votes_come_out_as_published(path: Path) -> None:
    vote = json.loads(path.read_bytes())
    wanted, votes = _published(vote)
    verdict = decide(wanted, votes)
    assert verdict.carried is (vote["published_outcome"] == "adopted")
    if vote["published_needed"]:
        assert verdict.majority.needed == vote["published_needed"]
    for base, outcome in vote["under_two_thirds"].items():
        if outcome is None or base == "cast+abstain":
            continue
        other = amended(wanted, f"ratio: 2/3, compare: at-least, of: {base}")
        assert decide(other, votes).carried is (outcome == "adopted")


@pytest.mark.skipif(not VOTES, reason=f"the corpora are not at {CORPORA}: set NEWSREPO_TEST_CORPORA")
@pytest.mark.parametrize("path", VOTES, ids=lambda path: path.stem)
def test_the_share_is_the_published_one(path: Path) -> None:
    vote = json.loads(path.read_bytes())
    _, votes = _published(vote)
    assert f"{votes.yes}/{votes.cast}" == vote["share_of_cast"]
