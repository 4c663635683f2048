"""The fixtures of the editor's tests: a desk of one's own, and one served for a whole module."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from editor_talk import FILES, Browser, Talk
from hermetic import commit_all, put, run_git

from newsrepo.porcelain.editing_forms import local_config
from newsrepo.porcelain.editing_server import API, EditorServer


def _signed(root: Path) -> Path:
    run_git(root, "config", "user.name", "Ann Author")
    run_git(root, "config", "user.email", "ann@example.org")
    return root


@pytest.fixture
def talk(make_repo: Callable[..., Path]) -> Talk:
    return Talk(_signed(make_repo(FILES)))


@pytest.fixture(scope="module")
def browser(empty_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    root = tmp_path_factory.mktemp("served") / "repo"
    shutil.copytree(empty_repository, root, symlinks=True)
    put(root, FILES)
    commit_all(root)
    talk = Talk(_signed(root))
    day = date(2026, 5, 4)
    server = EditorServer(talk.desk, {"decap-cms.js": b"//"}, lambda: local_config(talk.work(), day, API))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield Browser(server)
    server.shutdown()
    server.server_close()
