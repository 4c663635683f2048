"""Built editions are valid, accessible, whole, and ask nothing of any other host."""

import functools
import hashlib
import http.server
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import jsonschema
import pytest
from lxml import etree, html
from quiet import Quiet, editions
from site_support import PROJECT

HERE = Path(__file__).parent
ATOM = "{http://www.w3.org/2005/Atom}"
JSON_FEED = jsonschema.Draft202012Validator(json.loads((HERE / "jsonfeed.schema.json").read_text()))


@pytest.fixture(scope="session", params=["sample", "blog_site"])
def site(request: pytest.FixtureRequest) -> Path:
    """One site after the other."""
    folder = request.getfixturevalue(request.param)
    assert isinstance(folder, Path)
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_every_template_is_rendered(sample: Path) -> None:
    """So that a page kind nobody has an example of cannot pass by not being there."""
    sources = {path.name: path.read_text() for path in (PROJECT / "templates").glob("*.html")}
    used = set((sample.parent / "templates").read_text().split())
    # One that is part of another is rendered with it.
    parts = {name: re.findall(r'{% include "([^"]+)" %}', source) for name, source in sources.items()}
    used.update(*(parts[name] for name in used))
    assert used == sources.keys()


def test_nu_finds_no_error(site: Path) -> None:
    jar = HERE / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        ["java", "-Xss4m", "-jar", str(jar), "--format", "json", "--errors-only", "--skip-non-html", str(site)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(done.stderr.strip().splitlines()[-1])
    errors = [(m["url"].partition("/site/")[2], m.get("lastLine"), m["message"]) for m in report["messages"]]
    assert errors[:20] == []


def test_html_validate_finds_no_error(site: Path) -> None:
    done = subprocess.run(
        ["node", "validate.mjs"], cwd=HERE, input="\n".join(map(str, pages(site))),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    errors = [
        (e["file"].partition("/site/")[2], e["line"], e["rule"], e["text"]) for e in json.loads(done.stdout)
    ]
    assert errors[:20] == []


def test_no_link_inside_is_dead(site: Path) -> None:
    dead, seen = [], 0
    ids: dict[Path, set[str]] = {}
    for page in pages(site):
        ids[page] = set(html.parse(str(page)).xpath("//@id"))
    for page in pages(site):
        for element in html.parse(str(page)).iter("a", "link", "img", "source", "video", "audio"):
            for name in ("href", "src", "poster"):
                address = element.get(name)
                if address is None:
                    continue
                parts = urlsplit(address)
                if parts.scheme or parts.netloc:
                    continue
                seen += 1
                if page.name == "404.html" and parts.path.startswith("/"):
                    continue
                target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
                if (
                    target.is_dir()
                    or not target.is_file()
                    or (parts.fragment and parts.fragment not in ids.get(target, {parts.fragment}))
                ):
                    dead.append((str(page.relative_to(site)), address))
    assert seen > 100
    assert dead[:20] == []


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    for page in pages(site):
        tree = html.parse(str(page))
        if page.parent.name != "search":  # whose own tests say what it may have
            assert not tree.xpath("//script[not(@type='application/ld+json')] | //script[@src] | //form"), (
                page
            )
        assert not tree.xpath("//iframe | //object | //embed | //base | //style"), page
        assert not tree.xpath("//@style | //@onclick | //@onload | //@onerror"), page
        loaded = tree.xpath(
            "//img/@src | //source/@src | //video/@src | //audio/@src | //@srcset | //@poster"
        )
        loaded += tree.xpath("//link[@rel='stylesheet' or @rel='icon' or @rel='preload']/@href")
        assert [a for a in loaded if urlsplit(a).scheme or a.startswith("//")] == [], page
        policy = tree.xpath(
            "string(//meta[translate(@http-equiv,'CSP','csp')='content-security-policy']/@content)"
        )
        assert policy.startswith("default-src 'none'"), page
    for sheet in site.rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", sheet.read_text()), sheet


def test_each_page_has_one_h1_and_says_its_language(site: Path) -> None:
    for page in pages(site):
        tree = html.parse(str(page))
        assert len(tree.xpath("//h1")) == 1, page
        assert tree.xpath("string(/html/@lang)"), page
        for article in tree.xpath("//article"):
            assert article.xpath("string((.|ancestor::*)/@lang)"), page


def test_feeds_parse_with_nothing_lost(site: Path) -> None:
    assert editions(site)
    for edition in editions(site):
        raw = (edition / "feed.xml").read_bytes()
        etree.fromstring(raw)
        feed = feedparser.parse(raw)
        assert not feed.bozo
        other = json.loads((edition / "feed.json").read_text())
        assert list(JSON_FEED.iter_errors(other)) == []
        assert len(feed.entries) == len(other["items"]) > 0
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        for entry, item in zip(feed.entries, other["items"], strict=True):
            assert entry.id == item["id"]
            assert entry.title == item["title"]
            assert entry.link == item["url"]
            assert entry.updated
            assert [a.name for a in entry.authors] == [a["name"] for a in item["authors"]]
            assert len(entry.content[0].value) > 100
            assert words(item["content_html"]) == words(entry.content[0].value)
            assert set(item.get("tags", [])) == {tag.term for tag in entry.get("tags", [])}


def test_the_feeds_of_parts_hold_entries_of_the_whole(site: Path) -> None:
    for edition in editions(site):
        assert etree.parse(str(edition / "feeds/contingents.opml")).xpath("//outline/@xmlUrl")
        for path in sorted(edition.glob("feeds/*/*.xml")):
            tree = etree.parse(str(path))
            feed = feedparser.parse(path.read_bytes())
            assert not feed.bozo, path
            assert feed.feed.id
            assert feed.feed.updated
            assert (
                len({entry.id for entry in feed.entries})
                == len(feed.entries)
                == len(tree.findall(f"{ATOM}entry"))
            )
            for entry in feed.entries:
                assert (edition / "articles" / entry.link.partition("/articles/")[2]).is_file()


def test_articles_say_to_programs_what_their_pages_say(site: Path) -> None:
    for edition in editions(site):
        found = sorted(edition.glob("articles/*/*/*.html"))
        assert found
        for page in found:
            tree = html.parse(str(page))
            data = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
            title = " ".join(tree.xpath("string(//h1)").split())
            assert " ".join(data["headline"].split()) == title
            assert " ".join(tree.xpath("string(//meta[@property='og:title']/@content)").split()) == title
            assert data["url"] == tree.xpath("string(//link[@rel='canonical']/@href)")
            source = page.with_suffix(".md")
            if not source.exists():
                assert not tree.xpath("//textarea"), page
                continue
            record = json.loads(page.with_suffix(".json").read_text())
            whole = source.read_bytes()
            assert hashlib.sha1(b"blob %d\0%s" % (len(whole), whole)).hexdigest() == record["version"]
            assert data["identifier"] == f"{record['id']}@{record['version']}"
            for form in tree.xpath("//textarea"):
                assert data["version"] in form.text, (page, form.get("id"))


def test_the_sitemap_lists_the_pages(site: Path) -> None:
    for edition in editions(site):
        tree = etree.fromstring((edition / "sitemap.xml").read_bytes())
        locations = tree.xpath("//*[local-name()='loc']/text()")
        here = {str(p.relative_to(edition)) for p in pages(edition)} - {"404.html"}
        base = json.loads((edition / "feed.json").read_text())["home_page_url"].removesuffix("index.html")
        assert {location.removeprefix(base) or "index.html" for location in locations} == here


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    """The site on a loopback port."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


MARKS = ("<video", "<audio", 'class="leave"', "<table", "<svg", "<blockquote", "<textarea", 'dir="rtl"')
"""What pages of one kind may differ in: one page with each is looked at too."""


def kinds_of_page(site: Path) -> list[str]:
    """Pages to look at closely: the front and an article of every edition; of all other kinds, wherever they
    stand, the longest and, in an edition that runs from right to left, another; and what bears a mark.
    """
    chosen: dict[object, Path] = {}
    for page in sorted(pages(site), key=lambda page: (-page.stat().st_size, str(page))):
        text = page.read_text()
        _, _, looks = text.partition('<body class="')
        edition = next((e for e in editions(site) if e in page.parents), site)
        place = page.relative_to(edition).parts
        kind = (looks.partition('"')[0], place[0], len(place), place[-1] == "index.html")
        chosen.setdefault((kind, text.partition('dir="')[2][:3]), page)
        if place[0] in ("articles", "index.html"):
            chosen.setdefault((place[0], edition), page)
        for mark in MARKS:
            if mark in text:
                chosen.setdefault(mark, page)
    return sorted({str(page.relative_to(site)) for page in chosen.values()})


def test_axe_finds_nothing_and_no_request_leaves(site: Path, served: str, chromium: str) -> None:
    job = {
        "chromium": chromium,
        "base": served,
        "pages": kinds_of_page(site),
        "widths": [360, 1280],
        "schemes": ["light", "dark"],
    }
    done = subprocess.run(
        ["node", "audit.mjs"], cwd=HERE, input=json.dumps(job), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout)
    assert report["visited"] == 4 * len(job["pages"])
    assert report["outside"] == []
    assert report["failed"] == []
    assert report["console"] == []
    assert report["overflow"] == []
    serious = [v for v in report["violations"] if v["impact"] in ("serious", "critical")]
    assert serious == []
    assert report["violations"] == []


def test_the_policy_bears_data_and_no_script(sample: Path, chromium: str, tmp_path: Path) -> None:
    """The audit is let past the policy; here it stands, and what it says of a page is on standard error."""
    article = next(
        page for page in sorted(sample.glob("*/*/articles/*/*/*.html")) if "ld+json" in page.read_text()
    )
    control = tmp_path / "control.html"
    control.write_text(article.read_text().replace("application/ld+json", "text/javascript"))
    for page, complaints in ((article, False), (control, True)):
        done = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
             "--enable-logging=stderr", "--dump-dom", page.as_uri()],
            capture_output=True, text=True, check=True, timeout=120,
        )  # fmt: skip
        assert ("Content Security Policy" in done.stderr) is complaints, done.stderr[-2000:]


def words(markup: str) -> list[str]:
    """The words of a piece of HTML, in order."""
    return " ".join(html.fromstring(f"<div>{markup}</div>").itertext()).split()
