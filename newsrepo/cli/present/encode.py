"""One encoder per sink: whatever stands in a file reaches terminal, JSON, CSV and CI log as plain text."""

import re
from json import dumps
from typing import Any

_SPACES = frozenset(
    "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def terminal(text: str) -> str:
    r"""``text`` on one line with every control, format, surrogate, private and unassigned character visible.

    >>> terminal("a\x1b[2Jb")
    'a\\u{1b}[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _SPACES else f"\\u{{{ord(c):x}}}" for c in text)


def terminal_lines(text: str) -> list[str]:
    """``text`` as encoded lines; only LF ends a line, and tabs become spaces."""
    return [terminal(line.replace("\t", "    ")) for line in text.split("\n")]


def page(text: str) -> str:
    """``text`` as encoded lines, for what another program shows on a page."""
    return "\n".join(terminal_lines(text))


def quote(text: str) -> str:
    """``text`` in single quotes for a message, shortened in the middle when it is long."""
    shown = terminal(text if len(text) <= 200 else f"{text[:120]}…{text[-60:]}")
    return f"'{shown}'"


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:  # half a character: an escape for it would be no valid JSON
        return f"\\\\u{{{code:x}}}"
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    return f"\\u{code:04x}"


_NOT_ASCII = re.compile(r"[^\x00-\x7e]")


def json_text(value: Any) -> str:
    """``value`` as JSON, keys in the order given; characters a terminal acts on are written as escapes."""
    text = dumps(value, ensure_ascii=False, indent=2).replace("##[", "#\\u0023[")  # see ``neutral``
    if text.isascii() and "\x7f" not in text:
        return text
    return _NOT_ASCII.sub(lambda m: m[0] if m[0].isprintable() or m[0] in _SPACES else _visible(m), text)


def csv_row(cells: list[str | int | None]) -> str:
    """One line of CSV, all cells quoted; what a spreadsheet would run as a formula gets a ``'`` before it."""
    return ",".join(_csv_cell(cell) for cell in cells) + "\r\n"


def _csv_cell(cell: str | int | None) -> str:
    if cell is None:
        return '""'
    if isinstance(cell, int):
        return f'"{cell}"'
    if cell.lstrip(" ").startswith(_FORMULA):
        cell = "'" + cell
    shown = terminal(cell)
    return '"' + shown.replace('"', '""') + '"'


_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def annotation(level: str, message: str, **properties: str | int) -> str:
    """One workflow command of a forge's CI: the only line of ours that may begin with ``::``."""
    pairs = ",".join(f"{key}={_percent(str(value), _PROPERTY)}" for key, value in properties.items())
    return f"::{level} {pairs}::{_percent(message, _DATA)}"


def _percent(text: str, table: dict[str, str]) -> str:
    shown = "\n".join(terminal(line) for line in text.split("\n"))
    return "".join(table.get(c, c) for c in shown)


def neutral(line: str) -> str:
    """``line`` so that a CI runner does not take it for a command.

    A runner looks for ``::`` after any white space at the beginning, and for ``##[`` anywhere.
    """
    bare = line.lstrip()
    if bare.startswith("::"):
        line = f"{line[: len(line) - len(bare)]}\\u{{3a}}{bare[1:]}"
    return line.replace("##[", "\\u{23}#[")


_MARKS = re.compile(r"[!-/:-@\[-`{-~]")


def markdown(text: str) -> str:
    """``text`` on one line as plain words of a Markdown page: no mark, link, tag or address in it works."""
    return _MARKS.sub(lambda m: f"\\{m[0]}", terminal(text))


def error_text(message: str, hint: str) -> str:
    """An error as it is shown: the fact, and the way out on a line of its own."""
    lines = terminal_lines(message)
    text = "error: " + "\n  ".join(lines)
    for line in terminal_lines(hint) if hint else []:
        text += f"\n  hint: {line}"
    return text


def bug_text(trace: str) -> str:
    """A traceback made safe to print, and the request to report it."""
    from newsrepo import __version__

    lines = [terminal(line) for line in trace.rstrip("\n").split("\n")]
    lines.append(f"This is a bug in newsrepo {__version__}: please report it with the lines above.")
    return "\n".join(lines)
