"""Newcomers, from nothing but the docs, end to end: a contingent that forks, and one with git who submits.

The one without git is in test_site_editor.py; the editor at the desk is in tests/desk.
"""

import os
import re
import shlex
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from playing import DAY, DOCS, Play, contingents, surroundings
from site_support import NEWSREPO, run


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in surroundings(tmp_path).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return tmp_path


def scripted(
    clone: Path, workflow: str, job: str, step: str, **env: str
) -> "subprocess.CompletedProcess[str]":
    """One step of a workflow of the clone's own, run as a runner would, by the newsrepo that is tested."""
    whole = yaml.safe_load((clone / f".github/workflows/{workflow}.yml").read_text("utf-8"))
    (found,) = [each for each in whole["jobs"][job]["steps"] if each.get("name") == step]
    tools = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", found["run"]],
        cwd=clone,
        env={**os.environ, "RUNNER_TEMP": str(clone.parent / "temp"), "PATH": tools, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_contingent_forks_brings_its_site_and_publishes_by_ci(base: Path, chromium: str) -> None:
    Play(DOCS / "start/contingents.md", base, contingents(base)).run()
    runner = base / "runner"
    subprocess.run(
        ["git", "clone", "-q", "-b", "main", "https://github.com/lmn/news", runner], cwd=base, check=True
    )
    done = scripted(runner, "pages", "build", "Build")
    assert done.returncode == 0, done.stderr
    edition = base / "temp/site/lmn/daily"
    front = (edition / "index.html").read_text("utf-8")
    assert "The cranes stand still" in front
    assert "The last ferry goes at nine" in front
    brought = (edition / "articles/lmn/2016/cranes.html").read_text("utf-8")
    assert "Lea Moor" in brought
    assert "Not one." in brought
    picture = base / "front.png"
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--hide-scrollbars", "--window-size=900,720", f"--screenshot={picture}", (edition / "index.html").as_uri()],
        check=True,
        capture_output=True,
        timeout=60,
    )  # fmt: skip
    assert picture.stat().st_size > 10_000
    if os.environ.get("UPDATE_GOLDENS"):
        (DOCS / "pictures/start-contingent.png").write_bytes(picture.read_bytes())


def test_one_with_git_submits_and_the_forge_checks_it(base: Path) -> None:
    """What docs/submit.md says to type, and then the check that the forge runs on what was asked for."""
    page = (DOCS / "submit.md").read_text("utf-8")
    told = re.search(r"\$ newsrepo (submit .+)\n  (\S+)\n(committed .+)\n", page)
    assert told
    command, path, committed = told.groups()
    run(NEWSREPO, "init", "first", "--name", "Harbour Commons", "--contingent", "abc", "--contingent-name", "ABC",
        "--home", "https://github.com/harbour/news", "--forge", "github", "--host", "ann", cwd=base)  # fmt: skip
    run("git", "add", ".", cwd=base / "first")
    run("git", "commit", "-q", "-m", "Start the commons", cwd=base / "first")
    run("git", "clone", "-q", "--bare", "first", "up.git", cwd=base)
    run("git", "clone", "-q", "up.git", "news", cwd=base)
    news = base / "news"
    for name, value in {
        "newsrepo.contingent": "abc",
        "user.name": "Ann",
        "user.email": "ann@example.org",
    }.items():
        run("git", "config", name, value, cwd=news)
    run(
        NEWSREPO,
        "--today",
        DAY,
        "new",
        "article",
        "--title",
        "Dock strike",
        "--text",
        "The gates are shut.",
        cwd=news,
    )
    said = subprocess.run(
        [NEWSREPO, *shlex.split(command), "--allow-local"],
        cwd=news,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stdout
    assert f"  {path}\n{committed}\npushed to " in said.stdout
    branch = committed.split()[-1]
    runner = base / "runner"
    run("git", "clone", "-q", "up.git", "runner", cwd=base)
    run("git", "merge", "-q", "--no-ff", "-m", "A request", f"origin/{branch}", cwd=runner)
    env = {"BASE": "HEAD^1", "AUTHOR": "https://github.com/ann"}
    checked = scripted(runner, "check", "check", "Check", **env)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    stranger = scripted(runner, "check", "check", "Check", **{**env, "AUTHOR": "https://github.com/zoe"})
    assert stranger.returncode == 1
    assert "edited-elsewhere" in stranger.stdout
