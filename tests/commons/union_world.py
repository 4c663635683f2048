"""A world of homes in memory: contingents' tips as plain files, walked with the same rules as real trees."""

from datetime import UTC, datetime

from newsrepo.commons import Home, Index, Plan, Terms, Union, open_commons
from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import MemorySnapshot, Tip, blob_id
from newsrepo.gitstore.tree import Walked
from newsrepo.ids import AxisId, ContingentId, Oid


class World:
    """Tips by contingent, and what stands in the working tree. Implements what a union reads through."""

    def __init__(self, own, tips):
        self.own = MemorySnapshot(own)
        self.snapshots = {}
        self.blobs = {}
        self.tips = {}
        for owner, files in tips.items():
            snapshot = MemorySnapshot(files)
            tree = blob_id(snapshot.key.encode())
            commit = blob_id(f"commit {owner} {snapshot.key}".encode())
            self.snapshots[tree] = snapshot
            self.tips[owner] = Tip(commit, tree, datetime(2026, 5, 1, tzinfo=UTC))
            self.blobs |= {blob_id(data): snapshot for data in files.values()}
        self.broken: set[Oid] = set()
        self.walked = 0

    def walk_all(self, starts, *, once=False):
        seen = set()
        return [self._walk(start, seen if once else None) for start in starts]

    def _walk(self, start, seen):
        self.walked += 1
        if start.tree in self.broken:
            return UnableError("it is damaged")
        snapshot = self.snapshots[start.tree]
        entries = []
        for entry in snapshot.entries:
            parts = entry.path.split("/")[:-1]
            folders = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
            entered = start.wanted is None or all(map(start.wanted, folders))
            if entered and (seen is None or entry not in seen):
                entries.append(entry)
        if seen is not None:
            seen.update(entries)
        return Walked(tuple(entries), snapshot.findings)

    def read(self, oids, limit=1 << 30, kind="blob"):
        for oid in oids:
            yield from self.blobs[oid].read([oid], limit)

    def plan(self, *, only="", stale=(), order=None, terms=()):
        owners = order or list(self.tips)
        homes = [Home(ContingentId(owner), self.tips[owner]) for owner in owners]
        made = [Terms(ContingentId(owner)) for owner in owners]
        homes.sort(key=lambda home: home.owner)
        return Plan(
            tuple(homes), tuple(stale), tuple(terms) or tuple(sorted(made, key=lambda t: t.owner)), only
        )

    def union(self, **plan):
        return Union(self.own, self.plan(**plan), self, self)

    def commons(self, index=None, **plan):
        return open_commons(self.union(**plan), index or Index.memory())


def said_by(view, owner):
    """All that a view holds of what one contingent owns, and of what it says of others."""
    mine = f"{owner}/"
    return (
        [work for work in view.works.values() if work.owner == owner],
        [(p, f) for p, f in view.files.items() if f.place.owner == owner],
        [view.source_of(p) for p, f in view.files.items() if f.place.owner == owner],
        [f for f in view.findings if f.location.source.startswith(f"{owner}@")],
        [remark for remark in view.remarks if remark.id.startswith(f"comment:{mine}")],
        {i: f for i, f in view.filters.items() if i.startswith(mine)},
        view.contingents.get(owner),
        [g for work in view.works for g in view.ratings.given(work) if g.rater.startswith(mine)],
        sorted(
            (s for s in view.ratings.standings(AxisId("newsworthy"), None) if s.contingent == owner), key=repr
        ),
    )


def everything(view):
    """All that a view says."""
    return (
        view.key,
        tuple(view.works.values()),
        tuple(view.files.items()),
        [view.source_of(path) for path in view.files],
        view.findings,
        view.remarks,
        tuple(view.contingents.items()),
        tuple(view.filters.items()),
        view.carried,
        [view.ratings.given(work) for work in view.works],
        [entry.path for entry in view.snapshot.entries],
        view.snapshot.findings,
    )
