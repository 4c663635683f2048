"""Every key of the desk, told from the bindings themselves, on a screen and for the docs."""

from collections.abc import Iterator

from textual.binding import Binding
from textual.dom import DOMNode

from newsrepo.desk.app import Desk
from newsrepo.desk.dialogs import Rate
from newsrepo.desk.lines import BLANK, Line, Run, Style, fold, line, run
from newsrepo.desk.reading import RecordScreen, SidesScreen, StatementScreen, VersionsRoom
from newsrepo.desk.rooms import NewRoom, SearchRoom
from newsrepo.desk.screens import Board, PageScreen
from newsrepo.desk.widgets import Page, Rows

PLACES: tuple[tuple[str, type[DOMNode]], ...] = (
    ("Everywhere", Desk),
    ("On every screen", Board),
    ("In a list", Rows),
    ("In a text", Page),
    ("New", NewRoom),
    ("Reading", RecordScreen),
    ("Rating", Rate),
    ("Versions", VersionsRoom),
    ("Side by side", SidesScreen),
    ("A statement", StatementScreen),
    ("Search", SearchRoom),
)
"""Where keys mean something, and the class that says which."""

_NAMES = {
    "question_mark": "?",
    "slash": "/",
    "pagedown": "Page Down",
    "pageup": "Page Up",
    "escape": "Esc",
    "backspace": "Backspace",
    "enter": "Enter",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "down": "↓",
    "up": "↑",
}


_NARROW = 60


def keys(of: type[DOMNode]) -> Iterator[tuple[str, str]]:
    """The keys that a class itself declares, and what each does."""
    for binding in of.__dict__.get("BINDINGS", ()):
        if isinstance(binding, Binding):
            yield " ".join(map(_name, binding.key.split(","))), binding.tooltip or binding.description
    if of is Rate:
        yield "0 to 9", "The value of the axis that is asked for"
        yield "-", "Leave the axis out"
        yield "u", "Back by one axis"


def _name(key: str) -> str:
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key.removeprefix('ctrl+').upper()}"
    return key.upper() if key.startswith("f") and key[1:].isdigit() else key


def help_lines(width: int) -> list[Line]:
    """The help screen."""
    intro = (
        "The desk shows what is new across contingents since you last looked, and lets you read, rate, "
        "compare and ask why, by keys alone. Everything is read from this clone: newsrepo sync fetches, the "
        "desk never does. A rating is written to its file at once; commit and publish it as always."
    )
    lines = [*fold([run(intro)], width), BLANK]
    for title, of in PLACES:
        lines.append(line(title, Style.TITLE))
        for key, what in keys(of):
            if width < _NARROW:
                lines.append((Run(f"  {key}", Style.STRONG),))
                lines += fold([run(what)], width, (Run("    "),))
            else:
                lines += fold([run(what)], width, (Run(f"  {key:<22} ", Style.STRONG),), (Run(" " * 25),))
        lines.append(BLANK)
    return lines


def table() -> str:
    """The same as a table in Markdown, for the docs."""
    rows = ["| where | key | what it does |", "| --- | --- | --- |"]
    for title, of in PLACES:
        rows += [f"| {title} | `{key}` | {what} |" for key, what in keys(of)]
    return "\n".join(rows) + "\n"


class HelpScreen(PageScreen):
    """Every key of the desk."""

    def __init__(self) -> None:
        super().__init__("Help")

    def load(self) -> None:
        self.show_lines(help_lines)


if __name__ == "__main__":
    import sys

    sys.stdout.write(table())
