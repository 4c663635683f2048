"""What a clone's history adds to the ledger of questions: their earlier texts, and who promised answers once.

It is asked only where that is open, and its answer is kept for the view.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.ids import ContingentId, Kind, Oid
from newsrepo.ledger import Question
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, path_of
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.gitstore.snapshot import Snapshot

MOST = 200
"""How many earlier texts of one file are looked at, the newest."""


class Past(Struct, frozen=True, array_like=True):
    """What history adds: earlier texts of questions by path and SHA-256, who promised answers once, and whose
    history is not all at hand."""

    earlier: dict[str, dict[str, Oid]] = {}
    once: tuple[ContingentId, ...] = ()
    cut: tuple[ContingentId, ...] = ()


_PAST = msgspec.msgpack.Decoder(Past)


def remembered(work: Workspace, view: "Commons", found: Sequence[Question]) -> Past:
    """What history adds, as it was kept for this view and these tips, or looked up."""
    changed = {
        path_of(Kind.CHALLENGE, q.id)
        for q in found
        if any(reply.record.question != q.sha256 for reply in q.replies)
    }
    book = view.contingents
    silent = {
        ContingentId(to)
        for q in found
        for to in q.record.to
        if to in book and t.Promise.ANSWERS not in book[ContingentId(to)].promises
    }
    if not changed and not silent:
        return Past()
    tips = _tips(work, view.snapshot)
    name = "asked " + sha256("\n".join(f"{who} {tip}" for who, (_, tip) in tips.items()).encode()).hexdigest()
    kept = view.recall(name)
    if kept is not None:
        try:
            return _PAST.decode(kept)
        except msgspec.DecodeError:
            pass  # it is looked up again
    past = _look(view, tips, changed, silent, shallow=_shallow(work))
    view.keep(name, msgspec.msgpack.encode(past))
    return past


def wordings(work: Workspace, snapshot: "Snapshot") -> Callable[[str], frozenset[str] | None]:
    """Tells the SHA-256 of every text that a question's file ever had; None where its history is cut off.

    Nothing is read before it is asked for.
    """

    @cache
    def told(path: str) -> frozenset[str] | None:
        tips = _tips(work, snapshot)
        home = tips.get(_whose(path), tips.get(""))
        if home is None or home[0] in _shallow(work):
            return None
        try:
            oids = _texts(*home, [path]).get(path, ())
        except UnableError:
            return None
        if len(oids) > MOST:
            return (
                None  # nobody rewords a question so often; what was left out cannot be told from what was not
            )
        blobs = snapshot.read(oids, MAX_TEXT)
        return frozenset(sha256(blob.data).hexdigest() for blob in blobs if blob.data is not None)

    return told


_Tips = Mapping[str, tuple[Path, Oid]]


def _tips(work: Workspace, snapshot: "Snapshot") -> _Tips:
    """For every home in view the repository and the commit that speak; under ``""`` for all others."""
    from newsrepo.commons import Union

    found: dict[str, tuple[Path, Oid]] = {}
    if snapshot.tip is not None:
        found[""] = work.keeps(snapshot.tip.commit), snapshot.tip.commit
    if isinstance(snapshot, Union) and work.store is not None:
        found |= {home.owner: (work.store.path, home.tip.commit) for home in snapshot.homes}
    return found


def _shallow(work: Workspace) -> frozenset[Path]:
    """The repositories whose history, or whose earlier texts, are not all at hand."""
    here = work.repository.common_dir
    cut = {here} if work.repository.shallow or work.repository.partial else set()
    store = work.store
    if store is not None and (store.path / "shallow").is_file():
        cut.add(store.path)
    return frozenset(cut)


def _look(
    view: "Commons",
    tips: _Tips,
    changed: Iterable[str],
    silent: Iterable[ContingentId],
    *,
    shallow: frozenset[Path],
) -> Past:
    wanted: dict[str, list[str]] = {}
    cut: set[ContingentId] = set()
    for path in (*changed, *(f"contingents/{who}.yaml" for who in silent)):
        who = _whose(path)
        home = who if who in tips else ""
        if home in tips and tips[home][0] not in shallow:
            wanted.setdefault(home, []).append(path)
        else:
            cut.add(who)
    texts: dict[str, tuple[Oid, ...]] = {}
    for home, paths in wanted.items():
        try:
            texts |= _texts(*tips[home], paths)
        except UnableError:
            cut |= {_whose(path) for path in paths}
    read = _blobs(view, {oid for oids in texts.values() for oid in oids[:MOST]})
    once = set()
    earlier: dict[str, dict[str, Oid]] = {}
    for path, oids in texts.items():
        for oid in oids[:MOST]:
            data = read.get(oid)
            if data is None:
                continue
            if path.startswith("challenges/"):
                earlier.setdefault(path, {}).setdefault(sha256(data).hexdigest(), oid)
            elif _promises(data, path):
                once.add(_whose(path))
    return Past(earlier, tuple(sorted(once)), tuple(sorted(cut - once)))


def _texts(git_dir: Path, tip: Oid, paths: Sequence[str]) -> Mapping[str, tuple[Oid, ...]]:
    from newsrepo.gitstore.past import texts

    return texts(git_dir, tip, paths)


def _whose(path: str) -> ContingentId:
    return ContingentId(path.split("/")[1].removesuffix(".yaml"))


def _blobs(view: "Commons", oids: Iterable[Oid]) -> dict[Oid, bytes]:
    found = view.snapshot.read(sorted(oids), MAX_TEXT)
    return {blob.oid: blob.data for blob in found if blob.data is not None}


def _promises(data: bytes, path: str) -> bool:
    record = parse(Kind.CONTINGENT, data, path).record
    return isinstance(record, t.Contingent) and t.Promise.ANSWERS in record.promises
