"""What pages say, and that a page whose bytes change has another key."""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from editions_fake import (
    Fake,
    article,
    built,
    charter,
    derive,
    planned,
    png,
    printed,
    rendered,
    version_of,
    with_article,
)
from msgspec import structs

from newsrepo.commons.model import Standing
from newsrepo.editions import site
from newsrepo.editions.edition import Edition
from newsrepo.editions.theme import default_theme
from newsrepo.filters import check_filter
from newsrepo.filters.model import Score
from newsrepo.ids import ArticleId, ContingentId, FilterId
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment, Weight

LEAD = "abc/2026/strike"
RIVAL = "lmn/2026/strike-again"
QUOTE = "lmn/2026/quotes"
PICTURE = png()


def picture(data: bytes = PICTURE, **changes: object) -> t.Media:
    values: dict[str, object] = {
        "file": "quay.png",
        "sha256": hashlib.sha256(data).hexdigest(),
        "alt": "A quay",
        "caption": "The quay.",
        "creator": "Moss",
        "license": "CC0-1.0",
    }
    return t.Media(**{**values, **changes})


def standing(work: str, contingent: str, mean: int, *, raters: int = 1, carried: bool = False) -> Standing:
    return Standing(ArticleId(work), ContingentId(contingent), mean, raters, carried)


def full() -> Fake:
    """A commons in which every part of every page has something to say."""
    fake = Fake(pictures={f"{LEAD}/quay.png": PICTURE})
    fake = with_article(
        fake,
        LEAD,
        article(
            "Strike",
            authors=(t.Author(name="Ann"),),
            summary="Why & how.",
            topics=("labour",),
            places=("Port Ness",),
            media=(picture(),),
            credits=(t.Credit(name="Board minutes", url="https://example.org/m", what="figures"),),
            body=f"See [that](article:{QUOTE}) and [none](article:xyz/2026/none).\n\n![A quay](quay.png)\n",
        ),
    )
    fake = with_article(
        fake,
        RIVAL,
        article("Strike, again", based_on=(derive(fake, LEAD, "rewrite", "Other figures."),), body="Words."),
    )
    fake = with_article(fake, QUOTE, article("Quotes", based_on=(derive(fake, LEAD, "quote"),)))
    return replace(
        fake,
        items=(printed(LEAD), printed(QUOTE)),
        standings=(("newsworthy", standing(LEAD, "abc", 4_500_000, raters=2)),),
        scores={"newsworthy": {LEAD: Score(9, 2, 1, 2)}},
        comments={
            "comment:abc/2026/reply": t.Comment(
                on=LEAD, date=Moment.parse("2026-05-04"), lang="en", body="Not *so*.\n"
            )
        },
        filter=t.Filter(title="ABC daily", select="newsworthy>=1", trust={"abc": Weight.parse("1")}),
    )


def texts(fake: Fake, path: str) -> str:
    return built(fake)[path].decode()


# --- the trivial case ---------------------------------------------------------------------------------


def test_an_empty_commons_still_has_an_edition() -> None:
    files = built(Fake(articles={}, contingents={}))
    assert b"Nothing in the commons passes" in files["index.html"]
    assert {"404.html", "feed.xml", "feed.json", "archive/index.html", "style.css"} <= set(files)
    assert "sitemap.xml" not in files


def test_the_article_page_says_everything() -> None:
    page = texts(full(), f"articles/{LEAD}.html")
    for words in (
        "The ABC contingent of Free News",
        "Why &amp; how.",
        "3 May 2026",
        "Board minutes",
        'href="../../../topics/labour.html"',
        'href="../../../places/port-ness.html"',
        'href="../../../authors/ann.html"',
        'src="../../../articles/abc/2026/strike/quay.png"',
        "The quay.",
        f'See <a href="../../../articles/{QUOTE}.html">that</a>',
        "xyz/2026/none, The xyz contingent of Free News: not in this commons",
        "Quoted in",
        "not selected by this edition",
        "4.5 <small>2 raters</small>",
        "newsworthy&gt;=1",
        "Not <em>so</em>.",
        f"{LEAD}@",
    ):
        assert words in page, words
    assert page.count("<h1") == 1


def test_versions_that_the_filter_did_not_select_have_a_page_that_says_so() -> None:
    page = texts(full(), f"articles/{RIVAL}.html")
    assert "filter did not select this version" in page
    assert "A rewrite of" in page
    assert "Other figures." in page
    assert version_of(full(), LEAD)[:10] in page


def test_a_withdrawn_version_leaves_a_tombstone_without_its_text() -> None:
    fake = full()
    gone = structs.replace(fake.articles[RIVAL], status=t.Status.WITHDRAWN, body="Secret words.")
    page = texts(with_article(fake, RIVAL, gone), f"articles/{RIVAL}.html")
    assert "withdrawn by its contingent" in page
    assert "Secret" not in page


def test_a_withheld_version_has_no_page() -> None:
    fake = full()
    gone = structs.replace(fake.articles[RIVAL], status=t.Status.WITHHELD)
    assert f"articles/{RIVAL}.html" not in built(with_article(fake, RIVAL, gone))


def test_what_is_withheld_is_named_nowhere() -> None:
    fake = full()
    fake = with_article(fake, RIVAL, structs.replace(fake.articles[RIVAL], title="Hush", summary="Quiet"))
    third = article("Third", based_on=(derive(fake, RIVAL, "summary"),))
    fake = with_article(fake, "abc/2026/third", third)
    fake = with_article(fake, RIVAL, structs.replace(fake.articles[RIVAL], status=t.Status.WITHHELD))
    files = built(fake)
    assert "withheld by its contingent" in files[f"stories/{LEAD}.html"].decode()
    assert [path for path, data in files.items() if b"Hush" in data or b"Quiet" in data] == []


def test_a_withheld_original_gives_its_story_no_name() -> None:
    fake = full()
    fake = with_article(
        fake, LEAD, structs.replace(fake.articles[LEAD], title="Hush", status=t.Status.WITHHELD)
    )
    third = article("Third", based_on=(derive(fake, RIVAL, "summary"),))
    fake = with_article(replace(fake, items=(printed(RIVAL), printed(QUOTE))), "abc/2026/third", third)
    files = built(fake)
    assert f"stories/{LEAD}.html" in files
    assert [path for path, data in files.items() if b"Hush" in data] == []


def test_a_version_dated_later_waits() -> None:
    fake = full()
    later = structs.replace(fake.articles[RIVAL], date=Moment.parse("2030-01-01"))
    assert f"articles/{RIVAL}.html" not in built(with_article(fake, RIVAL, later))


def test_a_story_shows_its_versions_as_a_tree() -> None:
    page = texts(full(), f"stories/{LEAD}.html")
    assert page.index("Original") < page.index("Rewrite")
    assert page.count("<ul") == page.count("</ul>")
    assert len(re.findall("<li[ >]", page)) == page.count("</li>")


def test_a_long_chain_of_rewrites_nests_no_deeper_than_it_may() -> None:
    fake = with_article(Fake(), "abc/2026/n0", article("n0"))
    for n in range(1, 40):
        fake = with_article(
            fake, f"abc/2026/n{n}", article(f"n{n}", based_on=(derive(fake, f"abc/2026/n{n - 1}"),))
        )
    page = built(replace(fake, items=(printed("abc/2026/n0"),)))["stories/abc/2026/n0.html"].decode()
    assert page.count('class="version') == 40 + page.count('<span class="version')
    depth = deepest = 0
    for mark in re.findall(r"</?ul", page):
        depth += 1 if mark == "<ul" else -1
        deepest = max(deepest, depth)
    assert deepest <= 14
    assert depth == 0


def test_every_link_inside_the_edition_leads_to_a_file() -> None:
    files = built(full())
    dead = []
    for path, data in files.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for address in re.findall(r'(?:href|src)="([^"]*)"', data.decode()):
            if address.startswith(("https:", "http:", "mailto:")):
                continue
            file, _, anchor = address.partition("#")
            parts = path.split("/")[:-1]
            for part in file.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part] if part else parts
            target = "/".join(parts) if file else path
            if target != "manifest.json" and target not in files:
                dead.append((path, address))
            if anchor and f'id="{anchor}"' not in files[target].decode():
                dead.append((path, address))
    assert dead == []


def test_every_page_carries_the_signature_line_and_one_heading() -> None:
    for path, data in built(full()).items():
        if path.endswith(".html"):
            page = data.decode()
            assert "The ABC contingent of Free News" in page, path
            assert page.count("<h1") == 1, path
            assert "\x00" not in page, path
            assert "<script" not in page.replace('<script type="application/ld+json">{', ""), path
            assert "default-src 'none'" in page, path


def test_no_page_loads_anything_from_elsewhere() -> None:
    for path, data in built(full()).items():
        assert not re.search(rb'(?:src|poster|srcset)="(?:https?:)?//', data), path
        assert b"@import" not in data, path
        assert b"url(" not in data, path
        for link in re.findall(rb"<link [^>]*>", data) if path.endswith(".html") else ():
            assert b'href="//' not in link
            assert b'href="http' not in link or b'rel="canonical"' in link or b'rel="license"' in link


@pytest.mark.parametrize("name", ["quay.html", "quay.svg", "quay.jpg", "quay", "quay.png.html"])
def test_a_file_whose_ending_does_not_fit_its_bytes_is_not_published(name: str) -> None:
    fake = with_article(
        Fake(pictures={f"{LEAD}/{name}": PICTURE}),
        LEAD,
        article(media=(picture(file=name),), body=f"![A quay]({name})\n"),
    )
    files = built(fake)
    assert f"articles/{LEAD}/{name}" not in files
    assert b"picture not shown: A quay" in files[f"articles/{LEAD}.html"]


FILM = t.Media(url="https://film.example/v.webm", alt="Workers leave.", poster="quay.png", duration=46)


def test_a_film_elsewhere_is_a_poster_and_a_link_that_leaves() -> None:
    fake = with_article(Fake(pictures={f"{LEAD}/quay.png": PICTURE}), LEAD, article(media=(FILM,)))
    page = texts(fake, f"articles/{LEAD}.html")
    assert re.search(
        r'<img src="\.\./\.\./\.\./articles/abc/2026/strike/quay\.png" alt="Workers leave\."', page
    )
    link = '<a href="https://film.example/v.webm" rel="nofollow noopener">Watch or listen at'
    assert f'<p class="leave">{link} <bdi>film.example</bdi> (0:46)</a></p>' in page
    assert "<video" not in page


def test_a_poster_that_is_shown_for_itself_is_not_shown_again() -> None:
    fake = with_article(Fake(pictures={f"{LEAD}/quay.png": PICTURE}), LEAD, article(media=(picture(), FILM)))
    page = texts(fake, f"articles/{LEAD}.html")
    assert page.count("<img") == 1
    assert '<p class="leave"><span lang="en" dir="ltr">Workers leave.</span><br><a href=' in page


def test_a_file_that_no_entry_lists_is_not_published() -> None:
    files = built(
        with_article(Fake(pictures={f"{LEAD}/quay.png": PICTURE}), LEAD, article(body="![A](quay.png)"))
    )
    assert f"articles/{LEAD}/quay.png" not in files
    assert b"picture not shown: A" in files[f"articles/{LEAD}.html"]


# --- the front page -----------------------------------------------------------------------------------


def sectioned(*sections: int | None) -> str:
    """A front page whose stories fall into these sections of two, in this order."""
    fake = Fake(articles={f"abc/2026/n{n}": article(f"N{n}") for n in range(len(sections))})
    settings = t.Edition(sections=tuple(t.Section(title=f"Part {n}", select="topic:x") for n in range(2)))
    items = tuple(printed(f"abc/2026/n{n}", section=section) for n, section in enumerate(sections))
    return texts(_filter(edition=settings)(replace(fake, items=items)), "index.html")


def test_a_section_keeps_its_last_story_from_the_top_of_the_page() -> None:
    page = sectioned(0, 1, 0, 0, None, None)
    top, _, below = page.partition('<div class="blocks">')
    assert [n for n in range(6) if f">N{n}<" in top] == [0, 2, 4, 5]
    assert [n for n in range(6) if f">N{n}<" in below] == [1, 3]
    assert below.index("Part 0") < below.index(">N3<") < below.index("Part 1") < below.index(">N1<")


def test_a_story_at_the_top_names_its_section() -> None:
    page = sectioned(1, 0, 0)
    assert '<p class="kicker"><a href="sections/part-1.html" lang="en" dir="ltr">Part 1</a></p>' in page
    assert 'id="section-2"' not in page


@pytest.mark.parametrize("count", range(12))
def test_the_front_page_shows_every_story_once(count: int) -> None:
    page = sectioned(*[[0, 1, None][n % 3] for n in range(count)])
    page = re.sub("<aside.*?</aside>", "", page, flags=re.DOTALL)
    assert [n for n in range(count) if page.count(f">N{n}<") != 1] == []


def test_the_newest_stand_in_a_box_once_there_are_more_than_it_names() -> None:
    days = [3, 9, 1, 7, 5, 8, 2]
    fake = Fake(
        articles={
            f"abc/2026/n{day}": article(f"N{day}", date=Moment.parse(f"2026-05-0{day}")) for day in days
        }
    )
    fake = replace(fake, items=tuple(printed(f"abc/2026/n{day}") for day in days))
    box = texts(fake, "index.html").partition("<aside")[2].partition("</aside>")[0]
    assert re.findall(r">N(\d)<", box) == ["9", "8", "7", "5", "3", "2"]
    fewer = replace(fake, items=(fake.items or ())[1:])
    assert "<aside" not in texts(fewer, "index.html")


def logoed(fake: Fake, **changes: str) -> Fake:
    values = {"article": LEAD, "file": "quay.png", "sha256": hashlib.sha256(PICTURE).hexdigest()}
    return _filter(edition=t.Edition(theme=t.Theme(logo=t.Logo(**{**values, **changes}))))(fake)


def test_a_logo_is_a_picture_of_ones_own() -> None:
    files = built(logoed(full()))
    assert files["logo.png"] == PICTURE
    assert b'<img class="logo" src="../logo.png" alt="" width="3" height="2">' in files["archive/index.html"]


@pytest.mark.parametrize(
    ("field", "value", "fact"),
    [
        ("article", RIVAL, f"{RIVAL} is not an article of abc"),
        ("article", "abc/2026/none", "no such article is printed: abc/2026/none"),
        ("file", "other.png", f"{LEAD} lists no file 'other.png' under `media`"),
        ("file", "film.mp4", "'film.mp4' is no picture of dots"),
        ("sha256", "0" * 64, f"{LEAD} pins 'quay.png' to another hash"),
    ],
)
def test_a_logo_that_may_not_be_printed_is_left_out_and_told(field: str, value: str, fact: str) -> None:
    fake = logoed(full(), **{field: value})
    assert not [path for path in built(fake) if path.startswith("logo.")]
    assert f"no logo is printed: {fact}" in [finding.message for finding in site.warnings(fake.context())]
    assert [(p.rule, p.field[-1]) for p in check_filter(fake.context().commons, FilterId("abc/daily"))] == [
        ("bad-logo", field)
    ]


def test_a_motto_that_speaks_for_all_is_not_printed() -> None:
    fake = _filter(edition=t.Edition(theme=t.Theme(motto="The Free News")))(full())
    assert "The Free News" not in texts(fake, "index.html")


def test_every_room_has_its_page() -> None:
    edition = Edition(full().context(), default_theme())
    files = {*built(full()), "manifest.json"}
    assert edition.rooms
    assert {room.href for room in edition.rooms} <= files


def test_small_sections_stand_two_beside_each_other() -> None:
    page = sectioned(None, None, None, None, None, 0, 1)
    assert page.count('<section class="block half"') == 2
    assert 'class="block half"' not in sectioned(None, None, None, None, None, 0, 0, 0, 1)


def test_every_page_links_the_icon_from_where_it_stands() -> None:
    files = built(full())
    assert files["icon.svg"].startswith(b"<svg ")
    assert b'<link rel="icon" href="icon.svg" type="image/svg+xml">' in files["index.html"]
    assert b'<link rel="icon" href="../../../icon.svg"' in files[f"articles/{LEAD}.html"]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("ABC", "The ABC contingent of Free News"),
        ("The Lamp", "The Lamp contingent of Free News"),
        ("the lamp", "The lamp contingent of Free News"),
        ("Theatre", "The Theatre contingent of Free News"),
        ("The", "The The contingent of Free News"),
    ],
)
def test_a_signature_says_the_once(name: str, line: str) -> None:
    page = texts(_contingent("abc", name=name)(full()), f"articles/{LEAD}.html")
    assert f">{line}</a>" in page


# --- keys ---------------------------------------------------------------------------------------------


def _rating(**changes: object) -> Callable[[Fake], Fake]:
    def change(fake: Fake) -> Fake:
        axis, old = fake.standings[0]
        return replace(fake, standings=((axis, structs.replace(old, **changes)),))

    return change


def _edit(name: str, **changes: object) -> Callable[[Fake], Fake]:
    return lambda fake: with_article(fake, name, structs.replace(fake.articles[name], **changes))


def _filter(**changes: object) -> Callable[[Fake], Fake]:
    return lambda fake: replace(fake, filter=structs.replace(fake.filter, **changes))


def _without(name: str) -> Callable[[Fake], Fake]:
    return lambda fake: replace(
        fake,
        articles={k: v for k, v in fake.articles.items() if k != name},
        items=tuple(i for i in fake.items or () if i.work != name),
    )


def _contingent(which: str, **changes: object) -> Callable[[Fake], Fake]:
    return lambda fake: replace(
        fake, contingents={**fake.contingents, which: structs.replace(fake.contingents[which], **changes)}
    )


def _axis(fake: Fake) -> Fake:
    axis = structs.replace(fake.charter.axes["newsworthy"], title="Worth printing", max=9)
    return replace(fake, charter=charter(axes={**fake.charter.axes, "newsworthy": axis}))


OTHER_PICTURE = png(5, 5)
MUTATIONS: dict[str, Callable[[Fake], Fake]] = {
    "title": _edit(LEAD, title="Strike ends"),
    "body": _edit(LEAD, body="Other words."),
    "summary": _edit(LEAD, summary="Else."),
    "author": _edit(LEAD, authors=(t.Author(name="Bo"),)),
    "topic": _edit(LEAD, topics=("ports",)),
    "place": _edit(LEAD, places=("Kiln",)),
    "date": _edit(LEAD, date=Moment.parse("2026-04-03")),
    "language": _edit(LEAD, lang="ar"),
    "licence": _edit(LEAD, license="CC-PDM-1.0"),
    "rival's title": _edit(RIVAL, title="Otherwise"),
    "rival withdrawn": _edit(RIVAL, status=t.Status.WITHDRAWN),
    "rival withheld": _edit(RIVAL, status=t.Status.WITHHELD),
    "rival gone": _without(RIVAL),
    "rival selected": lambda f: replace(f, items=(printed(LEAD, RIVAL), printed(QUOTE))),
    "quoting work gone": _without(QUOTE),
    "quoting work not printed": lambda f: replace(f, items=(printed(LEAD),)),
    "picked by hand": lambda f: replace(f, items=(printed(LEAD, by="lead"), printed(QUOTE))),
    "order": lambda f: replace(f, items=tuple(reversed(f.items or ()))),
    "rating": _rating(mean=1_000_000),
    "raters": _rating(raters=9),
    "rating carried": _rating(carried=True),
    "rating gone": lambda f: replace(f, standings=()),
    "score": lambda f: replace(f, scores={"newsworthy": {LEAD: Score(1, 2, 1, 2)}}),
    "axis added": lambda f: replace(f, scores={**f.scores, "accurate": {}}),
    "axis reworded": _axis,
    "contingent's name": _contingent("abc", name="A.B.C."),
    "other contingent's name": _contingent("lmn", name="L.M.N."),
    "contingent's about": _contingent("lmn", about="We print."),
    "contingent's vouching": _contingent("lmn", vouches={"abc": Weight.parse("0.5")}),
    "contingent unknown": lambda f: replace(f, contingents={"abc": f.contingents["abc"]}),
    "commons' name": lambda f: replace(f, charter=charter(name="Freer News")),
    "commons' home": lambda f: replace(f, charter=charter(home="https://free.example.org")),
    "comment": lambda f: replace(
        f,
        comments={k: structs.replace(c, body="Quite so.") for k, c in f.comments.items()},
    ),
    "comment gone": lambda f: replace(f, comments={}),
    "picture gone": lambda f: replace(f, pictures={}),
    "picture changed under its entry": lambda f: replace(f, pictures={f"{LEAD}/quay.png": OTHER_PICTURE}),
    "picture and entry changed": lambda f: with_article(
        replace(f, pictures={f"{LEAD}/quay.png": OTHER_PICTURE}),
        LEAD,
        structs.replace(f.articles[LEAD], media=(picture(OTHER_PICTURE),)),
    ),
    "day": lambda f: replace(f, today=f.today.replace(day=21)),
    "filter's title": _filter(title="Daily"),
    "filter's query": _filter(select="newsworthy>=2"),
    "edition's address": _filter(edition=t.Edition(url="https://daily.example.org/x")),
    "edition's title": _filter(edition=t.Edition(title="The Daily")),
    "edition's language": _filter(edition=t.Edition(lang="ar")),
    "motto": _filter(edition=t.Edition(theme=t.Theme(motto="From the quay"))),
    "masthead": _filter(edition=t.Edition(theme=t.Theme(masthead=t.Masthead.BAND))),
    "logo": lambda fake: logoed(fake),
    "accent": _filter(edition=t.Edition(theme=t.Theme(accent="#007755"))),
    "face": _filter(edition=t.Edition(theme=t.Theme(face=t.Face.SANS))),
    "sections": _filter(edition=t.Edition(sections=(t.Section(title="Work", select="topic:labour"),))),
    "no feeds": _filter(edition=t.Edition(formats=(t.Format.WEB,))),
}


def _state(fake: Fake) -> dict[str, tuple[bytes, bytes]]:
    ctx = fake.context()
    return {page.path: (page.key, rendered(page, ctx)) for page in site.plan(ctx)}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_page_whose_bytes_change_has_another_key(name: str) -> None:
    before, after = _state(full()), _state(MUTATIONS[name](full()))
    changed = [p for p in before.keys() & after.keys() if before[p][1] != after[p][1]]
    assert changed or before.keys() != after.keys()
    assert [path for path in changed if before[path][0] == after[path][0]] == []


def test_nothing_changed_means_the_same_keys_and_bytes() -> None:
    assert _state(full()) == _state(full())


def test_another_day_changes_the_front_page_and_the_one_about_it_alone() -> None:
    before, after = planned(full()), planned(replace(full(), today=full().today.replace(day=21)))
    assert [path for path in before if before[path].key != after[path].key] == ["about.html", "index.html"]


def test_another_article_leaves_the_unrelated_ones_alone() -> None:
    fake = full()
    more = with_article(fake, "abc/2026/zzz", article("News"))
    more = replace(more, items=(printed("abc/2026/zzz"), *(fake.items or ())))
    before, after = planned(fake), planned(more)
    assert before[f"articles/{LEAD}.html"].key == after[f"articles/{LEAD}.html"].key
    assert before["topics/labour.html"].key == after["topics/labour.html"].key
    assert before["index.html"].key != after["index.html"].key


def test_the_theme_is_in_every_key_but_the_files() -> None:
    from newsrepo.editions.theme import Theme, find_templates

    other = Theme(find_templates())
    other.digest = b"another"
    mine, theirs = planned(full()), {p.path: p for p in site.plan(full().context(), other)}
    same = [path for path in mine if mine[path].key == theirs[path].key]
    sources = [f"articles/{work}.md" for work in (RIVAL, LEAD, QUOTE)]
    assert same == sorted([*sources, f"articles/{LEAD}/quay.png", "icon.svg", "style.css"])


def test_pages_come_in_order_of_path_each_once() -> None:
    paths = [page.path for page in site.plan(full().context())]
    assert paths == sorted(set(paths))


def test_paths_do_not_depend_on_the_order_of_the_works() -> None:
    fake = full()
    turned = replace(fake, articles=dict(reversed(fake.articles.items())))
    assert _state(fake) == _state(turned)


# --- lists --------------------------------------------------------------------------------------------


def many(count: int) -> Fake:
    return Fake(
        articles={
            f"abc/2026/n{n:04d}": article(
                f"N{n}", date=Moment.parse(f"2026-01-{1 + n // 60:02d}"), topics=("x",)
            )
            for n in range(count)
        }
    )


def test_a_new_article_leaves_the_older_parts_of_a_list_alone() -> None:
    before, after = planned(many(200)), planned(many(201))
    parts = [p for p in before if p.startswith("topics/x/")]
    assert len(parts) == 4
    assert [p for p in parts if before[p].key != after[p].key] == []
    assert before["topics/x.html"].key != after["topics/x.html"].key


@pytest.mark.parametrize("count", [0, 1, 39, 40, 79, 80, 81, 119, 120, 200])
def test_the_parts_of_a_list_hold_every_work_once(count: int) -> None:
    from newsrepo.editions.lists import parts

    held = [n for start, end in parts(count) for n in range(start, end)]
    assert held == list(range(count))


def test_the_parts_of_a_list_lead_to_each_other() -> None:
    files = built(many(130))
    newest, first = files["topics/x.html"].decode(), files["topics/x/page-1.html"].decode()
    assert 'href="../topics/x/page-2.html" rel="next"' in newest
    assert 'href="../../topics/x/page-2.html" rel="prev"' in first
    assert 'rel="next"' not in first


# --- no edition address -------------------------------------------------------------------------------


def test_an_edition_without_an_address_is_warned_about() -> None:
    assert [w.rule for w in site.warnings(full().context())] == ["edition-without-url"]


def test_what_waits_for_its_day_is_told() -> None:
    context = full().context()
    early = tuple(ArticleId(f"abc/2027/n{n}") for n in range(7))
    context = replace(
        context,
        selection=structs.replace(context.selection, early=early),
    )
    told = {w.rule: w.message for w in site.warnings(context)}
    assert list(told) == ["edition-without-url", "waiting-works"]
    assert told["waiting-works"].startswith(f"7 works wait, dated after {context.today}: abc/2027/n0, ")
    assert told["waiting-works"].endswith("abc/2027/n4 …")


def test_the_sitemap_is_absolute() -> None:
    fake = _filter(edition=t.Edition(url="https://daily.example.org/x"))(full())
    files = built(fake)
    places = re.findall(rb"<loc>([^<]*)</loc>", files["sitemap.xml"])
    assert b"https://daily.example.org/x/index.html" in places
    assert all(place.startswith(b"https://daily.example.org/x/") for place in places)
    assert 'href="/x/style.css"' in files["404.html"].decode()


def test_the_root_page_lists_editions() -> None:
    ctx = full().context()
    pages = site.plan_root(ctx.commons.charter, [site.Listed("abc/daily/index.html", ctx)])
    page = next(p for p in pages if p.path == "index.html").render({}).decode()
    assert 'href="abc/daily/index.html"' in page
    assert f'href="abc/daily/articles/{LEAD}.html"' in page
    assert "The ABC contingent of Free News" in page


# --- feeds --------------------------------------------------------------------------------------------


def test_the_atom_feed_reads_back_whole() -> None:
    import feedparser

    fake = _filter(edition=t.Edition(url="https://daily.example.org/x/"))(full())
    feed = feedparser.parse(built(fake)["feed.xml"])
    assert not feed.bozo
    entry = next(e for e in feed.entries if e.title == "Strike")
    assert entry.link == f"https://daily.example.org/x/articles/{LEAD}.html"
    assert entry.author == "Ann"
    assert entry.published == "2026-05-03T00:00:00Z"
    assert entry.summary == "Why &amp; how." or entry.summary == "Why & how."
    assert "Not here" not in entry.content[0].value
    assert f"https://daily.example.org/x/articles/{LEAD}/quay.png" in entry.content[0].value
    assert "The ABC contingent of Free News" in entry.content[0].value
    assert entry.id.startswith("urn:uuid:")


def test_feeds_stay_xml_whatever_a_text_holds() -> None:
    from xml.etree import ElementTree as ET

    fake = with_article(Fake(), LEAD, article("a ]]> \x08 \ufffe & <b>", body="]]> \x0b <![CDATA[ \x1f\n"))
    files = built(fake)
    root = ET.fromstring(files["feed.xml"])
    assert (
        root.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
        == "a ]]>   & <b>"
    )
    assert b"CDATA[" not in files["feed.xml"].replace(b"&lt;![CDATA[", b"").replace(b"&amp;lt;![CDATA[", b"")
    assert json.loads(files["feed.json"])["items"][0]["title"].startswith("a ]]>")


def test_ids_in_feeds_survive_a_new_address() -> None:
    def ids(fake: Fake) -> list[str]:
        return [item["id"] for item in json.loads(built(fake)["feed.json"])["items"]]

    moved = _filter(edition=t.Edition(url="https://elsewhere.example.org/"))(full())
    assert ids(full()) == ids(moved)
    assert len(set(ids(full()))) == 2


def test_the_json_feed_names_what_a_work_is_based_on() -> None:
    items = {i["title"]: i for i in json.loads(built(full())["feed.json"])["items"]}
    assert items["Quotes"]["_newsrepo"]["based_on"][0]["relation"] == "quote"
    assert "url" not in items["Quotes"]
