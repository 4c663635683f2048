"""The demonstration's network: the same everywhere, with everything in it that it says."""

import json
from pathlib import Path

import pytest
from hermetic import run_git

from newsrepo.errors import UsageError
from newsrepo.porcelain.demo import DROPPED, Network, demo, find_sample, read_sample


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return demo(tmp_path_factory.mktemp("demo") / "net")


def test_it_says_what_it_made_and_gives_five_commands(network: Network) -> None:
    root = Path(network.root)
    assert all((root / repository.path).is_dir() for repository in network.repositories)
    assert len(network.commands) == 5
    assert all(command.startswith("newsrepo ") for command in network.commands)


def test_every_repository_is_whole_and_every_clone_clean(network: Network) -> None:
    for repository in network.repositories:
        where = Path(network.root) / repository.path
        run_git(where, "fsck", "--strict")
        if repository.path.startswith("clones/"):
            assert run_git(where, "status", "--porcelain") == ""


def test_homes_hold_what_their_owners_publish(network: Network) -> None:
    root, sample = Path(network.root), read_sample(find_sample())

    def text(where: str, ref: str, path: str) -> bytes:
        return run_git(root / where, "show", f"{ref}:{path}").encode()

    for where, ref, path in (
        ("commons.git", "main", "articles/tally/2025/matchwomen-count/index.md"),
        ("commons.git", "lamp", "articles/lamp/2025/matchwomen-1888/index.md"),
        ("exchange.git", "main", "articles/exchange/2026/harvester-1907/index.md"),
    ):
        assert text(where, ref, path).rstrip() == sample[path].rstrip()
    carried = "articles/lamp/2025/dock-strike-1889/index.md"
    assert text("exchange.git", "main", carried) != text("commons.git", "lamp", carried)


def test_one_fork_was_rewritten_and_no_longer_holds_what_it_dropped(network: Network) -> None:
    root = Path(network.root)
    now = run_git(root / "commonpress.git", "ls-tree", "-r", "--name-only", "main")
    assert not any(path.startswith(DROPPED) for path in now.splitlines())
    ledger = json.loads((Path(network.reader) / ".git" / "newsrepo" / "homes.json").read_bytes())
    before = ledger["homes"]["commonpress"]["commit"]
    assert before != run_git(root / "commonpress.git", "rev-parse", "main")


def test_the_same_sample_gives_the_same_commits(network: Network, tmp_path: Path) -> None:
    def tree(root: str, where: str) -> str:
        return run_git(Path(root) / where, "rev-parse", "main:articles", "main:ratings")

    again = demo(tmp_path / "again")
    for where in ("commons.git", "exchange.git", "commonpress.git"):
        assert tree(again.root, where) == tree(network.root, where)


def test_nothing_that_stands_is_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        demo(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
