"""Hermetic git for every test: no configuration but ours, one person, fixed dates: ids never change."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

GIT_ENV = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ann Author",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": "2026-05-01T08:00:00+00:00",
    "GIT_COMMITTER_NAME": "Ann Author",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_COMMITTER_DATE": "2026-05-01T08:00:00+00:00",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "C",
    "TZ": "UTC",
}

for _name in [
    n for n in os.environ if n.startswith(("GIT_", "NEWSREPO_")) and not n.startswith("NEWSREPO_TEST_")
]:
    del os.environ[_name]
os.environ.update(GIT_ENV)
time.tzset()


def run_git(where: Path, *args: str, data: bytes | None = None, **env: str) -> str:
    """Run git for a test and give what it prints, without the last line end."""
    done = subprocess.run(
        ["git", "-c", "commit.gpgsign=false", "-c", "gc.auto=0", *args],
        cwd=where,
        input=data,
        capture_output=True,
        env={**os.environ, **env},
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise AssertionError(f"git {' '.join(args)}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


def put(root: Path, files: Mapping[str, bytes | str]) -> None:
    """Write files below ``root``, making folders as needed."""
    for path, data in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)


def commit_all(root: Path, message: str = "A change", **env: str) -> str:
    """Commit everything below ``root``; gives the commit's id."""
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--allow-empty", "-m", message, **env)
    return run_git(root, "rev-parse", "HEAD")


@pytest.fixture(scope="session")
def empty_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository without a commit; copy it, do not write to it."""
    root = tmp_path_factory.mktemp("empty") / "repo"
    root.mkdir()
    run_git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    return root


@pytest.fixture
def make_repo(empty_repository: Path, tmp_path: Path) -> Callable[..., Path]:
    """``make_repo({path: text})`` gives the root of a new repository with these files committed.

    With ``commit=False`` they only lie there; ``name`` tells several in one test apart.
    """

    def make(
        files: Mapping[str, bytes | str] | None = None, *, name: str = "repo", commit: bool = True
    ) -> Path:
        root = tmp_path / name
        shutil.copytree(empty_repository, root, symlinks=True)
        put(root, files or {})
        if commit:
            commit_all(root)
        return root

    return make


@pytest.fixture(autouse=True)
def _same_surroundings() -> Iterator[None]:
    """A test that changes the environment or the folder for itself does not change it for the next."""
    before, where = dict(os.environ), os.getcwd()
    yield
    if os.getcwd() != where:
        os.chdir(where)
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)
