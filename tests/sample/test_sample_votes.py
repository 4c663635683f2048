"""The sample's votes: one of each outcome, verified as a fresh clone would, from its files and nothing else."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from newsrepo.ids import Oid
from newsrepo.records import types as t
from newsrepo.tally.chain import Chain, chain
from newsrepo.tally.count import Count, State
from newsrepo.tally.files import Files
from newsrepo.tally.gather import gather
from newsrepo.tally.origins import find_genesis, frozen_rolls
from newsrepo.tally.statement import Judgement, judge

ROOT = Path(__file__).resolve().parents[2]
GENESIS = "e3b29da9905fe754ce75f3e9cd58f47b404065f8d0b80ac348be42f6573f3a84"
"""What a reader of the sample pins."""

ADMITTED = "statement:commonpress/a-vote-for-the-translators"
CARRIED = "statement:distaff/no-name-left-out"
SHORT = "statement:lamp/not-past-a-picket"
OPEN = "statement:tally/where-the-sum-can-be-seen"


def _read(oids: Iterable[Oid]) -> Iterator[bytes]:
    return ((ROOT / oid).read_bytes() for oid in oids)


@pytest.fixture(scope="module")
def statements() -> dict[str, Files]:
    paths = sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("statements/*/*/**/*") if p.is_file())
    return gather([(path, Oid(path), "") for path in paths], _read)


@pytest.fixture(scope="module")
def epochs(statements: dict[str, Files]) -> Chain:
    rolls = {(ROOT / "statements/roll.yaml").read_bytes(), *frozen_rolls(statements.values())}
    found = find_genesis(GENESIS, [(ROOT / "newsrepo.yaml").read_bytes()], rolls)
    assert found is not None
    return chain(*found, statements.values())


@pytest.fixture(scope="module")
def judged(statements: dict[str, Files], epochs: Chain) -> dict[str, Judgement]:
    return {name: judge(files, epochs) for name, files in statements.items()}


def _decided(one: Judgement) -> Count:
    assert one.decided is not None
    return one.decided


def test_there_is_one_of_each(judged: dict[str, Judgement]) -> None:
    assert {name: (one.state, one.carried) for name, one in judged.items()} == {
        ADMITTED: (State.CERTIFIED, True),
        CARRIED: (State.CERTIFIED, True),
        SHORT: (State.CERTIFIED, False),
        OPEN: (State.OPEN, False),
    }
    assert _decided(judged[OPEN]).opened.record.closes.date.year > 2090
    assert all(not one.refused and not one.edited for one in judged.values())


def test_one_failed_by_exactly_one_vote(judged: dict[str, Judgement]) -> None:
    verdict = _decided(judged[SHORT]).verdict
    assert verdict.majority.needed == verdict.votes.yes + 1
    assert verdict.quorum.holds


def test_one_began_a_second_epoch_and_the_files_here_are_those_in_force(epochs: Chain) -> None:
    assert [epoch.number for epoch in epochs.epochs] == [1, 2]
    assert not epochs.split
    assert (
        epochs.drift((ROOT / "newsrepo.yaml").read_bytes(), (ROOT / "statements/roll.yaml").read_bytes())
        == ()
    )


def test_where_votes_differed_there_is_a_dissent_of_somebody_who_voted_no(
    judged: dict[str, Judgement],
) -> None:
    for name, one in judged.items():
        against = {line.voter for line in _decided(one).lines if line.choice is t.Choice.NO}
        folder = ROOT / "statements" / name.removeprefix("statement:") / "dissents"
        written = {path.stem for path in folder.glob("*.md")}
        assert written <= against
        assert bool(written) == bool(against), name


def test_no_private_key_lies_here() -> None:
    for folder in ("statements", "contingents"):
        for path in (ROOT / folder).rglob("*"):
            assert not path.is_file() or b"PRIVATE KEY" not in path.read_bytes(), path
