"""What is sound in a record with faults, so that rules can look at that and all faults are told at once."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct
from msgspec import inspect as mi

from newsrepo.records import types as t
from newsrepo.records.builder import Node
from newsrepo.records.faults import is_sound
from newsrepo.records.shape import BODY, describe, from_text, front_fields, preparation

Keys = tuple[str | int, ...]


class Partial(Struct, frozen=True):
    """A record of which only some is known; for judging what is there, never for anything else.

    ``unknown`` are the fields, named as in the types, that are missing though required, or hold a fault. Of
    these, lists and mappings hold what is sound in them, all others their default or None. An entry of a list
    is there whole or not at all.
    """

    record: t.Record
    unknown: frozenset[str]
    kept: Mapping[Keys, tuple[int, ...]]

    def keys(self, keys: Keys) -> Keys:
        """Where in the file a field of ``record`` stands: entries were left out before it, perhaps."""
        found: Keys = ()
        for key in keys:
            places = self.kept.get(found)
            found += (places[key] if places is not None and isinstance(key, int) else key,)
        return found


def partial_record(cls: type[t.Record], root: Node, body: str) -> Partial | None:
    """What is sound of ``root`` as a record of type ``cls``; None if it is no mapping at all."""
    if root.pairs is None:
        return None
    salvage = _Salvage()
    values: dict[str, Any] = {BODY: body} if BODY in cls.__struct_fields__ else {}
    unknown: set[str] = set()
    for field in front_fields(cls):
        entry = root.pairs.get(field.encode_name)
        if entry is None:
            value, whole = _NOTHING, not field.required
        else:
            value, whole = salvage.value(field.type, entry[2], (field.encode_name,))
        if not whole:
            unknown.add(field.name)
        if value is not _NOTHING:
            values[field.name] = _typed(cls, field, value)
        elif field.required:
            values[field.name] = _stand_in(field.type)
    return Partial(cls(**values), frozenset(unknown), salvage.kept)


_NOTHING = object()


class _Salvage:
    """Gathers what is sound, as plain values. Each answer says besides whether it is all that was there."""

    def __init__(self) -> None:
        self.kept: dict[Keys, tuple[int, ...]] = {}

    def value(self, info: mi.Type, node: Node, keys: Keys) -> tuple[Any, bool]:
        if is_sound(info, node):
            return _plain(node), True
        info, _ = describe(info)
        if isinstance(info, mi.VarTupleType) and node.items is not None:
            places = [at for at, item in enumerate(node.items) if is_sound(info.item_type, item)]
            self.kept[keys] = tuple(places)
            return [_plain(node.items[at]) for at in places], False
        if isinstance(info, mi.DictType) and node.pairs is not None:
            pairs = {name: child for name, (_, _, child) in node.pairs.items()}
            return {
                name: _plain(child)
                for name, child in pairs.items()
                if is_sound(info.key_type, _text(name)) and is_sound(info.value_type, child)
            }, False
        if isinstance(info, mi.StructType) and node.pairs is not None:
            return self._struct(info.cls, node.pairs, keys), False
        return _NOTHING, False

    def _struct(self, cls: type[Struct], pairs: Mapping[str, tuple[int, int, Node]], keys: Keys) -> Any:
        found: dict[str, Any] = {}
        for field in front_fields(cls):
            name = field.encode_name
            value, whole = (
                self.value(field.type, pairs[name][2], (*keys, name)) if name in pairs else (_NOTHING, True)
            )
            if field.required and (value is _NOTHING or not whole):
                return _NOTHING
            if value is not _NOTHING:
                found[name] = value
        return found


def _text(text: str) -> Node:
    node = Node(1, 1)
    node.text = text
    return node


def _plain(node: Node) -> Any:
    if node.pairs is not None:
        return {name: _plain(child) for name, (_, _, child) in node.pairs.items()}
    if node.items is not None:
        return [_plain(item) for item in node.items]
    return node.text


@cache
def _hints(cls: type[t.Record]) -> dict[str, Any]:
    return get_type_hints(cls, include_extras=True)


def _typed(cls: type[t.Record], field: mi.Field, value: Any) -> Any:
    prepare = preparation(field.type)
    ready = value if prepare is None else prepare(value)
    return msgspec.convert(ready, _hints(cls)[field.name], dec_hook=from_text)


def _stand_in(info: mi.Type) -> Any:
    """An empty list or mapping, or else None: whoever looks at it has to look at ``unknown`` first."""
    info, _ = describe(info)
    if isinstance(info, mi.VarTupleType):
        return ()
    return {} if isinstance(info, mi.DictType) else None
