"""What a selection answers: the works it prints, in order, and enough facts to say why."""

from fractions import Fraction

from msgspec import Struct

from newsrepo.ids import ArticleId, AxisId, FilterId
from newsrepo.scores.model import Score, Share

__all__ = ["Item", "Score", "Selection", "Share"]


class Item(Struct, frozen=True):
    """One printed story: the work that leads it, the selected versions beside it, and why it is there."""

    work: ArticleId
    story: ArticleId
    others: tuple[ArticleId, ...]
    """In the order in which they would have been printed."""
    by: str
    """``lead`` or ``include`` when the editor picked it by hand, else ``select``."""
    section: int | None
    """Index into the filter's sections; None: in none of them."""
    points: Fraction
    """What the order gave it."""


class Selection(Struct, frozen=True):
    """What one filter makes of a commons on one day."""

    filter: FilterId | None
    items: tuple[Item, ...]
    selected: frozenset[ArticleId]
    """Every work that the filter selects, printed or beyond the limit, leading or not."""
    beyond: tuple[ArticleId, ...]
    """Leads that the limit cut off, in order."""
    early: tuple[ArticleId, ...]
    """Works dated after the day of the edition; they wait."""
    scores: dict[AxisId, dict[ArticleId, Score]]
    """The scores of every work on the axes that the filter speaks of, in order of axis; not to be changed."""
