"""Why one work is, or is not, on the front page that a filter makes: the whole account."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from newsrepo.commons.model import CommonsView, Given
from newsrepo.filters.check import FADE
from newsrepo.filters.model import Selection
from newsrepo.filters.notes import notes
from newsrepo.filters.query import parse_query
from newsrepo.filters.query.syntax import Comparison, Query, Unrated
from newsrepo.filters.select import hearing, select, unheard
from newsrepo.filters.verdicts.account import (
    Account,
    Heard,
    Hop,
    How,
    Neighbour,
    Place,
    Pull,
    Reason,
    Sum,
)
from newsrepo.filters.verdicts.clauses import clauses
from newsrepo.filters.verdicts.knobs import knobs
from newsrepo.filters.verdicts.trial import Trial
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId, owner
from newsrepo.records import types as t
from newsrepo.records.scalars import Decimal, Span
from newsrepo.scores import Trust, shares


def account(
    view: CommonsView, chosen: FilterId | t.Filter, today: date, work: ArticleId, *, flips: bool = True
) -> Account:
    """Everything that put the work in, or keeps it out, and unless told not to what would turn that round.

    Raises KeyError for a work that is not in view, and as ``select`` does.
    """
    record = view.works[work]
    selection = select(view, chosen, today)
    name, content = (None, chosen) if isinstance(chosen, t.Filter) else (chosen, view.filters[chosen])
    trial = Trial(view, content, today, work)
    query = parse_query(content.select)
    evaluator, trust = hearing(trial.near, content, today)
    at, everything = trial.in_order()
    item = everything.items[at] if at >= 0 else None
    return Account(
        work=work,
        title=record.title,
        filter=name,
        today=today,
        reason=_reason(view, content, selection, work),
        selected=work in selection.selected,
        status=record.status.value,
        day=record.date.day,
        leads=item.work if item else None,
        by=item.by if item else "",
        section=next((i.section for i in selection.items if i.work == work), None),
        query=content.select,
        clauses=clauses(evaluator, query, work),
        ratings=tuple(_heard(trial, query, content, trust)),
        sums=tuple(_sums(trial, selection, trust)),
        place=_place(view, content, today, at, everything) if at >= 0 else None,
        knobs=knobs(trial) if flips else (),
    )


def _reason(view: CommonsView, content: t.Filter, selection: Selection, work: ArticleId) -> Reason:
    for item in selection.items:
        if item.work == work:
            return Reason(item.by)
    if work in selection.selected:
        return Reason.LIMIT if work in selection.beyond else Reason.VERSION
    if view.works[work].status is not t.Status.USABLE:
        return Reason.STATUS
    if work in content.exclude:
        return Reason.EXCLUDE
    if work in unheard(view):
        return Reason.SPEAKS
    return Reason.EARLY if work in selection.early else Reason.QUERY


def _heard(trial: Trial, query: Query, content: t.Filter, trust: Trust) -> Iterator[Heard]:
    """Each counting rating of the work, with the trust in whoever gave it."""
    view = trial.view
    version = view.works[trial.work].version
    singles = {single.rater: single for single in trust.singles}
    direct = {voice.contingent: voice for voice in trust.direct}
    inherited = {voice.contingent: voice for voice in trust.inherited}
    refs = [leaf.axis for leaf, _ in query.leaves() if isinstance(leaf, Comparison | Unrated)]
    for rating in trial.given:
        contingent = owner(rating.rater)
        how, weight = How.NOT, Fraction(0)
        hops: tuple[Hop, ...] = ()
        if rating.rater in singles:
            how, weight = How.NAMED, singles[rating.rater].weight
        elif contingent in direct:
            how, weight = How.CONTINGENT, direct[contingent].weight
        elif contingent in inherited:
            how, weight = How.VOUCHED, inherited[contingent].weight
            hops = _hops(view, content, inherited[contingent].via, contingent)
        yield Heard(
            rating=rating,
            current=rating.version == version,
            counts=_counts(rating, trial.given, version, set(singles)),
            how=how,
            weight=weight,
            hops=hops,
            asked=any(
                ref.axis == rating.axis
                and (rating.rater if ref.rater else contingent) == (ref.rater or ref.contingent)
                for ref in refs
            ),
        )


def _hops(
    view: CommonsView, content: t.Filter, via: tuple[ContingentId, ...], last: ContingentId
) -> tuple[Hop, ...]:
    """The vouchings from a contingent that the filter names to ``last``."""
    through = content.trust_through
    if through is None:
        raise AssertionError("trust that came through nobody")
    weight = content.trust[via[0]].fraction
    hops = []
    for giver, taker in zip(via, (*via[1:], last), strict=True):
        vouch = view.contingents[giver].vouches[taker].fraction
        hops.append(Hop(giver, weight, vouch))
        weight *= through.factor.fraction * vouch
    return tuple(hops)


def _counts(rating: Given, given: tuple[Given, ...], version: str, singles: set[str]) -> bool:
    """Whether a rating is heard: of the current version, or, where its voice has none, the rater's last."""
    if rating.version == version:
        return True
    alone = rating.rater in singles
    voice = [
        g
        for g in given
        if g.axis == rating.axis
        and (
            g.rater == rating.rater
            if alone
            else owner(g.rater) == owner(rating.rater) and g.rater not in singles
        )
    ]
    if any(g.version == version for g in voice):
        return False
    return [g for g in voice if g.rater == rating.rater][-1] == rating


def _sums(trial: Trial, selection: Selection, trust: Trust) -> Iterator[Sum]:
    """How each score came about that the query or the order asks for."""
    for axis, scores in selection.scores.items():
        yield Sum(
            axis=axis,
            shares=shares(trial.near, axis, trust, [trial.work]).get(trial.work, ()),
            prior=trust.prior,
            neutral=trial.view.axes[axis].neutral,
            score=scores.get(trial.work),
        )


def _place(view: CommonsView, content: t.Filter, today: date, at: int, everything: Selection) -> Place:
    items = everything.items
    item = items[at]
    pulls: list[Pull] = []
    fade = 0
    for key, pull in sorted(content.order.items()):
        if isinstance(pull.value, Span):
            fade = pull.value.days
        elif key != FADE and isinstance(pull.value, Decimal):
            axis = AxisId(key)
            score = everything.scores[axis].get(item.work)
            value = score.value if score is not None else Fraction(view.axes[axis].neutral)
            pulls.append(Pull(axis, pull.value.fraction, value, rated=score is not None))
    return Place(
        position=at + 1,
        of=len(items),
        limit=content.limit,
        points=item.points,
        pulls=tuple(pulls),
        age=max(0, (today - notes(view).columns.days[item.work]).days),
        fade=fade,
        above=_neighbour(everything, at - 1),
        below=_neighbour(everything, at + 1),
    )


def _neighbour(everything: Selection, at: int) -> Neighbour | None:
    if not 0 <= at < len(everything.items):
        return None
    return Neighbour(everything.items[at].work, everything.items[at].points)
