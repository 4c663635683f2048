"""Lines with a depth as lists within lists, told to a template as a flat run of steps."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markupsafe import Markup

DEEPEST = 12
"""How deep lists are nested; what lies deeper is listed at this depth."""


class Step(NamedTuple):
    """One step of writing nested lists: an item to open, or a mark (``down``, ``up``, ``close``)."""

    open: Markup | None
    mark: str


def nested(lines: Iterable[tuple[int, Markup]]) -> Iterator[Step]:
    """Steps for lines in order of drawing, each at most one deeper than the one before; the first is at 0."""
    at = -1
    for depth, line in lines:
        if depth > at:
            if at >= 0:
                yield Step(None, "down")
        else:
            yield Step(None, "close")
            for _ in range(at - depth):
                yield Step(None, "up")
                yield Step(None, "close")
        yield Step(line, "")
        at = depth
    if at < 0:
        return
    yield Step(None, "close")
    for _ in range(at):
        yield Step(None, "up")
        yield Step(None, "close")
