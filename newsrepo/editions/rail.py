"""The boxes beside and below the top stories: the newest, the most valued, the most divisive, what was voted.

Each is a short list of titles with one line beneath, told from the index alone. A box with nothing in it is
not there.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.asked import INDEX, row
from newsrepo.editions.edition import Edition
from newsrepo.editions.mappage import INDEX as MAP
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.ids import ArticleId
from newsrepo.ledger import WAITING, State

LATEST = 6
"""How many stories the box of the newest names, and how many more than that an edition must print for one:
a list of all that stands beside it would help nobody."""

STATEMENTS = 3
QUESTIONS = 3
SEEN = 3
"""How many works a box names that all sides value, or that divide them."""


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
    """What stands beside the top stories."""
    boxes = (
        Box("statements", "From the whole commons", "statements/index.html", tuple(_statements(edition))),
        Box("latest", "Latest", "archive/index.html", tuple(_latest(edition))),
    )
    return tuple(box for box in boxes if box.lines)


def strip(edition: Edition) -> tuple[Box, ...]:
    """What stands below them, in columns: what all agree on, what they do not, and what was asked."""
    boxes = list(_questions(edition))
    if (sketch := edition.opinion) is not None:
        valued, dividing = _seen(edition, sketch.valued), _seen(edition, sketch.dividing)
        boxes[:0] = [
            Box("valued", "Valued by all sides", MAP, tuple(lines_of(edition, valued))),
            Box("dividing", "What divides most", MAP, tuple(lines_of(edition, dividing))),
        ]
    return tuple(box for box in boxes if box.lines)


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


def _seen(edition: Edition, works: Iterable[ArticleId]) -> tuple[ArticleId, ...]:
    """The first few works of the opinion map that this edition prints."""
    printed = (w for w in works if w in edition.places and edition.places[w].role != TOMBSTONE)
    return tuple(islice(printed, SEEN))


def _questions(edition: Edition) -> Iterator[Box]:
    """The public questions that wait for an answer, those first that have waited longest."""
    ledger = edition.ctx.ledger
    waiting = [e for e in ledger.entries if e.state in WAITING] if ledger is not None else []
    if not waiting:
        return
    waiting.sort(key=lambda entry: (entry.due, entry.question.id, entry.to))
    rows = [row(edition, entry) for entry in waiting[:QUESTIONS]]
    lines = tuple(
        Line(r.href, r.title, r.lang, r.dir, f"To {r.to.name} \u00b7 {r.time or r.state}") for r in rows
    )
    late = sum(entry.state is State.OVERDUE for entry in waiting)
    many = "1 question waits" if len(waiting) == 1 else f"{len(waiting)} questions wait"
    note = f"{many} for an answer, {late} of them overdue." if late else f"{many} for an answer."
    yield Box("questions", "Asked in public", INDEX, lines, note)


def _statements(edition: Edition) -> Iterator[Line]:
    """What speaks for the commons, the newest first; nothing does while it is split."""
    assembly = edition.ctx.assembly
    if assembly is None:
        return
    from newsrepo.editions.results import page_of  # with all that counts votes

    carried = assembly.carried
    terms = [(put, put.judged.decided.opened.record) for put in carried if put.judged.decided]
    for put, opened in sorted(terms, key=lambda p: (p[1].closes.date, p[0].statement), reverse=True)[
        :STATEMENTS
    ]:
        note = f"Carried and certified, {names.day_text(opened.closes.date)}"
        yield Line(page_of(put.statement), opened.title, opened.lang, names.direction(opened.lang), note)
