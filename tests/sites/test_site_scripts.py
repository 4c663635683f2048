"""Articles in five scripts read right: on a screen, and on paper, where the text can be copied out again."""

import functools
import http.server
import json
import re
import subprocess
import threading
from pathlib import Path

import pytest
from quiet import Quiet
from site_commons import DAY, HERE
from site_support import NEWSREPO, run

LANGUAGES = ("ar", "he", "zh", "hi", "ru")
RIGHT_TO_LEFT = ("ar", "he")
LETTERS = {
    "ar": r"[\u0621-\u064a]",
    "he": r"[\u05d0-\u05ea]",
    "zh": r"[\u4e00-\u9fff]",
    "hi": r"[\u0904-\u0939\u0958-\u095f]",
    "ru": r"[\u0410-\u044f]",
}


@pytest.fixture(scope="module")
def seen(sample: Path, chromium: str) -> dict[str, dict]:
    """What the browser says of each article, by its language."""
    handler = functools.partial(Quiet, directory=str(sample))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pages = [f"jisr/scripts/articles/jisr/2026/harbour-{lang}.html" for lang in LANGUAGES]
        job = {"base": f"http://127.0.0.1:{server.server_port}/", "chromium": chromium, "pages": pages}
        done = subprocess.run(
            ["node", "scripts.mjs"],
            cwd=HERE,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
        server.shutdown()
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(zip(LANGUAGES, json.loads(done.stdout), strict=True))


@functools.cache
def covered(family: str) -> set[int]:
    """The characters that the fonts of a family can draw."""
    told = subprocess.run(
        ["fc-list", f":family={family}", "-f", "%{charset} "], capture_output=True, text=True, check=True
    ).stdout
    found: set[int] = set()
    for part in told.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def source(sample: Path, lang: str) -> str:
    """The text of an article as its author wrote it, without the marks of Markdown."""
    whole = (sample.parent / f"commons/articles/jisr/2026/harbour-{lang}/index.md").read_text()
    return re.sub(r"[*>#]|^\d\. ", "", whole.partition("\n---\n")[2], flags=re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_screen_every_letter_is_drawn_and_lines_run_the_right_way(
    seen: dict[str, dict], sample: Path, lang: str
) -> None:
    page = seen[lang]
    assert page["lang"] == lang
    letters = set(re.findall(LETTERS[lang], page["text"]))
    assert len(letters) > 20
    drawn = set().union(*(covered(family) for family in page["fonts"]))
    assert {letter for letter in letters if ord(letter) not in drawn} == set()
    backwards = lang in RIGHT_TO_LEFT
    for what in ("heading", "item"):
        assert page[what]["direction"] == ("rtl" if backwards else "ltr")
        assert (page[what]["second"] < page[what]["first"]) is backwards
    number = page["listed"]["right"] - page["item"]["start"]["right"]
    assert (number > 10) is backwards, "numbers stand where lines begin"
    shown = " ".join(page["text"].split())
    for line in source(sample, lang).splitlines():
        assert " ".join(line.split()) in shown


@pytest.fixture(scope="module")
def layer(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What one copies out of the newspaper: in the order of its blocks, and again in the order it was drawn in.

    Without blanks, hyphens at the ends of lines and vowel marks: where these stand, a reader of PDFs guesses
    from gaps and heights. Letters and their order are not guessed.
    """
    folder = tmp_path_factory.mktemp("paper")
    run(
        NEWSREPO, "--today", DAY, "print", "jisr/scripts", "--as", "newspaper", "--pages", "4",
        "-o", str(folder / "p.pdf"), cwd=sample.parent / "commons", ok=(0, 1),
    )  # fmt: skip
    blocks = run("pdftotext", "p.pdf", "-", cwd=folder)
    return bare(blocks) + "\n" + bare(run("pdftotext", "-raw", "p.pdf", "-", cwd=folder))


def bare(text: str) -> str:
    """A text without what ``layer`` leaves out."""
    return re.sub("-\n|[\\s\u00ad\u064b-\u0652\u200e\u200f\u202a-\u202e]", "", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_paper_every_word_is_copied_out_whole(layer: str, sample: Path, lang: str) -> None:
    marks = r"[\u064b-\u0652\u093a-\u094f]"
    wanted = re.findall(rf"(?:{LETTERS[lang]}|{marks})+", source(sample, lang))
    if lang == "ar":
        # A letter and the mark on it are two glyphs of one cluster, each of which the PDF gives the whole text
        # of the cluster: Poppler shows both. Words without marks are copied exactly.
        wanted = [word for word in wanted if not re.search(marks, word)]
    assert len(wanted) > 15
    assert [word for word in wanted if bare(word) not in layer] == []
