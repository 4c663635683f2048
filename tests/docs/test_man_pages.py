"""The manual pages: one for each verb, made from the command reference, and roff that prints its words."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsrepo.cli.main import VERBS
from newsrepo.cli.reference import reference

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "tools"))

from man_pages import manual, parsed  # noqa: E402 - the tools are no package

PAGES = manual(reference(), "1.2.3")


def test_every_verb_has_a_page_and_the_first_names_them_all() -> None:
    verbs = {f"newsrepo-{verb}.1" for panel in VERBS.values() for verb in panel}
    assert set(PAGES) == {"newsrepo.1"} | verbs
    for name in verbs:
        assert (
            "newsrepo\\-" + name.removeprefix("newsrepo-")[:-2].replace("-", "\\-") + "(1)"
            in PAGES["newsrepo.1"]
        )


def test_help_is_taken_apart_as_click_lays_it_out() -> None:
    told = parsed(
        "Usage: x [OPTIONS]\n          A\n\n  One two\n  three.\n\nOptions:\n  -a, --all LONG  What it\n"
        "                  does.  [default: y]\n  --a-very-long-one\n                  Below.\n\n"
        "  Example: x --all\n  y\n"
    )
    assert told.usage == "x [OPTIONS] A"
    assert told.paragraphs == ["One two three."]
    rows = [("-a, --all LONG", "What it does. [default: y]"), ("--a-very-long-one", "Below.")]
    assert told.lists == [("Options", rows)]
    assert told.example == "x --all y"


def test_nothing_of_a_text_is_a_request_or_an_escape() -> None:
    reference = (
        "# x\n\nIntro.\n\n## Conventions\n\n.so /etc/passwd\n\n`\\fI-x'`\n\n```\n.bad\n```\n\n## Global options\n\n"
        "```text\nUsage: newsrepo\n\n  'What' it is…\n```\n"
    )
    page = manual(reference, "1")["newsrepo.1"]
    assert "\n\\&.so /etc/passwd\n" in page
    assert "\\fB\\efI\\-x\\(aq\\fR" in page
    assert "\n\\&.bad\n" in page
    assert "\n\\&'What' it is\\[u2026]\n" in page


def test_pages_are_plain_and_narrow() -> None:
    for name, page in PAGES.items():
        assert page.isascii(), name
        assert "\n\n" not in page, name
        for line in page.split("\n"):
            assert len(line) <= 100, f"{name}: {line}"


@pytest.mark.skipif(not shutil.which("mandoc"), reason="mandoc is not installed")
def test_mandoc_finds_nothing_but_that_there_is_no_date(tmp_path: Path) -> None:
    for name, page in PAGES.items():
        (tmp_path / name).write_text(page)
    done = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning", *sorted(PAGES)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [line for line in done.stdout.splitlines() if "missing date" not in line]
    assert told == []


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_groff_prints_the_words(tmp_path: Path) -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou"],
        input=PAGES["newsrepo-find.1"].encode(),
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""
    words = done.stdout.decode()
    assert "newsrepo-find - " in words
    assert "--filter" in words.replace("\N{HYPHEN}", "-").replace("\N{MINUS SIGN}", "-")
