"""The boxes of the front page: what each lists, in which order, and when it is not there."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from editions_fake import Fake, article, derive, printed, with_article
from msgspec import structs
from test_challenge_pages import asked, plan

from newsrepo.editions import rail
from newsrepo.editions.edition import Edition
from newsrepo.editions.rail import Box
from newsrepo.editions.theme import default_theme
from newsrepo.ids import ArticleId
from newsrepo.records import types as t


def boxes(of: Fake, monkeypatch: pytest.MonkeyPatch, **sketch: tuple[str, ...]) -> dict[str, Box]:
    seen = SimpleNamespace(**{name: tuple(map(ArticleId, works)) for name, works in sketch.items()})
    monkeypatch.setattr(Edition, "opinion", seen)
    return {box.id: box for box in rail.strip(Edition(of.context(), default_theme()))}


def fake(*names: str) -> Fake:
    articles = {f"abc/2026/{name}": article(name) for name in names}
    return Fake(articles=articles, items=tuple(printed(name) for name in articles))


def test_what_the_map_says_of_works_that_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    of = fake("a", "b", "c", "d", "e")
    of = replace(of, articles={**of.articles, "abc/2026/out": article("out")})
    found = boxes(
        of,
        monkeypatch,
        valued=("abc/2026/out", "abc/2026/e", "abc/2026/b", "abc/2026/none", "abc/2026/a", "abc/2026/c"),
        dividing=("abc/2026/d",),
    )
    assert [line.title for line in found["valued"].lines] == ["e", "b", "a"]
    assert [line.href for line in found["dividing"].lines] == ["articles/abc/2026/d.html"]
    assert found["valued"].href == "opinion/index.html"


def test_a_map_that_names_nothing_makes_no_box(monkeypatch: pytest.MonkeyPatch) -> None:
    of = with_article(fake("a"), "lmn/2026/gone", article("G", status=t.Status.WITHDRAWN))
    gone = structs.replace(of.articles["lmn/2026/gone"], based_on=(derive(of, "abc/2026/a"),))
    of = with_article(of, "lmn/2026/gone", gone)  # a tombstone has a page, and is no news
    assert boxes(of, monkeypatch, valued=("lmn/2026/gone", "abc/2026/none"), dividing=()) == {}
    monkeypatch.setattr(Edition, "opinion", None)
    assert rail.strip(Edition(of.context(), default_theme())) == ()


def test_questions_that_wait_stand_on_the_front_page_the_latest_due_last() -> None:
    made = plan(
        {
            "challenges/abc/soon/challenge.md": asked(title="Soon?", to="[lmn]", due="2026-06-25"),
            "challenges/abc/late/challenge.md": asked(title="Late?", to="[xyz]", due="2026-06-10"),
            "challenges/abc/two/challenge.md": asked(title="Two?", to="[lmn, xyz]", due="2026-07-01"),
            "challenges/abc/gone/challenge.md": asked(title="Gone?", status="withdrawn"),
        },
        date(2026, 6, 20),
    )
    page = made.html("index.html")
    box = page.partition('aria-labelledby="questions-title"')[2].partition("</section>")[0]
    told = re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", box))
    assert told.index("Late? To XYZ desk · 10 days late") < told.index("Soon? To LMN desk · 5 days left")
    assert told.count("Two?") == 1  # three are named; the fourth is counted
    assert "4 questions wait for an answer, 1 of them overdue." in told
    assert "Gone?" not in told
    assert 'href="challenges/abc/late.html"' in box
