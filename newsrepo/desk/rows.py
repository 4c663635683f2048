"""What a list at the desk shows: one row a thing that can be opened, cut to the width of the screen."""

from typing import NamedTuple

from newsrepo.cli.present.encode import terminal
from newsrepo.desk.lines import Line, Run, Style, cut


class Target(NamedTuple):
    """What a row opens: a record by kind and id, if need be at one version."""

    kind: str
    id: str
    version: str = ""


class Row(NamedTuple):
    """One row. ``mark`` says in a word what stands out, ``who`` is whose it is; all as files have it."""

    target: Target
    title: str
    who: str = ""
    day: str = ""
    mark: str = ""


MARK, WHO, DAY = 9, 14, 10
"""Cells of each column; the title has the rest. The narrow ones go where there is no room."""

_NARROW = 50


def shown(row: Row, width: int) -> Line:
    """The row in exactly ``width`` cells, whatever stands in it."""
    sides = [(row.mark, MARK, Style.STRONG)]
    ends = [(row.who, WHO, Style.DIM), (row.day, DAY, Style.DIM)] if width >= _NARROW else []
    room = width - sum(size + 1 for _, size, _ in (*sides, *ends))
    runs = [Run(cut(terminal(text), size) + " ", style) for text, size, style in sides]
    runs.append(Run(cut(terminal(row.title), room)))
    runs += [Run(" " + cut(terminal(text), size), style) for text, size, style in ends]
    return tuple(runs)


def by_contingent(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows contingent by contingent, each one's in the order that they had."""
    return tuple(sorted(rows, key=lambda row: row.who))
