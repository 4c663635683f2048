"""The whole credit of a work: what it is based on, what that is based on in turn, linked to the very texts.

A line says where credit was lost: where this work leaves somebody out, or where a work between took a credit
back. Texts are found as they stand or as they are kept beside the works that cite them, so that a fork that
is gone takes no line with it.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from newsrepo.commons.model import Work
from newsrepo.credit import Cited, Texts, behind
from newsrepo.credit.dropped import dropped
from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.editions.relations import DERIVED, SHORT
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import types as t

MOST = 60
"""How many lines of credit behind its own sources one page shows; what is more is counted."""


class Credit(NamedTuple):
    """One line: a work at the version that is cited, how the line above uses it, and what is to be said."""

    words: str
    href: str
    title: str
    lang: str
    dir: str
    authors: str
    by: str
    by_href: str
    version: str
    changes: str
    note: str
    lost: str
    article: ArticleId
    oid: Oid
    relation: t.Relation

    @property
    def cite(self) -> str:
        """The very text, as a record names it."""
        return f"{self.article}@{self.oid}"


class Chain(NamedTuple):
    """The lines of one work with their depth from 0, in order of drawing; ``more`` are not shown."""

    lines: tuple[tuple[int, Credit], ...]
    more: bool


_NOTHING = Chain((), more=False)


class Chains:
    """The chains of credit of one edition, each made once."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._made: dict[ArticleId, Chain] = {}
        self.cited: dict[tuple[ArticleId, Oid], set[ArticleId]] = {}
        """The texts that need a page of their own, with the works that cite them: filled by ``of``."""

    def of(self, work_id: ArticleId) -> Chain:
        """The credit of a work that has a page."""
        work = self._edition.works[work_id]
        if not work.based_on:
            return _NOTHING
        made = self._made.get(work_id)
        if made is None:
            made = self._made[work_id] = self._chain(work)
        return made

    def _chain(self, work: Work) -> Chain:
        edition = self._edition
        kept = self._kept.get(work.id, frozenset())
        lost = {drop.source for drop in dropped(work, edition.works, self.texts, kept)}
        lines: list[tuple[int, Credit]] = []
        left = MOST
        more = False
        for source in work.based_on:
            article, version = ArticleId(source.article), Oid(source.version)
            lines.append((0, self._credit(work, source, lost)))
            steps = behind(edition.works, self.texts, article, version, most=left + 1)
            more = more or len(steps) > left
            lines += [(step.depth, self._credit(work, step.derivation, lost)) for step in steps[:left]]
            left -= min(left, len(steps))
        return Chain(tuple(lines), more)

    def _credit(self, work: Work, derivation: t.Derivation, lost: set[ArticleId]) -> Credit:
        edition = self._edition
        article, version = ArticleId(derivation.article), Oid(derivation.version)
        now, text = edition.works.get(article), self.texts.get(version)
        hidden = _is_withheld(now) or _is_withheld(text)
        shown = None if hidden else text or now
        if shown is not None and edition.usurps(shown):
            shown = None
        owner = article.partition("/")[0]
        href = self.href(work, article, version)
        return Credit(
            DERIVED[derivation.relation],
            href,
            shown.title if shown else article,
            shown.lang if shown else "",
            names.direction(shown.lang) if shown else "",
            ", ".join(author.name for author in shown.authors) if shown else "",
            edition.signed(owner),
            edition.contingent_href(owner),
            f"{article}@{version[:SHORT]}",
            derivation.changes or "",
            ", ".join(self._notes(article, version, href)),
            self._lost(article, version, lost),
            article,
            version,
            derivation.relation,
        )

    def href(self, work: Work, article: ArticleId, version: Oid) -> str:
        """The page of the very text; failing that, of the article as it stands now; empty for neither."""
        edition = self._edition
        now = edition.works.get(article)
        here = article in edition.places
        if here and now is not None and now.version == version:
            return names.article_page(article)
        if self._is_readable(article, version):
            self.cited.setdefault((article, version), set()).add(work.id)
            return names.cited_page(article, version)
        return names.article_page(article) if here else ""

    def _is_readable(self, article: ArticleId, version: Oid) -> bool:
        """Whether the text is at hand, and neither it nor the article says that it is not to be shown."""
        text, now = self.texts.get(version), self._edition.works.get(article)
        return text is not None and self._is_open(text) and (now is None or self._is_open(now))

    def _is_open(self, what: Cited | Work) -> bool:
        there = what.status is t.Status.USABLE and what.date.day <= self._edition.ctx.today
        return there and not self._edition.usurps(what)

    def _notes(self, article: ArticleId, version: Oid, href: str) -> Iterator[str]:
        now, place = self._edition.works.get(article), self._edition.places.get(article)
        if now is None:
            yield "not in this commons as it was read"
        elif _is_withheld(now):
            yield "withheld by its contingent"
        elif place is None:
            yield "not in this edition"
        elif place.role == TOMBSTONE:
            yield "withdrawn by its contingent"
        elif now.version != version:
            yield "since revised"
        if href and href == names.cited_page(article, version):
            yield "shown as it was cited"

    def _lost(self, article: ArticleId, version: Oid, lost: set[ArticleId]) -> str:
        """Credit that went missing here: left out by the work itself, or taken back by the one cited."""
        if article in lost:
            return "The article on this page leaves it out of its credit."
        now = self._edition.works.get(article)
        if now is None or now.version == version or now.status is t.Status.WITHDRAWN:
            return ""
        named = {source.article for source in now.based_on}
        gone = [
            source.article
            for source in self.texts.based_on(version)
            if source.relation.is_parent and source.article not in named and source.article != article
        ]
        return f"As it stands now it credits {', '.join(gone)} no more." if gone else ""

    @cached_property
    def texts(self) -> Texts:
        """The texts at hand: all works as they stand, and sources kept beside works that have a page."""
        read = self._edition.ctx.read
        kept = frozenset[Oid]().union(*self._kept.values())
        return Texts(self._edition.works, kept if read else (), read or _nothing)

    @cached_property
    def _kept(self) -> Mapping[ArticleId, frozenset[Oid]]:
        found: dict[ArticleId, set[Oid]] = {}
        for path, (_, oid, _) in self._edition.ctx.commons.files.items():
            if "/sources/" in path:
                article = ArticleId(path.removeprefix("articles/").partition("/sources/")[0])
                if article in self._edition.places:
                    found.setdefault(article, set()).add(oid)
        return {article: frozenset(oids) for article, oids in found.items()}


def _is_withheld(what: Cited | Work | None) -> bool:
    return what is not None and what.status is t.Status.WITHHELD


def _nothing(_: Collection[Oid]) -> tuple[tuple[Oid, bytes], ...]:
    return ()
