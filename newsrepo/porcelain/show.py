"""``show``: one record by its id or path, with what the commons knows about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from newsrepo.commons.model import Given
from newsrepo.commons.union import labelled
from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import ArticleId, FilterId, IdError, Kind, article_id, contingent_id, filter_id
from newsrepo.location import Finding
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import Place

if TYPE_CHECKING:
    from newsrepo.commons import Commons


class Shown(msgspec.Struct, frozen=True):
    """One record. ``record`` is None where its file has faults, which ``findings`` then names."""

    kind: Kind
    id: str
    path: str
    version: str
    data: bytes
    record: t.Record | None
    findings: tuple[Finding, ...]
    source: str = ""
    """The ref it was read from; empty for the working tree."""
    past: bool = False
    """Whether this is not the text that stands now."""
    ratings: tuple[Given, ...] = ()
    comments: tuple[str, ...] = ()
    derived: tuple[tuple[ArticleId, t.Relation], ...] = ()


_KINDS = {
    "article": Kind.ARTICLE,
    "comment": Kind.COMMENT,
    "contingent": Kind.CONTINGENT,
    "filter": Kind.FILTER,
    "challenge": Kind.CHALLENGE,
    "answer": Kind.ANSWER,
    "statement": Kind.STATEMENT,
}


def show(work: Workspace, what: str, *, at: str = "", only: str = "") -> Shown:
    """The record that ``what`` names: an article's id, ``kind:id``, a contingent's or a filter's id, a path.

    ``ID@VERSION`` asks for that version, wherever it is at hand. Raises UsageError when there is none such,
    UnableError where it is known and not in view.
    """
    return show_in(work, work.commons(work.snapshot(at=at, only=only)), what)


def show_in(work: Workspace, view: "Commons", what: str) -> Shown:
    """As ``show``, in a view that is already at hand."""
    from newsrepo import records

    target, _, version = what.partition("@")
    path = find_path(view, target)
    if path is None:
        return _gone(work, view, target, version)
    place, oid, _ = view.files[path]
    source = view.source_of(path)
    if version and not (len(version) >= 8 and oid.startswith(version)):
        return _earlier(work, view, target, place, version)
    data = next((data for _, data in view.texts([oid])), None)
    if data is None:
        raise UnableError(f"{path} is too large to show")
    if place.kind in (Kind.MEDIA, Kind.SIGNATURE):
        return Shown(place.kind, place.id, path, oid, data, None, (), source)
    parsed = records.parse(place.kind, data, path)
    faults = tuple(labelled(finding, source) for finding in parsed.findings)
    shown = Shown(place.kind, place.id, path, oid, data, parsed.record, faults, source)
    return _with_context(view, shown) if place.kind is Kind.ARTICLE else shown


def _gone(work: Workspace, view: "Commons", target: str, version: str) -> Shown:
    """A version of an article that is not in view any more. Raises UsageError, UnableError."""
    from newsrepo.porcelain.missing import no_article

    if ":" in target:
        raise UsageError(f"no such record: {target!r}", "records go by their id or their path")
    try:
        article = article_id(target)
    except IdError:
        raise UsageError(f"no such record: {target!r}", near(target, view.works, "find")) from None
    if not version:
        raise no_article(work, view, article)
    return _text(work, view, article, version)


def _earlier(work: Workspace, view: "Commons", target: str, place: Place, version: str) -> Shown:
    """Another version of an article than the one that stands. Raises UsageError, UnableError."""
    if place.kind is not Kind.ARTICLE:
        raise UsageError(
            f"{target}@{version} is not the version that stands now", "earlier ones are kept of articles"
        )
    return _with_context(view, _text(work, view, ArticleId(place.id), version))


def _text(work: Workspace, view: "Commons", article: ArticleId, version: str) -> Shown:
    from newsrepo import records
    from newsrepo.porcelain.cited import Versions

    known = Versions(work, view, article)
    text = known.text(known.full(version))
    parsed = records.parse(Kind.ARTICLE, text.data, known.path)
    said = (parsed.record, parsed.findings)
    return Shown(Kind.ARTICLE, article, known.path, text.version, text.data, *said, past=True)


def find_path(view: "Commons", target: str) -> str | None:
    """The path of the record that ``target`` names, where there is one."""
    if target in view.files:
        return target
    for path in _candidates(target, view.filters):
        if path in view.files:
            return path
    return None


def _candidates(target: str, filters: Mapping[FilterId, t.Filter]) -> list[str]:
    from newsrepo.records.paths import path_of

    prefix, colon, bare = target.partition(":")
    kind = _KINDS.get(prefix) if colon else _bare_kind(target, filters)
    if kind is None:
        return []
    named = target if colon or kind in (Kind.ARTICLE, Kind.CONTINGENT) else f"{kind.value}:{target}"
    if kind in (Kind.ARTICLE, Kind.CONTINGENT) and colon:
        named = bare
    try:
        return [path_of(kind, named)]
    except (IdError, ValueError):
        return []


def _bare_kind(target: str, filters: Mapping[FilterId, t.Filter]) -> Kind | None:
    """What a bare id names: three parts an article, two a filter, one a contingent."""
    for parse, kind in ((article_id, Kind.ARTICLE), (contingent_id, Kind.CONTINGENT)):
        try:
            parse(target)
        except IdError:
            continue
        return kind
    try:
        return Kind.FILTER if filter_id(target) in filters else None
    except IdError:
        return None


def _with_context(view: "Commons", shown: Shown) -> Shown:
    wanted = ArticleId(shown.id)
    derived = tuple(
        (other.id, source.relation)
        for other in view.works.values()
        for source in other.based_on
        if source.article == wanted
    )
    return msgspec.structs.replace(
        shown,
        ratings=view.ratings.given(wanted),
        comments=tuple(r.id for r in view.remarks if r.comment.on == wanted),
        derived=derived,
    )
