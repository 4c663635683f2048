"""An edition made in parts is the edition made at once, to the byte; parts that do not fit are named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from support import CHARTER, article
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app
from newsrepo.editions.manifest import NAME
from newsrepo.editions.page import Page
from newsrepo.editions.shards import MOST, Share, plan_digest
from newsrepo.errors import UsageError

FILES = {
    "newsrepo.yaml": CHARTER,
    "contingents/abc.yaml": "name: ABC\n",
    "articles/abc/2026/strike/index.md": article("The dock strike ends", date="2026-04-03"),
    "filters/abc/all.yaml": "title: All of it\nselect: 'by:abc'\n",
    "filters/abc/new.yaml": "title: What is new\nselect: 'by:abc'\n",
}


def newsrepo(where: Path, *args: str) -> Result:
    result = CliRunner().invoke(app, ["-C", str(where), *args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def tree(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module")
def commons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shards") / "commons"
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main", "--template=")
    put(root, FILES)
    commit_all(root)
    return root


@pytest.fixture(scope="module")
def made(commons: Path) -> Path:
    """Three parts of everything, and the whole."""
    base = commons.parent
    assert newsrepo(commons, "build", "--all", "-o", str(base / "whole")).exit_code == 0
    for number in (1, 2, 3):
        done = newsrepo(commons, "build", "--all", "--shard", f"{number}/3", "-o", str(base / str(number)))
        assert done.exit_code == 0, done.output
    return base


@pytest.fixture
def parts(made: Path, tmp_path: Path) -> list[str]:
    """The three parts, to do harm to."""
    return [str(shutil.copytree(made / n, tmp_path / n)) for n in ("1", "2", "3")]


Merge = Callable[..., Result]


@pytest.fixture
def merge(commons: Path, tmp_path: Path) -> Merge:
    return lambda *folders: newsrepo(commons, "build", "--merge", *folders, "-o", str(tmp_path / "out"))


def test_parts_in_any_order_are_the_whole_and_a_second_merge_writes_nothing(
    made: Path, parts: list[str], merge: Merge, tmp_path: Path
):
    assert merge(*reversed(parts)).exit_code == 0
    assert tree(tmp_path / "out") == tree(made / "whole")
    again = merge(*parts)
    assert again.stderr.count("unchanged") == 3
    alone = [set(tree(Path(part))) - {f for f in tree(Path(part)) if f.endswith(NAME)} for part in parts]
    assert sum(map(len, alone)) == len(set().union(*alone))  # no page is made twice


def test_one_filter_in_one_part(commons: Path, merge: Merge, tmp_path: Path):
    newsrepo(commons, "build", "abc/all", "-o", str(tmp_path / "whole"))
    newsrepo(commons, "build", "abc/all", "--shard", "1/1", "-o", str(tmp_path / "part"))
    assert merge(str(tmp_path / "part")).exit_code == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


def test_what_is_missing_twice_or_no_part_is_named(made: Path, parts: list[str], merge: Merge):
    assert "part 2 of 3 is missing" in merge(parts[0], parts[2]).stderr
    assert "parts 1, 3 of 3 are missing" in merge(parts[1]).stderr
    assert "part 1 of 3 is there twice" in merge(parts[0], *parts).stderr
    assert "holds a whole edition, not a part" in merge(*parts[:2], str(made / "whole")).stderr
    assert "holds no part of an edition" in merge(*parts[:2], str(made)).stderr
    assert "one of 3" in merge(parts[0], _as(parts[1], of=4)).stderr


def _as(part: str, **changes: object) -> str:
    """The part, its manifest saying something else of which part it is."""
    target = Path(part) / NAME
    data = json.loads(target.read_text())
    data["shard"] |= changes
    target.write_text(json.dumps(data))
    return part


def test_parts_of_different_tips_days_or_plans_are_named(
    commons: Path, parts: list[str], merge: Merge, tmp_path: Path
):
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", str(commons), str(clone))
    before = run_git(clone, "rev-parse", "HEAD")[:12]
    after = commit_all(clone, "Another tip")[:12]
    part = ["build", "--all", "--shard", "2/3", "-o", str(tmp_path / "other")]
    assert newsrepo(clone, *part).exit_code == 0
    said = merge(parts[0], str(tmp_path / "other"), parts[2])
    assert said.exit_code == 2
    assert f"from HEAD at {before}" in said.stderr
    assert f"from HEAD at {after}" in said.stderr
    assert newsrepo(clone, *part, "--today", "2026-07-01").exit_code == 0
    assert "is of 2026-07-01" in merge(parts[0], str(tmp_path / "other")).stderr
    assert "other versions of tools" in merge(parts[0], _as(parts[1], plan="f" * 64)).stderr


def test_a_damaged_or_forged_part_writes_nothing(parts: list[str], merge: Merge, tmp_path: Path):
    page = next(f for f in sorted(Path(parts[0]).rglob("*.html")))
    page.write_text("another")
    said = merge(*parts)
    assert (said.exit_code, "it is not what the manifest says" in said.stderr) == (3, True)
    page.unlink()
    page.symlink_to("/etc/passwd")
    assert merge(*parts).exit_code == 3
    manifest = Path(parts[1]) / NAME
    data = json.loads(manifest.read_text())
    data["files"]["../../escape.html"] = "0" * 64
    manifest.write_text(json.dumps(data))
    assert "holds no part" in merge(*parts).stderr
    assert not (tmp_path / "out/index.html").exists()
    assert list(tmp_path.rglob("escape.html")) == []


def test_a_part_is_neither_signed_nor_verified(commons: Path, parts: list[str], tmp_path: Path):
    signed = newsrepo(commons, "build", "--all", "--shard", "1/2", "--sign", "-o", str(tmp_path / "x"))
    assert (signed.exit_code, "not a part" in signed.stderr) == (2, True)
    assert newsrepo(commons, "verify-edition", parts[0]).exit_code == 3


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "1", "a/b", "1/3/5", "-1/3", f"1/{MOST + 1}", "٣/٣"])
def test_what_is_no_part(text: str):
    with pytest.raises(UsageError, match="no part of an edition"):
        Share.parse(text)


def test_pages_are_spread_about_evenly_and_the_plan_knows_every_key():
    pages = [Page(f"articles/abc/{n}.html", bytes([n % 251]), (), lambda _: b"") for n in range(4000)]
    shares = [Share(number, 8).pages(pages) for number in range(1, 9)]
    assert sum(map(len, shares)) == len(pages)
    assert max(map(len, shares)) < 1.2 * min(map(len, shares))
    marks = [Share(number, 8).mark(pages) for number in range(1, 9)]
    assert len({mark.plan for mark in marks}) == 1
    keys = {path: key for mark in marks for path, key in mark.keys.items()}
    assert plan_digest(keys) == marks[0].plan
    assert plan_digest({**keys, "articles/abc/7.html": "00"}) != marks[0].plan
