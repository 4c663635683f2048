"""Reading in a folder that somebody else may have filled: through no link, no device, and never out of it.

Every folder on the way is opened by itself and may be no link, so that none can be swapped in between.
"""

import errno
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

LIMIT: Final = 1 << 30
"""Bytes of one file that are read unless told otherwise."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20


def _plain_name(name: str) -> str:
    if name in ("", ".", "..") or "/" in name:
        raise OSError(errno.EINVAL, "not a path inside the folder", name)
    return name


def _enter(folder: str | Path, path: str) -> int:
    """A folder inside, opened; empty is the folder itself."""
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in path.split("/") if path else ():
            inner = os.open(_plain_name(part), _FOLDER, dir_fd=here)
            os.close(here)
            here = inner
    except BaseException:
        os.close(here)
        raise
    return here


class Inside(NamedTuple):
    """What stands in a folder, by relative path with ``/``: sizes of plain files, and in a word all else.

    ``whole`` is false where there was more than one was willing to look at.
    """

    files: dict[str, int]
    odd: dict[str, str]
    whole: bool


def look_inside(folder: str | Path, most: int, leave: Collection[str] = ()) -> Inside:
    """All files in a folder and below, no more than ``most`` names; the folders in ``leave`` are passed over.

    Raises OSError where the folder itself cannot be read.
    """
    files: dict[str, int] = {}
    odd: dict[str, str] = {}
    waiting = [""]
    seen = 0
    while waiting:
        path = waiting.pop()
        try:
            here = _enter(folder, path)
        except OSError as error:
            if not path:
                raise
            odd[path] = f"a folder that cannot be read ({error.strerror})"
            continue
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    seen += 1
                    if seen > most:
                        return Inside(files, odd, whole=False)
                    name = f"{path}/{entry.name}" if path else entry.name
                    status = os.stat(entry.name, dir_fd=here, follow_symlinks=False)
                    if stat.S_ISDIR(status.st_mode):
                        if name not in leave:
                            waiting.append(name)
                    elif stat.S_ISREG(status.st_mode):
                        files[name] = status.st_size
                    else:
                        odd[name] = "a symbolic link" if stat.S_ISLNK(status.st_mode) else "no plain file"
        finally:
            os.close(here)
    return Inside(files, odd, whole=True)


@contextmanager
def open_inside(folder: str | Path, path: str) -> Iterator[int]:
    """A plain file at a relative path with ``/``, opened to read. Raises OSError for anything else there."""
    above, _, name = path.rpartition("/")
    here = _enter(folder, above)
    try:
        file = os.open(_plain_name(name), _FILE, dir_fd=here)
    finally:
        os.close(here)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "not a plain file", path)
        yield file
    finally:
        os.close(file)


def chunks(file: int, limit: int = LIMIT) -> Iterator[bytes]:
    """The bytes of an open file, piece by piece; more than ``limit`` is an OSError."""
    left = limit
    while part := os.read(file, _CHUNK):
        left -= len(part)
        if left < 0:
            raise OSError(errno.EFBIG, f"more than {limit} bytes")
        yield part


def read_inside(folder: str | Path, path: str, limit: int = LIMIT) -> bytes:
    """The bytes of a plain file in a folder. A link on the way or more than ``limit`` bytes is an OSError."""
    with open_inside(folder, path) as file:
        return b"".join(chunks(file, limit))
