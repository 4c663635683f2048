"""The quick reading of plain YAML: line by line, by one pattern, without a parser.

Most files hold nothing but ``key: text``, lists of items and mappings within them. What this reading accepts,
the builder reads alike (a test compares the two on all sorts of texts); whatever it does not know for sure,
it leaves to the builder: comments, empty lines, escapes, texts of several lines, odd indentation.
"""

import re
from typing import Any, Final

_KEY = r"[A-Za-z0-9_][A-Za-z0-9_/-]{0,99}"
# A plain text begins with no indicator (a minus before a letter or digit is none), ends with no blank, and
# holds neither a colon before a blank nor a number sign after one.
_PLAIN = (
    r"(?:-(?=[^\W_])|[^\s\-?:,\[\]{}#&*!|>'\"%@`])"
    r"[^\n\t:#]*+(?:(?::(?=[^\s])|(?<! )#)[^\n\t:#]*+)*(?<! )"
)
# Texts in quotes of one line, in which nothing is escaped but the single quote by doubling. (No group is
# possessive: Python before 3.11.5 matches such wrongly.)
_SINGLE = r"'[^'\n\t]*+(?:''[^'\n\t]*+)*'"
_DOUBLE = r'"[^"\\\n\t]*+"'
_ITEM = r"[^\W_](?:[^\n\t\\:#,?\[\]{}]*[^\s\\:#,?\[\]{}])?"
_FLOW = rf"\[(?:{_ITEM}(?:, ?{_ITEM})*)?\]|\{{\}}"
_LINE = re.compile(
    rf"^( *)(- )?(?:({_KEY}):(?: (?=[^\n ])|(?=\n)))?({_PLAIN}|{_SINGLE}|{_DOUBLE}|{_FLOW}|)\n", re.MULTILINE
)
_MAX_NESTED: Final = 8


def plain_lines(text: str) -> dict[str, Any] | None:
    """The mapping that ``text`` holds, as ``builder.plain`` gives it; None where that has to be asked.

    ``text`` has passed the text gate. Each line is ``key: value``, ``- value`` or ``- key: value``; a value
    is a scalar in the same line, or below it a list or mapping.
    """
    lines: list[tuple[str, str, str, str]] = _LINE.findall(text)
    if len(lines) != text.count("\n") or (text and text[-1] != "\n"):
        return None
    root: dict[str, Any] = {}
    # The list or mapping in which the last line stands, its column, and those around it.
    here: Any = root
    column = 0
    around: list[tuple[Any, int]] = []
    wanting = ""  # the key that waits for its value on the lines below; `here` is its mapping
    for indent, dash, key, value in lines:
        start = len(indent)
        if wanting:
            if start < column or (start == column and not dash) or len(around) >= _MAX_NESTED:
                return None
            around.append((here, column))
            inner: Any = [] if dash else {}
            here[wanting] = inner
            here = inner
            column = start
            wanting = ""
        else:
            # Leave what stands deeper, and at the same column a list for the mapping around it.
            while start < column or (start == column and not dash and here.__class__ is list):
                if not around:
                    return None
                here, column = around.pop()
        if start != column or (here.__class__ is list) is not bool(dash):
            return None
        scalar = _value(value) if value and value[0] in "'\"[{" else value
        if dash:
            if not key:
                if not value:
                    return None
                here.append(scalar)
                continue
            around.append((here, column))
            inner = {}
            here.append(inner)
            here = inner
            column = start + 2
        elif not key or key in here:
            return None
        if value:
            here[key] = scalar
        else:
            wanting = key
    return None if wanting else root


def _value(text: str) -> str | list[str] | dict[str, str]:
    """The value of a text in quotes, of a list in brackets, or of `{}`."""
    if text[0] == "'":
        return text[1:-1].replace("''", "'")
    if text[0] == '"':
        return text[1:-1]
    if text == "{}":
        return {}
    inner = text[1:-1]
    return [item.strip() for item in inner.split(",")] if inner else []
