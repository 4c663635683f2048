"""Why a work is in an edition: the clause that chose it, and the table of ratings behind its scores.

Ten thousand tables repeat the same few heads, rows and scores, so each of these is rendered once.
"""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.editions.parts import OTHER, TOMBSTONE, VERSION, Rating, Verdict, joined
from newsrepo.ids import ArticleId
from newsrepo.scores import PRIOR


class Cell(NamedTuple):
    mean: str
    raters: str


class AxisHead(NamedTuple):
    title: str
    range: str


class Table(NamedTuple):
    """The three parts of a score table, as rows of HTML."""

    head: Markup
    rows: Markup
    total: Markup


class Reasons:
    """Renders the "why it is here" of the articles of one edition."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        # Bounded: in a commons of many raters hardly a row comes twice.
        self._row = lru_cache(maxsize=1 << 12)(self._render_row)
        self._total = lru_cache(maxsize=1 << 12)(self._render_total)
        self._words = lru_cache(maxsize=16)(self._render_words)
        self._head = edition.theme.html("ratings_head", axes=self._axes())

    def _axes(self) -> tuple[AxisHead, ...]:
        known = [self.edition.ctx.commons.axes[axis] for axis in self.edition.axes]
        return tuple(AxisHead(a.title, f"{_whole(a.min)} to {_whole(a.max)}") for a in known)

    def words(self, work_id: ArticleId) -> Markup:
        """Why the work is in the edition, and the query that chose it."""
        place = self.edition.places[work_id]
        return self._words(place.role, place.item.by)

    def _render_words(self, role: str, by: str) -> Markup:
        title, select = self.edition.title, self.edition.ctx.filter.select
        filtered = f"The filter of \u201c{title}\u201d"
        why, query = f"The editors of \u201c{title}\u201d picked it by hand.", ""
        if role == TOMBSTONE:
            why = "It is a version of a story that this edition prints, and was withdrawn."
        elif role == VERSION:
            why = f"{filtered} did not select it; all versions of a story are shown."
        elif role == OTHER:
            why, query = f"{filtered} selects it beside the version that leads this story:", select
        elif by == "select":
            why, query = f"{filtered} selects it:", select
        return self.edition.theme.html("why", why=why, query=query)

    def table(self, work_id: ArticleId) -> Table | None:
        """The score table, an axis a column, a contingent a row; None for a filter that names no axis."""
        edition = self.edition
        if not edition.axes:
            return None
        scores = edition.ctx.selection.scores
        owner = work_id.partition("/")[0]
        total = []
        for axis in edition.axes:
            score = scores[axis].get(work_id)
            total.append(names.decimal_text(score.num, score.den) if score else "")
        return Table(
            self._head,
            joined([self._row(v, owner == _contingent(v)) for v in edition.ratings.get(work_id, ())]),
            self._total(tuple(total)),
        )

    def _render_row(self, verdict: Verdict, own: bool) -> Markup:
        contingent, _, rater = verdict.speaker.partition("/")
        name = self.edition.name_of(contingent)
        if rater:
            name = f"{name}: {rater}"
        return self.edition.theme.html(
            "ratings_row",
            name=f"{name} (own work)" if own else name,
            trust=self._counts(verdict.speaker),
            href=self.edition.contingent_href(contingent),
            cells=[rating and _cell(rating) for rating in verdict.ratings],
        )

    def _counts(self, speaker: str) -> str:
        """How much a voice counts, and through whose vouching."""
        weight, via = self.edition.trust.get(speaker, ("0", ()))  # named raters may leave nothing
        return f"counts {weight}, trusted through {', '.join(via)}" if via else f"counts {weight}"

    def _render_total(self, scores: tuple[str, ...]) -> Markup:
        edition = self.edition
        given = edition.ctx.filter.prior
        prior = given.fraction if given is not None else PRIOR
        return edition.theme.html(
            "ratings_total",
            scores=scores,
            neutral=[_whole(edition.ctx.commons.axes[axis].neutral) for axis in edition.axes],
            prior=names.weight_text(prior),
        )


def _contingent(verdict: Verdict) -> str:
    return verdict.speaker.partition("/")[0]


def _whole(number: int) -> str:
    return names.decimal_text(number, 1)


def _cell(rating: Rating) -> Cell:
    mean, count, carried = rating
    raters = "1 rater" if count == 1 else f"{count} raters"
    return Cell(names.mean_text(mean), f"{raters}, an earlier version" if carried else raters)
