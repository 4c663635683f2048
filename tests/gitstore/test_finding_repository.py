"""Finding a repository, what it stands on, and its settings: one clear line for each way it can fail."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.errors import LockedError, UnableError, UsageError
from newsrepo.gitstore import Repository, repository

FILES = {"articles/abc/2026/x/index.md": "text\n", "newsrepo.yaml": "n\n"}


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    return make_repo(FILES)


def test_from_a_folder_within(root: Path) -> None:
    found = Repository.discover(root / "articles/abc/2026")
    assert (found.root, found.git_dir, found.common_dir) == (root, root / ".git", root / ".git")
    assert not found.shallow
    assert found.state_dir == root / ".git/newsrepo"
    assert found.state_dir.is_dir()


def test_no_process_for_head_and_discovery(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = run_git(root, "rev-parse", "HEAD")
    monkeypatch.setattr("newsrepo.gitstore.runner.Git.command", None)
    assert Repository.discover(root).head() == expected
    assert Repository.discover(root).algorithm == "sha1"


@pytest.mark.parametrize(
    "prepare",
    [
        ("pack-refs", "--all"),
        ("checkout", "--quiet", "--detach"),
        ("checkout", "--quiet", "-b", "feature/one-two"),
        ("symbolic-ref", "refs/heads/alias", "refs/heads/main"),
        ("tag", "--annotate", "-m", "t", "v1"),
    ],
)
def test_head_read_from_files_is_what_git_says(root: Path, prepare: tuple[str, ...]) -> None:
    run_git(root, *prepare)
    found = Repository.discover(root)
    assert found.head() == found._head_from_files() == run_git(root, "rev-parse", "HEAD")
    if prepare[0] == "symbolic-ref":
        run_git(root, "symbolic-ref", "HEAD", "refs/heads/alias")
        assert found.head() == found._head_from_files() == run_git(root, "rev-parse", "HEAD")


def test_odd_heads_are_left_to_git(root: Path) -> None:
    expected = run_git(root, "rev-parse", "HEAD")
    (root / ".git/refs/heads/umläut").write_text(expected + "\n")
    (root / ".git/HEAD").write_bytes("ref: refs/heads/umläut\n".encode())
    found = Repository.discover(root)
    assert found._head_from_files() is None
    assert found.head() == expected
    (root / ".git/HEAD").write_bytes(b"ref: refs/heads/../../../../etc/passwd\n")
    assert Repository.discover(root)._head_from_files() is None


def test_tip(root: Path) -> None:
    found = Repository.discover(root)
    tip = found.tip()
    assert tip
    assert tip.commit == run_git(root, "rev-parse", "HEAD")
    assert tip.tree == run_git(root, "rev-parse", "HEAD^{tree}")
    assert tip.committed == datetime(2026, 5, 1, 8, tzinfo=UTC)
    run_git(root, "tag", "--annotate", "-m", "t", "v1")
    for name in ("main", "refs/heads/main", "v1", tip.commit, tip.commit[:9], "@"):
        assert found.tip(name) == tip
        assert found.at(name).label == name


def test_the_date_is_the_committers_in_utc(root: Path) -> None:
    commit_all(root, "evil <x> 99\n\ncommitter A <a@b> 1 +0000", GIT_COMMITTER_DATE="1700000000 -0730")
    tip = Repository.discover(root).tip()
    assert tip
    assert tip.committed == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", [b"committer A <a@b> 99999999999999999 +0000", b"committer A <a@b> x +0000", b""]
)
def test_a_malformed_commit_is_an_error_that_names_it(root: Path, line: bytes) -> None:
    tree = run_git(root, "rev-parse", "HEAD^{tree}")
    data = f"tree {tree}\nauthor A <a@b> 1 +0000\n".encode() + line + b"\n\nx\n"
    bad = run_git(root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=data)
    with pytest.raises(UnableError, match=bad):
        Repository.discover(root).tip(bad)


@pytest.mark.parametrize(
    "ref",
    [
        "--output=x",
        "-x",
        "",
        "a b",
        "a\nb",
        "a..b",
        "x\x1b",
        "a\u202eb",
        ":/text",
        "main:newsrepo.yaml",
        "x" * 300,
        "^main",
    ],
)
def test_what_cannot_be_a_ref_is_refused_before_git_sees_it(root: Path, ref: str) -> None:
    with pytest.raises(UsageError) as error:
        Repository.discover(root).at(ref)
    assert error.value.message.isprintable()
    assert list(root.glob("x*")) == []


@pytest.mark.parametrize("ref", ["nowhere", "f" * 40, "main~9", "x.lock"])
def test_a_ref_that_is_not_there(root: Path, ref: str) -> None:
    with pytest.raises(UnableError, match="no commit here is called"):
        Repository.discover(root).at(ref)


def test_refs(root: Path) -> None:
    run_git(root, "branch", "lmn/work")
    run_git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    run_git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    run_git(root, "tag", "v1")
    head = run_git(root, "rev-parse", "HEAD")
    expected = [(r, head) for r in ("refs/heads/lmn/work", "refs/heads/main", "refs/remotes/origin/main")]
    assert list(Repository.discover(root).refs()) == expected
    run_git(root, "pack-refs", "--all")
    assert list(Repository.discover(root).refs()) == expected


# Where it cannot work


def test_not_a_repository(tmp_path: Path) -> None:
    with pytest.raises(UnableError, match="is not in a git repository") as error:
        Repository.discover(tmp_path)
    assert "newsrepo init" in error.value.hint


@pytest.mark.parametrize("content", [b"", b"gitdir: nowhere\n", b"gitdir: \0\n", b"\xff" * 50])
def test_a_git_file_that_leads_nowhere(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".git").write_bytes(content)
    with pytest.raises(UnableError, match="is not in a git repository"):
        Repository.discover(tmp_path)


def test_a_bare_repository(tmp_path: Path, root: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(root), "bare")
    for start in ("bare", "bare/objects"):
        with pytest.raises(UnableError, match="is a bare repository"):
            Repository.discover(tmp_path / start)
    (tmp_path / "x").mkdir()
    (tmp_path / "bare").rename(tmp_path / "x/.git")
    with pytest.raises(UnableError, match="is a bare repository"):
        Repository.discover(tmp_path / "x")


def test_a_worktree_of_a_bare_repository(tmp_path: Path, root: Path) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(root), "bare")
    run_git(tmp_path / "bare", "worktree", "add", "--quiet", str(tmp_path / "tree"), "main")
    found = Repository.discover(tmp_path / "tree/articles")
    assert found.root == tmp_path / "tree"
    assert found.common_dir == tmp_path / "bare"
    assert found.head() == run_git(root, "rev-parse", "HEAD")
    assert found.worktree().key == found.staged().key == found.at("main").key


def test_an_empty_repository(make_repo: Callable[..., Path]) -> None:
    root = make_repo(FILES, commit=False)
    found = Repository.discover(root)
    assert found.tip() is None
    assert found.head() is None
    assert found.algorithm == "sha1"
    snapshot = found.worktree()
    assert [e.path for e in snapshot.entries] == sorted(FILES)
    assert snapshot.tip is None
    assert snapshot.dirty
    assert found.staged().entries == ()
    assert not found.staged().dirty
    with pytest.raises(UnableError, match="no commit yet"):
        found.at("HEAD")
    with pytest.raises(UnableError, match="no commit here"):
        found.at("main")


def test_an_empty_sha256_repository(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet", "--object-format=sha256")
    put(tmp_path, FILES)
    found = Repository.discover(tmp_path)
    assert {len(e.oid) for e in found.worktree().entries} == {64}


def test_a_detached_head_is_fine(root: Path) -> None:
    run_git(root, "checkout", "--quiet", "--detach")
    assert len(Repository.discover(root).worktree().entries) == 2


def test_a_shallow_clone_says_so(root: Path, tmp_path: Path) -> None:
    old = run_git(root, "rev-parse", "HEAD:newsrepo.yaml")
    put(root, {"newsrepo.yaml": "m"})
    commit_all(root)
    run_git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), "shallow")
    found = Repository.discover(tmp_path / "shallow")
    assert found.shallow
    assert len(found.at("HEAD").entries) == 2
    with pytest.raises(UnableError, match="not in this shallow clone") as error:
        list(found.at("HEAD").read([old]))
    assert "unshallow" in error.value.hint
    with pytest.raises(UnableError) as error:
        found.at("main~1")
    assert "shallow" in error.value.hint


def test_a_partial_clone_is_told_apart_and_fetches_nothing(root: Path, tmp_path: Path) -> None:
    run_git(root, "config", "uploadpack.allowFilter", "true")
    run_git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", root.as_uri(), "partial")
    found = Repository.discover(tmp_path / "partial")
    snapshot = found.at("HEAD")
    assert len(snapshot.entries) == 2
    for times in (1, 60):
        with pytest.raises(UnableError, match="not in this partial clone") as error:
            list(snapshot.read([e.oid for e in snapshot.entries] * times))
    assert "fetch" in error.value.hint


def test_another_users_repository(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(root, 12345, 12345)
    with pytest.raises(UnableError, match="belongs to another user") as error:
        Repository.discover(root)
    assert "safe.directory" in error.value.hint
    put(tmp_path, {"gitconfig": f"[safe]\n\tdirectory = {root}\n"})
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert len(Repository.discover(root).worktree().entries) == 2
    os.chown(root, 0, 0)


# Git itself


def test_git_is_missing(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnableError, match="git was not found") as error:
        Repository.discover(root)
    assert "2.34" in error.value.hint


@pytest.mark.parametrize(
    ("said", "match"), [("git version 2.25.1", "too old: 2.34"), ("hello", "does not say")]
)
def test_git_is_too_old_or_no_git(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str, match: str
) -> None:
    fake = tmp_path / "bin/git"
    fake.parent.mkdir()
    fake.write_text(f"#!/bin/sh\necho '{said}'\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:/usr/bin:/bin")
    with pytest.raises(UnableError, match=match) as error:
        Repository.discover(root).at("main")
    assert error.value.exit == 3


def test_relative_parts_of_path_are_passed_over(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, {"git": f"#!/bin/sh\ntouch {root}/marker\n"})
    (root / "git").chmod(0o755)
    monkeypatch.chdir(root)
    monkeypatch.setenv("PATH", f".::{os.environ['PATH']}")
    found = Repository.discover(root)
    assert found.at("main").entries
    assert list(found.refs())
    assert not (root / "marker").exists()


# Settings


def test_settings(root: Path) -> None:
    found = Repository.discover(root)
    config = root / ".git/config"
    config.write_text(config.read_text() + "# a comment that stays\n")
    assert found.config("newsrepo.contingent") is None
    assert found.origin is None
    found.set_config("newsrepo.contingent", "abc")
    found.set_config("newsrepo.genesis", 'ünï = "x" ; # \\ y')
    assert found.config("newsrepo.contingent") == "abc"
    assert found.config("newsrepo.genesis") == 'ünï = "x" ; # \\ y'
    found.set_config("newsrepo.contingent", "lmn")
    assert run_git(root, "config", "--get-all", "newsrepo.contingent") == "lmn"
    assert "# a comment that stays" in config.read_text()
    run_git(root, "config", "remote.origin.url", "https://example.org/x.git")
    assert found.origin == "https://example.org/x.git"


def test_the_users_own_settings_are_read(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put(tmp_path, {"gitconfig": "[newsrepo]\n\trater = abc/ann\n"})
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert Repository.discover(root).config("newsrepo.rater") == "abc/ann"


@pytest.mark.parametrize(
    "key", ["core.hooksPath", "newsrepo", "--global", "newsrepo.a\nb", "newsrepo.x]\n[core", "a.b"]
)
def test_other_settings_are_not_ours_to_write(root: Path, key: str) -> None:
    before = (root / ".git/config").read_bytes()
    with pytest.raises(UsageError):
        Repository.discover(root).set_config(key, "x")
    assert (root / ".git/config").read_bytes() == before


@pytest.mark.parametrize("value", ["a\nb", "\x1b[2J", "a\0b", "x" * 5000])
def test_values_that_would_break_the_file(root: Path, value: str) -> None:
    with pytest.raises(UsageError):
        Repository.discover(root).set_config("newsrepo.contingent", value)


def test_a_value_like_an_option_is_a_value(root: Path) -> None:
    found = Repository.discover(root)
    found.set_config("newsrepo.contingent", "--unset")
    assert found.config("newsrepo.contingent") == "--unset"


def test_a_config_lock_is_left_alone(root: Path) -> None:
    lock = root / ".git/config.lock"
    lock.write_text("")
    with pytest.raises(LockedError, match=r"config\.lock") as error:
        Repository.discover(root).set_config("newsrepo.contingent", "abc")
    assert error.value.exit == 75
    assert "s old" in error.value.hint
    assert lock.exists()


def test_a_stale_index_lock_stops_no_reading(root: Path) -> None:
    lock = root / ".git/index.lock"
    lock.write_text("")
    found = Repository.discover(root)
    assert found.staged().entries
    assert found.worktree().entries
    assert lock.exists()


def test_init(tmp_path: Path) -> None:
    with Repository.init(tmp_path / "a/b") as found:
        assert found.root == tmp_path / "a/b"
        assert found.worktree().entries == ()
    assert (tmp_path / "a/b/.git/HEAD").read_text() == "ref: refs/heads/main\n"
    put(tmp_path / "a/b", FILES)
    commit_all(tmp_path / "a/b")
    assert Repository.init(tmp_path / "a/b").head()


def test_init_where_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnableError, match="file"):
        Repository.init(tmp_path / "file/x")


def test_a_dash_in_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Repository.init(Path("--template=x"))
    assert found.root == tmp_path / "--template=x"
    assert found.worktree().key


# The staging area


def test_staged_is_what_was_added(root: Path) -> None:
    put(root, {"articles/new.md": "added\n", "newsrepo.yaml": "added\n"})
    run_git(root, "add", "--all")
    put(root, {"articles/new.md": "edited\n", "articles/more.md": "x"})
    snapshot = Repository.discover(root).staged()
    assert [e.path for e in snapshot.entries] == [
        "articles/abc/2026/x/index.md",
        "articles/new.md",
        "newsrepo.yaml",
    ]
    assert [b.data for b in snapshot.read(e.oid for e in snapshot.entries)] == [
        b"text\n",
        b"added\n",
        b"added\n",
    ]


def test_staged_links_and_conflicts(root: Path) -> None:
    (root / "articles/link").symlink_to("/etc/passwd")
    commit_all(root)
    run_git(root, "checkout", "--quiet", "-b", "other")
    put(root, {"newsrepo.yaml": "other\n"})
    commit_all(root)
    run_git(root, "checkout", "--quiet", "main")
    put(root, {"newsrepo.yaml": "mine\n"})
    commit_all(root)
    with pytest.raises(AssertionError):
        run_git(root, "merge", "other")
    snapshot = Repository.discover(root).staged()
    assert [(f.rule, f.location.path) for f in snapshot.findings] == [
        ("symlink", "articles/link"),
        ("unmerged", "newsrepo.yaml"),
    ]
    assert [e.path for e in snapshot.entries] == ["articles/abc/2026/x/index.md"]


def test_the_floor_is_lazy() -> None:
    """Starting must stay cheap: the way to "nothing changed" imports neither GitPython nor subprocess."""
    assert "git" not in repository.__dict__
    code = (
        "import sys; from pathlib import Path; from newsrepo.gitstore import Repository;"
        "r = Repository.discover(Path('.')); r.worktree_stamp(); print('git' in sys.modules)"
    )
    import subprocess
    import sys

    here = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=here, check=False)
    assert done.stdout.strip() == "False" or "not in a git repository" in done.stderr
