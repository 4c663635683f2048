"""Turns the fields that faults name into lines and columns, reading each faulty file once."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from newsrepo.checks.model import Commons, Fault
from newsrepo.ids import Kind, Oid
from newsrepo.location import Finding, Location
from newsrepo.records import split
from newsrepo.records.builder import Node, nodes
from newsrepo.records.ratings import rating_places
from newsrepo.records.text import MAX_FRONT, MAX_TEXT, decode, decode_clean


def located(commons: Commons, faults: Iterable[tuple[str, Fault]]) -> list[Finding]:
    """Findings of rule ids with faults, in no stated order."""
    by_path: dict[str, list[tuple[str, Fault]]] = {}
    found: list[Finding] = []
    for rule, fault in faults:
        file = commons.files.get(fault.path)
        if fault.line or not fault.keys or file is None or file.place.kind is Kind.MEDIA:
            found.append(_finding(commons, rule, fault, fault.line or 1, fault.col))
        else:
            by_path.setdefault(fault.path, []).append((rule, fault))
    wanted: dict[Oid, list[str]] = {}
    for path in by_path:
        wanted.setdefault(commons.files[path].oid, []).append(path)
    for blob in commons.snapshot.read(wanted, MAX_TEXT):
        for path in wanted[blob.oid]:
            kind = commons.files[path].place.kind
            where = _places(kind, blob.data)
            for rule, fault in by_path[path]:
                line, col = where(fault.keys)
                if fault.at:
                    col = within(_line(blob.data, line), col, fault.at)
                found.append(_finding(commons, rule, fault, line, col))
    return found


def _finding(commons: Commons, rule: str, fault: Fault, line: int, col: int) -> Finding:
    place = Location(fault.path, line, col, commons.source_of(fault.path))
    return Finding(fault.rule or rule, place, fault.message, fault.hint, fault.severity)


def _places(kind: Kind, data: bytes | None) -> Callable[[Sequence[str | int]], tuple[int, int]]:
    """Tells where a field of a file stands; of ratings in canonical form without taking the file apart."""
    root = cache(lambda: _root(kind, data) if data is not None else None)
    text = decode_clean(data) if kind is Kind.RATINGS and data is not None else None
    quick = rating_places(text) if text is not None else None
    return lambda keys: (quick(keys) if quick is not None else None) or _walk(root(), keys)


def _root(kind: Kind, data: bytes) -> Node | None:
    halves = split(data) if kind in _MARKDOWN else None
    text = decode(data if halves is None else halves.front)[0]
    if kind in _MARKDOWN and (halves is None or len(halves.front) > MAX_FRONT):
        return None
    return nodes(text, 1 if halves is None else 2)[0]


_MARKDOWN = frozenset([Kind.ARTICLE, Kind.COMMENT, Kind.CHALLENGE, Kind.ANSWER, Kind.STATEMENT, Kind.DISSENT])


def _walk(node: Node | None, keys: Sequence[str | int]) -> tuple[int, int]:
    """The place of a field, or of the nearest thing around it that is there."""
    if node is None:
        return 1, 1
    line, col = node.line, node.col
    for key in keys:
        if node.pairs is not None and key in node.pairs:
            line, col, node = node.pairs[str(key)]
            if node.text is not None:
                line, col = node.line, node.col
        elif node.items is not None and isinstance(key, int) and 0 <= key < len(node.items):
            node = node.items[key]
            line, col = node.line, node.col
        else:
            break
    return line, col


def _line(data: bytes | None, line: int) -> str:
    """One line of a file, counted from 1; empty if there is none."""
    lines = decode(data or b"")[0].split("\n")
    return lines[line - 1] if line <= len(lines) else ""


_MARKS = {
    '"': re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|.)|[^\\]"),
    "'": re.compile("''|[^']"),
}


def within(line: str, col: int, at: int) -> int:
    """The column of the character ``at`` of a value that begins at ``col``; both count from 1.

    In quotes the quotation mark is no character of the value, and an escape is one. Of a value that goes on
    in further lines nothing beyond the first one's end is told apart.
    """
    marks = _MARKS.get(line[col - 1 : col])
    if marks is None:
        return col + at - 1
    here = col
    for _ in range(at - 1):
        mark = marks.match(line, here)
        if mark is None:
            break
        here = mark.end()
    return here + 1
