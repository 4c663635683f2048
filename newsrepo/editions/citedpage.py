"""The page of a text as it was cited: a citation leads to its words, whatever became of the article."""

from collections.abc import Iterator, Mapping

from newsrepo.editions import markdown, names
from newsrepo.editions.chain import Chains
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest
from newsrepo.editions.relations import SHORT, other
from newsrepo.ids import ArticleId, Kind, Oid
from newsrepo.records import parse
from newsrepo.records import types as t

GONE = "The article is not in this commons as it was read."
ABSENT = "The article itself is not in this edition."


def cited_pages(edition: Edition, chains: Chains) -> Iterator[Page]:
    """A page for every text that a line of credit leads to and that no article's page shows.

    The chains of all articles are made before: they say which texts these are.
    """
    for (article, version), citing in sorted(chains.cited.items()):
        yield _page(edition, article, version, tuple(sorted(citing)))


def _page(edition: Edition, article: ArticleId, version: Oid, citing: tuple[ArticleId, ...]) -> Page:
    path = names.cited_page(article, version)
    owner = article.partition("/")[0]
    now = names.article_page(article) if article in edition.places else ""
    note = ABSENT if article in edition.works else GONE
    facts = (path, now, note, edition.signs(owner), [edition.facts_of(work) for work in citing])

    def render(blobs: Mapping[Oid, bytes]) -> bytes:
        record = parse(Kind.ARTICLE, blobs[version], path).record
        if not isinstance(record, t.Article):
            raise TypeError(f"{version} was an article when this page was planned")
        main = edition.theme.html(
            "cited",
            title=record.title,
            lang=record.lang,
            dir=names.direction(record.lang),
            summary=record.summary or "",
            authors=", ".join(author.name for author in record.authors),
            by=edition.signed(owner),
            by_href=edition.contingent_href(owner),
            day=str(record.date),
            day_text=names.moment_text(record.date),
            now=now,
            note=note,
            # Its pictures stayed with the article, and its links are of its day: both keep their words.
            body=markdown.render(record.body).html,
            citing=[other(edition, work, "") for work in citing],
            license=record.license or "not stated",
            cite=f"{article}@{version[:SHORT]}",
        )
        return edition.page(path, "reading", record.title, main, description=record.summary or "")

    return Page(path, digest(edition.base, b"cited", repr(facts).encode()), (version,), render)
