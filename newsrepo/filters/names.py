"""Whether the names in a query exist in a commons: each that does not, with its column and a hint."""

from collections.abc import Iterable, Iterator

from newsrepo.commons.model import CommonsView
from newsrepo.filters.faults import QueryError, nearest, shown
from newsrepo.filters.notes import notes
from newsrepo.filters.query.syntax import AxisRef, Comparison, Key, Node, Query, Tag, Unrated
from newsrepo.ids import FilterId

_HINTS = 20
"""For how many faults of one query the nearest article is looked for, which takes long among many."""


def unknown_names(view: CommonsView, query: Query) -> tuple[QueryError, ...]:
    """An error for every axis, contingent, filter and article of the query that the commons lacks, in order.

    An article that some work says it is based on counts as known even when it is not at hand.
    """
    found: list[QueryError] = []
    for leaf, column in query.leaves():
        found += _unknown(view, leaf, column, near=len(found) < _HINTS)
    return tuple(found)


def filters_named(queries: Iterable[Query]) -> tuple[FilterId, ...]:
    """The filters that the queries name by ``in:``, without repetition, in order of id."""
    found = {
        FilterId(leaf.value)
        for query in queries
        for leaf, _ in query.leaves()
        if isinstance(leaf, Tag) and leaf.key is Key.IN
    }
    return tuple(sorted(found))


def _unknown(view: CommonsView, leaf: Node, column: int, *, near: bool) -> Iterator[QueryError]:
    if isinstance(leaf, Comparison):
        yield from _unknown_axis(view, leaf.axis, column)
    elif isinstance(leaf, Unrated):
        yield from _unknown_axis(view, leaf.axis, column + len("unrated:"))
    elif isinstance(leaf, Tag):
        at = column + len(leaf.key) + 1
        if leaf.key is Key.BY and leaf.value not in view.contingents:
            yield unknown_contingent(view, leaf.value, at)
        elif leaf.key is Key.IN and leaf.value not in view.filters:
            hint = nearest(leaf.value, view.filters, "the filters are the files under filters/")
            yield QueryError(f"no such filter: {shown(leaf.value)}", at, hint, "unknown-filter")
        elif leaf.key is Key.BASED_ON and leaf.value not in view.works and not _cited(view, leaf.value):
            whole = "write the whole id, as in based-on:abc/2026/dock-strike"
            hint = nearest(leaf.value, view.works, whole) if near else whole
            yield QueryError(f"no such article: {shown(leaf.value)}", at, hint, "unknown-article", leaf.value)


def _unknown_axis(view: CommonsView, reference: AxisRef, column: int) -> Iterator[QueryError]:
    if reference.axis not in view.axes:
        yield unknown_axis(view, reference.axis, column)
    if reference.contingent is not None and reference.contingent not in view.contingents:
        yield unknown_contingent(view, reference.contingent, column + len(reference.axis) + 1)


def unknown_axis(view: CommonsView, axis: str, column: int) -> QueryError:
    named = ", ".join(sorted(view.axes)[:12])
    every = f"the axes are {named}" if named else "no axes can be read: `newsrepo check` says why"
    return QueryError(f"no such axis: {shown(axis)}", column, nearest(axis, view.axes, every), "unknown-axis")


def unknown_contingent(view: CommonsView, contingent: str, column: int) -> QueryError:
    hint = nearest(contingent, view.contingents, "the contingents are the files under contingents/")
    return QueryError(f"no such contingent: {shown(contingent)}", column, hint, "unknown-contingent")


def _cited(view: CommonsView, article: str) -> bool:
    return article in notes(view).columns.sources
