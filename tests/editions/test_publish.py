"""Publishing: only what changed is rendered, nothing is ever torn, and what isn't ours isn't touched."""

import errno
import hashlib
import json
import os
import random
import signal
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from newsrepo.editions import journal
from newsrepo.editions.journal import STAGE
from newsrepo.editions.manifest import NAME, is_safe_path, read_manifest
from newsrepo.editions.page import Page
from newsrepo.editions.publish import Memory, Published, is_ours, publish
from newsrepo.errors import UnableError
from newsrepo.ids import Oid


def page(path: str, body: str, *, needs: tuple[Oid, ...] = (), log: list[str] | None = None) -> Page:
    def render(blobs: object) -> bytes:
        if log is not None:
            log.append(path)
        assert isinstance(blobs, dict)
        return body.encode() + b"".join(blobs[oid] for oid in needs)

    return Page(path, hashlib.sha256(body.encode()).digest(), needs, render)


def texts(oids: Iterable[Oid]) -> Iterator[tuple[Oid, bytes]]:
    return ((oid, f"<{oid}>".encode()) for oid in oids)


def manifest(files: dict[str, str]) -> bytes:
    body = {
        "version": 1,
        "generator": "newsrepo test",
        "filter": "abc/daily",
        "filter_version": None,
        "today": "2026-11-20",
        "sources": [],
        "content": "k",
        "files": dict(sorted(files.items())),
    }
    return json.dumps(body).encode()


def put(pages: list[Page], out: Path, memory: Path | None = None, **options: object) -> Published:
    return publish(pages, out, texts=texts, manifest=manifest, memory=Memory(memory), **options)


def tree(out: Path) -> dict[str, bytes]:
    return {str(f.relative_to(out)): f.read_bytes() for f in sorted(out.rglob("*")) if f.is_file()}


def test_an_empty_edition_is_a_manifest(tmp_path: Path) -> None:
    done = put([], tmp_path / "out")
    assert list(tree(tmp_path / "out")) == [NAME]
    assert (done.rendered, done.written, done.deleted) == (0, (), ())


def test_pages_are_handed_their_blobs(tmp_path: Path) -> None:
    put([page("a/b.html", "x", needs=(Oid("1"), Oid("2")))], tmp_path)
    assert (tmp_path / "a/b.html").read_bytes() == b"x<1><2>"


def test_only_changed_pages_are_rendered(tmp_path: Path) -> None:
    out, memory, log = tmp_path / "out", tmp_path / "memory", list[str]()
    put([page("a", "1", log=log), page("b", "1", log=log)], out, memory)
    before = os.lstat(out / "a")
    done = put([page("a", "1", log=log), page("b", "2", log=log), page("c", "3", log=log)], out, memory)
    assert log == ["a", "b", "b", "c"]
    assert done.written == ("b", "c")
    after = os.lstat(out / "a")
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    out, memory, log = tmp_path / "out", tmp_path / "memory", list[str]()
    put([page("a", "1", log=log)], out, memory)
    stamp = os.lstat(out / NAME).st_mtime_ns
    done = put([page("a", "1", log=log)], out, memory)
    assert (log, done.rendered, done.written) == (["a"], 0, ())
    assert os.lstat(out / NAME).st_mtime_ns == stamp


def test_pages_that_left_are_deleted_with_their_empty_folders(tmp_path: Path) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory"
    put([page("x/y/z", "1"), page("a", "1")], out, memory)
    (out / "CNAME").write_text("kept: not ours")
    assert put([page("a", "1")], out, memory).deleted == ("x/y/z",)
    assert sorted(tree(out)) == ["CNAME", "a", NAME]
    assert not (out / "x").exists()


@pytest.mark.parametrize("harm", ["delete", "truncate", "grow", "link", "folder"])
def test_a_damaged_page_is_made_again(tmp_path: Path, harm: str) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory"
    put([page("a", "good"), page("b", "b")], out, memory)
    target = out / "a"
    if harm == "truncate":
        target.write_bytes(b"")
    elif harm == "grow":
        target.write_bytes(b"good and more")
    else:
        target.unlink()
    if harm == "link":
        (tmp_path / "secret").write_text("secret")
        target.symlink_to(tmp_path / "secret")
    if harm == "folder":
        target.mkdir()
        (target / "inside").write_text("x")
    assert put([page("a", "good"), page("b", "b")], out, memory).written == ("a",)
    assert target.read_bytes() == b"good"
    if harm == "link":
        assert (tmp_path / "secret").read_text() == "secret"


def test_a_folder_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    out, away = tmp_path / "out", tmp_path / "away"
    away.mkdir()
    put([page("a", "1")], out)
    (out / "sub").symlink_to(away)
    put([page("a", "1"), page("sub/page", "2")], out)
    assert list(away.iterdir()) == []
    assert (out / "sub/page").read_bytes() == b"2"


def test_a_lost_memory_costs_time_only(tmp_path: Path) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory"
    put([page("a", "1"), page("b", "2")], out, memory)
    for damage in (b"", b"junk" * 40, memory.read_bytes()[:-1]):
        memory.write_bytes(damage)
        done = put([page("a", "1"), page("b", "2")], out, memory)
        assert (done.rendered, done.written) == (2, ())


def test_the_memory_of_another_edition_is_not_believed(tmp_path: Path) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory"
    put([page("a", "1")], out, memory)
    (out / NAME).write_bytes(manifest({"a": "0" * 64}))
    assert put([page("a", "1")], out, memory).rendered == 1


def test_the_number_of_jobs_changes_no_byte(tmp_path: Path) -> None:
    pages = [page(f"p/{n:04}.html", f"page {n}", needs=(Oid(str(n)),)) for n in range(1000)]
    put(pages, tmp_path / "one", jobs=1)
    put(pages, tmp_path / "four", jobs=4)
    assert tree(tmp_path / "one") == tree(tmp_path / "four")
    assert len(tree(tmp_path / "one")) == 1001


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    put([page(f"{n}", "x") for n in range(200)], tmp_path, progress=lambda *at: seen.append(at))
    assert seen[-1] == (200, 200)
    assert seen == sorted(seen)


def test_a_failing_page_leaves_the_edition_as_it_was(tmp_path: Path) -> None:
    put([page("a", "1")], tmp_path)
    before = tree(tmp_path)

    def fail(_: object) -> bytes:
        raise UnableError("no")

    with pytest.raises(UnableError):
        put([page("a", "2"), Page("b", b"", (), fail)], tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EFBIG])
def test_a_full_disk_leaves_the_edition_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    put([page("a", "1")], tmp_path)
    before = tree(tmp_path)

    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code), "x")

    monkeypatch.setattr(journal.os, "fsync", fail)
    with pytest.raises(UnableError, match="could not write the edition"):
        put([page("a", "2")], tmp_path)
    monkeypatch.undo()
    assert tree(tmp_path) == before
    put([page("a", "2")], tmp_path)
    assert (tmp_path / "a").read_bytes() == b"2"


def test_every_step_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The k-th rename fails, for every k: each page is old or new, and the next run completes it."""
    old = [page(f"d{n}/p", "old") for n in range(4)]
    new = [page(f"d{n}/p", "new") for n in range(4)]
    replace = os.replace
    for fatal in range(6):
        out = tmp_path / str(fatal)
        put(old, out)
        calls = iter(range(100))

        def failing(source: str, target: str, calls: Iterator[int] = calls, fatal: int = fatal) -> None:
            if next(calls) == fatal:
                raise OSError(errno.EIO, "broken")
            replace(source, target)

        monkeypatch.setattr(journal.os, "replace", failing)
        with pytest.raises(UnableError):
            put(new, out)
        monkeypatch.undo()
        assert {(out / f"d{n}/p").read_bytes() for n in range(4)} <= {b"old", b"new"}
        put(new, out)
        assert {(out / f"d{n}/p").read_bytes() for n in range(4)} == {b"new"}
        assert not (out / STAGE).exists()


def test_sigkill_tears_nothing(tmp_path: Path) -> None:
    """200 kills at random moments: a reader meets whole pages only, and the next run completes."""
    out, memory, chance = tmp_path / "out", tmp_path / "memory", random.Random(7)

    def edition(number: int) -> list[Page]:
        return [page(f"p{n % 5}/{n}", f"{number}\n" + f"line {number}\n" * 300) for n in range(25)]

    put(edition(0), out, memory)
    started = time.perf_counter()
    put(edition(1), out, memory)
    length = time.perf_counter() - started
    killed = 0
    for number in range(2, 202):
        child = os.fork()
        if child == 0:
            try:
                put(edition(number), out, memory)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 1.2 * length))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        for n in range(25):
            body = (out / f"p{n % 5}/{n}").read_text()
            first = body.partition("\n")[0]
            assert body == f"{first}\n" + f"line {first}\n" * 300
        assert read_manifest(out) is not None
    assert killed > 50
    put(edition(999), out, memory)
    assert all(body.startswith(b"999\n") for path, body in tree(out).items() if path != NAME)
    assert not (out / STAGE).exists()


def test_a_damaged_journal_is_swept(tmp_path: Path) -> None:
    put([page("a", "1")], tmp_path)
    (tmp_path / STAGE).mkdir()
    (tmp_path / STAGE / "journal").write_bytes(b"x" * 50)
    put([page("a", "2")], tmp_path)
    assert sorted(tree(tmp_path)) == ["a", NAME]


def test_whose_directory_it_is(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    put([], tmp_path / "ours")
    names = ["absent", "empty", "full", "file", "ours"]
    assert [is_ours(tmp_path / name) for name in names] == [True, True, False, False, True]


def test_a_folder_with_a_planted_stage_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    (tmp_path / STAGE).mkdir()
    assert not is_ours(tmp_path)
    (tmp_path / STAGE / "journal").write_bytes(b"junk")
    assert not is_ours(tmp_path)


def test_a_first_run_killed_among_its_renames_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, replace, calls = tmp_path / "out", os.replace, iter(range(100))

    def failing(source: str, target: str) -> None:
        if next(calls) == 2:
            raise OSError(errno.EIO, "broken")
        replace(source, target)

    monkeypatch.setattr(journal.os, "replace", failing)
    with pytest.raises(UnableError):
        put([page("a", "1"), page("b", "2")], out)
    monkeypatch.undo()
    assert (out / "a").exists()
    assert not (out / NAME).exists()
    assert is_ours(out)
    put([page("a", "1"), page("b", "2")], out)
    assert sorted(tree(out)) == ["a", "b", NAME]


@pytest.mark.parametrize("path", ["../x", "/x", "a/../x", "..", "a/..", "./a", "a\nb", "", "a\\b", "C:x"])
def test_a_hostile_manifest_deletes_nothing_outside(tmp_path: Path, path: str) -> None:
    assert not is_safe_path(path)
    out = tmp_path / "out"
    out.mkdir()
    (tmp_path / "x").write_text("safe")
    (out / NAME).write_bytes(manifest({path: "0" * 64}))
    put([page("a", "1")], out)
    assert (tmp_path / "x").read_text() == "safe"
