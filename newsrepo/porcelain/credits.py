"""``credits``: what a work rests on and what rests on it, with the version, licence and owner of each."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import ArticleId, ContingentId, Kind, Oid
from newsrepo.porcelain.cited import Standing, Versions
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.show import find_path
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.credit import Step, Texts


_ABSENT = {
    Standing.IN_VIEW: "the text is no article",
    Standing.KNOWN: "text not at hand",
    Standing.NEVER: "never was a version of it",
    Standing.UNTOLD: "text not at hand",
}
"""What is said of a text that cannot be drawn."""


class Side(msgspec.Struct, frozen=True):
    """One work at one version, as that text says; of one that is not at hand only ids are known."""

    work: ArticleId
    version: Oid
    title: str
    authors: tuple[str, ...]
    license: str
    owner: ContingentId
    owner_name: str
    notes: tuple[str, ...]
    """What is to be said of its state: ``since revised``, ``not in view``, …"""
    ref: str = ""
    """The ref that speaks for it, empty for what is checked out here or not in view."""
    at_hand: bool = True
    """Whether the text of that version is."""


class Line(msgspec.Struct, frozen=True):
    """A line of one of the two trees, as ``credit.Step`` has it, with the work that it leads to."""

    step: "Step"
    side: Side


class Credits(msgspec.Struct, frozen=True):
    """The derivation of one work both ways."""

    work: Side
    based_on: tuple[Line, ...]
    used_by: tuple[Line, ...]


def credits(work: Workspace, what: str, *, at: str = "") -> Credits:  # noqa: A001 - the verb's own name
    """The derivation of the article that ``what`` names, ``ID`` or ``ID@VERSION``, in the tree or in a ref.

    Raises UsageError when there is no such article or text, UnableError when its file cannot be read.
    """
    from newsrepo.credit import ahead, behind, stories

    view = work.commons(work.snapshot(at=at))
    target, _, given = what.partition("@")
    path = find_path(view, target)
    if path is None:
        raise no_article(work, view, target)
    place = view.files[path].place
    if place.kind is not Kind.ARTICLE:
        raise UsageError(
            f"{target!r} is no article", "credits are drawn of articles; `newsrepo show` shows it"
        )
    start = ArticleId(place.id)
    if start not in view.works:
        raise UnableError(f"{path} cannot be read", f"`newsrepo check {path}` says why")
    version = Versions(work, view, start).full(given)
    texts = _texts(view, version)
    if texts.get(version) is None:
        raise UsageError(
            f"the text of {start}@{version[:8]} is not at hand",
            "only texts that some work keeps can be drawn",
        )

    def line(step: "Step") -> Line:
        return Line(step, side(step.work, step.version))

    def side(article: ArticleId, at: Oid) -> Side:
        return _side(Versions(work, view, article), view, texts, at)

    return Credits(
        side(start, version),
        tuple(map(line, behind(view.works, texts, start, version))),
        tuple(map(line, ahead(view.works, stories(view.works), start))),
    )


def _texts(view: "Commons", start: Oid) -> "Texts":
    """All works as they stand, all kept sources, and what only history has of the texts behind ``start``."""
    from newsrepo.credit import Texts

    kept = {file.oid for file in view.files.values() if file.place.kind is Kind.SOURCE}
    tried: set[Oid] = set()
    while True:
        texts = Texts(view.works, kept, lambda oids: _read(view, oids))
        lacking = _lacking(texts, start) - tried
        tried |= lacking
        found = {version for version in sorted(lacking) if _is_at_hand(view, version)}
        if not found:
            return texts
        kept |= found


def _lacking(texts: "Texts", start: Oid) -> set[Oid]:
    """The texts behind one that are cited and not among ``texts``."""
    lacking: set[Oid] = set()
    seen = {start}
    waiting = [start]
    while waiting:
        version = waiting.pop()
        if texts.get(version) is None:
            lacking.add(version)
        cited = {Oid(source.version) for source in texts.based_on(version)} - seen
        seen |= cited
        waiting += cited
    return lacking


def _is_at_hand(view: "Commons", version: Oid) -> bool:
    try:
        (blob,) = view.snapshot.read([version], MAX_TEXT)
    except UnableError:
        return False
    return blob.data is not None


def _read(view: "Commons", oids: Collection[Oid]) -> Iterator[tuple[Oid, bytes]]:
    for blob in view.snapshot.read(oids, MAX_TEXT):
        if blob.data is not None:
            yield blob.oid, blob.data


def _side(versions: Versions, view: "Commons", texts: "Texts", version: Oid) -> Side:
    work = versions.article
    owner = ContingentId(work.partition("/")[0])
    described = view.contingents.get(owner)
    now = view.works.get(work)
    text = texts.get(version)
    notes = []
    if now is None:
        notes.append("not in view")
    elif now.status is not t.Status.USABLE:
        notes.append(now.status.value)
    elif now.version != version:
        notes.append("since revised")
    if text is None:
        notes.append(_ABSENT[versions.standing(version)])
    return Side(
        work,
        version,
        text.title if text else now.title if now else "",
        tuple(a.name for a in (text.authors if text else now.authors if now else ())),
        text.license if text else "",
        owner,
        described.name if described else "",
        tuple(notes),
        now.source if now else "",
        text is not None,
    )
