"""Reads somebody's site folder with care: nothing outside it, nothing special, nothing without bound."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from newsrepo.errors import UnableError, UsageError
from newsrepo.location import Finding, Location, Severity

MAX_FILES = 200_000
MAX_DEPTH = 40
MAX_TEXT = 2 << 20
MAX_FILE = 4 << 30
"""The largest file that is read piece by piece."""

# Built output, dependencies and caches: never somebody's own text.
_SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".cache",
        ".jekyll-cache",
        ".sass-cache",
        ".venv",
        "_site",
        "node_modules",
        "resources",
    ]
)


class Folder:
    """The regular files under one folder, as they were when it was listed."""

    def __init__(self, root: Path) -> None:
        """List ``root``. Raises UsageError when it is no folder, UnableError when it cannot be read."""
        if not root.is_dir():
            raise UsageError(f"{str(root)!r} is not a folder", "name the folder of the site's sources")
        self.root = root
        self.findings: list[Finding] = []
        self.sizes: dict[str, int] = {}
        self._list("", 0)
        self.paths = tuple(sorted(self.sizes))

    def _skip(self, path: str, why: str, hint: str = "") -> None:
        self.findings.append(
            Finding("import-skipped-file", Location(path), f"left out: {why}", hint, Severity.WARNING)
        )

    def _list(self, under: str, depth: int) -> None:
        try:
            with os.scandir(self.root / under) as scan:
                found = sorted(scan, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            if depth == 0:
                raise UnableError(f"cannot read {str(self.root)!r}: {error.strerror}") from None
            self._skip(under, f"the folder cannot be read ({error.strerror})")
            return
        for entry in found:
            path = f"{under}/{entry.name}" if under else entry.name
            if not _is_text(entry.name):
                self._skip(ascii(path)[1:-1], "its name is not UTF-8", "rename the file")
            elif entry.is_symlink():
                self._skip(path, "it is a symbolic link", "put a copy of the file in its place")
            elif entry.is_dir(follow_symlinks=False):
                if entry.name in _SKIPPED:
                    continue
                if depth >= MAX_DEPTH:
                    self._skip(path, f"it lies more than {MAX_DEPTH} folders deep")
                else:
                    self._list(path, depth + 1)
            elif not entry.is_file(follow_symlinks=False):
                self._skip(path, "it is not a regular file")
            elif len(self.sizes) >= MAX_FILES:
                raise UnableError(
                    f"{str(self.root)!r} holds more than {MAX_FILES} files", "import a part of it at a time"
                )
            else:
                self.sizes[path] = entry.stat(follow_symlinks=False).st_size

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a listed file. Raises UnableError when it has changed into something else or grown."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            handle = os.open(self.root / path, flags)
        except OSError as error:
            why = "it became a symbolic link" if error.errno == errno.ELOOP else error.strerror
            raise UnableError(f"cannot read {path!r}: {why}") from None
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnableError(f"cannot read {path!r}: it is not a regular file")
            data = file.read(limit + 1)
        if len(data) > limit:
            raise UnableError(f"{path!r} is larger than {limit} bytes")
        return data

    def texts(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of those of the given paths that exist and are not too large."""
        return {
            path: self.read(path, MAX_TEXT)
            for path in paths
            if path in self.sizes and self.sizes[path] <= MAX_TEXT
        }


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """One regular file, open for reading. Raises UsageError when it is none, UnableError when unreadable."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise UsageError(f"there is no {str(path)!r}", "name the file that was exported") from None
    except OSError as error:
        raise UnableError(f"cannot read {str(path)!r}: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UsageError(f"{str(path)!r} is no file", "name the file that was exported")
        if os.fstat(handle).st_size > MAX_FILE:
            raise UnableError(f"{str(path)!r} is larger than {MAX_FILE >> 30} GiB", "import it in parts")
        yield file
