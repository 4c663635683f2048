"""What files ever were: every blob that stood at a path, and how a branch came from one state to the next."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid, is_oid

_COMMAND = (
    "log",
    "--raw",
    "-z",
    "--root",
    "-m",  # of a merge, what it changed against each of its parents
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
    "--full-history",
    "-O/dev/null",
)
_ROW = re.compile(rb":[0-7]{6} [0-7]{6} ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]")
_MOVE = re.compile(rb":[0-7]{6} [0-7]{6} ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]\0([^\0]+)\0")
_COMMIT = re.compile(rb"(?:\A|(?<=\0))[0-9a-f]{40,64}\0\n")
_CHANGE = re.compile(rb":[0-7]{6} [0-7]{6} [0-9a-f]+ ([0-9a-f]{40,64}) [A-Z]\0([^\0]+)\0")


def past(git_dir: Path, commits: Iterable[Oid], path: str, *, seconds: float = 120) -> frozenset[Oid]:
    """Every blob that stood at ``path`` in the history of any of the commits, these included.

    ``git_dir`` is a repository that has them, whole. Raises UnableError when git fails or takes longer.
    """
    tips = sorted(set(commits))
    if not tips:
        return frozenset()
    if not all(map(is_oid, tips)):
        raise ValueError("not full commit ids")
    _, out = Git(str(git_dir), str(git_dir)).run(*_COMMAND, "--format=", *tips, "--", path, seconds=seconds)
    found = {oid.decode("ascii") for row in _ROW.findall(out) for oid in row}
    return frozenset(Oid(oid) for oid in found if oid.strip("0"))


def texts(
    git_dir: Path, tip: Oid, under: Iterable[str], *, seconds: float = 120
) -> Mapping[str, tuple[Oid, ...]]:
    """Every blob that stood at each path at or under some paths, up to a commit; the newest first.

    One pass for all of them. Paths that are not UTF-8 are left out. Raises as ``past``.
    """
    if not is_oid(tip):
        raise ValueError("not a full commit id")
    paths = sorted(set(under))
    if not paths:
        return {}
    line = ("--format=", "--topo-order")
    _, out = Git(str(git_dir), str(git_dir)).run(*_COMMAND, *line, tip, "--", *paths, seconds=seconds)
    found: dict[str, dict[Oid, None]] = {}
    for old, new, raw in _MOVE.findall(out):
        try:
            path = raw.decode()
        except UnicodeDecodeError:
            continue  # no record may be called that
        blobs = found.setdefault(path, {})
        for oid in (new, old):
            if oid.strip(b"0"):
                blobs.setdefault(Oid(oid.decode("ascii")))
    return {path: tuple(found[path]) for path in sorted(found)}


def steps(
    git_dir: Path, since: Oid, tip: Oid, paths: Iterable[str], *, most: int, seconds: float = 120
) -> tuple[Mapping[str, Oid], ...]:
    """The states of some files at each commit of a branch that changed one, after ``since``, oldest first.

    A state has the blob of each path that was changed since then and is there; the last ``most`` of them.
    Raises as ``past``.
    """
    if not (is_oid(since) and is_oid(tip)):
        raise ValueError("not full commit ids")
    line = ("--format=%H", "--first-parent", "--reverse", "--topo-order")
    _, out = Git(str(git_dir), str(git_dir)).run(
        *_COMMAND, *line, tip, f"^{since}", "--", *paths, seconds=seconds
    )
    state: dict[str, Oid] = {}
    found: list[Mapping[str, Oid]] = []
    for changes in _COMMIT.split(out)[1:]:
        for oid, path in _CHANGE.findall(changes):
            state.pop(path.decode(), None)
            if oid.strip(b"0"):
                state[path.decode()] = Oid(oid.decode("ascii"))
        found.append(dict(state))
    return tuple(found[-most:])
