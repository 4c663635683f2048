"""What one look at the working tree finds without opening a file, and how it is remembered for the next."""

import os
import stat
import time
from functools import partial
from operator import itemgetter
from pathlib import Path

import msgspec
from msgspec import Struct

from newsrepo.gitstore import cache
from newsrepo.gitstore.budget import Caps
from newsrepo.gitstore.folders import Row, Walk, row_of
from newsrepo.gitstore.snapshot import RECORD_ROOTS
from newsrepo.location import Finding

TICK = 20_000_000
_COARSE = 2_000_000_000


class Survey(Struct, frozen=True):
    """What one look at the working tree found, no file read. ``folders`` hold `.gitignore` files too."""

    moment: int
    roots: tuple[int, ...]
    folders: list[str]
    folder_rows: list[Row]
    files: list[str]
    file_rows: list[Row]
    findings: tuple[Finding, ...]


class Kept(Struct, frozen=True, array_like=True):
    """What the cache holds: a survey with its rows packed, which is all that comparing them takes; the ids of
    its files ("" if not known) and their content key; what git ignores and why. ``calm``: no folder's row was
    racy then."""

    moment: int
    roots: tuple[int, ...]
    folders: list[str]
    folder_rows: bytes
    files: list[str]
    file_rows: bytes
    findings: tuple[Finding, ...]
    calm: bool
    oids: list[str]
    ignored: tuple[str, ...]
    rules: tuple[str, ...]
    key: str


_kept = msgspec.msgpack.Decoder(Kept)
unpack = msgspec.msgpack.Decoder(list[Row]).decode
pack = msgspec.msgpack.Encoder().encode


def is_racy(row: Row, moment: int) -> bool:
    """Whether a change after ``moment`` could leave the row as it is: the clock of files moves in ticks."""
    ctime = row[3]
    return ctime + (TICK if ctime % 1_000_000_000 else _COARSE) >= moment


def any_racy(rows: list[Row], moment: int) -> bool:
    """Whether any of the rows is racy."""
    if not rows or max(map(itemgetter(3), rows)) + _COARSE < moment:
        return False
    return any(is_racy(row, moment) for row in rows)


def look_again(top: bytes, kept: Kept | None) -> Survey | None:
    """The cached survey with fresh rows of files, if no folder changed; None means: list everything."""
    if kept is None or not kept.calm or kept.roots != _roots(top):
        return None
    moment = time.time_ns()
    try:
        root = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            status = partial(os.lstat, dir_fd=root)
            folder_rows = list(map(row_of, map(status, kept.folders)))
            packed = pack(folder_rows)
            if packed != kept.folder_rows:
                return None
            file_rows = list(map(row_of, map(status, kept.files)))
        finally:
            os.close(root)
    except OSError:
        return None
    if not all(map(stat.S_ISREG, set(map(itemgetter(0), file_rows)))):
        return None
    return Survey(moment, kept.roots, kept.folders, folder_rows, kept.files, file_rows, kept.findings)


def _roots(top: bytes) -> tuple[int, ...]:
    """What kind of thing each record root is, 0 where there is none: a new one shows in no other row."""
    kinds = []
    for name in RECORD_ROOTS:
        try:
            kinds.append(stat.S_IFMT(os.lstat(top + name.encode()).st_mode))
        except OSError:
            kinds.append(0)
    return tuple(kinds)


def look(top: bytes, caps: Caps) -> Survey:
    """List everything under the record roots. Nothing is opened but folders."""
    walk = Walk(top, caps)
    moment = time.time_ns()
    roots = _roots(top)
    walk.run()
    files = sorted(walk.files)
    folders = sorted(walk.folders)
    return Survey(
        moment,
        roots,
        [p for p, _ in folders],
        [r for _, r in folders],
        [p for p, _ in files],
        [r for _, r in files],
        tuple(walk.findings),
    )


def load(memory: Path) -> Kept | None:
    """What was remembered; None when it is not there, damaged, or of another version of the program."""
    data = cache.load(memory, "worktree")
    if data is None:
        return None
    try:
        return _kept.decode(data)
    except msgspec.MsgspecError:
        return None


def save(
    memory: Path,
    survey: Survey,
    oids: list[str],
    ignored: tuple[str, ...],
    rules: tuple[str, ...],
    key: str,
) -> None:
    """Remember a survey with what was found out about its files."""
    kept = Kept(
        survey.moment,
        survey.roots,
        survey.folders,
        pack(survey.folder_rows),
        survey.files,
        pack(survey.file_rows),
        survey.findings,
        not any_racy(survey.folder_rows, survey.moment),
        oids,
        ignored,
        rules,
        key,
    )
    cache.store(memory, "worktree", pack(kept))
