"""What the index keeps of one file: parsed once, packed small, unpacked only when somebody asks.

A fact depends on a file's kind and bytes alone. Where the file stands (path, ref) is put back on the way out,
so the same bytes in a hundred forks are one fact.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from newsrepo import records
from newsrepo.commons import words
from newsrepo.commons.model import Work
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import MediaFacts
from newsrepo.records import types as t
from newsrepo.records.markup import article_links
from newsrepo.records.personal import mail_addresses
from newsrepo.records.scalars import Moment, Scalar
from newsrepo.records.text import MAX_TEXT, decode_clean

R = TypeVar("R", bound=t.Record)

UNREAD = frozenset([Kind.SOURCE, Kind.MEDIA, Kind.SIGNATURE, Kind.IGNORED])
"""Kinds that the index does not read: they are believed by hash, or looked at when somebody asks."""


class ArticleFact(Struct, frozen=True, array_like=True, gc=False):
    """A Work without its place."""

    title: str
    date: str
    lang: str
    summary: str
    topics: tuple[str, ...]
    places: tuple[str, ...]
    authors: tuple[t.Author, ...]
    license: str
    status: t.Status
    based_on: tuple[t.Derivation, ...]
    words: int
    links: tuple[str, ...]
    media: tuple[t.Media, ...]
    credits: tuple[t.Credit, ...]


class CommentFact(Struct, frozen=True, array_like=True, gc=False):
    """A comment without its body, and the articles that this links to."""

    comment: t.Comment
    links: tuple[str, ...]


class RatingsFact(Struct, frozen=True, array_like=True, gc=False):
    """A file of ratings by columns, as ``records.Columns`` packs: ``days`` are proleptic ordinals, ``marks``
    point into ``shapes``, the few different sets of values that a file holds; ``notes`` by position."""

    articles: list[str]
    versions: list[str]
    days: list[int]
    marks: list[int]
    shapes: list[tuple[tuple[str, int], ...]]
    notes: dict[int, str]


class Fact(Struct, frozen=True, array_like=True):
    """``record`` is packed by kind, empty when the file holds none; the findings' paths are left out."""

    record: bytes
    findings: list[tuple[str, int, int, str, str, str]] = []


class Read(Struct, frozen=True):
    """A fact on its way in, packed. ``clean``: it surely has no findings."""

    data: bytes
    clean: bool = False


def _plain(value: Any) -> Any:
    if isinstance(value, Scalar):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} in a record")


def _typed(cls: type, value: Any) -> Any:
    if issubclass(cls, Scalar):
        return cls.parse(value)
    raise NotImplementedError(f"{cls.__name__} in a record")


_encoder = msgspec.msgpack.Encoder(enc_hook=_plain)
_fact = msgspec.msgpack.Decoder(Fact)
_ratings = msgspec.msgpack.Decoder(RatingsFact)
_works = msgspec.msgpack.Decoder(tuple[Work, ...], dec_hook=_typed)
_media = msgspec.msgpack.Decoder(MediaFacts)
_article = msgspec.msgpack.Decoder(ArticleFact)
_comment = msgspec.msgpack.Decoder(CommentFact, dec_hook=_typed)
_decoders: dict[type[t.Record], msgspec.msgpack.Decoder[Any]] = {}


def pack(value: Any) -> bytes:
    """Any value made of structs, records and scalars."""
    return _encoder.encode(value)


def too_large(path: str, size: int) -> Finding:
    """The finding for a file of text that is not even read."""
    return Finding(
        "text-too-large",
        Location(path),
        f"the file has {size} bytes, more than {MAX_TEXT} (1 MiB)",
        "split it; long texts belong in several articles",
    )


def read(kind: Kind, data: bytes, path: str) -> Read:
    """Parse one file's bytes. Never fails, whatever they are."""
    personal = tuple(_personal(data, path)) if kind in _TOLD and b"@" in data else ()
    if kind is Kind.RATINGS:
        clean = decode_clean(data)
        columns = records.rating_columns(clean) if clean is not None else None
        if columns is not None:
            return Read(_packed(pack(columns), personal), clean=not personal)
    parsed = records.parse(kind, data, path)
    record = parsed.record
    packed = b""
    if isinstance(record, t.Article):
        packed = pack(_article_fact(record))
    elif isinstance(record, t.Ratings):
        packed = pack(records.columns_of(record))
    elif isinstance(record, t.Comment):
        packed = pack(CommentFact(replace(record, body=""), article_links(record.body)))
    elif parsed.media is not None:
        packed = pack(parsed.media)
    elif record is not None:
        packed = pack(record)
    told = (*parsed.findings, *personal)
    return Read(_packed(packed, told), clean=not told)


_TOLD = frozenset(
    [
        Kind.ARTICLE, Kind.COMMENT, Kind.CONTINGENT, Kind.RATINGS, Kind.FILTER, Kind.CHARTER,
        Kind.CHALLENGE, Kind.ANSWER, Kind.STATEMENT, Kind.DISSENT,
    ]
)  # fmt: skip
"""Where a mail address is told of: not in what is signed or frozen, which nobody can mend."""


def _personal(data: bytes, path: str) -> Iterable[Finding]:
    for address in mail_addresses(data):
        yield Finding(
            "personal-data",
            Location(path, address.line, address.col),
            f"here stands a mail address, {address.hint}, and git does not forget what it was told",
            "take it out unless whose it is wants it public for good; a web page does as well",
            Severity.WARNING,
        )


def unread(findings: Iterable[Finding]) -> Read:
    """The fact of a file that could not be read at all."""
    return Read(_packed(b"", findings))


def _packed(record: bytes, findings: Iterable[Finding]) -> bytes:
    rows = [(f.rule, f.location.line, f.location.col, f.message, f.hint, f.severity.value) for f in findings]
    return pack(Fact(record, rows))


def _article_fact(article: t.Article) -> ArticleFact:
    return ArticleFact(
        article.title,
        str(article.date),
        article.lang,
        article.summary or "",
        article.topics,
        article.places,
        article.authors,
        article.license or "",
        article.status,
        article.based_on,
        words.count(article.body),
        article_links(article.body),
        article.media,
        article.credits,
    )


def findings(fact: bytes, path: str) -> list[Finding]:
    """The findings of a fact, at this path."""

    return [
        Finding(rule, Location(path, line, col), message, hint, Severity(level))
        for rule, line, col, message, hint, level in _fact.decode(fact).findings
    ]


def work(fact: bytes, work_id: ArticleId, version: Oid, path: str) -> Work | None:
    """The article of a fact at its place; None if the file holds none. ``source`` is left empty."""
    packed = _fact.decode(fact).record
    if not packed:
        return None
    a = _article.decode(packed)
    links = tuple(ArticleId(link) for link in a.links)
    return Work(
        id=work_id,
        version=version,
        path=path,
        source="",
        title=a.title,
        date=Moment.parse(a.date),
        lang=a.lang,
        summary=a.summary,
        topics=a.topics,
        places=a.places,
        authors=a.authors,
        license=a.license,
        status=a.status,
        based_on=a.based_on,
        words=a.words,
        links=links,
        media=a.media,
        credits=a.credits,
    )


def works(part: bytes) -> tuple[Work, ...]:
    """Works as they were packed together."""
    return _works.decode(part)


def ratings(fact: bytes) -> RatingsFact | None:
    """The ratings of a fact; None if the file holds none."""
    packed = _fact.decode(fact).record
    return _ratings.decode(packed) if packed else None


def media(fact: bytes) -> MediaFacts | None:
    """What a media file is; None if that cannot be said."""
    packed = _fact.decode(fact).record
    return _media.decode(packed) if packed else None


def comment(fact: bytes) -> CommentFact | None:
    """The comment of a fact; None if the file holds none."""
    packed = _fact.decode(fact).record
    return _comment.decode(packed) if packed else None


def record(fact: bytes, cls: type[R]) -> R | None:
    """The record of a fact, whose kind packs it whole; None if the file holds none."""
    packed = _fact.decode(fact).record
    if not packed:
        return None
    decoder = _decoders.get(cls)
    if decoder is None:
        decoder = _decoders[cls] = msgspec.msgpack.Decoder(cls, dec_hook=_typed)
    decoded: R = decoder.decode(packed)
    return decoded
