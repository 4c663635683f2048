"""The paper that a build makes beside the pages: made once, kept, linked, and no reason to fail."""

from dataclasses import replace
from pathlib import Path

import pytest
from editions_fake import Fake, article, with_article
from msgspec import structs

from newsrepo.editions import newsprint, site
from newsrepo.editions.context import Context
from newsrepo.editions.newsprint import Newspaper, newspaper
from newsrepo.editions.paper.paper import Paper
from newsrepo.editions.rooms import PAPER
from newsrepo.errors import UnableError
from newsrepo.location import Finding, Location, Severity
from newsrepo.records import types as t

LEFT = Finding("no-glyph", Location("articles/abc/2026/a/index.md"), "no font shows it")


def context(*formats: t.Format) -> Context:
    fake = with_article(Fake(), "abc/2026/strike", article("Strike"))
    recipe = structs.replace(fake.filter, edition=structs.replace(fake.filter.edition, formats=formats))
    return replace(fake, filter=recipe).context()


ASKED = context(t.Format.WEB, t.Format.PRINT)


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the press: each paper it was asked for, by the edition's day."""
    made: list[str] = []

    def press(ctx: Context, *_: object, **__: object) -> Paper:
        made.append(str(ctx.today))
        return Paper(b"%PDF " + made[-1].encode(), "Daily", 1, (), (), (), (), (LEFT,))

    monkeypatch.setattr("newsrepo.editions.paper.paper.print_edition", press)
    return made


def make(ctx: Context, kept: Path | None, *folders: Path) -> Newspaper:
    paper = newspaper(ctx, lambda _: iter(()), kept, folders)
    assert paper is not None
    return paper


def test_only_an_edition_that_asks_for_a_paper_and_prints_something_has_one(pressed: list[str]) -> None:
    empty = replace(ASKED, selection=structs.replace(ASKED.selection, items=()))
    for ctx in (context(t.Format.WEB), empty):
        assert newspaper(ctx, lambda _: iter(()), None, ()) is None
    assert not pressed


def test_a_paper_is_kept_until_the_day_or_a_font_is_another(pressed: list[str], tmp_path: Path) -> None:
    kept, fonts = tmp_path / "kept", tmp_path / "fonts"
    fonts.mkdir()
    first = make(ASKED, kept, fonts)
    assert make(ASKED, kept, fonts) == first
    assert len(pressed) == 1
    (fonts / "new.ttf").write_bytes(b"no font")
    make(ASKED, kept, fonts)
    later = replace(ASKED, today=ASKED.today.replace(year=2030))
    assert make(later, kept, fonts).pdf == b"%PDF " + str(later.today).encode()
    assert len(pressed) == 3
    kept.write_bytes(b"junk")
    make(later, kept, fonts)
    assert len(pressed) == 4


def test_it_stands_among_the_pages_with_what_made_it_and_every_page_leads_to_it(pressed: list[str]) -> None:
    paper = make(ASKED, None)
    ctx = replace(ASKED, paper=paper)
    pages = {page.path: page for page in site.plan(ctx)}
    assert pages[PAPER].render({}) == paper.pdf
    assert [tool.split()[0] for tool in pages[PAPER].derived] == ["typst", "segno", "fonttools"]
    assert f'href="{PAPER}"'.encode() in pages["index.html"].render({})
    # What the paper leaves out is told, and makes no build fail.
    assert [(w.rule, w.severity) for w in site.warnings(ctx)][-1] == ("no-glyph", Severity.WARNING)
    assert PAPER not in {page.path for page in site.plan(ASKED)}


def test_what_cannot_be_printed_is_built_without_and_its_publisher_told(
    pressed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(*_: object, **__: object) -> Paper:
        raise UnableError("the press took too long", "print less")

    def mute(*_: object, **__: object) -> Paper:
        return Paper(b"", "Daily", 0, (), (), (), (), (LEFT,))

    found = []
    for press in (torn, mute):
        monkeypatch.setattr("newsrepo.editions.paper.paper.print_edition", press)
        found.append(make(ASKED, None))
    monkeypatch.setattr(newsprint, "_TOOLS", ("no-such-tool-anywhere",))
    found.append(make(ASKED, None))
    for paper, reason in zip(
        found, ("took too long", "no font here", "`print` is not installed"), strict=True
    ):
        ctx = replace(ASKED, paper=paper)
        told = {w.rule: w for w in site.warnings(ctx)}
        assert reason in told["no-print-edition"].message
        assert told["no-print-edition"].severity is Severity.WARNING
        pages = {page.path: page for page in site.plan(ctx)}
        assert PAPER not in pages
        assert PAPER.encode() not in pages["about.html"].render({})
