"""A network behind a real git server, for each test its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from network import Network
from servers import git_server


@pytest.fixture(autouse=True)
def _hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("NEWSREPO_CONTINGENT", "NEWSREPO_RATER", "NO_COLOR", "GITHUB_ACTIONS", "EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    root = tmp_path / "served"
    root.mkdir()
    with git_server(root) as server:
        yield Network(tmp_path, server, root)
