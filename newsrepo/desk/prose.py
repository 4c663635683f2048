"""Markdown as lines for the screen, read by the one parser that editions use; markup of files is only shown.

Raw HTML stands as it was written, links show where they lead and are never opened, pictures show what is said
of them. Quotes and lists deeper than ``DEEPEST`` are indented no further.
"""

from typing import Any

import pyromark

from newsrepo.desk.lines import BLANK, Line, Run, Style, fold, run
from newsrepo.records.markup import DIALECT

DEEPEST = 6
_INDENT = "  "


def prose(markdown: str, width: int) -> list[Line]:
    """The text in lines of at most ``width`` cells; code is folded too, as nothing may run off the screen."""
    made = _Made(width)
    for event in pyromark.events(markdown, options=DIALECT):
        made.take(event)
    made.flush()
    while made.lines and not made.lines[-1]:
        made.lines.pop()
    return made.lines


class _Made:
    """Lines in the making: the runs of the block being read, and what each line of it begins with."""

    def __init__(self, width: int) -> None:
        self.lines: list[Line] = []
        self._width = width
        self._runs: list[Run] = []
        self._styles: list[Style] = []
        self._quotes: list[str] = []
        self._lists: list[int | None] = []
        self._item = ""
        self._links: list[str] = []
        self._code = False
        self._cells: list[list[Run]] | None = None

    def take(self, event: Any) -> None:
        """One event of the parser."""
        if isinstance(event, str):
            self._bare(event)
            return
        ((kind, value),) = event.items()
        if kind == "Start":
            self._start(*_named(value))
        elif kind == "End":
            self._end(*_named(value))
        elif kind == "Text":
            self._text(value)
        elif kind == "Code":
            self._runs.append(run(value, Style.CODE))
        elif kind in ("InlineHtml", "Html"):
            self._html(value)
        elif kind == "FootnoteReference":
            self._runs.append(run(f"[{value}]", Style.DIM))

    def _bare(self, event: str) -> None:
        if event == "SoftBreak":
            self._runs.append(Run(" ", self._style))
        elif event == "HardBreak":
            self.flush(blank=False)
        elif event == "Rule":
            self.flush()
            self.lines += [(Run("─" * min(self._width, 20), Style.DIM),), BLANK]

    @property
    def _style(self) -> Style:
        return self._styles[-1] if self._styles else Style.PLAIN

    def _text(self, text: str) -> None:
        if not self._code:
            self._runs.append(run(text, self._style))
            return
        for row in text.removesuffix("\n").split("\n"):
            self._runs.append(run(row.replace("\t", "    "), Style.CODE))
            self.flush(blank=False)

    def _html(self, text: str) -> None:
        for number, row in enumerate(text.removesuffix("\n").split("\n")):
            if number:
                self.flush(blank=False)
            self._runs.append(run(row, Style.DIM))

    def _start(self, name: str, value: Any) -> None:
        match name:
            case "Heading":
                self._styles.append(Style.TITLE)
            case "Strong":
                self._styles.append(Style.STRONG)
            case "Emphasis":
                self._styles.append(Style.EMPHASIS)
            case "Strikethrough":
                self._runs.append(Run("~~", Style.DIM))
            case "Link" | "Image":
                self._links.append(value["dest_url"])
                self._styles.append(Style.LINK)
                if name == "Image":
                    self._runs.append(Run("[picture: ", Style.DIM))
            case "BlockQuote":
                self.flush()
                self._quotes.append("│ ")
            case "List":
                self.flush(blank=not self._lists)
                self._lists.append(value)
            case "Item":
                self.flush(blank=False)
                self._item = self._bullet()
            case "CodeBlock":
                self.flush()
                self._code = True
            case "TableHead" | "TableRow":
                self._cells = []
            case "FootnoteDefinition":
                self.flush()
                self._item = run(f"[{value}] ").text
            case _:
                pass

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "• "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _end(self, name: str, _: Any) -> None:
        match name:
            case "Paragraph":
                self.flush(blank=not self._lists)
            case "Heading":
                self._styles.pop()
                self.flush()
            case "Strong" | "Emphasis":
                self._styles.pop()
            case "Strikethrough":
                self._runs.append(Run("~~", Style.DIM))
            case "Link" | "Image":
                self._styles.pop()
                if name == "Image":
                    self._runs.append(Run("]", Style.DIM))
                self._runs.append(run(f" <{self._links.pop()}>", Style.DIM))
            case "BlockQuote":
                self.flush()
                self._quotes.pop()
            case "Item":
                self.flush(blank=False)
            case "List":
                self._lists.pop()
                self.flush(blank=not self._lists)
            case "CodeBlock":
                self._code = False
                self.lines.append(BLANK)
            case "TableCell":
                if self._cells is not None:
                    self._cells.append(self._runs)
                    self._runs = []
            case "TableHead" | "TableRow":
                self._row(head=name == "TableHead")
            case "Table" | "HtmlBlock" | "FootnoteDefinition":
                self.flush()
            case _:
                pass

    def _row(self, *, head: bool) -> None:
        """A row of a table on lines of its own: a grid would not fit, whatever stands in it."""
        for number, cell in enumerate(self._cells or ()):
            if number:
                self._runs.append(Run(" | ", Style.DIM))
            self._runs += [Run(text, Style.STRONG) for text, _ in cell] if head else cell
        self._cells = None
        self.flush(blank=False)

    def flush(self, *, blank: bool = True) -> None:
        """End the block that is being read, with an empty line after it unless there is one."""
        if self._runs or self._item:
            indent = _INDENT * min(max(len(self._lists) - 1, 0), DEEPEST)
            bars = "".join(self._quotes[:DEEPEST])
            inner = " " * len(self._item) if self._item else _INDENT if self._lists else ""
            first = Run(f"{bars}{indent}{self._item or inner}", Style.DIM)
            rest = Run(f"{bars}{indent}{inner}", Style.DIM)
            self.lines += fold(self._runs, self._width, (first,), (rest,))
            self._runs, self._item = [], ""
        if blank and self.lines and self.lines[-1]:
            self.lines.append(BLANK)


def _named(value: Any) -> tuple[str, Any]:
    """The name of a tag and what it holds, if anything."""
    if isinstance(value, str):
        return value, None
    ((name, inner),) = value.items()
    return name, inner
