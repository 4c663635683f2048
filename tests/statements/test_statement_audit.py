"""What ``audit`` says of charters without a vote, splits and signed contradictions, on real repositories."""

import json
import subprocess

from hermetic import put, run_git
from polling import FOLDER, ID, MEMBERS, Desk, newsrepo, publish, roll, sync
from test_statement_epochs import ALL_YES, enact


def charges(desk: Desk) -> dict[str, dict]:
    result = newsrepo(desk.root, "--today", "2026-06-11", "audit", "--json")
    return {charge["rule"]: charge for charge in json.loads(result.stdout)["charges"]}


def test_nothing_to_report(opened: Desk) -> None:
    opened.vote(ALL_YES)
    opened.close()
    opened.commit()
    assert charges(opened) == {}


def test_a_roll_that_nobody_voted_on(opened: Desk) -> None:
    run_git(opened.root, "checkout", "--quiet", "-b", "coup")
    put(opened.root, {"statements/roll.yaml": roll(opened.keys, {"stranger": 9})})
    opened.commit()
    found = charges(opened)["unfounded-charter"]
    assert found["who"] == ""
    assert found["fact"] == (
        "no vote put statements/roll.yaml in force as it stands in coup, the working tree"
    )


def test_a_home_with_a_roll_of_its_own(forks: dict[str, Desk]) -> None:
    put(forks["xyz"].root, {"statements/roll.yaml": roll(forks["xyz"].keys, {"xyz": 9})})
    publish(forks["xyz"])
    sync(forks["reader"])
    found = charges(forks["reader"])["unfounded-charter"]
    assert found["who"] == "xyz"
    assert "as it stands in xyz@" in found["fact"]
    assert forks["reader"].tally()["counts"][0]["opening"]["roll"] == dict.fromkeys(MEMBERS, 1)


def test_a_roll_of_before_is_merely_behind(opened: Desk) -> None:
    enact(opened, "lmn/growth", {"abc": 1, "lmn": 1, "xyz": 2})
    opened.vote(ALL_YES, "lmn/growth")
    opened.close("lmn/growth")
    opened.commit()
    assert charges(opened) == {}


def test_a_split(opened: Desk) -> None:
    for name in ("lmn/growth", "abc/shrink"):
        enact(opened, name, {"abc": 1, "lmn": 1, "xyz": 2 if name == "lmn/growth" else 3})
    for name in ("lmn/growth", "abc/shrink"):
        opened.vote(ALL_YES, name)
    for name in ("lmn/growth", "abc/shrink"):
        opened.close(name)
    opened.commit()
    found = charges(opened)["split-commons"]
    assert sorted(proof["value"] for proof in found["proofs"]) == [
        "statement:abc/shrink",
        "statement:lmn/growth",
    ]


def test_two_ballots_of_one_number(opened: Desk) -> None:
    opened.sign("lmn", "vote", ID, "yes")
    run_git(opened.root, "checkout", "--quiet", "-b", "other")
    opened.commit()
    run_git(opened.root, "checkout", "--quiet", "main")
    path = opened.root / FOLDER / "ballots/lmn/1.yaml"
    assert not path.exists()
    # A second ballot of that number, made by hand: the tool itself knows the first from the other branch.
    said = run_git(opened.root, "show", f"other:{FOLDER}/ballots/lmn/1.yaml") + "\n"
    put(opened.root, {f"{FOLDER}/ballots/lmn/1.yaml": said.replace("'yes'", "'no'")})
    words = [
        "ssh-keygen",
        "-Y",
        "sign",
        "-n",
        "ballot.v1@newsrepo",
        "-f",
        str(opened.keys / "lmn"),
        str(path),
    ]
    subprocess.run(words, check=True, capture_output=True)
    found = charges(opened)["contradicting-ballots"]
    assert (found["who"], found["fact"]) == (
        "lmn",
        "lmn signed 2 different ballots 1 on statement:abc/peace",
    )
    assert [proof["value"] for proof in found["proofs"]] in (
        ["other", "the working tree"],
        ["the working tree", "other"],
    )
    voter = opened.tally()["counts"][0]["voters"][1]
    assert voter["void"] == "2 different ballots with number 1"
    opened.sign("lmn", "vote", ID, "yes")
    assert opened.tally()["counts"][0]["voters"][1]["number"] == 2
