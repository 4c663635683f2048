"""A contingent from nothing but its start page: fork, WordPress site, own edition as the forge's workflow builds it."""

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest
import yaml
from playing import DOCS, Play, contingents, surroundings


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in surroundings(tmp_path).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return tmp_path


def test_a_contingent_forks_brings_its_site_and_publishes_by_ci(base: Path, chromium: str) -> None:
    Play(DOCS / "start/contingents.md", base, contingents(base)).run()
    runner = base / "runner"
    subprocess.run(
        ["git", "clone", "-q", "-b", "main", "https://github.com/lmn/news", runner], cwd=base, check=True
    )
    workflow = yaml.safe_load((runner / ".github/workflows/pages.yml").read_text("utf-8"))
    (build,) = [step for step in workflow["jobs"]["build"]["steps"] if step.get("name") == "Build"]
    tools = f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", build["run"]],
        cwd=runner,
        env={**os.environ, "RUNNER_TEMP": str(base / "temp"), "PATH": tools},
        capture_output=True,
        text=True,
        check=False,
    )
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
