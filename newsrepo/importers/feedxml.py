"""RSS 0.9 to 2.0, RSS 1.0 and Atom: from elements to items.

Where a format leaves open what a field holds, as RSS does with ``description``, the richest one is the text.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from newsrepo.errors import UsageError
from newsrepo.importers.decoding import Told
from newsrepo.importers.items import Enclosure, Item, as_html, moment, person, web, words
from newsrepo.importers.xmlread import Node
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

_PUBLISHED = ("pubDate", "dc:date", "dcterms:created", "dcterms:issued", "atom:published", "atom:issued")
_CHANGED = ("atom:updated", "atom:modified", "dcterms:modified")
_CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|read (?:more|on)[\s.…»>]*|continue reading.{0,80}|weiterlesen\W*)\s*\Z",
    re.IGNORECASE,
)
_XML_BASE, _XML_LANG = "xml:base", "xml:lang"


class Channel:
    """One feed; what it says of itself is known once its items were read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.name = self.url = self.lang = self._base = ""
        self._people: dict[str, t.Author] = {}

    def items(self, found: Iterator[Node], told: Told) -> Iterator[Item]:
        """The items. Raises UsageError where a WordPress export was given for a feed."""
        began = False
        for node in found:
            if not began:
                began = True
                if node.name not in ("rss", "atom:feed", "rdf:RDF", "channel"):
                    told("import-unreadable", node.line, f"not imported: <{node.name[:40]}> begins no feed")
                    return
            if node.name == "wp:wxr_version":
                raise UsageError(
                    f"{self.file!r} is a WordPress export", "import it as one: newsrepo import wordpress"
                )
            if node.name in ("item", "atom:entry"):
                yield self._atom(node) if node.name == "atom:entry" else self._rss(node)
            else:
                self._about(node)
                if node.name == "channel":
                    for (
                        part
                    ) in node.parts:  # of RSS 1.0, where a channel is whole and stands before its items
                        if isinstance(part, Node):
                            self._about(part)

    def _about(self, node: Node) -> None:
        self._base = node.attributes.get(_XML_BASE, self._base)
        self.lang = self.lang or node.attributes.get(_XML_LANG, "")
        match node.name:
            case "title" | "dc:title" | "atom:title":
                self.name = self.name or words(node.text)
            case "link":
                self.url = self.url or web(node.text)
            case "atom:link" if node.attributes.get("rel", "alternate") == "alternate":
                self.url = self.url or web(urljoin(self._base, node.attributes.get("href", "")))
            case "language" | "dc:language":
                self.lang = node.text.strip() or self.lang
            case "atom:author":
                if who := _atom_person(node):
                    self._people.setdefault(who.name, who)

    # -- RSS ---------------------------------------------------------------------------------------------

    def _rss(self, node: Node) -> Item:
        guid = node.first("guid")
        permalink = guid is not None and guid.attributes.get("isPermaLink", "true").lower() != "false"
        key = guid.text.strip() if guid else ""
        about = next((v for k, v in node.attributes.items() if k.rpartition(":")[2] == "about"), "")
        base = node.attributes.get(_XML_BASE, self._base) or self.url
        link = node.get("link") or _alternate(node, base) or (key if permalink and web(key) else "") or about
        link = _join(base, link)
        texts = [
            n for n in (*node.all("content:encoded", "xhtml:body", "xhtml:div", "atom:content"),) if n.parts
        ]
        description = node.first("description", "atom:summary", "dc:description", "itunes:summary")
        summary = description.markup if description else ""
        content = texts[0] if texts else description
        text = content.markup if content else ""
        date, dated = _dates(node)
        people = [p for n in node.all("dc:creator", "author", "itunes:author") if (p := person(n.text))]
        people += [p for n in node.all("atom:author") if (p := _atom_person(n))]
        return Item(
            file=self.file,
            line=node.line,
            key=key or about or link,
            title=words(node.get("title", "dc:title", "media:title")),
            link=link,
            others=(key,) if permalink else (),
            moment=date,
            dated=dated,
            people=tuple({p.name: p for p in people}.values()),
            topics=tuple((words(n.text), "") for n in node.all("category", "dc:subject") if n.text.strip()),
            summary=summary if texts else "",
            html=text,
            html_line=content.line if content else node.line,
            base=_base(content, link or base),
            only_summary=bool(text and not texts and _CUT.search(_bare(text[-400:]))),
            lang=node.get("dc:language") or node.attributes.get(_XML_LANG, ""),
            enclosures=_media(node, base),
            credits=tuple(
                t.Credit(
                    name=name[:200],
                    url=web(n.attributes.get("url", "")) or None,
                    what="the source that it names",
                )
                for n in node.all("source")
                if (name := words(n.text))
            ),
        )

    # -- Atom --------------------------------------------------------------------------------------------

    def _atom(self, node: Node) -> Item:
        base = _join(self._base, node.attributes.get(_XML_BASE, "")) or self.url
        link = _alternate(node, base)
        content, summary = node.first("atom:content"), node.first("atom:summary")
        text = _construct(content)
        of_content = bool(text)
        if not of_content:
            content, text = summary, _construct(summary)
        date, dated = _dates(node)
        people = {
            p.name: p
            for n in node.all("atom:author", "atom:contributor", "dc:creator")
            if (p := _atom_person(n))
        }
        named = node.first("atom:source")
        if not people and named is not None:
            people = {p.name: p for n in named.all("atom:author") if (p := _atom_person(n))}
        title = node.first("atom:title")
        plain = title is not None and title.attributes.get("type", "text") in ("text", "text/plain")
        return Item(
            file=self.file,
            line=node.line,
            key=node.get("atom:id") or link,
            title=(title.text.strip() if plain else words(_construct(title))) if title else "",
            link=link,
            others=(node.get("atom:id"),),
            moment=date,
            dated=dated,
            people=tuple((people or self._people).values()),
            topics=tuple(
                (word, n.attributes.get("term", ""))
                for n in node.all("atom:category", "category", "dc:subject")
                if (
                    word := n.attributes.get("label", "").strip()
                    or n.attributes.get("term", "").strip()
                    or n.text.strip()
                )
            ),
            summary=_construct(summary) if of_content else "",
            html=text,
            html_line=content.line if content else node.line,
            base=_join(base, content.attributes.get(_XML_BASE, ""))
            if content and _XML_BASE in content.attributes
            else (link or base),
            only_summary=bool(text) and not of_content,
            lang=(content.attributes.get(_XML_LANG, "") if content else "")
            or node.attributes.get(_XML_LANG, "")
            or self.lang,
            enclosures=_media(node, base),
            credits=_via(node, base),
        )


def _bare(text: str) -> str:
    """About what a text says at its end, found at the cost of a glance."""
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def _atom_person(node: Node) -> t.Author | None:
    if not any(isinstance(part, Node) for part in node.parts):
        return person(node.text)
    return person(node.get("atom:name", "name"), node.get("atom:uri", "atom:url", "uri"))


def _construct(node: Node | None) -> str:
    """The HTML that a text of Atom means, by its type."""
    if node is None:
        return ""
    kind = node.attributes.get("type", "text").lower()
    if kind in ("xhtml", "application/xhtml+xml") or any(isinstance(part, Node) for part in node.parts):
        return node.markup
    text = node.text.strip()
    if node.attributes.get("mode") == "base64":
        try:
            text = base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
    if kind in ("html", "text/html") or node.attributes.get("mode") in ("escaped", "base64"):
        return text
    return as_html(text) if kind in ("text", "text/plain", "") else ""


def _alternate(node: Node, base: str) -> str:
    links = list(node.all("atom:link"))
    for kind in ("text/html", "application/xhtml+xml", None):
        for link in links:
            if link.attributes.get("rel", "alternate") != "alternate" or not link.attributes.get("href"):
                continue
            if kind is None or link.attributes.get("type", "text/html") == kind:
                return _join(base, link.attributes["href"])
    return ""


def _via(node: Node, base: str) -> tuple[t.Credit, ...]:
    found = []
    for link in node.all("atom:link"):
        url = web(_join(base, link.attributes.get("href", "")))
        if url and link.attributes.get("rel") in ("via", "related"):
            name = words(link.attributes.get("title", "")) or url
            what = "the source that it names" if link.attributes["rel"] == "via" else "named beside it"
            found.append(t.Credit(name=name[:200], url=url, what=what))
    named = node.first("atom:source")
    if named is not None and (title := words(named.get("atom:title"))):
        url = web(_alternate(named, base))
        found.append(t.Credit(name=title[:200], url=url or None, what="the source that it names"))
    return tuple(found)


def _media(node: Node, base: str) -> tuple[Enclosure, ...]:
    """Pictures, sound and video that an item carries beside its text, each once."""
    found: dict[str, Enclosure] = {}
    groups = [node, *node.all("media:group")]
    spots = [
        *((n, n.attributes.get("url", "")) for n in node.all("enclosure")),
        *(
            (n, n.attributes.get("href", ""))
            for n in node.all("atom:link")
            if n.attributes.get("rel") == "enclosure"
        ),
        *(
            (n, n.attributes.get("url", ""))
            for g in groups
            for n in g.all("media:content", "media:thumbnail")
        ),
        *((n, n.attributes.get("href", "")) for n in node.all("itunes:image")),
    ]
    for spot, address in spots:
        url = web(_join(base, address))
        if url and url not in found:
            caption = words(
                spot.get("media:description") or spot.get("media:title") or spot.attributes.get("title", "")
            )
            found[url] = Enclosure(url=url, caption=caption)
    return tuple(found.values())


def _dates(node: Node) -> tuple[Moment | None, str]:
    written = [text for name in (*_PUBLISHED, *_CHANGED) if (text := node.get(name))]
    found = next((when for text in written if (when := moment(text))), None)
    return found, written[0] if written else ""


def _base(content: Node | None, usual: str) -> str:
    return _join(usual, content.attributes.get(_XML_BASE, "")) if content is not None else usual


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return url.strip()
