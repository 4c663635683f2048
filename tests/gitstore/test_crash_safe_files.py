"""Files that are written whole or not at all, whatever call fails and whenever the process is killed."""

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsrepo.errors import LockedError, UnableError
from newsrepo.gitstore import files
from newsrepo.gitstore.files import Lock, sweep, write_atomic, write_new


@given(st.binary(max_size=300), st.binary(max_size=300))
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_new_text_replaces_the_old(tmp_path: Path, old: bytes, new: bytes) -> None:
    path = tmp_path / "file"
    write_atomic(path, old)
    write_atomic(str(path), new)
    assert path.read_bytes() == new
    assert os.listdir(tmp_path) == ["file"]


def test_the_mode_is_kept_and_a_new_file_follows_the_mask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    before = os.umask(0o027)
    try:
        write_atomic(path, b"1")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o600)
        write_atomic(path, b"2")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        write_new(tmp_path / "new", b"")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
    finally:
        os.umask(before)


def test_a_name_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_atomic("file", b"x")
    write_new("other", b"y")
    assert sorted(os.listdir(tmp_path)) == ["file", "other"]


def test_write_new_leaves_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"the user's")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    for name in ("file", "link", "folder"):
        with pytest.raises(UnableError, match="exists already"):
            write_new(tmp_path / name, b"ours")
    assert path.read_bytes() == b"the user's"
    assert sorted(os.listdir(tmp_path)) == ["file", "folder", "link"]


def test_write_new_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    write_new(tmp_path / "file", b"x")
    assert (tmp_path / "file").read_bytes() == b"x"
    with pytest.raises(UnableError, match="exists already"):
        write_new(tmp_path / "file", b"y")
    assert os.listdir(tmp_path) == ["file"]
    assert (tmp_path / "file").read_bytes() == b"x"


class Failing:
    """Makes the k-th of the watched system calls fail."""

    WATCHED = ("open", "write", "fchmod", "fsync", "replace", "link")

    def __init__(self, patch: pytest.MonkeyPatch, at: int, number: int) -> None:
        self.calls = 0
        for name in self.WATCHED:
            patch.setattr(files.os, name, self._wrap(getattr(os, name), at, number))

    def _wrap(self, real: Callable[..., object], at: int, number: int) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            self.calls += 1
            if self.calls == at:
                raise OSError(number, os.strerror(number))
            return real(*args, **options)

        return call


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EDQUOT, errno.EIO]
)
@pytest.mark.parametrize("write", [write_atomic, write_new])
def test_each_call_may_fail(tmp_path: Path, write: Callable[[Path, bytes], None], number: int) -> None:
    path = tmp_path / "file"
    failed = 0
    for at in range(1, 20):
        if write is write_atomic:
            path.write_bytes(b"old")
        else:
            path.unlink(missing_ok=True)
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, at, number)
            try:
                write(path, b"new text")
            except UnableError as error:
                failed += 1
                said = error
        if failing.calls < at:
            break
        assert str(path) in said.message
        assert said.exit == 3
        assert said.hint
        whole = [b"old", b"new text"] if write is write_atomic else [None, b"new text"]
        assert (path.read_bytes() if path.exists() else None) in whole
        assert [n for n in os.listdir(tmp_path) if n != "file"] == []
    assert failed == at - 1 >= 5
    assert path.read_bytes() == b"new text"


def test_a_file_size_limit(tmp_path: Path) -> None:
    """The kernel's own EFBIG, in a process with a limit."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    code = (
        "import resource, sys; from newsrepo.gitstore import write_atomic; from newsrepo.errors import UnableError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_atomic(sys.argv[1], bytes(100_000))\n"
        "except UnableError as e: print(e.message, e.hint)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    ).stdout
    assert str(path) in out
    assert "as it was" in out
    assert "ulimit" in out
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(UnableError, match="permission"):
        write_atomic(tmp_path / "file", b"x")
    tmp_path.chmod(0o700)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnableError) as error:
        write_atomic(tmp_path / "no/file", b"x")
    assert "create it" in error.value.hint


KILLED = """
import sys; from newsrepo.gitstore import write_atomic, write_new
print("ready", flush=True)
n = 0
while True:
    n += 1
    write_atomic(sys.argv[1], (b"%d\\n" % n) * 5000, durable=n % 7 == 0)
"""


def test_killed_at_any_moment_nothing_is_torn(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for n in range(12):
        writer = subprocess.Popen([sys.executable, "-c", KILLED, path], stdout=subprocess.PIPE)
        with writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(0.003 * n)
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        if path.exists():
            lines = path.read_bytes().splitlines()
            assert len(lines) == 5000
            assert len(set(lines)) == 1
    sweep(tmp_path)
    assert os.listdir(tmp_path) == ["file"]


def test_sweeping_takes_what_the_dead_left_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dead = f".newsrepo-{gone.pid}-{'0' * 16}.tmp"
    living = f".newsrepo-{os.getpid()}-{'0' * 16}.tmp"
    others = [living, "x.tmp", ".newsrepo-1-x.tmp", f".newsrepo-{gone.pid}-{'0' * 16}.tmp.bak"]
    for name in (dead, *others):
        (tmp_path / name).write_text("")
    assert sweep(tmp_path) == 1
    assert sorted(os.listdir(tmp_path)) == sorted(others)
    assert sweep(tmp_path / "nowhere") == 0


# Locks

HOLD = """
import sys, time; from newsrepo.gitstore import Lock
with Lock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(path: Path, seconds: float) -> subprocess.Popen[bytes]:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path, str(seconds)], stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    return holder


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path, 60) as holder:
        with pytest.raises(LockedError, match=f"process {holder.pid} ") as error, Lock(path):
            raise AssertionError("held twice")
        assert error.value.exit == 75
        assert str(path) in error.value.message
        holder.kill()
    with Lock(path):
        assert path.read_text() == f"{os.getpid()}\n"


def test_waiting_for_a_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path, 0.2), Lock(path, wait=20):
        pass


def test_a_lock_is_free_after_an_error_and_can_be_taken_again(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    with pytest.raises(KeyError), lock:
        raise KeyError
    with lock:
        pass


def test_two_threads_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock"), pytest.raises(LockedError), Lock(tmp_path / "lock"):
        raise AssertionError("held twice")


@pytest.mark.parametrize("prepare", [lambda p: p.mkdir(), lambda p: p.symlink_to("/etc/passwd")])
def test_a_lock_file_that_cannot_be_one(tmp_path: Path, prepare: Callable[[Path], None]) -> None:
    path = tmp_path / "lock"
    prepare(path)
    with pytest.raises(UnableError, match="cannot lock"), Lock(path):
        raise AssertionError


def test_garbage_in_a_lock_file(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path, 60) as holder:
        path.write_bytes(b"\xff\x1b[2J")
        with pytest.raises(LockedError, match="another process"), Lock(path):
            raise AssertionError
        holder.kill()
