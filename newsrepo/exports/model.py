"""What a table is: columns with types that JSON Lines and Parquet both have, and words for the dictionary."""

from typing import Any, NamedTuple

Row = dict[str, Any]
"""One row: the columns of its table in their order, plain values; None is null."""


class Type(NamedTuple):
    """The type of a column: in SQL (and so in Parquet), and as JSON has it, in words."""

    sql: str
    said: str


TEXT = Type("VARCHAR", "text")
INTEGER = Type("INTEGER", "whole number")
BOOLEAN = Type("BOOLEAN", "true or false")
DAY = Type("DATE", "day, `2026-05-03`")
INSTANT = Type("TIMESTAMP", "moment in UTC, `2026-05-03T10:00:00Z`")
DECIMAL = Type("DECIMAL(18,6)", "number with six digits after the point")
JSON = Type("VARCHAR", "JSON as text")


def many(of: Type) -> Type:
    """A list."""
    return Type(f"{of.sql}[]", f"list of {of.said}")


def parts(**fields: Type) -> Type:
    """A value with named parts."""
    sql = ", ".join(f'"{name}" {kind.sql}' for name, kind in fields.items())
    return Type(f"STRUCT({sql})", f"({', '.join(f'`{name}` {kind.said}' for name, kind in fields.items())})")


class Column(NamedTuple):
    """One column; ``about`` is what it means, in a few words."""

    name: str
    type: Type
    about: str


class Table(NamedTuple):
    """One table. Its rows come ordered by the columns in ``order``, which together tell rows apart."""

    name: str
    about: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]


def dictionary(tables: tuple[Table, ...]) -> str:
    """The data dictionary of these tables as Markdown."""
    lines: list[str] = []
    for table in tables:
        lines += [f"### {table.name}", "", f"{table.about} Ordered by {_said(table.order)}.", ""]
        lines += ["| column | type | |", "| --- | --- | --- |"]
        lines += [f"| `{c.name}` | {c.type.said} | {c.about} |" for c in table.columns]
        lines.append("")
    return "\n".join(lines)


def _said(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
