"""JSON Schemas of every kind of file, made from the record types: ``python -m newsrepo.records.schemas DIR``.

They are for editors and other people's tools. The format's own reader knows more (places, rules between
fields) and decides; what a schema can say, both say alike.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import inspect as mi

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records.shape import MARKDOWN, TYPES, describe, front_fields

if TYPE_CHECKING:
    from newsrepo.records.scalars import Scalar

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema, for every kind that holds one record; of Markdown kinds, of the front matter."""
    return {f"{kind.value}.schema.json": schema(kind) for kind in sorted(TYPES)}


def schema(kind: Kind) -> dict[str, Any]:
    """The schema of one kind of file."""
    maker = _Maker()
    root = maker.struct(TYPES[kind])
    what = "front matter" if kind in MARKDOWN else "file"
    return {
        "$schema": DIALECT,
        "title": f"newsrepo {kind.value} ({what})",
        **root,
        **({"$defs": dict(sorted(maker.defs.items()))} if maker.defs else {}),
    }


class _Maker:
    def __init__(self) -> None:
        self.defs: dict[str, dict[str, Any]] = {}

    def struct(self, cls: type[msgspec.Struct]) -> dict[str, Any]:
        fields = front_fields(cls)
        made: dict[str, Any] = {
            "description": " ".join((cls.__doc__ or "").replace("``", "").split()),
            "type": "object",
            "properties": {field.encode_name: self.value(field.type) for field in fields},
            "additionalProperties": False,
        }
        required = [field.encode_name for field in fields if field.required]
        if required:
            made["required"] = required
        return made

    def value(self, info: mi.Type) -> dict[str, Any]:
        info, words = describe(info)
        made = self._bare(info)
        return {"description": words, **made} if words else made

    def _bare(self, info: mi.Type) -> dict[str, Any]:
        if isinstance(info, mi.StructType):
            return self._reference(info.cls)
        if isinstance(info, mi.VarTupleType):
            return {"type": "array", "items": self.value(info.item_type)}
        if isinstance(info, mi.DictType):
            return {
                "type": "object",
                "propertyNames": self.value(info.key_type),
                "additionalProperties": self.value(info.value_type),
            }
        if isinstance(info, mi.EnumType):
            return {"enum": [str(member.value) for member in info.cls]}
        if isinstance(info, mi.CustomType):
            scalar: type[Scalar] = info.cls
            return dict(scalar.schema)
        if isinstance(info, mi.BoolType):
            return {"type": "boolean"}
        if isinstance(info, mi.IntType):
            return {"type": "integer", "minimum": info.ge, "maximum": info.le}
        if isinstance(info, mi.StrType):
            made: dict[str, Any] = {"type": "string"}
            if info.min_length:
                made["minLength"] = info.min_length
            if info.max_length is not None:
                made["maxLength"] = info.max_length
            if info.pattern is not None:
                made["pattern"] = info.pattern.replace(r"$(?!\n)", "$")
            return made
        return {}  # under `extra`, anything

    def _reference(self, cls: type[msgspec.Struct]) -> dict[str, Any]:
        name = cls.__name__.lower()
        if name not in self.defs:
            self.defs[name] = {}
            self.defs[name] = self.struct(cls)
        reference = {"$ref": f"#/$defs/{name}"}
        if cls is t.Author:
            return {"anyOf": [self.value(front_fields(t.Author)[0].type), reference]}
        return reference


def text(made: dict[str, Any]) -> str:
    """A schema as the text of its file."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write every schema into the folder named by the one argument."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m newsrepo.records.schemas DIR\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in schemas().items():
        (folder / name).write_text(text(made), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
