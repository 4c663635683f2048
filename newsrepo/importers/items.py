"""What a feed or an export holds, whatever its format: items, their people, pictures and comments."""

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from msgspec import Struct

from newsrepo.importers import fields as f
from newsrepo.location import Finding
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
"""A mail address, as far as one must never be brought into a record."""


class Enclosure(Struct, frozen=True, kw_only=True):
    """A picture, sound or video that belongs to an item, by its address."""

    url: str
    alt: str = ""
    caption: str = ""


class Remark(Struct, frozen=True, kw_only=True):
    """A reader's comment; ``refused`` says why it is left out, if it is."""

    number: str
    parent: str
    line: int
    person: t.Author | None
    moment: Moment | None
    html: str
    refused: str = ""


class Item(Struct, frozen=True, kw_only=True):
    """One entry as its source has it. ``summary`` and ``html`` are HTML; nothing of it is trusted.

    ``site`` is the name of the feed that it stood in. With ``only_summary`` its text is not whole.
    ``key`` is what the source calls it for good. ``state`` is ``publish`` or the reason why it was not
    published, ``kind`` what it is (``post``, ``page``, …). ``topics`` are words with the source's own slugs.
    ``number``, ``parent``, ``lead``: WordPress's ids of it, of what it hangs on and of its lead picture.
    """

    file: str
    line: int
    key: str
    site: str = ""
    title: str = ""
    link: str = ""
    others: tuple[str, ...] = ()
    moment: Moment | None = None
    dated: str = ""
    people: tuple[t.Author, ...] = ()
    topics: tuple[tuple[str, str], ...] = ()
    summary: str = ""
    html: str = ""
    html_line: int = 0
    base: str = ""
    classic: bool = False
    only_summary: bool = False
    lang: str = ""
    slug: str = ""
    kind: str = "post"
    state: str = "publish"
    enclosures: tuple[Enclosure, ...] = ()
    credits: tuple[t.Credit, ...] = ()
    remarks: tuple[Remark, ...] = ()
    number: str = ""
    parent: str = ""
    lead: str = ""
    counts: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Sixteen digits that change when what would become the article changes at its source."""
        parts = (
            *(self.title, self.link, str(self.moment or ""), self.summary, self.html, self.state, self.lead),
            *(f"{person.name} {person.url}" for person in self.people),
            *(word for word, _ in self.topics),
            *(f"{each.url} {each.alt} {each.caption}" for each in self.enclosures),
        )
        whole = "".join(f"{len(part)}:{part}" for part in parts)
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Source:
    """Something that holds items. What it says of itself is known once its items were read through."""

    name: str = ""
    url: str = ""
    lang: str = ""

    def items(self, found: Callable[[Finding], None]) -> Iterator[Item]:
        """The items, in the order of the source; what cannot be read is told. May be called again."""
        raise NotImplementedError


def words(markup: str) -> str:
    """HTML as one line of text; what is no HTML stays as it is."""
    if "<" not in markup and "&" not in markup:
        return f.name(markup)
    soup = BeautifulSoup(re.sub(r"<!(?!--)", "&lt;!", markup), "html.parser")
    for tag in soup.find_all(["script", "style", "template"]):
        tag.decompose()
    for tag in soup.find_all(
        ["br", "p", "div", "li", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"]
    ):
        tag.insert_after(" ")
    return f.name(soup.get_text())


def as_html(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, other line ends are kept."""
    rows = (
        html.escape(part.strip(), quote=False) for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    )
    return "\n".join("<p>" + row.replace("\n", "<br>\n") + "</p>" for row in rows if row)


def person(name: str, url: str = "") -> t.Author | None:
    """Somebody's name and page without a mail address; None where nothing else is known of them."""
    bare = f.name(MAIL.sub(" ", words(name)))
    bare = re.sub(r"[<(\[]\s*[>)\]]", "", bare).strip()
    inner = re.fullmatch(r"[<(\[]([^<>()\[\]]*)[>)\]]", bare)
    found = f.shorten((inner[1] if inner else bare).strip(" ,;:\"'"), 200)
    return t.Author(name=found, url=web(url) or None) if found else None


def web(url: str) -> str:
    """The address if it is one of the web that a record can hold, else nothing."""
    url = url.strip()
    fits = re.fullmatch(r'https?://[^\s/?#\\<>"]+[^\s\\<>"]*', url) and len(url) <= 2000
    return url if fits and "@" not in urlsplit_netloc(url) else ""


def urlsplit_netloc(url: str) -> str:
    """The host part of an address, or nothing where the address is broken."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


_ZONES = {
    **dict.fromkeys(("utc", "gmt", "ut", "z", "wet"), 0),
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "cet": 1,
    "cest": 2,
    "mez": 1,
    "mesz": 2,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "jst": 9,
}
_CLOCK = re.compile(r"[0-9]:[0-9]{2}(?::[0-9]{2})?\s*([A-Za-z]{1,5}|[+-][0-9]{2}:?[0-9]{2})?\Z")
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?:(?P<d>[0-9]{1,2})\s+(?P<m>[A-Za-z]{3,9})|(?P<m2>[A-Za-z]{3,9})\s+(?P<d2>[0-9]{1,2}))"
    r"(?:st|nd|rd|th)?,?\s+(?P<y>[0-9]{4})\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def moment(text: str) -> Moment | None:
    """The moment that a date of a feed means, in any usual spelling; a time counts with its zone only.

    RFC 822 with two or four digits of the year, RFC 3339 and the short forms of ISO 8601, and days written
    out in English. None for what is no date, for WordPress's year 0 and for what is before 1900.
    """
    text = f.name(text)[:100]
    found = _iso(text) or _mail(text) or _written(text)
    return found if found is not None and found.day.year >= 1900 else None


def _iso(text: str) -> Moment | None:
    if re.fullmatch(r"[0-9]{8}(?:T[0-9]{6}.*)?", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:8]}" + (
            f"T{text[9:11]}:{text[11:13]}:{text[13:]}" if len(text) > 8 else ""
        )
    short = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", text)
    if short:
        return None  # a year or a month is no day, and none is guessed
    read = f.moment(text)
    return read[0] if read else None


def _mail(text: str) -> Moment | None:
    text = re.sub(r"\s+\([^)]*\)$", "", text)
    fields = parsedate_tz(text)
    if fields is None:
        return None
    clock = _CLOCK.search(text)
    zone = (clock[1] or "") if clock else ""
    try:
        day = date(*fields[:3])
        shift = fields[9] if zone[:1] in ("+", "-") else _ZONES.get(zone.lower())
        if shift is None:
            return Moment(day)  # a time in a zone that nobody named is only a day
        seconds = shift if zone[:1] in ("+", "-") else shift * 3600
        local = datetime(*fields[:5], min(fields[5], 59), tzinfo=timezone(timedelta(seconds=seconds)))
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None
    return Moment(instant.date(), instant)


def _written(text: str) -> Moment | None:
    match = _NAMED.match(text)
    month = (match["m"] or match["m2"]).lower()[:3] if match else ""
    if match is None or month not in _MONTHS:
        return None
    try:
        return Moment(date(int(match["y"]), _MONTHS.index(month) + 1, int(match["d"] or match["d2"])))
    except ValueError:
        return None
