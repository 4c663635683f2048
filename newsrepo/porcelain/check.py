"""``check``: every rule over the working tree, the staging area or a ref, and what was looked at."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.gitstore.snapshot import Snapshot


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
    history = _History(work, snapshot)
    found = [*checks.run(commons, wanted, history.known)]
    if history.unsure:
        found.append(_shallow(len(history.unsure)))
    files = sum(not wanted or within(path, wanted) for path in known)
    return Checked(tuple(sorted(found, key=lambda f: f.order)), files, snapshot.label)


class _History:
    """Which object ids the repository has, beyond what a snapshot holds.

    In a shallow clone what is missing may exist elsewhere: it counts as known and is kept as ``unsure``.
    """

    def __init__(self, work: Workspace, snapshot: "Snapshot") -> None:
        self._shallow = work.repository.shallow
        self._snapshot = snapshot
        self.unsure: set[Oid] = set()

    def known(self, oids: Collection[Oid]) -> Collection[Oid]:
        here = {oid for oid in sorted(oids) if self._has(oid)}
        if not self._shallow:
            return here
        self.unsure |= set(oids) - here
        return oids

    def _has(self, oid: Oid) -> bool:
        try:
            return any(blob.oid == oid for blob in self._snapshot.read([oid], 0))
        except UnableError:
            return False


def _shallow(number: int) -> Finding:
    what = "1 version that is named is" if number == 1 else f"{number} versions that are named are"
    return Finding(
        "shallow-history",
        Location("newsrepo.yaml"),
        f"this clone's history is cut off: {what} not here, and may exist elsewhere",
        "run `git fetch --unshallow` and check again",
        Severity.NOTE,
    )


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
