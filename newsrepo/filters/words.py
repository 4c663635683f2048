"""A query in plain words, for readers who will never write one. Pure: the tree in, English out.

Every leaf is one clause about an article, with its negation where ``-`` stands before it. What the words say
is what ``evaluate`` does: a comparison and its negation both need a rating.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from newsrepo.filters.query.syntax import (
    And,
    AxisRef,
    Comparison,
    Key,
    Node,
    Not,
    Op,
    Or,
    Phrase,
    Query,
    State,
    Tag,
    Unrated,
    When,
    Word,
)
from newsrepo.ids import AxisId
from newsrepo.records.scalars import Span


class Names(NamedTuple):
    """How ids are called to a reader."""

    axis: Callable[[AxisId], str]
    contingent: Callable[[str], str]
    article: Callable[[str], str]
    day: Callable[[When], str]


_STATES = {
    State.ABRIDGEMENT: ("is an abridgement", "is no abridgement"),
    State.COMPILATION: ("is a compilation", "is no compilation"),
    State.CORRECTION: ("is a correction", "is no correction"),
    State.DERIVED: ("is based on another article", "is based on no other article"),
    State.ORIGINAL: ("is based on no other article", "is based on another article"),
    State.QUOTE: ("quotes another article", "quotes no other article"),
    State.RATED: ("is rated", "is not rated"),
    State.REWRITE: ("is a rewrite", "is no rewrite"),
    State.SUMMARY: ("is a summary", "is no summary"),
    State.TRANSLATION: ("is a translation", "is no translation"),
    State.UNRATED: ("is not rated", "is rated"),
    State.USABLE: ("is neither withheld nor withdrawn", "is withheld or withdrawn"),
    State.WITHDRAWN: ("is withdrawn", "is not withdrawn"),
    State.WITHHELD: ("is withheld", "is not withheld"),
}

_OPS = {
    Op.AT_LEAST: ("at least", Op.LESS),
    Op.MORE: ("more than", Op.AT_MOST),
    Op.AT_MOST: ("at most", Op.MORE),
    Op.LESS: ("less than", Op.AT_LEAST),
    Op.EQUAL: ("exactly", Op.OTHER),
    Op.OTHER: ("anything but", Op.EQUAL),
}

_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


def in_words(query: Query, names: Names) -> tuple[str, ...]:
    """The conditions that an article must meet, all of them; none for the empty query."""
    root = query.root
    parts = root.parts if isinstance(root, And) else (root,)
    return tuple(_said(part, names, negative=False, inside=False) for part in parts)


def _said(node: Node, names: Names, *, negative: bool, inside: bool) -> str:
    if isinstance(node, Not):
        return _said(node.part, names, negative=not negative, inside=inside)
    if isinstance(node, And | Or):
        # Not (a and b) is: not a, or not b. Ratings stay asked for on either side.
        parts = [_said(part, names, negative=negative, inside=True) for part in node.parts]
        whole = _listed(parts, "and" if isinstance(node, And) != negative else "or")
        return f"({whole})" if inside else whole
    return _leaf(node, names)[negative]


def _listed(parts: Iterable[str], word: str) -> str:
    return f", {word} ".join(parts)


def _leaf(node: Node, names: Names) -> tuple[str, str]:
    """What a leaf says of an article, and what its negation says."""
    match node:
        case Word(text=text) | Phrase(text=text):
            return f"has \u201c{text}\u201d in its text", f"does not have \u201c{text}\u201d in its text"
        case When(key=Key.SINCE):
            return f"is dated {names.day(node)} or later", f"is dated before {names.day(node)}"
        case When():
            return f"is dated {names.day(node)} or earlier", f"is dated after {names.day(node)}"
        case Unrated(axis=axis):
            on, who = names.axis(axis.axis), _voice(axis, names)
            return f"is not rated for {on} by {who}", f"is rated for {on} by {who}"
        case Comparison():
            return _compared(node, node.op, names), _compared(node, _OPS[node.op][1], names)
        case Tag():
            return _tag(node, names)
        case _:
            raise AssertionError(f"a query with a {type(node).__name__} in it")


def _voice(axis: AxisRef, names: Names) -> str:
    if axis.rater is not None:
        contingent, _, rater = axis.rater.partition("/")
        return f"{rater} of {names.contingent(contingent)}"
    return names.contingent(axis.contingent) if axis.contingent else "those whom this filter trusts"


def _compared(node: Comparison, op: Op, names: Names) -> str:
    on, who = names.axis(node.axis.axis), _voice(node.axis, names)
    number = str(node.number).replace("-", "\u2212")
    return f"is rated {_OPS[op][0]} {number} for {on} by {who}"


def _tag(node: Tag, names: Names) -> tuple[str, str]:
    value = node.value
    match node.key:
        case Key.TOPIC:
            rest = f"about the topic \u201c{value.replace('-', ' ')}\u201d"
        case Key.PLACE:
            rest = f"about the place \u201c{value}\u201d"
        case Key.BY:
            rest = f"by {names.contingent(value)}"
        case Key.AUTHOR:
            rest = f"signed by \u201c{value}\u201d"
        case Key.LANG:
            rest = f"in the language \u201c{value}\u201d"
        case Key.IN:
            rest = f"selected by the filter {value}"
        case Key.BASED_ON:
            rest = f"based on {names.article(value)}"
        case Key.IS:
            return _STATES[State(value)]
        case _:
            raise AssertionError(f"a query with a plain {node.key}: in it")
    return f"is {rest}", f"is not {rest}"


def span_words(span: Span) -> str:
    """``30 days``, ``1 year``."""
    unit = _UNITS[span.unit]
    return f"{span.count} {unit}" if span.count == 1 else f"{span.count} {unit}s"
