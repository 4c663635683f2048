"""The query language: text to a frozen tree and back."""

from newsrepo.filters.query.parser import MAX_DEPTH, MAX_LENGTH, parse_query
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

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "And",
    "AxisRef",
    "Comparison",
    "Key",
    "Node",
    "Not",
    "Op",
    "Or",
    "Phrase",
    "Query",
    "State",
    "Tag",
    "Unrated",
    "When",
    "Word",
    "parse_query",
]
