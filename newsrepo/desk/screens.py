"""What every screen of the desk has: where one is, the rooms, what was said last, the keys."""

from asyncio import wrap_future
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer

from newsrepo.desk.lanes import Lane
from newsrepo.desk.lines import Line, Run, Style, run
from newsrepo.desk.rows import Row
from newsrepo.desk.widgets import Bar, Page, Rows
from newsrepo.errors import NewsrepoError
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from concurrent.futures import Future

    from newsrepo.desk.app import Desk

T = TypeVar("T")

ROOMS = (
    ("1", "new", "New"),
    ("2", "fronts", "Fronts"),
    ("3", "to_rate", "To rate"),
    ("4", "asked", "Questions"),
    ("5", "votes", "Votes"),
    ("slash", "search", "Search"),
)
"""The rooms: the key, the name of the action, what it is called."""


class Board(Screen[str]):
    """A screen with a head, a body, a line for words and the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,backspace", "back", "Back", tooltip="Back; from the first screen, leave"),
    ]
    ROOM: ClassVar[str] = ""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    @property
    def desk(self) -> "Desk":
        return cast("Desk", self.app)

    def compose(self) -> ComposeResult:
        yield Bar("head")
        yield Bar("rooms")
        yield self.body()
        yield Bar("word")
        yield Footer(compact=True)

    def body(self) -> Rows | Page:
        raise NotImplementedError

    def on_mount(self) -> None:
        self.desk.word = ()
        self.show_head()
        self.load()

    def on_screen_resume(self) -> None:
        self.show_head()

    def load(self) -> None:
        """Ask for what the screen shows; also when one looks anew."""

    def show_head(self) -> None:
        """Say where one is, whose desk it is, and by which filter it looks."""
        desk = self.desk
        parts = [desk.commons, desk.rater, f"by {desk.lens}" if desk.lens else "", str(desk.office.today)]
        said = " · ".join(part for part in parts if part)
        self.query_one("#head", Bar).show((run(f" {self.heading} ", Style.TITLE), run(f" {said}", Style.DIM)))
        rooms: list[Run] = []
        for key, name, title in ROOMS:
            style = Style.TITLE if name == self.ROOM else Style.PLAIN
            left, right = ("[", "]") if name == self.ROOM else (" ", " ")
            rooms.append(Run(f"{left}{'/' if key == 'slash' else key} {title}{right}", style))
        self.query_one("#rooms", Bar).show(tuple(rooms))

    def say(self, text: str, style: Style = Style.PLAIN) -> None:
        """A word below the body; it stands until the next one."""
        self.desk.word = (run(f" {text}", style),)
        self.desk.show_word()

    def say_error(self, error: NewsrepoError) -> None:
        """What could not be done, and the way out."""
        first = error.message.partition("\n")[0]
        self.say(f"{first}{' — ' if error.hint else ''}{error.hint}", Style.WARNING)

    def ask(
        self,
        lane: Lane,
        question: Callable[[Workspace], T],
        then: Callable[[T], None],
        what: str,
        failed: Callable[[NewsrepoError], None] | None = None,
    ) -> None:
        """Put a question to a lane, and go on with the answer; keys are heard meanwhile."""
        self.wait(lane.ask(question), then, what, failed)

    def wait(
        self,
        answer: "Future[T]",
        then: Callable[[T], None],
        what: str,
        failed: Callable[[NewsrepoError], None] | None = None,
    ) -> None:
        """Go on with an answer when it is there; nothing, if the screen is gone by then."""

        async def waiting() -> None:
            with self.desk.busy(what):
                try:
                    found = await wrap_future(answer)
                except NewsrepoError as error:
                    (failed or self.say_error)(error)
                    return
                except OSError as error:
                    from newsrepo.cli.oserrors import explain

                    (failed or self.say_error)(NewsrepoError(*explain(error)))
                    return
                except Exception as error:  # noqa: BLE001 - a bug of ours: the desk ends and says so
                    self.desk.fail(error)
                    return
            then(found)

        self.run_worker(waiting())

    def action_back(self) -> None:
        self.desk.back()


class ListScreen(Board):
    """A screen whose body is a list."""

    EMPTY: ClassVar[str] = "Nothing."

    def body(self) -> Rows:
        return Rows()

    @property
    def list(self) -> Rows:
        return self.query_one(Rows)

    def fill(self, rows: Sequence[Row]) -> None:
        self.list.fill(rows, self.EMPTY)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        self.open(event.row)

    def open(self, row: Row) -> None:
        """Open a row; what lies beside it can be reached from there."""
        self.desk.open(row, self.list.rows)


class PageScreen(Board):
    """A screen whose body is a text. The lines are made in a lane, for the width that there is."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._made: Callable[[int], list[Line]] | None = None
        self._width = 0

    def body(self) -> Page:
        return Page()

    @property
    def page(self) -> Page:
        return self.query_one(Page)

    @property
    def columns(self) -> int:
        """How wide the text may be: all but the scrollbar."""
        return max(self.app.size.width - 1, 20)

    def show_lines(self, make: Callable[[int], list[Line]], *, top: bool = True) -> None:
        """Show what ``make`` makes of the width; made again when that changes."""
        self._made, self._width = make, self.columns
        width = self._width
        self.ask(
            self.desk.office.quick,
            lambda _: make(width),
            lambda lines: self.page.fill(lines, top=top),
            "setting lines",
        )

    def show_error(self, error: NewsrepoError) -> None:
        """Fill the page with what went wrong."""
        from newsrepo.desk.pages import error_lines

        self.show_lines(lambda width: error_lines(error, width))

    def on_resize(self) -> None:
        if self._made is not None and self._width != self.columns:
            self.show_lines(self._made, top=False)
