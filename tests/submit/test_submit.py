"""Submitting: one's own changes alone are checked, committed and pushed; whatever else there is stays."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import run_git
from support import CHARTER, article
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app
from newsrepo.errors import UnableError
from newsrepo.gitstore.committing import Signer, commit
from newsrepo.gitstore.repository import Repository
from newsrepo.ids import Oid
from tests.conftest import put

MINE = "articles/abc/2026/dock-strike/index.md"
THEIRS = "articles/lmn/2026/port/index.md"
LICENSED = "authors: [Ann Lee]\nlicense: CC0-1.0\n"


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NEWSREPO_CONTINGENT", "NEWSREPO_RATER", "NO_COLOR", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def clone(make_repo: Callable[..., Path], tmp_path: Path) -> Path:
    """ABC's clone of a commons, which knows whose it is and who commits; what it pushes to is ``up.git``."""
    first = make_repo(
        {
            "newsrepo.yaml": CHARTER,
            "contingents/abc.yaml": "name: ABC\n",
            "contingents/lmn.yaml": "name: LMN\n",
            MINE: article("The dock strike ends", more=LICENSED),
            THEIRS: article("The port", more=LICENSED),
            "README.md": "Read me.\n",
        },
        name="first",
    )
    run_git(tmp_path, "clone", "--quiet", "--bare", str(first), "up.git")
    run_git(tmp_path, "clone", "--quiet", "up.git", "clone")
    root = tmp_path / "clone"
    for key, value in (
        ("user.name", "Ann Author"),
        ("user.email", "ann@example.org"),
        ("newsrepo.contingent", "abc"),
    ):
        run_git(root, "config", key, value)
    return root


def run(where: Path, *args: str) -> Result:
    result = CliRunner().invoke(app, ["-C", str(where), "--today", "2026-05-04", "submit", *args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def told(where: Path, *args: str) -> dict:
    result = run(where, *args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_only_what_is_mine_is_committed_on_a_new_branch_and_pushed(clone: Path, tmp_path: Path) -> None:
    put(
        clone,
        {
            MINE: article("The dock strike goes on", more=LICENSED),
            "articles/abc/2026/lamp/index.md": article("The lamp is lit", more=LICENSED),
            THEIRS: article("The port is ours", more=LICENSED),
            "README.md": "Read them.\n",
        },
    )
    run_git(clone, "add", THEIRS)
    hook = clone / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ../ran\nexit 1\n")
    hook.chmod(0o755)
    done = told(clone, "--allow-local", "-m", "Tell how it goes on\n\nAt length.")
    assert done["files"] == [MINE, "articles/abc/2026/lamp/index.md"]
    assert (done["branch"], done["pushed"], done["left_alone"]) == ("abc/tell-how-it-goes-on", True, 1)
    up = tmp_path / "up.git"
    assert run_git(up, "rev-parse", "refs/heads/abc/tell-how-it-goes-on") == done["commit"]
    changed = run_git(up, "diff-tree", "-r", "--name-status", "main", done["commit"]).splitlines()
    assert changed == [f"M\t{MINE}", "A\tarticles/abc/2026/lamp/index.md"]
    assert run_git(clone, "log", "-1", "--format=%an <%ae> %B") == (
        "Ann Author <ann@example.org> Tell how it goes on\n\nAt length.\n"
    )
    # What is not mine is as it was, staged or not; nothing of mine is left over.
    assert run_git(clone, "status", "--short").splitlines() == [" M README.md", f"M  {THEIRS}"]
    assert run_git(clone, "symbolic-ref", "HEAD") == "refs/heads/abc/tell-how-it-goes-on"
    assert run_git(clone, "for-each-ref", "refs/newsrepo") == ""
    assert not (tmp_path / "ran").exists()
    # The next one is added to the same branch, and an unchanged clone only pushes.
    put(clone, {"articles/abc/2026/lamp/index.md": article("The lamp is out", more=LICENSED)})
    again = told(clone, "--allow-local")
    assert again["branch"] == done["branch"]
    assert run_git(up, "log", "--format=%s", f"main..{again['branch']}").splitlines() == [
        "Submit 1 article",
        "Tell how it goes on",
    ]
    only_pushed = told(clone, "--allow-local")
    assert only_pushed["files"] == []
    # What it asks for by mail is all that the branch has of mine, since it parted from everybody's.
    main = run_git(clone, "rev-parse", "origin/main")
    request = only_pushed["request"].splitlines()
    assert request[0] == f"The following changes since commit {main}:"
    assert "  Submit 2 articles" in request
    assert request[-2:] == [f"  {MINE}", "  articles/abc/2026/lamp/index.md"]


def test_an_error_stops_it_before_anything_is_committed(clone: Path) -> None:
    put(clone, {MINE: article("The dock strike goes on", more="licence: CC0-1.0\n")})
    head = run_git(clone, "rev-parse", "HEAD")
    done = run(clone)
    assert done.exit_code == 1
    assert "unknown-key" in done.stdout
    assert "nothing was committed" in done.stderr
    assert "git does not forget" in done.stderr
    assert run_git(clone, "rev-parse", "HEAD", "main") == f"{head}\n{head}"
    assert run_git(clone, "status", "--short") == f" M {MINE}"


def test_a_dry_run_writes_nothing(clone: Path) -> None:
    put(clone, {MINE: article("The dock strike goes on", more=LICENSED)})
    before = sorted(run_git(clone, "for-each-ref").splitlines())
    done = told(clone, "--dry-run")
    assert (done["files"], done["commit"], done["branch"]) == ([MINE], None, "abc/dock-strike")
    assert sorted(run_git(clone, "for-each-ref").splitlines()) == before
    assert run_git(clone, "status", "--short") == f" M {MINE}"


def test_what_cannot_be_done_says_the_way_out(clone: Path) -> None:
    nothing = run(clone)
    assert (nothing.exit_code, "nothing of abc differs" in nothing.stderr) == (2, True), nothing.stderr
    put(clone, {MINE: article("The dock strike goes on", more=LICENSED)})
    for args, code, fact in (
        (["--remote", "nobody"], 2, "there is no remote called 'nobody'"),
        (["--branch", "--force"], 2, "not a branch"),
        (["--branch", "a b"], 2, "not a branch"),
    ):
        done = run(clone, *args)
        assert (done.exit_code, fact in done.stderr) == (code, True), done.output
    run_git(clone, "branch", "other")
    assert run(clone, "--branch", "other").exit_code == 2
    (clone / ".git/MERGE_HEAD").write_text("0" * 40)
    done = run(clone)
    assert (done.exit_code, "MERGE_HEAD" in done.stderr) == (3, True)
    (clone / ".git/MERGE_HEAD").unlink()
    run_git(clone, "config", "--unset", "user.email")
    done = run(clone)
    assert (done.exit_code, "git does not know your email" in done.stderr) == (3, True)
    run_git(clone, "config", "user.email", "ann@example.org")
    # A folder of this machine is no remote unless one says so; the commit is made, and is kept.
    done = run(clone)
    assert (done.exit_code, "Traceback" in done.output) == (2, False)
    assert run_git(clone, "log", "-1", "--format=%s") == "Submit 1 article"


def test_a_branch_that_somebody_else_moved_is_not_overwritten(clone: Path, tmp_path: Path) -> None:
    up = tmp_path / "up.git"
    put(clone, {MINE: article("The dock strike goes on", more=LICENSED)})
    first = told(clone, "--allow-local", "--branch", "mine")
    other = run_git(clone, "commit-tree", "HEAD^{tree}", "-p", "main", "-m", "Another")
    run_git(clone, "push", "--quiet", "--force", "--no-verify", str(up), f"{other}:refs/heads/mine")
    put(clone, {MINE: article("The dock strike ends again", more=LICENSED)})
    done = run(clone, "--allow-local")
    assert done.exit_code == 1, done.output
    assert "something on it that you do not have" in done.stderr
    assert run_git(up, "rev-parse", "mine") == other != first["commit"]
    assert run_git(clone, "status", "--short") == ""


def test_a_file_that_changes_meanwhile_is_not_committed_unchecked(clone: Path) -> None:
    repository = Repository.discover(clone)
    with pytest.raises(UnableError, match="became another"):
        commit(repository, {MINE: Oid("1" * 40)}, "main", "x", Signer("Ann", "ann@example.org"), 0)
    assert run_git(clone, "status", "--short") == ""


def test_a_removed_file_goes_and_its_deletion_is_staged_nowhere(clone: Path) -> None:
    path = "filters/abc/daily.yaml"
    put(clone, {path: "title: Daily\nselect: ''\n"})
    told(clone, "--allow-local", "--branch", "mine")
    (clone / path).unlink()
    done = told(clone, "--allow-local")
    assert done["files"] == [path]
    assert path not in run_git(clone, "ls-tree", "-r", "--name-only", "HEAD")
    assert run_git(clone, "status", "--short") == ""
