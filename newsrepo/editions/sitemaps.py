"""The sitemap of an edition, and the one of its latest news. Their addresses are absolute by rule."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape  # the one for XML brings a client for HTTP along

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest
from newsrepo.editions.xmlout import xml_text

LIMIT = 50_000
NEWS = "news-sitemap.xml"
NEWS_LIMIT = 1000
"""How many addresses a sitemap, and one of news, may hold by the protocol."""

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_SPACE = ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_HAN = {"hans": "zh-cn", "hant": "zh-tw", "tw": "zh-tw", "hk": "zh-tw", "mo": "zh-tw"}


def sitemap_page(edition: Edition, paths: tuple[str, ...]) -> Page | None:
    """The sitemap of those of ``paths`` that are pages; None without an address for the edition.

    The protocol ends at 50,000 addresses: articles come first, and what is beyond is left out.
    """
    if not edition.url:
        return None
    pages = [path for path in paths if path.endswith(".html")]
    ordered = sorted(pages, key=lambda p: (not p.startswith("articles/"), p))[:LIMIT]
    listed = tuple(sorted(ordered))
    key = digest(edition.base, b"sitemap", "\n".join(listed).encode())

    def render(_: object) -> bytes:
        # A path holds nothing that XML escapes. Fifty thousand elements would cost more than all else here.
        base = escape(xml_text(edition.url), quote=False)
        entries = [f" <url>\n  <loc>{base}{path}</loc>\n </url>\n" for path in listed]
        return f"{_HEAD}>\n{''.join(entries)}</urlset>\n".encode()

    return Page("sitemap.xml", key, (), render)


def news_sitemap_page(edition: Edition) -> Page | None:
    """The sitemap of what is dated on the edition's day or the day before, newest first.

    None without an address for the edition, and without such an article: the protocol knows no empty one.
    """
    since = edition.ctx.today - timedelta(days=1)
    works = [edition.works[w] for w in edition.listed if edition.works[w].date.day >= since]
    recent = works[: -NEWS_LIMIT - 1 : -1]
    if not edition.url or not recent:
        return None
    key = digest(edition.base, b"news", edition.list_facts(work.id for work in recent))

    def render(_: object) -> bytes:
        entries = "".join(line for work in recent for line in _entry(edition, work))
        return f"{_HEAD}{_NEWS_SPACE}>\n{entries}</urlset>\n".encode()

    return Page(NEWS, key, (), render)


def _entry(edition: Edition, work: Work) -> Iterator[str]:
    def text(value: str) -> str:
        return escape(xml_text(value), quote=False)

    yield f" <url>\n  <loc>{text(edition.url)}{names.article_page(work.id)}</loc>\n  <news:news>\n"
    yield f"   <news:publication>\n    <news:name>{text(edition.title)}</news:name>\n"
    yield f"    <news:language>{language(work.lang)}</news:language>\n   </news:publication>\n"
    yield f"   <news:publication_date>{names.stamp(work.date)}</news:publication_date>\n"
    yield f"   <news:title>{text(work.title)}</news:title>\n  </news:news>\n </url>\n"


def language(tag: str) -> str:
    """A language as news sitemaps name it: its ISO 639 code alone, but for Chinese by its script."""
    first, *rest = tag.lower().split("-")
    if first != "zh":
        return first
    return next((_HAN[part] for part in rest if part in _HAN), "zh-cn")
