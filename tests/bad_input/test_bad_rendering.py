"""Cases 49-60 and 67: hostile words on their way to a terminal, a CI log, a table, a page and a feed.

All texts stand in one commons and are published in one edition, so that every page, list and feed meets all of them.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bad_input_desk import clone_of, lay, more, newsrepo, pages, picture_of
from bad_words import EVIL, GIANT, MARKER, TEXTS, TITLES, TRACKER, VAST, hostile_files, key, words
from datablocks import without_data_blocks
from hermetic import commit_all
from lxml import etree, html


@pytest.fixture(scope="module")
def hostile(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commons with every hostile text and title in it."""
    root = clone_of(base, tmp_path_factory.mktemp("hostile") / "repo")
    lay(root, hostile_files())
    commit_all(root)
    return root


@pytest.fixture(scope="module")
def edition(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All files of the edition that prints them."""
    out = tmp_path_factory.mktemp("edition") / "out"
    before = picture_of(hostile)
    done = newsrepo(hostile, "build", "abc/daily", "-o", str(out))
    assert done.code == 0, done.err
    assert picture_of(hostile) == before
    return pages(out)


@pytest.fixture(scope="module")
def findings(hostile: Path) -> dict[str, set[str]]:
    """The rules that ``check`` names, by path."""
    said = newsrepo(hostile, "check", "--json")
    found: dict[str, set[str]] = {}
    for finding in said.findings:
        assert finding["hint"], finding
        found.setdefault(finding["path"], set()).add(finding["rule"])
    return found


@pytest.mark.parametrize("n", range(len(TEXTS)), ids=lambda n: f"{TEXTS[n].number} {TEXTS[n].sentence}")
def test_texts(n: int, edition: dict[str, bytes], findings: dict[str, set[str]]) -> None:
    """Cases 53-60: the words show, the attack does not, and ``check`` names it."""
    text = TEXTS[n]
    rules = findings.get(f"articles/abc/2026/{key(n)}/index.md", set())
    assert set(text.rules.split()) <= rules, rules
    page = html.fromstring(edition[f"articles/abc/2026/{key(n)}.html"])
    shown = page.text_content()
    assert f"Text {n}" in (page.findtext(".//h1") or "")
    if "text-too-complex" in rules:
        assert "too complex" in shown
    else:
        assert MARKER in shown
        assert f"Text {n} ends." in shown
        assert text.shown in shown


def documents(edition: dict[str, bytes]) -> Iterator[tuple[str, html.HtmlElement]]:
    for path, data in edition.items():
        if path.endswith(".html"):
            yield path, html.document_fromstring(without_data_blocks(data.decode()))


LOADS = {"src", "srcset", "poster", "data", "background", "action", "formaction", "ping", "manifest", "code"}
FORBIDDEN = {
    "script",
    "style",
    "iframe",
    "frame",
    "object",
    "embed",
    "form",
    "input",
    "base",
    "applet",
    "math",
    "meta-refresh",
}


def test_no_page_can_do_anything(edition: dict[str, bytes]) -> None:
    """Cases 53-58 over every page: no script, style, handler or frame; links http(s), mailto or inside.

    Blocks of data are taken out first, each of them sound: no text in one can close it.
    """
    assert sum(b"ld+json" in data for data in edition.values()) > 20
    looked = 0
    for path, page in documents(edition):
        for element in page.iter(etree.Element):
            looked += 1
            assert element.tag not in FORBIDDEN, f"{path}: <{element.tag}>"
            assert ":" not in str(element.tag)
            for name, value in element.attrib.items():
                assert not name.startswith("on"), f"{path}: {name}"
                assert name not in {"style", "srcdoc", "xlink:href"}, f"{path}: {name}"
                if name in LOADS or (element.tag == "link" and element.get("rel") == "stylesheet"):
                    assert not urlsplit(value).scheme or name not in LOADS, f"{path}: {name}={value}"
                    assert not value.startswith("//")
                if name == "href":
                    bare = "".join(value.split()).casefold()
                    assert urlsplit(bare).scheme in {"", "http", "https", "mailto"}, f"{path}: {value}"
                    assert not bare.startswith(("//", "\\"))
            if element.tag == "meta" and element.get("http-equiv"):
                assert element.get("http-equiv") == "Content-Security-Policy"
    assert looked > 1000


def test_nothing_is_loaded_from_elsewhere(edition: dict[str, bytes]) -> None:
    """Cases 55 and 56: a reader of any page is not seen by anybody else."""
    for path, page in documents(edition):
        for element in page.iter("img", "source", "video", "audio", "track", "link"):
            for name in ("src", "srcset", "href", "poster"):
                value = element.get(name, "")
                if TRACKER in value:
                    raise AssertionError(f"{path}: {element.tag} {name}={value}")
    for path, data in edition.items():
        if path.endswith(".css"):
            assert b"url(" not in data
            assert b"@import" not in data


@pytest.mark.parametrize("name", ["feed.xml", "sitemap.xml"])
def test_feeds_parse_as_xml(edition: dict[str, bytes], name: str) -> None:
    """Case 59: whatever stands in a text, the feed is well-formed and its HTML as harmless as the page."""
    root = etree.fromstring(edition[name], etree.XMLParser(resolve_entities=False, huge_tree=True))
    if name == "feed.xml":
        contents = [e.text or "" for e in root.iter("{http://www.w3.org/2005/Atom}content")]
        assert len(contents) > 20
        for text in contents:
            for element in html.fromstring(f"<div>{text}</div>").iter(etree.Element):
                assert element.tag not in FORBIDDEN
                assert not any(
                    name.startswith("on") or name in {"style", "srcset"} for name in element.attrib
                )
                assert TRACKER not in element.get("src", "")


def test_the_json_feed_parses(edition: dict[str, bytes]) -> None:
    feed = json.loads(edition["feed.json"])
    titles = {item["title"] for item in feed["items"]}
    assert {words(t) for titles_ in TITLES.values() for t in titles_} <= titles


@pytest.mark.parametrize(("number", "n"), [(k, n) for k, v in TITLES.items() for n in range(len(v))])
def test_titles_show_as_they_are(number: int, n: int, hostile: Path, edition: dict[str, bytes]) -> None:
    """Cases 49, 51 and 53: a title is text, on a page and on a terminal."""
    title, name = words(TITLES[number][n]), f"abc/2026/title-{number}-{n}"
    page = html.document_fromstring(edition[f"articles/{name}.html"])
    assert page.findtext(".//h1") == title
    shown = newsrepo(hostile, "show", name)
    assert title in shown.out
    assert title in newsrepo(hostile, "find", f"{MARKER} {number}").out


@pytest.mark.parametrize("command", [("find",), ("find", "--csv"), ("find", "--json"), ("show",), ("check",)])
@pytest.mark.parametrize("n", range(3))
def test_in_ci_no_line_is_a_command(hostile: Path, command: tuple[str, ...], n: int) -> None:
    """Case 51: no line that a runner of CI would act on."""
    extra = (f"abc/2026/title-51-{n}",) if command == ("show",) else ()
    said = newsrepo(hostile, *command, *extra, GITHUB_ACTIONS="true")
    assert said.out
    for line in (said.out + said.err).splitlines():
        assert not line.lstrip().startswith(("::", "##["))


def test_a_title_that_acts_on_a_terminal_is_a_fault(with_files: Callable[..., Path]) -> None:
    """Case 50: OSC 8, C1 and BEL are refused, and shown as escapes while they are told of."""
    acts = ["\\e]8;;https://e.example\\e\\\\x", "\\x9b2J", "\\a", "\\x7f", "\\u2028", "\\u200b"]
    root = with_files(
        {
            f"articles/abc/2026/acts-{n}/index.md": more(f'"a{text}b"', f"Text {n}.")
            for n, text in enumerate(acts)
        }
        | {"articles/abc/2026/raw/index.md": more("a\x1b[2Jb\x9b2J\x07c", "Raw.")}
    )
    said = newsrepo(root, "check", "--json")
    assert said.code == 1
    paths = {f["path"] for f in said.findings if f["rule"] == "control-character"}
    assert {f"articles/abc/2026/acts-{n}/index.md" for n in range(4)} <= paths
    assert "articles/abc/2026/raw/index.md" in paths
    for verb in (
        ["check"],
        ["find"],
        ["find", "--json"],
        ["show", "abc/2026/acts-0"],
        ["show", "abc/2026/raw"],
    ):
        newsrepo(root, *verb)  # which looks at every character of the output


def test_annotations_are_escaped(with_files: Callable[..., Path]) -> None:
    """Case 52: a path with a comma, a colon, a percent sign or a line feed stays inside its property."""
    root = with_files({"comments/abc/2026/a,b:c%0A\n::error::x.md": "x", "comments/abc/2026/a,b%d.md": "x"})
    said = newsrepo(root, "check", "--format", "github", GITHUB_ACTIONS="true")
    assert said.code == 1
    lines = said.out.splitlines()
    assert len(lines) == 2
    for line in lines:
        head, _, message = line.removeprefix("::error ").partition("::")
        assert message
        properties = dict(pair.split("=", 1) for pair in head.split(","))
        assert set(properties) == {"file", "line", "col", "title"}
    assert any("file=comments/abc/2026/a%2Cb%25d.md," in line for line in lines)


def test_no_cell_is_a_formula(hostile: Path) -> None:
    """Case 67: what a spreadsheet would run has a quote mark before it."""
    said = newsrepo(hostile, "find", "--csv")
    rows = list(csv.reader(io.StringIO(said.out)))
    assert len(rows) > 30
    cells = [cell for row in rows for cell in row]
    for title in TITLES[67]:
        assert "'" + words(title) in cells
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_every_field_is_escaped(hostile: Path, edition: dict[str, bytes]) -> None:
    """Cases 53-58 for words in any field: they stand on the page as they are, and every page parses as meant."""
    told = [
        f
        for f in newsrepo(hostile, "check", "--json", "articles/abc/2026/everywhere").findings
        if f["severity"] == "error"
    ]
    assert {f["rule"] for f in told} == {"raw-html"}, told
    page = html.document_fromstring(edition["articles/abc/2026/everywhere.html"])
    assert page.findtext(".//h1") == EVIL
    assert len(page.findall(".//main")) == 1
    for path in ("index.html", "contingents/abc.html", "articles/lmn/2026/derived.html", "404.html"):
        other = html.document_fromstring(edition[path])
        assert EVIL in other.text_content()
        assert other.findtext(".//title")


@pytest.mark.parametrize(
    "block",
    [
        "<script>x()</script>",
        '<script type="application/ld+json" src="x.js">{}</script>',
        '<script type="application/ld+json">{"a": 1}',
        '<script type="application/ld+json">x()</script>',
        '<script type="application/ld+json">{"a": "</script ><b>"}</script>',
        '<script type="application/ld+json">{"a": "<!--"}</script>',
        '<script type="application/ld+json">{}</script><script type="application/ld+json">{}</script>',
        '<SCRIPT TYPE="application/ld+json">{}</SCRIPT>',
    ],
)
def test_a_block_of_data_that_is_not_sound_is_seen(block: str) -> None:
    sound = r'<p>x</p><script type="application/ld+json">{"a": "\u003c/script\u003e"}</script>'
    assert without_data_blocks(sound) == "<p>x</p>"
    with pytest.raises((AssertionError, ValueError)):
        without_data_blocks(f"<p>x</p>{block}")


def test_giants_are_read_or_told_of(edition: dict[str, bytes], findings: dict[str, set[str]]) -> None:
    """A paragraph of a mebibyte is printed whole; a picture of a hundred megapixels is named and left out."""
    assert GIANT not in findings
    page = html.fromstring(edition["articles/abc/2026/giant.html"]).text_content()
    assert page.count("word ") > 200_000
    assert "The giant ends." in page
    assert findings[f"{VAST}/vast.png"] == {"too-many-pixels"}
    shown = html.fromstring(edition["articles/abc/2026/vast.html"])
    assert "The vast ends." in shown.text_content()
    assert not shown.findall(".//main//img")
    assert not any(path.endswith("vast.png") for path in edition)
