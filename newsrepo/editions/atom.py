"""Feeds as Atom (RFC 4287), with the full text.

What a work rests on is told as links: ``via`` for what it was made from, however long the chain, ``related``
for what it quotes and for outside sources. An entry that another contingent wrote keeps, as ``source``, the
feed of that contingent: its id is the same in every edition, so that readers of several know it again.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from newsrepo.editions import licences, names
from newsrepo.editions.channel import Channel, Contents
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.xmlout import document, put, xml_text
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.editions.sayings import Saying


def atom(contents: Contents, channel: Channel, blobs: Mapping[Oid, bytes]) -> bytes:
    """A feed. Without an address for the edition its links are relative to the feed."""
    edition = contents.edition
    attributes = {
        "xmlns": "http://www.w3.org/2005/Atom",
        "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        "xml:lang": edition.lang,
    }
    if edition.url:
        attributes["xml:base"] = xml_text(edition.url)
    feed = ET.Element("feed", attributes)
    put(feed, "id", channel.id)
    put(feed, "title", channel.title)
    put(feed, "subtitle", channel.about)
    put(feed, "updated", contents.updated(channel))
    author = put(feed, "author")
    put(author, "name", channel.author)
    if edition.url:
        put(feed, "link", rel="self", type="application/atom+xml", href=f"{edition.url}{channel.path}")
    put(feed, "link", rel="alternate", type="text/html", href=f"{edition.url}{channel.page}")
    for entry in channel.entries(edition):
        if isinstance(entry, str):
            _article(contents, feed, entry, contents.html(entry, blobs))
        else:
            _saying(edition, feed, entry, blobs)
    return document(feed)


def _saying(edition: Edition, feed: ET.Element, saying: "Saying", blobs: Mapping[Oid, bytes]) -> None:
    """A statement: its author is the commons, by its count; the line of who prints it stands in its text."""
    entry = put(feed, "entry", xml__lang=saying.lang)
    put(entry, "id", entry_id(edition, saying.statement))
    put(entry, "title", saying.title)
    put(entry, "published", saying.stamp)
    put(entry, "updated", saying.stamp)
    author = put(entry, "author")
    put(author, "name", saying.signature)
    put(entry, "link", rel="alternate", type="text/html", href=f"{edition.url}{saying.path}")
    put(entry, "rights", f"{saying.sentence} Printed by {edition.signature}.")
    put(entry, "summary", saying.sentence)
    put(entry, "content", str(saying.content(edition, blobs)), type="html")


def _article(contents: Contents, feed: ET.Element, work_id: ArticleId, html: str) -> None:
    edition = contents.edition
    work = edition.works[work_id]
    signature = edition.signed(work.owner)
    entry = put(feed, "entry", xml__lang=work.lang)
    put(entry, "id", entry_id(edition, work_id))
    put(entry, "title", work.title)
    put(entry, "published", names.stamp(work.date))
    put(entry, "updated", contents.modified(work_id))
    for person in work.authors or (t.Author(name=signature),):
        author = put(entry, "author")
        put(author, "name", person.name)
        if person.url:
            put(author, "uri", person.url)
    put(entry, "link", rel="alternate", type="text/html", href=f"{edition.url}{names.article_page(work_id)}")
    _credit(contents, entry, work_id)
    deed = licences.address(work.license)
    if deed:
        put(entry, "link", rel="license", href=deed)
    for topic in work.topics:
        put(entry, "category", term=topic)
    rights = f"{work.license or 'Licence not stated'}. {signature}."
    put(entry, "rights", rights)
    put(entry, "dc:rights", rights)
    put(entry, "dc:publisher", edition.signature)
    if work.summary:
        put(entry, "summary", work.summary)
    put(entry, "content", html, type="html")
    if work.owner != edition.owner:
        _source(edition, entry, work.owner, contents.modified(work_id))


def _credit(contents: Contents, entry: ET.Element, work_id: ArticleId) -> None:
    """The whole chain, as far as the article's page shows it, each work once, and the outside sources."""
    edition = contents.edition
    told: set[str] = set()
    for _, line in contents.chain(work_id).lines:
        href = f"{edition.url}{line.href}" if line.href else entry_id(edition, line.article)
        if href not in told:
            told.add(href)
            rel = "via" if line.relation.is_parent else "related"
            put(entry, "link", rel=rel, href=href, title=f"{line.title} \u2014 {line.by}")
        put(entry, "dc:source", line.cite)
    for credit in edition.works[work_id].credits:
        if credit.url and credit.url not in told:
            told.add(credit.url)
            put(entry, "link", rel="related", href=credit.url, title=credit.name)


def _source(edition: Edition, entry: ET.Element, owner: str, stamp: str) -> None:
    """The feed of the contingent that wrote the entry."""
    source = put(entry, "source")
    put(source, "id", entry_id(edition, f"contingent:{owner}"))
    put(source, "title", edition.signed(owner))
    put(source, "updated", stamp)
    if edition.url and names.contingent_page(owner) in edition.own_feeds:
        href = f"{edition.url}{edition.own_feeds[names.contingent_page(owner)]}"
        put(source, "link", rel="self", type="application/atom+xml", href=href)
