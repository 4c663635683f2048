"""``check``: every rule over the working tree, the staging area or a ref, and what was looked at."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from newsrepo.errors import UsageError
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.workspace import Workspace


class Checked(msgspec.Struct, frozen=True):
    """All findings in their order, and how many files were looked at."""

    findings: tuple[Finding, ...]
    files: int
    source: str

    def count(self, severity: Severity) -> int:
        return sum(f.severity is severity for f in self.findings)

    @property
    def sound(self) -> bool:
        """Whether nothing stands against publishing: there may be warnings, but no errors."""
        return self.count(Severity.ERROR) == 0


def check(
    work: Workspace, paths: Sequence[str] = (), *, start: Path, at: str = "", staged: bool = False
) -> Checked:
    """Check a commons; with ``paths`` (relative to ``start``) only what is found in or under them is told.

    Raises UsageError for a path that lies outside the repository or names nothing.
    """
    from newsrepo import checks

    wanted = tuple(sorted({work.relative(path, start) for path in paths}))
    if "" in wanted:
        wanted = ()
    snapshot = work.snapshot(at=at, staged=staged)
    commons = work.commons(snapshot)
    known = [entry.path for entry in snapshot.entries]
    for path in wanted:
        if not _anything(path, known) and not any(
            within(f.location.path, (path,)) for f in snapshot.findings
        ):
            on_disk = not at and not staged and os.path.lexists(work.root / path)
            raise UsageError(
                f"{path!r} is no record of the commons" if on_disk else f"no such file: {path!r}",
                "records live in articles/, comments/, contingents/, filters/, ratings/ and statements/",
            )
    found = checks.run(commons, wanted)
    files = sum(not wanted or within(path, wanted) for path in known)
    return Checked(tuple(sorted(found, key=lambda f: f.order)), files, snapshot.label)


def within(path: str, wanted: Sequence[str]) -> bool:
    """Whether ``path`` is one of the wanted paths or lies under one."""
    return any(path == w or path.startswith(f"{w}/") for w in wanted)


def _anything(path: str, known: Sequence[str]) -> bool:
    from bisect import bisect_left

    at = bisect_left(known, path)
    if at < len(known) and known[at] == path:
        return True
    at = bisect_left(known, f"{path}/")
    return at < len(known) and known[at].startswith(f"{path}/")
