"""A new commons is valid, overwrites nothing, and knows who it is."""

import doctest
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from newsrepo import records
from newsrepo.errors import UsageError
from newsrepo.ids import Kind
from newsrepo.porcelain import genesis as genesis_module
from newsrepo.porcelain import workspace
from newsrepo.porcelain.genesis import genesis
from newsrepo.porcelain.init import first_files, init
from newsrepo.records import types as t
from tests.conftest import run_git

KINDS = {
    "newsrepo.yaml": Kind.CHARTER,
    "statements/roll.yaml": Kind.ROLL,
    "contingents/abc.yaml": Kind.CONTINGENT,
    "filters/abc/daily.yaml": Kind.FILTER,
}


def start(folder: Path, name: str = "Harbour commons") -> object:
    return init(folder, name=name, contingent="abc", contingent_name="ABC of the docks")


def test_every_first_file_parses_without_a_finding() -> None:
    files = first_files("Harbour commons", "abc", "ABC", "en")
    assert files.keys() == KINDS.keys()
    for path, data in files.items():
        parsed = records.parse(KINDS[path], data, path)
        assert parsed.findings == ()
        assert records.write(parsed.record) == data


def test_the_charter_accepts_cc0_alone_and_has_two_axes() -> None:
    data = first_files("Harbour commons", "abc", "ABC", "en")["newsrepo.yaml"]
    charter = records.parse(Kind.CHARTER, data, "newsrepo.yaml").record
    assert isinstance(charter, t.Charter)
    assert charter.licenses == ("CC0-1.0",)
    assert sorted(charter.axes) == ["accurate", "newsworthy"]
    assert str(charter.rule.ratio) == "2/3"


def test_what_decides_a_vote_is_written_out_so_that_the_identity_covers_it() -> None:
    files = first_files("Harbour commons", "abc", "ABC", "en")
    assert files["newsrepo.yaml"].endswith(
        b"rule:\n  ratio: 2/3\n  of: cast\n  compare: at-least\n"
        b"  quorum:\n    ratio: 1/2\n    compare: more-than\n"
    )
    assert b"licenses:\n  - CC0-1.0\n" in files["newsrepo.yaml"]
    assert files["statements/roll.yaml"] == b"voters: []\n"


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x1bb", "a\u202eb", "a\nb"])
def test_names_the_format_refuses_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        start(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()


def test_init_in_an_empty_place(tmp_path: Path) -> None:
    done = init(tmp_path / "a" / "b", name="Harbour", contingent="abc", contingent_name="ABC")
    root = done.root
    assert done.new_repository
    assert done.written == (
        ".gitattributes",
        ".gitignore",
        "contingents/abc.yaml",
        "filters/abc/daily.yaml",
        "newsrepo.yaml",
        "statements/roll.yaml",
    )
    assert "eol=lf" in (root / ".gitattributes").read_text()
    assert "*.sig -text" in (root / ".gitattributes").read_text().splitlines()
    assert (root / ".gitignore").read_text() == "/site/\n"
    assert run_git(root, "config", "newsrepo.genesis") == done.genesis
    assert run_git(root, "config", "newsrepo.contingent") == "abc"
    charter = (root / "newsrepo.yaml").read_bytes()
    assert done.genesis == genesis(charter, (root / "statements/roll.yaml").read_bytes())


def test_init_in_a_repository_with_work_in_it(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"README.md": "mine\n", ".gitignore": "*.o\n"})
    head = run_git(root, "rev-parse", "HEAD")
    done = init(root, name="Harbour", contingent="abc", contingent_name="ABC")
    assert not done.new_repository
    assert done.kept == (".gitignore",)
    assert (root / ".gitignore").read_text() == "*.o\n"
    assert (root / "README.md").read_text() == "mine\n"
    assert run_git(root, "rev-parse", "HEAD") == head


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    start(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(UsageError, match=r"already there: .*newsrepo\.yaml"):
        start(tmp_path, "Another")
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_init_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "root"
    root.mkdir()
    (root / "contingents").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="symbolic link"):
        start(root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_init_inside_another_repository(tmp_path: Path) -> None:
    start(tmp_path)
    with pytest.raises(UsageError, match="lies inside the git repository"):
        start(tmp_path / "deeper" / "still")
    assert not (tmp_path / "deeper").exists()


def test_genesis_is_what_its_definition_says() -> None:
    charter, roll = b"name: x\n", b"voters: []\n"
    text = b"newsrepo-genesis v1\n" + b"8\n" + charter + b"11\n" + roll
    assert genesis(charter, roll) == hashlib.sha256(text).hexdigest()
    assert genesis(charter + roll, b"") != genesis(charter, roll)


def test_examples_in_docstrings() -> None:
    for module in (genesis_module, workspace):
        assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/abc/news",
        "https://example.org/abc/news.git",
        "git@example.org:abc/news.git",
        "ssh://git@Example.org/abc/news/",
        "https://user:secret@example.org/abc/news",
    ],
)
def test_origin_matches_a_home_however_it_is_reached(url: str) -> None:
    abc = t.Contingent(name="ABC", home="https://example.org/abc/news")
    lmn = t.Contingent(name="LMN", home="https://example.org/lmn/news")
    assert workspace.match_home(url, {"abc": abc, "lmn": lmn}) == "abc"
    assert workspace.match_home(url, {"abc": abc, "xyz": abc}) == ""
    assert workspace.match_home("/srv/news", {"abc": abc}) == ""
