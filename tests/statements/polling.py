"""A commons whose members hold real keys: everything is signed by ssh-keygen, through the command line."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hermetic import commit_all, put, run_git
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app

MEMBERS = ("abc", "lmn", "xyz")
ID = "abc/peace"
FOLDER = f"statements/{ID}"
TEXT = "We ask both sides to talk."

CHARTER = """\
name: The Harbour Commons
licenses:
  - CC0-1.0
axes: {}
rule:
  ratio: 2/3
  of: cast
  compare: at-least
  quorum:
    ratio: 1/2
    compare: more-than
"""


def newsrepo(where: Path, *args: str, typed: str | None = None) -> Result:
    """Run one command in this process; a traceback fails the test."""
    result = CliRunner().invoke(app, ["-C", str(where), *args], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def make_keys(folder: Path, *names: str) -> None:
    for name in names:
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)], check=True
        )


def public(keys: Path, name: str) -> str:
    """A member's public key without its comment."""
    kind, text, *_ = (keys / f"{name}.pub").read_text().split(" ")
    return f"{kind} {text}"


def roll(keys: Path, votes: Mapping[str, int]) -> str:
    """A roll in which each has these votes and its own key."""
    lines = ["voters:"]
    for name, number in votes.items():
        lines += [f"  - voter: {name}", f"    votes: {number}", "    keys:", f"      - {public(keys, name)}"]
    return "\n".join(lines) + "\n"


class Desk:
    """One clone, and the keys of everybody who may sit down at it."""

    def __init__(self, root: Path, keys: Path) -> None:
        self.root = root
        self.keys = keys

    def copy(self, root: Path) -> "Desk":
        shutil.copytree(self.root, root, symlinks=True)
        return Desk(root, self.keys)

    def say(self, *args: str, code: int = 0, typed: str | None = None, day: str = "2026-06-03") -> Result:
        """Run ``newsrepo statement …`` on a day; its exit code must be this one."""
        result = newsrepo(self.root, "--today", day, "statement", *args, typed=typed)
        assert result.exit_code == code, result.output
        return result

    def sign(
        self, who: str, verb: str, *args: str, key: str = "", code: int = 0, day: str = "2026-06-03"
    ) -> Result:
        """Run a verb that signs, as somebody, with their key."""
        path = str(self.keys / (key or who))
        return self.say(verb, *args, "--as", who, "--key", path, "--yes", code=code, day=day)

    def json(self, *args: str, code: int | None = None) -> dict[str, Any]:
        result = newsrepo(self.root, "statement", *args, "--json")
        if code is not None:
            assert result.exit_code == code, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        return found

    def tally(self, name: str = ID) -> dict[str, Any]:
        return self.json("tally", name)

    def open(self, name: str = ID, who: str = "abc") -> None:
        self.sign(who, "open", name, "--opens", "2026-06-01", "--closes", "2026-06-10")

    def vote(self, choices: Mapping[str, str], name: str = ID) -> None:
        for who, choice in choices.items():
            self.sign(who, "vote", name, choice)

    def close(self, name: str = ID, by: tuple[str, ...] = ("abc", "lmn")) -> None:
        """Two rounds in which all of them saw everything."""
        for _ in (1, 2):
            for who in by:
                self.sign(who, "close", name, day="2026-06-11")

    def commit(self, message: str = "A change") -> str:
        return commit_all(self.root, message)

    def propose(self, name: str = ID, *more: str) -> None:
        who, _, slug = name.partition("/")
        self.say("new", "--title", f"Of {slug}", "--slug", slug, "--text", TEXT, "--as", who, *more)


def found(root: Path, keys: Path, votes: Mapping[str, int], charter: str = CHARTER) -> Desk:
    """A new commons with these voters, its genesis pinned, and one statement proposed."""
    root.mkdir(parents=True)
    run_git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    put(root, {"newsrepo.yaml": charter, "statements/roll.yaml": roll(keys, votes)})
    put(root, {f"contingents/{name}.yaml": f"name: The {name} press\n" for name in votes})
    run_git(root, "config", "newsrepo.contingent", "abc")
    assert newsrepo(root, "init", "--pin").exit_code == 0
    desk = Desk(root, keys)
    desk.propose()
    desk.commit("A commons")
    return desk


def fork(desk: Desk, who: str, base: Path) -> Desk:
    """A bare home and a clone of it, in which somebody works."""
    home, work = base / f"{who}.git", base / who
    run_git(base, "clone", "--quiet", "--bare", str(desk.root), str(home))
    run_git(base, "clone", "--quiet", str(home), str(work))
    genesis = run_git(desk.root, "config", "newsrepo.genesis")
    run_git(work, "config", "newsrepo.genesis", genesis)
    run_git(work, "config", "newsrepo.contingent", who)
    return Desk(work, desk.keys)


def publish(desk: Desk) -> None:
    desk.commit()
    run_git(desk.root, "push", "--quiet", "origin", "HEAD:main")


def sync(desk: Desk) -> None:
    done = newsrepo(desk.root, "sync", "--allow-local", "--json", "--timeout", "20")
    assert done.exit_code == 0, done.output
