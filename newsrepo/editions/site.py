"""The plan of an edition: every file that it consists of, none of them rendered yet.

A page's key covers everything that its bytes depend on, so a build renders only the pages whose keys it has
not seen. Planning reads no text.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.about import about_page
from newsrepo.editions.article import article_pages
from newsrepo.editions.chain import Chains
from newsrepo.editions.citedpage import cited_pages
from newsrepo.editions.context import Context
from newsrepo.editions.contingents import contingent_pages
from newsrepo.editions.corrections import correction_pages
from newsrepo.editions.discussion import discussion_pages
from newsrepo.editions.edition import Edition
from newsrepo.editions.feeds import feed_pages
from newsrepo.editions.front import front_page
from newsrepo.editions.lists import all_lists
from newsrepo.editions.mappage import map_pages
from newsrepo.editions.moderation import moderation_pages
from newsrepo.editions.page import Page
from newsrepo.editions.parts import CODE, Chrome, LogoFile, digest
from newsrepo.editions.revisions import Pasts, revision_pages
from newsrepo.editions.sitemaps import news_sitemap_page, sitemap_page
from newsrepo.editions.sketch import told
from newsrepo.editions.style import icon, style_sheet
from newsrepo.editions.theme import Theme, default_theme
from newsrepo.editions.trees import story_pages
from newsrepo.filters import logo_fault, unheard
from newsrepo.ids import ArticleId, Oid
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t

WAITING = 5
"""How many works that wait for their day are named."""


def plan(ctx: Context, theme: Theme | None = None) -> list[Page]:
    """Every file of the edition but its manifest, each path once, ordered by path."""
    edition = Edition(ctx, theme or default_theme())
    pages = [front_page(edition)]
    chains, pasts = Chains(edition), Pasts(edition)
    articles = list(article_pages(edition, chains, pasts))
    pages.extend(articles)
    pages.extend(revision_pages(edition, pasts))
    pages.extend(cited_pages(edition, chains))
    pages.extend(story_pages(edition, chains, pasts))
    pages.extend(all_lists(edition))
    pages.extend(contingent_pages(edition))
    pages.append(about_page(edition))
    if edition.has_challenges:
        from newsrepo.editions.challenges import challenge_pages

        pages.extend(challenge_pages(edition))
    pages.extend(discussion_pages(edition))
    pages.extend(moderation_pages(edition))
    pages.extend(correction_pages(edition, pasts))
    pages.extend(map_pages(edition))
    if edition.has_search:
        from newsrepo.editions.search import search_pages  # with what runs programs

        pages.extend(search_pages(edition))
    if edition.has_paper:
        from newsrepo.editions.newsprint import newspaper_pages  # with what runs programs

        pages.extend(newspaper_pages(ctx))
    if edition.has_statements:
        from newsrepo.editions.statements import statement_pages  # with all that counts votes

        pages.extend(statement_pages(edition))
    pages.extend(feed_pages(edition, chains, pasts, {page.path: page.key for page in articles}))
    sitemap = sitemap_page(edition, tuple(page.path for page in pages))
    pages.extend(made for made in (sitemap, news_sitemap_page(edition)) if made is not None)
    pages.extend(_media(edition))
    if edition.logo is not None:
        pages.append(_logo(edition.logo))
    pages.append(_missing(edition))
    pages.extend(_looks(edition.theme, edition.settings.theme))
    pages.sort(key=lambda page: page.path)
    return pages


def warnings(ctx: Context) -> tuple[Finding, ...]:
    """What a publisher should know of this edition before its readers do."""
    place = Location(f"filters/{ctx.filter_id}.yaml")
    found = []
    if not ctx.filter.edition.url:
        fact = "the edition has no address, so it gets no sitemap, and its feeds have no absolute links"
        hint = "say under `edition: url:` where it will be published"
        found.append(Finding("edition-without-url", place, fact, hint, Severity.NOTE))
    if ctx.paper is not None:
        found += ctx.paper.findings
    logo = ctx.filter.edition.theme.logo
    if logo is not None and (fault := logo_fault(ctx.commons, ctx.owner, logo)[1]):
        hint = "the edition is built without it; `newsrepo check` names the place"
        found.append(Finding("bad-logo", place, f"no logo is printed: {fault}", hint, Severity.WARNING))
    if t.Format.SEARCH in ctx.filter.edition.formats and ctx.finder is None:
        fact = "the edition has no search: the extra `search` is not installed"
        hint = "install it: `pip install 'newsrepo[search]'`"
        found.append(Finding("no-search", place, fact, hint, Severity.WARNING))
    found += _usurpers(ctx)
    found += told(ctx, ctx.sketched)
    early = ctx.selection.early
    if early:
        named = ", ".join(early[:WAITING]) + (" …" if len(early) > WAITING else "")
        wait = "1 work waits" if len(early) == 1 else f"{len(early)} works wait"
        fact = f"{wait}, dated after {ctx.today}: {named}"
        hint = "build again on that day, or name the day with --today"
        found.append(Finding("waiting-works", place, fact, hint, Severity.NOTE))
    return tuple(found)


def _usurpers(ctx: Context) -> Iterator[Finding]:
    """One warning for all works that no edition prints, as they could be taken for a word of the commons."""
    left = sorted(unheard(ctx.commons))
    if not left:
        return
    named = ", ".join(left[:WAITING]) + (" \u2026" if len(left) > WAITING else "")
    many = "1 work is" if len(left) == 1 else f"{len(left)} works are"
    yield Finding(
        "speaks-for-all",
        Location(ctx.commons.works[left[0]].path),
        f"{many} left out, as the title or byline could be taken for the name of the commons: {named}",
        "nobody speaks for all; `newsrepo check` names each place",
        Severity.WARNING,
    )


def _media(edition: Edition) -> Iterator[Page]:
    for work_id, files in edition.media.items():
        for file in files:
            yield _file(work_id, file.name, file.oid)


def _file(work_id: ArticleId, name: str, oid: Oid) -> Page:
    return Page(
        names.media_file(work_id, name), digest(b"media", oid.encode()), (oid,), lambda blobs: blobs[oid]
    )


def _logo(logo: LogoFile) -> Page:
    return Page(logo.href, digest(b"media", logo.oid.encode()), (logo.oid,), lambda blobs: blobs[logo.oid])


def _missing(edition: Edition) -> Page:
    """The 404 page. A server shows it at any address, so its links start from the edition's own."""
    path = "404.html"
    way = "/" + edition.url.partition("//")[2].partition("/")[2] if edition.url else ""

    def render(_: object) -> bytes:
        main = edition.theme.html("missing")
        return edition.page(path, "listing", "Not in this edition", main, way=way)

    return Page(path, digest(edition.base, b"404"), (), render)


def _looks(theme: Theme, settings: t.Theme) -> Iterator[Page]:
    """The style sheet and the icon."""
    for path, data in (
        ("icon.svg", icon(theme.icon, settings)),
        ("style.css", style_sheet(theme.style, settings)),
    ):
        yield Page(path, digest(path.encode(), data), (), partial(_known, data))


def _known(data: bytes, _: object) -> bytes:
    return data


# --- the page over all editions --------------------------------------------------------------------


class Listed(NamedTuple):
    """An edition as the root page lists it; ``href`` leads from the root page to its front page."""

    href: str
    context: Context


class _Headline(NamedTuple):
    href: str
    title: str
    lang: str
    dir: str


def plan_root(charter: t.Charter, editions: Sequence[Listed], theme: Theme | None = None) -> list[Page]:
    """The page that lists the editions of a commons, with its style sheet."""
    theme = theme or default_theme()
    entries = [_entry(charter, listed) for listed in editions]
    facts = (charter.name, charter.about, charter.home, charter.lang, entries)

    def render(_: Mapping[Oid, bytes]) -> bytes:
        direction = names.direction(charter.lang)
        masthead = theme.html(
            "root_masthead",
            name=charter.name,
            about=charter.about or "",
            lang=charter.lang,
            dir=direction,
        )
        foot = theme.html("root_foot", name=charter.name, home=charter.home or "")
        links = theme.html("links", feeds=False, title="")
        shell = theme.shell("", chrome=Chrome("en", direction, links, foot), kind="root", masthead=masthead)
        title = f"Editions of {charter.name}"  # the name alone stands over nothing but statements
        meta = theme.html("meta", title=title, description=charter.about or "", canonical="")
        return shell.page(meta, theme.html("root", editions=entries))

    index = Page("index.html", digest(CODE, theme.digest, b"root", repr(facts).encode()), (), render)
    return [*_looks(theme, t.Theme()), index]


def _entry(charter: t.Charter, listed: Listed) -> dict[str, object]:
    ctx = listed.context
    settings = ctx.filter.edition
    lang = settings.lang or charter.lang
    known = ctx.commons.contingents.get(ctx.owner)
    folder = listed.href.rpartition("/")[0]
    items = ctx.selection.items
    headlines = []
    for item in items[:3]:
        work = ctx.commons.works[item.work]
        href = f"{folder}/{names.article_page(item.work)}".lstrip("/")
        headlines.append(_Headline(href, work.title, work.lang, names.direction(work.lang)))
    return {
        "href": listed.href,
        "title": settings.title or ctx.filter.title,
        "about": settings.about or ctx.filter.about or "",
        "lang": lang,
        "dir": names.direction(lang),
        "signature": names.signature(known.name if known else ctx.owner, charter.name),
        "stories": "1 story" if len(items) == 1 else f"{len(items)} stories",
        "headlines": tuple(headlines),
    }
