"""The page about the edition: every number on it is one that the edition goes by."""

import re
from dataclasses import replace
from datetime import date

from editions_fake import Fake, article, planned, printed, rendered

from newsrepo.editions import site
from newsrepo.editions.manifest import Manifest, Pins, Source
from newsrepo.editions.page import Page
from newsrepo.filters.model import Selection
from newsrepo.ids import ArticleId, ContingentId, FilterId, Oid
from newsrepo.records import types as t
from newsrepo.records.scalars import Decimal, Pull, Span, Weight

FILTER = t.Filter(
    title="ABC daily",
    trust={"abc": Weight.parse("1"), "abc/ann": Weight.parse("0.25")},
    trust_through=t.Through(hops=1, factor=Weight.parse("0.5")),
    prior=Decimal.parse("2"),
    select="newsworthy>=1 -by:xyz since:30d",
    lead=("abc/2026/one",),
    exclude=("lmn/2026/none",),
    versions=t.Versions(prefer=("lmn",), otherwise=t.Lead.ORIGINAL),
    order={
        "fade": Pull(Span(3)),
        "accurate": Pull(Decimal.parse("0.5")),
        "newsworthy": Pull(Decimal.parse("1")),
    },
    limit=40,
    edition=t.Edition(sections=(t.Section(title="Port", select="topic:port OR place:Hull"),)),
)


def fake(**changes: object) -> Fake:
    contingents = {
        "abc": t.Contingent(name="ABC", vouches={"lmn": Weight.parse("0.5")}),
        "lmn": t.Contingent(name="LMN"),
        "xyz": t.Contingent(name="XYZ"),
    }
    articles = {"abc/2026/one": article("One"), "abc/2026/two": article("Two")}
    items = tuple(printed(name) for name in articles)
    return replace(Fake(articles, contingents=contingents, filter=FILTER, items=items), **changes)


def made(commit: str = "a" * 40, **changes: object) -> Manifest:
    values: dict[str, object] = {
        "generator": "newsrepo 9",
        "filter": FilterId("abc/daily"),
        "filter_version": Oid("f" * 40),
        "today": date(2026, 5, 20),
        "sources": (
            Source("HEAD", Oid(commit), Oid("b" * 40)),
            Source("lmn@cccccccc", Oid("c" * 40), Oid("d" * 40)),
        ),
        "content": "x",
        "files": {},
    }
    return Manifest(**{**values, **changes})


def about(of: Fake, head: Manifest | None = None, selection: Selection | None = None) -> tuple[Page, str]:
    ctx = replace(of.context(), made=head)
    ctx = replace(ctx, selection=selection or ctx.selection)
    page = next(page for page in site.plan(ctx) if page.path == "about.html")
    return page, rendered(page, ctx).decode()


def words(html: str) -> str:
    main = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def test_it_says_what_the_filter_does() -> None:
    told = words(about(fake())[1])
    for part in (
        "is rated at least 1 for \u201cNewsworthy\u201d by those whom this filter trusts",
        "is not by XYZ",
        "is dated 20 April 2026 (30 days before this edition\u2019s day) or later",
        "newsworthy&gt;=1 -by:xyz since:30d",
        "Put first by hand: One .",
        "Left out by hand: lmn/2026/none .",
        "one by LMN, else the one that the others are based on leads",
        (
            "Order: 0.5 times the score for \u201cAccurate\u201d, the score for \u201cNewsworthy\u201d, "
            "one point less for every 3 days of age; of equals, the newer first. At most 40 stories."
        ),
        "is about the topic \u201cport\u201d, or is about the place \u201cHull\u201d",
        "2 stories on its front page",
        "CC0-1.0",
    ):
        assert part in told, part


def test_it_says_whose_ratings_count_and_how_much() -> None:
    told = words(about(fake())[1])
    # Of the whole of abc, a quarter is ann's; lmn inherits 1 x 0.5 x 0.5.
    assert "ABC 0.75 named by this filter 2 ABC: ann 0.25 named by this filter 2 LMN 0.25 ABC 0" in told
    assert "one more voice, of weight 2;" in told
    assert "up to 1 step of vouching away, each step times 0.5" in told
    nobody = fake(filter=t.Filter(title="F", select="topic:port"))
    assert "Nobody\u2019s." in words(about(nobody)[1])


def test_it_says_what_it_was_made_from() -> None:
    head = made(pins=Pins((), stale=(ContingentId("xyz"),)), epochs=("e" * 64,))
    told = words(about(fake(), head)[1])
    assert "made by newsrepo 9 from version ffffffffffff of the filter" in told
    assert "this edition\u2019s own branch aaaaaaaaaaaa LMN cccccccccccc" in told
    assert "a copy stands in: XYZ ." in told
    assert "charter and roll of this epoch: eeeeeeeeeeee ." in told
    assert "Nobody else can rebuild" not in told
    loose = made(unverifiable="made from a shallow clone")
    assert "Nobody else can rebuild this one: it was made from a shallow clone." in words(
        about(fake(), loose)[1]
    )


def test_a_commit_that_changes_nothing_else_renders_this_page_alone() -> None:
    keys = []
    for commit in ("a" * 40, "e" * 40):
        ctx = replace(fake().context(), made=made(commit))
        keys.append({page.path: page.key for page in site.plan(ctx)})
    assert [path for path in keys[0] if keys[0][path] != keys[1][path]] == ["about.html"]
    assert planned(fake())["index.html"].key == keys[0]["index.html"]


def test_what_waits_and_what_the_limit_cut_off_is_counted() -> None:
    found = fake().context().selection
    cut = Selection(
        filter=found.filter,
        items=found.items[:1],
        selected=found.selected,
        beyond=(ArticleId("abc/2026/two"),),
        early=(ArticleId("abc/2026/one"), ArticleId("abc/2026/two")),
        scores=found.scores,
    )
    told = words(about(fake(), selection=cut)[1])
    assert "1 story on its front page" in told
    assert "1 story selected and beyond its limit" in told
    assert "2 works dated later, which wait for their day" in told
