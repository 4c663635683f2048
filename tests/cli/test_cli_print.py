"""``print`` and ``export epub`` as people and scripts see them."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import STRIKE, Run
from tests.conftest import put

FILTER = "title: ABC daily\nselect: lang:en\nedition:\n  url: https://abc.example/\n"


@pytest.fixture
def paper(commons: Path) -> Path:
    put(commons, {"filters/abc/all.yaml": FILTER, "articles/abc/2026/two/index.md": STRIKE})
    return commons


def test_a_leaflet_is_printed_and_told(paper: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "new" / "x.pdf"
    result = run("print", "abc/all", "--as", "leaflet", "-o", str(out), "--today", "2026-05-20", cwd=paper)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip() == str(out)
    assert "abc/all of 2026-05-20: 2 stories on 2 pages" in result.stderr
    assert out.read_bytes().startswith(b"%PDF")


def test_a_script_without_a_font_is_a_fault_and_the_rest_is_printed(
    paper: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsrepo.editions.paper.faces.default_folders", lambda home: ())
    put(paper, {"articles/abc/2026/two/index.md": STRIKE + "\n\u4e2d\n"})
    out = tmp_path / "x.pdf"
    args = ("print", "abc/all", "--as", "newspaper", "--pages", "1", "-o", str(out), "--json")
    result = run(*args, "--today", "2026-05-20", cwd=paper)
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert (told["version"], told["verb"], told["as"], told["pages"]) == (1, "print", "newspaper", 1)
    assert [left["id"] for left in told["left_out"]] == ["abc/2026/two"]
    assert [(f["rule"], f["path"]) for f in told["findings"]] == [
        ("no-glyph", "articles/abc/2026/two/index.md")
    ]
    assert out.is_file()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("--as", "poster"), "poster"),
        (("--as", "leaflet", "--pages", "3", "--pairs"), "say --pages 4"),
        (("--as", "leaflet", "--fonts", "nowhere"), "no such folder"),
        (("--as", "leaflet", "--paper", "a0"), "a0"),
    ],
)
def test_what_cannot_be_asked_for(paper: Path, run: Run, args: tuple[str, ...], says: str) -> None:
    result = run("print", "abc/all", "-o", "x.pdf", *args, cwd=paper)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (paper / "x.pdf").exists()


def test_a_book_is_bound_and_told(paper: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "x.epub"
    result = run("export", "epub", "abc/all", "-o", str(out), "--today", "2026-05-20", "--json", cwd=paper)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["verb"], told["file"], len(told["stories"])) == ("export epub", str(out), 2)
    assert zipfile.is_zipfile(out)
