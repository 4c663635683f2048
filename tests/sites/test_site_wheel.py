"""The wheel alone, in an empty environment, starts a commons and publishes it."""

import re
import venv
from pathlib import Path

import pytest
from wheels import PROJECT, build_wheel, call


def test_the_wheel_alone_can_start_and_build(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path)
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
