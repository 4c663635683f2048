"""Records to their one canonical text, so that equal records are equal bytes and diffs stay small."""

import re
from functools import lru_cache
from typing import Any

from msgspec import NODEFAULT

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records.scalars import Scalar
from newsrepo.records.shape import BODY, MARKDOWN, front_fields, kind_of

# Words and numbers that some YAML reader takes for something else than text (YAML 1.1 and 1.2, both cases).
_WORDS = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "~"])
_NUMBER = re.compile(
    r"[-+]?(?:\.?[0-9][0-9_.,:]*(?:[eE][-+]?[0-9_.:]*)?|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)"
    r"|[-+]?\.(?:inf|nan)|[0-9]{4}-[0-9]{1,2}(?:-.*)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"""[^\W_](?:[^\n\t\\:#]|:(?=[^\s])|(?<=[^\s])\#)*""")
_PLAIN_IN_FLOW = re.compile(r"[^\W_][^\n\t\\:#,?\[\]{}]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_ESCAPED = re.compile('[\\\\"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]')


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return _ESCAPES.get(char) or f"\\u{ord(char):04x}"


def scalar_text(text: str, *, flow: bool = False) -> str:
    """``text`` as a YAML scalar: plain where every reader takes it for this text, else in quotes."""
    pattern = _PLAIN_IN_FLOW if flow else _PLAIN
    if (
        pattern.fullmatch(text)
        and text[-1] != " "
        and text.casefold() not in _WORDS
        and not _NUMBER.fullmatch(text)
    ):
        return text
    if _ESCAPED.search(text) or ("'" in text and '"' not in text):
        return f'"{_ESCAPED.sub(_escape, text)}"'
    return "'" + text.replace("'", "''") + "'"


def _typed(value: Scalar | int) -> str:
    """A number, date or truth value: plain, because it is meant as one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _is_leaf(value: Any) -> bool:
    return isinstance(value, str | int | Scalar)


def _leaf(value: Any, *, flow: bool = False) -> str:
    return scalar_text(str(value), flow=flow) if isinstance(value, str) else _typed(value)


def _pairs(record: t.Record) -> list[tuple[str, Any]]:
    """The keys and values of a record that differ from their defaults, in field order."""
    found: list[tuple[str, Any]] = []
    for field in front_fields(type(record)):
        value = getattr(record, field.name)
        default = field.default
        if field.default_factory is not NODEFAULT:
            default = field.default_factory()
        if field.required or value != default:
            found.append((field.encode_name, value))
    return found


def _content(value: Any) -> Any:
    """A leaf, a list of values, or a list of (written key, value); the author's shorthand applied.

    Keys of the format stand plain (`on:` among them), keys of the user's choice as any text would.
    """
    if isinstance(value, t.Author) and value.url is None:
        return value.name
    if isinstance(value, t.Record):
        return _pairs(value)
    if isinstance(value, dict):
        return [(scalar_text(key), value[key]) for key in sorted(value)]
    return value


def _is_mapping(value: Any) -> bool:
    return isinstance(value, t.Record | dict)


def _block(lines: list[str], head: str, value: Any, indent: str) -> None:
    """Append ``head`` (`key:` or `-`) with its value; nested lines stand deeper than ``indent``."""
    content = _content(value)
    if _is_leaf(content):
        lines.append(f"{head} {_leaf(content)}")
    elif not content:
        lines.append(f"{head} {'{}' if _is_mapping(value) else '[]'}")
    elif _is_mapping(value):
        if head.endswith("-"):
            # The first key stands beside the hyphen, the others below it.
            start = len(lines)
            _mapping(lines, content, indent + "  ")
            lines[start] = f"{head} {lines[start].lstrip(' ')}"
        else:
            lines.append(head)
            _mapping(lines, content, indent + "  ")
    else:
        if head.endswith("-"):
            start = len(lines)
            for item in content:
                _block(lines, f"{indent}  -", item, indent + "  ")
            lines[start] = f"{head} {lines[start].lstrip(' ')}"
        else:
            lines.append(head)
            for item in content:
                _block(lines, f"{indent}  -", item, indent + "  ")


def _mapping(lines: list[str], pairs: list[tuple[str, Any]], indent: str) -> None:
    for key, value in pairs:
        _block(lines, f"{indent}{key}:", value, indent)


@lru_cache(maxsize=1 << 15)
def _in_flow(text: str) -> str:
    """An id in a line of flow: there are few, and many ratings name each."""
    return scalar_text(text, flow=True)


def rating_line(rating: t.Rating) -> str:
    """One rating as its one line, without the line break."""
    values = ", ".join([f"{_in_flow(axis)}: {mark}" for axis, mark in sorted(rating.values.items())])
    note = "" if rating.note is None else f", note: {scalar_text(rating.note, flow=True)}"
    return (
        f"  - {{article: {_in_flow(rating.article)}, version: {_in_flow(rating.version)}, "
        f"date: {rating.date}, values: {{{values}}}{note}}}"
    )


def _ratings(record: t.Ratings) -> str:
    if not record.ratings:
        return ""
    ordered = sorted(record.ratings, key=lambda r: (r.article, r.version, r.date))
    return "ratings:\n" + "\n".join(map(rating_line, ordered)) + "\n"


def normal_body(text: str) -> str:
    """A body without empty lines around it, ended by one line break; empty when there is nothing."""
    inner = text.strip("\n")
    return f"{inner}\n" if inner else ""


def write(record: t.Record) -> bytes:
    """The canonical bytes of a whole file. ``record`` must hold what ``parse`` would accept.

    Raises KeyError for a part of a record, which is no file of its own.
    """
    kind = kind_of(record)
    if kind is Kind.RATINGS and isinstance(record, t.Ratings):
        return _ratings(record).encode()
    lines: list[str] = []
    _mapping(lines, _pairs(record), "")
    front = "".join(f"{line}\n" for line in lines)
    if kind not in MARKDOWN:
        return front.encode()
    body = normal_body(getattr(record, BODY))
    return f"---\n{front}---\n{chr(10) if body else ''}{body}".encode()
