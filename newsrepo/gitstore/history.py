"""Every revision of every article that a commit's history holds, found in one pass of ``git log``.

A pass for each file would cost minutes; one over all of them takes seconds, and is remembered by commit.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from newsrepo.errors import UnableError
from newsrepo.gitstore.cache import load, store
from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid, is_name, is_oid

ROOT = "articles"
_TEXT = b"/index.md"
_KIND = "history"
_MOST = 1000
_NEAR = 64
"""How many commits back a remembered pass is looked for."""

_SECONDS = 600
_NAME = 200
_COMMAND = (
    "log",
    "--format=%H %ct %an",
    "--encoding=UTF-8",
    "--raw",
    "-z",
    "--root",
    "-c",  # of a merge, only what differs from every parent: what the merge itself made
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--no-color",
    "--no-decorate",
    "--no-mailmap",
    "--no-notes",
    "--no-show-signature",
    "--full-history",  # also what a merge left out
    "--topo-order",
    "-O/dev/null",
)
"""Each setting of ``log`` and ``diff`` that a repository's configuration could turn is given here."""


class Revision(msgspec.Struct, frozen=True, array_like=True):
    """One commit that gave a file these bytes. ``version`` is the blob id; empty where the file was removed.

    ``committed`` is in seconds since 1970, ``author`` what the commit says of itself: neither proves a thing.
    """

    version: str
    commit: Oid
    committed: int
    author: str


class History(msgspec.Struct, frozen=True):
    """The revisions of each article's text, oldest first, by path.

    ``cut`` are the commits at which a shallow clone's history ends: what they hold is older than they are.
    """

    revisions: Mapping[str, tuple[Revision, ...]]
    cut: frozenset[Oid]

    def of(self, path: str) -> tuple[Revision, ...]:
        """The revisions of one file, oldest first; none for a file that was never committed."""
        return self.revisions.get(path, ())


class _Kept(msgspec.Struct, array_like=True):
    revisions: dict[str, tuple[Revision, ...]]
    cut: tuple[Oid, ...]


def history(git: Git, tip: Oid, memory: Path, shallow: Path, owner: str = "") -> History:
    """The history of the articles up to commit ``tip``; ``memory`` is the folder that remembers passes.

    With ``owner`` only that contingent's articles are followed, so that each of many forks of one commons is
    read for what it alone can say. ``shallow`` is git's list of commits at which the clone was cut. Raises
    UnableError when git fails.
    """
    if not is_oid(tip):
        raise ValueError(f"not a full commit id: {tip!r}")
    if owner and not is_name(owner):
        raise ValueError(f"not a contingent's id: {owner!r}")
    under = f"{ROOT}/{owner}" if owner else ROOT
    try:
        ends = shallow.read_bytes()
    except OSError:
        ends = b""
    name = _name(tip, under, ends)
    kept = _remembered(memory / name)
    if kept is None:
        kept = _grown(git, tip, under, memory, ends)
        if kept is not None:
            _remember(memory, name, kept)
    if kept is None:
        cut = tuple(Oid(line) for line in sorted(ends.decode("ascii", "replace").split()) if is_oid(line))
        _, out = git.run(*_COMMAND, tip, "--", under, seconds=_SECONDS)
        kept = _Kept(_by_path(_changes(out)), cut)
        _remember(memory, name, kept)
    return History(kept.revisions, frozenset(kept.cut))


def _name(tip: str, under: str, ends: bytes) -> str:
    return hashlib.sha256(f"{tip} {under}\n".encode("ascii") + ends).hexdigest()[:40]


def _grown(git: Git, tip: Oid, under: str, memory: Path, ends: bytes) -> _Kept | None:
    """A remembered pass of a commit just before, and what came since; None unless one line leads there.

    On one line what is older is the same in either pass, and all that is newer comes after it.
    """
    _, out = git.run("rev-list", "--parents", f"--max-count={_NEAR}", tip)
    base = ""
    for line in out.decode("ascii", "replace").splitlines():
        commit, *parents = line.split(" ")
        kept = _remembered(memory / _name(commit, under, ends)) if commit != tip else None
        if kept is not None:
            base = commit
            break
        if len(parents) != 1:
            return None
    else:
        return None
    _, out = git.run(*_COMMAND, tip, f"^{base}", "--", under, seconds=_SECONDS)
    found = kept.revisions
    for path, rows in _by_path(_changes(out)).items():
        old = found.get(path, ())
        again = bool(old) and rows[0].version == old[-1].version
        found[path] = (*old, *rows[again:])
    return _Kept({path: found[path] for path in sorted(found)}, kept.cut)


def _by_path(changes: Iterable[tuple[str, Revision]]) -> dict[str, tuple[Revision, ...]]:
    """Revisions by path, oldest first; a text that a file had just before is no revision."""
    found: dict[str, list[Revision]] = {}
    for path, revision in changes:
        found.setdefault(path, []).append(revision)
    made = {}
    for path in sorted(found):
        row: list[Revision] = []
        for revision in reversed(found[path]):
            if not row or row[-1].version != revision.version:
                row.append(revision)
        made[path] = tuple(row)
    return made


def _changes(out: bytes) -> Iterator[tuple[str, Revision]]:
    """What ``git log`` printed, newest first: heads of commits, each followed by pairs of change and path."""
    commit, committed, author = Oid(""), 0, ""
    tokens = iter(out.split(b"\0"))
    for token in tokens:
        text = token.lstrip(b"\n")
        if not text:
            continue
        if not text.startswith(b":"):
            head, when, who = [*text.split(b" ", 2), b"", b""][:3]
            commit, author = Oid(head.decode("ascii", "replace")), who.decode("utf-8", "replace")[:_NAME]
            committed = int(when) if when.lstrip(b"-").isdigit() else 0
            if not is_oid(commit):
                raise UnableError(f"git log printed {text[:60]!r}, which names no commit", "run `git fsck`")
            continue
        path = next(tokens, b"")
        if not path.endswith(_TEXT):
            continue
        try:
            name = path.decode("utf-8")
        except UnicodeDecodeError:
            continue  # no record may be called that
        parents = len(text) - len(text.lstrip(b":"))  # a colon for each, then their modes and the new one
        fields = text.split(b" ")
        version = fields[-2].decode("ascii", "replace")
        gone = not version.strip("0") or fields[parents] not in (b"100644", b"100755")
        yield name, Revision("" if gone else version, commit, committed, author)


def _remembered(path: Path) -> _Kept | None:
    data = load(path, _KIND)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=_Kept)
    except msgspec.DecodeError:
        return None


def _remember(memory: Path, name: str, kept: _Kept) -> None:
    """Keep a pass for next time, and let the oldest go. A failure costs only speed."""
    try:
        memory.mkdir(exist_ok=True)
        store(memory / name, _KIND, msgspec.msgpack.encode(kept))
        files = sorted((f.stat().st_mtime_ns, f.name) for f in memory.iterdir() if len(f.name) == len(name))
        for _, old in files[:-_MOST]:
            (memory / old).unlink(missing_ok=True)
    except OSError:
        return
