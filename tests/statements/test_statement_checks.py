"""What ``check`` says of the records of a vote: what is unfinished, and what will never count."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import put
from polling import FOLDER, ID, Desk, newsrepo, roll

BALLOT = f"{FOLDER}/ballots/lmn/1.yaml"


def found(desk: Desk) -> list[tuple[str, str, int, str]]:
    """Rule, path, line and the reason of each finding."""
    said = json.loads(newsrepo(desk.root, "check", "--json").stdout)
    return [
        (one["rule"], one["path"], one["line"], one["message"].partition(":")[0]) for one in said["findings"]
    ]


@pytest.fixture
def voted(opened: Desk) -> Desk:
    opened.vote({"abc": "yes", "lmn": "yes", "xyz": "no"})
    for who in ("abc", "lmn"):
        opened.sign(who, "close", ID, day="2026-06-11")
    assert found(opened) == []
    return opened


def change(path: str, old: str, new: str) -> Callable[[Path], None]:
    def act(root: Path) -> None:
        data = (root / path).read_text()
        assert old in data
        (root / path).write_bytes(data.replace(old, new).encode())

    return act


def swap_signatures(root: Path) -> None:
    mine, other = root / f"{BALLOT}.sig", root / f"{FOLDER}/ballots/xyz/1.yaml.sig"
    mine.write_bytes(other.read_bytes())


def unsign(root: Path) -> None:
    (root / f"{BALLOT}.sig").unlink()


def crlf(root: Path) -> None:
    path = root / f"{BALLOT}.sig"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (change(BALLOT, "'yes'", "'no'"), ("uncounted-record", BALLOT, 1, "bad-signature")),
        (change(BALLOT, "date: 2", "date:  2"), ("uncounted-record", BALLOT, 7, "not-canonical")),
        (swap_signatures, ("uncounted-record", BALLOT, 1, "bad-signature")),
        (crlf, ("uncounted-record", BALLOT, 1, "changed-line-endings")),
        (
            change(f"{FOLDER}/opening.yaml", "title: Of peace", "title: Of war"),
            ("uncounted-record", f"{FOLDER}/opening.yaml", 1, "bad-signature"),
        ),
        (
            change(f"{FOLDER}/statement.md", "talk", "walk"),
            ("uncounted-record", f"{FOLDER}/opening.yaml", 1, "edited-text"),
        ),
        (
            change(f"{FOLDER}/closings/lmn/1.yaml", "round: 1", "round: 1 "),
            ("uncounted-record", f"{FOLDER}/closings/lmn/1.yaml", 5, "not-canonical"),
        ),
    ],
)
def test_what_will_never_count(
    voted: Desk, act: Callable[[Path], None], expected: tuple[str, str, int, str]
) -> None:
    act(voted.root)
    assert expected in found(voted)
    assert newsrepo(voted.root, "check").exit_code == 1


def test_what_is_unfinished(voted: Desk) -> None:
    unsign(voted.root)
    assert found(voted) == [
        ("unfinished-record", BALLOT, 1, "it has no signature and counts for nothing"),
    ]
    assert newsrepo(voted.root, "check").exit_code == 0, "a warning: it waits for its voter"


def test_a_ballot_of_another_vote(voted: Desk) -> None:
    voted.propose("abc/war")
    voted.open("abc/war")
    for name in ("lmn/1.yaml", "lmn/1.yaml.sig"):
        put(
            voted.root,
            {f"statements/abc/war/ballots/{name}": (voted.root / FOLDER / "ballots" / name).read_bytes()},
        )
    assert found(voted) == [
        ("uncounted-record", "statements/abc/war/ballots/lmn/1.yaml", 2, "wrong-statement"),
    ]


def test_a_ballot_of_nobody_on_the_roll(voted: Desk) -> None:
    path = voted.root / FOLDER / "ballots/stranger/1.yaml"
    text = (voted.root / BALLOT).read_text().replace("voter: lmn", "voter: stranger")
    put(
        voted.root,
        {str(path.relative_to(voted.root)): text, "contingents/stranger.yaml": "name: A stranger\n"},
    )
    key = str(voted.keys / "stranger")
    words = ["ssh-keygen", "-Y", "sign", "-n", "ballot.v1@newsrepo", "-f", key, str(path)]
    subprocess.run(words, check=True, capture_output=True)
    assert [(rule, reason) for rule, _, _, reason in found(voted)] == [("uncounted-record", "not-on-roll")]


def test_a_roll_with_keys_that_cannot_be(drafted: Desk) -> None:
    """Weak, repeated and foreign keys stop a roll; and no vote can bring one in."""
    good = roll(drafted.keys, {"abc": 1, "lmn": 1})
    keys = re.findall(r"ssh-ed25519 \S+", good)
    weak = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQ"
    cases = (
        (good.replace(keys[1], keys[0]), "duplicate-key-holder"),
        (good.replace("voter: lmn", "voter: abc"), "duplicate-voter"),
        (good.replace(keys[1], weak), "unusable-key"),
        (good.replace(keys[1], rsa), "bad-value"),
        (good.replace("votes: 1", "votes: 50%"), "bad-value"),
    )
    for number, (bad, rule) in enumerate(cases):
        put(drafted.root, {"statements/roll.yaml": bad})
        assert rule in [one[0] for one in found(drafted)], rule
        (drafted.root / "statements/roll.yaml").write_text(good)
        slug = f"abc/roll-{number}"
        drafted.propose(slug, "--enacts", "roll")
        put(drafted.root, {f"statements/{slug}/enacts/roll.yaml": bad})
        assert "cannot be put in force" in drafted.sign("abc", "open", slug, code=2).stderr
