"""What was put right in the texts of an edition: by their own contingents, or by others' corrections.

The latest first. What an article's own page says of itself is the article's.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import LEAD, OTHER, TOMBSTONE, digest
from newsrepo.editions.revisions import Pasts
from newsrepo.ids import ArticleId
from newsrepo.records import types as t

INDEX = "corrections/index.html"
SHEET = 100
"""How many corrections one page lists."""


class Correction(NamedTuple):
    """One text put right: ``revised`` by its own contingent, or by another's ``correction`` of it.

    ``day`` is empty where it is no commit yet. ``href`` is the text as it is now, or the correction;
    ``shown`` is the page that shows what changed. ``note`` says what was put right, where somebody did.
    """

    day: str
    kind: str
    work: ArticleId
    href: str
    shown: str
    note: str


def _revisions(pasts: Pasts, work_id: ArticleId) -> Iterator[Correction]:
    past = pasts.of(work_id)
    for row in past.rows[1:] if past is not None else ():
        shown = names.revisions_page(work_id)
        yield Correction(row.day, "revised", work_id, names.article_page(work_id), shown, "")


def _by_other(edition: Edition, correction: ArticleId, corrected: ArticleId) -> Correction:
    work = edition.works[correction]
    note = next((d.changes or "" for d in work.based_on if d.relation is t.Relation.CORRECTION), "")
    stories = edition.ctx.stories
    shown = names.story_page(stories.root_of(corrected))
    return Correction(
        work.date.day.isoformat(), "correction", corrected, names.article_page(correction), shown, note
    )


def _order(one: Correction) -> tuple[bool, str, ArticleId, str]:
    """What is no commit yet is the latest of all."""
    return not one.day, one.day, one.work, one.href


class Line(NamedTuple):
    """A correction as it is listed."""

    day: str
    day_text: str
    kind: str
    title: str
    lang: str
    dir: str
    href: str
    signature: str
    by: str
    other: bool
    shown: str
    note: str
    note_lang: str


def correction_pages(edition: Edition, pasts: Pasts) -> Iterator[Page]:
    """Every correction of a text that this edition prints, and what was withdrawn of its stories."""
    found = list(dict.fromkeys(_all(edition, pasts)))  # several revisions of one day are one entry
    found.sort(key=_order, reverse=True)
    gone = [work for work in edition.pages if edition.places[work].role == TOMBSTONE]
    sheets = max(1, -(-len(found) // SHEET))
    for number in range(1, sheets + 1):
        part = found[(number - 1) * SHEET : number * SHEET]
        yield _page(edition, number, sheets, part, gone if number == 1 else [])


def _all(edition: Edition, pasts: Pasts) -> Iterator[Correction]:
    works = edition.works
    for work_id in edition.pages:
        if edition.places[work_id].role in (LEAD, OTHER):
            yield from _revisions(pasts, work_id)
        parent = works[work_id].parent
        if (
            parent is not None
            and parent.relation is t.Relation.CORRECTION
            and parent.article in edition.places
            and edition.places[work_id].role != TOMBSTONE
        ):
            yield _by_other(edition, work_id, ArticleId(parent.article))


def _line(edition: Edition, one: Correction) -> Line:
    work = edition.works[one.work]
    by = ArticleId(one.href.removeprefix("articles/").removesuffix(".html"))
    writer = edition.works[by]
    return Line(
        one.day,
        names.day_text(date.fromisoformat(one.day)) if one.day else "",
        one.kind,
        edition.title_of(one.work),
        work.lang,
        names.direction(work.lang),
        one.href,
        edition.signed(work.owner),
        edition.signed(writer.owner),
        writer.owner != work.owner,
        one.shown,
        one.note,
        writer.lang,
    )


def _page(edition: Edition, number: int, sheets: int, found: list[Correction], gone: list[ArticleId]) -> Page:
    path = INDEX if number == 1 else names.numbered(INDEX, number)
    lines = tuple(_line(edition, one) for one in found)
    key = digest(edition.base, b"corrections", repr((path, sheets, lines)).encode(), edition.list_facts(gone))

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "corrections",
            lines=lines,
            gone=[edition.teaser(work) for work in gone],
            newer=(INDEX if number == 2 else names.numbered(INDEX, number - 1)) if number > 1 else "",
            older=names.numbered(INDEX, number + 1) if number < sheets else "",
        )
        return edition.page(path, "listing", "Corrections", main)

    return Page(path, key, (), render)
