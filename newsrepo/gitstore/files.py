"""Writing files so that a crash leaves the old text or the new one, never half, and never two writers."""

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from newsrepo.errors import LockedError, NewsrepoError, UnableError

_TEMP = re.compile(r"\.newsrepo-([0-9]{1,10})-[0-9a-f]{16}\.tmp")

_WAYS_OUT = {
    errno.ENOSPC: "the disk is full: free some space",
    errno.EDQUOT: "your disk quota is used up: free some space",
    errno.EFBIG: "a limit on file sizes was reached: raise it (`ulimit -f`)",
    errno.EROFS: "the file system is read-only: work in a copy elsewhere",
    errno.EACCES: "permission is missing: check the owner and mode of the folder",
    errno.EPERM: "permission is missing: check the owner and mode of the folder",
    errno.ENOENT: "the folder does not exist: create it first",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EMFILE: "too many files are open: raise the limit (`ulimit -n`)",
}


def unable(verb: str, path: str | Path, error: OSError, intact: str) -> UnableError:
    """The error for a failed system call: what was tried on which path, what is intact, the way out."""
    fact = error.strerror or type(error).__name__
    return UnableError(
        f"cannot {verb} {os.fspath(path)!r}: {fact}; {intact}",
        _WAYS_OUT.get(error.errno or 0, "see whether the disk is in order, then run it again"),
    )


_PLAIN = (
    os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)


def read_plain(path: str | Path, limit: int = 256 << 20) -> bytes:
    """The bytes of a regular file. A link, pipe or device, or more than ``limit`` bytes, is an OSError."""
    file = os.open(path, _PLAIN)
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a plain file", os.fspath(path))
        parts = []
        left = limit + 1
        while left and (part := os.read(file, min(left, 1 << 20))):
            parts.append(part)
            left -= len(part)
    finally:
        os.close(file)
    if not left:
        raise OSError(errno.EFBIG, f"more than {limit} bytes", os.fspath(path))
    return b"".join(parts)


def write_atomic(path: str | Path, data: bytes, *, durable: bool = True) -> None:
    """Put ``data`` at ``path``, whole or not at all, also over an older file, whose mode is kept.

    ``durable`` waits until the disk has it; leave it off for caches only. Raises UnableError; the older
    file is then intact and no temporary file remains. Only a kill may leave one, for ``sweep`` to find.
    """
    target = os.fspath(path)
    try:
        mode = stat.S_IMODE(os.lstat(target).st_mode)
    except OSError:
        mode = None
    with _writing(target, "the earlier file is as it was"):
        temp = _write_temp(target, data, mode, durable)
        try:
            os.replace(temp, target)
        except BaseException:
            _discard(temp)
            raise
        if durable:
            _sync_folder(target)


def write_new(path: str | Path, data: bytes) -> None:
    """Put ``data`` at ``path`` where nothing stands yet, whole or not at all.

    Raises UnableError when something is there, which is left alone, or when it cannot be written.
    """
    target = os.fspath(path)
    with _writing(target, "nothing was written"):
        temp = _write_temp(target, data, None, durable=True)
        try:
            _place(temp, target)
        except FileExistsError as error:
            raise UnableError(
                f"{target!r} exists already and was left alone", "choose another name"
            ) from error
        finally:
            _discard(temp)
        _sync_folder(target)


def _place(temp: str, target: str) -> None:
    """Give the file its name unless the name is taken. A hard link does both in one step."""
    try:
        os.link(temp, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS):
            raise
        # No hard links here (FAT, say): reserve the name, then move the whole file over it.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666))
        try:
            os.replace(temp, target)
        except BaseException:
            _discard(target)
            raise


def sweep(folder: str | Path) -> int:
    """Remove what killed writers left in a folder; returns how many. Files of running processes stay."""
    removed = 0
    try:
        names = os.listdir(folder)
    except OSError:
        return 0
    for name in names:
        match = _TEMP.fullmatch(name)
        if match and not is_alive(int(match[1])):
            removed += _discard(os.path.join(folder, name))
    return removed


class Lock:
    """A lock on ``path`` for a ``with`` block, held by this process until it ends, however it ends.

    ``wait`` is in seconds. Raises LockedError naming the holder when it is still held after that, and
    UnableError when the lock file cannot be opened. The file itself stays.
    """

    def __init__(self, path: str | Path, wait: float = 0) -> None:
        self._path = os.fspath(path)
        self._wait = wait
        self._file = -1

    def __enter__(self) -> Self:
        import fcntl

        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise unable("lock", self._path, error, "nothing was changed") from error
        end = time.monotonic() + self._wait
        try:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= end:
                        raise self._held(file) from None
                    time.sleep(0.02)
            os.ftruncate(file, 0)
            os.pwrite(file, b"%d\n" % os.getpid(), 0)
        except OSError as error:
            os.close(file)
            raise unable("lock", self._path, error, "nothing was changed") from error
        except BaseException:
            os.close(file)
            raise
        self._file = file
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        file, self._file = self._file, -1
        os.close(file)

    def _held(self, file: int) -> LockedError:
        said = os.pread(file, 20, 0).strip()
        who = f"process {int(said)}" if said.isdigit() else "another process"
        return LockedError(
            f"{who} is at work here and holds {self._path!r}", "wait until it has ended, then run this again"
        )


@contextmanager
def hold_folder(path: str | Path) -> Iterator[None]:
    """Hold a folder for a ``with`` block, whoever comes by whatever way; nothing is left in it.

    Raises LockedError when it is held, UnableError when it cannot be opened. Where folders cannot be
    locked (some network file systems) it holds nothing.
    """
    import fcntl

    try:
        file = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise unable("open", path, error, "nothing was changed") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(
                f"another process is at work in {os.fspath(path)!r}",
                "wait until it has ended, then run this again",
            ) from None
        except OSError as error:
            if error.errno not in (errno.ENOTSUP, errno.ENOLCK, errno.EBADF, errno.EINVAL):
                raise unable("lock", path, error, "nothing was changed") from error
        yield
    finally:
        os.close(file)


@contextmanager
def _writing(target: str, intact: str) -> Iterator[None]:
    try:
        yield
    except NewsrepoError:
        raise
    except OSError as error:
        raise unable("write", target, error, intact) from error


def _write_temp(target: str, data: bytes, mode: int | None, durable: bool) -> str:
    folder = os.path.dirname(target) or "."
    temp = os.path.join(folder, f".newsrepo-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    file = os.open(temp, flags, 0o666)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(file, rest) :]
            if mode is not None:
                os.fchmod(file, mode)
            if durable:
                os.fsync(file)
        finally:
            os.close(file)
    except BaseException:
        _discard(temp)
        raise
    return temp


def _sync_folder(target: str) -> None:
    folder = os.open(os.path.dirname(target) or ".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot sync a folder
            raise
    finally:
        os.close(folder)


def _discard(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs, as far as can be told."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
