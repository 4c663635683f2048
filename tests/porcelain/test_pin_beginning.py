"""Which commons a clone pins after votes have changed the charter or the roll: the one they lead from."""

import sys
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

sys.path.insert(0, str(Path(__file__).parent.parent / "tally"))

from polls import Poll, equal, files_of, roll, statement

from newsrepo.errors import UnableError
from newsrepo.porcelain.genesis import genesis
from newsrepo.porcelain.init import pin
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records import write

AFTER = write(roll(equal("abc", "lmn", "xyz", "uvw")))


def enacting(slug: str, **weights: int) -> Poll:
    text = statement("Another roll", enacts=t.Enacts.ROLL)
    return Poll(equal("abc", "lmn", "xyz") | weights, slug=slug, text=text, enacted=AFTER)


def carried(poll: Poll, choices: str = "yyy") -> dict[str, bytes]:
    ballots = poll.votes(choices)
    return files_of(poll, ballots, poll.certify(ballots))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    run_git(tmp_path, "init", "-q", "-b", "main", "--template=")
    return tmp_path


def lay(root: Path, poll: Poll, standing: bytes, *votes: dict[str, bytes]) -> Workspace:
    files = {"newsrepo.yaml": poll.charter_data, "statements/roll.yaml": standing}
    for some in votes:
        files |= some
    put(root, files)
    commit_all(root)
    return Workspace.discover(root)


def test_the_first_charter_and_roll_even_where_only_an_opening_still_has_them(root: Path) -> None:
    poll = enacting("abc/more")
    done = pin(lay(root, poll, AFTER, carried(poll)))
    assert done.genesis == genesis(poll.charter_data, poll.roll_data)


def test_what_stands_here_where_no_vote_led_to_it(root: Path) -> None:
    poll = enacting("abc/more")
    done = pin(lay(root, poll, AFTER, carried(poll, "ynn")))
    assert done.genesis == genesis(poll.charter_data, AFTER)


def test_what_stands_here_where_nobody_ever_voted(root: Path) -> None:
    poll = enacting("abc/more")
    done = pin(lay(root, poll, poll.roll_data))
    assert done.genesis == genesis(poll.charter_data, poll.roll_data)


def test_of_two_commons_that_came_to_the_same_roll_none_is_chosen(root: Path) -> None:
    ours, forged = enacting("abc/more"), enacting("lmn/more", abc=5)
    work = lay(root, ours, AFTER, carried(ours), carried(forged))
    with pytest.raises(UnableError, match="2 commons have come to this charter and roll") as caught:
        pin(work)
    for poll in (ours, forged):
        assert genesis(poll.charter_data, poll.roll_data) in caught.value.message
    assert work.repository.config("newsrepo.genesis") is None


def test_no_other_ref_can_make_up_a_rival(root: Path) -> None:
    ours, forged = enacting("abc/more"), enacting("lmn/more", abc=5)
    lay(root, ours, AFTER, carried(ours))
    run_git(root, "switch", "-q", "-c", "lmn")
    put(root, carried(forged))
    commit_all(root)
    run_git(root, "switch", "-q", "main")
    assert pin(Workspace.discover(root)).genesis == genesis(ours.charter_data, ours.roll_data)
