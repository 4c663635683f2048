"""The working tree as it is on disk: no filter runs, no link is followed, git's index is not touched.

Blob ids are remembered with the file's status, so that a second look costs one ``lstat`` a file; folders are
remembered too, so that an unchanged tree need not even be listed.
"""

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.budget import CAPS, Caps
from newsrepo.gitstore.files import unable
from newsrepo.gitstore.folders import Row, row_of
from newsrepo.gitstore.names import shown_path
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.snapshot import (
    EXECUTABLE,
    READ_LIMIT,
    REGULAR,
    Blob,
    Entry,
    Tip,
    content_key,
    ordered,
)
from newsrepo.gitstore.survey import (
    Kept,
    Survey,
    any_racy,
    is_racy,
    load,
    look,
    look_again,
    pack,
    save,
    unpack,
)
from newsrepo.ids import Oid
from newsrepo.location import Finding, Location

_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK = 1 << 20
HELD_BYTES = 48 << 20
"""How many bytes of texts a snapshot holds that it read to identify them, so that they are not read again."""
_TEXTS = (".md", ".yaml")


class Stamp(Struct, frozen=True):
    """A cheap identity of the working tree: equal stamps mean that nothing changed.

    ``racy`` means that something changed so lately that a further change might not show: do not keep it.
    """

    value: str
    racy: bool


class _Ignored:
    """Paths that git ignores: files, and folders with everything below."""

    def __init__(self, listed: tuple[str, ...]) -> None:
        self._files = frozenset(p for p in listed if not p.endswith("/"))
        self._folders = frozenset(p[:-1] for p in listed if p.endswith("/"))

    def __bool__(self) -> bool:
        return bool(self._files or self._folders)

    def __contains__(self, path: str) -> bool:
        if path in self._files:
            return True
        while self._folders and path:
            if path in self._folders:
                return True
            path = path.rpartition("/")[0]
        return False


class _Identified(NamedTuple):
    """Of surveyed files the ids ("" for none) and rows, what was odd, and the first texts, up to a limit."""

    oids: list[str]
    rows: list[Row]
    findings: list[Finding]
    texts: dict[Oid, bytes]


class Listed:
    """The files that count, what was odd, and the bytes of texts that had to be read, as far as held."""

    def __init__(
        self, files: list[str], found: _Identified, findings: tuple[Finding, ...], key: str = ""
    ) -> None:
        self.findings = findings
        self.texts = found.texts
        self._files = files
        self._found = found
        self._key = key

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """One for each file with an id, by path."""
        return tuple(
            [
                Entry(path, EXECUTABLE if row[0] & 0o100 else REGULAR, Oid(oid), row[1])
                for path, row, oid in zip(self._files, self._found.rows, self._found.oids, strict=True)
                if oid
            ]
        )

    @cached_property
    def key(self) -> str:
        """Their content key, which is remembered for files that did not change."""
        return self._key or content_key(self.entries)


_SAME_MOMENT = 2_000_000_000
"""Nanoseconds for which a listing may rest on what a stamp saw."""


class Worktree:
    """Looks at one working tree; shared by the snapshot and the stamp."""

    def __init__(
        self,
        root: Path,
        memory: Path,
        rules: Callable[[], tuple[str, ...]],
        ignored: Callable[[], tuple[str, ...]],
        algorithm: Callable[[], str],
        caps: Caps = CAPS,
    ) -> None:
        self._root = os.fsencode(root) + b"/"
        self._memory = memory
        self._rules = rules
        self._ignored = ignored
        self._algorithm = algorithm
        self._caps = caps
        self._stamped: tuple[Survey, bool] | None = None

    def stamp(self, standing_on: str) -> Stamp:
        """See Stamp; ``standing_on`` names the commit. Reads no file but the cache and starts no process."""
        kept = load(self._memory)
        again = look_again(self._root, kept)
        survey = again or look(self._root, self._caps)
        self._stamped = survey, again is not None
        seen = (
            standing_on,
            self._rules(),
            survey.roots,
            survey.folders,
            survey.folder_rows,
            survey.files,
            survey.file_rows,
            survey.findings,
        )
        racy = any(any_racy(rows, survey.moment) for rows in (survey.folder_rows, survey.file_rows))
        return Stamp(hashlib.sha256(pack(seen)).hexdigest(), racy)

    def listed(self) -> Listed:
        """Every regular file under the record roots that git does not ignore, and what was odd.

        Lists what a stamp saw just before, so that both speak of the same moment and look once.
        """
        kept = load(self._memory)
        stamped, self._stamped = self._stamped, None
        if stamped and 0 <= time.time_ns() - stamped[0].moment < _SAME_MOMENT:
            survey, again = stamped
        else:
            looked = look_again(self._root, kept)
            survey, again = looked or look(self._root, self._caps), looked is not None
        rules = self._rules()
        same = kept is not None and again and kept.rules == rules
        ignored = kept.ignored if kept and same else self._ignored()
        left_out = _Ignored(ignored)
        if kept and same and self._unchanged(kept, survey, left_out):
            key = kept.key
            found = _Identified(kept.oids, survey.file_rows, list(survey.findings), {})
        else:
            key = ""
            found = self._identify(kept, survey, left_out)
        odd = [f for f in found.findings if not left_out or f.location.path not in left_out]
        listed = Listed(survey.files, found, ordered(odd), key)
        if not key:
            seen = msgspec.structs.replace(survey, file_rows=found.rows)
            save(self._memory, seen, found.oids, ignored, rules, listed.key)
        return listed

    def _unchanged(self, kept: Kept, survey: Survey, left_out: _Ignored) -> bool:
        """Whether the kept ids are those of the files just surveyed, every one."""
        return (
            pack(survey.file_rows) == kept.file_rows
            and not any_racy(survey.file_rows, kept.moment)
            and (bool(left_out) or "" not in kept.oids)
        )

    def _identify(self, kept: Kept | None, survey: Survey, left_out: _Ignored) -> _Identified:
        """See _Identified; files are read as far as the cache does not know them."""
        known: dict[str, tuple[Row, str]] = {}
        if kept:
            known = dict(zip(kept.files, zip(unpack(kept.file_rows), kept.oids, strict=True), strict=True))
        trusted = kept.moment if kept else 0
        algorithm = self._algorithm()
        findings = list(survey.findings)
        oids: list[str] = []
        rows: list[Row] = []
        texts: dict[Oid, bytes] = {}
        room = HELD_BYTES
        unknown: tuple[Row | None, str] = (None, "")
        for path, row in zip(survey.files, survey.file_rows, strict=True):
            oid = ""
            now = row
            if not left_out or path not in left_out:
                before, oid = known.get(path, unknown)
                if before != row or not oid or is_racy(row, trusted):
                    try:
                        oid, now, data = self._hash(path, algorithm)
                    except FileNotFoundError:
                        oid = ""
                    except _Turned as turned:
                        findings.append(turned.finding)
                        oid = ""
                    else:
                        if data is not None and len(data) <= room:
                            room -= len(data)
                            texts[Oid(oid)] = data
            oids.append(oid)
            rows.append(now)
        return _Identified(oids, rows, findings, texts)

    def _hash(self, path: str, algorithm: str) -> tuple[Oid, Row, bytes | None]:
        """The blob id of a file, the status it had while being read, and its bytes if they are few text."""
        for _ in range(3):
            try:
                file = os.open(self._root + path.encode(), _OPEN)
            except FileNotFoundError:
                raise
            except OSError as error:
                raise _Turned(
                    "unreadable-file", path, f"cannot be read: {error.strerror}", "check its mode"
                ) from error
            try:
                before = os.fstat(file)
                if not stat.S_ISREG(before.st_mode):
                    raise _Turned(
                        "special-file", path, "is no regular file any more", "put a plain file here"
                    )
                digest = hashlib.new(algorithm, b"blob %d\0" % before.st_size, usedforsecurity=False)
                left = before.st_size
                chunk = b""
                while left >= 0:
                    asked = min(left, _CHUNK) + 1
                    chunk = os.read(file, asked)
                    digest.update(chunk)
                    left -= len(chunk)
                    if not chunk or (left <= 0 and len(chunk) < asked):
                        break  # a short read at the expected end: there is no more
                row = row_of(os.fstat(file))
            except OSError as error:
                raise _Turned(
                    "unreadable-file", path, f"cannot be read: {error.strerror}", "check the disk"
                ) from error
            finally:
                os.close(file)
            if left == 0 and row == row_of(before):
                whole = len(chunk) == before.st_size and path.endswith(_TEXTS)
                return Oid(digest.hexdigest()), row, chunk if whole else None
        raise _changed(path)

    def read(self, path: str, limit: int) -> tuple[int, bytes | None]:
        """A file's size and bytes (None over the limit). Raises UnableError when it cannot be read."""
        try:
            file = os.open(self._root + path.encode(), _OPEN)
        except FileNotFoundError as error:
            raise _changed(path) from error
        except OSError as error:
            raise unable("read", path, error, "nothing was changed") from error
        with os.fdopen(file, "rb", buffering=0) as stream:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise _changed(path)
            if status.st_size > limit:
                return status.st_size, None
            try:
                data = stream.read(status.st_size + 1) or b""
            except OSError as error:
                raise unable("read", path, error, "nothing was changed") from error
        return len(data), data


class _Turned(Exception):  # noqa: N818 - carries a finding to the place that collects them
    def __init__(self, rule: str, path: str, fact: str, hint: str) -> None:
        super().__init__(fact)
        self.finding = Finding(rule, Location(shown_path(path)), fact, hint)


def _changed(path: str) -> UnableError:
    return UnableError(
        f"{path} changed while it was being read", "run it again when nothing writes to the folder"
    )


class WorktreeSnapshot:
    """The working tree at the moment it was first looked at."""

    label = ""

    def __init__(
        self,
        tree: Worktree,
        tip: Callable[[], Tip | None],
        tip_key: Callable[[Tip], str],
        objects: Objects,
        algorithm: Callable[[], str],
    ) -> None:
        self._tree = tree
        self._tip = tip
        self._tip_key = tip_key
        self._objects = objects
        self._algorithm = algorithm

    @cached_property
    def tip(self) -> Tip | None:
        """HEAD; None before the first commit."""
        return self._tip()

    @cached_property
    def _listed(self) -> Listed:
        return self._tree.listed()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Regular files under the record roots that git does not ignore, by path."""
        return self._listed.entries

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd in the working tree."""
        return self._listed.findings

    @cached_property
    def key(self) -> str:
        """As for every snapshot."""
        return self._listed.key

    @cached_property
    def dirty(self) -> bool:
        """Whether its files differ from those of HEAD."""
        if self.tip is None:
            return bool(self.entries)
        return self.key != self._tip_key(self.tip)

    @cached_property
    def _paths(self) -> dict[Oid, str]:
        return {e.oid: e.path for e in reversed(self.entries)}

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs in the order asked: from the files, or from the object store for ids that no file has."""
        algorithm = self._algorithm()
        prefix = b"blob %d\0"
        new = getattr(hashlib, algorithm)
        held = self._listed.texts
        for oid in oids:
            text = held.get(oid)
            if text is not None:
                yield Blob(oid, len(text), text if len(text) <= limit else None)
                continue
            path = self._paths.get(oid)
            if path is None:
                yield from self._objects.read((oid,), limit)
                continue
            size, data = self._tree.read(path, limit)
            if data is not None and new(prefix % size + data, usedforsecurity=False).hexdigest() != oid:
                raise _changed(path)
            yield Blob(oid, size, data)
