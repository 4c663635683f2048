"""From what a manifest says back to what it was made from: tips, pins and votes, as far as they are here.

A manifest is a claim. Every commit in it is looked up in what this clone has fetched itself, and one that is
said to be somebody's must have been seen at that home, so that nobody can put words into another's mouth.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from newsrepo.errors import UnableError
from newsrepo.ids import ContingentId, IdError, Oid, contingent_id, is_oid
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Plan
    from newsrepo.editions.manifest import Manifest, Source
    from newsrepo.gitstore.snapshot import Snapshot, Tip
    from newsrepo.porcelain.grounds import Grounds


class Rebuilder:
    """Makes grounds out of manifests. Those of one build share their tips, and are looked up once."""

    def __init__(self, work: Workspace) -> None:
        self.work = work
        self._made: dict[object, Grounds] = {}
        self._plan = _own_plan(work)

    def grounds(self, manifest: "Manifest") -> "Grounds":
        """What this manifest was made from. Raises UnableError saying what is not at hand, or why never."""
        _refuse_unverifiable(manifest)
        key = (manifest.sources, manifest.pins, manifest.genesis, manifest.follows, manifest.today)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._grounds(manifest)
        return found

    def _grounds(self, manifest: "Manifest") -> "Grounds":
        from newsrepo.porcelain.assembly import assembled_under
        from newsrepo.porcelain.grounds import gather, lacking

        lacks = lacking(self.work)
        if lacks:
            raise UnableError(
                f"this is {lacks}: it cannot make what a whole clone made", "verify in a full clone"
            )
        view = self.work.commons(self._snapshot(manifest))
        assembly = None
        if manifest.genesis:
            assembly = assembled_under(self.work, view, manifest.genesis, manifest.follows)
        return gather(self.work, view, manifest.today, assembly)

    def _snapshot(self, manifest: "Manifest") -> "Snapshot":
        from newsrepo.commons import Plan, Union
        from newsrepo.commons.union import Home
        from newsrepo.gitstore.tree import TreeReader

        own, *others = manifest.sources
        _refuse_disorder(manifest)
        missing: list[str] = []
        tip = self._tip(own)
        if tip is None:
            missing.append(f"{own.commit or 'none'} of the publisher's own branch")
        homes = []
        for source in others:
            who, at = self._home(source), self._tip(source)
            if at is None or not self._was_home(who, at.commit):
                missing.append(f"{source.commit or 'none'} of {who}")
            else:
                homes.append(Home(who, at))
        if missing or tip is None:
            what = f"tip {missing[0]} is" if len(missing) == 1 else f"{len(missing)} tips are"
            raise UnableError(
                f"{what} not in this clone" + (f", such as {missing[0]}" if len(missing) > 1 else ""),
                "fetch what everybody has published: newsrepo sync; the publisher's own branch: git fetch",
            )
        store = self.work.store
        stood = store.at("", tip) if store is not None else self.work.repository.standing("", tip)
        pins = manifest.pins
        if pins is None:
            if homes:
                raise UnableError("its manifest lists homes, and no pins by which they spoke", _ASK)
            return stood
        plan = Plan(tuple(homes), pins.stale, pins.terms, pins.only)
        if store is None:
            return Union.alone(stood, plan)
        return Union(stood, plan, TreeReader(store.objects), store.objects)

    def _tip(self, source: "Source") -> "Tip | None":
        """The commit of a source, if it is here and has the tree that is said."""
        if source.commit is None or not is_oid(source.commit):
            return None
        store = self.work.store
        try:
            tip = store.tip(source.commit) if store is not None else self.work.repository.tip(source.commit)
        except UnableError:
            return None
        return tip if tip is not None and tip.commit == source.commit else None

    def _home(self, source: "Source") -> ContingentId:
        try:
            who = contingent_id(source.ref.partition("@")[0])
        except IdError:
            who = None
        if who is None or source.ref != f"{who}@{str(source.commit)[:8]}":
            raise UnableError(f"its manifest lists a source that cannot be: {source.ref[:80]!r}", _ASK)
        return who

    def _was_home(self, who: ContingentId, commit: Oid) -> bool:
        """Whether a commit was ever what a contingent published, as far as this clone has seen."""
        store = self.work.store
        if store is not None and store.reached(who, commit):
            return True
        return who in self._at_home and self.work.repository.leads_to(commit)

    @cached_property
    def _at_home(self) -> frozenset[ContingentId]:
        """Those for whom this clone's own branches speak: nobody has to fetch them from anywhere."""
        here = self.work.here
        away = {terms.owner for terms in self._plan.terms} if self._plan else set(here.stale)
        return frozenset(here.contingents.keys() - away)

    def notes(self, manifest: "Manifest") -> tuple[str, ...]:
        """Where the publisher's address book and choices are not one's own: no fault, but good to know."""
        from newsrepo.porcelain.workspace import GENESIS_KEY

        found = []
        mine = {terms.owner: terms for terms in self._plan.terms} if self._plan else {}
        others = sorted(
            terms.owner
            for terms in (manifest.pins.terms if manifest.pins else ())
            if terms.owner in mine and mine[terms.owner] != terms
        )
        if others:
            found.append(f"it has other terms pinned than you, for {_some(others)}")
        heard = {source.ref.partition("@")[0] for source in manifest.sources[1:]}
        own = manifest.sources[0].commit
        copies = sorted(
            home.owner
            for home in (self._plan.homes if self._plan else ())
            if home.owner not in heard and not (own and self._was_home(home.owner, own))
        )
        if copies:
            found.append(f"what it shows of {_some(copies)} is the publisher's copy, not what they published")
        tip = self._tip(manifest.sources[0])
        if tip is not None and tip.committed.date() != manifest.today:
            found.append(f"its day was named by its publisher: the commit is of {tip.committed.date()}")
        pinned = self.work.repository.settings.get(GENESIS_KEY, "").strip()
        if manifest.genesis and pinned and manifest.genesis != pinned:
            found.append(f"it counts votes from another genesis than yours: {manifest.genesis[:12]}")
        return tuple(found)


def _refuse_disorder(manifest: "Manifest") -> None:
    """Raise UnableError where anybody speaks twice or out of order: then nobody built that."""
    pins = manifest.pins
    lists = (
        [source.ref.partition("@")[0] for source in manifest.sources[1:]],
        [terms.owner for terms in pins.terms] if pins else [],
        list(pins.stale) if pins else [],
    )
    if any(names != sorted(set(names)) for names in lists):
        raise UnableError("its manifest names somebody twice, or out of order", _ASK)


_ASK = "ask its publisher: no build of newsrepo says that"


def _some(who: list[ContingentId]) -> str:
    return ", ".join(who[:5]) + (f" and {len(who) - 5} more" if len(who) > 5 else "")


def _own_plan(work: Workspace) -> "Plan | None":
    """By which plan this clone itself reads the commons; None where nobody else speaks in it."""
    from newsrepo.commons import Union

    own = work.snapshot()
    return own.plan if isinstance(own, Union) else None


def _refuse_unverifiable(manifest: "Manifest") -> None:
    """Raise UnableError for what nobody can rebuild here."""
    import msgspec

    from newsrepo.editions.manifest import GENERATOR

    if not isinstance(manifest.shard, msgspec.UnsetType):
        raise UnableError(
            f"it is part {manifest.shard.number} of {manifest.shard.of} of an edition",
            "put all parts together first: newsrepo build --merge",
        )
    if manifest.generator != GENERATOR:
        made, here = manifest.generator[:80], GENERATOR
        raise UnableError(f"it was made by {made!r}, and this is {here}", "verify it with that version")
    if manifest.unverifiable:
        raise UnableError(f"it says of itself: {manifest.unverifiable[:200]!r}", "nobody else can rebuild it")
    if not manifest.sources:
        raise UnableError("its manifest lists no tip", _ASK)
