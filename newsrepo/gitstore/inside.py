"""Reading in a folder that somebody else may have filled: through no link, no device, and never out of it.

Every folder on the way is opened by itself and may be no link, so that none can be swapped in between.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LIMIT: Final = 1 << 30
"""Bytes of one file that are read unless told otherwise."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20


@contextmanager
def open_inside(folder: str | Path, path: str) -> Iterator[int]:
    """A plain file at a relative path with ``/``, opened to read. Raises OSError for anything else there."""
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise OSError(errno.EINVAL, "not a path inside the folder", path)
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER, dir_fd=here)
            os.close(here)
            here = inner
        file = os.open(parts[-1], _FILE, dir_fd=here)
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
