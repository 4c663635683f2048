"""Whom a filter trusts and how much: its own keys resolved into voices, and what vouching adds to them."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from msgspec import Struct

from newsrepo.ids import ContingentId, RaterId
from newsrepo.records import types as t

PRIOR = Fraction(1, 2)
"""How much the neutral value weighs in a score unless a filter says otherwise."""

CARRY = Fraction(1, 2)
"""What remains of a voice that rated another version of the work, unless a filter says otherwise."""


class Voice(Struct, frozen=True):
    """A contingent whose raters speak together with ``weight``, those left out who are named one by one."""

    contingent: ContingentId
    weight: Fraction
    via: tuple[ContingentId, ...] = ()


class Single(Struct, frozen=True):
    """A rater whom the filter names: speaks with ``weight``, never in the contingent's voice."""

    rater: RaterId
    weight: Fraction

    @property
    def contingent(self) -> ContingentId:
        return ContingentId(self.rater.partition("/")[0])


class Trust(Struct, frozen=True):
    """Everyone who is heard. ``everyone`` means each contingent of the commons with weight 1, and no lists.

    ``direct`` and ``inherited`` are ordered by contingent, ``singles`` by rater; a contingent is in at
    most one of ``direct`` and ``inherited``, with a weight above 0. Singles may weigh 0: then they are
    left out of their contingent's voice and not heard. ``prior`` and ``carry`` are whole numbers of
    millionths, and not negative.
    """

    direct: tuple[Voice, ...] = ()
    singles: tuple[Single, ...] = ()
    inherited: tuple[Voice, ...] = ()
    everyone: bool = False
    prior: Fraction = PRIOR
    carry: Fraction = CARRY

    @property
    def limits(self) -> dict[ContingentId, Fraction]:
        """What all whom a contingent vouches for may weigh together, for one work and axis: what it weighs.

        Its named raters count with it, since their shares come out of its weight.
        """
        found: dict[ContingentId, Fraction] = {voice.contingent: voice.weight for voice in self.direct}
        for single in self.singles:
            found[single.contingent] = found.get(single.contingent, Fraction(0)) + single.weight
        return found


EVERYONE = Trust(everyone=True)
"""How ``find`` listens without a filter."""


def trusted(chosen: t.Filter, contingents: Mapping[ContingentId, t.Contingent]) -> Trust:
    """Whom the filter trusts, directly and through vouching.

    A contingent's *total* is what its own key says; without one, what its named raters are given
    together, at most 1. Named raters take their share out of the total; if they ask for more than
    the total, each gets that much less in proportion. What is left is the voice of the other raters.
    A ``prior`` below 0 counts as 0; ``check_filter`` calls it a fault.
    """
    totals: dict[ContingentId, Fraction] = {}
    named: dict[ContingentId, dict[RaterId, Fraction]] = {}
    for key, weight in sorted(chosen.trust.items()):
        contingent = ContingentId(key.partition("/")[0])
        if "/" in key:
            named.setdefault(contingent, {})[RaterId(key)] = weight.fraction
        else:
            totals[contingent] = weight.fraction
    direct: list[Voice] = []
    singles: list[Single] = []
    for contingent in sorted(totals.keys() | named.keys()):
        raters = named.get(contingent, {})
        asked = sum(raters.values(), Fraction(0))
        total = totals.get(contingent, min(asked, Fraction(1)))
        part = total / asked if asked > total else Fraction(1)
        singles += [Single(rater, weight * part) for rater, weight in raters.items()]
        rest = total - asked * part
        if rest > 0:
            direct.append(Voice(contingent, rest))
    inherited: tuple[Voice, ...] = ()
    if chosen.trust_through is not None:
        inherited = vouched(totals, named.keys(), contingents, chosen.trust_through)
    return Trust(
        direct=tuple(direct),
        singles=tuple(singles),
        inherited=inherited,
        prior=max(chosen.prior.fraction, Fraction(0)) if chosen.prior is not None else PRIOR,
        carry=chosen.carry.fraction if chosen.carry is not None else CARRY,
    )


def vouched(
    totals: Mapping[ContingentId, Fraction],
    also_named: Iterable[ContingentId],
    contingents: Mapping[ContingentId, t.Contingent],
    through: t.Through,
) -> tuple[Voice, ...]:
    """Who inherits trust, each by its one best path, ordered by contingent.

    A path begins at a contingent with trust of its own and follows at most ``through.hops`` vouchings;
    each multiplies the weight by ``through.factor`` and by the weight vouched. Paths do not add up, so
    neither rings nor crowds gain anything. A contingent that the filter names, itself or one of its
    raters, inherits nothing and passes on nothing but its own trust. Of equal paths the shortest
    counts, then the first in order of ids.
    """
    settled = totals.keys() | set(also_named)
    factor = through.factor.fraction
    best: dict[ContingentId, Voice] = {}
    reach = [Voice(contingent, weight) for contingent, weight in sorted(totals.items()) if weight > 0]
    for _ in range(through.hops):
        further: dict[ContingentId, Voice] = {}
        for voice in reach:
            record = contingents.get(voice.contingent)
            if record is None:
                continue
            for key, vouch in sorted(record.vouches.items()):
                target = ContingentId(key)
                weight = voice.weight * factor * vouch.fraction
                if weight <= 0 or target in settled:
                    continue
                found = Voice(target, weight, (*voice.via, voice.contingent))
                for known in (best.get(target), further.get(target)):
                    if known is not None and _rank(known) <= _rank(found):
                        break
                else:
                    further[target] = found
        best |= further
        reach = [further[contingent] for contingent in sorted(further)]
    return tuple(best[contingent] for contingent in sorted(best))


def _rank(voice: Voice) -> tuple[Fraction, int, tuple[ContingentId, ...]]:
    return (-voice.weight, len(voice.via), voice.via)
