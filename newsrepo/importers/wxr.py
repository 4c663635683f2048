"""Reads a WordPress export (WXR, all versions): posts, pages, attachments, comments, people, topics.

Mail and IP addresses, passwords and the site's own bookkeeping (``postmeta``) are never taken along.
"""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

from newsrepo.errors import UsageError
from newsrepo.importers.items import Enclosure, Item, Remark, Source, moment, person, web, words
from newsrepo.importers.reading import opened
from newsrepo.importers.xmlread import Node, RefusedError, nodes
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

_ZERO = re.compile(r"(?:0000|-0001|1970-01-01)")
_NAMES = ("wp:author_display_name", "wp:author_login")


class Export(Source):
    """One export file."""

    def __init__(self, path: Path) -> None:
        """Raises UsageError when ``path`` is no regular file."""
        self.path = path
        self.file = path.name
        self._people: dict[str, t.Author] = {}
        with opened(path):
            pass

    def items(self, found: Callable[[Finding], None]) -> Iterator[Item]:
        def told(rule: str, line: int, fact: str) -> None:
            mended = rule == "import-text-mended"
            severity = Severity.NOTE if mended else Severity.ERROR
            found(
                Finding(rule, Location(self.file, line), fact, "" if mended else "export it again", severity)
            )

        wordpress = False
        with opened(self.path) as file:
            try:
                for node in nodes(file, told):
                    wordpress = wordpress or node.name.startswith("wp:")
                    if node.name in ("atom:feed", "rdf:RDF"):
                        break
                    if node.name != "item":
                        self._about(node)
                        continue
                    if not wordpress and node.first("wp:post_type", "wp:post_id") is None:
                        break
                    wordpress = True
                    yield self._item(node)
            except RefusedError as refused:
                told("import-unreadable", refused.line, f"not imported: {refused.fact}")
                return
        if not wordpress:
            raise UsageError(
                f"{self.file!r} is no WordPress export",
                "export it under Tools, Export; for RSS and Atom: newsrepo import feed",
            )

    def _about(self, node: Node) -> None:
        match node.name:
            case "title":
                self.name = node.text.strip()
            case "wp:base_blog_url":
                self.url = web(node.text).rstrip("/") or self.url
            case "link":
                self.url = self.url or web(node.text).rstrip("/")
            case "language":
                self.lang = node.text.strip()
            case "wp:author" | "wp:wp_author":
                names = " ".join(
                    filter(None, [node.get("wp:author_first_name"), node.get("wp:author_last_name")])
                )
                who = next(
                    (p for n in (node.get(_NAMES[0]), names, node.get(_NAMES[1])) if (p := person(n))), None
                )
                if who is not None:
                    self._people[node.get("wp:author_login").lower()] = who

    def _item(self, node: Node) -> Item:
        meta: dict[str, str] = {}
        for each in node.all("wp:postmeta"):
            meta[each.get("wp:meta_key")] = each.get("wp:meta_value")
        people, topics, taxonomies = self._terms(node)
        content = node.first("content:encoded")
        text = content.text if content else ""
        number = node.get("wp:post_id")
        link, guid = node.get("link"), node.get("guid")
        state = node.get("wp:status") or "publish"
        if node.get("wp:post_password"):
            state = "protected by a password"
        when, dated = _when(node)
        url = web(node.get("wp:attachment_url"))
        return Item(
            file=self.file,
            line=node.line,
            key=guid or link or f"{self.url}/?p={number}",
            title=words(node.get("title")),
            link=link,
            others=tuple(filter(None, [guid, f"{self.url}/?p={number}" if self.url and number else ""])),
            moment=when,
            dated=dated,
            people=people,
            topics=topics,
            summary=node.get("excerpt:encoded"),
            html=text,
            html_line=content.line if content else node.line,
            base=link if web(link) else self.url,
            classic="<!-- wp:" not in text,
            slug=unquote(node.get("wp:post_name")),
            kind=node.get("wp:post_type") or "post",
            state=state,
            enclosures=(Enclosure(url=url, alt=meta.get("_wp_attachment_image_alt", "")),) if url else (),
            remarks=tuple(self._remark(each) for each in node.all("wp:comment")),
            number=number,
            parent=node.get("wp:post_parent"),
            lead=meta.get("_thumbnail_id", ""),
            counts=(*(f"meta:{key}" for key in sorted(meta)), *taxonomies),
        )

    def _terms(self, node: Node) -> tuple[tuple[t.Author, ...], tuple[tuple[str, str], ...], list[str]]:
        """People, topics, and the taxonomies that mean nothing here."""
        people: dict[str, t.Author] = {}
        topics: dict[str, str] = {}
        others: list[str] = []
        for each in node.all("category"):
            domain, word = each.attributes.get("domain", "category"), each.text.strip()
            if domain in ("category", "post_tag", "tag"):
                topics.setdefault(html.unescape(word), unquote(each.attributes.get("nicename", "")))
            elif domain == "author" and (who := person(word)):
                people.setdefault(who.name, who)  # by a plugin for several authors of one text
            else:
                others.append(f"taxonomy:{domain}")
        if not people:
            for each in node.all("dc:creator"):
                login = each.text.strip()
                who = self._people.get(login.lower()) or person(login)
                if who is not None:
                    people.setdefault(who.name, who)
        return tuple(people.values()), tuple(topics.items()), others

    def _remark(self, node: Node) -> Remark:
        kind, approved = node.get("wp:comment_type"), node.get("wp:comment_approved")
        refused = ""
        if kind not in ("", "comment"):
            refused = f"it is a {kind}"
        elif approved not in ("1", "approved"):
            refused = {"spam": "it was marked as spam", "trash": "it was thrown away"}.get(
                approved, "nobody approved it"
            )
        return Remark(
            number=node.get("wp:comment_id"),
            parent=node.get("wp:comment_parent"),
            line=node.line,
            person=person(node.get("wp:comment_author"), node.get("wp:comment_author_url")),
            moment=_utc(node.get("wp:comment_date_gmt")) or _local(node.get("wp:comment_date")),
            html=node.get("wp:comment_content"),
            refused=refused,
        )


def _when(node: Node) -> tuple[Moment | None, str]:
    """The moment of a post, and its date as written where that is none."""
    published = node.get("pubDate")
    found = _utc(node.get("wp:post_date_gmt"))
    if found is None and published and moment(published) and str(moment(published))[:4] != "1970":
        found = moment(published)
    local = node.get("wp:post_date")
    return found or _local(local), local


def _utc(text: str) -> Moment | None:
    return None if _ZERO.match(text) else moment(f"{text}Z" if ":" in text else text)


def _local(text: str) -> Moment | None:
    """A time without its zone is only a day."""
    return None if _ZERO.match(text) else moment(text)
