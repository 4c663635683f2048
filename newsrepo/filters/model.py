"""What a selection answers: the works it prints, in order, and enough facts to say why."""

from fractions import Fraction

from msgspec import Struct

from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId


class Share(Struct, frozen=True):
    """One contingent's part in a score: its trust (millionths) and its mean (millionths)."""

    contingent: ContingentId
    trust: int
    mean: int
    raters: int
    carried: bool


class Score(Struct, frozen=True):
    """A work's score on one axis through one filter: (sum of w*x + k*m) / (sum of w + k), exact.

    ``num / den`` is the score in units of the axis; ``contingents`` and ``raters`` say how many stand
    behind it. A work nobody trusted has rated has no Score at all: missing is not neutral.
    """

    num: int
    den: int
    contingents: int
    raters: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.num, self.den)


class Item(Struct, frozen=True):
    """One printed story: the work that leads it, the selected versions beside it, and why it is there."""

    work: ArticleId
    story: ArticleId
    others: tuple[ArticleId, ...]
    by: str
    """``select``, ``include`` or ``lead``."""
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
    """The scores of every work on the axes that the filter speaks of."""
