"""What can be wrong with a query or a filter: errors know their column, problems their field."""

import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.location import Finding, Location, Severity


class QueryError(UsageError):
    """A query is not one that we can read. ``column`` counts characters from 1; ``rule`` names the fault.

    ``article`` is the one that is not there, where that is the fault.
    """

    def __init__(
        self, fact: str, column: int, hint: str = "", rule: str = "query-syntax", article: str = ""
    ) -> None:
        super().__init__(f"in the query at column {column}: {fact}", hint)
        self.fact = fact
        self.column = column
        self.rule = rule
        self.article = article

    def finding(self, start: Location) -> Finding:
        """The same as news about a file in which the query's first character stands at ``start``."""
        place = Location(start.path, start.line, start.col + self.column - 1, start.source)
        return Finding(self.rule, place, self.fact, self.hint)


class Problem(Struct, frozen=True):
    """A fault of a filter: ``field`` leads to it, as in ``("edition", "sections", "0", "select")``.

    ``column`` counts from 1 in the text of a query, 0 where the fault is the whole field's. ``article`` is
    the one that is not there, where that is the fault.
    """

    rule: str
    field: tuple[str, ...]
    message: str
    hint: str = ""
    column: int = 0
    severity: Severity = Severity.ERROR
    article: str = ""


class FilterError(UnableError):
    """A filter cannot be evaluated; ``problems`` are all the reasons found."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        where = ".".join(first.field) + (f" at column {first.column}" if first.column else "")
        super().__init__(f"{name} has a fault in {where}: {first.message}{more}", first.hint)
        self.problems = problems


_NEAR = 100


def nearest(wanted: str, known: Iterable[str], otherwise: str) -> str:
    """A hint that names the known word closest to ``wanted``, or ``otherwise`` when none is close.

    Among more than 100 known words only those that begin like ``wanted`` are looked at, and of them the
    first hundred, so that a text full of faults stays cheap.
    """
    import difflib

    candidates = sorted(known)
    if len(candidates) > _NEAR:
        slug = wanted.rpartition("/")
        begin = f"{slug[0]}/{slug[2][:2]}" if slug[1] else wanted[:2]
        candidates = [c for c in candidates if c.startswith(begin)][:_NEAR]
    close = difflib.get_close_matches(wanted[:80], candidates, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else otherwise


def shown(text: str, limit: int = 60) -> str:
    """``text`` quoted for a message: escaped, and shortened when long."""
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


_WINDOW = 76


def caret(text: str, column: int) -> str:
    """Two lines: the part of ``text`` around ``column``, and a caret under it. No end of line at the end.

    Anything unprintable shows as a middle dot, so that the caret stands where it should.
    """
    start = max(0, min(column - 1 - _WINDOW // 2, len(text) - _WINDOW))
    part = text[start : start + _WINDOW]
    line = "".join(c if c.isprintable() else "·" for c in part)
    before = line[: column - 1 - start]
    width = sum(_width(c) for c in before)
    return f"{line}\n{' ' * width}^"


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
