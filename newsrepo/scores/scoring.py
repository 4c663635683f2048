"""Turns ratings and trust into exact scores; integers inside, so that every machine agrees.

The formula and what it means stand in ``docs/decisions/0004-scores.md``.
"""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.commons.model import CommonsView, Given, Standing
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
    """The score of every work that somebody trusted has rated on ``axis``, which the commons must have."""
    unit = _unit(trust)
    direct = _tally(view, axis, trust, unit)
    prior = int(trust.prior * unit)
    base = prior * view.axes[axis].neutral * MILLION
    scores: dict[ArticleId, Score] = {}
    if not trust.inherited:
        for work, (weight, total, contingents, raters) in direct.items():
            scores[work] = _score(total + base, (weight + prior) * MILLION, contingents, raters)
        return scores
    inherited = _together(view, axis, trust.inherited, trust.carry, unit)
    nothing = (0, 0, 0, 0)
    for work in direct.keys() | inherited.keys():
        weight, total, contingents, raters = direct.get(work, nothing)
        more, extra, others, their_raters = inherited.get(work, nothing)
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
    if rater is not None:
        found = {
            work: Said(given.value * MILLION, 1, given.version != view.works[work].version)
            for work, given in _of_rater(view, axis, frozenset([rater])).get(rater, {}).items()
        }
    else:
        found = {
            s.work: Said(s.mean, s.raters, s.carried)
            for s in view.ratings.standings(axis, frozenset([contingent]))
        }
    return {work: said for work, said in found.items() if carry > 0 or not said.carried}


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
    heard = None if trust.everyone else frozenset(voices)
    for s in view.ratings.standings(axis, heard):
        voice = Voice(s.contingent, Fraction(1)) if trust.everyone else voices[s.contingent]
        add(s.work, Said(s.mean, s.raters, s.carried), voice)
    for work, said, weight, contingent, rater in _apart(view, axis, trust):
        add(work, said, Voice(contingent, weight), rater)
    return {
        work: tuple(sorted(_limited(mine, trust), key=_share_order))
        for work, mine in sorted(found.items())
    }


def _share_order(share: Share) -> tuple[Fraction, ContingentId, str]:
    return (-share.weight, share.contingent, share.rater or "")


def _limited(mine: list[Share], trust: Trust) -> list[Share]:
    """The shares of one work with what vouching adds kept to the direct weight there, or to the prior."""
    direct = sum((s.weight for s in mine if not s.via), Fraction(0))
    inherited = sum((s.weight for s in mine if s.via), Fraction(0))
    limit = direct or trust.prior
    if inherited <= limit:
        return mine
    part = limit / inherited
    return [
        replace(s, weight=s.weight * part) if s.via else s for s in mine if limit or not s.via
    ]


def _unit(trust: Trust) -> int:
    """A number of parts of one point of trust in which every weight, discounted or not, is a whole number."""
    weights = [v.weight for v in (*trust.direct, *trust.inherited)] + [s.weight for s in trust.singles]
    discounted = [w * trust.carry for w in weights]
    parts = [w.denominator for w in (*weights, *discounted)]
    return lcm(trust.prior.denominator, trust.carry.denominator, *parts)


Tally = tuple[int, int, int, int]
"""Of one work: the sum of weights, the sum of weight*mean, and how many contingents and raters."""


def _tally(view: CommonsView, axis: AxisId, trust: Trust, unit: int) -> dict[ArticleId, Tally]:
    """What the direct trust makes of each work; weights in parts of ``unit``, means in millionths."""
    if trust.everyone:
        full, less = unit, int(trust.carry * unit)
        return _added((s, less if s.carried else full) for s in view.ratings.standings(axis, None))
    apart = {single.contingent for single in trust.singles}
    voices = tuple(v for v in trust.direct if v.contingent not in apart)
    sums = _together(view, axis, voices, trust.carry, unit)
    if not apart:
        return sums
    seen: set[tuple[ArticleId, ContingentId]] = set()
    for work, said, weight, contingent, _ in _apart(view, axis, trust):
        parts = int(weight * (trust.carry if said.carried else 1) * unit)
        if parts:
            w, total, contingents, raters = sums.get(work, (0, 0, 0, 0))
            new = (work, contingent) not in seen
            seen.add((work, contingent))
            sums[work] = (w + parts, total + parts * said.mean, contingents + new, raters + said.raters)
    return sums


def _together(
    view: CommonsView, axis: AxisId, voices: tuple[Voice, ...], carry: Fraction, unit: int
) -> dict[ArticleId, Tally]:
    """What contingents that speak with one voice each make of each work."""
    if not voices:
        return {}
    weights: Mapping[ContingentId, tuple[int, int]] = {
        v.contingent: (int(v.weight * unit), int(v.weight * carry * unit)) for v in voices
    }
    heard = view.ratings.standings(axis, frozenset(weights))
    return _added((s, weights[s.contingent][s.carried]) for s in heard)


def _added(weighed: Iterable[tuple[Standing, int]]) -> dict[ArticleId, Tally]:
    sums: dict[ArticleId, Tally] = {}
    for standing, weight in weighed:
        if weight:
            w, total, contingents, raters = sums.get(standing.work, (0, 0, 0, 0))
            sums[standing.work] = (
                w + weight,
                total + weight * standing.mean,
                contingents + 1,
                raters + standing.raters,
            )
    return sums


def _apart(
    view: CommonsView, axis: AxisId, trust: Trust
) -> Iterable[tuple[ArticleId, Said, Fraction, ContingentId, RaterId | None]]:
    """The voices of contingents some of whose raters are named: each named rater, and the others together.

    The others' mean is made from the contingent's own: its sum is a whole number of units, so it can be
    had back exactly from the rounded mean, and the named raters' values taken away.
    """
    singles = {single.rater: single for single in trust.singles}
    values = _of_rater(view, axis, frozenset(singles))
    named: dict[tuple[ArticleId, ContingentId], list[Said]] = {}
    for rater, single in singles.items():
        for work, given in values.get(rater, {}).items():
            said = Said(given.value * MILLION, 1, given.version != view.works[work].version)
            named.setdefault((work, single.contingent), []).append(said)
            yield work, said, single.weight, single.contingent, rater
    rest = {v.contingent: v.weight for v in trust.direct}
    rest = {s.contingent: rest[s.contingent] for s in trust.singles if s.contingent in rest}
    if not rest:
        return
    for s in view.ratings.standings(axis, frozenset(rest)):
        inside = [said for said in named.get((s.work, s.contingent), ()) if said.carried == s.carried]
        raters = s.raters - len(inside)
        if raters > 0:
            total = _rounded(s.mean * s.raters, MILLION) * MILLION - sum(said.mean for said in inside)
            mean = _rounded(total, raters) if inside else s.mean
            yield s.work, Said(mean, raters, s.carried), rest[s.contingent], s.contingent, None


def _of_rater(
    view: CommonsView, axis: AxisId, raters: frozenset[RaterId]
) -> dict[RaterId, dict[ArticleId, Given]]:
    """Each rater's one rating of each work: of the current version, else the latest of another one."""
    found: dict[RaterId, dict[ArticleId, Given]] = {}
    if not raters:
        return found
    for given in view.ratings.of_raters(axis, raters):
        work = view.works.get(given.work)
        if work is None:
            continue
        mine = found.setdefault(given.rater, {})
        known = mine.get(given.work)
        if known is None or _newer(given, known, work.version):
            mine[given.work] = given
    return found


def _newer(given: Given, known: Given, version: str) -> bool:
    return (given.version == version, given.day, given.version) > (
        known.version == version,
        known.day,
        known.version,
    )


def _score(num: int, den: int, contingents: int, raters: int) -> Score:
    common = gcd(num, den)
    return Score(num // common, den // common, contingents, raters)


def _rounded(num: int, den: int) -> int:
    """``num / den`` to the nearest whole number, half to even; ``den`` is positive."""
    whole, rest = divmod(num, den)
    return whole + (2 * rest > den or (2 * rest == den and whole % 2 == 1))
