"""Charter and roll change by a vote alone: epochs, what is in force, splits and their pins, a lost genesis."""

from pathlib import Path

import pytest
from hermetic import put, run_git
from polling import ID, MEMBERS, Desk, newsrepo, public, roll

ALL_YES = dict.fromkeys(MEMBERS, "yes")


def enact(desk: Desk, name: str, votes: dict[str, int]) -> None:
    """Propose and open a vote on a new roll."""
    who = name.partition("/")[0]
    desk.propose(name, "--enacts", "roll")
    path = desk.root / f"statements/{name}/enacts/roll.yaml"
    assert path.read_bytes() == (desk.root / "statements/roll.yaml").read_bytes()
    path.write_text(roll(desk.keys, votes))
    desk.open(name, who)


@pytest.fixture
def grown(opened: Desk) -> Desk:
    """A commons whose roll has grown by a vote; the file in force lies in its place."""
    enact(opened, "lmn/growth", {**dict.fromkeys(MEMBERS, 1), "stranger": 2})
    opened.vote(ALL_YES, "lmn/growth")
    opened.close("lmn/growth")
    new = (opened.root / "statements/lmn/growth/enacts/roll.yaml").read_text()
    said = opened.json("epochs", code=0)
    assert said["not_in_force"] == ["statements/roll.yaml"]
    put(opened.root, {"statements/roll.yaml": new})
    assert opened.json("epochs", code=0)["not_in_force"] == []
    opened.commit("A new roll")
    return opened


def test_a_vote_begins_an_epoch(grown: Desk) -> None:
    first, second = grown.json("epochs")["epochs"]
    assert first["id"] == run_git(grown.root, "config", "newsrepo.genesis")
    assert (second["statement"], second["voters"]["stranger"]) == ("statement:lmn/growth", 2)
    said = grown.say("epochs").stdout
    assert f"epoch 2  {second['id'][:12]}  in force" in said
    assert "by lmn/growth: carried: 3 of 3 cast" in said
    # The vote of before was listed when the epoch ended, and finishes under the old roll.
    assert "'stranger' is not on the roll" in grown.sign("stranger", "vote", ID, "yes", code=2).stderr
    grown.vote(ALL_YES)
    grown.close()
    assert grown.tally()["carried"]
    # The new voter can propose, and its vote weighs.
    grown.propose("xyz/later")
    grown.open("xyz/later", "xyz")
    grown.sign("stranger", "vote", "xyz/later", "no")
    assert grown.tally("xyz/later")["counts"][0]["verdict"]["no"] == 2


def test_a_key_that_was_voted_off_signs_no_later_vote(opened: Desk) -> None:
    """Keys change by a vote alone: no record of one's own, signed with whichever key, changes the roll."""
    enact(opened, "lmn/change-of-keys", dict.fromkeys(MEMBERS, 1))
    path = opened.root / "statements/lmn/change-of-keys/enacts/roll.yaml"
    (path.parent.parent / "opening.yaml").unlink()
    (path.parent.parent / "opening.yaml.sig").unlink()
    path.write_text(path.read_text().replace(public(opened.keys, "xyz"), public(opened.keys, "stranger")))
    opened.open("lmn/change-of-keys", "lmn")
    opened.vote(ALL_YES, "lmn/change-of-keys")
    opened.close("lmn/change-of-keys")
    opened.propose("abc/later")
    opened.open("abc/later")
    said = opened.sign("xyz", "vote", "abc/later", "no", code=2).stderr
    assert "is none of 'xyz' on the roll of this vote" in said
    opened.sign("xyz", "vote", "abc/later", "no", key="stranger")
    # Votes of before go on under the roll that they were opened with.
    opened.sign("xyz", "vote", ID, "no")


def test_what_a_branch_says_decides_nothing(opened: Desk) -> None:
    put(opened.root, {"statements/roll.yaml": roll(opened.keys, {"stranger": 9})})
    opened.propose("abc/coup")
    said = opened.sign("abc", "open", "abc/coup")
    assert "not in force as they stand in this branch: statements/roll.yaml" in said.stderr
    assert opened.tally("abc/coup")["counts"][0]["opening"]["roll"] == dict.fromkeys(MEMBERS, 1)
    assert "not in force: statements/roll.yaml" in opened.say("epochs").stdout


def test_a_shallow_clone_finds_the_first_roll_in_an_opening(grown: Desk, tmp_path: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--depth", "1", grown.root.as_uri(), "shallow")
    shallow = Desk(tmp_path / "shallow", grown.keys)
    run_git(shallow.root, "config", "newsrepo.genesis", grown.json("epochs")["commons"])
    assert shallow.json("epochs") == grown.json("epochs")
    assert shallow.tally("lmn/growth")["carried"]


def test_a_genesis_that_is_nowhere_is_said(opened: Desk, tmp_path: Path) -> None:
    for name in ("newsrepo.yaml", "statements/roll.yaml"):
        put(tmp_path, {f"kept/{name}": (opened.root / name).read_bytes()})
    put(opened.root, {"newsrepo.yaml": (opened.root / "newsrepo.yaml").read_text().replace("2/3", "1/2")})
    opened.commit("Somebody edits the charter")
    assert opened.tally()["state"] == "open", "history has it"
    run_git(tmp_path, "clone", "--quiet", "--depth", "1", opened.root.as_uri(), "shallow")
    shallow = Desk(tmp_path / "shallow", opened.keys)
    run_git(shallow.root, "config", "newsrepo.genesis", opened.json("epochs")["commons"])
    said = shallow.say("tally", ID, code=3).stderr
    assert "are in no ref and no history known here" in said
    assert "git fetch --unshallow" in said
    assert shallow.json("tally", ID, str(tmp_path / "kept"))["state"] == "open"


def test_no_pin_no_votes(opened: Desk) -> None:
    run_git(opened.root, "config", "--unset", "newsrepo.genesis")
    assert "has pinned no genesis" in opened.say("list", code=3).stderr
    run_git(opened.root, "config", "newsrepo.genesis", "abc")
    assert "is no genesis: 'abc'" in opened.say("list", code=3).stderr


def test_a_split_is_shown_and_pinned(opened: Desk) -> None:
    enact(opened, "lmn/growth", {**dict.fromkeys(MEMBERS, 1), "stranger": 2})
    enact(opened, "abc/shrink", {"abc": 1, "lmn": 1})
    assert "has not split" in opened.say("pin", "0" * 64, code=2).stderr
    for name in ("lmn/growth", "abc/shrink"):
        opened.vote(ALL_YES, name)
    for name in ("lmn/growth", "abc/shrink"):
        opened.close(name)
    said = opened.json("epochs", code=1)
    sides = {side["statement"]: side["id"] for side in said["split"]}
    assert set(sides) == {"statement:lmn/growth", "statement:abc/shrink"}
    assert "The commons has split" in opened.say("epochs", code=1).stdout
    tally = opened.tally()
    assert (tally["state"], tally["split"]) == ("contested", True)
    assert "pin" in opened.sign("abc", "vote", ID, "yes", code=2).stderr
    assert "at least 8 digits" in opened.say("pin", "01", code=2).stderr
    for name, voters in (("statement:abc/shrink", 2), ("statement:lmn/growth", 4)):
        assert opened.say("pin", sides[name][:8]).stdout.strip() == sides[name]
        last = opened.json("epochs", code=0)["epochs"][-1]
        assert (last["id"], len(last["voters"])) == (sides[name], voters)
        assert opened.tally()["state"] == "open"
    assert "pinned already" in opened.say("pin", sides["statement:lmn/growth"]).stderr
    assert newsrepo(opened.root, "check", "--json").exit_code in (0, 1)
