"""One suite of promises, kept by the working tree, the staging area, a ref and memory alike."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.errors import UnableError
from newsrepo.gitstore import MemorySnapshot, Repository, Snapshot, blob_id
from newsrepo.ids import Oid

FILES = {
    "newsrepo.yaml": b"name: Test\n",
    "articles/abc/2026/dock-strike/index.md": b"---\ntitle: Dock strike\n---\nText.\n",
    "articles/abc/2026/dock-strike/pier.jpg": bytes(range(256)) * 20,
    "articles/abc/2026/empty/index.md": b"",
    "contingents/abc.yaml": b"name: ABC\n",
    "ratings/abc/ann/2026-05.yaml": b"ratings: []\n",
    "README.md": b"no record\n",
    "templates/page.html": b"no record either\n",
}
RECORDS = sorted(p for p in FILES if p not in ("README.md", "templates/page.html"))

Make = Callable[[dict[str, bytes]], Snapshot]


@pytest.fixture(
    params=["memory", "worktree", "staged", "ref", "sha256 worktree", "sha256 ref", "linked worktree"]
)
def make(request: pytest.FixtureRequest, make_repo: Callable[..., Path], tmp_path: Path) -> Make:
    """Makes a snapshot of one kind from files."""
    kind: str = request.param

    def build(files: dict[str, bytes]) -> Snapshot:
        if kind == "memory":
            return MemorySnapshot(files)
        if kind.startswith("sha256"):
            root = tmp_path / "repo"
            root.mkdir()
            run_git(root, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
            put(root, files)
            commit_all(root)
        else:
            root = make_repo(files)
        if kind == "linked worktree":
            run_git(root, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
            root = tmp_path / "linked"
        repository = Repository.discover(root / "articles" if (root / "articles").exists() else root)
        assert repository.root == root
        if kind == "staged":
            return repository.staged()
        return repository.at("main") if kind.endswith("ref") else repository.worktree()

    return build


def test_of_nothing(make: Make) -> None:
    snapshot = make({})
    assert snapshot.entries == ()
    assert snapshot.findings == ()
    assert not snapshot.dirty
    assert list(snapshot.read([])) == []


def test_entries_are_the_records_in_order(make: Make) -> None:
    snapshot = make(FILES)
    assert [e.path for e in snapshot.entries] == RECORDS
    assert snapshot.findings == ()
    algorithm = "sha256" if len(snapshot.entries[0].oid) == 64 else "sha1"
    for entry in snapshot.entries:
        data = FILES[entry.path]
        assert entry.oid == blob_id(data, algorithm)
        assert entry.mode == 0o100644
        assert entry.size in (-1, len(data))


def test_read_gives_bytes_in_the_order_asked_repeats_included(make: Make) -> None:
    snapshot = make(FILES)
    asked = list(reversed(snapshot.entries)) * 2
    blobs = list(snapshot.read(e.oid for e in asked))
    assert [(b.oid, b.data, b.size) for b in blobs] == [
        (e.oid, FILES[e.path], len(FILES[e.path])) for e in asked
    ]


@pytest.mark.parametrize("times", [1, 40])
def test_what_is_over_the_limit_has_its_size_only(make: Make, times: int) -> None:
    snapshot = make(FILES)
    asked = list(snapshot.entries) * times
    for entry, blob in zip(asked, snapshot.read([e.oid for e in asked], limit=100), strict=True):
        data = FILES[entry.path]
        assert blob.size == len(data)
        assert blob.data == (data if len(data) <= 100 else None)


def test_reading_what_is_not_there_is_an_error_that_names_it(make: Make) -> None:
    snapshot = make(FILES)
    oid = Oid("1" * len(snapshot.entries[0].oid))
    with pytest.raises(UnableError, match=oid):
        list(snapshot.read([oid]))


def test_many_are_read_while_others_are_read(make: Make) -> None:
    files = {f"articles/abc/2026/a{n}/index.md": f"text {n}\n".encode() * (n % 7) for n in range(150)}
    snapshot = make(files)
    paths = {e.oid: e.path for e in snapshot.entries}
    oids = [e.oid for e in snapshot.entries]
    for outer in snapshot.read(oids):
        assert outer.data == files[paths[outer.oid]] or not outer.data
        (inner,) = snapshot.read(oids[:1])
        assert inner.data == files[paths[oids[0]]]


def test_keys_agree_on_equal_content_and_differ_otherwise(make: Make) -> None:
    files = {"articles/abc/2026/x/index.md": b"x", "newsrepo.yaml": b"y"}
    snapshot = make(files)
    if len(snapshot.entries[0].oid) == 40:
        assert snapshot.key == MemorySnapshot(files).key
    assert snapshot.key != MemorySnapshot({**files, "newsrepo.yaml": b"z"}).key
    assert snapshot.key != MemorySnapshot({**files, "comments/abc/2026/c.md": b""}).key


BAD_NAMES = {
    "line\nfeed.md": "line\\x0afeed.md",
    "esc\x1b[2J.md": "esc\\x1b[2J.md",
    "..\\..\\x": "..\\x5c..\\x5cx",
    "a.md:stream": "a.md:stream",
    "-rf": "-rf",
    "right\u202eto-left.md": "right\\u{202e}to-left.md",
    "zero\u200bwidth.md": "zero\\u{200b}width.md",
    "c1\x9b.md": "c1\\x9b.md",
    "dot.": "dot.",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_bad_names_are_reported_escaped_and_the_rest_goes_on(make: Make, name: str) -> None:
    snapshot = make({f"articles/abc/2026/x/{name}": b"bad", "articles/abc/2026/x/index.md": b"good"})
    assert [e.path for e in snapshot.entries] == ["articles/abc/2026/x/index.md"]
    (finding,) = snapshot.findings
    assert finding.rule == "bad-file-name"
    assert finding.location.path == f"articles/abc/2026/x/{BAD_NAMES[name]}"
    assert (finding.message + finding.location.path).isprintable()
    assert finding.hint


def test_in_a_folder_turned_away_nothing_more_is_said(make: Make) -> None:
    snapshot = make({"articles/a:b/c:d/index.md": b"", "articles/a:b/-x": b"", "articles/ok.md": b""})
    assert [e.path for e in snapshot.entries] == ["articles/ok.md"]
    assert [f.location.path for f in snapshot.findings] == ["articles/a:b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.md", "A.md"), ("caf\u00e9.md", "cafe\u0301.md"), ("stra\u00dfe.md", "STRASSE.md")],
)
def test_twins_are_reported_by_both_names(make: Make, one: str, other: str) -> None:
    snapshot = make({f"articles/{one}": b"1", f"articles/{other}": b"2", "articles/z.md": b""})
    (finding,) = snapshot.findings
    assert finding.rule == "twin-names"
    assert one in finding.message
    assert other in finding.message
    kept = {e.path for e in snapshot.entries}
    assert kept == {"articles/z.md", *([f"articles/{one}"] if one != "stra\u00dfe.md" else [])}


def test_twin_folders_lose_what_is_in_them(make: Make) -> None:
    snapshot = make({"articles/ABC/x.md": b"1", "articles/abc/x.md": b"2"})
    assert [e.path for e in snapshot.entries] == ["articles/abc/x.md"]
    assert [f.rule for f in snapshot.findings] == ["twin-names"]


def test_droppings_of_editors_are_passed_over(make: Make) -> None:
    names = [".index.md.swp", "index.md~", ".DS_Store", ".#index.md", "#index.md#", "Thumbs.db", ".gitkeep"]
    snapshot = make({f"articles/abc/{n}": b"junk" for n in names} | {"articles/abc/index.md": b""})
    assert [e.path for e in snapshot.entries] == ["articles/abc/index.md"]
    assert snapshot.findings == ()


def test_names_beyond_ascii_are_ordinary(make: Make) -> None:
    files = {"articles/abc/2026/x/\u4e2d\u6587 foto.jpg": b"1", "articles/abc/2026/x/\u00fcber.jpg": b"2"}
    snapshot = make(files)
    assert [e.path for e in snapshot.entries] == sorted(files)
    assert [b.data for b in snapshot.read(e.oid for e in snapshot.entries)] == [
        files[p] for p in sorted(files)
    ]


def test_other_writings_of_a_root_are_no_root(make: Make) -> None:
    snapshot = make({"Articles/x.md": b"", "article/x.md": b"", "newsrepo.yaml.orig": b""})
    assert (snapshot.entries, snapshot.findings) == ((), ())


def test_a_root_that_is_a_file_and_a_charter_that_is_a_folder(make: Make) -> None:
    snapshot = make({"articles": b"", "newsrepo.yaml/x": b""})
    assert [e.path for e in snapshot.entries] == ["articles", "newsrepo.yaml/x"]
