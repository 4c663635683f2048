"""Bytes to frozen typed records and back: the path grammar, the strict reader, the canonical writer."""

from hashlib import sha1, sha256

from newsrepo.ids import Kind
from newsrepo.location import Finding, Location
from newsrepo.records.body import body_text
from newsrepo.records.media import MediaFacts, media_facts
from newsrepo.records.parse import (
    Halves,
    Parsed,
    body_line,
    is_canonical,
    locate,
    parse_record,
    split,
)
from newsrepo.records.partial import Partial
from newsrepo.records.paths import MEDIA_TYPES, RECORD_ROOTS, Place, path_of, place, suggest_name
from newsrepo.records.ratings import Columns, columns_of, rating_columns
from newsrepo.records.write import rating_line, write

__all__ = [
    "MEDIA_TYPES",
    "RECORD_ROOTS",
    "Columns",
    "Halves",
    "MediaFacts",
    "Parsed",
    "Partial",
    "Place",
    "blob_id",
    "body_line",
    "body_text",
    "columns_of",
    "is_canonical",
    "locate",
    "parse",
    "path_of",
    "place",
    "rating_columns",
    "rating_line",
    "split",
    "suggest_name",
    "write",
]


def blob_id(data: bytes, digits: int = 40) -> str:
    """The id that git gives to these bytes as a blob: SHA-1 of 40 digits or SHA-256 of 64."""
    head = b"blob %d\0" % len(data)
    if digits == 64:
        return sha256(head + data).hexdigest()
    return sha1(head + data, usedforsecurity=False).hexdigest()


def parse(kind: Kind, data: bytes, path: str) -> Parsed:
    """What the file holds. Never raises, whatever the bytes; ``path`` serves the findings' places.

    A media file gives ``media``, a kept source the article it holds (if it is one), both only findings about
    their own bytes. Signatures are read by the floor that verifies them; ignored files hold nothing.
    """
    if kind is Kind.MEDIA:
        facts, faults = media_facts(data, path)
        found = tuple(Finding(f.rule, Location(path), f.message, f.hint) for f in faults)
        return Parsed(kind, path, None, found, data, facts)
    if kind is Kind.SOURCE:
        return _source(data, path)
    if kind in (Kind.SIGNATURE, Kind.IGNORED):
        return Parsed(kind, path, None, (), data)
    return parse_record(kind, data, path)


def _source(data: bytes, path: str) -> Parsed:
    """A kept source is believed because it hashes; what else it holds is its author's matter."""
    named = path.rpartition("/")[2].removesuffix(".md")
    actual = blob_id(data, len(named))
    if actual != named:
        finding = Finding(
            "source-does-not-hash",
            Location(path),
            f"the kept source is named {named[:12]}… but its bytes hash to {actual[:12]}…",
            "put back the exact text that is cited, or remove the file",
        )
        return Parsed(Kind.SOURCE, path, None, (finding,), data)
    return Parsed(Kind.SOURCE, path, parse_record(Kind.ARTICLE, data, path).record, (), data)
