"""Which feeds an edition has: its own as Atom and JSON Feed, one for each section and each contingent as
Atom, the list of the contingents' feeds as OPML, and a page that names them all."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from newsrepo.editions import names
from newsrepo.editions.atom import atom
from newsrepo.editions.chain import Chains
from newsrepo.editions.channel import Channel, Contents, newest
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.jsonfeed import json_feed
from newsrepo.editions.lists import Entry, Group, index_page
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest
from newsrepo.editions.revisions import Pasts
from newsrepo.editions.xmlout import document, put
from newsrepo.ids import ArticleId, ContingentId

if TYPE_CHECKING:
    from newsrepo.editions.sayings import Saying

ENTRIES = 60
"""How many entries the edition's own feed holds at most."""

SOME = 15
"""How many those of sections and contingents hold: the same texts stand in several of them."""

OPML = "feeds/contingents.opml"
INDEX = "feeds/index.html"


def feed_works(edition: Edition) -> tuple[ArticleId, ...]:
    """The newest printed leads, newest first."""
    leads = {item.work for item in edition.ctx.selection.items}
    return tuple([work for work in reversed(edition.listed) if work in leads][:ENTRIES])


def feed_pages(
    edition: Edition, chains: Chains, pasts: Pasts, article_keys: Mapping[str, bytes]
) -> Iterator[Page]:
    """Every feed, or none when the filter wants none; ``article_keys`` are those of their pages, by path.

    Feeds of parts lie deeper than the edition's own, so they are made only where its address is known.
    """
    if not edition.feeds:
        return
    contents = Contents(edition, chains, pasts)
    main = _main(edition)
    yield _page(contents, main, article_keys)
    yield _page(contents, main._replace(path="feed.json"), article_keys)
    sections = tuple(_sections(edition)) if edition.url else ()
    contingents = tuple(_contingents(edition)) if edition.url else ()
    for channel in (*sections, *contingents):
        yield _page(contents, channel, article_keys)
    if contingents:
        yield _opml(edition, contingents)
    yield _index(edition, sections, contingents)


def _page(contents: Contents, channel: Channel, article_keys: Mapping[str, bytes]) -> Page:
    """A feed as a file; its form is that of its name."""
    edition = contents.edition
    keys = [article_keys[names.article_page(work)] for work in channel.works]
    day = b"" if channel.works else edition.ctx.today.isoformat().encode()
    facts = repr((channel[:6], [saying.facts for saying in channel.said])).encode()
    needs = [edition.works[work].version for work in channel.works]
    needs += [oid for saying in channel.said for oid in saying.needs]
    render = json_feed if channel.path.endswith(".json") else atom
    return Page(
        channel.path,
        digest(edition.base, b"feed", day, facts, *keys),
        tuple(needs),
        partial(render, contents, channel),
    )


def _main(edition: Edition) -> Channel:
    said = _sayings(edition)
    return Channel(
        "feed.xml",
        entry_id(edition, f"filter:{edition.ctx.filter_id}"),
        edition.title,
        f"{edition.about} {edition.signature}".strip(),
        edition.signature,
        "index.html",
        feed_works(edition)[: ENTRIES - len(said)],
        said,
    )


def _sayings(edition: Edition) -> "tuple[Saying, ...]":
    """The latest statements that speak for the commons, latest first; half of a feed's entries at most."""
    if not edition.has_statements:
        return ()
    from newsrepo.editions.sayings import sayings  # with all that counts votes

    return sayings(edition)[: ENTRIES // 2]


def _sections(edition: Edition) -> Iterator[Channel]:
    members: dict[int, set[ArticleId]] = {}
    for item in edition.ctx.selection.items:
        if item.section is not None:
            members.setdefault(item.section, set()).add(item.work)
    for number, link in enumerate(edition.sections):
        inside = members.get(number, set())
        works = [work for work in edition.listed if work in inside]
        yield Channel(
            names.feed_of(link.href),
            entry_id(edition, f"filter:{edition.ctx.filter_id}/{link.href}"),
            f"{edition.title}: {link.title}",
            edition.signature,
            edition.signature,
            link.href,
            newest(works, SOME),
        )


def _contingents(edition: Edition) -> Iterator[Channel]:
    """The feeds of those whom the edition prints; the id of one is the same in every edition."""
    for contingent in _printed(edition):
        page = names.contingent_page(contingent)
        yield Channel(
            names.feed_of(page),
            entry_id(edition, f"contingent:{contingent}"),
            f"{edition.title}: {edition.name_of(contingent)}",
            f"What {edition.title} prints of {edition.signed(contingent)}. {edition.signature}",
            edition.signed(contingent),
            page,
            newest(edition.by_contingent[contingent], SOME),
        )


def _printed(edition: Edition) -> tuple[ContingentId, ...]:
    known = edition.ctx.commons.contingents
    return tuple(contingent for contingent in sorted(edition.by_contingent) if contingent in known)


def _opml(edition: Edition, contingents: tuple[Channel, ...]) -> Page:
    def render(_: object) -> bytes:
        root = ET.Element("opml", {"version": "2.0"})
        head = put(root, "head")
        put(head, "title", f"Contingents in {edition.title}")
        put(head, "ownerName", edition.signature)
        body = put(root, "body")
        for channel in contingents:
            put(
                body,
                "outline",
                type="rss",  # what readers expect for any feed
                text=channel.author,
                title=channel.title,
                xmlUrl=f"{edition.url}{channel.path}",
                htmlUrl=f"{edition.url}{channel.page}",
            )
        return document(root)

    facts = [(channel.path, channel.title, channel.author) for channel in contingents]
    return Page(OPML, digest(edition.base, b"opml", repr(facts).encode()), (), render)


def _index(edition: Edition, sections: tuple[Channel, ...], contingents: tuple[Channel, ...]) -> Page:
    """The page that names every feed."""
    whole = [Entry("Atom", "feed.xml", ""), Entry("JSON Feed", "feed.json", "")]
    if contingents:
        whole.append(Entry("All contingents, as OPML", OPML, ""))
    groups = [Group("The whole edition", tuple(whole))]
    for title, channels in (("Sections", sections), ("Contingents", contingents)):
        if channels:
            entries = [Entry(c.title.removeprefix(f"{edition.title}: "), c.path, "") for c in channels]
            groups.append(Group(title, tuple(entries)))
    lede = "Each holds whole texts, with their whole credit."
    return index_page(edition, INDEX, "Feeds", lede, tuple(groups), "")
