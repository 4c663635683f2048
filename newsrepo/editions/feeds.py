"""The edition for programs: Atom and JSON Feed with the full text, and a sitemap.

An entry's id is made from the commons' name and the article's id, so that it stays the same wherever the
edition is put. Without an ``edition.url`` no absolute address is known: the Atom feed's links are then
relative to the feed itself, the JSON feed has none, and there is no sitemap.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from newsrepo.editions import names
from newsrepo.editions.article import article_key
from newsrepo.editions.chain import Chains
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.page import Page
from newsrepo.editions.parts import TOMBSTONE, digest
from newsrepo.editions.prose import text
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.editions.sayings import Saying

ENTRIES = 60
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
}


def xml_text(value: str) -> str:
    """``value`` without the code points that XML 1.0 can't hold, however they are escaped."""
    return _FORBIDDEN.sub("", value)


def feed_works(edition: Edition) -> tuple[ArticleId, ...]:
    """The newest printed leads, newest first."""
    leads = {item.work for item in edition.ctx.selection.items}
    return tuple([work for work in reversed(edition.listed) if work in leads][:ENTRIES])


def feed_pages(edition: Edition, chains: Chains) -> tuple[Page, ...]:
    """The two feeds, or none when the filter wants none."""
    if not edition.feeds:
        return ()
    said = _sayings(edition)
    works = feed_works(edition)[: ENTRIES - len(said)]
    keys = [article_key(edition, chains, work) for work in works]
    day = b"" if works else edition.ctx.today.isoformat().encode()
    spoken = repr([saying.facts for saying in said]).encode()
    needs = (*(edition.works[w].version for w in works), *(oid for saying in said for oid in saying.needs))

    def atom(blobs: Mapping[Oid, bytes]) -> bytes:
        return _atom(edition, works, said, blobs)

    def items(blobs: Mapping[Oid, bytes]) -> bytes:
        return _json(edition, works, said, blobs)

    return (
        Page("feed.xml", digest(edition.base, b"atom", day, spoken, *keys), needs, atom),
        Page("feed.json", digest(edition.base, b"json", day, spoken, *keys), needs, items),
    )


def _sayings(edition: Edition) -> "tuple[Saying, ...]":
    """The latest statements that speak for the commons, latest first; half of a feed's entries at most."""
    if not edition.has_statements:
        return ()
    from newsrepo.editions.sayings import sayings  # with all that counts votes

    return sayings(edition)[: ENTRIES // 2]


def _by_date(
    edition: Edition, works: "Sequence[ArticleId]", said: "Sequence[Saying]"
) -> "list[ArticleId | Saying]":
    """Articles and statements as one list, newest first; each of the two is in that order."""
    dated: list[tuple[str, ArticleId | Saying]] = [(names.stamp(edition.works[w].date), w) for w in works]
    dated += [(saying.stamp, saying) for saying in said]
    return [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _content(edition: Edition, work_id: ArticleId, body: str | None) -> str:
    """The full text of an entry, with its pictures and the line that says who signs it."""
    work = edition.works[work_id]
    if body is None:
        return ""
    shown = text(edition, work, body, edition.url)
    return str(
        edition.theme.html(
            "entry",
            lead=shown.lead,
            body=shown.body,
            rest=shown.rest,
            lang=work.lang,
            dir=names.direction(work.lang),
            fault=shown.fault,
            signature=edition.signed(work.owner),
            sources=[
                (
                    d.relation.value,
                    edition.title_of(a := ArticleId(d.article)),
                    edition.signed(a.partition("/")[0]),
                    f"{edition.url}{names.article_page(a)}" if a in edition.places else "",
                )
                for d in work.based_on
            ],
        )
    )


# --- Atom ------------------------------------------------------------------------------------------


def _put(parent: ET.Element, tag: str, value: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {k.replace("__", ":"): xml_text(v) for k, v in attributes.items()})
    if value:
        element.text = xml_text(value)
    return element


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def _atom(
    edition: Edition, works: tuple[ArticleId, ...], said: "tuple[Saying, ...]", blobs: Mapping[Oid, bytes]
) -> bytes:
    attributes = {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": edition.lang}
    if edition.url:
        attributes["xml:base"] = xml_text(edition.url)
    feed = ET.Element("feed", attributes)
    _put(feed, "id", entry_id(edition, f"filter:{edition.ctx.filter_id}"))
    _put(feed, "title", edition.title)
    _put(feed, "subtitle", f"{edition.about} {edition.signature}".strip())
    stamps = [names.stamp(edition.works[work].date) for work in works]
    stamps += [saying.stamp for saying in said]
    _put(feed, "updated", max(stamps, default=f"{edition.ctx.today.isoformat()}T00:00:00Z"))
    author = _put(feed, "author")
    _put(author, "name", edition.signature)
    if edition.url:
        _put(feed, "link", rel="self", type="application/atom+xml", href=f"{edition.url}feed.xml")
    _put(feed, "link", rel="alternate", type="text/html", href=f"{edition.url}index.html")
    for entry in _by_date(edition, works, said):
        if isinstance(entry, str):
            _atom_entry(edition, feed, entry, body_text(blobs[edition.works[entry].version]))
        else:
            _atom_saying(edition, feed, entry, blobs)
    return _xml(feed)


def _atom_saying(edition: Edition, feed: ET.Element, saying: "Saying", blobs: Mapping[Oid, bytes]) -> None:
    """A statement: its author is the commons, by its count; the line of who prints it stands in its text."""
    entry = _put(feed, "entry", xml__lang=saying.lang)
    _put(entry, "id", entry_id(edition, saying.statement))
    _put(entry, "title", saying.title)
    _put(entry, "published", saying.stamp)
    _put(entry, "updated", saying.stamp)
    author = _put(entry, "author")
    _put(author, "name", saying.signature)
    _put(entry, "link", rel="alternate", type="text/html", href=f"{edition.url}{saying.path}")
    _put(entry, "rights", f"{saying.sentence} Printed by {edition.signature}.")
    _put(entry, "summary", saying.sentence)
    _put(entry, "content", str(saying.content(edition, blobs)), type="html")


def _atom_entry(edition: Edition, feed: ET.Element, work_id: ArticleId, body: str | None) -> None:
    work = edition.works[work_id]
    entry = _put(feed, "entry", xml__lang=work.lang)
    _put(entry, "id", entry_id(edition, work_id))
    _put(entry, "title", work.title)
    _put(entry, "published", names.stamp(work.date))
    _put(entry, "updated", names.stamp(work.date))
    for person in work.authors or (t.Author(name=edition.signed(work.owner)),):
        author = _put(entry, "author")
        _put(author, "name", person.name)
        if person.url:
            _put(author, "uri", person.url)
    _put(entry, "link", rel="alternate", type="text/html", href=f"{edition.url}{names.article_page(work_id)}")
    for derivation in work.based_on:
        source = ArticleId(derivation.article)
        href = (
            f"{edition.url}{names.article_page(source)}"
            if source in edition.places and edition.places[source].role != TOMBSTONE
            else entry_id(edition, source)
        )
        rel = "via" if derivation.relation.is_parent else "related"
        _put(entry, "link", rel=rel, href=href, title=edition.title_of(source))
    for credit in work.credits:
        if credit.url:
            _put(entry, "link", rel="related", href=credit.url, title=credit.name)
    if work.license in _LICENCES:
        _put(entry, "link", rel="license", href=_LICENCES[work.license])
    for topic in work.topics:
        _put(entry, "category", term=topic)
    _put(entry, "rights", f"{work.license or 'Licence not stated'}. {edition.signed(work.owner)}.")
    if work.summary:
        _put(entry, "summary", work.summary)
    _put(entry, "content", _content(edition, work_id, body), type="html")


# --- JSON Feed -------------------------------------------------------------------------------------


def _json(
    edition: Edition, works: tuple[ArticleId, ...], said: "tuple[Saying, ...]", blobs: Mapping[Oid, bytes]
) -> bytes:
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": edition.title,
        "description": f"{edition.about} {edition.signature}".strip(),
        "language": edition.lang,
        "authors": [{"name": edition.signature}],
    }
    if edition.url:
        feed["home_page_url"] = f"{edition.url}index.html"
        feed["feed_url"] = f"{edition.url}feed.json"
    feed["items"] = [
        _json_item(edition, entry, body_text(blobs[edition.works[entry].version]))
        if isinstance(entry, str)
        else _json_saying(edition, entry, blobs)
        for entry in _by_date(edition, works, said)
    ]
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _json_item(edition: Edition, work_id: ArticleId, body: str | None) -> dict[str, Any]:
    work = edition.works[work_id]
    item: dict[str, Any] = {"id": entry_id(edition, work_id), "title": work.title}
    if edition.url:
        item["url"] = f"{edition.url}{names.article_page(work_id)}"
    item["content_html"] = _content(edition, work_id, body)
    if work.summary:
        item["summary"] = work.summary
    item["date_published"] = names.stamp(work.date)
    people = [{"name": a.name, "url": a.url} if a.url else {"name": a.name} for a in work.authors]
    item["authors"] = people or [{"name": edition.signed(work.owner)}]
    item["language"] = work.lang
    if work.topics:
        item["tags"] = list(work.topics)
    item["_newsrepo"] = {
        "about": "https://www.jsonfeed.org/version/1.1/#extensions",
        "article": f"{work_id}@{work.version}",
        "license": work.license,
        "signature": edition.signed(work.owner),
        "based_on": [
            {"article": f"{d.article}@{d.version}", "relation": d.relation.value} for d in work.based_on
        ],
    }
    return item


def _json_saying(edition: Edition, saying: "Saying", blobs: Mapping[Oid, bytes]) -> dict[str, Any]:
    item: dict[str, Any] = {"id": entry_id(edition, saying.statement), "title": saying.title}
    if edition.url:
        item["url"] = f"{edition.url}{saying.path}"
    item["content_html"] = str(saying.content(edition, blobs))
    item["summary"] = saying.sentence
    item["date_published"] = saying.stamp
    item["authors"] = [{"name": saying.signature}]
    item["language"] = saying.lang
    item["_newsrepo"] = {
        "about": "https://www.jsonfeed.org/version/1.1/#extensions",
        "statement": saying.statement,
        "opening": saying.opening,
        "signature": edition.signature,
    }
    return item


# --- sitemap ---------------------------------------------------------------------------------------

SITEMAP_LIMIT = 50_000
_SITEMAP = (
    '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)


def sitemap_page(edition: Edition, paths: tuple[str, ...]) -> Page | None:
    """The sitemap of ``paths``; None without an address for the edition, since a sitemap's are absolute.

    The protocol ends at 50,000 addresses: articles come first, and what is beyond is left out.
    """
    if not edition.url:
        return None
    ordered = sorted(paths, key=lambda p: (not p.startswith("articles/"), p))[:SITEMAP_LIMIT]
    listed = tuple(sorted(ordered))
    key = digest(edition.base, b"sitemap", "\n".join(listed).encode())

    def render(_: object) -> bytes:
        # A path holds nothing that XML escapes. Fifty thousand elements would cost more than all else here.
        base = escape(xml_text(edition.url))
        entries = [f" <url>\n  <loc>{base}{path}</loc>\n </url>\n" for path in listed]
        return f"{_SITEMAP}{''.join(entries)}</urlset>\n".encode()

    return Page("sitemap.xml", key, (), render)
