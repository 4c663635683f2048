"""The schemas in the repository are those of the types, and are schemas; they agree with the reader."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from record_strategies import RECORDS

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.builder import plain
from newsrepo.records.schemas import main, schema, schemas, text
from newsrepo.records.shape import MARKDOWN, TYPES, preparation, struct_type

FOLDER = Path(__file__).parents[2] / "schemas"


def test_the_schemas_in_the_repository_are_current() -> None:
    """If this fails: python -m newsrepo.records.schemas schemas"""
    on_disk = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.schema.json")}
    assert on_disk == {name: text(made) for name, made in schemas().items()}


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_each_is_a_schema(kind: Kind) -> None:
    Draft202012Validator.check_schema(schema(kind))


def _tree(kind: Kind, data: bytes) -> Any:
    source = data.decode()
    if kind in MARKDOWN:
        source = source[4:].partition("\n---\n")[0]
    tree = plain(source)
    assert tree is not None
    # Numbers and truth values as a guessing reader would give them; authors may stay bare names.
    bare = json.loads(json.dumps(tree.pop("authors", None)))
    prepare = preparation(struct_type(TYPES[kind]))
    tree = tree if prepare is None else prepare(tree)
    return tree if bare is None else {**tree, "authors": bare}


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(RECORDS)
def test_what_is_written_fits_its_schema(case: tuple[Kind, t.Record]) -> None:
    kind, record = case
    errors = list(Draft202012Validator(schema(kind)).iter_errors(_tree(kind, write(record))))
    assert not errors, errors[0]


def test_a_typo_does_not_fit() -> None:
    assert list(Draft202012Validator(schema(Kind.CONTINGENT)).iter_errors({"name": "x", "hme": "y"}))
    assert list(Draft202012Validator(schema(Kind.CONTINGENT)).iter_errors({}))


def test_command(tmp_path: Path) -> None:
    assert main([str(tmp_path / "s")]) == 0
    assert len(list((tmp_path / "s").iterdir())) == len(TYPES)
    assert main([]) == 2
