"""The one function that decides what is in an edition; every page, feed and ``find`` calls it.

The steps, in order: the query over usable works, of which none may seem to speak for all; what the editor
picked by hand; what is dated after today waits; stories, each led by one version; the order; the limit; the
sections.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

import msgspec

from newsrepo.commons.model import CommonsView
from newsrepo.credit.stories import Stories
from newsrepo.errors import UsageError
from newsrepo.filters.check import Prepared, circle, circle_problem, prepare, reachable
from newsrepo.filters.columns import Ids
from newsrepo.filters.evaluate import Evaluator
from newsrepo.filters.faults import FilterError, nearest, shown
from newsrepo.filters.gate import speaking
from newsrepo.filters.model import Item, Selection
from newsrepo.filters.names import filters_named, unknown_names
from newsrepo.filters.notes import Notes, notes
from newsrepo.filters.order import points, ranked
from newsrepo.filters.query.syntax import Comparison, Key, Query, State, Tag, Unrated
from newsrepo.ids import ArticleId, AxisId, FilterId
from newsrepo.location import Severity
from newsrepo.records import types as t
from newsrepo.records.scalars import Scalar
from newsrepo.scores import EVERYONE, Trust, trusted


class Chosen(msgspec.Struct, frozen=True):
    """What a filter selects, before stories, order and limit."""

    selected: Ids
    early: Ids


def select(view: CommonsView, chosen: FilterId | t.Filter, today: date) -> Selection:
    """What one filter makes of the commons on one day; the same input gives the same answer everywhere.

    Raises UsageError for an id that the commons has no filter for, FilterError when the filter, or one
    that it builds on by ``in:``, cannot be evaluated.
    """
    name, content = _filter(view, chosen)
    known = notes(view)
    question = ("selection", name, _digest(content), today)
    return known.answer(question, Selection, lambda: _select(view, known, name, content, today))


def unheard(view: CommonsView) -> Ids:
    """The works that no edition prints, as their title or byline could be taken for the commons' name."""
    return notes(view).answer(("unheard",), frozenset, lambda: speaking(view))


def hearing(view: CommonsView, chosen: FilterId | t.Filter, today: date) -> tuple[Evaluator, Trust]:
    """What answers the filter's queries, part by part, and whom it trusts. Raises as ``select`` does."""
    name, content = _filter(view, chosen)
    prepared = _prepared(view, name, content)
    others = _others(view, notes(view), _called(name), [prepared.select], today, name)
    trust = _trust(view, notes(view), content)
    return Evaluator(view, notes(view), trust, today, others), trust


def selected(view: CommonsView, chosen: FilterId | t.Filter, today: date) -> Ids:
    """The works that ``select`` would select, without their order. Raises as ``select`` does."""
    name, content = _filter(view, chosen)
    prepared = _prepared(view, name, content)
    others = _others(view, notes(view), _called(name), [prepared.select], today, name)
    return _choose(view, notes(view), name, content, others, today).selected


def find(
    view: CommonsView, query: Query, within: FilterId | t.Filter | None, today: date
) -> tuple[ArticleId, ...]:
    """The works that a query finds.

    Within a filter: those of the works that it selects, heard with its trust, in its order. Without one:
    every contingent counts alike, the newest first; only usable works unless the query says ``is:withheld``,
    ``is:withdrawn`` or ``is:usable`` anywhere. Raises QueryError for unknown names, and as ``select`` does.
    """
    for error in unknown_names(view, query):
        raise error
    known = notes(view)
    if within is None:
        others = _others(view, known, "the query", [query], today)
        columns = known.columns
        among = columns.everything if _asks_for_status(query) else columns.usable
        found = sorted(Evaluator(view, known, EVERYONE, today, others).true(query.root, among))
        found.sort(key=columns.instants.__getitem__, reverse=True)
        return tuple(found)
    name, content = _filter(view, within)
    prepared = _prepared(view, name, content)
    others = _others(view, known, _called(name), [prepared.select, query], today, name)
    among = _choose(view, known, name, content, others, today).selected
    trust = _trust(view, known, content)
    true = Evaluator(view, known, trust, today, others).true(query.root, among)
    return tuple(ranked(true, points(view, known, content, trust), known, today))


def _select(
    view: CommonsView, known: Notes, name: FilterId | None, content: t.Filter, today: date
) -> Selection:
    prepared = _prepared(view, name, content)
    queries = [prepared.select, *prepared.sections]
    others = _others(view, known, _called(name), queries, today, name)
    result = _choose(view, known, name, content, others, today)
    trust = _trust(view, known, content)
    order = ranked(result.selected, points(view, known, content, trust), known, today)
    led = _stories(known, content, order)
    printed, beyond = (led, []) if content.limit is None else (led[: content.limit], led[content.limit :])
    evaluator = Evaluator(view, known, trust, today, others)
    sections = _sections(evaluator, prepared.sections, frozenset(story[0] for story in printed))
    axes = sorted({*_axes(queries), *(AxisId(key) for key in content.order if key in view.axes)})
    return Selection(
        filter=name,
        items=tuple(
            Item(
                work=story[0],
                story=known.stories.root_of(story[0]),
                others=tuple(story[1:]),
                by=_reason(content, story[0]),
                section=sections.get(story[0]),
                points=Fraction(*order[story[0]]),
            )
            for story in printed
        ),
        selected=result.selected,
        beyond=tuple(story[0] for story in beyond),
        early=tuple(sorted(result.early)),
        scores={axis: known.scores(view, axis, trust) for axis in axes},
    )


def _filter(view: CommonsView, chosen: FilterId | t.Filter) -> tuple[FilterId | None, t.Filter]:
    if isinstance(chosen, t.Filter):
        return None, chosen
    found = view.filters.get(chosen)
    if found is None:
        hint = nearest(chosen, view.filters, "the filters are the files under filters/")
        raise UsageError(f"no such filter: {shown(chosen)}", hint)
    return chosen, found


def _called(name: FilterId | None) -> str:
    return f"filter {name}" if name else "this filter"


def _prepared(view: CommonsView, name: FilterId | None, content: t.Filter) -> Prepared:
    """The filter's queries, read. Raises FilterError."""
    prepared = prepare(view, content)
    faults = tuple(problem for problem in prepared.problems if problem.severity is Severity.ERROR)
    if faults:
        raise FilterError(_called(name), faults)
    return prepared


def _choose(
    view: CommonsView,
    known: Notes,
    name: FilterId | None,
    content: t.Filter,
    others: dict[FilterId, Ids],
    today: date,
) -> Chosen:
    """The query's works and the editor's, without what the editor left out; later works apart."""

    def work_out() -> Chosen:
        usable = known.columns.usable - unheard(view)
        days = known.columns.days
        evaluator = Evaluator(view, known, _trust(view, known, content), today, others)
        matched = evaluator.true(_prepared(view, name, content).select.root, usable)
        picked = {ArticleId(article) for article in (*content.include, *content.lead)}
        every = (matched | (usable & picked)) - {ArticleId(article) for article in content.exclude}
        early = frozenset(work for work in every if days[work] > today)
        return Chosen(every - early, early)

    return known.answer(("chosen", _digest(content), today), Chosen, work_out)


def _others(
    view: CommonsView,
    known: Notes,
    name: str,
    queries: Sequence[Query],
    today: date,
    own: FilterId | None = None,
) -> dict[FilterId, Ids]:
    """What every filter that these queries name by ``in:`` selects, each worked out after those it names."""
    first = filters_named(queries)
    if not first:
        return {}
    texts = reachable(view, first)
    ring = circle([*([own] if own else []), *first], texts)
    if ring:
        raise FilterError(name, (circle_problem(ring),))
    selected: dict[FilterId, Ids] = {}
    todo = list(first)
    while todo:
        current = todo[-1]
        named = filters_named([texts[current]]) if current in texts else ()
        missing = [other for other in named if other not in selected]
        if missing and current not in selected:
            todo += missing
            continue
        todo.pop()
        if current not in selected:
            content = view.filters[current]
            selected[current] = _choose(view, known, current, content, selected, today).selected
    return selected


def _trust(view: CommonsView, known: Notes, content: t.Filter) -> Trust:
    return known.answer(("trust", _digest(content)), Trust, lambda: trusted(content, view.contingents))


def _stories(known: Notes, content: t.Filter, order: Iterable[ArticleId]) -> list[list[ArticleId]]:
    """The stories in the order of the page: each its leading work, then its other selected works in order."""
    stories = known.stories
    order = list(order)
    members: dict[ArticleId, list[ArticleId]] = {}
    for work in order:
        members.setdefault(stories.root_of(work), []).append(work)
    hand = {ArticleId(article): n for n, article in reversed(list(enumerate(content.lead)))}
    place = {work: n for n, work in enumerate(order)}
    led: list[list[ArticleId]] = []
    for works in members.values():
        first = works[0] if len(works) == 1 else _leading(known, content, works, hand)
        led.append([first, *(work for work in works if work != first)])
    last = len(hand)
    led.sort(key=lambda story: (hand.get(story[0], last), place[story[0]]))
    return led


def _leading(
    known: Notes, content: t.Filter, works: list[ArticleId], hand: dict[ArticleId, int]
) -> ArticleId:
    """Which of a story's selected works leads it; ``works`` are in the order of the page."""
    picked = [work for work in works if work in hand]
    if picked:
        return min(picked, key=hand.__getitem__)
    among = works
    for contingent in content.versions.prefer:
        preferred = [work for work in works if work.partition("/")[0] == contingent]
        if preferred:
            among = preferred
            break
    instants = known.columns.instants
    match content.versions.otherwise:
        case t.Lead.BEST:
            return among[0]
        case t.Lead.NEWEST:
            newest = max(instants[work] for work in among)
            return next(work for work in among if instants[work] == newest)
        case t.Lead.ORIGINAL:
            return min(among, key=lambda work: (_depth(known.stories, work), instants[work], work))


def _depth(stories: Stories, work: ArticleId) -> int:
    """How many parents stand above a work in its story."""
    depth = 0
    parent = stories.parent_of(work)
    while parent is not None:
        depth += 1
        parent = stories.parent_of(parent)
    return depth


def _sections(evaluator: Evaluator, queries: Sequence[Query], printed: Ids) -> dict[ArticleId, int]:
    """The first section whose query is true of each printed work."""
    found: dict[ArticleId, int] = {}
    left = printed
    for n, query in enumerate(queries):
        true = evaluator.true(query.root, left)
        found |= dict.fromkeys(true, n)
        left -= true
    return found


def _reason(content: t.Filter, work: ArticleId) -> str:
    if work in content.lead:
        return "lead"
    return "include" if work in content.include else "select"


def _axes(queries: Sequence[Query]) -> set[AxisId]:
    """The axes on which these queries ask for the filter's own score."""
    return {
        leaf.axis.axis
        for query in queries
        for leaf, _ in query.leaves()
        if isinstance(leaf, Comparison | Unrated) and leaf.axis.contingent is None
    }


def _asks_for_status(query: Query) -> bool:
    asked = (State.USABLE, State.WITHHELD, State.WITHDRAWN)
    return any(
        isinstance(leaf, Tag) and leaf.key is Key.IS and leaf.value in asked for leaf, _ in query.leaves()
    )


def _digest(content: t.Filter) -> bytes:
    """The filter's content as bytes: equal for equal filters."""
    return msgspec.json.encode(content, enc_hook=_text)


def _text(value: object) -> str:
    if isinstance(value, Scalar):
        return str(value)
    raise TypeError(f"a filter with a {type(value).__name__} in it")
