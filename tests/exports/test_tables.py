"""The tables hold the whole commons: every record, every rating that counts, every exact score."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from newsrepo.commons import Commons, Index, open_commons
from newsrepo.commons import ratings as commons_ratings
from newsrepo.exports.lines import write_lines
from newsrepo.exports.model import TEXT, Row, Table, dictionary
from newsrepo.exports.parquet import Press
from newsrepo.exports.rows import Rows
from newsrepo.exports.tables import TABLES
from newsrepo.gitstore.snapshot import RECORD_ROOTS, MemorySnapshot
from newsrepo.ids import Kind
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.scalars import MILLION, Day, Moment
from newsrepo.scores import score_axis, trusted

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs/export.md").read_text(encoding="utf-8")
NAMES = [table.name for table in TABLES]
KINDS = {
    "articles": Kind.ARTICLE,
    "comments": Kind.COMMENT,
    "challenges": Kind.CHALLENGE,
    "answers": Kind.ANSWER,
    "statements": Kind.STATEMENT,
    "contingents": Kind.CONTINGENT,
    "filters": Kind.FILTER,
}
ELSEWHERE = {
    ("comments", "on"): "target",
    ("comments", "version"): "target_version",
    ("challenges", "to"): "asked",
    ("filters", "trust_through"): "trust_hops",
    ("filters", "select"): "query",
    ("filters", "versions"): "otherwise",
    ("filters", "comments"): "comments_include",
    ("articles", "based_on"): "",
    ("contingents", "axes"): "",
}
"""Under which column a field stands that has not its own name; those that are tables of their own, nowhere."""


@pytest.fixture(scope="module")
def view() -> Commons:
    paths = [ROOT / "newsrepo.yaml"]
    for root in RECORD_ROOTS:
        paths += (p for p in (ROOT / root).rglob("*") if p.is_file())
    files = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}
    return open_commons(MemorySnapshot(files), Index.memory())


@pytest.fixture(scope="module")
def rows(view: Commons) -> dict[str, list[Row]]:
    source = Rows(view, list(view.filters))
    return {name: list(source.of(name)) for name in NAMES}


@pytest.fixture(scope="module")
def parquet(rows: Mapping[str, list[Row]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("it's parquet")
    with Press(folder, "content") as press:
        for table in TABLES:
            lines = folder / f"{table.name}.jsonl"
            write_lines(table, rows[table.name], lines, lambda more: None)
            press.write(table, lines, folder / f"{table.name}.parquet")
    return folder


@pytest.fixture
def db(parquet: Path) -> duckdb.DuckDBPyConnection:
    db = duckdb.connect()
    quoted = str(parquet).replace("'", "''")
    db.execute(f"SET file_search_path = '{quoted}'")
    return db


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_rows_are_ordered_and_told_apart_by_what_the_table_states(
    table: Table, rows: Mapping[str, list[Row]]
) -> None:
    found = rows[table.name]
    assert found
    assert all(list(row) == [column.name for column in table.columns] for row in found)
    keys = [tuple(row[name] for name in table.order) for row in found]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("name", KINDS)
def test_every_record_is_in_its_table_with_every_field(
    name: str, view: Commons, rows: Mapping[str, list[Row]]
) -> None:
    files = {path: file for path, file in view.files.items() if file.place.kind is KINDS[name]}
    assert {row["path"] for row in rows[name]} == set(files)
    for row in rows[name]:
        (data,) = (data for _, data in view.texts([files[row["path"]].oid]))
        record = parse(KINDS[name], data, row["path"]).record
        assert isinstance(record, t.Record)
        assert row["version"] == files[row["path"]].oid
        if row.get("status") == "withheld":
            continue
        for field in record.__struct_fields__:
            column = ELSEWHERE.get((name, field), field)
            if column and (field != "body" or row.get("status", "usable") == "usable"):
                assert _agree(getattr(record, field), row[column]), (row["path"], field)


def _agree(said: object, told: object) -> bool:
    """Whether a column can stand for a field: texts and numbers the same, lists as long, nothing lost."""
    if isinstance(said, StrEnum):
        return told == said.value
    if isinstance(said, str | int):
        return told == said
    if isinstance(said, Moment | Day):
        return str(said).startswith(str(told))
    if isinstance(said, tuple):
        return isinstance(told, list | tuple) and len(told) == len(said)
    return bool(said) <= (told is not None)


def test_the_ratings_are_those_that_count(view: Commons, rows: Mapping[str, list[Row]]) -> None:
    expected = {
        (g.work, g.version, g.rater, g.axis, g.value, g.day.isoformat(), g.note or None, g.path)
        for work in view.works
        for g in view.ratings.given(work)
    }
    names = ("article", "version", "rater", "axis", "value", "date", "note", "path")
    assert {tuple(row[name] for name in names) for row in rows["ratings"]} == expected
    assert len(rows["ratings"]) == len(expected) > 1000
    assert {row["is_current"] for row in rows["ratings"]} == {True, False}


def test_ratings_read_a_few_raters_at_a_time_are_the_same(
    view: Commons, rows: Mapping[str, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commons_ratings, "_BATCH", 1)
    assert list(Rows(view, ()).of("ratings")) == rows["ratings"]


def test_scores_are_exact_and_rounded_half_to_even(view: Commons, rows: Mapping[str, list[Row]]) -> None:
    told = {(row["filter"], row["axis"], row["article"]): row for row in rows["scores"]}
    count = 0
    for name, content in view.filters.items():
        trust = trusted(content, view.contingents)
        for axis in view.axes:
            for work, score in score_axis(view, axis, trust).items():
                row = told[name, axis, work]
                exact = Fraction(int(row["numerator"]), int(row["denominator"]))
                assert exact == score.value
                assert Fraction(repr(row["score"])) == Fraction(round(exact * MILLION), MILLION)
                assert (row["raters"], row["contingents"]) == (score.raters, score.contingents)
                count += 1
    assert count == len(told) > 500


def test_parquet_says_what_json_lines_say(parquet: Path, rows: Mapping[str, list[Row]]) -> None:
    db = duckdb.connect()
    for table in TABLES:
        found = db.read_parquet(str(parquet / f"{table.name}.parquet"))
        types = [str(kind).replace('"', "") for kind in found.types]
        assert types == [column.type.sql.replace('"', "") for column in table.columns]
        plain = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
        assert [_plain(row) for row in plain] == [_plain(row) for row in rows[table.name]], table.name


def _plain(value: object) -> object:
    """A value as text: of a decimal and a number the same, and of a moment as the lines have it."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return (
            value.removesuffix("Z").replace("T", " ")
            if re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", value)
            else value
        )
    if type(value).__name__ in ("Decimal", "float"):
        return float(value)  # type: ignore[arg-type]
    return str(value)


def test_equal_rows_make_equal_parquet_that_says_where_it_is_from(
    parquet: Path, rows: Mapping[str, list[Row]], tmp_path: Path
) -> None:
    table = next(table for table in TABLES if table.name == "articles")
    lines = tmp_path / "a.jsonl"
    write_lines(table, rows["articles"], lines, lambda more: None)
    with Press(tmp_path, "content") as press:
        press.write(table, lines, tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (parquet / "articles.parquet").read_bytes()
    told = duckdb.sql(f"SELECT key, value FROM parquet_kv_metadata('{tmp_path}/a.parquet')").fetchall()
    assert (b"newsrepo", b"derived from content") in told


def test_the_press_opens_nothing_but_its_folder(tmp_path: Path) -> None:
    work, outside = tmp_path / "work", tmp_path / "outside.jsonl"
    work.mkdir()
    outside.write_text('{"id": "x"}\n')
    table = Table("t", "", ("id",), (TABLES[0].columns[0],))
    with Press(work, "") as press, pytest.raises(Exception, match=r"(?i)permission|disabled"):
        press.write(table, outside, work / "t.parquet")
    assert not (work / "t.parquet").exists()


def test_odd_texts_come_through_unharmed(tmp_path: Path) -> None:
    texts = [
        "a'b\"c\\d",
        "\u2028\u2029\x7f",
        "=cmd()",
        "null",
        "\U0001f4f0\ufffd",
        json.dumps('"\\' * (1 << 19)),
        "",
    ]
    table = Table("t", "", ("body",), (TABLES[0].columns[0]._replace(name="body", type=TEXT),))
    write_lines(table, ({"body": text} for text in texts), tmp_path / "t.jsonl", lambda more: None)
    with Press(tmp_path, "it's") as press:
        press.write(table, tmp_path / "t.jsonl", tmp_path / "t.parquet")
    assert [body for (body,) in duckdb.read_parquet(str(tmp_path / "t.parquet")).fetchall()] == texts
    read = [json.loads(line)["body"] for line in (tmp_path / "t.jsonl").read_text().split("\n") if line]
    assert read == texts


def test_rows_with_other_columns_are_a_bug_that_is_told(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="axes"):
        write_lines(TABLES[0], [{"id": "x"}], tmp_path / "x", lambda more: None)


# --- withheld, withdrawn, replaced --------------------------------------------------------------------

CHARTER = """\
name: Free News
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: not, high: very}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""


def _article(more: str = "", body: str = "Secret words.") -> bytes:
    head = f"title: A secret\ndate: 2026-05-03T10:00:00+02:00\nlang: en\nsummary: It is secret\nlicense: CC0-1.0\n{more}"
    return f"---\n{head}---\n\n{body}\n".encode()


def test_what_is_withheld_is_not_handed_on_and_what_is_withdrawn_has_no_text() -> None:
    files = {
        "newsrepo.yaml": CHARTER.encode(),
        "contingents/abc.yaml": b"name: ABC\n",
        "articles/abc/2026/held/index.md": _article(
            "status: withheld\nextra:\n  note: secret too\n"
            f"based_on:\n  - article: abc/2026/open\n    version: {'0' * 40}\n    relation: quote\n    changes: secret\n"
        ),
        "articles/abc/2026/gone/index.md": _article("status: withdrawn\n"),
        "articles/abc/2026/open/index.md": _article("extra:\n  note: 'a: b'\n"),
        "comments/abc/2026/held.md": b"---\non: abc/2026/open\ndate: 2026-05-04\nlang: en\nquote: secret\nstatus: withheld\n---\n\nSecret.\n",
    }
    view = open_commons(MemorySnapshot(files), Index.memory())
    assert [f for f in view.findings if f.severity.value == "error"] == []
    gone, held, free = Rows(view, ()).of("articles")
    assert (gone["title"], gone["body"]) == ("A secret", None)
    assert (free["body"], json.loads(free["extra"])) == ("Secret words.\n", {"note": "a: b"})
    assert (free["date"], free["instant"]) == ("2026-05-03", "2026-05-03T08:00:00Z")
    (remark,) = Rows(view, ()).of("comments")
    for row in (held, remark):
        assert "secret" not in json.dumps(row).casefold()
        assert (row["status"], row["lang"]) == ("withheld", "en")
    assert list(Rows(view, ()).of("derivations")) == []


# --- docs ---------------------------------------------------------------------------------------------


def test_the_dictionary_in_the_docs_is_that_of_the_tables() -> None:
    assert DOC.endswith(dictionary(TABLES)), "python -m newsrepo.exports.tables prints it"


def test_the_documented_queries_answer(
    db: duckdb.DuckDBPyConnection, view: Commons, rows: Mapping[str, list[Row]]
) -> None:
    divides, credited, differ = (
        db.sql(query).fetchall() for query in re.findall(r"```sql\n(.*?)```", DOC, re.DOTALL)
    )
    article, title, contingents, distance = divides[0]
    means: dict[str, list[int]] = {}
    for row in rows["ratings"]:
        if (row["article"], row["axis"], row["is_current"]) == (article, "newsworthy", True):
            means.setdefault(row["contingent"], []).append(row["value"])
    said = [Fraction(sum(values), len(values)) for values in means.values()]
    assert (title, contingents) == (view.works[article].title, len(said))
    assert distance == round(float(max(said) - min(said)), 2)

    def behind(work: str, seen: frozenset[str] = frozenset()) -> set[str]:
        found = {d.source_article for d in edges if d.article == work} - seen
        return found.union(*(behind(other, seen | found) for other in found))

    edges = [_Edge(row) for row in rows["derivations"]]
    owed: dict[str, set[str]] = {}
    for work in {edge.article for edge in edges}:
        for source in behind(work):
            if source.split("/")[0] != work.split("/")[0]:
                owed.setdefault(source.split("/")[0], set()).add(work)
    assert dict(credited) == {owner: len(works) for owner, works in owed.items()}

    assert len(differ) == 10
    assert all(mine - theirs == difference for _, mine, theirs, difference in differ)
    assert [row[3] for row in differ] == sorted((row[3] for row in differ), reverse=True)


class _Edge:
    def __init__(self, row: Row) -> None:
        self.article, self.source_article = row["article"], row["source_article"]
