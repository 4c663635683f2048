"""Where the pages of an edition lie, and the small facts of script and number that every page needs."""

import hashlib
import re
import unicodedata
from datetime import date
from fractions import Fraction
from functools import lru_cache

from newsrepo.ids import ArticleId, Oid
from newsrepo.records.scalars import MILLION, Moment

PAGE = 40
"""How many entries a numbered page of a list holds."""

REVISIONS = "revisions/"
"""Where pages lie that show what changed."""

_RTL_LANGS = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"]
)
_RTL_SCRIPTS = frozenset(["arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"])
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - reads better
)
_WORDS = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=1 << 10)
def direction(lang: str) -> str:
    """``rtl`` or ``ltr``: how text in a language runs, by its script subtag if it has one."""
    parts = lang.lower().split("-")
    scripts = [part for part in parts[1:] if len(part) == 4 and part.isalpha()]
    if scripts:
        return "rtl" if scripts[0] in _RTL_SCRIPTS else "ltr"
    return "rtl" if parts[0] in _RTL_LANGS else "ltr"


def article_page(article: ArticleId) -> str:
    return f"articles/{article}.html"


def source_file(article: ArticleId) -> str:
    """The very file that an article is: its hash as a git blob is the version."""
    return f"articles/{article}.md"


def record_file(article: ArticleId) -> str:
    """What that file says, and its credit, for programs."""
    return f"articles/{article}.json"


def story_page(root: ArticleId) -> str:
    return f"stories/{root}.html"


def revisions_page(article: ArticleId) -> str:
    """The page that shows what an article's contingent changed in it."""
    return f"{REVISIONS}{article}.html"


def cited_page(article: ArticleId, version: Oid) -> str:
    """The page of one exact text of an article, as somebody cites it."""
    return f"cited/{article}/{version}.html"


def media_file(article: ArticleId, name: str) -> str:
    return f"articles/{article}/{name}"


def contingent_page(contingent: str) -> str:
    return f"contingents/{contingent}.html"


def feed_of(page: str) -> str:
    """The feed of what a page lists."""
    return f"feeds/{page.removesuffix('.html')}.xml"


def numbered(path: str, page: int) -> str:
    """The ``page``th part of a list whose newest part is ``path``; parts count from the oldest."""
    return f"{path.removesuffix('.html')}/page-{page}.html"


def prefix(path: str) -> str:
    """What leads from ``path`` back to the top of the edition."""
    return "../" * path.count("/")


@lru_cache(maxsize=1 << 16)
def slug(name: str) -> str:
    """A file name for the name of a person or place: readable, ASCII, the same for the same name always.

    Names that differ only in case, blanks or marks of punctuation share one; a name that ASCII can't hold
    carries six digits of its hash, so that ``Ana`` and ``Aña`` stay apart.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    words = "-".join(_WORDS.findall(plain))[:80].strip("-")
    if folded.isascii() and words and len(words) < 80:
        return f"{words}-name" if words in ("index", "con", "prn", "aux", "nul") else words
    mark = hashlib.sha256(folded.encode()).hexdigest()[:6]
    return f"{words}-{mark}" if words else f"x-{mark}"


def topic_text(topic: str) -> str:
    """A topic's id as a reader is shown it."""
    return topic.replace("-", " ")


def day_text(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(year: int, month: int) -> str:
    return f"{_MONTHS[month - 1]} {year}"


def moment_text(moment: Moment) -> str:
    if moment.instant is None:
        return day_text(moment.day)
    return f"{day_text(moment.day)}, {moment.instant:%H:%M} UTC"


def stamp(moment: Moment) -> str:
    """RFC 3339 with a time, as feeds want it."""
    if moment.instant is None:
        return f"{moment.day.isoformat()}T00:00:00Z"
    return str(moment)


def number_text(value: Fraction) -> str:
    """At most two digits after the point, rounded half to even, with a true minus sign."""
    return decimal_text(value.numerator, value.denominator)


@lru_cache(maxsize=1 << 14)
def decimal_text(num: int, den: int) -> str:
    """``num / den`` (``den`` positive) with at most two digits after the point, rounded half to even."""
    hundredths, rest = divmod(num * 100, den)
    if rest * 2 > den or (rest * 2 == den and hundredths % 2):
        hundredths += 1
    whole, part = divmod(abs(hundredths), 100)
    text = f"{whole}.{part:02d}".rstrip("0").rstrip(".")
    return f"\u2212{text}" if hundredths < 0 else text


def weight_text(weight: Fraction) -> str:
    """A weight of trust; one that two digits cannot show is said to be small, never nothing."""
    text = decimal_text(weight.numerator, weight.denominator)
    return "less than 0.01" if text == "0" and weight else text


def mean_text(millionths: int) -> str:
    return decimal_text(millionths, MILLION)


def duration_text(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def signature(contingent: str, commons: str) -> str:
    """The line that everything a contingent publishes carries; a name's own article is not said twice."""
    bare = contingent[4:] if contingent[:4].casefold() == "the " and contingent[4:].strip() else contingent
    return f"The {bare} contingent of {commons}"


def host(url: str) -> str:
    """The host that a web address names, for saying where a link leaves to."""
    return url.partition("//")[2].partition("/")[0].rpartition("@")[2]
