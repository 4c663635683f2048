"""Lines for the screen: runs of encoded text with a style each, folded and cut by terminal cells.

Text of files becomes a run through ``run`` alone, which encodes it, so that no line can hold a character that
a terminal acts on, whoever wrote it.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from newsrepo.cli.present.encode import terminal


class Style(StrEnum):
    """What a run of text is; the widgets say how that looks. None rests on colour alone."""

    PLAIN = "plain"
    TITLE = "title"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    DIM = "dim"
    CODE = "code"
    LINK = "link"
    ADDED = "added"
    DROPPED = "dropped"
    CHANGED = "changed"
    MOVED = "moved"
    WARNING = "warning"


class Run(NamedTuple):
    """Some encoded text in one style."""

    text: str
    style: Style = Style.PLAIN


Line = tuple[Run, ...]

BLANK: Line = ()


def run(text: str, style: Style = Style.PLAIN) -> Run:
    """``text`` of whatever origin as a run; line feeds and tabs become spaces."""
    return Run(terminal(text.replace("\n", " ").replace("\t", " ")), style)


def line(text: str, style: Style = Style.PLAIN) -> Line:
    """A line of one run."""
    return (run(text, style),)


def plain(of: Line) -> str:
    """What a line says, without its styles."""
    return "".join(text for text, _ in of)


def cut(text: str, width: int) -> str:
    """``text`` in exactly ``width`` cells: padded, or cut with an ellipsis."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(text, width - 1) + "…"


def fold(
    runs: Iterable[Run], width: int, first: Sequence[Run] = (), rest: Sequence[Run] | None = None
) -> list[Line]:
    """``runs`` in lines of at most ``width`` cells, broken at spaces; a word that is longer is cut.

    The first line begins with ``first``, each other with ``rest`` (None: the same). Prefixes that take more
    than half of the width are left out.
    """
    heads = (tuple(first), tuple(first if rest is None else rest))
    if any(_cells(head) * 2 > width for head in heads):
        heads = ((), ())
    width = max(width, 4)
    lines: list[Line] = []
    now: list[Run] = []
    room = width - _cells(heads[0])

    def end() -> None:
        nonlocal now, room
        lines.append((*heads[1 if lines else 0], *_trimmed(now)))
        now, room = [], width - _cells(heads[1])

    for word, style in _words(runs):
        taken = cell_len(word)
        bare = cell_len(word.rstrip(" "))
        if bare > room and now:
            end()
        if bare > room:
            for piece in chop_cells(word, room):
                if now:
                    end()
                now.append(Run(piece, style))
                room -= cell_len(piece)
            continue
        if now or not lines or not word.isspace():
            now.append(Run(word, style))
            room -= taken
    if now or not lines:
        end()
    return lines


def _words(runs: Iterable[Run]) -> Iterable[Run]:
    """Each word with the spaces after it; wide characters may be parted anywhere."""
    for text, style in runs:
        start = 0
        for at, char in enumerate(text):
            ends = char == " " and text[at + 1 : at + 2] != " "
            if ends or (char > "\u1100" and cell_len(char) == 2):
                yield Run(text[start : at + 1], style)
                start = at + 1
        if start < len(text):
            yield Run(text[start:], style)


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """The runs, neighbours of one style joined, without spaces at the end."""
    joined: list[Run] = []
    for text, style in runs:
        if joined and joined[-1].style is style:
            joined[-1] = Run(joined[-1].text + text, style)
        else:
            joined.append(Run(text, style))
    while joined and not joined[-1].text.rstrip(" "):
        joined.pop()
    if joined:
        joined[-1] = Run(joined[-1].text.rstrip(" "), joined[-1].style)
    return tuple(joined)


def _cells(runs: Sequence[Run]) -> int:
    return sum(cell_len(text) for text, _ in runs)


def beside(left: Sequence[Line], right: Sequence[Line], width: int, gap: str = " │ ") -> list[Line]:
    """Two columns of ``width`` cells each, as high as the higher one."""
    rows = max(len(left), len(right))
    made: list[Line] = []
    for at in range(rows):
        one = left[at] if at < len(left) else BLANK
        other = right[at] if at < len(right) else BLANK
        pad = Run(" " * max(0, width - _cells(one)))
        made.append((*one, pad, Run(gap, Style.DIM), *other))
    return made
