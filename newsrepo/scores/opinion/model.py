"""What an opinion map says, as small frozen values; no numpy in them, so that anybody may hold one."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId
from newsrepo.scores.opinion.say import Say


class Weight(StrEnum):
    """Who weighs one: all raters of a contingent together, or each rater."""

    CONTINGENT = "contingent"
    RATER = "rater"


class Options(Struct, frozen=True, kw_only=True):
    """How a map is drawn. ``weight`` None: by contingent, unless all raters are of one.

    With ``say`` only those who have one are on the map and weigh what it says, by contingent; without it
    everybody who spoke is, and weighs one.

    ``anchors`` are raters or contingents that are to lie to the right (the first) and above (the second).
    Raters with fewer than ``least`` ratings are placed, but make no group and belong to none.
    """

    weight: Weight | None = None
    say: Say | None = None
    since: date | None = None
    anchors: tuple[str, ...] = ()
    least: int = 3
    drift: bool = False
    named: int = 5
    """How many works are named as dividing a pair of groups, and as valued by all."""


class Apart(StrEnum):
    """Why a rater belongs to no group."""

    FEW = "too few ratings"
    SAME = "said the same of everything"
    BETWEEN = "stands apart from every group"


class Spot(Struct, frozen=True):
    """One rater's place. ``x`` and ``y`` are in units of the raters' spread along x; ``error`` likewise is
    how unsure the place is. ``group`` is None for whom ``apart`` says why."""

    rater: RaterId
    group: int | None
    x: float
    y: float
    error: float
    ratings: int
    apart: Apart | None = None

    @property
    def contingent(self) -> ContingentId:
        return ContingentId(self.rater.partition("/")[0])


class Home(Struct, frozen=True):
    """A contingent among the groups: where its raters stand on the whole, and how many are in each group."""

    contingent: ContingentId
    x: float
    y: float
    raters: int
    groups: tuple[int, ...]
    none: int


class Group(Struct, frozen=True):
    """One pole, numbered from 0, from left to right. ``share`` is its part of all that weigh."""

    group: int
    x: float
    y: float
    raters: int
    contingents: tuple[ContingentId, ...]
    share: float


class Seen(Struct, frozen=True):
    """A work on an axis through the groups' eyes: by group the mean, in units of the axis (None: nobody
    rated it), and how many rated it."""

    work: ArticleId
    axis: AxisId
    means: tuple[float | None, ...]
    raters: tuple[int, ...]


class Divide(Struct, frozen=True):
    """The works that most divide two groups, the most dividing first."""

    first: int
    second: int
    works: tuple[Seen, ...]


class Bridge(Struct, frozen=True):
    """A work that raters value whichever side they stand on. ``score`` is the intercept of the bridging
    model, on a scale where 0 is the lower end of the axis and 1 the upper, above what is usual."""

    score: float
    seen: Seen


class Drift(Struct, frozen=True):
    """Where one group stood by what its raters said in one month (``YYYY-MM``)."""

    month: str
    group: int
    x: float
    y: float
    raters: int
    ratings: int


class Counts(Struct, frozen=True):
    """What there was to go by: of everything given, and of what could be used."""

    raters: int
    contingents: int
    works: int
    ratings: int
    used_raters: int
    used_contingents: int
    used_works: int
    used_ratings: int


class Strength(Struct, frozen=True):
    """How sure the verdict is.

    ``chance`` is how much more the raters differ along the first direction than if every work's ratings were
    shuffled among those who gave them (1: no more); ``beyond`` the same in standard deviations of so many
    ``shuffles``; ``needed`` what is asked for. ``dimensions`` counts directions beyond chance. ``gap`` is how
    much clearer the groups stand apart than an even spread cut in pieces: 0 no gap at all, 1 single points.
    ``settled`` is the share of grouped raters whose group is sure at 19 to 1.
    """

    chance: float
    beyond: float
    needed: float
    shuffles: int
    dimensions: int
    gap: float
    settled: float


class Verdict(Struct, frozen=True):
    """The answer: ``poles`` is None when there was too little to go by; ``missing`` then says what of."""

    poles: int | None
    text: str
    missing: tuple[str, ...] = ()
    strength: Strength | None = None


class Chart(Struct, frozen=True):
    """The whole map: raters in order of id, groups by number."""

    axes: tuple[AxisId, ...]
    weight: Weight
    verdict: Verdict
    counts: Counts
    raters: tuple[Spot, ...] = ()
    contingents: tuple[Home, ...] = ()
    groups: tuple[Group, ...] = ()
    divides: tuple[Divide, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    drift: tuple[Drift, ...] = ()
