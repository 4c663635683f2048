"""Reads other programs' front matter: YAML, TOML or JSON, every scalar as the text that stood there.

More lenient than our own strict reader, since these files were not written for us; as safe, since they are
as hostile: no tags, no aliases, no types guessed, bounded in size, depth and number of values.
"""

import json
import re
import tomllib
from datetime import date, datetime, time
from typing import Any, TypeAlias

import yaml
from msgspec import Struct

MAX_FRONT = 64 << 10
MAX_DEPTH = 32
MAX_VALUES = 20_000

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]


class FrontError(ValueError):
    """The front matter cannot be read; ``line`` counts from 1 in the file."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class Front(Struct, frozen=True):
    """A text's front matter and body; ``lines`` says where each top-level key stands."""

    fields: dict[str, Value]
    lines: dict[str, int]
    body: str
    body_line: int


_FENCES = {"---": ("---", "..."), "+++": ("+++",)}


def split(text: str) -> Front | None:
    """Front matter and body, or None when the text has no front matter. Raises FrontError."""
    if text.startswith("{") and (parsed := _json_start(text)) is not None:
        return parsed
    first, _, _ = text.partition("\n")
    ends = _FENCES.get(first.rstrip())
    if ends is None:
        return None
    start = at = len(first) + 1
    line = 1
    while at < len(text):
        line += 1
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if text[at:stop].rstrip() in ends:
            break
        at = stop + 1
    else:
        raise FrontError("the front matter that opens here has no end marker", 1)
    block = text[start:at]
    if len(block.encode()) > MAX_FRONT:
        raise FrontError(f"the front matter is longer than {MAX_FRONT >> 10} KiB", 1)
    fields, lines = yaml_mapping(block, 2) if first.startswith("-") else toml_mapping(block, 2)
    return Front(fields, lines, text[stop + 1 :], line + 1)


def _json_start(text: str) -> Front | None:
    head = text[:MAX_FRONT]
    try:
        found, end = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode(head)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not found:
        return None
    fields = {str(key): _plain(value, 1) for key, value in found.items()}
    body = text[end:]
    lead = len(body) - len(body.lstrip("\n"))
    return Front(fields, dict.fromkeys(fields, 1), body[lead:], text.count("\n", 0, end + lead) + 1)


def json_value(text: str) -> Value:
    """A JSON document with every scalar as text. Raises FrontError."""
    try:
        found = json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise FrontError("this is not JSON", 1) from None
    return _plain(found, 1)


def toml_mapping(block: str, first_line: int = 1) -> tuple[dict[str, Value], dict[str, int]]:
    """A TOML document with every scalar as text, and the lines of its top-level keys. Raises FrontError."""
    try:
        found = tomllib.loads(block)
    except (ValueError, RecursionError) as error:
        match = re.search(r"line ([0-9]+)", str(error))
        line = first_line + int(match[1]) - 1 if match else first_line
        raise FrontError("this is not TOML", line) from None
    fields = {key: _plain(value, first_line) for key, value in found.items()}
    lines: dict[str, int] = {}
    for number, row in enumerate(block.split("\n")):
        key = re.match(r"\s*\[*\s*[\"']?([A-Za-z0-9_-]+)", row)
        if key and key[1] in fields:
            lines.setdefault(key[1], first_line + number)
    return fields, lines


def _plain(value: Any, line: int, depth: int = 0) -> Value:
    if depth > MAX_DEPTH:
        raise FrontError(f"values are nested more than {MAX_DEPTH} deep", line)
    if isinstance(value, dict):
        return {str(key): _plain(item, line, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, line, depth + 1) for item in value]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, int) and abs(value) >= 10**30:
        raise FrontError("a number has more than 30 digits", line)
    return str(value)


_LOADER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


def yaml_mapping(block: str, first_line: int = 1) -> tuple[dict[str, Value], dict[str, int]]:
    """The first YAML document as a mapping, and the lines of its keys. Raises FrontError."""
    value, lines = _yaml(block, first_line)
    if value == "":
        return {}, {}
    if not isinstance(value, dict):
        raise FrontError("this is not a list of `key: value` lines", first_line)
    return value, lines


def yaml_value(block: str) -> Value:
    """The first YAML document with every scalar as text. Raises FrontError."""
    return _yaml(block, 1)[0]


def _yaml(block: str, first_line: int) -> tuple[Value, dict[str, int]]:
    root: list[Value] = []
    open_: list[tuple[Value, list[str]]] = [(root, [])]
    lines: dict[str, int] = {}
    values = 0
    try:
        for event in yaml.parse(block, Loader=_LOADER):
            line = first_line + (event.start_mark.line if event.start_mark else 0)
            values += 1
            if values > MAX_VALUES:
                raise FrontError(f"more than {MAX_VALUES} values", line)
            if isinstance(event, yaml.AliasEvent):
                raise FrontError("aliases are not read", line)
            if isinstance(event, yaml.DocumentEndEvent):
                break
            if isinstance(event, yaml.ScalarEvent):
                _put(open_, _scalar(event), lines, line)
            elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
                if len(open_) > MAX_DEPTH:
                    raise FrontError(f"values are nested more than {MAX_DEPTH} deep", line)
                inner: Value = [] if isinstance(event, yaml.SequenceStartEvent) else {}
                _put(open_, inner, lines, line)
                open_.append((inner, []))
            elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
                open_.pop()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "this is not YAML"
        line = first_line + (mark.line if mark else 0)
        raise FrontError(f"the YAML cannot be read: {problem}", line) from None
    return (root[0] if root else ""), lines


def _scalar(event: yaml.ScalarEvent) -> str:
    text: str = event.value
    return "" if event.style is None and text in ("~", "null", "Null", "NULL") else text


def _put(open_: list[tuple[Value, list[str]]], value: Value, lines: dict[str, int], line: int) -> None:
    holder, key = open_[-1]
    if isinstance(holder, list):
        holder.append(value)
    elif isinstance(holder, dict):
        if key:
            holder[key.pop()] = value
        elif isinstance(value, str):
            key.append(value)
            if len(open_) == 2:
                lines[value] = line
        else:
            raise FrontError("a key is not a plain word", line)
