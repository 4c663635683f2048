"""All versions of a story in columns, passages that answer each other in one row.

Every version is set beside the one that it comes from: what stayed or was changed in its words shares that
one's row, what it adds gets a row of its own, or that of a passage which it drops. Each column read downwards
is the whole text of its version, in its own order.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsrepo.commons.model import Work
from newsrepo.credit.passages import Comparison, Fate, Passage, abreast, compare, passages
from newsrepo.editions import markdown, names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import TOMBSTONE
from newsrepo.editions.plain import plain_text
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import body_text

MOST = 8
"""How many versions stand in columns; the page's tree links to all of them."""

LARGEST = 200_000
"""Characters of all texts of a page in columns; where they are more, the page says so."""

Words = tuple[tuple[str, str], ...]
"""Pieces of a passage, each with what became of it: ``same`` or ``added``."""


class Cell(NamedTuple):
    """One passage of one version. ``note`` tells what no mark in the words shows."""

    fate: str
    words: Words
    note: str


class Column(NamedTuple):
    """One version, and the number of the column that its passages are set beside; -1: the first."""

    work: ArticleId
    version: Oid
    beside: int


class Head(NamedTuple):
    """A column's head."""

    href: str
    title: str
    lang: str
    dir: str
    by: str


class Table(NamedTuple):
    """What the page shows: heads, rows with a cell or nothing for each, how many versions are left out, and
    in words why there is nothing."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell | None, ...], ...]
    more: int
    fault: str = ""


@lru_cache(maxsize=2 * MOST)  # the page's columns and its couples show the same few texts
def shown_text(body: str) -> str:
    """A text as a reader meets it: words without the marks of Markdown, passages parted by empty lines."""
    made = markdown.render(body, {}, lambda *_: markdown.Resolved(""))
    return body if made.fault else plain_text(made.html)


@lru_cache(maxsize=2 * MOST)
def compared(old: str, new: str, *, translated: bool) -> Comparison:
    """How one shown text came from another; of a translation no words are compared."""
    return abreast(old, new) if translated else compare(old, new)


def columns(edition: Edition, versions: Iterable[ArticleId]) -> tuple[Column, ...]:
    """The columns for these versions, each of which comes after what it is based on. None of a single one."""
    found: list[Column] = []
    numbers: dict[ArticleId, int] = {}
    for work_id in versions:
        place = edition.places.get(work_id)
        if place is None or place.role == TOMBSTONE or len(found) == MOST:
            continue
        beside = numbers.get(_source(edition.works[work_id]), 0 if found else -1)
        numbers[work_id] = len(found)
        found.append(Column(work_id, edition.works[work_id].version, beside))
    return tuple(found) if len(found) > 1 else ()


def _source(work: Work) -> ArticleId:
    return ArticleId(work.parent.article if work.parent else "")


def table(edition: Edition, found: Sequence[Column], shown: int, blobs: Mapping[Oid, bytes]) -> Table:
    """The columns of a page on which ``shown`` versions have a text, as they are set."""
    works = [edition.works[column.work] for column in found]
    heads = tuple(
        Head(
            names.article_page(work.id),
            work.title,
            work.lang,
            names.direction(work.lang),
            edition.name_of(work.owner),
        )
        for work in works
    )
    bodies = [body_text(blobs[column.version]) or "" for column in found]
    if sum(map(len, bodies)) > LARGEST:
        return Table(heads, (), 0, "too long to stand in columns here")
    texts = [shown_text(body) for body in bodies]
    made: list[Comparison | None] = [None]
    for number, column in enumerate(found[1:], 1):
        anchor = works[column.beside]
        two = works[number].lang.partition("-")[0] != anchor.lang.partition("-")[0]
        made.append(compared(texts[column.beside], texts[number], translated=two))
    rows = aligned([len(passages(text)) for text in texts], [c.beside for c in found], made)
    cells = [_cells(text, comparison) for text, comparison in zip(texts, made, strict=True)]
    return Table(
        heads,
        tuple(
            tuple(None if at is None else cells[number][at] for number, at in enumerate(row)) for row in rows
        ),
        shown - len(found),
    )


def _cells(text: str, made: Comparison | None) -> list[Cell]:
    """The passages of one version in order, each with what became of it."""
    if made is None:
        return [Cell("same", (("same", passage),), "") for passage in passages(text)]
    return [_cell(passage) for passage in made.passages if passage.new_at]


def _cell(passage: Passage) -> Cell:
    if passage.fate is Fate.CHANGED and passage.pieces:
        kept = [piece for piece in passage.pieces if piece.fate is not Fate.DROPPED]
        note = "" if any(p.fate is Fate.ADDED for p in kept) else "Words left out"
        return Cell("changed", tuple((piece.fate.value, piece.text) for piece in kept), note)
    note = {Fate.ADDED: "New here", Fate.MOVED: "Moved"}.get(passage.fate, "")
    return Cell(passage.fate.value, (("same", passage.new),), note)


Row = list[int | None]


def aligned(counts: Sequence[int], beside: Sequence[int], made: Sequence[Comparison | None]) -> list[Row]:
    """Rows of the numbers of passages from 0, one place a column; every column's numbers rise downwards.

    ``counts`` are how many passages each column has, ``beside`` the column that it was compared with, which
    comes before it.
    """
    width = len(counts)
    rows: list[Row] = [[at if column == 0 else None for column in range(width)] for at in range(counts[0])]
    for number in range(1, width):
        comparison = made[number]
        pairs = {
            p.new_at - 1: p.old_at - 1
            for p in (comparison.passages if comparison else ())
            if p.fate in (Fate.SAME, Fate.CHANGED)
        }
        rows = _with(rows, width, number, beside[number], counts[number], pairs)
    return rows


def _with(
    rows: list[Row], width: int, column: int, anchor: int, count: int, pairs: Mapping[int, int]
) -> list[Row]:
    """``rows`` with another column, whose passages stand in the anchor's rows as ``pairs`` say."""
    made: list[Row] = []
    own = 0  # the next passage of the column
    waiting = {there: here for here, there in pairs.items()}
    for row in rows:
        there = row[anchor]
        here = waiting.get(there) if there is not None else None
        if here is not None:
            while own < here:
                made.append(_alone(width, column, own))
                own += 1
            row[column] = own
            own += 1
        elif there is not None and own < count and own not in pairs:
            row[column] = own  # in the place of what was dropped
            own += 1
        made.append(row)
    made += [_alone(width, column, at) for at in range(own, count)]
    return made


def _alone(width: int, column: int, at: int) -> Row:
    row: Row = [None] * width
    row[column] = at
    return row
