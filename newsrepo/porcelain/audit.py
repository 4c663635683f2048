"""``audit``: reads all that this clone ever saw of everybody's homes, and asks the audits about it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from newsrepo.audits import Charge, Due, Home, Network, Rewritten, Text
from newsrepo.errors import UsageError
from newsrepo.gitstore.past import past
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import ContingentId, Kind, Oid, RaterId
from newsrepo.ledger import WAITING
from newsrepo.porcelain.challenges import in_view
from newsrepo.porcelain.check import check
from newsrepo.porcelain.elsewhere import ever_stood
from newsrepo.porcelain.statements.auditing import votes
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import path_of
from newsrepo.records.claims import claimant

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.commons.union import Home as Speaker
    from newsrepo.gitstore.history import History
    from newsrepo.gitstore.ledger import Seen
    from newsrepo.gitstore.snapshot import Entry, Tip


class Audited(msgspec.Struct, frozen=True):
    """All charges, in order; how many homes were looked at, and who stands here or was never reached."""

    charges: tuple[Charge, ...]
    homes: int
    here: tuple[ContingentId, ...]
    stale: tuple[ContingentId, ...]
    shallow: bool


def audit(work: Workspace, only: Sequence[str] = (), *, today: date) -> Audited:
    """Every charge against anybody, or against some contingents and the commons as a whole.

    Reads what was fetched before, and fetches nothing. Raises UsageError for a contingent that nobody knows.
    """
    from newsrepo import audits
    from newsrepo.commons import Union

    view = work.here
    for name in only:
        if name not in view.contingents:
            raise UsageError(f"no such contingent: {name!r}", near(name, view.contingents, "contingents"))
    union = view.snapshot if isinstance(view.snapshot, Union) else None
    speakers = union.homes if union is not None else ()
    away = frozenset(speaker.owner for speaker in speakers)
    stale = union.plan.stale if union is not None else ()
    here = tuple(c for c in view.contingents if c not in away and c not in stale)
    homes = {**_away(work, speakers), **_here(work, here)}
    network = Network(
        homes={owner: homes[owner] for owner in sorted(homes)},
        past=_pasts(work, homes),
        findings=check(work, start=work.root).findings,
        promised={c: frozenset(p.value for p in record.promises) for c, record in view.contingents.items()},
        unanswered=_unanswered(work, view, today),
        carriers=union.every_carrier() if union is not None else (),
        today=today,
        votes=votes(work),
        rated=_rated(view),
    )
    charges = audits.run(network)
    if only:
        charges = tuple(charge for charge in charges if charge.who in ("", *only))
    return Audited(charges, len(speakers), here, stale, work.repository.shallow)


def _away(work: Workspace, speakers: "Sequence[Speaker]") -> dict[ContingentId, Home]:
    """The homes of others, with all that was ever seen there."""
    store, known = work.store, work.homes
    if store is None or not speakers:
        return {}
    trees = TreeReader(store.objects)
    walks = trees.walk_all([Start(speaker.tip.tree, "") for speaker in speakers])
    found = {}
    for speaker, walked in zip(speakers, walks, strict=True):
        if not isinstance(walked, Walked):
            continue  # which check tells
        owner, seen = speaker.owner, known[speaker.owner]
        files, copies = _split(walked.entries, owner)
        ever = ever_stood(store, owner)
        history = work.history(speaker.tip.commit)
        found[owner] = _home(owner, speaker.tip, speaker.label, files, copies, ever, history, seen)
    return found


def _here(work: Workspace, here: Iterable[ContingentId]) -> dict[ContingentId, Home]:
    """The contingents at home in this branch; copies of others' files are on whoever's clone it is."""
    tip = work.repository.tip()
    if tip is None:
        return {}
    snapshot = work.repository.at("HEAD")
    history = work.history(tip.commit)
    found = {}
    for owner in here:
        files, copies = _split(snapshot.entries, owner)
        mine = copies if owner == work.clone.contingent else {}
        found[owner] = _home(owner, tip, "", files, mine, {}, history, None)
    return found


def _home(
    owner: ContingentId,
    tip: "Tip",
    label: str,
    files: Mapping[str, Oid],
    copies: Mapping[str, Oid],
    ever: Mapping[str, Text],
    history: "History",
    seen: "Seen | None",
) -> Home:
    return Home(
        owner=owner,
        tip=tip.commit,
        committed=tip.committed,
        label=label,
        files=files,
        ever=ever,
        removed=_removed(history, owner),
        copies=copies,
        rewritten=tuple(Rewritten(r.old, r.new, r.when) for r in seen.rewritten) if seen else (),
        asked=seen.tried_at if seen else "",
        answered=seen.fetched_at if seen else "",
    )


def _split(entries: "Iterable[Entry]", owner: ContingentId) -> tuple[dict[str, Oid], dict[str, Oid]]:
    """The owner's files, and those that belong to anybody else."""
    files: dict[str, Oid] = {}
    copies: dict[str, Oid] = {}
    for entry in entries:
        whose = claimant(entry.path)
        if whose:
            (files if whose == owner else copies)[entry.path] = entry.oid
    return files, copies


def _removed(history: "History", owner: ContingentId) -> dict[str, Text]:
    """The owner's articles whose history ends with their removal: that commit, and the last text."""
    found = {}
    for path, revisions in history.revisions.items():
        if claimant(path) == owner and not revisions[-1].version:
            before = next((r.version for r in reversed(revisions) if r.version), "")
            found[path] = Text(revisions[-1].commit, Oid(before))
    return found


def _pasts(
    work: Workspace, homes: Mapping[ContingentId, Home]
) -> Callable[[ContingentId, str], frozenset[Oid]]:
    store = work.store

    @cache
    def known(owner: ContingentId, path: str) -> frozenset[Oid]:
        home = homes[owner]
        if not home.label or store is None:
            return past(work.repository.common_dir, [home.tip], path)
        return past(store.path, store.seen(owner), path)

    return known


def _rated(view: "Commons") -> dict[RaterId, tuple[int, ...]]:
    """The day on which each rater last rated each work, on whatever axis."""
    found = {}
    for rater, said in view.ratings.spoken():
        latest: dict[str, int] = {}
        for article, _, _, day in said:
            latest[article] = max(day, latest.get(article, day))
        found[rater] = tuple(latest.values())
    return found


def _unanswered(work: Workspace, view: "Commons", today: date) -> tuple[Due, ...]:
    """Every question that is owed an answer, for each whom somebody else asked, as the ledger has it."""
    return tuple(
        Due(entry.to, entry.question.id, path_of(Kind.CHALLENGE, entry.question.id), entry.due)
        for entry in in_view(work, view, today).entries
        if entry.state in WAITING and not entry.to_self
    )
