"""What a YAML parser's complaint means in plain words, the same for both of PyYAML's parsers."""

import re

import yaml

from newsrepo.records.text import line_col

_Told = tuple[str, int, int, str, str]

# The parsers' own words (a part of them) -> what we say, and the way out. First match wins.
_SAYINGS: tuple[tuple[str, str, str], ...] = (
    ("cannot start any token", "a value cannot begin with this character", "put the value in quotes"),
    ("mapping values are not allowed", "a colon stands where none may be", "put the text in quotes"),
    ("could not find expected ':'", "this line is not of the form `key: value`", "add a colon and a space"),
    ("found a tab character", "a tab stands where YAML wants spaces", "indent with spaces"),
    ("while scanning a quoted scalar", "a quoted text does not end", "add the closing quote"),
    ("found unknown escape", "there is no such escape in quotes", "write \\\\ for a backslash, or use '…'"),
    ("expected escape sequence", "there is no such escape in quotes", "write the character itself"),
    ("hexdecimal number", "an escape lacks its digits", "write the character itself"),
    ("flow sequence", "a list in [ ] is not closed, or lacks a comma", "add the missing `]` or `,`"),
    ("flow mapping", "a mapping in { } is not closed, or lacks a comma", "add the missing `}` or `,`"),
    ("block mapping", "this line does not fit the mapping it stands in", "check indentation and quotes"),
    (
        "block collection",
        "this line does not fit the list it stands in",
        "check indentation; items begin `- `",
    ),
    (
        "sequence entries are not allowed",
        "a list item stands where none may be",
        "begin the list on a new line",
    ),
    ("alias", "a value cannot begin with `*` here", "put the text in quotes"),
    ("anchor", "a value cannot begin with `&` here", "put the text in quotes"),
    ("tag", "a value cannot begin with `!` here", "put the text in quotes"),
    ("directive", "a line cannot begin with `%` here", "put the text in quotes"),
    ("document start", "something stands after the end of the document", "remove the line `...` or `---`"),
    ("block scalar", "a text after `|` or `>` is not well formed", "indent its lines with spaces, all alike"),
)

# An escape for half a character, or for one beyond the last.
_HALF = "[dD][89a-fA-F][0-9a-fA-F]{2}"
_IMPOSSIBLE = re.compile(rf"\\(?:u{_HALF}|U0000{_HALF}|U(?!000[0-9a-fA-F]|0010)[0-9a-fA-F]{{8}})")


def syntax_fault(error: yaml.YAMLError | ValueError, text: str) -> _Told:
    """Rule, line, column (both from 1), message and hint of a parser's complaint about ``text``."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, col = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
    context = str(getattr(error, "context", None) or "")
    if isinstance(error, ValueError) or "invalid Unicode character escape" in problem:
        # The pure parser raises ValueError beyond U+10FFFF; both point behind the escape, or nowhere.
        lines = text.split("\n")
        found = _IMPOSSIBLE.search(text, sum(len(row) + 1 for row in lines[: line - 1]))
        code = 0
        if found is not None:
            line, col = line_col(text, found.start())
            code = int(f"0x{found[0][2:]}", base=0)
        return (
            "surrogate",
            line,
            col,
            f"U+{code:04X}, written as an escape, is not a character",
            "write the character itself",
        )
    said = f"{context} {problem}"
    for words, message, hint in _SAYINGS:
        if words in said:
            return ("yaml-syntax", line, col, message, hint)
    return ("yaml-syntax", line, col, "this is not well-formed YAML", "check indentation, quotes and colons")
