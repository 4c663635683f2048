"""An overlay is what the snapshot below would be with the files written, and keeps a snapshot's promises."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import put

from newsrepo.errors import UnableError
from newsrepo.gitstore import Repository
from newsrepo.gitstore.overlay import OverlaySnapshot
from newsrepo.gitstore.snapshot import MemorySnapshot, blob_id
from newsrepo.ids import Oid

BASE = {"articles/abc/2026/x/index.md": b"old", "newsrepo.yaml": b"charter"}
NEW = {"articles/abc/2026/x/index.md": b"new", "articles/abc/2026/x/sources/y.md": b"kept"}


def test_it_is_the_snapshot_of_both() -> None:
    over = OverlaySnapshot(MemorySnapshot(BASE), NEW)
    plain = MemorySnapshot({**BASE, **NEW})
    assert (over.entries, over.key, over.dirty) == (plain.entries, plain.key, True)
    oids = [entry.oid for entry in over.entries]
    assert list(over.read(oids)) == list(plain.read(oids))


def test_what_was_written_over_can_still_be_read_and_what_is_nowhere_not() -> None:
    over = OverlaySnapshot(MemorySnapshot(BASE), NEW)
    assert [blob.data for blob in over.read([blob_id(b"old"), blob_id(b"new")])] == [b"old", b"new"]
    assert next(over.read([blob_id(b"new")], 2)).data is None
    with pytest.raises(UnableError):
        list(over.read([Oid("1" * 40)]))


def test_writing_the_files_makes_the_same_snapshot(make_repo: Callable[..., Path]) -> None:
    root = make_repo(BASE)
    with Repository.discover(root) as repository:
        over = OverlaySnapshot(repository.worktree(), NEW, repository.algorithm)
        assert over.tip == repository.tip()
        entries = over.entries
    put(root, NEW)
    with Repository.discover(root) as repository:
        written = repository.worktree()
        assert [(e.path, e.oid) for e in written.entries if "/sources/" not in e.path] == [
            (e.path, e.oid) for e in entries if "/sources/" not in e.path
        ]


def test_nothing_written_is_the_snapshot_itself() -> None:
    base = MemorySnapshot(BASE)
    over = OverlaySnapshot(base, {})
    assert (over.entries, over.key, over.findings, over.label) == (base.entries, base.key, base.findings, "")
