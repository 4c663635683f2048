"""What is asked in between: one key out of a few, or a rating."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from newsrepo.desk.lines import BLANK, Line, Style, fold, run
from newsrepo.desk.rating import BACK, LEAVE, Sheet, sheet_lines
from newsrepo.desk.widgets import Page

LONGEST = 2000
"""How many characters a note may have."""

_CSS = """
{name} {{ align: center middle; }}
{name} > Vertical {{
    width: 76; max-width: 100%; height: auto; max-height: 90%; border: solid $primary; padding: 0 1;
    background: $surface;
}}
{name} Page {{ height: auto; max-height: 16; }}
{name} Input {{ display: none; }}
{name} Input.asked {{ display: block; }}
"""
_WIDTH = 68


class Choice(ModalScreen[str]):
    """A few lines and a few keys; answers the key that was pressed, or nothing at Escape."""

    CSS = _CSS.format(name="Choice")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "Leave it")]

    def __init__(self, lines: list[Line], keys: Mapping[str, str]) -> None:
        super().__init__()
        told = "   ".join(f"{key} {what}" for key, what in keys.items())
        self._lines = [*lines, BLANK, *fold([run(f"{told}   Esc leaves it")], _WIDTH)]
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Page()

    def on_mount(self) -> None:
        show(self.query_one(Page), self._lines)

    def on_key(self, event: events.Key) -> None:
        name = "Enter" if event.key == "enter" else event.character or ""
        if name in self._keys:
            event.stop()
            self.dismiss(name)


class Rate(ModalScreen[bool]):
    """Asks for one axis after the other, one key each. Answers whether the rating is to be written.

    ``kept`` hears of every change, so that a rating half given is still there when one comes back.
    """

    CSS = _CSS.format(name="Rate")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "later", "Later", tooltip="Go on later: what was given is kept"),
        Binding("n", "note", "Note", tooltip="Say why, in one line"),
        Binding("enter", "write", "Write", tooltip="Write what was given so far"),
    ]

    def __init__(self, title: str, sheet: Sheet, kept: Callable[[Sheet], None]) -> None:
        super().__init__()
        self._heading = title
        self.sheet = sheet
        self._kept = kept
        self._noting = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Page()
            yield Input(max_length=LONGEST)

    def on_mount(self) -> None:
        self._show()

    @property
    def _input(self) -> Input:
        return self.query_one(Input)

    def _show(self) -> None:
        self._kept(self.sheet)
        typed = self._noting or (self.sheet.scale is not None and not self.sheet.by_key)
        self._input.set_class(typed, "asked")
        if typed:
            self._input.placeholder = "a note, in one line" if self._noting else "a number"
            self._input.focus()
        else:
            self.query_one(Page).focus()
        keys = f"{LEAVE} leaves an axis out   {BACK} back   n note   Enter writes it   Esc goes on later"
        show(
            self.query_one(Page),
            [
                *fold([run(self._heading, Style.TITLE)], _WIDTH),
                BLANK,
                *sheet_lines(self.sheet, _WIDTH),
                *fold([run(keys, Style.DIM)], _WIDTH),
            ],
        )

    def on_key(self, event: events.Key) -> None:
        if self._input.has_class("asked"):
            return
        if event.character is not None and (event.character.isdigit() or event.character in (LEAVE, BACK)):
            event.stop()
            self._press(event.character)

    def _press(self, text: str) -> None:
        self.sheet = self.sheet.press(text)
        if self.sheet.scale is None and not self.sheet.fault:
            self._kept(self.sheet)
            self.dismiss(True)
            return
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self._input.value = ""
        if not self._noting:
            self._press(text)
            return
        self._noting = False
        if text and not text.isprintable():
            self.sheet = replace(self.sheet, fault="a note is one line of letters that can be seen")
        else:
            self.sheet = replace(self.sheet, note=text, fault="")
        self._show()

    def action_note(self) -> None:
        self._noting = True
        self._input.value = self.sheet.note
        self._show()

    def action_write(self) -> None:
        self.dismiss(True)

    def action_later(self) -> None:
        if self._noting:
            self._noting = False
            self._input.value = ""
            self._show()
            return
        self.dismiss(False)


def show(page: Page, lines: list[Line]) -> None:
    """A page as high as its lines."""
    page.styles.height = len(lines)
    page.fill(lines)
