"""A sound commons, committed once and copied for each test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bad_input_desk import Content, clone_of, lay, sound
from hermetic import commit_all, put


@pytest.fixture(scope="session")
def base(empty_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sound commons; copy it, do not write to it."""
    root = clone_of(empty_repository, tmp_path_factory.mktemp("base") / "repo")
    put(root, sound())
    commit_all(root)
    return root


@pytest.fixture
def commons(base: Path, tmp_path: Path) -> Path:
    """A sound commons of one's own."""
    return clone_of(base, tmp_path / "repo")


@pytest.fixture
def with_files(base: Path, tmp_path: Path) -> Callable[..., Path]:
    """``with_files({path: content})`` gives a sound commons with these added, not committed."""

    def make(files: dict[str, Content]) -> Path:
        root = clone_of(base, tmp_path / "repo")
        lay(root, files)
        return root

    return make


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NEWSREPO_CONTINGENT", "NEWSREPO_RATER", "NO_COLOR", "GITHUB_ACTIONS", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
