"""A terminal as a person has one: a program in a pseudo-terminal, keys typed into it, the screen that comes of it."""

import codecs
import fcntl
import html
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

_PRIVATE = re.compile(r"\x1b\[[<=>][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$[A-Za-z]|\x1bP[^\x1b]*\x1b\\")
"""Sequences that pyte would take for others: of newer keyboards, and questions to the terminal."""
_HALF = re.compile(r"\x1b(?:\[[<=>?0-9;$]*|P[^\x1b]*\x1b?)?$")
_SEQUENCE = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-Z\\^_=>()]")
_COLOURS = {
    "black": "#1b1d23", "red": "#e06c75", "green": "#7fb96b", "brown": "#d9a441", "blue": "#6aa7e8",
    "magenta": "#c58be0", "cyan": "#5cc0c7", "white": "#d8dbe2", "brightblack": "#8a8f9c",
    "brightred": "#f08a92", "brightgreen": "#9bd487", "brightbrown": "#efc36a", "brightblue": "#8fc1f5",
    "brightmagenta": "#d9a9ee", "brightcyan": "#83d8de", "brightwhite": "#ffffff",
}  # fmt: skip
_INK, _PAPER = _COLOURS["white"], _COLOURS["black"]


class Terminal:
    """A program that believes to talk to a person; ``screen`` is what that person would see.

    Ends the program when left as a context. Waiting raises TimeoutError, and shows the screen.
    """

    def __init__(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str], columns: int = 100, rows: int = 30
    ) -> None:
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self.said = ""
        self.code: int | None = None
        self._child, self._fd = pty.fork()
        if not self._child:
            os.chdir(cwd)
            os.execvpe(command[0], list(command), {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"})
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)
        if self.code is None:
            os.killpg(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    @property
    def screen(self) -> str:
        """The lines of the screen, without the blanks at their ends."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    def type(self, keys: str) -> None:
        """Press keys, as the characters that a terminal sends for them."""
        os.write(self._fd, keys.encode())

    def until(self, held: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Go on reading until ``held``."""
        end = time.monotonic() + seconds
        while not held():
            if time.monotonic() > end or not self._read(0.1):
                if held():
                    return
                raise TimeoutError(f"waited in vain for {what}; the screen:\n{self.screen}")

    def shows(self, text: str, seconds: float = 60) -> None:
        """Wait until the screen has ``text``, line breaks and runs of blanks aside."""
        self.until(lambda: text in " ".join(self.screen.split()), repr(text), seconds)

    def ends(self, seconds: float = 30) -> int:
        """Wait until the program is over. Gives its exit code."""
        end = time.monotonic() + seconds
        while self._read(0.1):
            if time.monotonic() > end:
                raise TimeoutError(f"it does not end; the screen:\n{self.screen}")
        self.code = os.waitstatus_to_exitcode(os.waitpid(self._child, 0)[1])
        return self.code

    def _read(self, seconds: float) -> bool:
        """Take in what came within ``seconds``; false once the program is over."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:  # how Linux says that the other end is closed
            return False
        text = self._decode.decode(data)
        self.said += text
        text = self._rest + text
        half = _HALF.search(text)
        self._rest = text[half.start() :] if half else ""
        self._stream.feed(_PRIVATE.sub("", text[: half.start()] if half else text))
        return bool(data)

    def page(self) -> tuple[str, int, int]:
        """The screen as an HTML page to be photographed, and the size of that in pixels."""
        lines = []
        used = len(self.screen.splitlines())
        for row in range(max(used, 1)):
            cells = [self._screen.buffer[row][column] for column in range(self._screen.columns)]
            lines.append("".join(_cell(cell) for cell in cells))
        text = "\n".join(lines)
        size = f"margin:0;padding:12px 14px;background:{_PAPER};color:{_INK};font:14px/16px 'DejaVu Sans Mono',monospace"
        wide, high = round(self._screen.columns * 8.43) + 28, len(lines) * 16 + 24
        return (
            f'<!doctype html><meta charset=utf-8><style>body{{margin:0}}</style><pre style="{size}">{text}</pre>',
            wide,
            high,
        )


class Shell(Terminal):
    """A bash in a terminal, in which lines are typed and awaited."""

    _MARK = re.compile(r"\x1b\]133;D;(\d+)\x07")

    def __init__(self, cwd: Path, env: Mapping[str, str], columns: int = 100, rows: int = 30) -> None:
        prompt = {"PS1": r"\[\e]133;D;$?\a\]$ ", "INPUTRC": os.devnull, "HISTFILE": os.devnull}
        super().__init__(["bash", "--norc", "--noprofile", "-i"], cwd, {**env, **prompt}, columns, rows)
        self.until(lambda: self._MARK.search(self.said), "the shell's prompt")

    def line(self, command: str, seconds: float = 300) -> tuple[int, str]:
        """Type a line and wait for the next prompt. Gives the exit code and what was printed, as plain text."""
        start = len(self.said)
        self.type(f"{command}\r")
        self.until(lambda: self._MARK.search(self.said, start), f"the end of {command!r}", seconds)
        found = self._MARK.search(self.said, start)
        assert found is not None
        _, _, printed = self.said[start : found.start()].partition("\r\n")
        lines = _SEQUENCE.sub("", printed).replace("\r\n", "\n").split("\n")
        self.until(lambda: self.screen.endswith("$"), "the prompt")
        return int(found[1]), "\n".join(line.rpartition("\r")[2].rstrip() for line in lines).strip("\n")

    def clear(self) -> None:
        """A clean screen, for a picture."""
        self.line("clear")


def _cell(cell: pyte.screens.Char) -> str:
    """One character of the screen as HTML."""
    ink, paper = _colour(cell.fg, _INK), _colour(cell.bg, _PAPER)
    if cell.reverse:
        ink, paper = paper, ink
    style = f"color:{ink};" if ink != _INK else ""
    style += f"background:{paper};" if paper != _PAPER else ""
    style += "font-weight:bold;" if cell.bold else ""
    style += "text-decoration:underline;" if cell.underscore else ""
    text = html.escape(cell.data)
    return f'<span style="{style}">{text}</span>' if style else text


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _COLOURS.get(name) or f"#{name}"
