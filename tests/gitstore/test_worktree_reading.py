"""What only a working tree holds, what git ignores in it, and the memory that makes a second look cheap."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.errors import UnableError
from newsrepo.gitstore import MemorySnapshot, Repository, blob_id, folders, survey, worktree
from newsrepo.gitstore.budget import Caps
from newsrepo.gitstore.snapshot import content_key

FILES = {
    "articles/abc/2026/x/index.md": b"text\n",
    "articles/abc/2026/y/index.md": b"more\n",
    "newsrepo.yaml": b"n",
}


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    return make_repo(FILES)


def age(root: Path) -> None:
    """Wait until the files' last change is too old to be in doubt."""
    newest = max(p.lstat().st_ctime_ns for p in root.rglob("*"))
    while time.time_ns() < newest + 2 * survey.TICK:
        time.sleep(0.005)


def look(root: Path) -> dict[str, str]:
    return {e.path: e.oid for e in Repository.discover(root).worktree().entries}


def rules(root: Path) -> list[tuple[str, str]]:
    return [(f.rule, f.location.path) for f in Repository.discover(root).worktree().findings]


# Odd things on disk


def test_links_are_reported_and_never_followed(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "index.md").write_text("secret")
    (root / "articles/abc/2026/link.md").symlink_to(secret / "index.md")
    (root / "articles/abc/2026/folder").symlink_to(secret)
    (root / "articles/abc/2026/dangling").symlink_to("nowhere")
    (root / "comments").symlink_to(secret)
    assert look(root).keys() == FILES.keys()
    assert rules(root) == [
        ("symlink", "articles/abc/2026/dangling"),
        ("symlink", "articles/abc/2026/folder"),
        ("symlink", "articles/abc/2026/link.md"),
        ("symlink", "comments"),
    ]


def test_pipes_and_sockets_are_reported_and_never_opened(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(root / "articles/abc/pipe.md")
    monkeypatch.chdir(root / "articles")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.md")
        assert rules(root) == [
            ("special-file", "articles/abc/pipe.md"),
            ("special-file", "articles/socket.md"),
        ]


def test_a_file_that_becomes_a_pipe_or_link_before_it_is_read(root: Path) -> None:
    tree = Repository.discover(root)._tree
    target = root / "newsrepo.yaml"
    target.unlink()
    os.mkfifo(target)
    with pytest.raises(worktree._Turned) as turned:
        tree._hash("newsrepo.yaml", "sha1")
    assert turned.value.finding.rule == "special-file"
    with pytest.raises(UnableError, match=r"newsrepo\.yaml changed"):
        tree.read("newsrepo.yaml", 100)
    target.unlink()
    target.symlink_to("/etc/passwd")
    with pytest.raises(worktree._Turned) as turned:
        tree._hash("newsrepo.yaml", "sha1")
    assert turned.value.finding.rule == "unreadable-file"
    with pytest.raises(UnableError, match=r"newsrepo\.yaml"):
        tree.read("newsrepo.yaml", 100)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_reported(root: Path) -> None:
    (root / "newsrepo.yaml").chmod(0)
    (root / "articles/abc/2026/y").chmod(0)
    assert rules(root) == [("unreadable-file", "articles/abc/2026/y"), ("unreadable-file", "newsrepo.yaml")]
    (root / "articles/abc/2026/y").chmod(0o755)


def test_names_that_are_not_utf8(root: Path) -> None:
    with open(os.fsencode(root) + b"/articles/caf\xe9.md", "wb"):
        pass
    assert rules(root) == [("bad-file-name", "articles/caf\\xe9.md")]


def test_a_repository_inside(root: Path) -> None:
    inner = root / "articles/abc/inner"
    inner.mkdir()
    run_git(inner, "init", "--quiet")
    (inner / "index.md").write_text("x")
    assert rules(root) == [("submodule", "articles/abc/inner")]
    assert look(root).keys() == FILES.keys()


def test_caps(root: Path) -> None:
    walk = folders.Walk(os.fsencode(root) + b"/", Caps(entries=3))
    walk.run()
    assert [f.rule for f in walk.findings] == ["too-many-entries"]
    walk = folders.Walk(os.fsencode(root) + b"/", Caps(depth=2))
    walk.run()
    assert [(f.rule, f.location.path) for f in walk.findings] == [("too-deep", "articles/abc/2026")]


def test_an_executable_has_its_mode(root: Path) -> None:
    (root / "newsrepo.yaml").chmod(0o755)
    modes = {e.path: e.mode for e in Repository.discover(root).worktree().entries}
    assert modes["newsrepo.yaml"] == 0o100755


# What git ignores


def test_ignored_files_are_left_out_unless_tracked(root: Path) -> None:
    put(
        root,
        {
            ".gitignore": "*.log\n/articles/drafts/\n",
            "articles/a.log": "1",
            "articles/drafts/x/index.md": "2",
        },
    )
    put(
        root,
        {"articles/abc/.gitignore": "notes.md\n", "articles/abc/notes.md": "3", "articles/tracked.log": "4"},
    )
    (root / "articles/drafts/link").symlink_to("x")
    run_git(root, "add", "--force", "articles/tracked.log")
    assert look(root).keys() == {*FILES, "articles/tracked.log"}
    assert rules(root) == []


def test_a_change_of_what_is_ignored_is_seen_at_once(root: Path) -> None:
    put(root, {"articles/a.log": "1", "articles/abc/b.log": "2"})
    age(root)
    assert len(look(root)) == 5
    put(root, {".gitignore": "a.log\n"})
    assert look(root).keys() == {*FILES, "articles/abc/b.log"}
    put(root, {"articles/abc/.gitignore": "*.log\n"})
    assert look(root).keys() == FILES.keys()
    put(root, {"articles/abc/.gitignore": "*.lag\n"})
    assert look(root).keys() == {*FILES, "articles/abc/b.log"}
    put(root, {".git/info/exclude": "b.log\n"})
    assert look(root).keys() == FILES.keys()
    run_git(root, "add", "--force", "articles/a.log")
    assert look(root).keys() == {*FILES, "articles/a.log"}


def test_the_users_own_ignore_file_does_not_count(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {"config/git/ignore": "*.md\n"})
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert look(root).keys() == FILES.keys()


@pytest.mark.parametrize("where", [".gitignore", "articles/.gitignore", ".git/info/exclude"])
def test_rules_that_are_a_pipe_do_not_hang(root: Path, where: str) -> None:
    (root / where).parent.mkdir(exist_ok=True)
    os.mkfifo(root / where)
    with pytest.raises(UnableError, match="is no regular file"):
        look(root)


# Memory


def ids(files: dict[str, bytes]) -> dict[str, str]:
    return {path: blob_id(data) for path, data in files.items()}


def test_the_second_look_opens_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    age(root)
    assert look(root) == ids(FILES)
    monkeypatch.setattr(worktree.Worktree, "_hash", None)
    monkeypatch.setattr(worktree, "look", None)
    monkeypatch.setattr(Repository, "_ignored", None)
    assert look(root) == ids(FILES)


def test_a_remembered_key_is_that_of_the_entries(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    age(root)
    first = Repository.discover(root).worktree()
    assert first.key == content_key(first.entries)
    monkeypatch.setattr(worktree, "content_key", None)
    assert Repository.discover(root).worktree().key == first.key
    monkeypatch.undo()
    put(root, {"newsrepo.yaml": "m"})
    changed = Repository.discover(root).worktree()
    assert changed.key == content_key(changed.entries) != first.key


def test_changes_are_seen(root: Path) -> None:
    age(root)
    files = dict(FILES)
    assert look(root) == ids(files)
    put(root, {"newsrepo.yaml": "m"})
    files["newsrepo.yaml"] = b"m"
    assert look(root) == ids(files)
    put(root, {"comments/abc/2026/c.md": "c"})
    files["comments/abc/2026/c.md"] = b"c"
    assert look(root) == ids(files)
    (root / "articles/abc/2026/y/index.md").unlink()
    del files["articles/abc/2026/y/index.md"]
    assert look(root) == ids(files)
    (root / "articles/abc/2026/x").rename(root / "articles/abc/2026/z")
    files["articles/abc/2026/z/index.md"] = files.pop("articles/abc/2026/x/index.md")
    assert look(root) == ids(files)


def test_a_change_in_the_same_tick_is_seen(root: Path) -> None:
    """Same size, same times, same inode: only the age of the memory gives it away."""
    target = root / "newsrepo.yaml"
    for n in range(30):
        data = b"%d" % (n % 10)
        with target.open("r+b") as file:
            file.write(data)
        assert look(root)["newsrepo.yaml"] == blob_id(data)


def test_an_old_date_does_not_hide_a_change(root: Path) -> None:
    target = root / "newsrepo.yaml"
    os.utime(target, ns=(10**18, 10**18))
    age(root)
    assert look(root)["newsrepo.yaml"] == blob_id(b"n")
    target.write_bytes(b"m")
    os.utime(target, ns=(10**18, 10**18))
    assert look(root)["newsrepo.yaml"] == blob_id(b"m")


def test_dates_far_ahead_do_no_harm(root: Path) -> None:
    ahead = 4_070_908_800_000_000_000
    for path in root.glob("articles/**/*"):
        os.utime(path, ns=(ahead, ahead))
    age(root)
    assert look(root) == ids(FILES)
    put(root, {"articles/abc/2026/x/index.md": "new\n"})
    assert look(root) == ids({**FILES, "articles/abc/2026/x/index.md": b"new\n"})


def memory(root: Path) -> Path:
    (found,) = (root / ".git/newsrepo").glob("worktree-*")
    return found


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "garbage", "folder", "link"])
def test_a_damaged_memory_is_forgotten(root: Path, damage: str) -> None:
    age(root)
    before = look(root)
    path = memory(root)
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage == "link":
        path.symlink_to("/dev/zero")
    elif damage != "gone":
        path.write_bytes({"empty": b"", "cut": data[:-5], "garbage": b"\xc1" * 99}[damage])
    assert look(root) == before
    assert Repository.discover(root).worktree_stamp()


def test_any_flipped_byte_in_the_memory_is_noticed(root: Path) -> None:
    age(root)
    before = look(root)
    path = memory(root)
    good = path.read_bytes()
    for at in range(0, len(good), max(1, len(good) // 25)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert look(root) == before


def test_without_a_place_for_memory_it_is_only_slower(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".git/newsrepo").write_text("in the way")
    with pytest.raises(UnableError, match="newsrepo"):
        look(root)
    (root / ".git/newsrepo").unlink()
    monkeypatch.setattr("newsrepo.gitstore.cache.write_atomic", _full_disk)
    assert look(root) == ids(FILES)


def _full_disk(*args: object, **options: object) -> None:
    raise UnableError("the disk is full", "")


def test_what_a_killed_run_left_beside_the_memory_is_swept(root: Path) -> None:
    left = root / f".git/newsrepo/.newsrepo-{2**22 + 7}-{'0' * 16}.tmp"
    put(root, {str(left.relative_to(root)): b"half"})
    look(root)
    assert not left.exists()


# Stamps


def test_the_stamp_stays_while_nothing_changes(root: Path) -> None:
    age(root)
    repository = Repository.discover(root)
    first = repository.worktree_stamp()
    assert not first.racy
    assert look(root)
    assert repository.worktree_stamp() == first == Repository.discover(root).worktree_stamp()


def test_the_stamp_starts_no_process(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsrepo.gitstore.runner.Git.command", None)
    assert Repository.discover(root).worktree_stamp().value


def test_a_fresh_change_is_racy(root: Path) -> None:
    put(root, {"newsrepo.yaml": "fresh"})
    assert Repository.discover(root).worktree_stamp().racy


@pytest.mark.parametrize("warm", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        lambda root: put(root, {"newsrepo.yaml": "m"}),
        lambda root: put(root, {"articles/new.md": ""}),
        lambda root: (root / "articles/abc/2026/y/index.md").unlink(),
        lambda root: (root / "articles/abc/2026/y/index.md").chmod(0o755),
        lambda root: (root / "articles/abc/2026/link").symlink_to("x"),
        lambda root: put(root, {".gitignore": "*.md\n"}),
        lambda root: put(root, {"articles/.gitignore": "*.md\n"}),
        lambda root: commit_all(root),
    ],
)
def test_every_change_shows_in_the_stamp(root: Path, change: Callable[[Path], object], warm: bool) -> None:
    age(root)
    if warm:
        look(root)
    before = Repository.discover(root).worktree_stamp()
    change(root)
    assert Repository.discover(root).worktree_stamp().value != before.value


def test_what_is_no_record_does_not_show_in_the_stamp(root: Path) -> None:
    age(root)
    before = Repository.discover(root).worktree_stamp()
    put(root, {"README.md": "x", "site/index.html": "y"})
    assert Repository.discover(root).worktree_stamp().value == before.value


# Reading


def test_texts_read_to_be_identified_are_not_read_again(root: Path) -> None:
    snapshot = Repository.discover(root).worktree()
    entry = next(e for e in snapshot.entries if e.path == "articles/abc/2026/x/index.md")
    before = (root / entry.path).read_bytes()
    put(root, {entry.path: "other"})
    assert [(b.oid, b.size, b.data) for b in snapshot.read([entry.oid])] == [(entry.oid, len(before), before)]
    assert [(b.size, b.data) for b in snapshot.read([entry.oid], 1)] == [(len(before), None)]


def test_a_file_changed_between_listing_and_reading(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worktree, "HELD_BYTES", 0)
    snapshot = Repository.discover(root).worktree()
    oids = [e.oid for e in snapshot.entries]
    put(root, {"articles/abc/2026/x/index.md": "other"})
    with pytest.raises(
        UnableError, match=r"articles/abc/2026/x/index\.md changed while it was being read"
    ) as error:
        list(snapshot.read(oids))
    assert "again" in error.value.hint
    (root / "articles/abc/2026/x/index.md").unlink()
    with pytest.raises(UnableError, match="changed while"):
        list(snapshot.read(oids))


def test_older_versions_come_from_the_store(root: Path) -> None:
    put(root, {"newsrepo.yaml": "m"})
    snapshot = Repository.discover(root).worktree()
    (old,) = snapshot.read([blob_id(b"n")])
    assert old.data == b"n"


def test_dirty(root: Path) -> None:
    def dirty() -> tuple[bool, bool]:
        repository = Repository.discover(root)
        return repository.worktree().dirty, repository.staged().dirty

    assert dirty() == (False, False)
    put(root, {"README.md": "no record"})
    assert dirty() == (False, False)
    put(root, {"articles/new.md": "x"})
    assert dirty() == (True, False)
    run_git(root, "add", "--all")
    assert dirty() == (True, True)
    commit_all(root)
    assert dirty() == (False, False)


def test_line_ends_are_read_as_they_lie_there(root: Path) -> None:
    run_git(root, "config", "core.autocrlf", "true")
    put(root, {"articles/x.md": b"a\r\nb\r\n"})
    snapshot = Repository.discover(root).worktree()
    assert MemorySnapshot({**FILES, "articles/x.md": b"a\r\nb\r\n"}).key == snapshot.key


def test_a_large_file_is_hashed_without_being_held(root: Path) -> None:
    import resource

    with (root / "articles/video.mp4").open("wb") as file:
        file.truncate(300 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    snapshot = Repository.discover(root).worktree()
    entry = next(e for e in snapshot.entries if e.size == 300 << 20)
    (blob,) = snapshot.read([entry.oid])
    assert blob.data is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10
