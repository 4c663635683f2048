"""The collecting decoder: walks a tree of places against a record type and tells every fault at its place."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache, lru_cache

from msgspec import Struct
from msgspec import inspect as mi

from newsrepo.records import types as t
from newsrepo.records.builder import Fault, Node, quoted
from newsrepo.records.scalars import Scalar, ScalarError
from newsrepo.records.shape import INTEGER, describe, front_fields
from newsrepo.records.text import MAX_FAULTS


def shape_faults(cls: type[t.Record], root: Node) -> list[Fault]:
    """Every fault of ``root`` as a record of type ``cls``, in the order of the file's tree."""
    walk = _Walk()
    walk.struct(cls, root, "")
    return walk.faults


def is_sound(info: mi.Type, node: Node) -> bool:
    """Whether ``node`` holds a value of this type without a fault, of YAML's or of the format's."""
    try:
        _Probe().value(info, node, "")
    except _FaultyError:
        return False
    return True


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


_LONG = 60


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was most likely meant to be."""
    return _nearest(word, tuple(sorted(known))) if len(word) <= _LONG else None


@lru_cache(maxsize=1 << 10)
def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    """``nearest``, remembered: a file with one slip has it a hundred thousand times as easily as once."""
    folded = word.casefold().replace("-", "_").replace(" ", "_")
    if folded in known:
        return folded
    close = get_close_matches(folded, known, n=1, cutoff=0.6)
    return close[0] if close else None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


_LEAVE_OUT = "leave the whole line out when there is nothing to say"


class _Walk:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def tell(self, rule: str, node: Node, message: str, hint: str) -> None:
        self.add(Fault(rule, node.line, node.col, message, hint))

    def add(self, fault: Fault) -> None:
        self.faults.append(fault)

    def value(self, info: mi.Type, node: Node, key: str) -> None:
        if node.is_void:
            return
        info, words = describe(info)
        if isinstance(info, mi.StructType):
            if info.cls is t.Author and node.text is not None:
                self.value(front_fields(t.Author)[0].type, node, key)
            else:
                self.struct(info.cls, node, key)
        elif isinstance(info, mi.VarTupleType):
            self.sequence(info, node, key)
        elif isinstance(info, mi.DictType):
            self.mapping(info, node, key)
        elif isinstance(info, mi.AnyType):
            return
        elif node.text is None:
            found = "a list" if node.items is not None else "a mapping"
            self.tell(
                "wrong-shape", node, f"{_at(key)}expected one value, found {found}", "write a single value"
            )
        elif isinstance(info, mi.CustomType):
            self.scalar(info, node, key)
        elif isinstance(info, mi.EnumType):
            self.choice([str(member.value) for member in info.cls], node, key)
        elif isinstance(info, mi.BoolType):
            self.choice(["true", "false"], node, key)
        elif isinstance(info, mi.IntType):
            self.number(info, node, key)
        elif isinstance(info, mi.StrType):
            self.string(info, node, key, words)
        else:
            raise TypeError(f"no rule for {info!r}")

    def struct(self, cls: type[Struct], node: Node, key: str) -> None:
        if node.is_void:
            return
        if node.pairs is None:
            self.not_mapping(node, key)
            return
        fields = {field.encode_name: field for field in front_fields(cls)}
        for name, (line, col, child) in node.pairs.items():
            field = fields.get(name)
            if field is None:
                self.unknown(name, line, col, fields, node)
            else:
                self.value(field.type, child, name)
        missing = [name for name, field in fields.items() if field.required and name not in node.pairs]
        for name in missing:
            place = f" in {quoted(key)}" if key else ""
            _, words = describe(fields[name].type)
            self.tell(
                "missing-key",
                node,
                f"the key {quoted(name)} is missing{place}",
                f"add `{name}:` with {words}" if words else f"add `{name}:` with its value",
            )

    def unknown(self, name: str, line: int, col: int, fields: dict[str, mi.Field], node: Node) -> None:
        if len(self.faults) > MAX_FAULTS:  # these will only be counted, and looking for likeness is dear
            self.add(Fault("unknown-key", line, col, f"there is no key {quoted(name)} here", ""))
            return
        near = nearest(name, [known for known in fields if not (node.pairs and known in node.pairs)])
        near = near or nearest(name, fields)
        hint = f"did you mean {quoted(near)}?" if near else f"known keys here: {_listed(fields)}"
        if "extra" in fields:
            hint += " Keys" if near else "; keys"
            hint += " of your own go under `extra:`"
        self.add(Fault("unknown-key", line, col, f"there is no key {quoted(name)} here", hint))

    def not_mapping(self, node: Node, key: str) -> None:
        if node.text == "" and node.plain:
            self.empty(node, key)
            return
        found = "a list" if node.items is not None else f"the text {quoted(node.text or '')}"
        self.tell(
            "wrong-shape",
            node,
            f"{_at(key)}expected `key: value` lines, found {found}",
            "indent `key: value` lines under it" if key else "write `key: value` lines",
        )

    def empty(self, node: Node, key: str) -> None:
        self.tell("empty-value", node, f"{_at(key)}there is no value", _LEAVE_OUT)

    def sequence(self, info: mi.VarTupleType, node: Node, key: str) -> None:
        if node.items is not None:
            for item in node.items:
                self.value(info.item_type, item, key)
        elif node.text == "" and node.plain:
            self.empty(node, key)
        else:
            found = "a mapping" if node.text is None else f"the text {quoted(node.text)}"
            hint = "begin each item on a line of its own with `- `"
            if node.text is not None and len(node.text) <= 60:
                hint += f", or write [{node.text}]"
            self.tell("wrong-shape", node, f"{_at(key)}expected a list, found {found}", hint)

    def mapping(self, info: mi.DictType, node: Node, key: str) -> None:
        if node.pairs is None:
            self.not_mapping(node, key)
            return
        for name, (line, col, child) in node.pairs.items():
            name_node = Node(line, col)
            name_node.text = name
            self.value(info.key_type, name_node, key)
            self.value(info.value_type, child, name)

    def scalar(self, info: mi.CustomType, node: Node, key: str) -> None:
        text = node.text or ""
        if text == "" and node.plain:
            self.empty(node, key)
            return
        cls: type[Scalar] = info.cls
        try:
            cls.parse(text)
        except ScalarError as error:
            message = error.message.replace(repr(text), quoted(text))
            self.tell("bad-value", node, f"{_at(key)}{message}", _or_leave_out(text, node, error.hint))

    def choice(self, allowed: list[str], node: Node, key: str) -> None:
        text = node.text or ""
        if text in allowed:
            return
        if text == "" and node.plain:
            self.empty(node, key)
            return
        near = nearest(text, allowed)
        hint = f"write one of: {_listed(allowed)}"
        if near:
            hint = f"did you mean {quoted(near)}? {hint}"
        self.tell("bad-value", node, f"{_at(key)}{quoted(text)} is not one of the values allowed here", hint)

    def number(self, info: mi.IntType, node: Node, key: str) -> None:
        text = node.text or ""
        if text == "" and node.plain:
            self.empty(node, key)
            return
        low, high = info.ge, info.le
        bounds = f"write a whole number from {low} to {high}"
        if INTEGER.fullmatch(text) is None:
            self.tell(
                "bad-value",
                node,
                f"{_at(key)}{quoted(text)} is not a whole number in plain digits",
                _or_leave_out(text, node, bounds),
            )
        elif (low is not None and int(text) < low) or (high is not None and int(text) > high):
            self.tell("out-of-range", node, f"{_at(key)}{text} is not between {low} and {high}", bounds)

    def string(self, info: mi.StrType, node: Node, key: str, words: str) -> None:
        text = node.text or ""
        expected = f"write {words}" if words else "shorten it"
        if not text and (info.min_length or info.pattern):
            self.empty(node, key)
        elif info.max_length is not None and len(text) > info.max_length:
            fact = f"the text has {len(text)} characters, more than {info.max_length}"
            self.tell("too-long", node, f"{_at(key)}{fact}", expected)
        elif (info.min_length is not None and len(text) < info.min_length) or (
            info.pattern is not None and _pattern(info.pattern).search(text) is None
        ):
            what = words.partition(",")[0] or "of the form asked for"
            self.tell("bad-value", node, f"{_at(key)}{quoted(text)} is not {what}", expected)


class _FaultyError(Exception):
    """There is a fault."""


class _Probe(_Walk):
    """The same walk, given up at the first fault."""

    def add(self, fault: Fault) -> None:
        raise _FaultyError(fault.rule)

    def value(self, info: mi.Type, node: Node, key: str) -> None:
        if node.is_void:
            raise _FaultyError
        super().value(info, node, key)


def _at(key: str) -> str:
    return f"{key}: " if key and len(key) <= 60 and key.isprintable() else ""


def _or_leave_out(text: str, node: Node, hint: str) -> str:
    if node.plain and text.casefold() in ("null", "~", "none"):
        return _LEAVE_OUT
    return hint
