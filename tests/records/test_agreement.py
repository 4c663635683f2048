"""The quick reading and the telling reading agree on every input, and both parsers give the same events."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_strategies import RECORDS

from newsrepo.ids import Kind
from newsrepo.records import parse, write
from newsrepo.records.builder import nodes, plain
from newsrepo.records.parse import _quick, _slow
from newsrepo.records.shape import MARKDOWN, TYPES
from newsrepo.records.text import decode_clean, text_faults

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
BITS = st.sampled_from(
    [
        "1e3",
        " 5",
        "+5",
        "05",
        "5.0",
        "5_0",
        "٣",
        "-0",
        "0",
        "7",
        "1001",
        "null",
        "~",
        "''",
        "",
        "yes",
        "true",
        "1",
        "True",
        "[]",
        "{}",
        "[a, a]",
        "{a: b}",
        "[[a]]",
        "&a b",
        "*a",
        "!t x",
        "<<: x",
        "a: b",
        "- a",
        "? a",
        "'",
        '"',
        "\\",
        '"\\u202e"',
        '"\\0"',
        '"e\\u0301"',
        "\r\n",
        "\t",
        "\x07",
        "\u202e",
        "\ufeff",
        "e\u0301",
        "---",
        "...",
        "#",
        "%YAML 1.1",
        "2024-13-45",
        "67%",
        "2/3",
        "9" * 5000,
        "con/2026/x",
        "a" * 61,
        "x\n",
        '"x\\n"',
        "|",
        "{",
        "[",
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Kind, bytes]:
    """A valid file with a few places changed: a value, a key, a line, some characters."""
    kind, record = draw(RECORDS)
    text = write(record).decode()
    for _ in range(draw(st.integers(1, 3))):
        bit = draw(BITS)
        spots = [m.span(1) for m in re.finditer(r"(?:: |- |, |\{)([^\n,{}]*)", text)] or [(0, len(text))]
        lines = [m.span() for m in re.finditer(r"[^\n]*\n", text)] or [(0, 0)]
        how = draw(st.integers(0, 4))
        if how == 0:
            start, end = draw(st.sampled_from(spots))
        elif how == 1:
            start, end = draw(st.sampled_from(lines))
            bit = draw(
                st.sampled_from(["", text[start:end] * 2, f"{bit}\n", f"  {bit}\n", f"topcis: {bit}\n"])
            )
        elif how == 2:
            start = end = draw(st.integers(0, len(text)))
        else:
            start = draw(st.integers(0, len(text)))
            end = min(len(text), start + draw(st.integers(0, 5)))
            bit = "" if how == 3 else bit
        text = text[:start] + bit + text[end:]
    return kind, text.encode("utf-8", "surrogatepass")


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(mutated())
def test_both_readings_agree(case: tuple[Kind, bytes]) -> None:
    kind, data = case
    text = decode_clean(data)
    quick = None if text is None else _quick(TYPES[kind], kind in MARKDOWN, text)
    told, _ = _slow(TYPES[kind], kind in MARKDOWN, data)
    assert (quick is None) == bool(told), [(f.rule, f.line, f.col, f.message) for f in told]
    parsed = parse(kind, data, "x")
    assert (parsed.record is None) == bool(parsed.findings)
    lines = data.decode("utf-8", "replace").split("\n")
    for finding in parsed.findings:
        assert finding.rule != "unreadable-file"
        assert 1 <= finding.location.line <= len(lines) + 1
        assert finding.hint
        assert finding.message.isprintable()


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(mutated())
def test_both_parsers_agree(case: tuple[Kind, bytes]) -> None:
    _kind, data = case
    text = decode_clean(data)
    if text is None or "?" in text:  # within [ ] and { } the pure parser is stricter about question marks
        return
    if text.startswith("---\n"):
        text = text[4:].partition("\n---\n")[0]
    assert plain(text) == plain(text, pure=True)
    assert bool(nodes(text)[1]) == bool(nodes(text, pure=True)[1])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TYPES)), st.binary(max_size=200))
def test_no_bytes_raise(kind: Kind, data: bytes) -> None:
    for case in (data, b"---\n" + data + b"\n---\n", b"title: " + data):
        parsed = parse(kind, case, "x")
        assert (parsed.record is None) == bool(parsed.findings)
        parsed.at("title", 0, "x")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_the_quick_gate_and_the_telling_gate_agree(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    try:
        data.decode()
    except UnicodeDecodeError:
        assert decode_clean(data) is None
        return
    assert (decode_clean(data) is None) == bool(text_faults(text))


@pytest.mark.parametrize(
    "code",
    [
        *range(0x20),
        0x7F,
        0x80,
        0x85,
        0x9F,
        0xA0,
        0x2027,
        0x2028,
        0x202A,
        0x202E,
        0x202F,
        0x2060,
        0x2066,
        0x2069,
        0x206A,
        0xFDCF,
        0xFDD0,
        0xFDEF,
        0xFDF0,
        0xFEFF,
        0xFFF8,
        0xFFF9,
        0xFFFB,
        0xFFFC,
        0xFFFD,
        0xFFFE,
        0xFFFF,
        0x1FFFD,
        0x1FFFE,
        0x1FFFF,
        0x20000,
        0x10FFFD,
        0x10FFFE,
        0x10FFFF,
    ],
)
def test_gates_agree_at_every_edge(code: int) -> None:
    text = f"a{chr(code)}b"
    assert (decode_clean(text.encode()) is None) == bool(text_faults(text))
