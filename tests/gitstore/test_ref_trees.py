"""Trees as a hostile fork may craft them: read within bounds, every oddity a finding."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.errors import UnableError
from newsrepo.gitstore import Repository
from newsrepo.gitstore.budget import Caps
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.tree import TreeReader, listing, parse_tree


def tree(root: Path, *rows: tuple[str, bytes, str]) -> str:
    """Write a tree object as it is, however malformed; gives its id."""
    data = b"".join(b"%s %s\0" % (mode.encode(), name) + bytes.fromhex(oid) for mode, name, oid in rows)
    return run_git(root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=data)


def blob(root: Path, data: bytes = b"text\n") -> str:
    return run_git(root, "hash-object", "-w", "--stdin", data=data)


def commit(root: Path, top: str) -> Repository:
    """Commit a tree on ``main`` without checking it out."""
    run_git(root, "update-ref", "refs/heads/main", run_git(root, "commit-tree", "-m", "crafted", top))
    return Repository.discover(root)


@pytest.fixture
def root(make_repo: Callable[..., Path]) -> Path:
    return make_repo(commit=False)


def folder(root: Path, *rows: tuple[str, bytes, str]) -> Repository:
    """A repository with these rows, and one good file, in ``articles/``."""
    good = ("100644", b"good.md", blob(root))
    return commit(
        root, tree(root, ("40000", b"articles", tree(root, *sorted((*rows, good), key=lambda r: r[1]))))
    )


@pytest.mark.parametrize(
    ("mode", "rule"),
    [
        ("120000", "symlink"),
        ("160000", "submodule"),
        ("100600", "odd-mode"),
        ("100664", "odd-mode"),
        ("7", "odd-mode"),
    ],
)
def test_other_modes_than_plain_files(root: Path, mode: str, rule: str) -> None:
    snapshot = folder(root, (mode, b"x.md", blob(root, b"/etc/passwd"))).at("main")
    assert [e.path for e in snapshot.entries] == ["articles/good.md"]
    assert [(f.rule, f.location.path, f.location.source) for f in snapshot.findings] == [
        (rule, "articles/x.md", "main")
    ]


def test_an_executable_is_data(root: Path) -> None:
    snapshot = folder(root, ("100755", b"x.md", blob(root))).at("main")
    assert [e.mode for e in snapshot.entries] == [0o100644, 0o100755]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b".git", ".git"),
        (b".GIT", ".GIT"),
        (b"git~1", "git~1"),
        (".g\u200cit".encode(), ".g\\u{200c}it"),
        (b".gitmodules", ".gitmodules"),
        (b".", "."),
        (b"..", ".."),
        (b"a/b", "a/b"),
        (b"", ""),
        (b"\xff\xfe", "\\xff\\xfe"),
        (b"x" * 5000, "x" * 120 + "…"),
        (b"x" * 256, "x" * 120 + "…"),
    ],
)
def test_names_that_git_itself_might_let_in(root: Path, name: bytes, shown: str) -> None:
    snapshot = folder(root, ("100644", name, blob(root))).at("main")
    assert [e.path for e in snapshot.entries] == ["articles/good.md"]
    assert [(f.rule, f.location.path) for f in snapshot.findings] == [("bad-file-name", f"articles/{shown}")]


def test_a_name_of_255_bytes_is_long_enough(root: Path) -> None:
    assert len(folder(root, ("100644", b"x" * 255, blob(root))).at("main").entries) == 2


def test_a_name_listed_twice(root: Path) -> None:
    rows = [("100644", b"x.md", blob(root, b"1")), ("100644", b"x.md", blob(root, b"2"))]
    snapshot = folder(root, *rows).at("main")
    assert [f.rule for f in snapshot.findings] == ["duplicate-entry"]
    assert [e.path for e in snapshot.entries] == ["articles/good.md", "articles/x.md"]


def test_unsorted_trees_are_sorted(root: Path) -> None:
    good = blob(root)
    articles = tree(root, ("100644", b"z.md", good), ("100644", b"a.md", good))
    snapshot = commit(root, tree(root, ("40000", b"articles", articles))).at("main")
    assert [e.path for e in snapshot.entries] == ["articles/a.md", "articles/z.md"]


def test_a_linked_root(root: Path) -> None:
    snapshot = commit(root, tree(root, ("120000", b"articles", blob(root)))).at("main")
    assert [(f.rule, f.location.path) for f in snapshot.findings] == [("symlink", "articles")]


def test_a_bomb_of_twelve_objects(root: Path) -> None:
    inner = tree(root, *[("100644", b"f%d" % n, blob(root)) for n in range(10)])
    for _ in range(9):
        inner = tree(root, *[("40000", b"d%d" % n, inner) for n in range(10)])
    repository = commit(root, tree(root, ("40000", b"articles", inner)))
    start = time.monotonic()
    snapshot = repository.at("main")
    assert [f.rule for f in snapshot.findings] == ["too-many-entries"]
    assert snapshot.key
    assert time.monotonic() - start < 20


def test_folders_without_end(root: Path) -> None:
    inner = tree(root, ("100644", b"f", blob(root)))
    for _ in range(40):
        inner = tree(root, ("40000", b"d", inner))
    snapshot = commit(root, tree(root, ("40000", b"articles", inner))).at("main")
    assert [(f.rule, f.location.path) for f in snapshot.findings] == [("too-deep", "articles" + "/d" * 12)]


def test_time_runs_out(root: Path) -> None:
    repository = folder(root)
    tip = repository.tip()
    assert tip
    reader = TreeReader(repository._objects, Caps(seconds=-1))
    with pytest.raises(UnableError, match="took longer"):
        reader.walk(tip.tree, "")


def test_each_tree_is_read_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = Objects.read

    def counting(self: Objects, oids, limit=0, kind="blob"):
        asked.extend(oids := list(oids))
        return read(self, oids, limit, kind)

    repository = folder(root)
    run_git(root, "update-ref", "refs/heads/other", run_git(root, "commit-tree", "-m", "2", "main^{tree}"))
    monkeypatch.setattr(Objects, "read", counting)
    assert repository.at("main").entries == repository.at("other").entries
    trees = [o for o in asked if run_git(root, "cat-file", "-t", o) == "tree"]
    assert len(trees) == len(set(trees)) == 2


def test_a_malformed_tree_is_an_error_that_names_it(root: Path) -> None:
    bad = run_git(root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=b"100644 x\0short")
    repository = commit(root, tree(root, ("40000", b"articles", bad)))
    with pytest.raises(UnableError, match=bad):
        repository.at("main").entries  # noqa: B018 - reading it is the test


def test_a_blob_where_a_folder_should_be(root: Path) -> None:
    oid = blob(root)
    repository = commit(root, tree(root, ("40000", b"articles", oid)))
    with pytest.raises(UnableError, match=f"{oid}.* is a blob, expected a tree"):
        repository.at("main").entries  # noqa: B018 - reading it is the test


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=200)
def test_any_bytes_are_a_tree_or_a_value_error(data: bytes) -> None:
    try:
        rows = parse_tree(data, 20)
    except ValueError:
        return
    assert b"".join(b"%o " % m + n + b"\0" + bytes.fromhex(o) for m, n, o in rows).count(b"\0") >= len(rows)
    listing(data, 20)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=12)


@given(st.lists(NAMES, unique=True, max_size=8))
@settings(deadline=None, max_examples=200)
def test_every_name_is_kept_reported_or_a_dropping(names: list[str]) -> None:
    raw = sorted(n.encode() for n in names)
    here = listing(b"".join(b"100644 " + n + b"\0" + b"1" * 20 for n in raw), 20)
    assert {n[0] for n in here.files} <= set(names)
    folded = [n[0].casefold() for n in here.files]
    assert len(folded) == len(set(folded))
    assert all((path + message).isprintable() for path, _, message, _ in here.odd)


def test_a_remembered_key_spares_the_walk(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"articles/x.md": b"1"}, name="remembered")
    first = Repository.discover(root).at("main").key
    again = Repository.discover(root).at("main")
    assert again.key == first
    assert "_walked" not in again.__dict__
    (root / ".git/newsrepo/tree-keys").write_bytes(b"garbage")
    assert Repository.discover(root).at("main").key == first


@pytest.mark.parametrize("at", range(0, 140, 9))
def test_a_flipped_byte_in_the_memory_of_keys_is_noticed(make_repo: Callable[..., Path], at: int) -> None:
    root = make_repo({"articles/x.md": b"1"})
    first = Repository.discover(root).at("main").key
    memory = root / ".git/newsrepo/tree-keys"
    data = bytearray(memory.read_bytes())
    data[at % len(data)] ^= 4
    memory.write_bytes(data)
    assert Repository.discover(root).at("main").key == first


def test_a_later_commit_is_another_key(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"articles/x.md": b"1"})
    repository = Repository.discover(root)
    first = repository.at("main")
    put(root, {"articles/x.md": b"2"})
    commit_all(root)
    assert repository.at("main").key != first.key
    assert repository.at("main~1").key == first.key
