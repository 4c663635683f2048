"""The commons of many: from each home the paths that its contingent owns, from the working tree the rest.

A union keeps the promises of a snapshot. What it is made of is a value, its ``Plan``; equal plans over equal
trees are equal unions, whoever was fetched first. ``docs/decisions/0008-union.md`` says why it is as it is.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import READ_LIMIT, Blob, Entry, Snapshot, Tip, ordered
from newsrepo.gitstore.tree import Start, Walked
from newsrepo.ids import ContingentId, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records.claims import claimant, is_signed, may_hold, may_hold_signed, sure_folders

MAX_ODD = 200
"""How many odd things of one home are told, each one by itself."""

_ROLL = "statements/roll.yaml"
_BOOK = "contingents/"
_BOUNDS = frozenset(["too-deep", "too-many-entries"])


class Home(Struct, frozen=True):
    """The last good tip of a contingent's home."""

    owner: ContingentId
    tip: Tip

    @property
    def label(self) -> str:
        """How what comes from here is marked: ``abc@3f2a9c1d``."""
        return f"{self.owner}@{self.tip.commit[:8]}"


class Terms(Struct, frozen=True):
    """A contingent's home and keys as pinned, or as signed with a pinned key since: not as it merely says."""

    owner: ContingentId
    home: str | None = None
    branch: str | None = None
    keys: tuple[str, ...] = ()


class Plan(Struct, frozen=True):
    """What a union is made of besides the working tree, each in order of contingent.

    ``homes`` speak for their owners; ``stale`` have a home that was never reached, so that the working tree's
    copy stands in for it; ``terms`` replace what these contingents say of their own home and keys. With
    ``only`` nothing is in view but that contingent's paths, the charter, the roll and the address book.
    """

    homes: tuple[Home, ...]
    stale: tuple[ContingentId, ...] = ()
    terms: tuple[Terms, ...] = ()
    only: str = ""


class Blobs(Protocol):
    """Reads blobs by id, from wherever they are kept."""

    def read(self, oids: Iterable[Oid], limit: int = ...) -> Iterator[Blob]: ...


class Trees(Protocol):
    """Walks trees by id, as ``TreeReader`` does."""

    def walk_all(self, starts: Sequence[Start], *, once: bool = False) -> list[Walked | UnableError]: ...


class _NoTrees:
    """The trees of no home."""

    def walk_all(self, starts: Sequence[Start], *, once: bool = False) -> list[Walked | UnableError]:  # noqa: ARG002 - as in Trees
        return [UnableError(f"tree {start.tree} was never fetched", "") for start in starts]


class Listing(Struct, frozen=True):
    """What a home's tip holds of its owner's: files by path, and what was odd, without label."""

    entries: tuple[Entry, ...]
    odd: tuple[Finding, ...] = ()
    whole: bool = True
    """Whether it could be read."""


class Union:
    """Implements ``Snapshot`` over the working tree and the homes of a plan."""

    label = ""

    def __init__(self, own: Snapshot, plan: Plan, trees: Trees, blobs: Blobs) -> None:
        self.own = own
        self.plan = plan
        self._trees = trees
        self._blobs = blobs
        self.homes = tuple(h for h in plan.homes if not plan.only or h.owner == plan.only)
        """Those that are in view."""
        self._away = frozenset(home.owner for home in plan.homes)

    @classmethod
    def alone(cls, own: Snapshot, plan: Plan) -> "Union":
        """A union without any home: it only narrows what stands here."""
        return cls(own, plan, _NoTrees(), own)

    def without(self, owners: Collection[ContingentId]) -> Snapshot:
        """The union in which the working tree speaks for these too; the working tree if no home is left."""
        homes = tuple(home for home in self.plan.homes if home.owner not in owners)
        if not homes and not self.plan.only:
            return self.own
        return Union(self.own, replace(self.plan, homes=homes), self._trees, self._blobs)

    @cached_property
    def key(self) -> str:
        """As for every snapshot: a digest of the plan and of the working tree's key."""
        plan = self.plan
        said = [
            self.own.key,
            [[home.owner, home.tip.commit] for home in plan.homes],
            plan.stale,
            [[terms.owner, terms.home, terms.branch, terms.keys] for terms in plan.terms],
            plan.only,
        ]
        return "union:" + hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def tip(self) -> Tip | None:
        """That of the working tree."""
        return self.own.tip

    @property
    def dirty(self) -> bool:
        """Whether the working tree holds anything that its tip does not."""
        return self.own.dirty

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All files of the view, by path: each path once, from whoever speaks for it."""
        listed = dict(zip(self.homes, self.listed(self.homes), strict=True))
        found = {e.path: e for e in self.ours}
        for home, listing in listed.items():
            found |= {e.path: e for e in listing.entries}
            if not holds_book(home.owner, listing.entries):
                found |= {e.path: e for e in self.pinned(home.owner)}
        spoken = {home.owner: {e.path for e in listing.entries} for home, listing in listed.items()}
        for entries in self.carried(self.homes, spoken).values():
            found |= {e.path: e for e in entries}
        return tuple(found[path] for path in sorted(found))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd, in the working tree and in every home."""
        odd = [
            labelled(f, h.label)
            for h, lst in zip(self.homes, self.listed(self.homes), strict=True)
            for f in lst.odd
        ]
        return ordered([*self.ours_odd, *odd])

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT) -> Iterator[Blob]:
        """Blobs in the order asked: drafts from the working tree, all others from the stores of objects."""
        for here, some in groupby(oids, self._written.__contains__):
            source: Blobs = self.own if here else self._blobs
            yield from source.read(some, limit)

    @cached_property
    def _written(self) -> frozenset[Oid]:
        return frozenset(entry.oid for entry in self.own.entries)

    # -- the parts of it ---------------------------------------------------------------------------------

    @cached_property
    def ours(self) -> tuple[Entry, ...]:
        """The files for which the working tree speaks, by path."""
        return tuple(entry for entry in self.own.entries if self._is_ours(entry.path))

    @cached_property
    def ours_odd(self) -> tuple[Finding, ...]:
        """What is odd in the working tree where it speaks."""
        return tuple(f for f in self.own.findings if self._is_ours(f.location.path))

    def _is_ours(self, path: str) -> bool:
        owner = claimant(path)
        if owner in self._away:
            return bool(self.plan.only) and owner != self.plan.only and path.startswith(_BOOK)
        only = self.plan.only
        return not only or owner in ("", only) or path.startswith(_BOOK)

    def pinned(self, owner: ContingentId) -> tuple[Entry, ...]:
        """A contingent's file in the address book, and its signature: in view where its home has none."""
        paths = (f"{_BOOK}{owner}.yaml", f"{_BOOK}{owner}.yaml.sig")
        return tuple(entry for entry in self._book if entry.path in paths)

    @cached_property
    def _book(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.own.entries if entry.path.startswith(_BOOK))

    def listed(self, homes: Sequence[Home]) -> list[Listing]:
        """What these homes hold of their owners', all walked side by side.

        A home that cannot be read holds nothing and says so; it stops no other.
        """
        starts = [
            Start(home.tip.tree, "", partial(_enters, home.owner, sure_folders(home.owner))) for home in homes
        ]
        found: list[Listing] = []
        for home, walked in zip(homes, self._trees.walk_all(starts), strict=True):
            if isinstance(walked, UnableError):
                found.append(Listing((), (_unreadable(home, walked),), whole=False))
                continue
            sure = sure_folders(home.owner)
            entries = tuple(
                [e for e in walked.entries if e.path.startswith(sure) or claimant(e.path) == home.owner]
            )
            odd = [f for f in walked.findings if f.rule in _BOUNDS or claimant(f.location.path) == home.owner]
            if len(odd) > MAX_ODD:
                odd[MAX_ODD:] = [_more_odd(home, len(odd) - MAX_ODD)]
            found.append(Listing(entries, tuple(odd)))
        return found

    def carried(
        self, homes: Sequence[Home], spoken: Mapping[ContingentId, Collection[str]]
    ) -> dict[str, tuple[Entry, ...]]:
        """Signed records of a vote that are in view although the ref that speaks for their owner lacks them.

        ``spoken`` are the paths that each home's owner does have there. By label of the carrier, by path; of
        several carriers the one with the smallest blob id, then the smallest label.
        """
        if self.plan.only:
            return {}
        best: dict[str, tuple[Oid, str, Entry]] = {}
        ours = {entry.path for entry in self.ours if entry.path.startswith("statements/")}
        for label, entry in self._carriers(homes):
            owner = ContingentId(claimant(entry.path))
            if entry.path in (spoken.get(owner, ()) if owner in self._away else ours):
                continue
            held = best.get(entry.path)
            if held is None or (entry.oid, label) < held[:2]:
                best[entry.path] = (entry.oid, label, entry)
        found: dict[str, list[Entry]] = {}
        for path in sorted(best):
            _, label, entry = best[path]
            found.setdefault(label, []).append(entry)
        return {label: tuple(entries) for label, entries in sorted(found.items())}

    def _carriers(self, homes: Sequence[Home]) -> Iterator[tuple[str, Entry]]:
        """Every signed record anywhere, at least once with the smallest label that carries that blob."""
        yield from (("", entry) for entry in self.own.entries if is_signed(entry.path))
        by_label = sorted(homes, key=attrgetter("label"))
        starts = [Start(home.tip.tree, home.label, may_hold_signed) for home in by_label]
        for home, walked in zip(by_label, self._trees.walk_all(starts, once=True), strict=True):
            if not isinstance(walked, UnableError):  # which ``listed`` tells
                yield from ((home.label, entry) for entry in walked.entries if is_signed(entry.path))

    def every_carrier(self) -> tuple[tuple[str, Oid, str], ...]:
        """(path, blob, label) of each signed record in each ref in view, also where its owner has another."""
        found = [(entry.path, entry.oid, "") for entry in self.own.entries if is_signed(entry.path)]
        starts = [Start(home.tip.tree, home.label, may_hold_signed) for home in self.homes]
        for home, walked in zip(self.homes, self._trees.walk_all(starts), strict=True):
            if not isinstance(walked, UnableError):
                found += [(e.path, e.oid, home.label) for e in walked.entries if is_signed(e.path)]
        return tuple(sorted(found))


def _enters(owner: ContingentId, sure: tuple[str, ...], folder: str) -> bool:
    return folder.startswith(sure) or may_hold(folder, owner)


def holds_book(owner: ContingentId, entries: Iterable[Entry]) -> bool:
    """Whether a contingent's own home describes it."""
    path = f"{_BOOK}{owner}.yaml"
    return any(entry.path == path for entry in entries)


def labelled(finding: Finding, source: str) -> Finding:
    """The finding as one of the ref called ``source``."""
    if not source or finding.location.source == source:
        return finding
    return replace(finding, location=replace(finding.location, source=source))


def _unreadable(home: Home, error: UnableError) -> Finding:
    return Finding(
        "unreadable-home",
        Location(f"{_BOOK}{home.owner}.yaml"),
        f"the tip {home.tip.commit} of {home.owner}'s home cannot be read: {error.message}",
        f"fetch it again: newsrepo sync {home.owner}",
    )


def _more_odd(home: Home, number: int) -> Finding:
    return Finding(
        "odd-home",
        Location(f"{_BOOK}{home.owner}.yaml"),
        f"{number} more odd entries in {home.owner}'s home are not shown one by one",
        f"`newsrepo check --at {home.owner}` shows them all",
        Severity.WARNING,
    )
