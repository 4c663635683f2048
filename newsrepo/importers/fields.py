"""Foreign front matter to the fields of an article: dates, names, words, slugs; nothing is guessed."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone

from newsrepo.ids import MAX_SLUG, is_name
from newsrepo.importers.front import Value
from newsrepo.importers.markup import plain
from newsrepo.records.scalars import Moment
from newsrepo.records.text import FORBIDDEN

_FILE_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})-(.+)")
_DATE = re.compile(
    r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})"
    r"(?:[Tt\s]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s*"
    r"(?:(Z|z|UTC|GMT)|([+-])([0-9]{1,2}):?([0-9]{2})?)?.{0,12})?"
)


def clean(text: str) -> str:
    """The text without what may not stand in a record, in normal form C."""
    return unicodedata.normalize("NFC", FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def words(value: Value | None) -> str:
    """A value as one line of plain text: no markup, no template calls."""
    if not isinstance(value, str) or not value.strip():
        return ""
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", value[:20_000], flags=re.DOTALL)
    return " ".join(clean(plain(text)).split())


def name(value: Value | None) -> str:
    """A value as one line, taken as it is."""
    return " ".join(clean(value).split()) if isinstance(value, str) else ""


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.") + "…"


def listed(fields: Mapping[str, Value], *keys: str, split: str = ",") -> tuple[Value, ...]:
    """The values of the first of ``keys`` that is there, whether written as a list or in one line."""
    for key in keys:
        value = fields.get(key)
        if isinstance(value, list):
            return tuple(value)
        if isinstance(value, dict):
            return (value,)
        if value:
            return tuple(part.strip() for part in value.split(split) if part.strip())
    return ()


def slug(text: str, limit: int = MAX_SLUG) -> str:
    """``text`` as words of ASCII letters and digits; empty when nothing of it can be written so."""
    plain_text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("æ", "ae").replace("ø", "o"))
    ascii_text = "".join(c for c in plain_text if not unicodedata.combining(c)).lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_text.replace("'", "").replace("\u2019", "")).strip("-")
    if len(made) > limit:
        made = made[:limit].rpartition("-")[0] or made[:limit]
    return made if is_name(made, limit) else (f"{made}-x" if made and is_name(f"{made}-x", limit) else "")


def file_slug(path: str) -> str:
    """The slug of a post by its file name; made from a digest of the path when the name gives none."""
    stem = stem_of(path)
    dated = _FILE_DATE.fullmatch(stem)
    made = slug(dated[4] if dated else stem)
    return made or f"untitled-{hashlib.sha256(path.encode()).hexdigest()[:8]}"


def stem_of(path: str) -> str:
    """The file name without its ending; of ``x/index.md`` it is ``x``."""
    folder, _, last = path.rpartition("/")
    stem = last.rpartition(".")[0]
    return folder.rpartition("/")[2] if stem in ("index", "_index") and folder else stem


def file_day(path: str) -> date | None:
    """The day in a file name such as ``2015-03-12-title.md``."""
    match = _FILE_DATE.fullmatch(stem_of(path))
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def moment(text: str) -> tuple[Moment, date] | None:
    """The moment that a foreign date means and the day as written; times need an offset."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None or not (match[7] or match[8]):
            return Moment(day), day
        hours, minutes = int(match[9] or 0), int(match[10] or 0)
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if match[8] == "-" else 1)
        local = datetime(
            day.year,
            day.month,
            day.day,
            int(match[4]),
            int(match[5]),
            int(match[6] or 0),
            tzinfo=timezone(shift),
        )
        return Moment.parse(local.isoformat()), day
    except (ValueError, OverflowError):
        return None


def language(*candidates: str) -> str:
    """The first candidate that is a language tag once ``en_US`` is written ``en-US``; else ``und``."""
    for text in candidates:
        tag = text.strip().partition(".")[0].replace("_", "-")
        head, dash, rest = tag.partition("-")
        tag = head.lower() + dash + rest
        if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) and len(tag) <= 35:
            return tag
    return "und"


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, each once, in their order, without empty ones."""
    return tuple(dict.fromkeys(text for text in texts if text))
