"""The wheel alone, in an empty environment, starts a commons and publishes it."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def call(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") and k != "VIRTUAL_ENV"}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_pages_about_rules(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    pages = {path.name for path in (PROJECT / "docs" / "rules").iterdir()}
    assert {Path(n).name for n in names if n.startswith("newsrepo/_rules/")} == pages


def test_the_wheel_holds_the_package_and_its_theme(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    theme = {path.name for path in (PROJECT / "templates").iterdir()}
    assert {Path(n).name for n in names if n.startswith("newsrepo/_templates/")} == theme
    assert "newsrepo/py.typed" in names
    assert not [n for n in names if not re.match(r"newsrepo(-[^/]+\.dist-info)?/", n)]


def test_the_wheel_holds_what_a_commons_ships_for_its_forge(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = PROJECT / "newsrepo" / "_forge"
    wanted = {str(path.relative_to(PROJECT)) for path in shipped.rglob("*") if path.is_file()}
    assert {n for n in names if n.startswith("newsrepo/_forge/")} == wanted
    assert "newsrepo/_forge/gitlab/gitlab-ci.yml" in wanted


def test_the_wheel_alone_can_start_and_build(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "env"
    venv.create(home, with_pip=True, symlinks=True)
    pins = tmp_path / "constraints.txt"
    lock = (PROJECT / "requirements.lock").read_text()
    pins.write_text("\n".join(re.findall(r"^[A-Za-z0-9._-]+==[^\\\n]+", lock, re.MULTILINE)) + "\n")
    done = call(home / "bin/pip", "install", "--quiet", "-c", pins, wheel, cwd=tmp_path)
    if done.returncode and re.search(
        r"connection|resolve host|Temporary failure|timed out", done.stderr, re.IGNORECASE
    ):
        pytest.skip("no package registry can be reached from here")
    assert done.returncode == 0, done.stderr
    news = tmp_path / "news"
    tool = home / "bin/newsrepo"
    steps: list[tuple[str | Path, ...]] = [
        (tool, "init", ".", "--name", "Harbour Commons", "--contingent", "abc", "--contingent-name", "ABC"),
        (tool, "init", "--forge", "github", "--host", "ann"),
        (tool, "new", "article", "--title", "First light", "--body", tmp_path / "body.md"),
        ("git", "add", "-A"),
        ("git", "commit", "-q", "-m", "Start"),
        (tool, "check"),
        (tool, "explain", "derivation-cycle"),
        (tool, "build", "--all", "-o", tmp_path / "site"),
    ]
    news.mkdir()
    (tmp_path / "body.md").write_text("The lamp was lit.\n")
    for step in steps:
        done = call(*step, cwd=news)
        assert done.returncode == 0, (step, done.stdout, done.stderr)
    assert "Harbour Commons" in (tmp_path / "site/index.html").read_text()
    front = (tmp_path / "site/abc/daily/index.html").read_text()
    assert "The ABC contingent of Harbour Commons" in front
