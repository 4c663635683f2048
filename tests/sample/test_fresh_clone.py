"""What a reader finds who has just cloned the sample, without its history: the votes verify with the product."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from hermetic import commit_all, run_git
from test_sample_votes import ADMITTED, CARRIED, GENESIS, OPEN, SHORT

from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = tmp_path / "commons"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    return root


def newsrepo(where: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sysconfig.get_path("scripts")) / "newsrepo", "-C", where, *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_pinned_checked_and_counted(clone: Path) -> None:
    before = newsrepo(clone, "build", "lamp/daily")
    assert before.returncode == 0, before.stderr
    assert "uncounted-votes" in before.stderr
    assert not (clone / "site/lamp/daily/statements").exists()

    pinned = newsrepo(clone, "init", "--pin")
    assert pinned.stdout.strip() == GENESIS, pinned.stderr
    assert "all is well" in newsrepo(clone, "check").stderr
    counted = newsrepo(clone, "statement", "list").stdout
    for name in (ADMITTED, CARRIED, SHORT, OPEN):
        assert name.removeprefix("statement:") in counted
    assert "not carried: 5 of 8 cast, 5 x 3 < 2 x 8 (6 needed)" in counted

    after = newsrepo(clone, "build", "lamp/daily")
    assert "uncounted-votes" not in after.stderr
    printed = {p.name for p in (clone / "site/lamp/daily/statements").rglob("*.html")}
    assert printed == {
        "index.html",
        "a-vote-for-the-translators.html",
        "no-name-left-out.html",
        "not-past-a-picket.html",
    }
    assert "nothing to do" in newsrepo(clone, "build", "lamp/daily").stderr

    run_git(clone, "config", "--unset", "newsrepo.genesis")
    assert newsrepo(clone, "build", "lamp/daily").returncode == 0
    assert not (clone / "site/lamp/daily/statements/index.html").exists()
