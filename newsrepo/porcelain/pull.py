"""``check`` of one change: what it brings, what it breaks elsewhere, and whether its author may bring it.

Told is what is found in a changed file, and what is found elsewhere and was not there before the change; all
else is counted. What other contingents say comes from their homes as far as these were fetched, the same
before and after; of those whose files are changed nothing but this branch is heard.
"""

from collections import Counter
from collections.abc import Container, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from newsrepo import checks
from newsrepo.checks.changes import Author, Changeset, Described
from newsrepo.checks.reach import EVERYWHERE, reach
from newsrepo.gitstore.snapshot import Snapshot
from newsrepo.ids import ContingentId, Kind
from newsrepo.location import Finding, Severity
from newsrepo.porcelain import authorship
from newsrepo.porcelain.changes import Compared, compare, new_lines
from newsrepo.porcelain.check import Checked, History, Near, Since, refuse_unknown, within
from newsrepo.porcelain.pasts import pasts
from newsrepo.porcelain.wordings import wordings
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.commons import Commons


def check_change(
    work: Workspace,
    snapshot: Snapshot,
    since: str,
    wanted: tuple[str, ...] = (),
    *,
    author: str | None = None,
    host: bool = False,
) -> Checked:
    """Check what a snapshot changes since it parted from the branch ``since`` (empty: since its own tip).

    Raises UsageError for an author that can be none, and as ``changes.compare``.
    """
    if author is not None:
        authorship.named(author)  # refused before anything is read
    compared = compare(work, snapshot, since)
    if wanted:
        paths = {c.path for c in compared.changes}.union(e.path for e in snapshot.entries)
        refuse_unknown(wanted, sorted(paths), snapshot.findings, work.root if not snapshot.label else None)
    meant = _Meant(work, compared)
    commons = work.commons(work.beside(snapshot, meant.touched))
    by = meant.author(author, host=host)
    about = checks.judge(commons, meant.changeset(by, commons))

    looked = _looked(compared, snapshot, commons)
    history = History(work, commons.snapshot)
    found = checks.run(
        commons,
        looked,
        history.known,
        pasts(work, commons.snapshot),
        wordings=wordings(work, commons.snapshot),
    )
    places = _places(compared, snapshot, found)
    new = meant.new([f for f in found if f.location.path not in places])

    told: list[tuple[Near, Finding]] = [(Near.CHANGE, f) for f in about]
    hidden: Counter[Severity] = Counter()
    odd = frozenset(snapshot.findings)
    for finding in found:
        lines = places.get(finding.location.path)
        if lines is not None:
            told.append(_written(finding) if finding.location.line in lines else (Near.FILE, finding))
        elif finding in new:
            told.append((Near.FILE if finding in odd else Near.ELSEWHERE, finding))
        else:
            hidden[finding.severity] += 1
    told += [(Near.ELSEWHERE, f) for f in history.unsure_note]
    if looked != EVERYWHERE:
        hidden += Counter(f.severity for f in commons.findings if not within(f.location.path, looked))
    if wanted:
        told = [pair for pair in told if within(pair[1].location.path, wanted)]
    order = list(Near)
    told.sort(key=lambda pair: (order.index(pair[0]), pair[1].order))
    changes = compared.changes
    owners = Counter(c.owner for c in changes if c.place is not None)
    return Checked(
        tuple(finding for _, finding in told),
        len(changes),
        snapshot.label,
        Since(
            base=compared.base.commit if compared.base else None,
            near=tuple(near for near, _ in told),
            added=sum(c.was is None for c in changes),
            changed=sum(c.was is not None and c.now is not None for c in changes),
            removed=sum(c.now is None for c in changes),
            hidden={severity: hidden[severity] for severity in Severity},
            whole=looked == EVERYWHERE,
            owners=tuple(sorted(owners.items(), key=lambda pair: pair[0] or "")),
            others=compared.others,
            cut=compared.cut,
            author=by,
        ),
    )


class _Meant:
    """The branch that a change is meant for, read no further than it is asked about."""

    def __init__(self, work: Workspace, compared: Compared) -> None:
        self._work = work
        self.compared = compared

    @cached_property
    def base(self) -> "Commons | None":
        """The branch before the change, alone."""
        before = self.compared.before
        return None if before is None else self._work.commons(before)

    @cached_property
    def touched(self) -> frozenset[ContingentId]:
        """Whose files the change is about."""
        return frozenset(c.owner for c in self.compared.changes if c.owner is not None)

    @cached_property
    def target(self) -> "Commons | None":
        """The branch that the change is meant for as it is by now, alone."""
        tip = self.compared.target
        if tip is None or tip == self.compared.base:
            return self.base
        return self._work.commons(self._work.repository.at(tip.commit))

    def author(self, name: str | None, *, host: bool) -> Author | None:
        """Who brings the change, by the pins of this branch."""
        if name is None:
            return Author(host=True) if host else None
        if self.target is None:
            return authorship.author(name, {}, None, host=host)
        return authorship.author(name, self.target.contingents, self.target.charter_or_none, host=host)

    def changeset(self, author: Author | None, after: "Commons") -> Changeset:
        """The change with what this branch says about it."""
        changes = self.compared.changes
        target = self.target
        if target is None or (
            author is None and not any(c.kind in (Kind.CHARTER, Kind.ROLL) for c in changes)
        ):
            return Changeset(changes, author)
        files = [*target.files.values(), *(self.base.files.values() if self.base is not None else ())]
        return Changeset(
            changes,
            author,
            owners=frozenset(f.place.owner for f in files if f.place.owner is not None),
            hosted=authorship.hosted(target.contingents, target.charter_or_none, self._work.clone.origin),
            enacted=frozenset(f.oid for f in target.files.values() if f.place.kind is Kind.ENACTS),
            voting="statements/roll.yaml" in target.files,
            described=tuple(
                Described(c.path, who, target.contingents.get(who), after.contingents[who])
                for c in changes
                if c.kind is Kind.CONTINGENT and (who := ContingentId(c.id)) in after.contingents
            ),
        )

    def new(self, findings: list[Finding]) -> frozenset[Finding]:
        """Those that were not found in this way before the change."""
        if not findings or self.compared.before is None:
            return frozenset(findings)
        paths = sorted({f.location.path for f in findings})
        base = self._work.commons(self._work.beside(self.compared.before, self.touched))
        history = History(self._work, base.snapshot)
        past = pasts(self._work, base.snapshot)
        worded = wordings(self._work, base.snapshot)
        ran = checks.run(base, paths, history.known, past, wordings=worded)
        before = {_same(f) for f in ran}
        return frozenset(f for f in findings if _same(f) not in before)


def _looked(compared: Compared, snapshot: Snapshot, after: "Commons") -> tuple[str, ...]:
    """The files that the change may have broken, those with names or modes that are no entries among them."""
    if compared.before is None:
        return EVERYWHERE
    looked = reach(compared.changes, after)
    if looked == EVERYWHERE:
        return looked
    before = {_same(f) for f in compared.before.findings}
    odd = {f.location.path for f in snapshot.findings if _same(f) not in before}
    return tuple(sorted(odd.union(looked)))


_LEADS_NOWHERE = frozenset(["dangling-id", "dangling-link", "unknown-article"])


def _written(finding: Finding) -> tuple[Near, Finding]:
    """A finding on a line that the change wrote. What is named anew must be there, whoever owns it; that it
    goes away later is no fault of those who named it."""
    if finding.rule in _LEADS_NOWHERE:
        finding = replace(finding, severity=Severity.ERROR)
    return Near.LINE, finding


def _same(finding: Finding) -> tuple[object, ...]:
    """What makes two findings one in a file that did not change; hints may name what did."""
    place = finding.location
    return finding.rule, finding.severity, place.path, place.line, place.col, finding.message


_EVERY_LINE = range(1, 1 << 31)


def _places(compared: Compared, after: Snapshot, found: Iterable[Finding]) -> dict[str, Container[int]]:
    """The changed paths, each with the lines that the change wrote; only those with findings are read."""
    places: dict[str, Container[int]] = {change.path: _EVERY_LINE for change in compared.changes}
    faulty = {finding.location.path for finding in found}
    before = compared.before
    if before is None:
        return places
    for change in compared.changes:
        if change.path in faulty and change.was is not None and change.now is not None:
            (old,) = before.read([change.was], MAX_TEXT)
            (new,) = after.read([change.now], MAX_TEXT)
            if change.kind is not Kind.MEDIA and old.data is not None and new.data is not None:
                places[change.path] = new_lines(old.data, new.data)
    return places
