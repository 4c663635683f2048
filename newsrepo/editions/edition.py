"""One edition on its way to pages: what it holds, and the rendered parts that its pages share."""

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from newsrepo.commons.model import Work
from newsrepo.editions import names
from newsrepo.editions.context import Context
from newsrepo.editions.holdings import Holdings
from newsrepo.editions.parts import FRONT, Chrome, Named, Teaser, joined
from newsrepo.editions.theme import TOP, Inlays, Shell, Theme
from newsrepo.ids import ArticleId

if TYPE_CHECKING:
    from newsrepo.editions.asked import Concerns


class Edition(Holdings):
    """One edition, planned. Made once per build; renders what many pages show once."""

    def __init__(self, ctx: Context, theme: Theme) -> None:
        super().__init__(ctx, theme)
        self._items: dict[ArticleId, Markup] = {}
        self._teasers: dict[ArticleId, Teaser] = {}
        self._shells: dict[tuple[str, str], Shell] = {}
        # Small parts that thousands of pages share; bounded, since a hostile commons shares nothing.
        self.link = lru_cache(maxsize=1 << 12)(partial(theme.html, "link"))
        """A name as HTML, linked to ``href`` if it has one."""
        self._signature = lru_cache(maxsize=1 << 12)(self._render_signature)

    def _render_signature(self, contingent: str) -> Markup:
        href, line = self.contingent_href(contingent), self.signed(contingent)
        return self.theme.html("signature", href=href, signature=line)

    def links(self, named: Iterable[Named]) -> Markup:
        """Names, each linked to its page, with commas between them."""
        return joined([self.link(name=name, href=href) for name, href in named], ", ")

    def byline(self, work: Work) -> Markup:
        """The byline of a work: who wrote it, for which contingent, when."""
        people = [self.link(name=name, href=href) for name, href in self.author_links(work)]
        return self.theme.html(
            "byline",
            people=joined([*people[:-2], joined(people[-2:], " and ")], ", "),
            signature=self._signature(work.owner),
            day=str(work.date),
            day_text=names.moment_text(work.date),
        )

    def teaser(self, work_id: ArticleId) -> Teaser:
        made = self._teasers.get(work_id)
        if made is None:
            work = self.works[work_id]
            made = self._teasers[work_id] = Teaser(
                work_id,
                names.article_page(work_id),
                work.title,
                work.lang,
                names.direction(work.lang),
                work.summary,
                self.byline(work),
            )
        return made

    def list_item(self, work_id: ArticleId) -> Markup:
        """A work as an entry of a list; rendered once, whatever number of lists it stands in."""
        made = self._items.get(work_id)
        if made is None:
            made = self._items[work_id] = self.theme.html("item", w=self.teaser(work_id))
        return made

    @cached_property
    def chrome(self) -> Chrome:
        return Chrome(
            "en",
            self.dir,
            self.theme.html("links", feeds=self.feeds, title=self.title),
            self.theme.html(
                "foot",
                title=self.title,
                lang=self.lang,
                dir=self.dir,
                owner_href=self.contingent_href(self.owner),
                signature=self.signature,
                filter=self.ctx.filter_id,
                commons=self.ctx.commons.charter.name,
                home=self.ctx.commons.charter.home or "",
                rooms=self.rooms,
            ),
        )

    @cached_property
    def concerns(self) -> "Mapping[str, Concerns]":
        """The public questions about each work that has a page."""
        from newsrepo.editions.asked import concerns  # which speaks of editions itself

        return concerns(self)

    def masthead(self, *, front: bool) -> Markup:
        return self.theme.html(
            "masthead",
            front=front,
            look=self.settings.theme.masthead.value,
            logo=self.logo,
            motto=self.motto,
            title=self.title,
            about=self.about,
            lang=self.lang,
            dir=self.dir,
            day=self.ctx.today.isoformat(),
            day_text=names.day_text(self.ctx.today),
            owner_href=self.contingent_href(self.owner),
            signature=self.signature,
            sections=self.sections,
            rooms=tuple(room for room in self.rooms if room.first),
        )

    @cached_property
    def own_feeds(self) -> dict[str, str]:
        """The feeds of single pages, of sections and of contingents that are printed, by the page's path."""
        if not self.feeds or not self.url:
            return {}
        known = self.ctx.commons.contingents
        printed = [names.contingent_page(c) for c in sorted(self.by_contingent) if c in known]
        return {page: names.feed_of(page) for page in (*(s.href for s in self.sections), *printed)}

    def _title(self, title: str) -> str:
        """What a browser's tab and a search engine show, which is no more than some seventy characters."""
        whole = f"{title} \u00b7 {self.title}"
        return title if title == self.title or len(whole) > 70 else whole

    def page(
        self,
        path: str,
        kind: str,
        title: str,
        main: Markup,
        *,
        inlays: Inlays | None = None,
        **values: Any,
    ) -> bytes:
        """A whole page at ``path``."""
        meta = self.theme.html(
            "meta",
            title=self._title(title),
            description=values.get("description", ""),
            canonical=f"{self.url}{path}" if self.url else "",
        )
        way = values.get("way", names.prefix(path))
        if path in self.own_feeds:
            meta += self.theme.html("feed_link", title=title, href=self.own_feeds[path])
            meta = Markup(str.replace(meta, TOP, way))  # noqa: S704 - it is Markup, and the way is our own
        head = str.replace(values.get("head", ""), TOP, way)
        return self._shell(kind, way).page(Markup(f"{meta}{head}"), main, inlays)  # noqa: S704 - both are Markup

    def _shell(self, kind: str, way: str) -> Shell:
        shell = self._shells.get((kind, way))
        if shell is None:
            masthead = self.masthead(front=kind == FRONT)
            shell = self.theme.shell(way, chrome=self.chrome, kind=kind, masthead=masthead)
            self._shells[kind, way] = shell
        return shell
