"""``find``: the works that a query matches, through one filter's eyes when one is named."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from newsrepo.commons.model import Work
from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import FilterId, IdError, filter_id
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.filters import Query


class Found(msgspec.Struct, frozen=True):
    """The works that match, in order, at most as many as asked for; ``total`` counts all of them."""

    query: str
    filter: FilterId | None
    works: tuple[Work, ...]
    total: int
    searched: int


def find(
    work: Workspace,
    query: str,
    *,
    filter: str = "",  # noqa: A002 - its own name
    today: date,
    at: str = "",
    only: str = "",
    limit: int | None = None,
) -> Found:
    """Search a commons, or with ``only`` what one contingent's own ref says.

    Raises UsageError for a query that cannot be read or a filter that is not there.
    """
    from newsrepo import filters

    parsed = read_query(query)
    view = work.commons(work.snapshot(at=at, only=only))
    chosen = named_filter(filter, view) if filter else None
    with pointing(query):
        ids = filters.find(view, parsed, chosen, today)
    shown = ids if limit is None else ids[:limit]
    return Found(query, chosen, tuple(view.works[i] for i in shown), len(ids), len(view.works))


def read_query(text: str) -> "Query":
    """The query, or a UsageError that shows it with a mark under the fault."""
    from newsrepo.filters import parse_query

    with pointing(text):
        return parse_query(text)


@contextmanager
def pointing(text: str) -> Iterator[None]:
    """Turn what is wrong with the query ``text`` into a UsageError with a mark under the fault."""
    from newsrepo.filters import QueryError, caret

    try:
        yield
    except QueryError as error:
        raise UsageError(f"{error.message}\n{caret(text, error.column)}", error.hint) from None


def named_filter(text: str, view: "Commons") -> FilterId:
    """The filter that ``text`` names, with or without ``filter:``. Raises UsageError when there is none.

    Raises UnableError for one whose file is there and cannot be read.
    """
    bare = text.removeprefix("filter:")
    try:
        wanted = filter_id(bare)
    except IdError as error:
        raise UsageError(str(error), "a filter is named like abc/daily") from None
    if wanted not in view.filters:
        path = f"filters/{wanted}.yaml"
        if path in view.files:
            raise UnableError(f"{path!r} cannot be read", f"`newsrepo check {path}` says why")
        raise UsageError(
            f"no such filter: {bare!r}", near(bare, view.filters) or "write one with `newsrepo new filter`"
        )
    return wanted
