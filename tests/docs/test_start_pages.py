"""What the start pages (and how to leave) tell to type prints what they say; UPDATE_GOLDENS=1 writes it anew.

A page is played from top to bottom in a folder of its own: a fence with a file name is written as that file, a
``console`` fence is typed line by line. ``newsrepo`` runs in this process, which is quicker than one for each line.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app
from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"
DAY = "2026-11-20"
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)$", re.MULTILINE)
_VARYING = re.compile(
    r"\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}\b|SHA256:[\w+/]{43}|(?<=list )[0-9a-f]{12}\b|\b\d+ (?=pages|files|written)"
)
"""Ids of commits, fingerprints of keys, hashes of what holds them; how many pages an edition has."""


def same(told: str, real: str) -> bool:
    """What the page tells is what is printed: ids aside, and a line ``…`` stands for any lines."""
    parts = _VARYING.sub("#", told).split("\n…\n")
    return bool(re.fullmatch("\n(?:.*\n)*?".join(map(re.escape, parts)), _VARYING.sub("#", real)))


class Play:
    """One page, typed in a folder of its own."""

    def __init__(self, page: Path, base: Path, where: Path) -> None:
        self.page, self.base, self.where = page, base, where

    def run(self) -> None:
        text = self.page.read_text("utf-8")
        written, at, commands = "", 0, 0
        for fence in _FENCE.finditer(text):
            kind, name, body = fence.groups()
            if kind == "console":
                commands += 1
                said = (
                    "".join(f"{self._typed(command)}\n" for command in _COMMAND.findall(body)).rstrip() + "\n"
                )
                if not same(body, said):
                    assert os.environ.get("UPDATE_GOLDENS"), (
                        f"{self.page.name} has:\n{body}\nbut it is:\n{said}"
                    )
                    written += text[at : fence.start(3)] + said
                    at = fence.end(3)
            elif name:
                put(self.where, {name: body})
        assert commands
        if written:
            self.page.write_text(written + text[at:], encoding="utf-8")

    def _typed(self, command: str) -> str:
        """The line, and what is printed after it. Nobody is here to be asked, so what asks is told ``--yes``."""
        words = [os.path.expanduser(word) for word in shlex.split(command.replace("\\\n", " "))]
        os.chdir(self.where)
        if words[0] == "cd":
            self.where = (self.where / words[1]).resolve()
            return f"$ {command}"
        if words[0] == "newsrepo":
            done = CliRunner().invoke(app, ["--today", DAY, *words[1:], *["--yes"] * ("close" in words)])
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            said = done.output
        else:
            said = subprocess.run(
                words, cwd=self.where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
            ).stdout
        said = said.replace(str(self.base), "/home/ann").expandtabs(1).rstrip()
        return f"$ {command}\n{said}\n" if said else f"$ {command}"


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a page is played: nobody's settings, every commit of one day, ``https://codeberg.org/`` a folder."""
    for name in (
        "NEWSREPO_CONTINGENT",
        "NEWSREPO_RATER",
        "GITHUB_ACTIONS",
        "EDITOR",
        "VISUAL",
        "SSH_AUTH_SOCK",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "HOME": str(tmp_path),
        "GIT_AUTHOR_DATE": f"{DAY}T08:00:00Z",
        "GIT_COMMITTER_DATE": f"{DAY}T08:00:00Z",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path.as_uri()}/forge/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://codeberg.org/",
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def harbour(base: Path) -> Path:
    """A new commons of one contingent, committed."""
    root = base / "news"
    done = CliRunner().invoke(
        app,
        [
            "init",
            str(root),
            "--name",
            "Harbour Commons",
            "--contingent",
            "abc",
            "--contingent-name",
            "ABC Press",
        ],
    )
    assert done.exit_code == 0, done.output
    commit_all(root, "Start the commons")
    return root


def contributors(base: Path) -> Path:
    """The branch in which somebody's forge proposes a change."""
    root = harbour(base)
    run_git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    return root


def contingents(base: Path) -> Path:
    """A fork of a commons, on a forge; and an old site."""
    root = harbour(base)
    (base / "forge/lmn").mkdir(parents=True)
    run_git(base, "clone", "-q", "--bare", str(root), "forge/lmn/news.git")
    put(
        base / "old-site",
        {"_posts/2016-04-01-cranes.md": "---\ntitle: The cranes\nauthor: Lea Moor\n---\nThey stand still.\n"},
    )
    shutil.rmtree(root)
    return base


def editors(base: Path) -> Path:
    """The sample commons."""
    root = base / "newsrepo"
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    run_git(root, "config", "newsrepo.contingent", "lamp")
    return root


def publishers(base: Path) -> Path:
    """An empty folder."""
    return base


def tellers(base: Path) -> Path:
    """A commons of two voters, who are tellers both; one vote is open, and both have voted."""
    root = harbour(base)
    (base / ".ssh").mkdir()
    for who in ("abc", "lmn"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", base / f".ssh/{who}"], check=True
        )
    voters = "".join(
        f"- {{voter: {who}, votes: 1, keys: [{(base / f'.ssh/{who}.pub').read_text().strip()}]}}\n"
        for who in ("abc", "lmn")
    )
    put(
        root,
        {"statements/roll.yaml": f"voters:\n{voters}", "contingents/lmn.yaml": "name: LMN of the docks\n"},
    )
    (base / "peace.md").write_text("Let the ships in.\n")
    peace = "abc/peace-in-the-port"
    for *words, key in (
        ["init", "--pin", ""],
        ["statement", "new", "--title", "Peace in the port", "--body", str(base / "peace.md"), ""],
        ["statement", "open", peace, "--closes", "2026-06-30", "abc"],
        ["statement", "vote", peace, "yes", "abc"],
        ["--as", "lmn", "statement", "vote", peace, "yes", "lmn"],
    ):
        signed = ["--yes", "--key", str(base / f".ssh/{key}")] if key else []
        done = CliRunner().invoke(app, ["-C", str(root), "--today", "2026-06-20", *words, *signed])
        assert done.exit_code == 0, done.output
    commit_all(root, "A vote")
    return root


def leaving(base: Path) -> Path:
    """A commons with an article in it."""
    root = harbour(base)
    article = ["new", "article", "--title", "The cranes move again", "--text", "They had stood still."]
    done = CliRunner().invoke(app, ["-C", str(root), "--today", DAY, *article])
    assert done.exit_code == 0, done.output
    commit_all(root, "A story")
    return root


PLAYED = {
    "start/contributors": contributors,
    "start/contingents": contingents,
    "start/editors": editors,
    "start/publishers": publishers,
    "start/tellers": tellers,
    "leaving": leaving,
}


@pytest.mark.parametrize("page", PLAYED)
def test_a_page_is_true(page: str, base: Path) -> None:
    if page == "start/tellers" and shutil.which("ssh-keygen") is None:
        pytest.skip("needs ssh-keygen")
    Play(DOCS / f"{page}.md", base, PLAYED[page](base)).run()


def test_lines_may_be_left_out_and_nothing_else() -> None:
    assert same("a\n…\nd\n", "a\nb\nc\nd\n")
    assert same("a 3f2a9c1d\n", "a 77d0c2b1\n")
    assert not same("a\n…\nd\n", "a\nb\nc\n")
    assert not same("a\nb\n", "a\nb\nc\n")


def test_every_start_page_is_played() -> None:
    assert {f"start/{path.stem}" for path in DOCS.glob("start/*.md")} == set(PLAYED) - {"leaving"}
