"""docs/format.md is true: every field is in it, and every example in it parses and is canonical."""

import re
from pathlib import Path

import pytest
from msgspec import inspect as mi

from newsrepo.ids import Kind
from newsrepo.records import Place, is_canonical, parse, place
from newsrepo.records import types as t
from newsrepo.records.shape import TYPES, describe, front_fields

DOC = (Path(__file__).parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(?:yaml|markdown) (\S+)\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL)
HEADING = "| field | form | required | what it says |"


def parts(cls: type[t.Record]) -> set[type[t.Record]]:
    """A record type and every type that stands in it."""
    found = {cls}
    waiting = [field.type for field in front_fields(cls)]
    while waiting:
        info, _ = describe(waiting.pop())
        if isinstance(info, mi.StructType) and info.cls not in found:
            found.add(info.cls)
            waiting += [field.type for field in front_fields(info.cls)]
        elif isinstance(info, mi.VarTupleType):
            waiting.append(info.item_type)
        elif isinstance(info, mi.DictType):
            waiting.append(info.value_type)
    return found


def tables() -> list[list[tuple[str, bool]]]:
    """Every table of fields in the document, as field names and whether they are required."""
    found = []
    for block in DOC.split(HEADING)[1:]:
        rows = re.match(r"\n\|[ |-]+\n((?:\|.*\n)+)", block)
        assert rows
        cells = [row.strip("|").split(" | ") for row in rows[1].splitlines()]
        found.append([(cell[0].strip(" `"), cell[2].strip() == "yes") for cell in cells])
    return found


@pytest.mark.parametrize("cls", sorted(set().union(*map(parts, TYPES.values())), key=lambda c: c.__name__))
def test_every_field_of_every_type_is_in_its_table(cls: type[t.Record]) -> None:
    assert [(field.encode_name, field.required) for field in front_fields(cls)] in tables()


@pytest.mark.parametrize(("path", "text"), EXAMPLES)
def test_every_example_is_what_the_reader_takes(path: str, text: str) -> None:
    found = place(path)
    assert isinstance(found, Place)
    assert found.kind is not Kind.IGNORED
    parsed = parse(found.kind, text.encode(), path)
    assert parsed.findings == ()
    assert is_canonical(found.kind, text.encode())


def test_every_kind_has_an_example() -> None:
    kinds = {found.kind for path, _ in EXAMPLES if isinstance(found := place(path), Place)}
    assert kinds == set(TYPES)


def test_links_inside_the_page_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^\w -]", "", line).strip().lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", DOC, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOC)) <= anchors
