"""The guide to filters is true: its queries can be read, its filters are records, its lists are complete."""

import re
from pathlib import Path

import pytest

from newsrepo.filters import parse_query
from newsrepo.filters.query.leaves import EXAMPLES
from newsrepo.filters.query.syntax import Key, State
from newsrepo.ids import Kind
from newsrepo.records import parse

GUIDE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text("utf-8")


@pytest.mark.parametrize("query", re.findall(r"newsrepo find (?:--filter \S+ )?'([^'\n]+)'", GUIDE))
def test_queries_of_the_guide(query: str) -> None:
    assert str(parse_query(query)) == query


@pytest.mark.parametrize("text", re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL))
def test_filters_of_the_guide(text: str) -> None:
    parsed = parse(Kind.FILTER, text.encode(), "filters/abc/guide.yaml")
    assert parsed.findings == ()
    assert parsed.record is not None


def test_every_key_and_state_is_in_the_guide() -> None:
    assert [key for key in Key if f"`{key}:" not in GUIDE] == []
    assert [state for state in State if f"`{state}`" not in GUIDE] == []


@pytest.mark.parametrize("key", list(Key))
def test_every_key_has_an_example_that_can_be_read(key: Key) -> None:
    for example in EXAMPLES[key].split(" or "):
        assert str(parse_query(example)) == example


def test_every_rule_is_in_the_guide() -> None:
    floor = Path(__file__).parents[2] / "newsrepo" / "filters"
    sources = "".join(path.read_text("utf-8") for path in floor.rglob("*.py"))
    raised = set(re.findall(r'"((?:query|unknown|bad|filter|trust|out|same|unprintable)-[a-z-]+)"', sources))
    assert {"query-syntax", "unknown-axis", "filter-cycle", "same-story-lead"} <= raised
    assert sorted(rule for rule in raised if f"`{rule}`" not in GUIDE) == []
