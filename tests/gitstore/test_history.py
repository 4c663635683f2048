"""Every revision of every article, from real repositories: merges, removals, shallow clones, hostile settings."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.gitstore import Repository, blob_id
from newsrepo.gitstore.history import History
from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid

X = "articles/abc/2026/x/index.md"
Y = "articles/lmn/2026/y/index.md"


def revise(root: Path, path: str, text: str, *, at: int = 0, author: str = "Ann Author") -> str:
    put(root, {path: text})
    when = f"2026-05-02T08:00:{at:02d}+00:00"
    return commit_all(root, GIT_COMMITTER_DATE=when, GIT_AUTHOR_NAME=author)


def of(root: Path) -> History:
    with Repository.discover(root) as repository:
        tip = repository.head()
        assert tip is not None
        return repository.history(tip)


def texts(found: History, path: str) -> list[str]:
    return [r.version for r in found.of(path)]


def oid(text: str) -> str:
    return blob_id(text.encode())


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    return make_repo({X: "one", "articles/abc/2026/x/quay.png": "p", "README.md": "r"})


def test_nothing_was_committed(make_repo: Callable[..., Path]) -> None:
    assert of(make_repo({"README.md": "r"})).revisions == {}


def test_who_and_when(root: Path) -> None:
    commit = revise(root, X, "two", at=7, author="Łukasz <b> \x1b")
    first, second = of(root).of(X)
    assert (first.version, second.version) == (oid("one"), oid("two"))
    assert second.commit == commit
    assert second.committed == 1777708807
    assert second.author.startswith("Łukasz")
    assert list(of(root).revisions) == [X]


def test_a_merge_gives_a_revision_only_where_it_made_one(root: Path) -> None:
    run_git(root, "checkout", "-q", "-b", "side")
    revise(root, X, "side", at=1)
    revise(root, Y, "kept", at=2)
    run_git(root, "checkout", "-q", "main")
    revise(root, X, "main", at=3)
    run_git(root, "merge", "--quiet", "--no-commit", "-s", "ours", "side")
    put(root, {X: "mended", Y: "kept"})
    merge = commit_all(root)
    found = of(root)
    assert sorted(texts(found, X)) == sorted(map(oid, ["one", "side", "main", "mended"]))
    assert (found.of(X)[0].version, found.of(X)[-1].version) == (oid("one"), oid("mended"))
    assert found.of(X)[-1].commit == merge
    assert texts(found, Y) == [oid("kept")]
    assert found.of(Y)[0].commit != merge


def test_a_removal_and_a_return(root: Path) -> None:
    run_git(root, "rm", "-q", X)
    commit_all(root)
    revise(root, X, "one")
    assert texts(of(root), X) == [oid("one"), "", oid("one")]


def test_a_link_is_no_text(root: Path) -> None:
    (root / X).unlink()
    (root / X).symlink_to("quay.png")
    commit_all(root)
    assert texts(of(root), X) == [oid("one"), ""]


def test_a_shallow_clone_says_where_it_is_cut(root: Path, tmp_path: Path) -> None:
    revise(root, X, "two")
    commit = revise(root, X, "three")
    run_git(tmp_path, "clone", "-q", "--depth=1", root.as_uri(), "shallow")
    found = of(tmp_path / "shallow")
    assert texts(found, X) == [oid("three")]
    assert found.cut == {commit}
    run_git(tmp_path / "shallow", "fetch", "-q", "--unshallow")
    assert texts(of(tmp_path / "shallow"), X) == [oid("one"), oid("two"), oid("three")]
    assert of(tmp_path / "shallow").cut == frozenset()


def test_git_is_asked_once_for_a_commit(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    run = Git.run

    def counting(self: Git, *args: str, **options: float) -> tuple[int, bytes]:
        asked.append(args[0])
        return run(self, *args, **options)

    monkeypatch.setattr(Git, "run", counting)
    first = of(root)
    assert asked.count("log") == 1
    assert of(root) == first
    assert asked.count("log") == 1
    kept = next((root / ".git/newsrepo/history").iterdir())
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert of(root) == first
    assert asked.count("log") == 2
    revise(root, X, "two")
    assert len(of(root).of(X)) == 2
    assert asked.count("log") == 3


def test_no_more_than_some_passes_are_kept(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsrepo.gitstore.history._MOST", 2)
    for n in range(4):
        revise(root, X, f"text {n}")
        of(root)
    assert len(list((root / ".git/newsrepo/history").iterdir())) == 2


def test_settings_change_nothing(root: Path, tmp_path: Path) -> None:
    revise(root, X, "two")
    before = of(root)
    marker = tmp_path / "marker"
    (root / ".mailmap").write_text("Other Name <ann@example.org>\n")
    for key, value in {
        "log.showRoot": "false", "log.showSignature": "true", "log.mailmap": "true", "log.follow": "true",
        "log.diffMerges": "first-parent", "log.decorate": "full", "log.abbrevCommit": "true",
        "diff.renames": "copies", "diff.orderFile": str(tmp_path / "none"), "diff.relative": "true",
        "diff.external": f"touch {marker}", "format.pretty": "oneline", "format.notes": "*",
        "core.abbrev": "4", "color.ui": "always", "i18n.logOutputEncoding": "UTF-16",
        "gpg.program": f"touch {marker}", "core.pager": f"touch {marker}",
    }.items():  # fmt: skip
        run_git(root, "config", key, value)
    for kept in (root / ".git/newsrepo/history").iterdir():
        kept.unlink()
    assert of(root) == before
    assert not marker.exists()


def test_one_owners_articles_alone(root: Path) -> None:
    revise(root, Y, "one")
    with Repository.discover(root) as repository:
        tip = repository.head()
        assert tip is not None
        assert list(repository.history(tip, "lmn").revisions) == [Y]
        assert sorted(repository.history(tip).revisions) == [X, Y]
        with pytest.raises(ValueError, match="not a contingent's id"):
            repository.history(tip, "../x")


def test_what_is_remembered_grows_into_what_a_whole_pass_finds(root: Path) -> None:
    """Commit by commit, with removals, returns, merges and a tip that was taken back."""
    steps: list[Callable[[], object]] = [
        lambda: revise(root, X, "two"),
        lambda: revise(root, "README.md", "nothing of ours"),
        lambda: revise(root, X, "one"),
        lambda: (run_git(root, "rm", "-q", X), commit_all(root)),
        lambda: revise(root, Y, "new"),
        lambda: revise(root, X, "one"),
        lambda: (run_git(root, "checkout", "-q", "-b", "side", "HEAD~2"), revise(root, Y, "side")),
        lambda: (run_git(root, "checkout", "-q", "main"), run_git(root, "merge", "-q", "-X", "ours", "side")),
        lambda: revise(root, Y, "after"),
        lambda: (run_git(root, "reset", "-q", "--hard", "HEAD~1"), revise(root, Y, "otherwise")),
    ]
    memory = root / ".git/newsrepo/history"
    of(root)
    for step in steps:
        step()
        grown = of(root)
        aside = memory.rename(memory.with_name("aside"))
        assert of(root) == grown
        shutil.rmtree(memory)
        aside.rename(memory)


def test_only_a_full_id_is_asked_for(root: Path) -> None:
    with Repository.discover(root) as repository, pytest.raises(ValueError, match="not a full commit id"):
        repository.history(Oid("--output=x"))
