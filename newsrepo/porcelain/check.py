"""``check``: every rule over the working tree, the staging area or a ref, and what was looked at."""

import os
from collections.abc import Collection, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import ContingentId, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.checks.changes import Author
    from newsrepo.gitstore.snapshot import Snapshot


class Near(StrEnum):
    """How near to a change a finding is: about the change as such, on a line that it wrote, elsewhere in a
    file that it touched, or in one that it did not."""

    CHANGE = "change"
    LINE = "line"
    FILE = "file"
    ELSEWHERE = "elsewhere"


class Since(msgspec.Struct, frozen=True):
    """What was compared, and what is told of it. ``near`` goes with the findings, one each.

    ``hidden`` counts what was found and is not of this change, by severity, among the files that were looked
    at; with ``whole`` these were all. ``owners`` counts the changed records by owner (None: the commons).
    ``others`` are the changed files that are no records, ``cut`` when not all of them are named.
    """

    base: Oid | None
    near: tuple[Near, ...]
    added: int
    changed: int
    removed: int
    hidden: dict[Severity, int]
    whole: bool
    owners: tuple[tuple[ContingentId | None, int], ...]
    others: tuple[str, ...]
    cut: bool
    author: "Author | None"


class Checked(msgspec.Struct, frozen=True):
    """What there is to tell, in order, and how many files were looked at.

    With ``since`` these are the findings of one change, the nearest to it first, and ``files`` those changed.
    """

    findings: tuple[Finding, ...]
    files: int
    source: str
    since: Since | None = None
    theirs: frozenset[str] = frozenset()
    """The sources that are others' homes: what is wrong there is theirs to mend."""

    def count(self, severity: Severity, *, theirs: bool = False) -> int:
        """How many findings of this severity there are here, or in others' homes."""
        ours, others = apart(self.findings, self.theirs)
        return sum(f.severity is severity for f in (others if theirs else ours))

    @property
    def sound(self) -> bool:
        """Whether nothing stands against publishing: there may be warnings, but no errors of ours."""
        return self.count(Severity.ERROR) == 0


def apart(
    findings: Sequence[Finding], theirs: Collection[str]
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings of what is homed here, and of others' homes, the sources in ``theirs``; each in order."""
    ours = tuple(f for f in findings if f.location.source not in theirs)
    return ours, tuple(f for f in findings if f.location.source in theirs)


def check(
    work: Workspace,
    paths: Sequence[str] = (),
    *,
    start: Path,
    at: str = "",
    only: str = "",
    staged: bool = False,
    since: str = "",
    author: str | None = None,
    host: bool = False,
) -> Checked:
    """Check a commons; with ``paths`` (relative to ``start``) only what is found in or under them is told.

    ``only`` tells what is wrong in what one contingent's own ref says, in view of all that others say: a link
    to another's article is sound there, too. ``since`` a ref, or ``staged``, tells what a
    change brings and nothing else (see ``porcelain.pull``); ``author`` and ``host`` say who brings it.
    Raises UsageError for a path that lies outside the repository or names nothing, and for an author
    without a change.
    """
    wanted = tuple(sorted({work.relative(path, start) for path in paths}))
    if "" in wanted:
        wanted = ()
    if not since and not staged and (author is not None or host):
        raise UsageError(
            f"{'--author' if author is not None else '--host'} is about a change, and none is given",
            "say what it is compared with: --since REF",
        )
    if only and (since or staged or at):
        other = "--since" if since else "--staged" if staged else "--at"
        raise UsageError(f"--only and {other} exclude each other", "--only is about what homes say now")
    if only:
        work.snapshot(only=only)  # which knows whom one may ask for
    snapshot = work.snapshot(at=at, staged=staged, alone=bool(since))
    if since or staged:
        from newsrepo.porcelain.pull import check_change

        return check_change(work, snapshot, since, wanted, author=author, host=host)
    return _check_all(work, snapshot, wanted, at_rest=not at, only=only)


def _check_all(
    work: Workspace, snapshot: "Snapshot", wanted: tuple[str, ...], *, at_rest: bool, only: str
) -> Checked:
    from newsrepo import checks
    from newsrepo.porcelain.pasts import pasts
    from newsrepo.porcelain.wordings import wordings

    commons = work.commons(snapshot)
    known = commons.paths
    if wanted:
        refuse_unknown(wanted, known, commons.findings, work.root if at_rest else None)
    history = History(work, snapshot)
    told = checks.run(
        commons,
        wanted,
        history.known,
        pasts(work, snapshot),
        _state(work, snapshot),
        wordings(work, snapshot),
    )
    found = [*told, *history.unsure_note]
    looked_at = [path for path in known if not wanted or within(path, wanted)]
    theirs = frozenset(home.label for home in commons.homes)
    if only:
        from newsrepo.records.claims import claimant

        ref = next((home.label for home in commons.homes if home.owner == only), "")
        found = [f for f in found if f.location.source == ref and claimant(f.location.path) == only]
        looked_at = [p for p in looked_at if claimant(p) == only and commons.source_of(p) == ref]
        theirs = frozenset()
    in_order = tuple(sorted(found, key=lambda f: f.order))
    return Checked(in_order, len(looked_at), snapshot.label, theirs=theirs)


def _state(work: Workspace, snapshot: "Snapshot") -> str | None:
    """A name for all that the rules may look at beyond a view: history, and what is known of others' homes.

    None while a shallow clone's history may grow backwards.
    """
    if work.repository.shallow:
        return None
    commit = str(snapshot.tip.commit) if snapshot.tip is not None else ""
    rewritings = sum(len(seen.rewritten) for seen in work.homes.values())
    return f"{commit} {work.clone} {rewritings}"


class History:
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

    @property
    def unsure_note(self) -> tuple[Finding, ...]:
        """The word that some versions may only be out of sight; nothing when all are known."""
        return (_shallow(len(self.unsure)),) if self.unsure else ()


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


def refuse_unknown(
    wanted: Sequence[str], known: Sequence[str], findings: Sequence[Finding], root: Path | None
) -> None:
    """Raise UsageError for a wanted path at or under which nothing is: of what is known, in order, and found.

    ``root`` is where the files lie, if it is the working tree that was looked at.
    """
    for path in wanted:
        if not _anything(path, known) and not any(within(f.location.path, (path,)) for f in findings):
            on_disk = root is not None and os.path.lexists(root / path)
            raise UsageError(
                f"{path!r} is no record of the commons" if on_disk else f"no such file: {path!r}",
                "records live in articles/, comments/, contingents/, filters/, ratings/ and statements/",
            )


def _anything(path: str, known: Sequence[str]) -> bool:
    from bisect import bisect_left

    at = bisect_left(known, path)
    if at < len(known) and known[at] == path:
        return True
    at = bisect_left(known, f"{path}/")
    return at < len(known) and known[at].startswith(f"{path}/")
