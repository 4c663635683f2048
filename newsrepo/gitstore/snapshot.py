"""What every reader above sees of a repository: regular files under the record roots, and what was odd there.

The working tree, the staging area, any ref and plain memory all keep one promise, tested by one suite.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.names import sift
from newsrepo.ids import Oid
from newsrepo.location import Finding

RECORD_ROOTS = (
    "articles",
    "challenges",
    "comments",
    "contingents",
    "filters",
    "ratings",
    "statements",
    "newsrepo.yaml",
)
"""Where records live; nothing else in a repository is looked at."""

READ_LIMIT = 32 << 20
"""Bytes of one blob that ``read`` hands out unless told otherwise."""

REGULAR = 0o100644
EXECUTABLE = 0o100755


class Entry(Struct, frozen=True, gc=False):
    """One regular file. ``mode`` is 0o100644 or 0o100755; ``size`` in bytes, -1 where it is not known yet."""

    path: str
    mode: int
    oid: Oid
    size: int


class Blob(Struct, frozen=True, gc=False):
    """One file's bytes; ``data`` is None when ``size`` is over the limit asked for."""

    oid: Oid
    size: int
    data: bytes | None


class Tip(Struct, frozen=True):
    """A commit: its id, its tree, and its committer date in UTC."""

    commit: Oid
    tree: Oid
    committed: datetime


class Snapshot(Protocol):
    """The files of a commons at one moment."""

    @property
    def key(self) -> str:
        """Equal keys mean equal paths and contents, whatever kind of snapshot they come from."""

    @property
    def label(self) -> str:
        """Empty for the working tree and memory, ``staged``, or the name of the ref."""

    @property
    def tip(self) -> Tip | None:
        """The commit it stands on; None in an empty repository and in memory."""

    @property
    def dirty(self) -> bool:
        """Whether it holds anything that its tip does not, or lacks anything."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Regular files under the record roots, ordered by path."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is there and is no entry: links, special files, submodules, bad or twin names; in order."""

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Stream blobs in the order asked. Raises UnableError for one that is missing, damaged or changed."""


def blob_id(data: bytes, algorithm: str = "sha1") -> Oid:
    """The id that git gives to these bytes as a blob; ``algorithm`` is ``sha1`` or ``sha256``."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(data), usedforsecurity=False)
    digest.update(data)
    return Oid(digest.hexdigest())


def content_key(entries: Iterable[Entry]) -> str:
    """The key of a snapshot from its ordered entries: a digest over paths and blob ids."""
    text = "".join([f"{e.path}\0{e.oid}\n" for e in entries])
    return "files:" + hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in their one order."""
    return tuple(sorted(findings, key=lambda f: f.order))


class MemorySnapshot:
    """A snapshot of plain values, for tests and previews; keeps the same promises as those read from git."""

    def __init__(self, files: Mapping[str, bytes], label: str = "", tip: Tip | None = None) -> None:
        self.label = label
        self.tip = tip
        self.dirty = bool(files)
        blobs = {path: Blob(blob_id(data), len(data), data) for path, data in files.items()}
        kept, findings = sift((p for p in sorted(files) if p.partition("/")[0] in RECORD_ROOTS), label)
        self.entries = tuple(Entry(p, REGULAR, blobs[p].oid, blobs[p].size) for p in kept)
        self.findings = ordered(findings)
        self.key = content_key(self.entries)
        self._blobs = {b.oid: b for b in blobs.values()}

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs in the order asked. Raises UnableError for an id that is not here."""
        for oid in oids:
            blob = self._blobs.get(oid)
            if blob is None:
                raise UnableError(f"object {oid} is not in this snapshot", "")
            yield blob if blob.size <= limit else Blob(oid, blob.size, None)
