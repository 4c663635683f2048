"""A small commons in a real, hermetic repository, and a way to run the command line in this process."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app
from tests.conftest import commit_all, put

STRIKE = """\
---
title: The dock strike ends
date: 2026-05-03
authors:
  - name: Ann Lee
lang: en
summary: After nine days the cranes move again.
topics:
  - labour
places:
  - Harbour Quay
license: CC0-1.0
---
The cranes moved again on Sunday.

They had stood still for nine days.
"""


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NEWSREPO_CONTINGENT", "NEWSREPO_RATER", "NO_COLOR", "GITHUB_ACTIONS", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Run one command in this process: ``run("check", "--json", cwd=path)``."""

    def call(*args: str, cwd: Path | None = None, typed: str | None = None) -> Result:
        where = ["-C", str(cwd)] if cwd else []
        result = CliRunner().invoke(app, [*where, *args], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def empty(tmp_path: Path, run: Run) -> Path:
    """A new commons, not committed yet."""
    root = tmp_path / "commons"
    result = run(
        "init", str(root), "--name", "Harbour commons", "--contingent", "abc", "--contingent-name", "ABC"
    )
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def commons(empty: Path) -> Path:
    """A commons with one article, committed on 2026-05-10."""
    put(empty, {"articles/abc/2026/dock-strike/index.md": STRIKE})
    commit_all(empty, GIT_COMMITTER_DATE="2026-05-10T12:00:00Z")
    return empty
