"""What the desk's screens are made of, as values: lines, prose, news, sheets, comparisons, what was seen."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.cells import cell_len
from typer.testing import CliRunner

from newsrepo.commons.model import Given
from newsrepo.credit.passages import compare
from newsrepo.desk.help import table
from newsrepo.desk.lines import Line, Run, Style, cut, fold, plain, run
from newsrepo.desk.news import Item, news
from newsrepo.desk.pages import Reading, error_lines, record_lines
from newsrepo.desk.prose import prose
from newsrepo.desk.rating import begun, sheet_lines
from newsrepo.desk.rows import Row, Target, shown
from newsrepo.desk.searching import fault_line, mark_line
from newsrepo.desk.seen import Seen
from newsrepo.desk.sides import sides
from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import ArticleId, AxisId, Kind, Oid, RaterId
from newsrepo.porcelain.cited import Text
from newsrepo.porcelain.diff import Diffed, between
from newsrepo.porcelain.find import read_query
from newsrepo.porcelain.rating_walk import Scale
from newsrepo.porcelain.show import Shown
from newsrepo.records import parse
from newsrepo.records import types as t
from tests.support import article

HOSTILE = (
    "# \x1b[2JA\x07 [red]x[/red] [@click=app.exit]y[/]\n\n> &#x202e; \u202ee\n>\n> - `\u200b` <script>\n\n"
    "| a | \x9b |\n|-|-|\n| [l](javascript:\u2066x) | ![p\x08](q) |\n\n"
    "```\n\tcode \x1b]0;t\x07\n  in\n```\n\nx[^1]\n\n[^1]: \x7f"
)
WORDS = st.text(st.sampled_from("ab 漢é\u0301-"), max_size=60)


def texts(lines: list[Line]) -> list[str]:
    return [plain(line) for line in lines]


@settings(max_examples=30, deadline=None)
@given(st.lists(WORDS, max_size=4), st.integers(4, 30))
def test_folding_keeps_every_word_and_the_width(parts: list[str], width: int) -> None:
    lines = texts(fold([run(part, Style.EMPHASIS) for part in parts], width, (Run("> "),), (Run("  "),)))
    heads = 2 if width >= 4 else 0
    assert all(cell_len(line) <= max(width, 4) for line in lines)
    bare = "".join(line[heads:] for line in lines)
    assert bare.replace(" ", "") == "".join(parts).replace(" ", "")


@pytest.mark.parametrize("width", [10, 40, 100])
def test_no_text_of_a_file_reaches_the_screen_as_it_is(width: int) -> None:
    made = prose(HOSTILE, width)
    told = "".join(texts(made))
    assert all(text.isprintable() for text in texts(made))
    assert all(cell_len(text) <= width for text in texts(made))
    assert "[red]x[/red]" in told.replace(" ", "") or width == 10
    if width == 100:
        assert "\\u{202e}" in told
        assert "<javascript:\\u{2066}x>" in told
        assert "<script>" in told
        assert "  in" in texts(made)
    row = shown(Row(Target("article", "x"), HOSTILE, HOSTILE, "\x1b", "\u202e"), width)
    assert plain(row).isprintable()
    assert cell_len(plain(row)) == width
    assert all(line.isprintable() for line in texts(error_lines(UsageError(HOSTILE, HOSTILE), width)))


def test_prose_tells_quotes_lists_code_and_tables_apart() -> None:
    text = "> one\n> two\n\n1. first item that is long\n   - inner\n2. second\n\n| a | b |\n|-|-|\n| 1 | 2 |"
    assert texts(prose(text, 16)) == [
        *("│ one two", ""),
        *("1. first item", "   that is long", "  • inner", "2. second", ""),
        *("a | b", "1 | 2"),
    ]


def test_cutting_counts_cells() -> None:
    assert cut("漢字漢字", 5) == "漢字…"
    assert cell_len(cut("漢字漢字", 6)) == 6
    assert cut("ab", 4) == "ab  "
    assert cut("ab", 0) == ""


def item(name: str, version: str, day: str) -> Item:
    return Item(name, version, "article", name.upper(), name[:3], day)


def test_what_is_new_changed_and_gone() -> None:
    found = [
        item("abc/a", "1", "2026-05-01"),
        item("abc/b", "2", "2026-05-03"),
        item("lmn/c", "9", "2031-01-01"),
    ]
    today = date(2026, 6, 1)
    first = news(found, None, today)
    assert first.first
    assert [row.target.id for row in first.rows] == ["abc/b", "abc/a", "lmn/c"]  # no fork moves the clock
    later = news(found, {"abc/a": "1", "abc/b": "1", "xyz/d": "5"}, today)
    assert [(row.mark, row.target.id) for row in later.rows] == [
        ("gone", "xyz/d"),
        ("changed", "abc/b"),
        ("new", "lmn/c"),
    ]
    assert not later.first
    assert later.total == 3


def test_what_was_seen_is_shared_and_may_be_lost(tmp_path: Path) -> None:
    one, other = Seen(tmp_path / "state" / "seen"), Seen(tmp_path / "state" / "seen")
    assert one.load() is None
    one.note([("abc/a", "1")])
    other.note([("abc/b", "2")])
    assert one.load() == {"abc/a": "1", "abc/b": "2"}
    one.note([("abc/a", "3")], gone=["abc/b"])
    assert other.load() == {"abc/a": "3"}
    (tmp_path / "state" / "seen").write_bytes(b"\xc1 nonsense")
    assert one.load() is None


def axis(low: int, high: int) -> t.Axis:
    return t.Axis(title="T", min=low, max=high, neutral=0, low="little", high="much")


SCALES = (
    Scale(AxisId("a"), axis(0, 5)),
    Scale(AxisId("b"), axis(-2, 2)),
    Scale(AxisId("c"), axis(-10, 10)),
)


def test_one_key_a_value_and_a_number_where_one_is_not_enough() -> None:
    sheet = begun(SCALES, {"b": 1, "gone": 3})
    assert sheet.values == {"b": 1}
    assert sheet.press("6").fault
    sheet = sheet.press("5").press("1")
    assert sheet.values == {"a": 5, "b": -2}
    assert not sheet.by_key
    assert sheet.press("11").fault
    whole = sheet.press("-7")
    assert whole.scale is None
    assert whole.values == {"a": 5, "b": -2, "c": -7}
    assert whole.press("3") == whole
    back = whole.press("u").press("u").press("-")
    assert back.values == {"a": 5, "c": -7}
    assert back.press("u").press("u").press("u").fault
    told = texts(sheet_lines(sheet.press("x"), 60))
    assert "  T (a): 5" in told
    assert any("-10 to 10" in line for line in told)


def reading(*, told: bool, mine: dict[str, int]) -> list[str]:
    data = article("Title", "Body.").encode()
    record = parse(Kind.ARTICLE, data, "articles/abc/2026/x/index.md").record
    who = [
        Given(
            ArticleId("abc/2026/x"),
            Oid(version),
            RaterId(rater),
            AxisId("a"),
            3,
            date(2026, 1, 1),
            "note",
            "p",
        )
        for rater, version in (("abc/ann", "1" * 40), ("lmn/bob", "2" * 40))
    ]
    seen = Shown(Kind.ARTICLE, "abc/2026/x", "articles/abc/2026/x/index.md", "1" * 40, data, record, ())
    return texts(record_lines(Reading(seen, mine, who, told, "xyz/eve"), 60))


def test_others_ratings_are_shown_only_after_ones_own() -> None:
    hidden = reading(told=False, mine={})
    assert "2 others have rated it: hidden until you have, too (r" in hidden
    assert not any("bob" in line or "ann" in line or "note" in line for line in hidden)
    open_ = reading(told=True, mine={"a": 1})
    assert "You rated: a=1" in open_
    assert "abc/ann (own work) a=3: note" in open_
    assert "lmn/bob (of 22222222) a=3: note" in open_


def versions(old: str, new: str) -> Diffed:
    made = []
    for version, body in (("1" * 40, old), ("2" * 40, new)):
        record = parse(Kind.ARTICLE, article("Same").encode(), "articles/abc/2026/x/index.md").record
        assert isinstance(record, t.Article)
        made.append(Text(ArticleId("abc/2026/x"), Oid(version), b"", replace(record, body=body)))
    return between(*made)


def test_versions_stand_side_by_side_or_one_below_the_other() -> None:
    found = versions(
        "Kept.\n\nOne two three four five.\n\nGone.", "Kept.\n\nOne two 3 four five.\n\nNew \u202e."
    )
    assert found.body == compare(found.old.body, found.new.body)
    wide = texts(sides(found, 80, every=False))
    assert "~ One two [-three-] four five.          │ One two {+3+} four five." in wide
    assert "  (1 unchanged)" in wide
    assert any(line.startswith("- Gone.  ") for line in wide)
    assert any(line.endswith("│ New \\u{202e}.") for line in wide)
    assert "  Kept.                                 │ Kept." in texts(sides(found, 80, every=True))
    narrow = texts(sides(found, 40, every=False))
    assert "~ One two [-three-] four five." in narrow
    assert "~ One two {+3+} four five." in narrow
    assert all(len(line) <= 40 for line in narrow)


def test_a_fault_of_a_query_is_marked_under_its_place() -> None:
    assert fault_line("topic:x newsworthy>=3") == ()
    assert plain(fault_line("漢字 (a")) == " " * 6 + "^ this parenthesis is never closed"
    assert plain(fault_line("a " * 40 + "(")).startswith("column 81: ")
    with pytest.raises(UsageError) as fault:
        read_query("a (b")
    assert plain(mark_line(fault.value)) == "   ^"
    assert mark_line(UnableError("other")) == ()


def test_the_table_of_keys_in_the_docs_is_that_of_the_desk() -> None:
    docs = Path(__file__).parents[2] / "docs/desk.md"
    assert table() in docs.read_text(encoding="utf-8"), "write it anew: python -m newsrepo.desk.help"


def test_without_a_terminal_or_the_extra_the_way_out_is_named(
    commons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from newsrepo.cli import desk
    from newsrepo.cli.main import app

    result = CliRunner().invoke(app, ["-C", str(commons), "desk"])
    assert result.exit_code == 3
    assert "rate --next" in result.output
    monkeypatch.setattr(desk, "_refuse", lambda: None)
    monkeypatch.setitem(sys.modules, "textual", None)
    for name in [name for name in sys.modules if name.startswith(("textual.", "newsrepo.desk."))]:
        monkeypatch.delitem(sys.modules, name)
    result = CliRunner().invoke(app, ["-C", str(commons), "desk"])
    assert result.exit_code == 3
    assert "pip install 'newsrepo[desk]'" in result.output
