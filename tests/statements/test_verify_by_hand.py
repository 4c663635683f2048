"""docs/verify-by-hand.md: its commands come to what the program says, and fail where they should."""

import re
import subprocess
from pathlib import Path

import pytest
from polling import FOLDER, ID, Desk

PAGE = Path(__file__).parents[2] / "docs/verify-by-hand.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def by_hand(root: Path) -> subprocess.CompletedProcess[str]:
    script = "set -eu\n" + "".join(BLOCKS)
    assert "newsrepo statement" not in script
    return subprocess.run(["bash", "-c", script], cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture
def closed(opened: Desk) -> Desk:
    """A certified vote in which somebody changed their mind, and one voted no."""
    opened.vote({"abc": "yes", "lmn": "no"})
    opened.vote({"lmn": "yes", "xyz": "no"})
    opened.close()
    opened.commit()
    return opened


def test_the_page_comes_to_the_same(closed: Desk) -> None:
    tally = closed.tally()
    done = by_hand(closed.root)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    opening = tally["counts"][0]["opening"]
    assert f"the commons is {opening['commons']}" in said
    assert "the text is what was opened" in said
    assert said.count('Good "ballot.v1@newsrepo" signature for lmn') == 2
    assert said.count('Good "closing.v1@newsrepo" signature for abc') == 2
    assert f"all are on the opening {opening['sha256']}" in said
    assert f"it is the union of: {FOLDER}/closings/abc/1.yaml {FOLDER}/closings/lmn/1.yaml" in said
    assert "every listed ballot is at hand" in said
    votes = {voter["voter"]: voter["choice"] for voter in tally["counts"][0]["voters"]}
    assert "".join(f"{who} {choice}\n" for who, choice in votes.items()) + "no 1\nyes 2\n" in said
    assert f"{FOLDER}/ballots/xyz/1.yaml" in said
    assert tally["sentence"].startswith("carried: 2 of 3 cast")


UNVERIFIED = "Could not verify signature."


@pytest.mark.parametrize(
    ("path", "old", "new", "lacks", "says"),
    [
        ("statements/roll.yaml", "votes: 1", "votes: 9", "the commons is", ""),
        (f"{FOLDER}/statement.md", "talk", "walk", "the text is what was opened", ""),
        (f"{FOLDER}/ballots/xyz/1.yaml", "'no'", "'yes'", "signature for xyz", UNVERIFIED),
        (f"{FOLDER}/closings/lmn/2.yaml", "round: 2", "round: 3", "all are on", UNVERIFIED),
        (f"{FOLDER}/opening.yaml", "threshold: 2", "threshold: 3", 'Good "opening', UNVERIFIED),
    ],
)
def test_the_page_finds_what_was_tampered_with(
    closed: Desk, path: str, old: str, new: str, lacks: str, says: str
) -> None:
    assert lacks in by_hand(closed.root).stdout
    file = closed.root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    done = by_hand(closed.root)
    assert lacks not in done.stdout
    assert says in done.stdout
    assert (done.returncode != 0) == bool(says)


def test_a_list_of_ones_own_is_found(closed: Desk) -> None:
    """Another list, though signed, is not the one that the others signed."""
    path = closed.root / FOLDER / "closings/lmn/2.yaml"
    (closed.root / f"{FOLDER}/closings/lmn/2.yaml.sig").unlink()
    text = path.read_text()
    path.write_text(re.sub(r"  - voter: xyz\n.*\n.*\n", "", text))
    assert path.read_text() != text
    key = str(closed.keys / "lmn")
    words = ["ssh-keygen", "-Y", "sign", "-n", "closing.v1@newsrepo", "-f", key, str(path)]
    subprocess.run(words, check=True, capture_output=True)
    done = by_hand(closed.root)
    assert done.returncode != 0
    assert "lmn signed" in done.stdout
    assert "it is the union of" not in done.stdout
    # The honest list is in a commit, so that the program finds both.
    tally = closed.tally(ID)
    assert tally["state"] == "certified"
    assert [one["reason"] for one in tally["counts"][0]["closings_set_aside"]] == ["not-the-union"]
