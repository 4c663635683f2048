"""Every page and every feed entry of the sample's editions carries the line of whoever publishes it."""

import json
import os
import re
import shutil
import subprocess
import sysconfig
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hermetic import commit_all, run_git
from test_sample_votes import GENESIS

from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).resolve().parents[2]
NAME = "Ink and Bread"
LINE = re.compile(rf"The [^<>\n]{{1,80}}? contingent of {NAME}")
SPACE = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("signed") / "commons"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    run_git(root, "config", "newsrepo.genesis", GENESIS)
    return root


def build(clone: Path, out: Path, **env: str) -> None:
    newsrepo = Path(sysconfig.get_path("scripts")) / "newsrepo"
    command = [newsrepo, "-C", clone, "build", "--all", "-o", out]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **env}, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def site(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    build(clone, out)
    return out


@pytest.fixture(scope="module")
def editions(site: Path) -> dict[Path, str]:
    """The folder of each edition, with the line of whoever publishes it."""
    found = {}
    for front in sorted(site.glob("*/*/index.html")):
        (line,) = set(re.findall(r'<p class="dateline">.*?<a [^>]*>([^<]+)</a>', front.read_text()))
        found[front.parent] = unescape(line)
    assert len(found) >= 4
    return found


def test_every_page_carries_the_publishers_line_at_its_head_and_its_foot(editions: dict[Path, str]) -> None:
    pages = 0
    for folder, line in editions.items():
        assert LINE.fullmatch(line)
        for path in folder.rglob("*.html"):
            html = unescape(path.read_text())
            head = html.partition("<main")[0]
            foot = html.rpartition("</main>")[2]
            assert f">{line}</a></span>" in head, path
            assert "is published by <a href=" in foot, path
            assert f">{line}</a>, and speaks for nobody else" in foot, path
            pages += 1
    assert pages > 300


def test_the_page_over_all_editions_signs_each_and_none_for_all(
    site: Path, editions: dict[Path, str]
) -> None:
    html = unescape((site / "index.html").read_text())
    assert set(LINE.findall(html)) == set(editions.values())
    assert f"No edition speaks for {NAME}" in html
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", html) == [
        f'Editions of <span lang="en" dir="ltr">{NAME}</span>'
    ]


def test_every_article_and_every_statement_is_signed_by_its_own_contingent(
    editions: dict[Path, str],
) -> None:
    names = {
        path.stem: re.findall(r"^name: (.*)$", path.read_text(), re.MULTILINE)[0]
        for path in (PROJECT / "contingents").glob("*.yaml")
    }
    for folder in editions:
        for kind in ("articles", "statements"):
            for path in (folder / kind).glob("*/**/*.html"):
                owner = path.relative_to(folder / kind).parts[0]
                main = unescape(path.read_text()).partition("<main")[2]
                assert f"The {names[owner]} contingent of {NAME}" in main, path


def test_every_feed_entry_carries_a_line_and_only_statements_are_signed_by_the_commons(
    editions: dict[Path, str],
) -> None:
    entries = 0
    for folder, line in editions.items():
        feed = ET.parse(folder / "feed.xml").getroot()
        assert feed.findtext(f"{SPACE}author/{SPACE}name") == line
        for entry in feed.findall(f"{SPACE}entry"):
            content = unescape(entry.findtext(f"{SPACE}content", ""))
            assert LINE.search(content), entry.findtext(f"{SPACE}title")
            assert LINE.search(entry.findtext(f"{SPACE}rights", ""))
            authors = [a.text or "" for a in entry.iterfind(f"{SPACE}author/{SPACE}name")]
            href = entry.find(f"{SPACE}link").get("href", "")
            for_all = any(author.startswith(NAME) for author in authors)
            assert for_all == ("/statements/" in href)
            if for_all:
                assert re.fullmatch(rf"{NAME}, by \d+ of \d+ votes cast", authors[0])
                assert f"Printed by {line}" in content
            entries += 1
        items = json.loads((folder / "feed.json").read_text())["items"]
        assert len(items) == len(feed.findall(f"{SPACE}entry"))
        for item in items:
            assert LINE.fullmatch(item["_newsrepo"]["signature"])
            assert LINE.search(unescape(item["content_html"]))
    assert entries > 40


def test_the_open_vote_is_printed_nowhere(editions: dict[Path, str]) -> None:
    words = "what was added, what was left out"
    assert words in (PROJECT / "statements/tally/where-the-sum-can-be-seen/statement.md").read_text()
    for folder in editions:
        for path in folder.rglob("*"):
            assert path.suffix not in (".html", ".xml", ".json") or words not in path.read_text(), path


def test_another_clone_with_the_same_pin_makes_the_same_bytes(
    clone: Path, site: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other clone"
    run_git(tmp_path, "clone", "-q", "--no-hardlinks", str(clone), str(other))
    run_git(other, "config", "newsrepo.genesis", GENESIS)
    build(other, tmp_path / "site", TZ="Pacific/Kiritimati", PYTHONHASHSEED="77", LANG="tr_TR.UTF-8")
    for path in sorted(site.rglob("*")):
        if path.is_file():
            assert (tmp_path / "site" / path.relative_to(site)).read_bytes() == path.read_bytes(), path
