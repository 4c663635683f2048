"""The book of an edition: a whole container, well-formed pages, every file named, the same bytes each time."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from editions_fake import Fake, article, png, printed
from test_paper import HOSTILE, texts_of

from newsrepo.editions.epub.book import Book, bind, is_whole
from newsrepo.records import types as t

OPF = "{http://www.idpf.org/2007/opf}"
X = "{http://www.w3.org/1999/xhtml}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def fake() -> Fake:
    body = (
        f"See [two](article:abc/2026/two) and [away](https://e.org/?a=1&b=2)[^n].\n\n{HOSTILE}\n\n"
        "| a | b |\n|---|--:|\n| c | d |\n\n***\n\n`<i>`\x0b\n\n[^n]: A *note*.\n\n<script>alert(1)</script>\n"
    )
    return Fake(
        {
            "abc/2026/one": article("One & <b>\u0001", body=body, summary='"x" <'),
            "abc/2026/two": article("\u05e9\u05dc\u05d5\u05dd", lang="he", body="\u05d0\u05d1\u05d2\n"),
            "abc/2026/pic": article(
                "Pictured",
                media=(
                    t.Media(file="good.png", alt='A "quoted" view', creator="Ann", caption="<Here>"),
                    t.Media(file="half.png", alt="x"),
                ),
            ),
        },
        pictures={"abc/2026/pic/good.png": png(), "abc/2026/pic/half.png": png(30, 20)[:60]},
        filter=t.Filter(
            title="Daily",
            select="newsworthy>=1",
            edition=t.Edition(url="https://e.org/", sections=(t.Section(title="S & T", select="topic:x"),)),
        ),
        items=(
            printed("abc/2026/one"),
            printed("abc/2026/two", section=None),
            printed("abc/2026/pic", section=0),
        ),
    )


def book(fake: Fake) -> Book:
    ctx = fake.context()
    return bind(ctx, texts_of(ctx))


@pytest.fixture(scope="module")
def made(fake: Fake) -> Book:
    return book(fake)


@pytest.fixture(scope="module")
def files(made: Book) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made.epub)) as container:
        assert container.testzip() is None
        return {name: container.read(name) for name in container.namelist()}


def test_the_container_begins_with_its_type_and_holds_no_clock(made: Book, fake: Fake) -> None:
    assert made.epub[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(io.BytesIO(made.epub)) as container:
        infos = container.infolist()
    assert infos[0].compress_type == zipfile.ZIP_STORED
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert book(fake).epub == made.epub


def test_every_file_is_named_once_and_every_page_reads_in_order(files: dict[str, bytes]) -> None:
    package = ET.fromstring(files["EPUB/package.opf"])
    items = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    listed = sorted(f"EPUB/{href}" for href in items.values())
    assert listed == sorted(set(files) - {"mimetype", "META-INF/container.xml", "EPUB/package.opf"})
    spine = [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    nav = ET.fromstring(files["EPUB/nav.xhtml"])
    linked = [a.get("href") for a in nav.iter(f"{X}a")]
    assert linked == [page for page in spine if page != "nav.xhtml"]
    assert linked[1:-1] == ["abc.2026.one.xhtml", "abc.2026.pic.xhtml", "abc.2026.two.xhtml"]
    assert [span.text for span in nav.iter(f"{X}span")][2] == "S & T"


def test_pages_are_well_formed_and_pass_nothing_through(files: dict[str, bytes], made: Book) -> None:
    for name, data in files.items():
        if name.endswith((".xhtml", ".opf", ".xml")):
            page = ET.fromstring(data)
            assert {e.tag.rpartition("}")[2] for e in page.iter()}.isdisjoint(
                {"script", "iframe", "style", "b"}
            )
    one = ET.fromstring(files["EPUB/abc.2026.one.xhtml"])
    text = "".join(one.itertext())
    assert "One & <b>" in text
    assert '#read("/etc/passwd")' in text
    assert "<script>alert(1)</script>" in text
    links = {a.get("href") for a in one.iter(f"{X}a")}
    assert {"abc.2026.two.xhtml", "https://e.org/?a=1&b=2", "#note-1"} <= links
    assert [aside.get("id") for aside in one.iter(f"{X}aside")] == ["note-1"]
    two = ET.fromstring(files["EPUB/abc.2026.two.xhtml"])
    assert (two.get("lang"), two.get("dir")) == ("he", "rtl")
    assert made.left_out == ()


def test_pictures_have_words_and_damaged_ones_are_named(files: dict[str, bytes], made: Book) -> None:
    assert [name for name in files if "/media/" in name] == ["EPUB/media/abc.2026.pic.good.png"]
    page = ET.fromstring(files["EPUB/abc.2026.pic.xhtml"])
    assert [img.get("alt") for img in page.iter(f"{X}img")] == ['A "quoted" view']
    assert "".join(next(page.iter(f"{X}figcaption")).itertext()) == "<Here> Ann"
    assert [(f.rule, f.location.path) for f in made.findings] == [
        ("picture-not-printed", "articles/abc/2026/pic/half.png")
    ]


def test_a_book_is_known_by_its_address_filter_and_day(
    made: Book, fake: Fake, files: dict[str, bytes]
) -> None:
    package = ET.fromstring(files["EPUB/package.opf"])
    told = {
        tag: [e.text for e in package.iter(f"{DC}{tag}")] for tag in ("identifier", "language", "creator")
    }
    assert told == {
        "identifier": [f"urn:uuid:{made.identifier}"],
        "language": ["en", "he"],
        "creator": ["The ABC contingent of Free News"],
    }
    assert book(replace(fake, today=date(2026, 5, 21))).identifier != made.identifier


def test_a_picture_is_whole_when_its_end_is_there() -> None:
    assert is_whole(png(), "png")
    assert not is_whole(png()[:-1], "png")
    assert is_whole(b"\xff\xd8\xff\x00\xff\xd9", "jpg")
    assert not is_whole(b"\xff\xd8\xff\x00", "jpg")
    assert not is_whole(b"RIFF\xff\x00\x00\x00WEBP", "webp")
    assert is_whole(b"GIF89a\x3b", "gif")
