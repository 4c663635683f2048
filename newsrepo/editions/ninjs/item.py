"""One article as an IPTC ninjs 3.3 item ("News in JSON", https://iptc.org/standards/ninjs/).

Whoever receives it has the text as HTML and as words, the credit to print with it, and as associations what
it is based on, in its whole depth, and its pictures. Addresses are absolute and stand only where the edition
has one. What a text says is passed on in the sanitised form in which the edition prints it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import giving, licences, markdown, names
from newsrepo.editions.chain import Chain, Chains, Credit
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.metadata import modified
from newsrepo.editions.parts import TOMBSTONE, MediaFile
from newsrepo.editions.plain import plain_text
from newsrepo.editions.republish import given, terms
from newsrepo.editions.revisions import Pasts
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text
from newsrepo.records import types as t

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.3.json#"
_STANDARD = {"name": "ninjs", "version": "3.3", "schema": SCHEMA}
_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "ogg": "audio/ogg",
    "mp3": "audio/mpeg",
}
_KINDS = {"image": "picture", "video": "video", "audio": "audio"}

Item = dict[str, Any]


class Items(NamedTuple):
    """The items of one edition in the order of its front page; ``left_out`` are works whose text cannot be
    shown, each with the reason."""

    items: tuple[tuple[ArticleId, Item], ...]
    left_out: tuple[tuple[ArticleId, str], ...]


class Maker:
    """Makes the items of one edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._chains = Chains(edition)
        self._pasts = Pasts(edition)

    @property
    def works(self) -> tuple[ArticleId, ...]:
        """Every article that is printed: each story's lead, then its other selected versions."""
        return tuple(work for item in self._edition.ctx.selection.items for work in (item.work, *item.others))

    def item(self, work_id: ArticleId, blobs: Mapping[Oid, bytes]) -> Item | str:
        """The item of one article, or why its text cannot be shown."""
        edition = self._edition
        work = edition.works[work_id]
        body = body_text(blobs[work.version])
        if body is None:
            return "the text cannot be read"
        shown = _html(edition, work, body)
        if shown.fault:
            return shown.fault
        chain = self._chains.of(work_id)
        page = f"{edition.url}{names.article_page(work_id)}" if edition.url else ""
        credit = given(edition, work_id, chain, page)
        html = str(shown.html)
        text = plain_text(html)
        return _some(
            {
                "standard": _STANDARD,
                "uri": entry_id(edition, work_id),
                "type": "text",
                "representationType": "full",
                "profile": "newsrepo",
                "version": work.version,
                "firstCreated": names.stamp(work.date),
                "versionCreated": modified(work, self._pasts.of(work_id)),
                "pubStatus": "usable",
                "language": work.lang,
                "title": giving.bare(work.title),
                "slugline": work_id.rpartition("/")[2],
                "headlines": [
                    {"role": "main", "contentType": "text/plain", "value": giving.bare(work.title)}
                ],
                "descriptions": _summary(work),
                "bodies": [
                    _body("main", "text/html", html, text, work.words),
                    _body("main", "text/plain", text, text, work.words),
                    {"role": "credit", "contentType": "text/html", "value": giving.as_html(credit)},
                    {"role": "credit", "contentType": "text/plain", "value": giving.as_plain(credit)},
                ],
                "by": _byline(edition, work),
                "people": [
                    _some({"name": name, "rel": "author", "uri": uri(author.url or "")})
                    for author in work.authors
                    if (name := giving.bare(author.name))
                ],
                "organisations": [
                    _some({"name": edition.signed(work.owner), "rel": "creator", "literal": work.owner})
                ],
                "infoSources": [*_sources(edition, work, chain)],
                "subjects": [
                    {"name": names.topic_text(topic), "rel": "about", "literal": topic}
                    for topic in work.topics
                ],
                "places": [
                    {"name": name, "rel": "about"} for place in work.places if (name := giving.bare(place))
                ],
                "usageTerms": terms(work),
                "rightsInfo": _some({"linkedRights": licences.address(work.license)}),
                "altIds": [
                    {"role": "newsrepo", "value": f"{work_id}@{work.version}"},
                    {"role": "license", "value": work.license},
                ]
                if work.license
                else [{"role": "newsrepo", "value": f"{work_id}@{work.version}"}],
                "renditions": [*_renditions(edition, work_id)],
                "associations": [
                    *(_basis(edition, depth, line) for depth, line in chain.lines),
                    *_media(edition, work),
                ],
            }
        )


def uri(address: str) -> str:
    """A web address as RFC 3986 has it: what it may not hold, as the escapes that mean the same."""
    before, mark, after = address.partition("#")
    return f"{_escaped(before)}{mark}{_escaped(after)}"


def _escaped(part: str) -> str:
    return _NOT_IN_URI.sub(lambda m: "".join(f"%{byte:02X}" for byte in m[0].encode()), part)


_NOT_IN_URI = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~:/?@!$&'()*+,;=%-]")


def _html(edition: Edition, work: Work, body: str) -> markdown.Rendered:
    """The text with its media named where it places them: they come as associations."""

    def resolve(target: ArticleId, version: str) -> markdown.Resolved:  # noqa: ARG001 - the version stays behind
        here = edition.url and target in edition.places
        return markdown.Resolved(f"{edition.url}{names.article_page(target)}" if here else "")

    figures = {}
    for entry in work.media:
        words = Markup("[{}: {}]").format(
            giving.bare(entry.file or entry.url or ""), giving.bare(entry.alt or "")
        )
        href = entry.url or (
            f"{edition.url}{names.media_file(work.id, entry.file)}" if edition.url and entry.file else ""
        )
        block = Markup(f"<p>{words}</p>\n")  # noqa: S704 - the words are escaped
        figures[entry.file or entry.url or ""] = markdown.Figure(block, words, href)
    return markdown.render(body, figures, resolve)


def _body(role: str, kind: str, value: str, text: str, words: int) -> Item:
    return {"role": role, "contentType": kind, "charCount": len(text), "wordCount": words, "value": value}


def _summary(work: Work) -> list[Item]:
    if not work.summary:
        return []
    return [{"role": "summary", "contentType": "text/plain", "value": giving.bare(work.summary)}]


def _byline(edition: Edition, work: Work) -> str:
    people = ", ".join(giving.bare(author.name) for author in work.authors)
    return f"{people}, {edition.signed(work.owner)}" if people else edition.signed(work.owner)


def _sources(edition: Edition, work: Work, chain: Chain) -> Iterator[Item]:
    """All whom the text owes: those along its chain of credit, then sources from outside."""
    for _, line in chain.lines:
        name = f"{line.authors}, {line.by}" if line.authors else line.by
        yield {
            "name": giving.bare(name),
            "role": line.relation.value,
            "uri": entry_id(edition, line.article),
            "literal": line.cite,
        }
    for source in work.credits:
        name = giving.bare(source.name) or names.host(source.url or "") or "unnamed"
        yield _some({"name": name, "role": source.what or "source", "uri": uri(source.url or "")})


def _basis(edition: Edition, depth: int, line: Credit) -> Item:
    """What a work is based on, at the version that is cited; deeper down, what that in turn is based on."""
    relation = "isBasedOn" if line.relation.is_parent else "citation"
    page = f"{edition.url}{line.href}" if edition.url and line.href else ""
    note = f"{line.relation.value}: {line.changes}" if line.changes else line.relation.value
    return _some(
        {
            "name": giving.bare(line.title) or line.article,
            "rel": relation if depth == 0 else f"{relation}/{depth}",
            "uri": entry_id(edition, line.article),
            "type": "text",
            "representationType": "partial",
            "version": line.oid,
            "language": line.lang,
            "headlines": [{"role": "main", "contentType": "text/plain", "value": giving.bare(line.title)}],
            "descriptions": [{"role": "changes", "contentType": "text/plain", "value": giving.bare(note)}],
            "by": f"{giving.bare(line.authors)}, {line.by}" if line.authors else line.by,
            "edNote": line.lost,
            "altIds": [{"role": "newsrepo", "value": line.cite}],
            "renditions": [{"name": "page", "href": page, "contentType": "text/html"}] if page else [],
        }
    )


def _renditions(edition: Edition, work_id: ArticleId) -> Iterator[Item]:
    if not edition.url or edition.places[work_id].role == TOMBSTONE:
        return
    for name, path, kind in (
        ("page", names.article_page(work_id), "text/html"),
        ("source", names.source_file(work_id), "text/markdown"),
        ("record", names.record_file(work_id), "application/json"),
    ):
        yield {"name": name, "href": f"{edition.url}{path}", "contentType": kind}


def _media(edition: Edition, work: Work) -> Iterator[Item]:
    """Pictures, films and sound: those that the edition publishes, and those that lie elsewhere."""
    files = {file.name: file for file in edition.media.get(work.id, ())}
    for number, entry in enumerate(work.media):
        file = files.get(entry.file or "")
        if file is None and entry.url is None:
            continue
        name = giving.bare(entry.alt or entry.caption or entry.file or "") or f"medium {number + 1}"
        said = (("alt", entry.alt), ("caption", entry.caption))
        yield _some(
            {
                "name": name,
                "rel": "media" if number else "lead",
                "uri": entry_id(edition, f"{work.id}/{entry.file or entry.url}"),
                "type": _KINDS[file.kind] if file else "component",
                "version": entry.sha256 or "",
                "descriptions": [
                    {"role": role, "contentType": "text/plain", "value": giving.bare(text)}
                    for role, text in said
                    if text
                ],
                "by": giving.bare(entry.creator or ""),
                "usageTerms": f"{entry.license}: {licences.address(entry.license)}".removesuffix(": ")
                if entry.license
                else "",
                "rightsInfo": _some({"linkedRights": licences.address(entry.license or "")}),
                "infoSources": [
                    {"name": names.host(entry.source), "role": "source", "uri": uri(entry.source)}
                ]
                if entry.source
                else [],
                "renditions": [*_files(edition, work, entry, files)],
            }
        )


def _files(edition: Edition, work: Work, entry: t.Media, files: Mapping[str, MediaFile]) -> Iterator[Item]:
    for role, name in (("main", entry.file), ("poster", entry.poster)):
        file = files.get(name or "")
        if file is None:
            continue
        path = f"{work.path.rpartition('/')[0]}/{file.name}"
        yield _some(
            {
                "name": role,
                "href": f"{edition.url}{names.media_file(work.id, file.name)}" if edition.url else "",
                "title": file.name,
                "contentType": _TYPES[file.name.rpartition(".")[2]],
                "width": file.width or None,
                "height": file.height or None,
                "sizeInBytes": edition.ctx.commons.files[path][2],
                "duration": entry.duration if role == "main" else None,
            }
        )
    if entry.url:
        yield _some({"name": "away", "href": uri(entry.url), "duration": entry.duration})


def _some(facts: Item) -> Item:
    """The facts that are there."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}
