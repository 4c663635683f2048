"""The boxes beside the top stories: what is newest, what all sides value, what divides them, what was voted.

Each is a short list of titles with one line beneath, told from the index alone. A box with nothing in it is
not there.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.results import page_of
from newsrepo.ids import ArticleId

LATEST = 6
"""How many stories the box of the newest names, and how many more than that an edition must print for one:
a list of all that stands beside it would help nobody."""

STATEMENTS = 3


class Line(NamedTuple):
    """One entry; ``dir`` is that of its title, the note is the edition's own words."""

    href: str
    title: str
    lang: str
    dir: str
    note: str


class Box(NamedTuple):
    """One box: where its title leads to, its entries, and what stands below them."""

    id: str
    title: str
    href: str
    lines: tuple[Line, ...]
    note: str = ""


def rail(edition: Edition) -> tuple[Box, ...]:
    """The boxes of the front page that hold anything, in their order."""
    return tuple(box for box in _boxes(edition) if box.lines)


def _boxes(edition: Edition) -> Iterator[Box]:
    yield Box("statements", "From the whole commons", "statements/index.html", tuple(_statements(edition)))
    yield Box("latest", "Latest", "archive/index.html", tuple(_latest(edition)))


def _latest(edition: Edition) -> Iterator[Line]:
    items = edition.ctx.selection.items
    if len(items) <= LATEST:
        return
    newest = sorted((i.work for i in items), key=lambda w: (edition.works[w].date.at, w), reverse=True)
    yield from lines_of(edition, dict.fromkeys(newest[:LATEST]))


def lines_of(edition: Edition, works: Iterable[ArticleId]) -> Iterator[Line]:
    """Printed works as entries, each with its day and whose it is."""
    for work_id in works:
        work = edition.works[work_id]
        note = f"{names.day_text(work.date.day)} \u00b7 {edition.name_of(work.owner)}"
        yield Line(names.article_page(work_id), work.title, work.lang, names.direction(work.lang), note)


def _statements(edition: Edition) -> Iterator[Line]:
    """What speaks for the commons, the newest first; nothing does while it is split."""
    assembly = edition.ctx.assembly
    carried = assembly.carried if assembly is not None else ()
    terms = [(put, put.judged.decided.opened.record) for put in carried if put.judged.decided]
    for put, opened in sorted(terms, key=lambda p: (p[1].closes.date, p[0].statement), reverse=True)[
        :STATEMENTS
    ]:
        note = f"Carried and certified, {names.day_text(opened.closes.date)}"
        yield Line(page_of(put.statement), opened.title, opened.lang, names.direction(opened.lang), note)
