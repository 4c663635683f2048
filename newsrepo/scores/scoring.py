"""Turns ratings and trust into exact scores; integers inside, so that every machine agrees.

The formula and what it means stand in ``docs/decisions/0004-scores.md``.
"""

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import gcd, lcm

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.commons.model import CommonsView, Standing
from newsrepo.ids import ArticleId, AxisId, ContingentId, RaterId
from newsrepo.records.scalars import MILLION
from newsrepo.scores.model import Score, Share
from newsrepo.scores.trust import Trust, Voice


class Said(Struct, frozen=True):
    """What one voice says of one work on one axis: ``mean`` in millionths."""

    mean: int
    raters: int
    carried: bool


def score_axis(view: CommonsView, axis: AxisId, trust: Trust) -> dict[ArticleId, Score]:
    """The score of every work that somebody trusted has rated on ``axis``, in order of id.

    Raises KeyError for an axis that the commons does not have.
    """
    unit = _unit(trust)
    direct = _direct(view, axis, trust, unit)
    prior = int(trust.prior * unit * MILLION)
    base = prior * view.axes[axis].neutral * MILLION
    scores: dict[ArticleId, Score] = {}
    if not trust.inherited:
        for work, (weight, total, raters, contingents) in sorted(direct.items()):
            scores[work] = _score(total + base, (weight + prior) * MILLION, contingents, raters)
        return scores
    inherited = _inherited(view, axis, trust, unit)
    nothing = (0, 0, 0, 0)
    for work in sorted(direct.keys() | inherited.keys()):
        weight, total, raters, contingents = direct.get(work, nothing)
        more, extra, their_raters, others = inherited.get(work, nothing)
        limit = weight or prior
        if more <= limit:
            num, den = total + extra + base, weight + more + prior
        else:  # what vouching adds is scaled down to the limit: extra * limit / more
            num, den = (total + base) * more + extra * limit, (weight + limit + prior) * more
        if limit:
            scores[work] = _score(num, den * MILLION, contingents + others, raters + their_raters)
    return scores


def said_by(
    view: CommonsView, axis: AxisId, contingent: ContingentId, rater: RaterId | None, carry: Fraction
) -> dict[ArticleId, Said]:
    """What one contingent's raters together, or one rater alone, say of each work, with no prior.

    Ratings of another version of the work count in full, unless ``carry`` is 0: then not at all.
    """
    if rater is None:
        heard = view.ratings.standings(axis, frozenset([contingent]))
    else:
        heard = (s for _, s in view.ratings.rater_standings(axis, frozenset([rater])))
    return {s.work: Said(s.mean, s.raters, s.carried) for s in heard if carry > 0 or not s.carried}


def shares(
    view: CommonsView, axis: AxisId, trust: Trust, works: Collection[ArticleId]
) -> dict[ArticleId, tuple[Share, ...]]:
    """Who stands behind the scores of these works: the weightiest share first, then by contingent and rater.

    The shares and the prior make up the score: (sum of weight*mean/10**6 + k*m) / (sum of weight + k).
    """
    wanted = frozenset(works)
    carry = trust.carry
    found: dict[ArticleId, list[Share]] = {}

    def add(work: ArticleId, said: Said, voice: Voice, rater: RaterId | None = None) -> None:
        weight = voice.weight * carry if said.carried else voice.weight
        if weight > 0 and work in wanted:
            share = Share(voice.contingent, weight, said.mean, said.raters, said.carried, rater, voice.via)
            found.setdefault(work, []).append(share)

    apart = {single.contingent for single in trust.singles}
    voices = {v.contingent: v for v in (*trust.direct, *trust.inherited) if v.contingent not in apart}
    if trust.everyone:
        voices = {contingent: Voice(contingent, Fraction(1)) for contingent in view.contingents}
    for s in view.ratings.standings(axis, frozenset(voices)):
        add(s.work, Said(s.mean, s.raters, s.carried), voices[s.contingent])
    for work, said, weight, contingent, rater in _apart(view, axis, trust):
        add(work, said, Voice(contingent, weight), rater)
    limited = ((work, _limited(mine, trust)) for work, mine in sorted(found.items()))
    return {work: tuple(sorted(mine, key=_share_order)) for work, mine in limited if mine}


def _share_order(share: Share) -> tuple[Fraction, ContingentId, str]:
    return (-share.weight, share.contingent, share.rater or "")


def _limited(mine: list[Share], trust: Trust) -> list[Share]:
    """The shares of one work with what vouching adds kept to its limits.

    These are the weight of whoever vouches, and of all together the direct weight there, or the prior.
    """
    direct = sum((s.weight for s in mine if not s.via), Fraction(0))
    through: dict[ContingentId, Fraction] = {}
    for s in mine:
        if s.via:
            through[s.via[0]] = through.get(s.via[0], Fraction(0)) + s.weight
    limits = trust.limits
    parts = {seed: limits[seed] / more for seed, more in through.items() if more > limits[seed]}
    if parts:
        mine = [replace(s, weight=s.weight * parts.get(s.via[0], 1)) if s.via else s for s in mine]
    inherited = sum((s.weight for s in mine if s.via), Fraction(0))
    limit = direct or trust.prior
    if inherited <= limit:
        return mine
    part = limit / inherited
    return [replace(s, weight=s.weight * part) if s.via else s for s in mine if limit or not s.via]


def _unit(trust: Trust) -> int:
    """In how many parts one point of trust is to be cut so that every weight is a whole number of them."""
    weights = [voice.weight for voice in (*trust.direct, *trust.inherited)]
    weights += [single.weight for single in trust.singles]
    return lcm(*(weight.denominator for weight in weights))


Tally = tuple[int, int, int, int]
"""Of one work: the sum of weights in millionths of a part, the sum of weight times mean in millionths of
that, and how many raters and contingents these are."""

Scaled = tuple[int | Fraction, int | Fraction, int, int]
"""The same after scaling, which divides."""


def _inherited(view: CommonsView, axis: AxisId, trust: Trust, unit: int) -> dict[ArticleId, Scaled]:
    """What those make of each work who are trusted by vouching, each seed's flock kept to the seed's weight.

    Only a seed that could exceed its limit is added up apart: there are few, and mostly none.
    """
    flocks: dict[ContingentId, list[Voice]] = {}
    for voice in trust.inherited:
        flocks.setdefault(voice.via[0], []).append(voice)
    limits = trust.limits
    crowded = [seed for seed, flock in flocks.items() if sum(v.weight for v in flock) > limits[seed]]
    modest = tuple(voice for voice in trust.inherited if voice.via[0] not in crowded)
    sums: dict[ArticleId, Scaled] = {**_together(view, axis, modest, trust.carry, unit)}
    for seed in sorted(crowded):
        limit = int(limits[seed] * unit) * MILLION
        flock = _together(view, axis, tuple(flocks[seed]), trust.carry, unit)
        for work, (weight, total, raters, contingents) in flock.items():
            part = Fraction(limit, weight) if weight > limit else 1
            before = sums.get(work, (0, 0, 0, 0))
            sums[work] = (
                before[0] + weight * part,
                before[1] + total * part,
                before[2] + raters,
                before[3] + contingents,
            )
    return sums


def _direct(view: CommonsView, axis: AxisId, trust: Trust, unit: int) -> dict[ArticleId, Tally]:
    """What the filter's own trust makes of each work."""
    if trust.everyone:
        voices = tuple(Voice(contingent, Fraction(1)) for contingent in view.contingents)
        return _together(view, axis, voices, trust.carry, unit)
    apart = {single.contingent for single in trust.singles}
    together = tuple(voice for voice in trust.direct if voice.contingent not in apart)
    sums = _together(view, axis, together, trust.carry, unit)
    seen: set[tuple[ArticleId, ContingentId]] = set()
    carry = int(trust.carry * MILLION)
    for work, said, whole, contingent, _ in _apart(view, axis, trust):
        parts = int(whole * unit) * (carry if said.carried else MILLION)
        if parts:
            weight, total, raters, contingents = sums.get(work, (0, 0, 0, 0))
            new = (work, contingent) not in seen
            seen.add((work, contingent))
            sums[work] = (weight + parts, total + parts * said.mean, raters + said.raters, contingents + new)
    return sums


def _together(
    view: CommonsView, axis: AxisId, voices: tuple[Voice, ...], carry: Fraction, unit: int
) -> dict[ArticleId, Tally]:
    """What contingents that speak with one voice each make of each work."""
    if not voices:
        return {}
    weights = {voice.contingent: int(voice.weight * unit) for voice in voices}
    carried = int(carry * MILLION)
    if max(weights.values()) <= MILLION:
        sums = view.ratings.sums(axis, weights, carried)
        return {work: (weight, total, raters, others) for work, weight, total, raters, others in sums}
    return _added(view.ratings.standings(axis, frozenset(weights)), weights, carried)


def _added(
    standings: Iterable[Standing], weights: dict[ContingentId, int], carry: int
) -> dict[ArticleId, Tally]:
    """As ``RatingsView.sums``, for weights too finely divided for it."""
    sums: dict[ArticleId, Tally] = {}
    for standing in standings:
        parts = weights[standing.contingent] * (carry if standing.carried else MILLION)
        if parts:
            weight, total, raters, contingents = sums.get(standing.work, (0, 0, 0, 0))
            sums[standing.work] = (
                weight + parts,
                total + parts * standing.mean,
                raters + standing.raters,
                contingents + 1,
            )
    return sums


def _apart(
    view: CommonsView, axis: AxisId, trust: Trust
) -> Iterable[tuple[ArticleId, Said, Fraction, ContingentId, RaterId | None]]:
    """The voices of contingents some of whose raters are named: each named rater, and the others together."""
    singles = {single.rater: single for single in trust.singles}
    if not singles:
        return
    named = frozenset(singles)
    for rater, s in view.ratings.rater_standings(axis, named):
        single = singles[rater]
        yield s.work, Said(s.mean, 1, s.carried), single.weight, single.contingent, rater
    own = {voice.contingent: voice.weight for voice in trust.direct}
    rest = {s.contingent: own[s.contingent] for s in trust.singles if s.contingent in own}
    for s in view.ratings.standings_without(axis, frozenset(rest), named):
        yield s.work, Said(s.mean, s.raters, s.carried), rest[s.contingent], s.contingent, None


def _score(num: int | Fraction, den: int | Fraction, contingents: int, raters: int) -> Score:
    if isinstance(num, Fraction) or isinstance(den, Fraction):
        value = Fraction(num) / den
        return Score(value.numerator, value.denominator, contingents, raters)
    common = gcd(num, den)
    return Score(num // common, den // common, contingents, raters)
