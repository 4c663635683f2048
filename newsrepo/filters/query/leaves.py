"""The leaves of a query: the text of one term turned into a typed value, or into an error with its column."""

import re

from newsrepo.filters.faults import QueryError, nearest, shown
from newsrepo.filters.query.syntax import (
    AxisRef,
    Comparison,
    Key,
    Node,
    Op,
    Phrase,
    State,
    Tag,
    Unrated,
    When,
    Word,
)
from newsrepo.ids import IdError, article_id, axis_id, contingent_id, filter_id, is_name, rater_id
from newsrepo.records.scalars import Day, Decimal, ScalarError, Span

EXAMPLES = {
    Key.AUTHOR: 'author:"Rosa Luxemburg"',
    Key.BASED_ON: "based-on:abc/2026/dock-strike",
    Key.BY: "by:abc",
    Key.IN: "in:abc/daily",
    Key.IS: "is:rewrite",
    Key.LANG: "lang:en",
    Key.PLACE: "place:Hamburg",
    Key.SINCE: "since:30d or since:2026-01-01",
    Key.TOPIC: "topic:shipping",
    Key.UNRATED: "unrated:newsworthy",
    Key.UNTIL: "until:2026-12-31",
}
"""One example of each key, for hints and help."""

RESERVED = {
    "AND": 'side by side already means and: leave it out, or search for the word as "AND"',
    "NOT": 'write - before what must not be, or search for the word as "NOT"',
    "OR": 'write something on both sides of OR, or search for the word as "OR"',
}

_LANG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def word(term: tuple[str, int]) -> Node:
    text, column = term
    if text in RESERVED:
        raise QueryError(f"{text} is not a word to search for", column, RESERVED[text])
    if text.startswith("-"):
        hint = "write it right before what must not be: -topic:sport"
        raise QueryError("a minus sign with a space after it", column, hint)
    _searchable(text, column)
    return Word(text)


def phrase(term: tuple[str, int]) -> Node:
    text, column = term
    inner = unquoted(text, column)
    if not inner.strip():
        raise QueryError("an empty phrase", column, "leave it out, or put words between the quotation marks")
    _searchable(inner, column)
    return Phrase(inner)


def field(term: tuple[str, int]) -> Node:
    text, column = term
    name, _, rest = text.partition(":")
    start = column + len(name) + 1
    try:
        key = Key(name)
    except ValueError:
        raise unknown_key(name, column) from None
    value = unquoted(rest, start) if rest.startswith('"') else rest
    if not value.strip():
        raise QueryError(f"no value after '{key}:'", column, f"write {EXAMPLES[key]}")
    if key is Key.UNRATED:
        return Unrated(axis(value, start))
    if key in (Key.SINCE, Key.UNTIL):
        return When(key, _when(value, start))
    return Tag(key, _tag(key, value, start))


def comparison(left: tuple[str, int], op: tuple[str, int], right: tuple[str, int]) -> Node:
    reference = axis(*left)
    try:
        return Comparison(reference, Op(op[0]), Decimal.parse(right[0]))
    except ScalarError as error:
        hint = f"compare with a number, as in {reference}{op[0]}3" if len(right[0]) > 20 else error.hint
        raise QueryError(f"{shown(right[0])} is not a number", right[1], hint, "bad-number") from None


def axis(text: str, column: int) -> AxisRef:
    """Read ``[C/]AXIS[@C[/RATER]]``. Raises QueryError."""
    name, at, voice = text.partition("@")
    example = "an axis is written newsworthy, abc/line, newsworthy@lmn or newsworthy@lmn/ann"
    try:
        axis_name = axis_id(name)
    except IdError as error:
        raise QueryError(f"not an axis: {_short(error)}", column, example, "bad-axis") from None
    if not at:
        return AxisRef(axis_name)
    try:
        if "/" in voice:
            rater = rater_id(voice)
            return AxisRef(axis_name, contingent_id(voice.partition("/")[0]), rater)
        return AxisRef(axis_name, contingent_id(voice))
    except IdError as error:
        raise QueryError(_short(error), column + len(name) + 1, example, "bad-axis") from None


def unquoted(text: str, column: int) -> str:
    r"""The text between quotation marks; only ``\"`` and ``\\`` are escapes. Raises QueryError."""
    inner = text[1:-1]
    if "\\" not in inner:
        return inner
    found: list[str] = []
    index = 0
    while index < len(inner):
        char = inner[index]
        if char == "\\":
            index += 1
            char = inner[index]
            if char not in '"\\':
                raise QueryError(
                    "a backslash that escapes nothing",
                    column + index,
                    'write \\\\ for a backslash and \\" for a quotation mark',
                )
        found.append(char)
        index += 1
    return "".join(found)


def unknown_key(name: str, column: int) -> QueryError:
    every = ", ".join(key.value for key in Key)
    hint = nearest(name, (key.value for key in Key), f"the keys are {every}")
    if name in ("http", "https", "article"):
        hint = 'put text with a colon in quotes: "like: this"'
    return QueryError(f"no such key: {shown(name + ':')}", column, hint, "unknown-key")


def _short(error: IdError) -> str:
    """What is wrong with an id, cut where it quotes too much of it."""
    fact = str(error)
    return fact if len(fact) <= 160 else fact[:159] + "…"


def _searchable(text: str, column: int) -> None:
    if not any(c.isalnum() for c in text):
        raise QueryError(
            f"{shown(text)} has no letter or digit to search for", column, "leave it out, or write a word"
        )


def _when(value: str, column: int) -> Day | Span:
    kind: type[Day] | type[Span] = Span if value[-1] in "dwmy" else Day
    try:
        return kind.parse(value)
    except ScalarError as error:
        fact = error.message if len(value) <= 40 else f"{shown(value)} is not a date"
        raise QueryError(
            fact, column, "write a day as 2026-01-31, or a time before today as 30d, 2w, 6m, 1y", "bad-date"
        ) from None


def _tag(key: Key, value: str, column: int) -> str:
    """The value of a key in its canonical form. Raises QueryError."""
    try:
        if key is Key.BY:
            return contingent_id(value)
        if key is Key.IN:
            return filter_id(value.removeprefix("filter:"))
        if key is Key.BASED_ON:
            return article_id(value)
    except IdError as error:
        raise QueryError(_short(error), column, f"write {EXAMPLES[key]}", "bad-id") from None
    if key is Key.IS:
        states = [state.value for state in State]
        if value not in states:
            hint = nearest(value, states, f"one of {', '.join(states)}")
            raise QueryError(f"no such state: {shown('is:' + value)}", column, hint, "unknown-state")
    elif key is Key.TOPIC:
        lower = value.lower()
        if not is_name(lower, 80):
            raise QueryError(
                f"{shown(value)} is not a topic",
                column,
                "topics are lower-case letters and digits joined by hyphens: topic:sea-trade",
                "bad-id",
            )
        return lower
    elif key is Key.LANG and _LANG.fullmatch(value) is None:
        raise QueryError(f"{shown(value)} is not a language", column, "write lang:en or lang:pt-BR", "bad-id")
    return value
