"""The query language and the one selection: what is in an edition, and why."""

from newsrepo.filters.check import check_fields, check_filter, logo_fault
from newsrepo.filters.faults import FilterError, Problem, QueryError, caret
from newsrepo.filters.model import Item, Score, Selection, Share
from newsrepo.filters.names import unknown_names
from newsrepo.filters.query import Query, parse_query
from newsrepo.filters.select import find, select, unheard

__all__ = [
    "FilterError",
    "Item",
    "Problem",
    "Query",
    "QueryError",
    "Score",
    "Selection",
    "Share",
    "caret",
    "check_fields",
    "check_filter",
    "find",
    "logo_fault",
    "parse_query",
    "select",
    "unheard",
    "unknown_names",
]
