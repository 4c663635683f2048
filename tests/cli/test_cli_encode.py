"""Whatever stands in a file, a sink shows it as text."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.cli.present.encode import (
    annotation,
    bug_text,
    csv_row,
    error_text,
    json_text,
    neutral,
    quote,
    terminal,
    terminal_lines,
)

HOSTILE = {
    "plain": ("Dock strike", "Dock strike"),
    "markup": ("[/foo] [link=https://e]x[/link] :warning:", "[/foo] [link=https://e]x[/link] :warning:"),
    "osc 8": ("\x1b]8;;https://e\x07x\x1b]8;;\x07", r"\u{1b}]8;;https://e\u{7}x\u{1b}]8;;\u{7}"),
    "c1": ("\x9b2Jx", r"\u{9b}2Jx"),
    "bidi": ("abc\u202ecba", r"abc\u{202e}cba"),
    "zero width": ("a\u200bb\ufeff", r"a\u{200b}b\u{feff}"),
    "surrogate": ("a\udc80", r"a\u{dc80}"),
    "private": ("\ue000", r"\u{e000}"),
    "unassigned": ("\u0378", r"\u{378}"),
    "line separator": ("a\u2028b\u2029c", r"a\u{2028}b\u{2029}c"),
    "line feed": ("a\nb\rc", r"a\u{a}b\u{d}c"),
    "wide": ("日本語　全角", "日本語　全角"),
    "spaces": ("a\u00a0b\u202fc", "a\u00a0b\u202fc"),
    "combining": ("e\u0301", "e\u0301"),
}


@pytest.mark.parametrize(("text", "shown"), HOSTILE.values(), ids=list(HOSTILE))
def test_terminal_shows_what_it_would_act_on(text: str, shown: str) -> None:
    assert terminal(text) == shown


@given(st.text(alphabet=st.characters()))
@settings(max_examples=200, deadline=None)
def test_terminal_leaves_nothing_to_act_on(text: str) -> None:
    shown = terminal(text)
    assert all(c.isprintable() or c.isspace() for c in shown)
    assert not set(shown) & set(map(chr, [*range(32), *range(127, 160), 0x2028, 0x2029]))
    assert terminal(shown) == shown


def test_terminal_lines_end_at_line_feeds_only() -> None:
    assert terminal_lines("a\tb\nc\u2028d\r") == ["a    b", r"c\u{2028}d\u{d}"]


def test_quote_shortens_in_the_middle() -> None:
    assert quote("x" * 100) == f"'{'x' * 100}'"
    assert len(quote("x" * 5000)) < 200


@given(st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3)))
@settings(max_examples=100, deadline=None)
def test_json_is_json_and_plain(value: object) -> None:
    text = json_text({"value": value})
    assert json.loads(text) == {"value": value}
    assert all(c == "\n" or c.isprintable() or c.isspace() for c in text)
    assert "\x7f" not in text
    assert "\u2028" not in text


def test_json_keeps_other_scripts_readable() -> None:
    assert json_text({"a": "日本語 é \u202e \U000e0001"}) == '{\n  "a": "日本語 é \\u202e \\udb40\\udc01"\n}'


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx", "\n=1", " =1", "\uff1d1", "-\u0661"]
)
def test_csv_cells_are_no_formulas(cell: str) -> None:
    row = next(csv.reader(io.StringIO(csv_row([cell]))))
    assert row[0].startswith("'")


def test_csv_round_trips_plain_text_and_numbers() -> None:
    assert csv_row(['say "no", now', -3, None, "é"]) == '"say ""no"", now","-3","","é"\r\n'


def test_annotation_escapes_what_would_end_it() -> None:
    line = annotation("error", "100%\n::error::pwned\r", file="a,b:c\n%.md", line=3, title="rule")
    assert line == "::error file=a%2Cb%3Ac%0A%25.md,line=3,title=rule::100%25%0A::error::pwned\\u{d}"
    assert "\n" not in line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::pwned", r"\u{3a}:error::pwned"),
        ("  ::set-env::x", r"  \u{3a}:set-env::x"),
        ("##[group]x", r"\u{23}#[group]x"),
        ("a ::error::b", "a ::error::b"),
        ("# Heading", "# Heading"),
    ],
)
def test_neutral_disarms_commands(line: str, shown: str) -> None:
    assert neutral(line) == shown


def test_error_has_fact_and_way_out() -> None:
    assert error_text("no such axis: 'nws'", "did you mean 'newsworthy'?") == (
        "error: no such axis: 'nws'\n  hint: did you mean 'newsworthy'?"
    )
    assert error_text("a\nb", "") == "error: a\n  b"


def test_bug_text_is_safe_to_print() -> None:
    assert bug_text("Traceback\nValueError: \x1b[2J").splitlines()[1] == r"ValueError: \u{1b}[2J"
