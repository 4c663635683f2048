"""What every test has: hermetic git, and repositories made quickly."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

# Of numpy, before anything loads it: for tables as small as tests' several threads only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
