"""What a file ever was: every blob that stood at a path anywhere in the history of some commits."""

import re
from collections.abc import Iterable
from pathlib import Path

from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid, is_oid

_COMMAND = (
    "log",
    "--format=",
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


def past(git_dir: Path, commits: Iterable[Oid], path: str, *, seconds: float = 120) -> frozenset[Oid]:
    """Every blob that stood at ``path`` in the history of any of the commits, these included.

    ``git_dir`` is a repository that has them, whole. Raises UnableError when git fails or takes longer.
    """
    tips = sorted(set(commits))
    if not tips:
        return frozenset()
    if not all(map(is_oid, tips)):
        raise ValueError("not full commit ids")
    _, out = Git(str(git_dir), str(git_dir)).run(*_COMMAND, *tips, "--", path, seconds=seconds)
    found = {oid.decode("ascii") for row in _ROW.findall(out) for oid in row}
    return frozenset(Oid(oid) for oid in found if oid.strip("0"))
