"""One listing of the folders under the record roots: only folders are opened, and no link is followed."""

import os
import stat
from collections.abc import Callable
from itertools import islice
from operator import attrgetter

from newsrepo.errors import UnableError
from newsrepo.gitstore.budget import Budget, Caps
from newsrepo.gitstore.names import gate, is_dropping, shown_path
from newsrepo.gitstore.snapshot import RECORD_ROOTS
from newsrepo.location import Finding, Location

Row = tuple[int, int, int, int, int]
"""Mode, size, mtime and ctime in nanoseconds, inode: what changes when a file does."""


row_of: Callable[[os.stat_result], Row] = attrgetter(
    "st_mode", "st_size", "st_mtime_ns", "st_ctime_ns", "st_ino"
)
"""The row of a status."""


def blocking(path: str) -> UnableError:
    """Git opens what it takes for its rules and would wait for ever on a pipe, so it must not be asked."""
    return UnableError(
        f"{shown_path(path)} is no regular file, so what git ignores cannot be read", "remove it"
    )


class Walk:
    """One listing of the folders under the record roots."""

    def __init__(self, root: bytes, caps: Caps) -> None:
        self._root = root
        self._caps = caps
        self._budget = Budget(caps)
        self.files: list[tuple[str, Row]] = []
        self.folders: list[tuple[str, Row]] = []
        self.findings: list[Finding] = []

    def _tell(self, rule: str, path: str, fact: str, hint: str) -> None:
        self.findings.append(Finding(rule, Location(shown_path(path)), fact, hint))

    def run(self) -> None:
        """Fill files, folders and findings."""
        level: list[str] = []
        for name in RECORD_ROOTS:
            try:
                status = os.lstat(self._root + name.encode())
            except OSError:
                continue
            self._sort_in(name, status, level)
        depth = 0
        while level:
            if depth >= self._caps.depth:
                self._tell(
                    "too-deep",
                    level[0],
                    f"folders are nested more than {self._caps.depth} deep; what lies below is not read",
                    "records lie at most six folders deep: move them",
                )
                return
            below: list[str] = []
            for folder in level:
                if self._budget.allows(folder) and not self._list(folder, below):
                    self.findings.append(self._budget.told(folder, shown_path(folder)))
            level = [folder for folder in below if self._budget.allows(folder)]
            depth += 1

    def _sort_in(self, path: str, status: os.stat_result, below: list[str]) -> None:
        mode = status.st_mode
        if stat.S_ISREG(mode):
            self.files.append((path, row_of(status)))
        elif stat.S_ISDIR(mode):
            self.folders.append((path, row_of(status)))
            below.append(path)
        elif stat.S_ISLNK(mode):
            self._tell(
                "symlink", path, "is a symbolic link, which is not followed", "put the file itself here"
            )
        else:
            self._tell(
                "special-file", path, f"is a {_SPECIAL.get(stat.S_IFMT(mode), 'special file')}", "remove it"
            )

    def _list(self, folder: str, below: list[str]) -> bool:
        """Sort one folder's contents in; False, and nothing sorted in, when there are too many entries."""
        try:
            with os.scandir(self._root + folder.encode()) as scan:
                some = islice(scan, max(self._caps.entries, self._caps.ratings) + 1)
                found = [(e.name.decode("utf-8", "surrogateescape"), e) for e in some]
        except FileNotFoundError:
            return True
        except OSError as error:
            self._tell(
                "unreadable-file", folder, f"cannot be listed: {error.strerror}", "check the folder's mode"
            )
            return True
        if not self._budget.take(folder, len(found)):
            return False
        found.sort(key=lambda f: f[0])
        names = [name for name, _ in found]
        if ".git" in names:
            self._tell(
                "submodule", folder, "is a repository of its own, which is not read", "move it elsewhere"
            )
            return True
        rejected, news = gate(folder, names, "")
        self.findings += news
        for name, entry in found:
            if name in rejected:
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # it went away since the folder was listed
            if is_dropping(name):
                if name == ".gitignore":
                    if not stat.S_ISREG(status.st_mode) and not stat.S_ISLNK(status.st_mode):
                        raise blocking(f"{folder}/{name}")
                    self.folders.append((f"{folder}/{name}", row_of(status)))
                continue
            self._sort_in(f"{folder}/{name}", status, below)
        return True


_SPECIAL = {
    stat.S_IFIFO: "named pipe",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
}
