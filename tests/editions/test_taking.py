"""What can be taken of an article: its credit and its text in three forms, its file, and its record."""

import hashlib
import json
import struct
from dataclasses import replace

import pytest
from editions_fake import Fake, article, built, derive, png, printed, with_article
from lxml import html
from msgspec import structs

from newsrepo.editions import giving, licences, reading, republish
from newsrepo.editions.forges import blob_view
from newsrepo.editions.giving import Giving, Line
from newsrepo.editions.markdown import render
from newsrepo.editions.plain import plain_text
from newsrepo.ids import Oid
from newsrepo.records import types as t

ODD = (
    "</textarea><script>alert(1)</script>",
    "a ](javascript:alert(1)) b",
    "[x](https://evil.example)",
    "1986. Not a list",
    "- not an item",
    "# no heading",
    "* * *",
    "`code` **bold** _em_ ~~gone~~ <b>&amp;",
    "trailing \\",
    "> no quote | no cell",
    "![](x.png)",
    "=====",
)
URL = "https://daily.example.org/"
LEAD, SOURCE = "abc/2026/strike", "lmn/2026/strike"
EDITION = t.Filter(title="ABC daily", select="newsworthy>=1", edition=t.Edition(url=URL))


def words(markup: str) -> str:
    return " ".join("".join(html.fromstring(f"<div>{markup}</div>").itertext()).split())


@pytest.mark.parametrize("title", ODD)
def test_a_credit_reads_back_in_each_form_as_the_words_that_went_in(title: str) -> None:
    address = "https://example.org/a_(b)?c=1&copy;=2"
    credit = Giving((Line("", title, address, (title,)), Line("A rewrite of", title, "", (title, "x"))), True)
    said = " ".join(f"{title}, {title}. A rewrite of {title}, {title}, x. {giving.MORE}".split())
    for markup in (str(render(giving.as_markdown(credit)).html), giving.as_html(credit)):
        assert words(markup) == said
        tree = html.fromstring(f"<div>{markup}</div>")
        (link,) = tree.iter("a")
        assert link.get("href") == "https://example.org/a_%28b%29?c=1&copy;=2"
        assert not list(tree.iter("script", "img", "blockquote", "h1", "h2", "code"))
    assert giving.as_plain(credit).count("\n") == 3


def test_a_credit_holds_no_character_that_hides_or_turns() -> None:
    credit = Giving(
        (Line("", "a\u202eb\x00c\u2066\nd  e", "https://x.example/\u202e", ("f\u2029g",)),), False
    )
    for form in republish.forms(credit):
        assert not [c for c in form[2] if not c.isprintable() and c != "\n"]


def hostile() -> Fake:
    """An article whose every text tries something, based on one that does too."""
    fake = with_article(Fake(filter=EDITION), SOURCE, article(ODD[1], authors=(t.Author(name=ODD[0]),)))
    work = article(
        ODD[0],
        summary=ODD[7],
        authors=(t.Author(name=ODD[2]),),
        credits=(t.Credit(name=ODD[4], url="https://source.example/(x)", what=ODD[5]),),
        based_on=(derive(fake, SOURCE, changes=ODD[1]),),
        body="<script>alert(1)</script> [x](javascript:alert(1)) [y](article:abc/2026/strike)\n\n```\nopen\n",
    )
    return replace(with_article(fake, LEAD, work), items=(printed(LEAD), printed(SOURCE)))


def boxes(page: bytes) -> dict[str, str]:
    return {area.get("id"): area.text for area in html.fromstring(page.decode()).iter("textarea")}


def test_the_box_of_a_hostile_article_is_text_and_nothing_else() -> None:
    page = built(hostile())[f"articles/{LEAD}.html"]
    found = boxes(page)
    assert list(found) == [f"{what}-{form}" for what in ("credit", "whole") for form, _ in republish.FORMS]
    tree = html.fromstring(page.decode())
    assert [s.get("type") for s in tree.iter("script")] == ["application/ld+json"]
    for form, _ in republish.FORMS:
        assert found[f"credit-{form}"] in found[f"whole-{form}"]
        assert f"{SOURCE}@" in found[f"credit-{form}"]
    given = html.fromstring(found["whole-html"])
    assert not list(given.iter("script", "img"))
    assert {a.get("href", "")[:24] for a in given.iter("a")} <= {
        f"{URL}articles/"[:24],
        "https://source.example/%",
        "",
    }
    markdown = found["whole-markdown"]
    assert "<script" not in markdown.partition("alert(1)")[2].partition("open")[0].replace("\\<script", "")
    assert "javascript:" not in "".join(html.fromstring(f"<p>{render(markdown).html}</p>").xpath("//@href"))
    # What other programs make of it, which know nothing of ours: no address but of the web.
    import pyromark

    made = html.fromstring(f"<div>{pyromark.html(markdown)}</div>")
    assert not list(made.iter("script"))
    assert [h for h in made.xpath("//@href") if not h.startswith(("https://", "article:"))] == []


def test_the_whole_text_leads_back_and_names_its_pictures() -> None:
    data = png()
    sha = hashlib.sha256(data).hexdigest()
    media = t.Media(
        file="quay.png", sha256=sha, alt="A quay", creator="Bo", license="CC0-1.0", caption="The quay."
    )
    fake = with_article(Fake(filter=EDITION), "abc/2026/other", article("Other"))
    body = "First.\n\n![A quay](quay.png)\n\nSee [that](article:abc/2026/other).\n"
    files = built(
        with_article(
            replace(fake, pictures={f"{LEAD}/quay.png": data}), LEAD, article(body=body, media=(media,))
        )
    )
    found = boxes(files[f"articles/{LEAD}.html"])
    assert f"[that]({URL}articles/abc/2026/other.html)" in found["whole-markdown"]
    assert f'href="{URL}articles/abc/2026/other.html"' in found["whole-html"]
    assert f"that ({URL}articles/abc/2026/other.html)" in found["whole-text"]
    assert "[quay.png: A quay]" in found["whole-html"]
    assert "<img" not in found["whole-html"]
    for form, _ in republish.FORMS:
        assert "Picture quay.png: " in found[f"credit-{form}"].replace("\\", "")
        assert "Bo, CC0-1.0" in found[f"credit-{form}"]


def test_a_text_too_long_is_taken_as_its_own_file() -> None:
    body = "word " * (1 << 18)
    files = built(Fake(articles={LEAD: article(body=body)}, filter=EDITION))
    page = files[f"articles/{LEAD}.html"]
    assert list(boxes(page)) == [f"credit-{form}" for form, _ in republish.FORMS]
    assert b"too long to stand here three times" in page
    assert len(page) < len(body) + 20_000
    assert body.strip().encode() in files[f"articles/{LEAD}.md"]
    assert len(json.loads(files["feed.json"])["items"][0]["content_html"]) > len(body) - 10


def _vast(width: int, height: int) -> bytes:
    """A picture whose head claims that it is as large as that."""
    whole = png()
    return whole[:16] + struct.pack(">II", width, height) + whole[24:]


@pytest.mark.parametrize(
    ("width", "height", "padding", "shown"),
    [(10_000, 10_000, 0, False), (5_000, 10_000, 0, True), (3, 2, 1_000_000, False)],
)
def test_a_vast_or_heavy_picture_is_not_published(width: int, height: int, padding: int, shown: bool) -> None:
    data = _vast(width, height) + bytes(padding)
    media = t.Media(file="quay.png", sha256=hashlib.sha256(data).hexdigest(), alt="A quay")
    fake = Fake(pictures={f"{LEAD}/quay.png": data}, articles={LEAD: article(media=(media,))}, filter=EDITION)
    files = built(fake)
    assert (f"articles/{LEAD}/quay.png" in files) is shown
    for path in (f"articles/{LEAD}.html", "feed.xml", "feed.json", "index.html"):
        assert (b"strike/quay.png" in files[path]) is shown, path


def test_the_file_hashes_to_its_version_and_the_record_says_the_whole_chain() -> None:
    files = built(hostile())
    record = json.loads(files[f"articles/{LEAD}.json"])
    source = files[f"articles/{LEAD}.md"]
    assert record["version"] == hashlib.sha1(source).hexdigest()  # the fake's way to name a file
    assert record["record"]["title"] == ODD[0]
    assert record["record"]["body"].startswith("<script>")
    (line,) = record["credit"]
    assert (line["article"], line["relation"], line["title"]) == (SOURCE, "rewrite", ODD[1])
    assert line["url"] == f"{URL}articles/{SOURCE}.html"


def test_a_tombstone_gives_nothing_away() -> None:
    fake = hostile()
    gone = structs.replace(fake.articles[SOURCE], status=t.Status.WITHDRAWN)
    files = built(replace(with_article(fake, SOURCE, gone), items=(printed(LEAD),)))
    assert f"articles/{SOURCE}.html" in files
    assert not {f"articles/{SOURCE}.md", f"articles/{SOURCE}.json"} & files.keys()
    assert b"<textarea" not in files[f"articles/{SOURCE}.html"]


def test_a_correction_is_named_at_the_top_of_what_it_corrects() -> None:
    fake = with_article(Fake(), SOURCE, article("First"))
    fake = with_article(fake, LEAD, article("Put right", based_on=(derive(fake, SOURCE, "correction"),)))
    page = built(fake)[f"articles/{SOURCE}.html"].decode()
    assert page.index("Corrected in") < page.index('<div class="body"')
    assert "Corrected in" not in built(fake)[f"articles/{LEAD}.html"].decode()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("", 1), ("word " * 460, 2), ("字" * 900, 3), ("かな" * 300, 2), ("ก" * 3000, 3), ("слово " * 690, 3)],
)
def test_reading_time_counts_words_or_characters(text: str, minutes: int) -> None:
    assert reading.minutes(text, len(text.split())) == minutes


@pytest.mark.parametrize(
    ("home", "there"),
    [
        ("https://github.com/abc/news", "https://github.com/abc/news/blob/c0/articles/a/index.md"),
        ("https://github.com/abc/news.git", "https://github.com/abc/news/blob/c0/articles/a/index.md"),
        ("https://gitlab.com/g/h/news/", "https://gitlab.com/g/h/news/-/blob/c0/articles/a/index.md"),
        ("https://codeberg.org/abc/news", "https://codeberg.org/abc/news/src/commit/c0/articles/a/index.md"),
        ("https://github.com/abc/news/issues", ""),
        ("http://github.com/abc/news", ""),
        ("https://github.com.evil.example/abc/news", ""),
        ("https://ann@github.com/abc/news", ""),
        ("https://example.org/abc/news", ""),
        ("git@github.com:abc/news", ""),
    ],
)
def test_only_well_known_forges_show_a_file(home: str, there: str) -> None:
    assert blob_view(home, Oid("c0"), "articles/a/index.md") == there


def test_a_page_links_the_very_file_at_its_forge() -> None:
    home = t.Contingent(name="ABC", home="https://github.com/abc/news")
    old, new = article(body="Old.\n"), article(body="New.\n")
    fake = Fake(articles={LEAD: new}, past={LEAD: (old, new)}, contingents={"abc": home})
    page = built(fake)[f"articles/{LEAD}.html"].decode()
    assert f'href="https://github.com/abc/news/blob/{1:040x}/articles/{LEAD}/index.md"' in page
    assert "at github.com" in page


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("Odd-1.0", ""),
    ],
)
def test_a_licence_has_its_deed(licence: str, address: str) -> None:
    assert licences.address(licence) == address
    assert licence in licences.terms(licence)


def test_plain_text_keeps_lists_quotes_code_and_addresses() -> None:
    written = (
        "# Head\n\nOne *two*\nthree [four](https://x.example/?a&b).\n\n> quoted\n\n- a\n- b\n  1. c\n  2. d\n\n"
        "```\ncode  <b>\n  two\n```\n\nNote[^1].\n\n[^1]: Said.\n"
    )
    assert plain_text(render(written).html) == (
        "Head\n\nOne two three four (https://x.example/?a&b).\n\n> quoted\n\n- a\n- b\n  1. c\n  2. d\n\n"
        "code  <b>\n  two\n\nNote[1].\n\n[1]\n\nSaid.\n"
    )
