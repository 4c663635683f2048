"""The index is trusted for nothing but speed: lost, damaged, stale or shared, the answers stay the same."""

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from support import article, commons, files

from newsrepo.commons import Index, open_commons, store
from newsrepo.commons.index import KEPT_VIEWS
from newsrepo.errors import UnableError
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.snapshot import MemorySnapshot, blob_id
from newsrepo.ids import AxisId, FilterId, Oid

V = "1" * 40


def content(size=6, mark=0):
    made = {
        f"articles/c{n % 3}/2026/work-{n}/index.md": article(f"Work {n}", f"Text {n} on edition{mark} wages.")
        for n in range(size)
    }
    made["articles/c0/2026/broken/index.md"] = "---\ntitle: broken\n"
    made["articles/c0/2026/work-0/Bad Name.png"] = b"x"
    made["contingents/c0.yaml"] = "name: C0\n"
    made["filters/c0/daily.yaml"] = "title: Daily\ntrust: {c0: 1}\nselect: newsworthy>=1\n"
    made["comments/c1/2026/word.md"] = "---\non: c0/2026/work-0\ndate: 2026-05-04\nlang: en\n---\n\nWell.\n"
    made["ratings/c1/ann/2026-05.yaml"] = "ratings:\n" + "".join(
        f"  - {{article: c{n % 3}/2026/work-{n}, version: {V}, date: 2026-05-0{1 + n % 9},"
        f" values: {{newsworthy: {(n + mark) % 6}}}}}\n"
        for n in sorted(range(size), key=lambda n: f"c{n % 3}/2026/work-{n}")
    )
    return files(made)


def everything(view):
    """All that a commons says."""
    return (
        tuple(view.works.values()),
        view.findings,
        tuple(view.files.items()),
        view.charter,
        tuple(view.axes.items()),
        tuple(view.filters.items()),
        tuple(view.contingents.items()),
        view.remarks,
        sorted(view.ratings.standings(AxisId("newsworthy"), None), key=repr),
        sorted(view.search("wages", phrase=False)),
        sorted(view.search("edition1", phrase=False)),
        [view.ratings.given(work) for work in view.works],
    )


@pytest.fixture
def snapshot():
    return MemorySnapshot(content())


@pytest.fixture
def expected(snapshot):
    return everything(open_commons(snapshot, Index.memory()))


def test_what_is_there_is_read(expected):
    works, findings, *_ = expected
    assert [w.id for w in works][:2] == ["c0/2026/work-0", "c0/2026/work-3"]
    assert [f.rule for f in findings] == ["unclosed-front-matter", "bad-path"]
    assert len(expected[9]) == 6
    assert expected[10] == []


class Counting:
    """A snapshot that counts what is read of it."""

    def __init__(self, files_, label=""):
        self._inner = MemorySnapshot(files_, label)
        self.reads = []

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def read(self, oids, limit=32 << 20):
        for blob in self._inner.read(oids, limit):
            self.reads.append(blob.oid)
            yield blob


class Unread(Counting):
    @property
    def entries(self):
        raise AssertionError("an unchanged snapshot was listed")


def test_each_blob_is_parsed_once_and_an_unchanged_snapshot_not_even_listed(tmp_path, expected):
    index = Index.open(tmp_path / "i")
    first = Counting(content())
    assert everything(open_commons(first, index)) == expected
    assert len(set(first.reads)) == 12
    assert len(first.reads) == 12 + 6, "each once for its facts, articles once more to be searched"
    index.close()
    again = Unread(content())
    assert everything(open_commons(again, Index.open(tmp_path / "i"))) == expected
    assert again.reads == []
    changed = content() | {"articles/c1/2026/work-1/index.md": article("New", "Quite new.").encode()}
    third = Counting(changed)
    view = open_commons(third, Index.open(tmp_path / "i"))
    assert view.works["c1/2026/work-1"].title == "New"
    assert len(third.reads) == 1
    assert view.search("quite", phrase=False) == {"c1/2026/work-1"}
    assert third.reads == third.reads[:1] * 2


def test_nothing_is_read_for_searching_before_somebody_searches():
    snapshot = Counting(content())
    view = open_commons(snapshot, Index.memory())
    assert view.works
    assert view.findings
    assert len(snapshot.reads) == 12
    assert len(view.search("text", phrase=False)) == 6
    assert len(snapshot.reads) == 18


def test_views_live_side_by_side_and_name_their_source(expected):
    index = Index.memory()
    views = [open_commons(MemorySnapshot(content(mark=n), f"ref-{n}" if n else ""), index) for n in range(3)]
    for view in (*views, *reversed(views)):
        alone = everything(open_commons(view.snapshot, Index.memory()))
        assert everything(view) == alone
        assert {work.source for work in view.works.values()} == {view.snapshot.label}
        assert {f.location.source for f in view.findings} == {view.snapshot.label}
    assert everything(views[0]) == expected


def test_old_views_and_forgotten_blobs_are_dropped(tmp_path, monkeypatch):
    monkeypatch.setattr("newsrepo.commons.index.SPARE_FACTS", 20)
    path = tmp_path / "i"
    index = Index.open(path)
    for mark in range(40):
        view = open_commons(MemorySnapshot(content(mark=mark)), index)
        assert sorted(view.search(f"edition{mark}", phrase=False)) == sorted(view.works)
        assert len(list(view.ratings.standings(AxisId("newsworthy"), None))) == 6
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM part WHERE role = 'view'").fetchone()[0] <= 2 * KEPT_VIEWS
    assert db.execute("SELECT count(*) FROM part").fetchone()[0] < 150
    assert db.execute("SELECT count(*) FROM fact").fetchone()[0] <= 20 + 4 * 2 * KEPT_VIEWS * 12
    db.close()
    assert index.findings == ()


def test_a_commons_outlives_the_parts_it_was_made_of(tmp_path):
    index = Index.open(tmp_path / "i")
    old = open_commons(MemorySnapshot(content()), index)
    assert old.works
    for mark in range(1, 30):
        assert open_commons(MemorySnapshot(content(mark=mark)), index).works
    assert everything(old) == everything(open_commons(old.snapshot, Index.memory()))


# -- damage ----------------------------------------------------------------------------------------------


def made(path, snapshot):
    index = Index.open(path)
    everything(open_commons(snapshot, index))
    index.close()
    for suffix in ("-wal", "-shm", ".lock"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return path.read_bytes()


def test_damage_is_told_once_and_an_upgrade_not_at_all(tmp_path, snapshot, expected, monkeypatch):
    path = tmp_path / "i"
    path.write_bytes(made(path, snapshot).replace(b"Work 3", b"Work 4"))
    index = Index.open(path)
    assert everything(open_commons(snapshot, index)) == expected
    assert [f.rule for f in index.findings] == ["index-damaged"]
    index.close()
    path.write_bytes(b"junk" * 1000)
    index = Index.open(path)
    assert [f.rule for f in index.findings] == ["index-damaged"]
    index.close()
    monkeypatch.setattr(store, "stamp", lambda: "newsrepo of tomorrow")
    index = Index.open(path)
    assert everything(open_commons(snapshot, index)) == expected
    assert index.findings == ()


def answers(path, snapshot):
    index = Index.open(path)
    try:
        return everything(open_commons(snapshot, index))
    finally:
        index.close()


def test_deleted(tmp_path, snapshot, expected):
    path = tmp_path / "i"
    made(path, snapshot)
    path.unlink()
    assert answers(path, snapshot) == expected


@pytest.mark.parametrize("share", [0, 1, 100, 4095, 4096, 8192, 0.3, 0.5, 0.9, 0.999])
def test_truncated(tmp_path, snapshot, expected, share):
    path = tmp_path / "i"
    data = made(path, snapshot)
    path.write_bytes(data[: int(len(data) * share) if isinstance(share, float) else share])
    assert answers(path, snapshot) == expected


@pytest.mark.parametrize(
    "junk", [b"", b"not a database", b"\0" * 9000, b"SQLite format 3\0" + b"\xff" * 9000]
)
def test_replaced_by_junk(tmp_path, snapshot, expected, junk):
    path = tmp_path / "i"
    path.write_bytes(junk)
    Path(f"{path}-wal").write_bytes(b"\x37\x7f\x06\x82" + b"junk" * 2000)
    assert answers(path, snapshot) == expected


@pytest.mark.parametrize("seed", range(8))
def test_any_byte_flipped(tmp_path, snapshot, expected, seed):
    path = tmp_path / "i"
    data = made(path, snapshot)
    chance = random.Random(seed)
    places = [chance.randrange(len(data)) for _ in range(30)] if seed else [*range(100)][::4]
    for place in places:
        broken = bytearray(data)
        broken[place] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        for suffix in ("-wal", "-shm"):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        assert answers(path, snapshot) == expected, place


def test_every_row_that_lies_is_found_out(tmp_path, snapshot, expected):
    path = tmp_path / "i"
    data = made(path, snapshot)
    for table, column in (
        ("fact", "data"),
        ("part", "data"),
        ("fact", "oid"),
        ("part", "key"),
        ("meta", "value"),
    ):
        db = sqlite3.connect(path)
        rows = [row for (row,) in db.execute(f"SELECT rowid FROM {table}")] if table != "meta" else [None]
        db.close()
        for row in rows:
            path.write_bytes(data)
            for suffix in ("-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            db = sqlite3.connect(path)
            where = "1" if row is None else f"rowid = {row}"
            new = (
                "CAST(substr({0}, 1, length({0}) - 1) || X'7E' AS BLOB)" if column == "data" else "{0} || '0'"
            )
            db.execute(f"UPDATE {table} SET {column} = {new.format(column)} WHERE {where}")
            db.commit()
            db.close()
            assert answers(path, snapshot) == expected, (table, column, row)


def test_search_tables_that_lie_are_found_out(tmp_path, snapshot, expected):
    path = tmp_path / "i"
    made(path, snapshot)
    db = sqlite3.connect(path)
    db.execute("UPDATE search_data SET block = substr(block, 1, length(block) - 1) || X'00' WHERE id > 10")
    db.commit()
    db.close()
    assert answers(path, snapshot) == expected


def test_another_version_of_the_program_begins_anew(tmp_path, snapshot, expected, monkeypatch):
    path = tmp_path / "i"
    made(path, snapshot)
    monkeypatch.setattr(store, "stamp", lambda: "newsrepo of tomorrow")
    counted = Counting(content())
    assert answers(path, counted) == expected
    assert counted.reads


# -- surroundings ----------------------------------------------------------------------------------------


def test_a_place_where_nothing_can_be_written_costs_speed_and_says_so(tmp_path, snapshot, expected):
    (tmp_path / "file").write_bytes(b"")
    index = Index.open(tmp_path / "file" / "index.sqlite")
    assert index.in_memory
    assert [f.rule for f in index.findings] == ["index-unavailable"]
    assert everything(open_commons(snapshot, index)) == expected


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="rights do not bind this user")
def test_a_read_only_directory(tmp_path, snapshot, expected):
    made(tmp_path / "i", snapshot)
    tmp_path.chmod(0o500)
    try:
        index = Index.open(tmp_path / "i")
        assert everything(open_commons(snapshot, index)) == expected
        assert [f.rule for f in index.findings] == ["index-unavailable"]
    finally:
        tmp_path.chmod(0o700)


def test_a_writer_that_does_not_let_go(tmp_path, snapshot, expected, monkeypatch):
    monkeypatch.setattr(store, "BUSY_SECONDS", 0.05)
    path = tmp_path / "i"
    Index.open(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    index = Index.open(path)
    assert everything(open_commons(snapshot, index)) == expected
    assert [f.rule for f in index.findings] == ["index-unavailable"]
    other.execute("ROLLBACK")
    other.close()
    assert answers(path, snapshot) == expected


PRELUDE = """
import itertools, os, random, signal, sqlite3, sys, time
sys.path[:0] = {paths!r}
from pathlib import Path
from test_index import answers, content, everything
from newsrepo.commons import Index, open_commons
from newsrepo.gitstore.snapshot import MemorySnapshot
path, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
def fresh(mark):
    return everything(open_commons(MemorySnapshot(content(12, mark)), Index.memory()))
"""

WORKER = """
for mark in range(first, first + count):
    index = Index.open(path)
    assert everything(open_commons(MemorySnapshot(content(12, mark)), index)) == fresh(mark)
    assert not index.findings, index.findings
    index.close()
"""

KILLER = """
chance = random.Random(first)
killed = 0
for attempt in range(first, first + count):
    child = os.fork()
    if not child:
        try:
            for mark in itertools.count(attempt * 1000):
                index = Index.open(path)
                everything(open_commons(MemorySnapshot(content(12, mark)), index))
                index.close()
        finally:
            os._exit(1)
    time.sleep(chance.uniform(0.001, 0.02))
    os.kill(child, signal.SIGKILL)
    killed += os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    if attempt % 4 == 0:
        mark = attempt * 1000 + attempt % 3
        assert answers(path, MemorySnapshot(content(12, mark))) == fresh(mark), attempt
assert killed == count, killed
"""


def worker(task, path, first, count):
    here = Path(__file__).parent
    code = PRELUDE.format(paths=[str(here), str(here.parent), str(here.parent.parent)]) + task
    return subprocess.Popen(
        [sys.executable, "-c", code, str(path), str(first), str(count)], stderr=subprocess.PIPE
    )


@pytest.mark.parametrize("tasks", [(WORKER, WORKER), (WORKER, KILLER), (KILLER, KILLER)])
def test_two_processes_at_once(tmp_path, tasks):
    workers = [worker(task, tmp_path / "i", first, 20) for task, first in zip(tasks, (0, 10), strict=True)]
    said = [process.communicate(timeout=120)[1].decode() for process in workers]
    assert [process.returncode for process in workers] == [0, 0], said


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_killed_two_hundred_times_at_any_moment(tmp_path, snapshot, expected):
    path = tmp_path / "i"
    process = worker(KILLER, path, 0, 200)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors.decode()
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert answers(path, snapshot) == expected


# -- a commons in bad shape ------------------------------------------------------------------------------


def test_an_empty_commons():
    view = commons({}, charter=False)
    assert (dict(view.works), dict(view.files), view.findings, view.remarks) == ({}, {}, (), ())
    assert view.charter_or_none is None
    with pytest.raises(UnableError, match=r"newsrepo\.yaml is missing") as error:
        view.charter  # noqa: B018 - asking is the test
    assert "init" in error.value.hint


def test_a_broken_charter_leaves_the_rest_readable():
    view = commons({"newsrepo.yaml": "name: [\n", "articles/abc/2026/x/index.md": article()})
    assert list(view.works) == ["abc/2026/x"]
    assert dict(view.axes) == {}
    assert list(view.ratings.standings(AxisId("newsworthy"), None)) == []
    with pytest.raises(UnableError, match=r"newsrepo\.yaml:\d+:\d+") as error:
        view.charter  # noqa: B018 - asking is the test
    assert "check" in error.value.hint


def test_files_too_large_are_findings_and_are_not_read():
    view = commons({"articles/abc/2026/x/index.md": article(body="x" * (1 << 20))})
    assert [(f.rule, f.location.path) for f in view.findings] == [
        ("text-too-large", "articles/abc/2026/x/index.md")
    ]
    assert dict(view.works) == {}


def test_a_kept_source_must_hash_to_its_name():
    text = article("Cited")
    good = blob_id(text.encode())
    folder = "articles/abc/2026/x/sources"
    view = commons({f"{folder}/{good}.md": text, f"{folder}/{'0' * 40}.md": text})
    assert [(f.rule, f.location.path) for f in view.findings] == [
        ("source-does-not-hash", f"{folder}/{'0' * 40}.md")
    ]


def test_records_texts_and_media():
    png = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (3).to_bytes(4, "big") + (2).to_bytes(4, "big") + bytes(9)
    view = commons(
        {
            "articles/abc/2026/x/index.md": article("X", "The body."),
            "articles/abc/2026/x/a.png": png,
            "articles/abc/2026/x/b.png": b"<html>",
            "filters/abc/daily.yaml": "title: Daily\n",
        }
    )
    record = view.record("articles/abc/2026/x/index.md")
    assert record.body == "The body.\n"
    assert view.record("articles/abc/2026/none/index.md") is None
    assert view.record("articles/abc/2026/x/a.png") is None
    assert view.filters[FilterId("abc/daily")].title == "Daily"
    oid = view.files["filters/abc/daily.yaml"].oid
    assert list(view.texts([oid, oid])) == [(oid, b"title: Daily\n")] * 2
    with pytest.raises(UnableError):
        list(view.texts([Oid("f" * 40)]))
    with pytest.raises(UnableError, match="more than 3"):
        list(view.texts([oid], 3))
    assert (view.media("articles/abc/2026/x/a.png").width, view.media("articles/abc/2026/x/c.png")) == (
        3,
        None,
    )
    looked = list(view.look_at(["articles/abc/2026/x/b.png", "newsrepo.yaml", "articles/abc/2026/x/a.png"]))
    assert [path for path, _, _ in looked] == ["articles/abc/2026/x/b.png", "articles/abc/2026/x/a.png"]
    assert looked[0][2]
    assert looked[0][2][0].location.path == "articles/abc/2026/x/b.png"


# -- git -------------------------------------------------------------------------------------------------


def test_git_says_what_memory_says(tmp_path):
    repository = Repository.init(tmp_path / "r")
    everything_there = content()
    for path, data in everything_there.items():
        place = tmp_path / "r" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    index = Index.open(repository.state_dir / "index.sqlite")
    view = open_commons(repository.worktree(), index)
    memory = open_commons(MemorySnapshot(everything_there), Index.memory())
    assert everything(view) == everything(memory)
    assert view.key == memory.key
    (tmp_path / "r/articles/c1/2026/work-1/index.md").write_text(article("Changed"))
    again = open_commons(repository.worktree(), index)
    assert again.works["c1/2026/work-1"].title == "Changed"
