"""Each single thing that could be otherwise, and the nearest setting of it that turns the verdict round."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import TypeVar

from msgspec.structs import replace

from newsrepo.commons.model import Given
from newsrepo.filters.check import reachable
from newsrepo.filters.names import filters_named
from newsrepo.filters.notes import notes
from newsrepo.filters.query import Query, parse_query
from newsrepo.filters.query.syntax import Comparison, Key, Node, Op, State, Tag, Unrated, When
from newsrepo.filters.select import hearing
from newsrepo.filters.verdicts.account import Knob, KnobKind
from newsrepo.filters.verdicts.clauses import Path, leaves, parts, replaced, truth, without
from newsrepo.filters.verdicts.trial import Trial
from newsrepo.ids import AxisId, ContingentId, RaterId, owner
from newsrepo.records import types as t
from newsrepo.records.scalars import MILLION, Day, Decimal, Span, Weight
from newsrepo.scores import trusted

T = TypeVar("T")

Ways = list[list[tuple[int, T]]]
"""Settings with their distances, the nearest first, one list for each direction."""

STEP = MILLION // 100
"""One step of the grid on which weights and numbers are tried."""
_EXACT = (Op.EQUAL, Op.OTHER)
"""Comparisons that may hold, not hold, and hold again as a number grows."""
_MOST = 999_999
"""The largest number of days that a length of time has."""


def knobs(trial: Trial) -> tuple[Knob, ...]:
    """Every knob, in the order in which a reader would look at them."""
    query = parse_query(trial.content.select)
    return (
        *_limit(trial),
        *_picks(trial),
        *_clauses(trial, query),
        *_numbers(trial, query),
        *_trust(trial),
        *_ratings(trial),
    )


# -- limit and picks -----------------------------------------------------------------------------------------


def _limit(trial: Trial) -> Iterator[Knob]:
    limit = trial.content.limit
    if limit is None:
        return
    at, found = trial.in_order()
    to: int | None = None
    if at >= 0 and found.items[at].work == trial.work:
        to = at if trial.inside else at + 1
    if to is not None and (to < 1 or trial.prints(replace(trial.content, limit=to)) is trial.inside):
        to = None
    yield Knob(kind=KnobKind.LIMIT, of="limit", now=str(limit), to=str(to) if to is not None else None)


def _picks(trial: Trial) -> Iterator[Knob]:
    content, work = trial.content, trial.work
    for field in ("lead", "include", "exclude"):
        named: tuple[str, ...] = getattr(content, field)
        if work in named:
            left = tuple(other for other in named if other != work)
            found, every = trial.turns(replace(content, **{field: left}))
            to = "" if found else None
            yield Knob(kind=KnobKind.PICK, of=field, now=work, to=to, every=every)


# -- the query -----------------------------------------------------------------------------------------------


def _clauses(trial: Trial, query: Query) -> Iterator[Knob]:
    """Each clause dropped, and each group of clauses in parentheses."""
    columns = _columns(query)
    for path, node in _droppable(query.root, ()):
        found, every = trial.turns(replace(trial.content, select=str(without(query.root, path))))
        to = "" if found else None
        first = next(columns[p] for p, _ in leaves(query.root) if p[: len(path)] == path)
        yield Knob(kind=KnobKind.CLAUSE, of=str(node), now=str(node), to=to, column=first, every=every)


def _columns(query: Query) -> dict[Path, int]:
    return {path: column for (path, _), (_, column) in zip(leaves(query.root), query.leaves(), strict=True)}


def _droppable(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    inner = parts(node)
    if (path or not inner) and str(node):
        yield path, node
    for n, part in enumerate(inner):
        if len(inner) > 1 or parts(part):  # what a minus stands before goes with it
            yield from _droppable(part, (*path, n))


def _numbers(trial: Trial, query: Query) -> Iterator[Knob]:
    """The number, length of time or day of each clause that has one."""
    columns = _columns(query)
    for path, leaf in leaves(query.root):
        ways: Ways[Node]
        now = ""
        if isinstance(leaf, Comparison):
            ways, now = _moved_numbers(trial, leaf), str(leaf.number)
        elif isinstance(leaf, When):
            ways, now = _moved_days(trial, leaf), str(leaf.when)
        else:
            continue
        make = partial(_with_leaf, trial.content, query.root, path)
        found, every = trial.turn(ways, make, steady=_one_way(trial, leaf))
        to = None
        if isinstance(found, Comparison):
            to = str(found.number)
        elif isinstance(found, When):
            to = str(found.when)
        yield Knob(kind=KnobKind.NUMBER, of=str(leaf), now=now, to=to, column=columns[path], every=every)


def _one_way(trial: Trial, leaf: Comparison | When) -> bool:
    """Whether moving a clause's number or time in one direction only ever adds works, or only takes some.

    Each clause stands in the query once, so what it finds is either wanted or not. Then a story only gains or
    only loses versions; if the best of them leads, it only rises or only falls. Elsewhere a new version may
    lead it to a worse place.
    """
    versions = trial.content.versions
    best = versions.otherwise is t.Lead.BEST and not versions.prefer
    return best and not (isinstance(leaf, Comparison) and leaf.op in _EXACT)


def _with_leaf(content: t.Filter, root: Node, path: Path, leaf: Node) -> t.Filter:
    return replace(content, select=str(replaced(root, path, leaf)))


def _moved_numbers(trial: Trial, leaf: Comparison) -> Ways[Node]:
    """The comparison with its number moved down, and up, by the steps at which anything can change.

    Between two scores that works have, every number says the same of all works.
    """
    view = trial.near if trial.content.limit is None else trial.view
    evaluator, _ = hearing(view, trial.content, trial.today)
    among = trial.family if trial.content.limit is None else trial.view.works
    values = {evaluator.compared(leaf, work) for work in among}
    now = leaf.number.millionths
    axis = trial.view.axes[leaf.axis.axis]
    least, most = (axis.min * MILLION - now) // STEP - 1, (axis.max * MILLION - now) // STEP + 2
    steps: set[int] = set()
    for value in values:
        if value is not None:
            at = (value * MILLION - now) // STEP
            steps |= {at - 1, at, at + 1, at + 2}
    return _both_ways(
        steps & set(range(least, most + 1)),
        lambda step: replace(leaf, number=Decimal(now + step * STEP)),
    )


def _moved_days(trial: Trial, leaf: When) -> Ways[Node]:
    """``since:`` or ``until:`` moved a day at a time, by the steps at which anything can change."""
    days = notes(trial.view).columns.days
    among = trial.family if trial.content.limit is None else tuple(days)
    steps: set[int] = set()
    when = leaf.when
    if isinstance(when, Span):
        for work in among:
            away = (trial.today - days[work]).days - when.days
            steps |= {away - 1, away, away + 1}
        steps = {step for step in steps if 1 <= when.days + step <= _MOST}
        return _both_ways(steps, lambda step: replace(leaf, when=Span(when.days + step)))
    for work in among:
        away = (days[work] - when.date).days
        steps |= {away - 1, away, away + 1}
    room = ((date.min - when.date).days, (date.max - when.date).days)
    steps = {step for step in steps if room[0] <= step <= room[1]}
    return _both_ways(steps, lambda step: replace(leaf, when=Day(when.date + timedelta(days=step))))


def _both_ways(steps: Iterable[int], make: Callable[[int], T]) -> Ways[T]:
    """The settings at these steps from now, downwards and upwards, the nearest first."""
    down = sorted(-step for step in steps if step < 0)
    up = sorted(step for step in steps if step > 0)
    return [[(far, make(-far)) for far in down], [(far, make(far)) for far in up]]


# -- trust ---------------------------------------------------------------------------------------------------


def _trust(trial: Trial) -> Iterator[Knob]:
    """Each weight of the filter on the grid from 0 to 1, and that of each contingent that rated the story."""
    content = trial.content
    raters = {owner(g.rater) for g in trial.given if g.axis in asked_axes(trial)}
    for key in sorted({*content.trust, *(r for r in raters if not _speaks(content, r))}):
        weight = content.trust.get(key)
        now = weight.millionths if weight is not None else 0
        grid = [(abs(n * STEP - now), n * STEP) for n in range(101) if n * STEP != now]
        if key not in content.trust:
            grid = [(far, to) for far, to in grid if to]
        down = sorted((far, to) for far, to in grid if to < now)
        up = sorted((far, to) for far, to in grid if to > now)
        make = partial(_with_weight, content, key)
        simple = _simple(trial, key)
        leads = partial(_heard_at_all, trial, make) if simple and _steady(trial, key) else None
        prior = content.prior is None or content.prior.millionths > 0
        weighed = bool if simple and prior and trial.work not in content.lead else None
        found, every = trial.turn([down, up], make, leads, weighed=weighed)
        to = str(Weight(found)) if found is not None else None
        shown = str(weight) if weight is not None else ""
        yield Knob(kind=KnobKind.TRUST, of=key, now=shown, to=to, every=every)


def _simple(trial: Trial, key: str) -> bool:
    """Whether every score only rises or only falls with this weight above 0, and no clause asks for equality.

    So it is where a contingent speaks with one voice and nobody inherits its trust.
    """
    content = trial.content
    named = any(other.startswith(f"{key}/") for other in content.trust)
    leaves_of = (leaf for leaf, _ in parse_query(content.select).leaves())
    exact = any(isinstance(leaf, Comparison) and leaf.op in _EXACT for leaf in leaves_of)
    return not ("/" in key or named or content.trust_through is not None or exact)


def _steady(trial: Trial, key: str) -> bool:
    """Whether no weight above 0 differs from another in what it makes of the work, whatever other works do.

    A clause that is the same of the least weight and the greatest is so of all between, if the weight is
    simple. Where several versions could lead, that would not be enough.
    """
    if len(trial.family) > 1:
        return False
    found = []
    every = [leaf for _, leaf in leaves(parse_query(trial.content.select).root)]
    for weight in (STEP, MILLION):
        evaluator, _ = hearing(trial.near, _with_weight(trial.content, key, weight), trial.today)
        found.append([truth(evaluator, leaf, trial.work) for leaf in every])
    return found[0] == found[1]


def _heard_at_all(trial: Trial, make: Callable[[int], t.Filter], weight: int) -> bool:
    """Whether the work leads its story, for a weight of which only matters whether it is above 0."""
    return trial.leads(make(STEP if weight else 0))


def _speaks(content: t.Filter, contingent: ContingentId) -> bool:
    return any(key == contingent or key.startswith(f"{contingent}/") for key in content.trust)


def _with_weight(content: t.Filter, key: str, millionths: int) -> t.Filter:
    return replace(content, trust={**content.trust, key: Weight(millionths)})


# -- ratings -------------------------------------------------------------------------------------------------


def _ratings(trial: Trial) -> Iterator[Knob]:
    """Each rating that can matter, changed and taken away."""
    heard, singles = _voices(trial)
    axes = asked_axes(trial)
    found: dict[tuple[object, ...], tuple[int | None, bool | None]] = {}
    for rating in trial.given:
        voice = owner(rating.rater)
        if rating.axis not in axes or (voice not in heard and rating.rater not in singles):
            continue
        # two raters of one voice who rated once, and alike, are interchangeable
        once = sum(g.rater == rating.rater and g.axis == rating.axis for g in trial.given) == 1
        alike = (rating.rater in singles and rating.rater, voice, rating.axis, rating.value, rating.version)
        same: tuple[object, ...] = alike if once else (rating.rater, *alike)
        if same not in found:
            untold = (None, None) if trial.tries <= 0 else None
            found[same] = untold or (_turned(trial, rating), _removed(trial, rating))
        to, gone = found[same]
        knob = Knob(
            kind=KnobKind.RATING,
            of=rating.rater,
            now=str(rating.value),
            to=str(to) if to is not None else None,
            axis=rating.axis,
            rater=rating.rater,
            version=rating.version,
            every=found[same][1] is not None,
        )
        yield knob
        yield replace(knob, kind=KnobKind.REMOVAL, to="" if gone else None)


def _turned(trial: Trial, rating: Given) -> int | None:
    axis = trial.view.axes[rating.axis]
    others = (value for value in range(axis.min, axis.max + 1) if value != rating.value)
    for value in sorted(others, key=lambda v: (abs(v - rating.value), v)):
        if _tried(trial, rating, [replace(rating, value=value)]):
            return value
    return None


def _removed(trial: Trial, rating: Given) -> bool:
    return _tried(trial, rating, [])


def _tried(trial: Trial, rating: Given, instead: list[Given]) -> bool:
    """Whether the verdict turns round with something else in place of this rating."""
    changed: list[Given] = []
    for given in trial.given:
        changed += instead if given == rating else [given]
    supposed = tuple(changed)
    if trial.prints_with(supposed) is trial.inside:
        return False
    return trial.left <= 0 or trial.surely_with(supposed, rating.axis) is not trial.inside


def asked_axes(trial: Trial) -> frozenset[AxisId]:
    """The axes on which the verdict can rest: those of the order, and of all queries that decide."""
    axes = {AxisId(key) for key in trial.content.order if key in trial.view.axes}
    for _, query in _decisive(trial):
        for leaf, _ in query.leaves():
            if isinstance(leaf, Comparison | Unrated):
                axes.add(leaf.axis.axis)
            elif isinstance(leaf, Tag) and leaf.key is Key.IS and leaf.value in (State.RATED, State.UNRATED):
                axes |= {axis for axis in trial.view.axes if "/" not in axis}
    return frozenset(axes)


def _decisive(trial: Trial) -> Iterator[tuple[t.Filter, Query]]:
    """The filter's own query, and those of the filters that it builds on."""
    own = parse_query(trial.content.select)
    yield trial.content, own
    for name, query in sorted(reachable(trial.view, filters_named([own])).items()):
        yield trial.view.filters[name], query


def _voices(trial: Trial) -> tuple[frozenset[ContingentId], frozenset[RaterId]]:
    """The contingents that are heard, and the raters who are named one by one."""
    contingents: set[ContingentId] = set()
    raters: set[RaterId] = set()
    for content, asked in _decisive(trial):
        trust = trusted(content, trial.view.contingents)
        contingents |= {voice.contingent for voice in (*trust.direct, *trust.inherited)}
        raters |= {single.rater for single in trust.singles}
        for leaf, _ in asked.leaves():
            if isinstance(leaf, Comparison | Unrated):
                if leaf.axis.rater is not None:
                    raters.add(leaf.axis.rater)
                elif leaf.axis.contingent is not None:
                    contingents.add(leaf.axis.contingent)
    return frozenset(contingents), frozenset(raters)
