"""Where a query goes wrong: a mark under the place, and the fact."""

from newsrepo.desk.lines import Line, Run, Style, run
from newsrepo.errors import NewsrepoError

LEAD = 1
"""Cells before the query in its field."""

_SHOWN = 60


def fault_line(query: str) -> Line:
    """A mark under the place where the query cannot be read, and why; nothing while it can."""
    from newsrepo.filters import QueryError, parse_query

    try:
        parse_query(query)
    except QueryError as error:
        return _marked(query, error)
    return ()


def mark_line(error: NewsrepoError) -> Line:
    """The mark of an error that shows the query with a mark below it."""
    rows = error.message.split("\n")
    if len(rows) < 3 or len(rows[-1]) > _SHOWN:
        return ()
    return (run(" " * LEAD + rows[-1], Style.WARNING),)


def _marked(query: str, error: object) -> Line:
    from rich.cells import cell_len

    column, fact = getattr(error, "column", 1), getattr(error, "fact", "")
    before = cell_len(run(query[: column - 1]).text)
    if before > _SHOWN:
        return (run(f"column {column}: {fact}", Style.WARNING),)
    return (Run(" " * (LEAD + before)), run(f"^ {fact}", Style.WARNING))
