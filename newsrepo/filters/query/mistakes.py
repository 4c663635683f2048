"""Why a text is not a query: each way of going wrong, with its column and the way out."""

import re
from collections.abc import Sequence

from newsrepo.filters.faults import QueryError, shown
from newsrepo.filters.query.leaves import EXAMPLES, RESERVED, unknown_key
from newsrepo.filters.query.syntax import Key, Op

_COMPARE = "write a comparison like newsworthy>=3"
_QUOTE = 'put text with special characters in "quotes"'
_OPS = frozenset(op.value for op in Op)


def unreadable(text: str, position: int) -> QueryError:
    """No term begins at ``position``."""
    column = position + 1
    char = text[position]
    if char == '"':
        return QueryError("this quotation mark is never closed", column, 'add the closing "')
    if char == ":":
        before = re.search(r"[^\s\"():<>=!]+\Z", text[:position])
        if before is None:
            return QueryError("a colon with no key before it", column, _QUOTE)
        if before[0] not in list(Key):
            return unknown_key(before[0], before.start() + 1)
        if text[column : column + 1] == '"':
            return QueryError("this quotation mark is never closed", column + 1, 'add the closing "')
        return QueryError(
            f"no value after '{before[0]}:'",
            before.start() + 1,
            f"write {EXAMPLES[Key(before[0])]} with no space in between",
        )
    return QueryError(f"unexpected {shown(char)}", column, _QUOTE)


def unprintable(char: str, column: int) -> QueryError:
    """A control or another character that nobody can see."""
    return QueryError(f"the character U+{ord(char):04X} cannot stand in a query", column, "leave it out")


def misplaced(name: str, text: str, column: int, before: Sequence[tuple[str, int]]) -> QueryError:
    """The terminal ``name`` may not stand at ``column``; ``before`` are the tokens still open, in order."""
    last, at = before[-1] if before else ("", 0)
    if last in _OPS:
        return QueryError(f"no number after {last!r}", at, _COMPARE)
    if name == "OP":
        return QueryError(f"{text!r} has no axis before it", column, _COMPARE)
    if name == "OR" or last == "OR":
        return QueryError("OR needs something on both sides", column if name == "OR" else at, RESERVED["OR"])
    if name == "RPAR" and last == "(":
        return QueryError("nothing stands between these parentheses", at, "remove them")
    if name == "RPAR":
        return QueryError("this parenthesis was never opened", column, "remove it, or add ( before")
    opened = next((place for term, place in reversed(before) if term == "("), 0)
    if name == "$END" and opened:
        return QueryError("this parenthesis is never closed", opened, "add )")
    return QueryError(f"unexpected {shown(text)}", column, _QUOTE)
