"""Reads a query: a plain LALR driver over the generated tables, and the leaves turned into typed values."""

import re
from collections.abc import Callable
from typing import NamedTuple

from newsrepo.filters.faults import QueryError
from newsrepo.filters.query import mistakes, tables
from newsrepo.filters.query.leaves import comparison, field, phrase, word
from newsrepo.filters.query.syntax import EVERYTHING, Node, Not, Query, conjunction, disjunction

MAX_LENGTH = 4000
MAX_DEPTH = 100

_SKIP = re.compile(r"\s*")
_VALUE = re.compile(dict(tables.TERMINALS)["VALUE"])
_TOKEN = re.compile("|".join(f"(?P<{name}>{p})" for name, p in tables.TERMINALS if name != "VALUE"))


class Token(NamedTuple):
    """A terminal with its text, where it begins and where the next one may."""

    name: str
    text: str
    column: int
    end: int


class Part(NamedTuple):
    """A finished part of the query and how deeply it is nested."""

    node: Node
    depth: int


def parse_query(text: str) -> Query:
    """Read a query; blank text is the query that holds of everything. Raises QueryError.

    Names of axes, contingents, filters and articles are checked for their form only; whether a commons
    has them is for ``unknown_names``.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query is {len(text)} characters long, {MAX_LENGTH} are allowed",
            MAX_LENGTH + 1,
            "split it: a filter can build on another one with in:",
            "query-too-long",
        )
    states = [0]
    tokens: list[Token] = []  # shifted and not yet reduced
    parts: list[Part] = []
    columns: list[int] = []  # of the leaves, which are reduced from left to right
    position = 0
    while True:
        token = _token(text, position, states[-1])
        while (rule := tables.REDUCE[states[-1]].get(token.name)) is not None:
            action, symbol, size = tables.RULES[rule]
            del states[len(states) - size :]
            states.append(tables.GOTO[states[-1]][symbol])
            _reduce(action, tokens, parts, columns)
        if token.name == "$END" and states[-1] == tables.END:
            return Query(parts[0].node, tuple(columns))
        following = tables.SHIFT[states[-1]].get(token.name)
        if following is None:
            open_terms = [(t.text, t.column) for t in tokens]
            raise mistakes.misplaced(token.name, token.text, token.column, open_terms)
        states.append(following)
        tokens.append(token)
        position = token.end


def _token(text: str, position: int, state: int) -> Token:
    """The next token. After an operator anything up to a space is its number."""
    skipped = _SKIP.match(text, position)
    position = skipped.end() if skipped else position
    if position == len(text):
        return Token("$END", "", position + 1, position)
    match = _VALUE.match(text, position) if "VALUE" in tables.SHIFT[state] else None
    name = "VALUE"
    if match is None:
        match = _TOKEN.match(text, position)
        name = (match.lastgroup or "") if match else ""
    if match is None:
        raise mistakes.unreadable(text, position)
    for index, char in enumerate(match[0]):
        if not char.isprintable() and not char.isspace():
            raise mistakes.unprintable(char, position + index + 1)
    return Token(name, match[0], position + 1, match.end())


def _reduce(action: str, tokens: list[Token], parts: list[Part], columns: list[int]) -> None:
    """Do what a rule of the grammar says with the tokens and parts on top."""
    if action in ("some", "same"):
        return
    if action == "everything":
        parts.append(Part(EVERYTHING, 0))
    elif action in ("all", "any"):
        right = parts.pop()
        left = parts.pop()
        join = conjunction if action == "all" else disjunction
        if action == "any":
            tokens.pop()
        parts.append(Part(join((left.node, right.node)), max(left.depth, right.depth)))
    elif action in ("group", "not"):
        opening = tokens.pop() if action == "not" else tokens[-2]
        if action == "group":
            del tokens[-2:]
        part = parts.pop()
        if part.depth >= MAX_DEPTH:
            raise QueryError(
                f"more than {MAX_DEPTH} parentheses or minus signs inside each other",
                opening.column,
                "write it flatter, or put a part into a filter of its own and use in:",
                "query-too-deep",
            )
        parts.append(Part(part.node if action == "group" else Not(part.node), part.depth + 1))
    else:
        size, make = _LEAVES[action]
        taken = tokens[-size:]
        del tokens[-size:]
        columns.append(taken[0].column)
        parts.append(Part(make(*((t.text, t.column) for t in taken)), 0))


_LEAVES: dict[str, tuple[int, Callable[..., Node]]] = {
    "word": (1, word),
    "phrase": (1, phrase),
    "field": (1, field),
    "comparison": (3, comparison),
}
