"""What an article's page says to programs in its head: NewsArticle as JSON-LD, Open Graph, the licence.

A block of JSON-LD is data: browsers execute nothing in it, and the page's policy forbids all scripts besides.
It ends where HTML says, not where JSON does; so no text in it may hold a tag's or a comment's beginning, and
``script_json`` is the one way in.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import licences, names
from newsrepo.editions.chain import Chain, Credit
from newsrepo.editions.edition import Edition
from newsrepo.editions.identity import entry_id
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.editions.revisions import Past
from newsrepo.ids import ArticleId
from newsrepo.records import types as t

_ESCAPES = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_json(value: Any) -> Markup:
    """``value`` as JSON that is safe between the tags of a ``script`` element, whatever its texts hold."""
    encoded = msgspec.json.encode(value).decode()
    for char, escaped in _ESCAPES.items():
        if char in encoded:
            encoded = encoded.replace(char, escaped)  # JSON's own escapes: the value that is read is the same
    return Markup(encoded)  # noqa: S704 - nothing in it begins a tag, an entity or a comment


def head(edition: Edition, work_id: ArticleId, chain: Chain, past: Past | None, reading: int) -> Markup:
    """What goes into the head of an article's page; ``reading`` are minutes, 0 for no text."""
    work = edition.works[work_id]
    changed = modified(work, past)
    picture = next(pictures(edition, work), None)
    alternates = edition.places[work_id].role != TOMBSTONE
    return edition.theme.html(
        "article_head",
        title=work.title,
        url=f"{edition.url}{names.article_page(work_id)}" if edition.url else "",
        site=edition.title,
        summary=work.summary,
        locale=work.lang.replace("-", "_"),
        published=names.stamp(work.date),
        modified=changed,
        image=picture,
        license=licences.address(work.license),
        source=names.source_file(work_id) if alternates else "",
        record=names.record_file(work_id) if alternates else "",
        data=script_json(news_article(edition, work, chain, changed, reading)),
    )


def modified(work: Work, past: Past | None) -> str:
    """When it was last revised; its date where it never was, or only before that."""
    stamp = names.stamp(work.date)
    day = past.rows[-1].day if past is not None else ""
    return max(stamp, f"{day}T00:00:00Z") if day else stamp


def pictures(edition: Edition, work: Work) -> Iterator[tuple[str, str]]:
    """Absolute addresses of the pictures that are published, with their words; none without an address."""
    if not edition.url:
        return
    shown = {file.name for file in edition.media.get(work.id, ()) if file.kind == "image"}
    for entry in work.media:
        name = entry.file if entry.file in shown else entry.poster
        if name in shown:
            yield f"{edition.url}{names.media_file(work.id, name)}", entry.alt or ""


def news_article(edition: Edition, work: Work, chain: Chain, modified: str, reading: int) -> dict[str, Any]:
    """A work in the words of schema.org. What it rests on is ``isBasedOn``, what it quotes ``citation``."""
    url = f"{edition.url}{names.article_page(work.id)}" if edition.url else ""
    licence = licences.address(work.license) or work.license
    based = [line for _, line in chain.lines if line.relation.is_parent]
    cited = [line for _, line in chain.lines if not line.relation.is_parent]
    people = [_some({"@type": "Person", "name": a.name, "url": a.url}) for a in work.authors]
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": entry_id(edition, work.id),
        "url": url,
        "mainEntityOfPage": url,
        "headline": work.title,
        "description": work.summary,
        "inLanguage": work.lang,
        "datePublished": names.stamp(work.date),
        "dateModified": modified,
        "author": people or [_organization(edition.signed(work.owner))],
        "publisher": _organization(edition.signature, edition.url),
        "sourceOrganization": _organization(edition.signed(work.owner)),
        "license": licence,
        "isAccessibleForFree": True,
        "identifier": f"{work.id}@{work.version}",
        "version": work.version,
        "keywords": [names.topic_text(topic) for topic in work.topics],
        "contentLocation": [{"@type": "Place", "name": name} for name in work.places],
        "image": [address for address, _ in pictures(edition, work)],
        "timeRequired": f"PT{reading}M" if reading else "",
        "isBasedOn": [_cited(edition, line) for line in based],
        "citation": [*(_cited(edition, line) for line in cited), *map(_outside, work.credits)],
    }
    return _some(said)


def _cited(edition: Edition, line: Credit) -> dict[str, Any]:
    return _some(
        {
            "@type": "CreativeWork",
            "@id": entry_id(edition, line.article),
            "name": line.title,
            "url": f"{edition.url}{line.href}" if edition.url and line.href else "",
            "inLanguage": line.lang,
            "author": line.authors,
            "sourceOrganization": _organization(line.by),
            "identifier": line.cite,
            "version": line.oid,
        }
    )


def _outside(source: t.Credit) -> dict[str, Any]:
    licence = licences.address(source.license or "") or source.license
    facts = {"@type": "CreativeWork", "name": source.name, "url": source.url, "license": licence}
    return _some({**facts, "about": source.what})


def _organization(name: str, url: str = "") -> dict[str, str]:
    return _some({"@type": "Organization", "name": name, "url": url})


def _some(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that are there: no text, list or record of facts that is empty."""
    return {key: value for key, value in facts.items() if value}
