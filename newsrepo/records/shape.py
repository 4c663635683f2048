"""What each record type looks like, derived from the types: the ground of decoding, writing, schemas."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct
from msgspec import inspect as mi

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records.scalars import Scalar

TYPES: dict[Kind, type[t.Record]] = {
    Kind.CHARTER: t.Charter,
    Kind.ROLL: t.Roll,
    Kind.CONTINGENT: t.Contingent,
    Kind.ARTICLE: t.Article,
    Kind.COMMENT: t.Comment,
    Kind.RATINGS: t.Ratings,
    Kind.FILTER: t.Filter,
    Kind.CHALLENGE: t.Challenge,
    Kind.ANSWER: t.Answer,
    Kind.STATEMENT: t.Statement,
    Kind.OPENING: t.Opening,
    Kind.BALLOT: t.Ballot,
    Kind.CLOSING: t.Closing,
    Kind.DISSENT: t.Dissent,
}
"""The record type of each kind that holds exactly one; ``enacts`` holds a charter or a roll."""

MARKDOWN = frozenset([Kind.ARTICLE, Kind.COMMENT, Kind.CHALLENGE, Kind.ANSWER, Kind.STATEMENT, Kind.DISSENT])
"""The kinds that are front matter and a body; all others are YAML alone."""

BODY = "body"
"""The field that holds the body; it is not a key of the front matter."""


def kind_of(record: t.Record) -> Kind:
    """The kind of file that holds ``record``. Raises KeyError for a part of a record."""
    return _KINDS[type(record)]


_KINDS = {cls: kind for kind, cls in TYPES.items()}


@cache
def struct_type(cls: type[Struct]) -> mi.StructType:
    """msgspec's own view of a record type."""
    info = mi.type_info(cls)
    if not isinstance(info, mi.StructType):
        raise TypeError(f"{cls.__name__} is not a record type")
    return info


@cache
def front_fields(cls: type[Struct]) -> tuple[mi.Field, ...]:
    """The fields that stand as keys in the file, in canonical order."""
    return tuple(f for f in struct_type(cls).fields if f.name != BODY)


def describe(info: mi.Type) -> tuple[mi.Type, str]:
    """A type without its metadata and without None, and the words for what was expected there."""
    words = ""
    while True:
        if isinstance(info, mi.Metadata):
            words = words or str((info.extra_json_schema or {}).get("description", ""))
            info = info.type
        elif isinstance(info, mi.UnionType):
            info = next(part for part in info.types if not isinstance(part, mi.NoneType))
        else:
            return info, words


# -- preparing plain trees for msgspec ---------------------------------------------------------------------
#
# msgspec's lax mode reads `1e3` and `5.0` as whole numbers and `null` as nothing, so it is not used. Instead,
# the few texts that stand where a number or a truth value is expected are turned into one beforehand, if
# and only if they are written as the format says; all other texts stay texts, and fail.

INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}")
_BOOLS = {"true": True, "false": False}

_Prepare = Callable[[Any], Any]


def _integer(value: Any) -> Any:
    return int(value) if value.__class__ is str and INTEGER.fullmatch(value) else value


def _boolean(value: Any) -> Any:
    return _BOOLS.get(value, value) if value.__class__ is str else value


def _author(value: Any) -> Any:
    return {"name": value} if value.__class__ is str else value


def preparation(info: mi.Type) -> _Prepare | None:
    """A function that prepares a plain tree of this type in place, or None when nothing needs it."""
    info, _ = describe(info)
    if isinstance(info, mi.IntType):
        return _integer
    if isinstance(info, mi.BoolType):
        return _boolean
    if isinstance(info, mi.StructType):
        return _author if info.cls is t.Author else _struct_preparation(info.cls)
    if isinstance(info, mi.VarTupleType):
        inner = preparation(info.item_type)
        if inner is None:
            return None
        return lambda value: [inner(item) for item in value] if value.__class__ is list else value
    if isinstance(info, mi.DictType):
        each = preparation(info.value_type)
        if each is None:
            return None
        return lambda value: (
            {key: each(item) for key, item in value.items()} if value.__class__ is dict else value
        )
    return None


@cache
def _struct_preparation(cls: type[Struct]) -> _Prepare | None:
    found = [(f.encode_name, preparation(f.type)) for f in struct_type(cls).fields]
    steps = tuple((name, step) for name, step in found if step is not None)
    if not steps:
        return None

    def prepare(value: Any) -> Any:
        if value.__class__ is dict:
            for name, step in steps:
                if name in value:
                    value[name] = step(value[name])
        return value

    return prepare


def from_text(cls: type, value: Any) -> Any:
    """msgspec's decoding hook for our scalars."""
    if value.__class__ is str and issubclass(cls, Scalar):
        return cls.parse(value)
    raise ValueError("a text was expected")


def to_text(value: Any) -> Any:
    """msgspec's encoding hook for our scalars."""
    if isinstance(value, Scalar):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def convert(cls: type[t.Record], tree: dict[str, Any]) -> t.Record | None:
    """The record that a plain tree holds, or None when it holds a fault; changes ``tree``."""
    prepare = _struct_preparation(cls)
    try:
        return msgspec.convert(tree if prepare is None else prepare(tree), cls, dec_hook=from_text)
    except (msgspec.ValidationError, ValueError):
        return None
