"""Who has a say in what the opinion map is like, and how much; pure, without numpy.

One contingent weighs one, however many its raters. That alone does not stop a thousand invented contingents,
so the map asks a list that nobody lengthens alone: the roll, which only a supermajority changes, or the trust
of a filter. ``docs/decisions`` says why.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from newsrepo.ids import ContingentId, RaterId
from newsrepo.scores.trust import Trust

if TYPE_CHECKING:
    from newsrepo.commons.model import Spoken

LEAST = 4
"""The fewest contingents that a map is drawn of."""


class Whose(StrEnum):
    """Which list decides who has a say."""

    ROLL = "roll"
    """Everybody with a vote, one each."""
    BOOK = "book"
    """Everybody in the reader's address book, one each."""
    TRUST = "trust"
    """Whom a filter trusts, as much as it does."""


class Say(Struct, frozen=True):
    """``contingents`` and ``raters`` have a say of so much; a rater named here speaks apart from its
    contingent, and is silent at 0. What came by vouching counts as part of whom it came ``through``, whom
    the filter names itself, and all of it together weighs no more than that one's entry in ``limits``.
    """

    whose: Whose
    contingents: Mapping[ContingentId, float]
    raters: Mapping[RaterId, float] = {}
    through: Mapping[ContingentId, ContingentId] = {}
    limits: Mapping[ContingentId, float] = {}

    def hears(self, rater: RaterId) -> bool:
        """Whether what this rater says counts at all."""
        own = self.raters.get(rater)
        return own > 0 if own is not None else rater.partition("/")[0] in self.contingents

    def of(self, spoken: "Iterable[tuple[RaterId, Spoken]]") -> "Iterator[tuple[RaterId, Spoken]]":
        """Those of all who spoke that have a say."""
        return ((rater, said) for rater, said in spoken if self.hears(rater))


def by_roll(
    voters: Iterable[str], known: Collection[ContingentId], rating: Collection[ContingentId]
) -> Say | None:
    """The say of everybody with a vote whom one knows; None where fewer than four of them rate at all."""
    heard = {ContingentId(voter): 1.0 for voter in sorted(set(voters)) if voter in known}
    return Say(Whose.ROLL, heard) if len(heard.keys() & set(rating)) >= LEAST else None


def by_book(known: Iterable[ContingentId]) -> Say:
    """The say of everybody in the address book."""
    return Say(Whose.BOOK, dict.fromkeys(sorted(known), 1.0))


def by_trust(trust: Trust, known: Collection[ContingentId]) -> Say:
    """The say of those whom a filter trusts, as much as it trusts them, as far as one knows them.

    A filter that names one contingent alone takes that one's word for whom it vouches for: then these are
    voices of their own.
    """
    contingents = {
        v.contingent: float(v.weight) for v in (*trust.direct, *trust.inherited) if v.contingent in known
    }
    raters = {s.rater: float(s.weight) for s in trust.singles if s.contingent in known}
    limits = {name: float(limit) for name, limit in sorted(trust.limits.items())}
    through = {v.contingent: v.via[0] for v in trust.inherited if len(limits) > 1}
    return Say(Whose.TRUST, contingents, raters, through, limits)
