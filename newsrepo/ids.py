"""The names of things: who a path or an id belongs to, each kind of name with a type of its own."""

import re
from enum import StrEnum
from typing import NewType

ContingentId = NewType("ContingentId", str)
"""A contingent: ``abc``."""

RaterId = NewType("RaterId", str)
"""A rater of a contingent: ``abc/ann``."""

ArticleId = NewType("ArticleId", str)
"""An article: ``abc/2026/dock-strike``."""

FilterId = NewType("FilterId", str)
"""A filter without its prefix: ``abc/daily``."""

AxisId = NewType("AxisId", str)
"""A rating axis: ``newsworthy`` (common) or ``abc/line`` (a contingent's own)."""

RecordRef = NewType("RecordRef", str)
"""Any record: a bare article id, or ``kind:id`` such as ``comment:abc/2026/reply``."""

Oid = NewType("Oid", str)
"""A git object id in lower-case hex, 40 digits (SHA-1) or 64 (SHA-256)."""

NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
"""The grammar of every id part: lower-case ASCII words joined by single hyphens."""

MAX_NAME = 60
MAX_SLUG = 80

_NAME = re.compile(NAME)
_YEAR = re.compile(r"[0-9]{4}")
_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)


class Kind(StrEnum):
    """The kinds of file a commons is made of; see the path table in ``docs/format.md``."""

    CHARTER = "charter"
    ROLL = "roll"
    CONTINGENT = "contingent"
    ARTICLE = "article"
    SOURCE = "source"
    MEDIA = "media"
    COMMENT = "comment"
    RATINGS = "ratings"
    FILTER = "filter"
    CHALLENGE = "challenge"
    ANSWER = "answer"
    STATEMENT = "statement"
    OPENING = "opening"
    BALLOT = "ballot"
    CLOSING = "closing"
    DISSENT = "dissent"
    ENACTS = "enacts"
    SIGNATURE = "signature"
    IGNORED = "ignored"


class IdError(ValueError):
    """A text is not the id it was meant to be; the message says what is wrong with it."""


def is_name(text: str, limit: int = MAX_NAME) -> bool:
    """Whether ``text`` is a well-formed id part of at most ``limit`` characters."""
    return len(text) <= limit and _NAME.fullmatch(text) is not None and text not in _DEVICES


def is_oid(text: str) -> bool:
    """Whether ``text`` is a full git object id in lower-case hex."""
    return _OID.fullmatch(text) is not None


def _check_name(text: str, what: str, limit: int = MAX_NAME) -> None:
    if is_name(text, limit):
        return
    if text in _DEVICES:
        raise IdError(f"{what} {text!r} is a device name on Windows")
    if len(text) > limit:
        raise IdError(f"{what} is longer than {limit} characters")
    raise IdError(f"{what} {text!r} is not lower-case letters and digits joined by single hyphens")


def contingent_id(text: str) -> ContingentId:
    """Parse ``abc``. Raises IdError."""
    _check_name(text, "contingent id")
    return ContingentId(text)


def rater_id(text: str) -> RaterId:
    """Parse ``abc/ann``. Raises IdError."""
    parts = text.split("/")
    if len(parts) != 2:
        raise IdError(f"rater id {text!r} is not of the form contingent/rater")
    _check_name(parts[0], "contingent id")
    _check_name(parts[1], "rater name")
    return RaterId(text)


def article_id(text: str) -> ArticleId:
    """Parse ``abc/2026/dock-strike``. Raises IdError."""
    parts = text.split("/")
    if len(parts) != 3:
        raise IdError(f"article id {text!r} is not of the form contingent/year/slug")
    _check_name(parts[0], "contingent id")
    if _YEAR.fullmatch(parts[1]) is None:
        raise IdError(f"year {parts[1]!r} in an article id is not four digits")
    _check_name(parts[2], "slug", MAX_SLUG)
    return ArticleId(text)


def filter_id(text: str) -> FilterId:
    """Parse ``abc/daily``. Raises IdError."""
    parts = text.split("/")
    if len(parts) != 2:
        raise IdError(f"filter id {text!r} is not of the form contingent/name")
    _check_name(parts[0], "contingent id")
    _check_name(parts[1], "filter name")
    return FilterId(text)


def axis_id(text: str) -> AxisId:
    """Parse ``newsworthy`` or ``abc/line``. Raises IdError."""
    parts = text.split("/")
    if len(parts) > 2:
        raise IdError(f"axis {text!r} is not of the form axis or contingent/axis")
    for part in parts:
        _check_name(part, "axis name")
    return AxisId(text)


def owner(identifier: str) -> ContingentId:
    """The contingent that owns a well-formed article, rater, filter or prefixed id."""
    return ContingentId(identifier.rpartition(":")[2].partition("/")[0])
