"""``export ninjs``, ``json`` and ``parquet`` as people and scripts see them."""

import json
import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import STRIKE, Run
from tests.conftest import put

FILTER = "title: ABC daily\nselect: lang:en\nedition:\n  url: https://abc.example/\n"
DAY = ("--today", "2026-05-20")


@pytest.fixture
def desk(commons: Path) -> Path:
    put(commons, {"filters/abc/all.yaml": FILTER, "articles/abc/2026/two/index.md": STRIKE})
    return commons


def test_tables_are_written_and_told(desk: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "new" / "data"
    result = run("export", "json", "-o", str(out), "--filter", "abc/all", "--json", cwd=desk)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["version"], told["verb"], told["folder"]) == (1, "export json", str(out))
    assert told["filters"] == ["abc/all"]
    for table in told["tables"]:
        assert len((out / table["file"]).read_text().splitlines()) == table["rows"]
    assert {row["name"]: row["rows"] for row in told["tables"]}["articles"] == 2
    marked = json.loads((out / "export.json").read_text())
    assert (marked["derived"], marked["content"]) == (True, told["content"])
    first = (out / "articles.jsonl").read_bytes()
    result = run("export", "parquet", "-o", str(out), cwd=desk)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(out)
    assert "articles.parquet" in result.stderr
    assert {path.suffix for path in out.iterdir()} == {".parquet", ".json"}
    assert (out / "articles.parquet").read_bytes().startswith(b"PAR1")
    run("export", "json", "-o", str(out), cwd=desk)
    assert (out / "articles.jsonl").read_bytes() == first


def test_items_are_written_to_a_folder_or_a_file(desk: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "wire"
    result = run("export", "ninjs", "abc/all", "-o", str(out), *DAY, "--json", cwd=desk)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["verb"], told["today"], len(told["items"])) == ("export ninjs", "2026-05-20", 2)
    items = [json.loads((out / item["file"]).read_text()) for item in told["items"]]
    assert [item["slugline"] for item in items] == [item["id"].split("/")[2] for item in told["items"]]
    assert set(os.listdir(out)) == {"export.json", *(item["file"] for item in told["items"])}
    file = tmp_path / "wire.jsonl"
    result = run("export", "ninjs", "filter:abc/all", "-o", str(file), *DAY, cwd=desk)
    assert "abc/all of 2026-05-20: 2 items" in result.stderr
    assert [json.loads(line) for line in file.read_text().splitlines()] == items


def test_an_article_that_cannot_be_shown_is_named_and_the_rest_goes(
    desk: Path, run: Run, tmp_path: Path
) -> None:
    put(desk, {"articles/abc/2026/two/index.md": STRIKE + "> " * 3000 + "x\n"})
    result = run("export", "ninjs", "abc/all", "-o", str(tmp_path / "wire"), *DAY, cwd=desk)
    assert result.exit_code == 1
    assert "abc/2026/two is left out" in result.stderr
    assert "1 item" in result.stderr


def test_what_cannot_be_asked_for(desk: Path, run: Run) -> None:
    put(desk, {"mine/thesis.txt": "words"})
    before = sorted(os.listdir(desk))
    for args, says in (
        (("ninjs", "abc/none", "-o", "x"), "no such filter"),
        (("ninjs", "abc/all", "-o", "x.json"), ".jsonl"),
        (("json", "-o", "x", "--filter", "abc/none"), "no such filter"),
        (("parquet", "-o", "articles"), "among the records"),
        (("json", "-o", "mine"), "not empty"),
        (("json",), "output"),
    ):
        result = run("export", *args, cwd=desk)
        assert result.exit_code == 2, args
        assert says in result.stderr
    assert sorted(os.listdir(desk)) == before
    assert os.listdir(desk / "mine") == ["thesis.txt"]


def test_without_the_extra_nothing_is_written(desk: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    result = run("export", "parquet", "-o", "data", cwd=desk)
    assert result.exit_code == 3
    assert "pip install 'newsrepo[analytics]'" in result.stderr
    assert not (desk / "data").exists()
