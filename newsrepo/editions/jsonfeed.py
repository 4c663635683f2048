"""A feed as JSON Feed 1.1 (jsonfeed.org), with the full text and, under ``_newsrepo``, the whole credit."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsrepo.editions import names
from newsrepo.editions.channel import Channel, Contents
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.metadata import pictures
from newsrepo.ids import ArticleId, Oid

if TYPE_CHECKING:
    from newsrepo.editions.sayings import Saying

VERSION = "https://jsonfeed.org/version/1.1"
_ABOUT = "https://www.jsonfeed.org/version/1.1/#extensions"


def json_feed(contents: Contents, channel: Channel, blobs: Mapping[Oid, bytes]) -> bytes:
    """A feed. Without an address for the edition it has no links."""
    edition = contents.edition
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": channel.title,
        "description": channel.about,
        "language": edition.lang,
        "authors": [{"name": channel.author}],
    }
    if edition.url:
        feed["home_page_url"] = f"{edition.url}{channel.page}"
        feed["feed_url"] = f"{edition.url}{channel.path}"
    feed["items"] = [
        _article(contents, entry, contents.html(entry, blobs))
        if isinstance(entry, str)
        else _saying(edition, entry, blobs)
        for entry in channel.entries(edition)
    ]
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _article(contents: Contents, work_id: ArticleId, html: str) -> dict[str, Any]:
    edition = contents.edition
    work = edition.works[work_id]
    item: dict[str, Any] = {"id": entry_id(edition, work_id), "title": work.title}
    if edition.url:
        item["url"] = f"{edition.url}{names.article_page(work_id)}"
    item["content_html"] = html
    if work.summary:
        item["summary"] = work.summary
    picture = next(pictures(edition, work), None)
    if picture is not None:
        item["image"] = picture[0]
    item["date_published"] = names.stamp(work.date)
    if contents.modified(work_id) != item["date_published"]:
        item["date_modified"] = contents.modified(work_id)
    people = [{"name": a.name, "url": a.url} if a.url else {"name": a.name} for a in work.authors]
    item["authors"] = people or [{"name": edition.signed(work.owner)}]
    item["language"] = work.lang
    if work.topics:
        item["tags"] = list(work.topics)
    item["_newsrepo"] = {
        "about": _ABOUT,
        "article": f"{work_id}@{work.version}",
        "license": work.license,
        "signature": edition.signed(work.owner),
        "based_on": [
            {"article": f"{d.article}@{d.version}", "relation": d.relation.value} for d in work.based_on
        ],
        "credit": [
            {
                "depth": depth,
                "relation": line.relation.value,
                "article": line.cite,
                "title": line.title,
                "signature": line.by,
            }
            for depth, line in contents.chain(work_id).lines
        ],
    }
    return item


def _saying(edition: Edition, saying: "Saying", blobs: Mapping[Oid, bytes]) -> dict[str, Any]:
    item: dict[str, Any] = {"id": entry_id(edition, saying.statement), "title": saying.title}
    if edition.url:
        item["url"] = f"{edition.url}{saying.path}"
    item["content_html"] = str(saying.content(edition, blobs))
    item["summary"] = saying.sentence
    item["date_published"] = saying.stamp
    item["authors"] = [{"name": saying.signature}]
    item["language"] = saying.lang
    item["_newsrepo"] = {
        "about": _ABOUT,
        "statement": saying.statement,
        "opening": saying.opening,
        "signature": edition.signature,
    }
    return item
