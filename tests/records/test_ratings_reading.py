"""The quick reading of ratings gives what the builder gives, or declines; and it takes what is written."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_strategies import of_record
from test_agreement import BITS

from newsrepo.checks.places import _walk
from newsrepo.ids import Kind
from newsrepo.records import columns_of, parse, rating_columns, write
from newsrepo.records import types as t
from newsrepo.records.builder import nodes, plain
from newsrepo.records.ratings import canonical_ratings, rating_places
from newsrepo.records.rules import broken_rules
from newsrepo.records.shape import convert
from newsrepo.records.text import decode_clean

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
V = "0123456789abcdef0123456789abcdef01234567"
LINE = f"  - {{article: abc/2026/x, version: {V}, date: 2026-05-01, values: {{newsworthy: 4}}}}\n"


def agree(text: str) -> bool:
    """All quick readings together take the text, and as the builder does, or all decline."""
    if decode_clean(text.encode("utf-8", "surrogatepass")) is None:
        return False
    quick, columns = canonical_ratings(text), rating_columns(text)
    if quick is None or columns is None:
        assert quick is columns is None
        return False
    tree = plain(text)
    assert tree is not None, text
    record = convert(t.Ratings, tree)
    assert record == quick, text
    assert broken_rules(quick) == []
    assert parse(Kind.RATINGS, text.encode(), "x").record == quick
    assert columns_of(quick) == columns
    for place, rating in enumerate(quick.ratings):
        assert columns.articles[place] == rating.article
        assert columns.versions[place] == rating.version
        assert date.fromordinal(columns.days[place]) == rating.date.date
        assert columns.shapes[columns.marks[place]] == tuple(rating.values.items())
        assert columns.notes.get(place) == rating.note
    assert len(columns.articles) == len(columns.versions) == len(columns.days) == len(columns.marks)
    assert set(columns.marks) == set(range(len(columns.shapes)))
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(of_record(t.Ratings), st.booleans())
def test_written_files_read_alike(record: t.Ratings, indented: bool) -> None:
    text = write(record).decode()
    agree(text if indented else text.replace("\n  - ", "\n- "))


STRUCTURE = st.sampled_from(
    ["\n  - {article: ", "\n- {article: ", ", date: ", ", version: ", ", values: {", "}}", "}\n", "ratings:", V, "x/2026/y"]
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=SLOW)
@given(st.data())
def test_mutated_files_read_alike(data: st.DataObject) -> None:
    text = write(data.draw(of_record(t.Ratings))).decode()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 4))
        bit = data.draw(st.one_of(BITS, STRUCTURE, st.text(" ,:'{}[]?#abc0-9/\n", max_size=3)))
        text = text[:at] + bit + text[at + cut :]
    agree(text)


PIECES = st.one_of(
    STRUCTURE,
    st.sampled_from(["2026-05-01, values: {a: 1}}", "2026-05-01, values: {a: 1}, note: b}", f"x/2026/y, version: {V}"]),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=9).map("".join), st.sampled_from(["}\n", "\n", ""]))
def test_pieces_in_any_order_read_alike(text: str, end: str) -> None:
    agree(f"ratings:{text}{end}")
    agree(f"ratings:\n  - {{article: {text}{end}")


@pytest.mark.parametrize("note", [None, "fine", "it's", "a, b", "'tis", "x, date: y", "a}}b", "no"])
def test_what_is_written_is_read_at_once(note: str | None) -> None:
    """Guards the speed: files as they are written must not silently fall to the builder."""
    one = t.Rating(
        article="abc/2026/x",
        version=V,
        date=t.Day.parse("2026-05-01"),
        values={"abc/line": -1, "newsworthy": 4},
        note=note,
    )
    other = msgspec.structs.replace(one, date=t.Day.parse("2026-05-02"), note=None)
    text = write(t.Ratings(ratings=(one, other))).decode()
    assert agree(text) or '"' in text
    assert agree(text.replace("\n  - ", "\n- ")) or '"' in text


def test_the_sample_is_read_at_once() -> None:
    files = sorted((Path(__file__).parents[2] / "ratings").glob("*/*/*.yaml"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert sum(agree(text) for text in texts) > 0.9 * len(texts) > 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ratings: []\n",
        "ratings:\n",
        "ratings:\n" + LINE * 2,
        "ratings:\n" + LINE + LINE[2:].replace("/x,", "/y,"),
        "ratings:\n" + LINE[:-1],
        "ratings:\n" + LINE + "\n",
        "ratings:\n" + LINE.replace("05-01", "02-30"),
        "ratings:\n" + LINE.replace("4}}", "1001}}"),
        "ratings:\n" + LINE.replace("4}}", "4, newsworthy: 4}}"),
        "ratings:\n" + LINE.replace("4}}", "}}"),
        "ratings:\n" + LINE.replace("4}}", "4, " + ", ".join(f"axis-{n}: 1" for n in range(40)) + "}}"),
        "ratings:\n" + LINE.replace("abc/2026/x", "con/2026/x"),
        "ratings:\n" + LINE.replace("abc/2026/x", "abc/2026/" + "x" * 81),
        "ratings:\n" + LINE.replace("}}", "}, note: no: yes}"),
        "ratings:\n" + LINE.replace("}}", "}, note: " + "n" * 2001 + "}"),
        f"ratings:, date: x/2026/y, version: {V}\n  - {{article: 2026-05-01, values: {{a: 1}}}}\n",
    ],
)
def test_what_is_not_sure_is_left_to_the_builder(text: str) -> None:
    agree(text)
    assert rating_columns(text) is None


def test_each_version_may_be_rated_on_several_days() -> None:
    later = LINE.replace("05-01", "05-02")
    assert agree("ratings:\n" + LINE + later)
    assert agree("ratings:\n" + later + LINE)


def test_what_is_remembered_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsrepo.records.ratings._REMEMBERED", 1)
    text = "ratings:\n" + LINE + LINE.replace("/x,", "/y,") + LINE.replace("/x,", "/z,").replace(": 4", ": 3")
    first = rating_columns(text)
    for _ in range(3):
        agree("ratings:\n" + LINE.replace("/x,", "/w,").replace(": 4", ": 2"))
        assert rating_columns(text) == first


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(of_record(t.Ratings), st.booleans())
def test_places_are_told_as_the_builder_finds_them(record: t.Ratings, indented: bool) -> None:
    note = "values: {newsworthy: 1}, article: x"
    line = f"  - {{article: abc/2026/date, version: {V}, date: 2026-05-01, values: {{a: -1, b/a: 4}}, note: '{note}'}}\n"
    text = (write(record).decode() or "ratings:\n") + line
    text = text if indented else text.replace("\n  - ", "\n- ")
    place, tree = rating_places(text), nodes(text)[0]
    if place is None:
        return
    for at in range(text.count("\n")):
        rating = record.ratings and sorted(record.ratings, key=lambda r: (r.article, r.version, r.date))
        known = rating[at].values if at < len(rating) else {"a": -1, "b/a": 4} if at == len(rating) else {}
        fields: list[tuple[str, ...]] = [("article",), ("version",), ("date",), ("values",)]
        for rest in ((), *fields, *(("values", axis) for axis in known)):
            told = place(("ratings", at, *rest))
            assert told == (_walk(tree, ("ratings", at, *rest)) if known else None)
        assert place(("ratings", at, "note")) is place(("ratings", at, "values", "newsworthy-2")) is None
