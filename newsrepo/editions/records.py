"""Each article for programs: the very file, whose hash is its version, and its record as JSON."""

from collections.abc import Mapping
from typing import Any

import msgspec

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.chain import Chain, Chains
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.records import body_text, parse
from newsrepo.records import types as t

FORMAT = 1
"""Grows when a field of the JSON file changes its meaning."""


def source_page(edition: Edition, work_id: ArticleId) -> Page:
    """The article's own file, byte by byte."""
    version = edition.works[work_id].version
    key = digest(b"source", version.encode())
    return Page(names.source_file(work_id), key, (version,), lambda blobs: blobs[version])


def record_page(edition: Edition, work_id: ArticleId, chains: Chains, key: bytes) -> Page:
    """The article's record; ``key`` is that of its page, which covers all that the record says."""
    version = edition.works[work_id].version

    def render(blobs: Mapping[Oid, bytes]) -> bytes:
        record = _record(edition.works[work_id], blobs[version])
        return encoded(facts(edition, work_id, chains.of(work_id), record))

    return Page(names.record_file(work_id), digest(key, b"record"), (version,), render)


def _record(work: Work, data: bytes) -> Any:
    """The record in ``data``, a work's own file: what the index knows of it already is not read again."""
    body = body_text(data)
    # The one field that the index leaves out, sought as far as the front matter goes.
    if body is None or data.find(b"extra", 0, data.find(b"\n---\n", 3)) >= 0:
        return parse(Kind.ARTICLE, data, "index.md").record
    return t.Article(
        title=work.title,
        date=work.date,
        authors=work.authors,
        lang=work.lang,
        summary=work.summary or None,
        topics=work.topics,
        places=work.places,
        license=work.license or None,
        based_on=work.based_on,
        credits=work.credits,
        media=work.media,
        status=work.status,
        body=body,
    )


def encoded(facts: dict[str, Any]) -> bytes:
    """As a file: indented, with a final line feed."""
    return msgspec.json.format(msgspec.json.encode(facts, enc_hook=str), indent=1) + b"\n"


def facts(edition: Edition, work_id: ArticleId, chain: Chain, record: Any) -> dict[str, Any]:
    """What the file says: whose it is, where it stands, its record as written, the whole chain of credit."""
    work = edition.works[work_id]
    said: dict[str, Any] = {
        "format": FORMAT,
        "id": work_id,
        "version": work.version,
        "path": f"articles/{work_id}/index.md",
        "commons": edition.ctx.commons.charter.name,
        "contingent": work.owner,
        "signature": edition.signed(work.owner),
        "edition": edition.ctx.filter_id,
    }
    if edition.url:
        said["url"] = f"{edition.url}{names.article_page(work_id)}"
    said["record"] = record
    said["credit"] = [
        {
            "depth": depth,
            "relation": line.relation.value,
            "article": line.article,
            "version": line.oid,
            "title": line.title,
            "authors": line.authors,
            "signature": line.by,
            **({"url": f"{edition.url}{line.href}"} if edition.url and line.href else {}),
        }
        for depth, line in chain.lines
    ]
    said["credit_cut"] = chain.more
    said["files"] = {
        file.name: {"path": names.media_file(work_id, file.name), "blob": file.oid}
        for file in edition.media.get(work_id, ())
    }
    return said
