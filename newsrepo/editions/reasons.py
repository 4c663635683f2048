"""Why a work is in an edition: the clause that chose it, and the table of ratings behind its scores."""

from typing import NamedTuple

from newsrepo.commons.model import Standing
from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import OTHER, TOMBSTONE, VERSION
from newsrepo.ids import ArticleId, AxisId


class Cell(NamedTuple):
    mean: str
    raters: str


class Row(NamedTuple):
    name: str
    href: str
    cells: tuple[Cell | None, ...]


class AxisHead(NamedTuple):
    title: str
    range: str
    score: str


def why(edition: Edition, work_id: ArticleId) -> tuple[str, str]:
    """Why the work is in the edition, in words, and the query that says more."""
    place = edition.places[work_id]
    title = edition.title
    if place.role == TOMBSTONE:
        return "It is a version of a story that this edition prints, and was withdrawn.", ""
    if place.role == VERSION:
        return (
            f"The filter of \u201c{title}\u201d did not select it; all versions of a story are shown.",
            "",
        )
    if place.role == OTHER:
        return (
            f"The filter of \u201c{title}\u201d selects it beside the version that leads this story:",
            edition.ctx.filter.select,
        )
    if place.item.by == "select":
        return f"The filter of \u201c{title}\u201d selects it:", edition.ctx.filter.select
    return f"The editors of \u201c{title}\u201d picked it by hand.", ""


def score_table(edition: Edition, work_id: ArticleId) -> tuple[tuple[AxisHead, ...], tuple[Row, ...]]:
    """The score table: an axis a column, a contingent a row."""
    scores = edition.ctx.selection.scores
    given = edition.ratings.get(work_id, [])
    axes = edition.axes
    if not axes:
        return (), ()
    heads = []
    for axis in axes:
        known = edition.ctx.commons.axes[axis]
        score = scores[axis].get(work_id)
        heads.append(
            AxisHead(
                known.title,
                f"{names.mean_text(known.min * 1_000_000)} to {names.mean_text(known.max * 1_000_000)}",
                names.decimal_text(score.num, score.den) if score else "",
            )
        )
    cells: dict[str, dict[AxisId, Cell]] = {}
    for axis, standing in given:
        cells.setdefault(standing.contingent, {})[axis] = _cell(standing)
    rows = [
        Row(edition.name_of(c), edition.contingent_href(c), tuple(by_axis.get(a) for a in axes))
        for c, by_axis in sorted(cells.items())
    ]
    return tuple(heads), tuple(rows)


def _cell(standing: Standing) -> Cell:
    raters = "1 rater" if standing.raters == 1 else f"{standing.raters} raters"
    return Cell(
        names.mean_text(standing.mean), f"{raters}, an earlier version" if standing.carried else raters
    )
