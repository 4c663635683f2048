"""A bounded walk over git's tree objects, so that a dozen hostile objects cannot become endless paths."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Protocol

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.budget import CAPS, Budget, Caps
from newsrepo.gitstore.names import gate, is_dropping, shown_path
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.snapshot import (
    EXECUTABLE,
    READ_LIMIT,
    RECORD_ROOTS,
    REGULAR,
    Blob,
    Entry,
    Tip,
    content_key,
    ordered,
)
from newsrepo.ids import Oid
from newsrepo.location import Finding, Location

_ROWS = {
    width: re.compile(
        rb"(40000|100644|100755) ([a-z0-9](?:[a-z0-9._-]{0,200}[a-z0-9_-])?)\0(.{%d})" % width, re.DOTALL
    )
    for width in (20, 32)
}
"""The rows of nearly all trees: everyday names and modes, which need no second look."""

_LONE = b"100644 index.md\0"
"""All that stands in most folders of articles, before the id."""

_FOLDER = 0o40000
_MODES = {b"40000": _FOLDER, b"100644": REGULAR, b"100755": EXECUTABLE}
_LINK = 0o120000
_MODULE = 0o160000


Node = tuple[str, int, Oid]
"""One name in a tree that passed the gate, its mode and id."""


class Listing(Struct, frozen=True, gc=False):
    """One tree object parsed: what may be used, and (name, rule, fact, way out) for what may not."""

    folders: tuple[Node, ...]
    files: tuple[Node, ...]
    odd: tuple[tuple[str, str, str, str], ...]


class KeyMemo(Protocol):
    """Remembers the content key of a root tree between runs; a wrong or lost memory must be noticed there."""

    def get(self, tree: Oid) -> str | None: ...
    def put(self, tree: Oid, key: str) -> None: ...


def parse_tree(data: bytes, width: int) -> list[tuple[int, bytes, Oid]]:
    """The entries of a raw tree object: (mode, name, id). Raises ValueError when malformed."""
    found = []
    at = 0
    end = len(data)
    find = data.find
    while at < end:
        space = find(b" ", at, at + 8)
        zero = find(b"\0", space + 1)
        stop = zero + 1 + width
        if space < 0 or zero < 0 or stop > end:
            raise ValueError(f"malformed at byte {at}")
        found.append((int(data[at:space], 8), data[space + 1 : zero], Oid(data[zero + 1 : stop].hex())))
        at = stop
    return found


def listing(data: bytes, width: int) -> Listing:
    """Parse one tree and put its names through the gate."""
    if data.startswith(_LONE) and len(data) == len(_LONE) + width:
        return Listing((), (("index.md", REGULAR, Oid(data[-width:].hex())),), ())
    folders: list[Node] = []
    files: list[Node] = []
    plain = _ROWS[width].findall(data)
    covered = (width + 2) * len(plain)
    for mode, name, oid in plain:
        covered += len(mode) + len(name)
        node = (name.decode("ascii"), _MODES[mode], Oid(oid.hex()))
        (folders if mode == b"40000" else files).append(node)
    if covered == len(data) and (len(plain) == 1 or len({name for _, name, _ in plain}) == len(plain)):
        return Listing(tuple(folders), tuple(files), ())
    folders, files = [], []
    odd: list[tuple[str, str, str, str]] = []
    rows = [(mode, raw.decode("utf-8", "surrogateescape"), oid) for mode, raw, oid in parse_tree(data, width)]
    rejected, news = gate("", [name for _, name, _ in rows], "")
    odd.extend((f.location.path, f.rule, f.message, f.hint) for f in news)
    seen: set[str] = set()
    for mode, name, oid in rows:
        if name in rejected or is_dropping(name):
            continue
        if name in seen:
            odd.append(
                (
                    shown_path(name),
                    "duplicate-entry",
                    "the tree lists this name twice",
                    "commit the file anew",
                )
            )
            continue
        seen.add(name)
        if mode == _FOLDER:
            folders.append((name, mode, oid))
        elif mode in (REGULAR, EXECUTABLE):
            files.append((name, mode, oid))
        else:
            odd.append((shown_path(name), *odd_mode(mode)))
    return Listing(tuple(folders), tuple(files), tuple(odd))


def odd_mode(mode: int) -> tuple[str, str, str]:
    """(rule, fact, way out) for a git mode that is neither a plain file nor a folder."""
    if mode == _LINK:
        return "symlink", "is a symbolic link, which is not followed", "put the file itself here"
    if mode == _MODULE:
        return "submodule", "is a submodule, which is not read", "put the files themselves here"
    return "odd-mode", f"has the file mode {mode:o}, expected 100644 or 100755", "commit the file anew"


class Start(Struct, frozen=True):
    """A root tree to walk; only folders that are ``wanted`` (by path) are entered, None enters all."""

    tree: Oid
    label: str
    wanted: Callable[[str], bool] | None = None


class Walked(Struct, frozen=True):
    """What a walk found: regular files by path, and what was odd."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]


class _Walk:
    """One walk on its way: the folders of the level that it has come to, and all that it found above."""

    def __init__(self, start: Start, caps: Caps) -> None:
        self.start = start
        self._caps = caps
        self.level: list[tuple[str, Oid]] = [("", start.tree)]
        self._found: list[Entry] = []
        self._findings: list[Finding] = []
        self._depth = 0
        self._budget = Budget(caps)

    def _tell(self, path: str, rule: str, message: str, hint: str) -> None:
        self._findings.append(Finding(rule, Location(path, source=self.start.label), message, hint))

    def step(self, known: dict[Oid, Listing], entered: set[tuple[str, Oid]] | None) -> None:
        """Go one level down; the trees of this one are known. ``entered``: folders not to enter again."""
        caps, wanted = self._caps, self.start.wanted
        below: list[tuple[str, Oid]] = []
        for prefix, oid in self.level:
            here = known[oid]
            folders, files, odd = here.folders, here.files, here.odd
            if not self._depth:
                folders = tuple(n for n in folders if n[0] in RECORD_ROOTS)
                files = tuple(n for n in files if n[0] in RECORD_ROOTS)
                odd = tuple(o for o in odd if o[0] in RECORD_ROOTS)
            if not self._budget.allows(prefix):
                continue
            if not self._budget.take(prefix, len(folders) + len(files) + len(odd)):
                shown = shown_path(prefix.rstrip("/")) or "."
                self._findings.append(self._budget.told(prefix, shown, self.start.label))
                continue
            if files:
                self._found += [Entry(prefix + name, mode, oid, -1) for name, mode, oid in files]
            if folders:
                next_ = [(f"{prefix}{name}/", oid) for name, _, oid in folders]
                if wanted is not None:
                    next_ = [node for node in next_ if wanted(node[0][:-1])]
                if entered is not None:
                    next_ = [node for node in next_ if node not in entered]
                    entered.update(next_)
                below += next_
            for path, rule, message, hint in odd:
                self._tell(shown_path(prefix) + path, rule, message, hint)
        self.level = below = [node for node in below if self._budget.allows(node[0])]
        self._depth += 1
        if below and self._depth > caps.depth:
            self._tell(
                shown_path(below[0][0].rstrip("/")),
                "too-deep",
                f"folders are nested more than {caps.depth} deep; what lies below is not read",
                "records lie at most six folders deep: move them",
            )
            self.level = []

    def done(self) -> Walked:
        self._found.sort(key=attrgetter("path"))
        return Walked(tuple(self._found), ordered(self._findings))


class TreeReader:
    """Reads trees by id, each once, whichever ref they belong to."""

    def __init__(self, objects: Objects, caps: Caps = CAPS) -> None:
        self._objects = objects
        self._known: dict[Oid, Listing] = {}
        self._caps = caps

    def _fetch(self, oids: Iterable[Oid]) -> None:
        wanted = sorted({oid for oid in oids if oid not in self._known})
        for blob in self._objects.read(wanted, self._caps.tree_bytes, "tree"):
            if blob.data is None:
                raise UnableError(f"tree {blob.oid} is larger than {self._caps.tree_bytes >> 20} MiB", "")
            try:
                self._known[blob.oid] = listing(blob.data, len(blob.oid) // 2)
            except ValueError as error:
                raise UnableError(
                    f"tree {blob.oid} is {error}",
                    "the object store is damaged: run `git fsck`, then fetch again",
                ) from error

    def walk(self, root: Oid, source: str) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
        """Every regular file under the record roots of a root tree, by path, and what was odd.

        Stops at the caps with one finding. Raises UnableError for a missing or damaged tree, and when it
        takes longer than the caps allow.
        """
        (found,) = self.walk_all([Start(root, source)])
        if isinstance(found, UnableError):
            raise found
        return found.entries, found.findings

    def walk_all(self, starts: Sequence[Start], *, once: bool = False) -> list[Walked | UnableError]:
        """Walk many root trees side by side, so that git is asked once a level and not once a tree.

        Each walk is bounded by itself (``walk``), and one that fails has its error in its place: it stops no
        other. With ``once`` a folder of the same path and tree is entered for the first of the walks alone.
        """
        end = time.monotonic() + self._caps.seconds
        failed: dict[int, UnableError] = {}
        entered: set[tuple[str, Oid]] | None = set() if once else None
        walks = [_Walk(start, self._caps) for start in starts]
        while going := [n for n, walk in enumerate(walks) if walk.level and n not in failed]:
            try:
                self._fetch(oid for n in going for _, oid in walks[n].level)
            except UnableError:  # at least one of them cannot go on: find out which
                failed |= self._fetch_each({n: walks[n] for n in going})
            for n in going:
                if n not in failed:
                    walks[n].step(self._known, entered)
            if time.monotonic() > end:
                late = {n for n in going if walks[n].level}
                failed |= {
                    n: UnableError(
                        f"reading the tree {starts[n].tree} took longer than {self._caps.seconds:g} s", ""
                    )
                    for n in late - failed.keys()
                }
        return [failed[n] if n in failed else walk.done() for n, walk in enumerate(walks)]

    def _fetch_each(self, walks: dict[int, _Walk]) -> dict[int, UnableError]:
        failed: dict[int, UnableError] = {}
        for n, walk in walks.items():
            try:
                self._fetch(oid for _, oid in walk.level)
            except UnableError as error:
                failed[n] = error
        return failed


class RefSnapshot:
    """A commit's files, read from the object store and never checked out."""

    dirty = False

    def __init__(self, label: str, tip: Tip, objects: Objects, trees: TreeReader, memo: KeyMemo) -> None:
        self.label = label
        self.tip = tip
        self._objects = objects
        self._trees = trees
        self._memo = memo

    @cached_property
    def _walked(self) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
        return self._trees.walk(self.tip.tree, self.label)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Regular files under the record roots, by path; sizes are not known before they are read."""
        return self._walked[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd in the tree."""
        return self._walked[1]

    @cached_property
    def key(self) -> str:
        """As for every snapshot; remembered by tree id, so that it seldom needs a walk."""
        known = self._memo.get(self.tip.tree)
        if known is None:
            known = content_key(self.entries)
            self._memo.put(self.tip.tree, known)
        return known

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs by id, in the order asked."""
        return self._objects.read(oids, limit)
