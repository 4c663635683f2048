"""Paper: texts become data and nothing else, fit their pages, and have a glyph for every character."""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from editions_fake import Fake, article, png

from newsrepo.editions import markdown
from newsrepo.editions.context import Context
from newsrepo.editions.paper import fit
from newsrepo.editions.paper.faces import _BUILT_IN, TEXT, Faces, _built_in
from newsrepo.editions.paper.impose import sides
from newsrepo.editions.paper.nodes import text_of, tree
from newsrepo.editions.paper.paper import Paper, print_edition
from newsrepo.editions.paper.press import Press, SettingError
from newsrepo.editions.paper.sheets import Kind, Stock
from newsrepo.editions.paper.stock import breakable, cut, size_of
from newsrepo.editions.publish import Texts
from newsrepo.errors import UnableError
from newsrepo.ids import Oid
from newsrepo.records import types as t

HOSTILE = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0": * $ x^2 $ // gone? /* gone? */ \\ " \' @ref <label> '
    "= = [x] {y} ~ #sys.inputs.data #panic() --- ...\n"
)


@pytest.fixture(scope="module")
def bare() -> Faces:
    """No face but those that come inside Typst: alike on every machine."""
    return Faces(())


def printed(fake: Fake, faces: Faces, kind: Kind = Kind.LEAFLET, pages: int = 2, **how: bool) -> Paper:
    ctx = fake.context()
    return print_edition(ctx, texts_of(ctx), kind=kind, pages=pages, stock=Stock.A4, faces=faces, **how)


def texts_of(ctx: Context) -> Texts:
    def texts(oids: Iterable[Oid]) -> Iterator[tuple[Oid, bytes]]:
        return ((oid, ctx.commons.blobs[oid]) for oid in oids)  # type: ignore[attr-defined]

    return texts


# --- texts as data -------------------------------------------------------------------------------------


def test_a_text_becomes_a_tree_that_holds_all_its_words_and_only_known_kinds() -> None:
    html = markdown.render(
        "# A *b*\n\nOne  two\nthree [four](https://e.org/x) [five](javascript:x).\n\n- a\n  - b\n\n3. c\n\n"
        "> q\n\n```\n  pre\n```\n\n| h | i |\n|---|--:|\n| j | k |\n\nnote[^n]\n\n[^n]: the note\n\n***\n"
    ).html
    made = tree(html)
    assert [node["t"] for node in made] == ["h", "p", "ul", "ol", "quote", "pre", "table", "p", "hr", "notes"]
    assert made[1]["c"] == ["One two three ", {"t": "a", "u": "https://e.org/x", "c": ["four"]}, " five."]
    assert made[3]["start"] == 3
    assert made[5]["s"] == "  pre"
    assert [cell["side"] for cell in made[6]["rows"][1]] == ["start", "end"]
    assert made[9]["c"] == [{"t": "note", "s": "1", "c": [{"t": "p", "c": ["the note"]}]}]
    words = "A b One two three four five. a b c q pre h i j k note 1 1 the note"
    assert " ".join(" ".join(text_of(made)).split()) == words.replace(" five.", " five.")


def test_what_nests_beyond_paper_keeps_its_words() -> None:
    made = tree(markdown.render("".join("> " * n + f"w{n}\n\n" for n in range(1, 40))).html)

    def depth(nodes: list) -> int:  # type: ignore[type-arg]
        return 1 + max((depth(n["c"]) for n in nodes if isinstance(n, dict) and "c" in n), default=0)

    assert depth(made) < 12
    assert " ".join(" ".join(text_of(made)).split()) == " ".join(f"w{n}" for n in range(1, 40))


def test_a_text_is_cut_between_paragraphs_after_sentences_or_between_words() -> None:
    def p(text: str) -> dict[str, object]:
        return {"t": "p", "c": [text]}

    body = (p("a" * 100), {"t": "h", "n": 2, "c": ["H"]}, p("b" * 100))
    assert cut(body, 10_000) == (body, False)
    assert cut(body, 150) == (body[:1], True)  # no heading is left standing alone
    assert cut((p("One. Two is longer. Three"),), 20) == ((p("One. Two is longer."),), True)
    assert cut((p("word " * 50),), 22) == ((p("word word word word \u2026"),), True)
    assert cut((p("\u4e00\u4e8c\u3002" * 20),), 14)[0] == (
        p("\u4e00\u4e8c\u3002" * 2),
    )  # wide letters count twice
    assert size_of(p("\u4e00")) == size_of(p("ab"))


def test_lists_and_tables_are_cut_between_their_parts() -> None:
    made = tuple(tree(markdown.render("".join(f"- item {n}\n" for n in range(50))).html))
    kept, short = cut(made, 200)
    assert short
    assert kept[0]["t"] == "ul"
    assert [*text_of(kept)] == [f"item {n}" for n in range(len(kept[0]["c"]))]
    assert 2 < len(kept[0]["c"]) < 10
    table = tuple(tree(markdown.render("|a|b|\n|-|-|\n" + "|cell|cell|\n" * 50).html))
    assert 1 < len(cut(table, 300)[0][0]["rows"]) < 12


def test_words_wider_than_a_column_can_be_broken() -> None:
    assert breakable("a short line, https://e.org/x") == "a short line, https://e.org/x"
    long = breakable("see https://example.org/" + "a" * 60)
    assert max(map(len, long.replace(" ", "\u200b").split("\u200b"))) <= 11
    assert long.replace("\u200b", "") == "see https://example.org/" + "a" * 60


# --- pages ---------------------------------------------------------------------------------------------


def pages_for(sizes: list[int], page: int = 1000) -> tuple[Callable[[fit.Plan], int], list[fit.Plan]]:
    counted = []

    def count(plan: fit.Plan) -> int:
        counted.append(plan)
        used = sum(size if room is None else min(room, size) for size, room in zip(sizes, plan, strict=False))
        return max(1, -(-used // page))

    return count, counted


def test_a_newspaper_takes_whole_stories_in_order_and_shortens_the_next() -> None:
    sizes = [900, 600, 1200, 800, 10]
    count, counted = pages_for(sizes)
    assert fit.newspaper([900, 700, 1200], 2, pages_for([900, 700, 1200])[0], 2000) == (
        None,
        None,
    )  # 400 are too few
    plan = fit.newspaper(sizes, 2, count, 2000)
    assert plan[:2] == (None, None)
    assert 450 <= (plan[2] or 0) <= 500
    assert fit.newspaper(sizes, 3, count, 2000) == (None, None, None)
    plan = fit.newspaper([900, 600, 5000], 3, pages_for([900, 600, 5000])[0], 2000)
    assert plan[:2] == (None, None)
    assert 1300 <= (plan[2] or 0) <= 1500
    assert fit.newspaper(sizes, 9, count, 2000) == (None,) * 5
    assert len(counted) < 25


def test_a_leaflet_gives_every_story_an_equal_beginning() -> None:
    sizes = [5000, 4000, 300, 2000]
    plan = fit.leaflet(sizes, 4, pages_for(sizes)[0], 4)
    assert plan[2] is None  # a short one is whole
    assert plan[0] == (plan[1] or 0) * 3 // 2
    assert (
        sum(size if room is None else min(room, size) for size, room in zip(sizes, plan, strict=True)) > 3700
    )
    assert fit.leaflet([9000], 1, pages_for([9000])[0], 6)[0] is not None
    assert fit.leaflet([], 1, pages_for([])[0], 6) == ()


@pytest.mark.parametrize(
    ("pages", "rtl", "found"),
    [
        (4, False, [(4, 1), (2, 3)]),
        (8, False, [(8, 1), (2, 7), (6, 3), (4, 5)]),
        (3, False, [(0, 1), (2, 3)]),
        (4, True, [(1, 4), (3, 2)]),
    ],
)
def test_pages_are_laid_out_for_folding(pages: int, rtl: bool, found: list[tuple[int, int]]) -> None:
    assert sides(pages, rtl=rtl) == found


# --- the press -----------------------------------------------------------------------------------------


def test_the_face_inside_typst_shows_all_that_we_say_it_does(tmp_path: Path, bare: Faces) -> None:
    """PDF/UA refuses an empty box: so a table of ours that promised too much would stop this."""
    assert "".join(_BUILT_IN)
    text = "".join(map(chr, sorted(_built_in())))
    styles = "".join(
        f'#text(weight: "{w}", style: "{s}", t)\n' for w in ("regular", "bold") for s in ("normal", "italic")
    )
    source = f'#set document(title: "T")\n#set text(font: "{TEXT}", fallback: false, size: 4pt)\n#let t = json(bytes(sys.inputs.data)).t\n{styles}'
    with Press(tmp_path, bare.folders) as press:
        (tmp_path / "all.typ").write_text(source)
        assert press.pdf({"t": text}, 0, template="all.typ").startswith(b"%PDF")
        with pytest.raises(SettingError, match="could not be displayed"):
            press.pdf({"t": "\u4e2d"}, 0, template="all.typ")
        # What a text can say is data; and what even the template could say, leads nowhere outside.
        for reach in ('read("../../../../etc/passwd")', 'read("/etc/passwd")', 'image("/etc/hostname")'):
            (tmp_path / "reach.typ").write_text(f'#set document(title: "T")\n#{reach}\n')
            with pytest.raises(SettingError):
                press.pdf({}, 0, template="reach.typ")


def test_a_press_that_takes_too_long_is_stopped(tmp_path: Path, bare: Faces) -> None:
    with Press(tmp_path, bare.folders) as press:
        press.seconds = 0.2
        (tmp_path / "slow.typ").write_text("#for n in range(100000000) { n }\n")
        with pytest.raises(UnableError, match=r"more than 0\.2 seconds"):
            press.pdf({}, 0, template="slow.typ")
        with pytest.raises(UnableError, match="ended without an answer"):
            press.pages({})


@pytest.fixture(scope="module")
def hostile() -> Fake:
    body = f"{HOSTILE}\n\n```\n{HOSTILE}```\n\n## {HOSTILE}\n\n![x](../../../etc/passwd)\n\n[l](javascript:alert(1))\n"
    huge = png(3, 2)[:16] + struct.pack(">II", 6_000, 6_000) + png(3, 2)[24:]
    return Fake(
        {
            "abc/2026/evil": article(
                '#read("/etc/passwd") <b>$</b>',
                body=body,
                summary='"#panic("x")',
                authors=(t.Author(name='#panic("y")'),),
            ),
            "abc/2026/big": article("Big", body="word " * 200_000 + "\n"),
            "abc/2026/tofu": article("Tofu \u4e2d", body="\u4e2d\u6587 and \U0001f999.\n", lang="zh"),
            "abc/2026/bomb": article(
                "Bomb", media=(t.Media(file="huge.png", alt="x"), t.Media(file="good.png", alt="y"))
            ),
            "abc/2026/trunc": article("Trunc", media=(t.Media(file="half.png", alt="x"),)),
        },
        pictures={
            "abc/2026/bomb/huge.png": huge,
            "abc/2026/bomb/good.png": png(30, 20),
            "abc/2026/trunc/half.png": png(30, 20)[:60],
        },
        filter=t.Filter(
            title='x #read("y")',
            select="newsworthy>=1",
            edition=t.Edition(url="https://e.org/", about="#read"),
        ),
    )


def test_hostile_articles_make_a_safe_paper_and_located_faults(hostile: Fake, bare: Faces) -> None:
    done = printed(hostile, bare)
    assert done.pdf.startswith(b"%PDF")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in done.pdf
    assert done.pages == 2
    assert set(done.stories) == {"abc/2026/evil", "abc/2026/big", "abc/2026/bomb", "abc/2026/trunc"}
    assert [left.id for left in done.left_out] == ["abc/2026/tofu"]
    assert "abc/2026/big" in [left.id for left in done.shortened]
    told = {(f.rule, f.severity.value, f.location.path.rpartition("/")[2]) for f in done.findings}
    assert told == {
        ("no-glyph", "error", "index.md"),
        ("picture-not-printed", "warning", "index.md"),
        ("picture-not-printed", "warning", "half.png"),
    }
    faults = [f for f in done.findings if f.rule == "no-glyph"]
    assert {f.location.path for f in faults} == {"articles/abc/2026/tofu/index.md"}
    assert any("Han: U+4E2D U+6587" in f.message and "fonts-noto-cjk" in f.hint for f in faults)
    assert printed(hostile, bare).pdf == done.pdf


def test_folded_pairs_fill_their_sheets(hostile: Fake, bare: Faces) -> None:
    done = printed(hostile, bare, pages=4, pairs=True)
    assert done.pages == 4
    boxes = re.findall(rb"/MediaBox ?\[0 0 ([0-9.]+) ([0-9.]+)\]", done.pdf)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} == {(839, 595)}


def test_a_story_that_begins_on_no_page_stops_no_other(bare: Faces) -> None:
    fake = Fake({"abc/2026/one": article("One"), "abc/2026/two": article("Two " * 6000)})
    done = printed(fake, bare)
    assert done.stories == ("abc/2026/one",)
    assert [(left.id, left.why) for left in done.left_out] == [
        ("abc/2026/two", "its beginning fills more than a page")
    ]


def test_an_edition_whose_own_name_has_no_face_prints_nothing(bare: Faces) -> None:
    fake = Fake({"abc/2026/one": article()})
    done = printed(replace(fake, filter=t.Filter(title="\u4e2d", select="newsworthy>=1")), bare)
    assert done.pdf == b""
    assert [(f.rule, f.location.path) for f in done.findings] == [("no-glyph", "filters/abc/daily.yaml")]


def test_the_extra_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UnableError, match="the extra `print`") as told:
        Faces(())
    assert "newsrepo[print]" in told.value.hint
