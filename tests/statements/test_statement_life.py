"""A statement from proposal to certified result, in forks, and after all that people do to history."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import put, run_git
from polling import FOLDER, ID, Desk, newsrepo, publish, sync

CARRIED = "carried: 2 of 3 cast, 2 x 3 >= 2 x 3; quorum 3 of 3, more than half"


def result(tally: dict) -> dict:
    """A count without the refs that carried the evidence, which decide nothing."""
    text = json.dumps(tally)
    found: dict = json.loads(text, object_hook=lambda pairs: {**pairs, "carried_by": None})
    return found


def test_a_whole_life(drafted: Desk) -> None:
    assert drafted.tally()["state"] == "unopened"
    drafted.open()
    assert drafted.tally()["state"] == "open"
    drafted.vote({"abc": "yes", "lmn": "no", "xyz": "no"})
    assert drafted.tally()["sentence"].startswith("open, so far not carried: 1 of 3 cast")
    drafted.vote({"lmn": "yes"})
    tally = drafted.tally()
    assert [voter["number"] for voter in tally["counts"][0]["voters"]] == [1, 2, 1]
    assert [one["reason"] for one in tally["counts"][0]["set_aside"]] == ["superseded"]
    drafted.sign("abc", "close", ID, day="2026-06-11")
    assert drafted.tally()["missing"] == (
        "round 1: 1 more of lmn, xyz must sign the list of ballots that each of them held at closing"
    )
    drafted.sign("lmn", "close", ID, day="2026-06-11")
    for who in ("abc", "lmn"):
        drafted.say("tally", ID, code=1)
        drafted.sign(who, "close", ID, day="2026-06-11")
    assert drafted.tally()["sentence"] == CARRIED
    said = drafted.say("tally", ID, "--what-if", "of: roll, ratio: 3/4").stdout
    assert CARRIED in said
    assert "under another rule it would be not carried: 2 of 3 on the roll, 2 x 4 < 3 x 3 (3 needed)" in said
    assert "nothing left to sign" in drafted.sign("xyz", "close", ID, day="2026-06-11", code=1).stderr
    assert "too late" in drafted.sign("xyz", "vote", ID, "yes", code=2).stderr
    assert newsrepo(drafted.root, "check").exit_code == 0


def test_votes_in_forks_come_together(forks: dict[str, Desk]) -> None:
    for who, choice in (("abc", "yes"), ("lmn", "yes"), ("xyz", "no")):
        forks[who].sign(who, "vote", ID, choice)
        publish(forks[who])
    reader = forks["reader"]
    sync(reader)
    voters = reader.tally()["counts"][0]["voters"]
    assert [voter["choice"] for voter in voters] == ["yes", "yes", "no"]
    assert [carrier.partition("@")[0] for voter in voters for carrier in voter["carried_by"]] == [
        "abc", "lmn", "xyz",
    ]  # fmt: skip
    # Round 1 before anybody has seen anything of the others, then round 2 on the union of what they had.
    for _ in (1, 2):
        for who in ("abc", "lmn"):
            forks[who].sign(who, "close", ID, day="2026-06-11")
            publish(forks[who])
        for desk in forks.values():
            sync(desk)
    lists = [one["ballots"] for one in reader.tally()["counts"][0]["signings"] if one["body"] == "tellers"]
    assert lists == [1, 1, 2], "each held its own ballot alone, and both signed the union"
    sentences = {desk.tally()["sentence"] for desk in forks.values()}
    assert sentences == {"carried: 2 of 2 cast, 2 x 3 >= 2 x 2; quorum 2 of 3, more than half"}
    late = reader.tally()["counts"][0]["set_aside"]
    assert [(one["name"], one["reason"]) for one in late] == [("xyz", "late-or-omitted")]


def test_a_vote_that_lies_in_other_forks_alone(forks: dict[str, Desk]) -> None:
    """Opened in one fork, voted on in others that only fetched it: nobody copies anybody's files."""
    name = "abc/later"
    forks["abc"].propose(name)
    forks["abc"].open(name)
    publish(forks["abc"])
    for who, choice in (("lmn", "yes"), ("xyz", "no")):
        sync(forks[who])
        assert "  | We ask both sides to talk." in forks[who].sign(who, "vote", name, choice).stdout
        publish(forks[who])
        theirs = forks[who].root / "statements/abc/later"
        assert sorted(path.name for path in theirs.iterdir()) == ["ballots"]
        assert newsrepo(forks[who].root, "check").exit_code == 0
    sync(forks["reader"])
    assert [v["choice"] for v in forks["reader"].tally(name)["counts"][0]["voters"]] == [None, "yes", "no"]


def test_what_a_home_dropped_still_counts(forks: dict[str, Desk]) -> None:
    """Every tip ever seen is kept: a home that takes its ballot back by force is counted all the same."""
    xyz, reader = forks["xyz"], forks["reader"]
    before = run_git(xyz.root, "rev-parse", "HEAD")
    xyz.sign("xyz", "vote", ID, "no")
    publish(xyz)
    sync(reader)
    run_git(xyz.root, "reset", "--quiet", "--hard", before)
    run_git(xyz.root, "push", "--quiet", "--force", "origin", "HEAD:main")
    newsrepo(reader.root, "sync", "--allow-local", "--timeout", "20")
    assert reader.tally()["counts"][0]["voters"][2]["choice"] == "no"


def test_files_that_are_given_count_too(opened: Desk, tmp_path: Path) -> None:
    other = opened.copy(tmp_path / "other")
    other.vote({"lmn": "yes"})
    letter = tmp_path / "letter"
    letter.mkdir()
    (other.root / FOLDER / "ballots/lmn/1.yaml").rename(letter / "mine.yaml")
    (other.root / FOLDER / "ballots/lmn/1.yaml.sig").rename(letter / "mine.yaml.sig")
    assert opened.tally()["counts"][0]["voters"][1]["choice"] is None
    for given in (letter, letter / "mine.yaml", letter / "mine.yaml.sig"):
        voters = opened.json("tally", ID, str(given))["counts"][0]["voters"]
        assert voters[1]["choice"] == "yes"
        assert voters[1]["carried_by"] == [str(letter / "mine.yaml")]
    (letter / "odd.txt").write_text("Hello")
    assert "is no opening" in opened.say("tally", ID, str(letter / "odd.txt"), code=2).stderr
    assert "no such file" in opened.say("tally", ID, str(letter / "none"), code=2).stderr


def test_rival_openings_contest_each_other(drafted: Desk, tmp_path: Path) -> None:
    """Whoever opens a text twice, in two clones that did not know of each other, has opened nothing."""
    other = drafted.copy(tmp_path / "other")
    drafted.open()
    other.sign("abc", "open", ID, "--closes", "2026-06-20")
    other.commit()
    assert drafted.tally()["state"] == "open"
    run_git(drafted.root, "fetch", "--quiet", str(other.root), "main:refs/remotes/other/main")
    tally = drafted.tally()
    assert (tally["state"], len(tally["counts"]), tally["decided"]) == ("contested", 2, None)
    assert tally["sentence"] == "contested: it was opened 2 times, and none is certified"
    said = drafted.say("tally", ID, code=1).stdout
    assert said.count("\nopening ") == 2
    asked = drafted.sign("lmn", "vote", ID, "yes", code=2).stderr
    assert "was opened 2 times, and only one may be certified" in asked
    assert "no opening of" in drafted.sign("lmn", "vote", ID, "yes", "--opening", "0" * 8, code=2).stderr
    # Whoever wants to save the vote agrees on one of the two; once that is certified, the other is nothing.
    first = tally["counts"][0]["opening"]["sha256"]
    assert first[:12] in asked
    for who in ("abc", "lmn"):
        drafted.sign(who, "vote", ID, "yes", "--opening", first[:8])
    for _ in (1, 2):
        for who in ("abc", "lmn"):
            drafted.sign(who, "close", ID, "--opening", first[:8], day="2026-06-21")
    tally = drafted.tally()
    assert (tally["state"], tally["decided"]) == ("certified", first)
    assert [one["reason"] for one in tally["refused"]] == ["rival"]


@pytest.fixture
def voted(opened: Desk) -> Desk:
    """The vote opened on `main`, voted and closed in many commits on `votes`; `main` is checked out."""
    run_git(opened.root, "checkout", "--quiet", "-b", "votes")
    for who, choice in (("abc", "yes"), ("lmn", "yes"), ("xyz", "no")):
        opened.sign(who, "vote", ID, choice)
        opened.commit()
    for _ in (1, 2):
        for who in ("abc", "lmn"):
            opened.sign(who, "close", ID, day="2026-06-11")
            opened.commit()
    run_git(opened.root, "checkout", "--quiet", "main")
    return opened


def squash(root: Path) -> None:
    run_git(root, "merge", "--quiet", "--squash", "votes")
    run_git(root, "commit", "--quiet", "-m", "All votes at once")


def rebase(root: Path) -> None:
    put(root, {"README.md": "Something else.\n"})
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "-m", "Something else")
    run_git(root, "rebase", "--quiet", "main", "votes")
    run_git(root, "checkout", "--quiet", "main")
    run_git(root, "merge", "--quiet", "--ff-only", "votes")


def cherry_pick(root: Path) -> None:
    plain = ("-c", "merge.renames=false", "-c", "merge.directoryRenames=false")
    for commit in run_git(root, "rev-list", "main..votes").split():
        # Closings look alike, and git would take some for renamed copies of others.
        run_git(root, *plain, "cherry-pick", commit, GIT_COMMITTER_DATE="2001-01-01T00:00:00Z")


@pytest.mark.parametrize("do", [squash, rebase, cherry_pick])
def test_history_may_be_rewritten(voted: Desk, do: Callable[[Path], None]) -> None:
    wanted = result(voted.tally())
    assert wanted["sentence"] == CARRIED, "also while another branch alone has the votes"
    do(voted.root)
    run_git(voted.root, "branch", "--quiet", "-D", "votes")
    assert result(voted.tally()) == wanted


def test_a_shallow_clone_counts_the_same(voted: Desk, tmp_path: Path) -> None:
    wanted = result(voted.tally())
    squash(voted.root)
    shallow = tmp_path / "shallow"
    run_git(tmp_path, "clone", "--quiet", "--depth", "1", "--branch", "main", voted.root.as_uri(), "shallow")
    genesis = run_git(voted.root, "config", "newsrepo.genesis")
    run_git(shallow, "config", "newsrepo.genesis", genesis)
    assert result(Desk(shallow, voted.keys).tally()) == wanted
