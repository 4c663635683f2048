"""Texts between the browser's form and our files: what the form shows, and the record that it sends back.

A form leaves empty what nobody filled in, writes dates with thousandths, and knows only mappings where our
files allow a bare name. None of it reaches a file: what is saved is the canonical text of a record.
"""

import json
import unicodedata
from typing import Any, Final

import msgspec
import yaml
from msgspec import inspect as mi

from newsrepo import records
from newsrepo.ids import Kind
from newsrepo.location import Finding
from newsrepo.records import types as t
from newsrepo.records.builder import Node, nodes
from newsrepo.records.shape import (
    BODY,
    MARKDOWN,
    TYPES,
    convert,
    describe,
    front_fields,
    struct_type,
    to_text,
)
from newsrepo.records.write import normal_body

_NOTHING: Final = frozenset(["", "~", "null", "Null", "NULL"])


class Faulty(Exception):  # noqa: N818 - an answer to the person at the form, not a failure of the program
    """The form holds no record; ``findings`` say why, each at a line of ``text``."""

    def __init__(self, findings: tuple[Finding, ...], text: str) -> None:
        super().__init__(findings)
        self.findings = findings
        self.text = text

    def told(self) -> str:
        """The faults in one line, each with the field that it is about."""
        lines = self.text.split("\n")
        return "; ".join(told(f, field_at(lines, f.location.line)) for f in self.findings[:5])


def told(finding: Finding, field: str = "") -> str:
    """A finding as the editor says it."""
    hint = f" ({finding.hint})" if finding.hint else ""
    named = not field or finding.message.startswith(field)
    return f"{finding.message}{hint}" if named else f"{field}: {finding.message}{hint}"


def field_at(lines: list[str], number: int) -> str:
    """The key of the front matter that a line, counted from 1, belongs to; empty in the body."""
    end = lines.index("---", 1) if "---" in lines[1:] else len(lines)
    for line in reversed(lines[:number] if number <= end else []):
        if line[:1].isalpha():
            return line.partition(":")[0]
    return ""


def shown(kind: Kind, data: bytes, path: str) -> str:
    """The text of a file as the form is given it; a file with faults is shown as it is, to be mended.

    Front matter is one JSON object, which is YAML, too: texts stay texts whatever reads them.
    """
    record = records.parse(kind, data, path).record
    if record is None:
        return data.decode("utf-8", "replace")
    tree = msgspec.to_builtins(record, enc_hook=to_text)
    body = tree.pop(BODY, "")
    front = json.dumps(tree, ensure_ascii=False, indent=1)
    return f"---\n{front}\n---\n{body}" if kind in MARKDOWN else f"{front}\n"


def tree_of(kind: Kind, raw: str) -> dict[str, Any]:
    """What the form sent, as plain values, empty fields left out. Raises Faulty for what is no such text."""
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n"))
    front, body = text, ""
    if kind in MARKDOWN:
        halves = records.split(text.encode("utf-8", "replace"))
        if halves is None:
            raise Faulty(records.parse(kind, text.encode("utf-8", "replace"), "form").findings, text)
        front, body = halves.front.decode(), halves.body.decode()
    root, faults = nodes(front, 2 if kind in MARKDOWN else 1)
    if faults or root is None or root.pairs is None:
        raise Faulty(records.parse(kind, text.encode("utf-8", "replace"), "form").findings, text)
    found: dict[str, Any] = _pruned(_plain(root), struct_type(TYPES[kind]))
    if kind in MARKDOWN:
        found[BODY] = normal_body(body)
    return found


def record_of(kind: Kind, tree: dict[str, Any], path: str) -> t.Record:
    """The record that plain values hold. Raises Faulty with everything that stands against it."""
    text = _written(kind, tree)
    record = convert(TYPES[kind], tree)
    if record is not None:
        data = records.write(record)
        parsed = records.parse(kind, data, path)
        if parsed.record is not None:
            return parsed.record
        raise Faulty(parsed.findings, data.decode())
    raise Faulty(records.parse(kind, text.encode(), path).findings, text)


def _written(kind: Kind, tree: dict[str, Any]) -> str:
    """The values as a file that can be told what is wrong with."""
    front = {key: value for key, value in tree.items() if key != BODY or kind not in MARKDOWN}
    text = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=1 << 20) if front else ""
    return f"---\n{text}---\n\n{tree.get(BODY, '')}" if kind in MARKDOWN else text


def _plain(node: Node) -> Any:
    """A node as texts, lists and mappings; None where the form left nothing."""
    if node.pairs is not None:
        return {key: _plain(value) for key, (_, _, value) in node.pairs.items()}
    if node.items is not None:
        return [_plain(item) for item in node.items]
    return None if node.plain and node.text in _NOTHING else node.text


def _pruned(value: Any, info: mi.Type) -> Any:
    """``value`` without what is empty and may be left out."""
    info, _ = describe(info)
    if isinstance(info, mi.StructType) and value.__class__ is dict:
        fields = {field.encode_name: field for field in front_fields(info.cls)}
        kept = {}
        for key, inner in value.items():
            field = fields.get(key)
            inner = inner if field is None else _pruned(inner, field.type)
            if _is_empty(inner) and (field is None or not field.required):
                continue
            kept[key] = "" if inner is None else inner
        return kept
    if isinstance(info, mi.VarTupleType) and value.__class__ is list:
        found = [_pruned(item, info.item_type) for item in value]
        return [item for item in found if not _is_empty(item)]
    if isinstance(info, mi.DictType) and value.__class__ is dict:
        return {key: inner for key, inner in value.items() if not _is_empty(inner)}
    return value.strip() if value.__class__ is str and "\n" not in value else value


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})
