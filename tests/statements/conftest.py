"""Keys made once, a commons with an open vote made once, and a copy of it for each test."""

import shutil
from pathlib import Path

import pytest
from hermetic import put, run_git
from polling import MEMBERS, Desk, fork, found, make_keys, publish

if shutil.which("ssh-keygen") is None:
    pytest.skip("needs ssh-keygen", allow_module_level=True)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody's agent, keys or name."""
    for name in ("SSH_AUTH_SOCK", "NEWSREPO_CONTINGENT", "GITHUB_ACTIONS", "EDITOR", "VISUAL", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder, *MEMBERS, "stranger")
    return folder


@pytest.fixture(scope="session")
def _drafted(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Desk:
    return found(tmp_path_factory.mktemp("drafted") / "repo", keys, dict.fromkeys(MEMBERS, 1))


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory, _drafted: Desk) -> Desk:
    desk = _drafted.copy(tmp_path_factory.mktemp("opened") / "repo")
    desk.open()
    desk.commit("Open a vote")
    return desk


@pytest.fixture
def drafted(_drafted: Desk, tmp_path: Path) -> Desk:
    """A commons of three voters with one statement proposed."""
    return _drafted.copy(tmp_path / "repo")


@pytest.fixture
def opened(_opened: Desk, tmp_path: Path) -> Desk:
    """The same with the vote on it opened, committed."""
    return _opened.copy(tmp_path / "repo")


@pytest.fixture
def forks(opened: Desk, tmp_path: Path) -> dict[str, Desk]:
    """Three members, each with a home of its own that the others have pinned, and a reader."""
    base = tmp_path / "forks"
    base.mkdir()
    members = {who: fork(opened, who, base) for who in ("abc", "lmn", "xyz")}
    homes = {
        f"contingents/{who}.yaml": f"name: The {who} press\nhome: {(base / f'{who}.git').as_uri()}\n"
        for who in members
    }
    members["reader"] = fork(opened, "reader", base)
    for who, desk in members.items():
        run_git(desk.root, "config", "newsrepo.contingent", "rdr" if who == "reader" else who)
        put(desk.root, homes)
        publish(desk)
    return members
