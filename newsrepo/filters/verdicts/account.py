"""The account of why one work is on a front page or not: small frozen values that show their workings."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from newsrepo.commons.model import Given
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, RaterId
from newsrepo.scores import Score, Share


class Reason(StrEnum):
    """What decided. The first three put a work in; the others keep it out."""

    LEAD = "lead"
    INCLUDE = "include"
    SELECT = "select"
    EXCLUDE = "exclude"
    STATUS = "status"
    """It is withheld or withdrawn."""
    SPEAKS = "speaks-for-all"
    QUERY = "query"
    EARLY = "early"
    """It is dated after the day of the edition."""
    VERSION = "version"
    """It is selected, and another version leads its story."""
    LIMIT = "limit"


IN = (Reason.LEAD, Reason.INCLUDE, Reason.SELECT)


class Truth(StrEnum):
    """Of a clause and one work."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class Clause(Struct, frozen=True):
    """One clause of the query and what it is of this work.

    ``value`` is what it compares, where it compares a score or a mean and there is one. ``decides`` says
    whether the answer of the whole query rests on it.
    """

    text: str
    column: int
    truth: Truth
    decides: bool
    axis: AxisId | None = None
    value: Fraction | None = None


class Hop(Struct, frozen=True):
    """One step by which trust came: ``contingent`` had ``weight``; it vouched with ``vouch`` for the next."""

    contingent: ContingentId
    weight: Fraction
    vouch: Fraction


class How(StrEnum):
    """By what a rater is trusted."""

    NAMED = "named"
    """The filter names this rater."""
    CONTINGENT = "contingent"
    """The filter names the contingent; its raters share its weight."""
    VOUCHED = "vouched"
    NOT = "not-trusted"


class Heard(Struct, frozen=True):
    """One counting rating, and how far the filter hears it.

    ``weight`` is the trust in the voice the rater speaks in, before any discount; ``hops`` lead to it where
    it came through vouching. ``counts`` is False where newer ratings, or ratings of the current version,
    stand in its place. ``asked`` says that the query asks this voice by name (``@``).
    """

    rating: Given
    current: bool
    counts: bool
    how: How
    weight: Fraction
    hops: tuple[Hop, ...] = ()
    asked: bool = False


class Sum(Struct, frozen=True):
    """How a score came about: (sum of weight*mean + prior*neutral) / (sum of weight + prior).

    ``score`` is what the selection itself went by; None where nobody trusted has rated. Means are in
    millionths.
    """

    axis: AxisId
    shares: tuple[Share, ...]
    prior: Fraction
    neutral: int
    score: Score | None

    @property
    def top(self) -> Fraction:
        """What is above the line."""
        return (
            sum((s.weight * Fraction(s.mean, 10**6) for s in self.shares), Fraction(0))
            + self.prior * self.neutral
        )

    @property
    def bottom(self) -> Fraction:
        """What is below the line."""
        return sum((s.weight for s in self.shares), Fraction(0)) + self.prior


class Pull(Struct, frozen=True):
    """What one axis adds to the points; ``value`` is the score, or neutral where nobody trusted has rated."""

    axis: AxisId
    factor: Fraction
    value: Fraction
    rated: bool


class Neighbour(Struct, frozen=True):
    """A story next to this one in the order."""

    work: ArticleId
    points: Fraction


class Place(Struct, frozen=True):
    """Where a story stands among all that the filter selects, counted from 1, whatever the limit."""

    position: int
    of: int
    limit: int | None
    points: Fraction
    pulls: tuple[Pull, ...]
    age: int
    """Days since the date of the work, which take ``age / fade`` points."""
    fade: int
    """Days a point; 0: age takes nothing."""
    above: Neighbour | None
    below: Neighbour | None


class KnobKind(StrEnum):
    """What can be turned, one at a time."""

    RATING = "rating"
    REMOVAL = "removal"
    CLAUSE = "clause"
    NUMBER = "number"
    LIMIT = "limit"
    TRUST = "trust"
    PICK = "pick"


class Knob(Struct, frozen=True, kw_only=True):
    """One thing that could be otherwise, and the nearest setting that turns the verdict round.

    ``of`` says what it is: a clause, a key of ``trust``, a rater. ``now`` and ``to`` are its settings as they
    would be written; ``to`` is empty for what is taken out, None where nothing turns the verdict round.
    ``every`` is False where a commons is too large for trying each setting: then a turn that is told is
    true, and there may be a nearer one.
    """

    kind: KnobKind
    of: str
    now: str
    to: str | None
    column: int = 0
    axis: AxisId | None = None
    rater: RaterId | None = None
    version: str = ""
    every: bool = True


class Account(Struct, frozen=True, kw_only=True):
    """Why one work is, or is not, on the front page that a filter makes on one day."""

    work: ArticleId
    title: str
    filter: FilterId | None
    today: date
    reason: Reason
    selected: bool
    status: str
    day: date
    leads: ArticleId | None
    """The version that leads the story of this work, if the filter selects any."""
    by: str
    """Why that version is selected: ``lead``, ``include`` or ``select``; empty where none is."""
    section: int | None
    query: str
    clauses: tuple[Clause, ...]
    ratings: tuple[Heard, ...]
    sums: tuple[Sum, ...]
    place: Place | None
    """Of the story, where the filter selects any version of it."""
    knobs: tuple[Knob, ...]

    @property
    def inside(self) -> bool:
        """Whether this work leads a story on the front page."""
        return self.reason in IN
