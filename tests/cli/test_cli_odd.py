"""Odd arguments and odd surroundings end in a sentence, never in a traceback or a half-written file."""

import os
import resource
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_cli_look import newsrepo
from tests.conftest import run_git

ID = "abc/2026/dock-strike"
ODD = [
    "",
    " ",
    "-",
    "--",
    ".",
    "..",
    "/",
    "\udcff",
    "a\udcffb",
    "\x1b[2J",
    "\u202e",
    "\ufdd0",
    "é",
    "\N{MATHEMATICAL SCRIPT CAPITAL X}" * 300,
    "a" * 5000,
    "%s{}",
    "~",
]
WHERE = {
    "find": ["find", "--", "?"],
    "find filter": ["find", "--filter=?"],
    "find at": ["find", "--at=?"],
    "find by": ["find", "--", "by:?"],
    "find text": ["find", "--", "'?'"],
    "show": ["show", "--", "?"],
    "show version": ["show", f"{ID}@?"],
    "show kind": ["show", "comment:?"],
    "check": ["check", "--", "?"],
    "check at": ["check", "--at=?"],
    "build": ["build", "--", "?"],
    "serve": ["serve", "--", "?"],
    "rate": ["rate", "--rater=ann", "--", "?", "newsworthy=1"],
    "rate axis": ["rate", "--rater=ann", "--", ID, "?=1"],
    "rate value": ["rate", "--rater=ann", "--", ID, "newsworthy=?"],
    "rate note": ["rate", "--rater=ann", ID, "newsworthy=1", "--note=?"],
    "rate rater": ["rate", "--rater=?", ID, "newsworthy=1"],
    "article title": ["new", "article", "--title=?", "--slug=x"],
    "article slug": ["new", "article", "--title=T", "--slug=?"],
    "article author": ["new", "article", "--title=T", "--author=?"],
    "article text": ["new", "article", "--title=T", "--text=?"],
    "article place": ["new", "article", "--title=T", "--place=?"],
    "article licence": ["new", "article", "--title=T", "--license=?"],
    "article body": ["new", "article", "--title=T", "--body=?"],
    "comment on": ["new", "comment", "--text=x", "--on=?"],
    "comment reply": ["new", "comment", "--text=x", f"--on={ID}", "--reply-to=?"],
    "comment kind": ["new", "comment", "--text=x", f"--on={ID}", "--kind=?"],
    "contingent": ["new", "contingent", "--name=N", "--", "?"],
    "contingent home": ["new", "contingent", "lmn", "--name=N", "--home=?"],
    "filter": ["new", "filter", "--title=T", "--", "?"],
    "filter trust": ["new", "filter", "x", "--title=T", "--trust=?"],
    "filter select": ["new", "filter", "x", "--title=T", "--select=?"],
    "import": ["import", "markdown", "--", "?/none"],
    "import url": ["import", "markdown", ".", "--dry-run", "--url=?", "--license=CC0-1.0"],
    "as": ["--as=?", "new", "article", "--title=T"],
    "today": ["--today=?", "find"],
    "directory": ["-C", "?/none", "find"],
}


@pytest.mark.parametrize("where", WHERE)
def test_odd_arguments(
    commons: Path, tmp_path: Path, run: Run, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nothing").mkdir()
    monkeypatch.chdir(tmp_path / "nothing")
    for odd in ODD:
        if where == "import url" and odd in (".", "..", "/"):
            continue
        args = [part.replace("?", odd) for part in WHERE[where]]
        result = run(*args, cwd=commons)
        assert result.exit_code in (0, 1, 2, 3), (args, result.output)
        assert not {"\x1b", "\u202e", "\ufdd0"} & set(result.output), args
        if result.exit_code > 1:
            assert result.stderr.startswith(("error: ", "Usage: ")), args
    assert run_git(commons, "diff", "HEAD", "--stat") == ""


@pytest.mark.parametrize("limit", [0, 100])
def test_a_full_disk_leaves_the_old_file(commons: Path, run: Run, limit: int) -> None:
    def starved() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    args = ("rate", ID, "newsworthy=4", "--rater", "ann", "--today", "2026-05-10")
    assert run(*args, cwd=commons).exit_code == 0
    month = commons / "ratings/abc/ann/2026-05.yaml"
    before = month.read_bytes()
    again = newsrepo("-C", str(commons), "rate", ID, "accurate=1", "--rater", "ann", "--today", "2026-05-10")
    done = subprocess.run(again, preexec_fn=starved, check=False, capture_output=True)
    assert done.returncode == 3, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"error: " in done.stderr
    assert month.read_bytes() == before
    assert [p.name for p in month.parent.iterdir()] == ["2026-05.yaml"]


def test_a_directory_that_went_away(commons: Path) -> None:
    gone = commons.parent / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"', str(gone), *newsrepo("check")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_without_a_home(commons: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k != "HOME"}
    done = subprocess.run(
        newsrepo("-C", str(commons), "build", "abc/daily"), env=env, check=False, capture_output=True
    )
    assert done.returncode == 0
