"""What a score is made of: small frozen values, exact and able to explain themselves."""

from fractions import Fraction

from msgspec import Struct

from newsrepo.ids import ContingentId, RaterId


class Score(Struct, frozen=True):
    """A work's score on one axis through one filter: (sum of w*x + k*m) / (sum of w + k), exact.

    ``num / den`` is the score in units of the axis, in lowest terms, ``den`` positive; ``contingents`` and
    ``raters`` say how many stand behind it. A work nobody trusted has rated has no Score at all: missing
    is not neutral.
    """

    num: int
    den: int
    contingents: int
    raters: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.num, self.den)


class Share(Struct, frozen=True):
    """One voice's part in a score: a contingent's raters together, or one rater that the filter names.

    ``weight`` is what counts in the end, exact, in the filter's points of trust: after the discount for
    ratings of another version (``carried``) and the limit on what vouching adds. ``mean`` is in millionths
    of the axis's unit. ``via`` are the contingents through whose vouching the trust came, the one that the
    filter names first; empty for trust of the filter's own.
    """

    contingent: ContingentId
    weight: Fraction
    mean: int
    raters: int
    carried: bool
    rater: RaterId | None = None
    via: tuple[ContingentId, ...] = ()
