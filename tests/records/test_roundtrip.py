"""Parse and write are inverse, for every kind of record."""

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from record_strategies import EXTRA, of_record, texts

from newsrepo.ids import Kind
from newsrepo.records import body_text, is_canonical, parse, write
from newsrepo.records import types as t
from newsrepo.records.builder import nodes, plain
from newsrepo.records.rules import broken_rules
from newsrepo.records.shape import MARKDOWN, TYPES
from newsrepo.records.write import scalar_text

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_write_then_parse_is_identity(kind: Kind) -> None:
    kept = 0

    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=SLOW)
    @given(of_record(TYPES[kind]))
    def check(record: t.Record) -> None:
        nonlocal kept
        data = write(record)
        parsed = parse(kind, data, "x")
        rules = {broken.rule for broken in broken_rules(record)}
        assert {finding.rule for finding in parsed.findings} == rules
        if not rules:
            kept += 1
            assert parsed.record == record
            if kind in MARKDOWN:
                assert body_text(data) == getattr(record, "body")  # noqa: B009 - only these have one
            assert write(parsed.record) == data
            assert is_canonical(kind, data)

    check()
    assert kept, "no example kept the rules, so nothing was tested"


@settings(max_examples=300, deadline=None)
@given(texts())
def test_every_text_survives_in_block_and_flow(text: str) -> None:
    block = plain(f"{scalar_text(text)}: {scalar_text(text)}\n")
    assert block == {text: text}
    shown = scalar_text(text, flow=True)
    flow = f"a: [{{{shown}: {shown}}}, {shown}]\n"
    assert plain(flow) == {"a": [{text: text}, text]}


@settings(max_examples=200, deadline=None)
@given(texts())
def test_a_reader_that_guesses_reads_the_same_text(text: str) -> None:
    """PyYAML's safe loader guesses by YAML 1.1; what is written plain must not be guessable."""
    assert yaml.safe_load(f"a: {scalar_text(text)}") == {"a": text}
    assert yaml.safe_load(f"a: [{scalar_text(text, flow=True)}]") == {"a": [text]}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Dock strike", "Dock strike"),
        ("no", "'no'"),
        ("On", "'On'"),
        ("010", "'010'"),
        ("12:30", "'12:30'"),
        ("2026-05-03", "'2026-05-03'"),
        ("1e3", "'1e3'"),
        ("1_000", "'1_000'"),
        ("3 ships", "3 ships"),
        ("", "''"),
        ("a: b", "'a: b'"),
        ("http://x.org/a", "http://x.org/a"),
        ("it's", "it's"),
        ("'tis", '"\'tis"'),
        ("a\nb", '"a\\nb"'),
        ("- a", "'- a'"),
        ("null", "'null'"),
        ("~", "'~'"),
    ],
)
def test_quoting(text: str, written: str) -> None:
    assert scalar_text(text) == written


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(EXTRA)
def test_extra_keeps_any_shape(extra: object) -> None:
    record = t.Contingent(name="ABC", extra={"a": extra})
    assert parse(Kind.CONTINGENT, write(record), "x").record == record


def test_the_same_record_is_the_same_bytes_whatever_the_order_of_its_mappings() -> None:
    def recipe(order: list[str]) -> t.Filter:
        return t.Filter(title="x", extra={key: dict.fromkeys(order, "v") for key in order})

    assert write(recipe(["a", "b"])) == write(recipe(["b", "a"]))


def test_canonical_forms() -> None:
    article = b"---\ntitle: A\ndate: 2026-05-03\nlang: en\n---\n\nText.\n"
    assert is_canonical(Kind.ARTICLE, article)
    assert not is_canonical(Kind.ARTICLE, article.replace(b"---\n\n", b"---\n"))
    assert not is_canonical(
        Kind.ARTICLE, article.replace(b"title: A\ndate: 2026-05-03", b"date: 2026-05-03\ntitle: A")
    )
    assert not is_canonical(Kind.ARTICLE, b"nonsense")
    assert not is_canonical(Kind.MEDIA, b"")
    assert is_canonical(Kind.ROLL, b"voters: []\n")
    assert not is_canonical(Kind.ROLL, b"")


def test_body_is_kept_but_for_empty_lines_around_it() -> None:
    front = b"---\ntitle: A\ndate: 2026-05-03\nlang: en\n---\n"
    for tail, body in [
        (b"", ""),
        (b"\n\n", ""),
        (b"Text", "Text\n"),
        (b"\n\n    code\n\n\nmore\n\n", "    code\n\n\nmore\n"),
        (b"---\n", "---\n"),
        (b"a\n---\nb\n", "a\n---\nb\n"),
    ]:
        record = parse(Kind.ARTICLE, front + tail, "x").record
        assert isinstance(record, t.Article)
        assert record.body == body
        assert parse(Kind.ARTICLE, write(record), "x").record == record


@pytest.mark.parametrize("data", [b"", b"no front matter", b"---\na: b\n", b"---\na: b\n---\n\xff"])
def test_what_is_no_record_has_no_body_text(data: bytes) -> None:
    assert body_text(data) is None


def test_front_matter_may_end_with_the_file() -> None:
    record = parse(Kind.ARTICLE, b"---\ntitle: A\ndate: 2026-05-03\nlang: en\n---", "x").record
    assert isinstance(record, t.Article)


def test_markdown_kinds_are_those_with_a_body() -> None:
    assert {kind for kind, cls in TYPES.items() if "body" in cls.__struct_fields__} == MARKDOWN


@settings(max_examples=100, deadline=None)
@given(texts())
def test_places_know_every_key_that_the_tree_has(text: str) -> None:
    source = f"{scalar_text(text)}:\n  - {scalar_text(text)}\n"
    root, faults = nodes(source)
    assert not faults
    assert root is not None
    assert root.pairs is not None
    assert list(root.pairs) == [text]
