"""What paints lines: a bar, a list with a cursor, a page to scroll. Only what is in sight is ever drawn."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style as Look
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from newsrepo.desk.lines import Line, Run, Style, cut, fold, run
from newsrepo.desk.rows import Row, shown

LOOKS = {
    Style.PLAIN: Look(),
    Style.TITLE: Look(bold=True),
    Style.STRONG: Look(bold=True),
    Style.EMPHASIS: Look(italic=True),
    Style.DIM: Look(dim=True),
    Style.CODE: Look(color="cyan"),
    Style.LINK: Look(underline=True),
    Style.ADDED: Look(color="green", bold=True),
    Style.DROPPED: Look(color="red"),
    Style.CHANGED: Look(color="yellow"),
    Style.MOVED: Look(color="cyan"),
    Style.WARNING: Look(color="yellow", bold=True),
}


def strip(line: Line, width: int, base: Look) -> Strip:
    """A line as Textual draws it. Segments are built by hand: nothing is taken for markup or a link."""
    segments = [Segment(text, base + LOOKS[style]) for text, style in line]
    return Strip(segments).adjust_cell_length(width, base)


class Bar(Widget):
    """One line: where one is, or what was said last."""

    DEFAULT_CSS = "Bar { height: 1; }"

    def __init__(self, id: str) -> None:  # noqa: A002 - the name is Textual's
        super().__init__(id=id)
        self.line: Line = ()

    def show(self, line: Line) -> None:
        """Show another line, cut to the width."""
        if line != self.line:
            self.line = line
            self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - the signature is Textual's
        width, base = self.size.width, self.rich_style
        text = "".join(run.text for run in self.line)
        line = self.line if len(text) < width // 2 else _clipped(self.line, width)
        return strip(line, width, base)


def _clipped(line: Line, width: int) -> Line:
    made: list[Run] = []
    for text, style in line:
        room = width - sum(len(run.text) for run in made)
        if room <= 0:
            break
        made.append(Run(text if len(text) * 2 <= room else cut(text, room).rstrip(), style))
    return tuple(made)


class _Scrolling(ScrollView, can_focus=True):
    """What is taller than the screen and never wider."""

    DEFAULT_CSS = (
        "_Scrolling { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }"
    )


class Rows(_Scrolling):
    """A list of rows, one of them under the cursor. Ten thousand rows cost no more than twenty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("pagedown,space", "page(1)", "Page down", show=False),
        Binding("pageup,b", "page(-1)", "Page up", show=False),
        Binding("home,g", "end(0)", "First", show=False),
        Binding("end,G", "end(1)", "Last", show=False),
        Binding("enter", "choose", "Open"),
    ]

    class Chosen(Message):
        """A row was opened."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        super().__init__(id="rows")
        self.rows: tuple[Row, ...] = ()
        self.cursor = 0
        self.empty = ""

    def fill(self, rows: Sequence[Row], empty: str) -> None:
        """Show other rows, the cursor on the same thing as before where that is still there."""
        under = self.current.target if self.current else None
        self.rows, self.empty = tuple(rows), empty
        self.cursor = next(
            (at for at, row in enumerate(self.rows) if row.target == under),
            min(self.cursor, max(len(self.rows) - 1, 0)),
        )
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._look()

    @property
    def current(self) -> Row | None:
        """The row under the cursor; None in an empty list."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def _look(self) -> None:
        """Bring the cursor into sight."""
        height = max(self.scrollable_content_region.height, 1)
        top = round(self.scroll_y)
        if not top <= self.cursor < top + height:
            wanted = self.cursor if self.cursor < top else self.cursor - height + 1
            self.scroll_to(y=wanted, animate=False, immediate=True)
        self.refresh()

    def go(self, to: int) -> None:
        """Put the cursor on a row, or on the nearest that there is."""
        self.cursor = min(max(to, 0), max(len(self.rows) - 1, 0))
        self._look()

    def action_move(self, by: int) -> None:
        self.go(self.cursor + by)

    def action_page(self, by: int) -> None:
        self.go(self.cursor + by * max(self.size.height - 1, 1))

    def action_end(self, last: int) -> None:
        self.go(len(self.rows) - 1 if last else 0)

    def action_choose(self) -> None:
        if self.current is not None:
            self.post_message(self.Chosen(self.current))

    def on_click(self, event: object) -> None:
        """A click puts the cursor there; whoever has no mouse misses nothing."""
        self.go(round(self.scroll_y) + int(getattr(event, "y", 0)))

    def on_resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.rows))
        self._look()

    def render_line(self, y: int) -> Strip:
        width, base = self.scrollable_content_region.width, self.rich_style
        at = y + round(self.scroll_y)
        if at >= len(self.rows):
            said = fold([run(self.empty, Style.DIM)], width) if self.empty and not self.rows else []
            return strip(said[y] if y < len(said) else (), width, base)
        drawn = strip(shown(self.rows[at], width), width, base)
        return drawn.apply_style(Look(reverse=True)) if at == self.cursor else drawn


class Page(_Scrolling):
    """Lines to read, as many as there are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_down", "Down", show=False),
        Binding("up,k", "scroll_up", "Up", show=False),
        Binding("pagedown,space", "page_down", "Page down", show=False),
        Binding("pageup,b", "page_up", "Page up", show=False),
        Binding("home,g", "scroll_home", "Top", show=False),
        Binding("end,G", "scroll_end", "End", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="page")
        self.lines: Sequence[Line] = ()

    def fill(self, lines: Sequence[Line], *, top: bool = True) -> None:
        """Show other lines, from the top or from where one was."""
        self.lines = lines
        self.virtual_size = Size(self.size.width, len(lines))
        if top:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, base = self.scrollable_content_region.width, self.rich_style
        at = y + round(self.scroll_y)
        return strip(self.lines[at] if at < len(self.lines) else (), width, base)
