"""What becomes of a text: the payloads of hostile writers, the places of faults, the cost of odd inputs."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from markupsafe import Markup

from newsrepo.editions import markdown
from newsrepo.editions.markdown import Figure, Resolved, render
from newsrepo.ids import ArticleId
from newsrepo.records import markup

FIGURE = Figure(Markup("<figure>quay</figure>"), Markup('<img src="quay.png" alt="Quay">'), "x/quay.png")


def resolve(article: ArticleId, version: str) -> Resolved:
    if article == "abc/2026/here":
        return Resolved("../../../articles/abc/2026/here.html", "revised" if version else "")
    return Resolved("", "not in this edition")


def shown(text: str) -> str:
    return str(render(text, {"quay.png": FIGURE}, resolve).html)


# --- security.md cases 53 to 60 -----------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "a <script>alert(1)</script> b",
    "[x](javascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](<java script:alert(1)>)",
    "[x](JaVaScRiPt:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](https://t.example/p.gif)",
    "![x](//t.example/p.gif)",
    "![x](javascript:alert(1))",
    "![x][r]\n\n[r]: https://t.example/p.gif",
    '<img srcset="https://t.example/p.gif 2x">',
    "<style>body{background:url(https://t.example)}</style>",
    '<p style="color:red">x</p>',
    "<svg onload=alert(1)>",
    "[x](//host.example/x)",
    "[x](\\\\host.example/x)",
    "[x](/\\host.example/x)",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example "t\\" onclick=\\"alert(1)")',
    "`<script>`",
    "```\n<script>alert(1)</script>\n```",
    "[^<script>]\n\n[^<script>]: x",
    '[^"onclick=x]\n\n[^"onclick=x]: x',
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php <script>alert(1)</script> ?>",
    "<a <b <script>x</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "\ue0000\ue001 <p>\ue0000\ue001</p>",
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "<div>\n<iframe src=https://t.example></iframe>\n</div>",
    "<form action=x><input name=y><button>z</button></form>",
    "<meta http-equiv=refresh content=0>",
    "<base href=https://t.example>",
    "<a href='javascript:alert(1)'>x</a>",
]
_SCHEMES = ("http://", "https://", "mailto:", "../", "x/", "#fn-")
_ALLOWED = markdown.TAGS | {"figure", "img"}
_ATTRIBUTES = {
    "a": {"href", "rel", "id"},
    "div": {"class", "id"},
    "section": {"class", "aria-label", "tabindex"},
    "ol": {"start"},
    "td": {"class"},
    "th": {"class"},
    "span": {"class"},
    "img": {"src", "alt"},
}


def faults_of(output: str) -> list[str]:
    """What in HTML is beyond our list, as a browser's parser would see it."""
    found = []
    for node in html.fragment_fromstring(output, create_parent="main").iter():
        if not isinstance(node.tag, str):
            found.append(f"not an element: {node!r}")
            continue
        if node.tag == "main":
            continue
        if node.tag not in _ALLOWED:
            found.append(f"tag {node.tag}")
        extra = set(node.attrib) - _ATTRIBUTES.get(node.tag, set())
        found += [f"{node.tag} {name}" for name in sorted(extra)]
        href = node.get("href")
        if href is not None and not href.lower().startswith(_SCHEMES):
            found.append(f"href {href}")
        if node.tag == "img" and node.get("src") != "quay.png":
            found.append("img")
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_text_gets_through(text: str) -> None:
    output = shown(text)
    assert faults_of(output) == []
    assert "<script" not in output
    assert "t.example/p.gif" not in re.sub(r"&lt;.*?&gt;|&lt;.*?>", "", output)


PIECES = [
    *("[a](", ")", "<", ">", "\n\n", "\n", "> ", "- ", "1. ", "|a|b|\n|-|-|\n", "![", "](quay.png)", "[^1]"),
    *(
        "[^1]: ",
        "    ",
        "```\n",
        "*",
        "**",
        "~~",
        "&lt;script&gt;",
        "# ",
        "\ue000",
        "\x00",
        "\t",
        "\\",
        '"',
        "'",
    ),
    *("[x](article:abc/2026/here)", "[x](article:abc/2026/none@12345678)", "article:"),
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([*HOSTILE, *PIECES]),
            st.text(max_size=6),
        ),
        max_size=14,
    )
)
def test_nothing_beyond_the_list_gets_through(parts: list[str]) -> None:
    text = "".join(parts).encode("utf-8", "ignore").decode()
    output = shown(text)
    assert faults_of(output) == []
    markup.problems(text, frozenset())


def test_raw_html_is_shown_as_text() -> None:
    assert "&lt;script&gt;" in shown("<script>x</script>").replace(">", "&gt;").replace(
        "&lt;script&gt;", "&lt;script&gt;"
    )
    assert "&lt;b" in shown("an <b>old</b> habit")
    assert faults_of(shown("an <b>old</b> habit")) == []


def test_a_protocol_relative_link_loses_its_address() -> None:
    assert shown("[x](//host.example/x)") == "<p><a>x</a></p>\n"


def test_a_remote_picture_leaves_a_note() -> None:
    output = shown("![A tracker](https://t.example/p.gif)")
    assert "[picture not shown: A tracker]" in output
    assert "t.example" not in output


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        ">" * 5000 + " x",
        "> " * 5000 + "x",
        "- " * 20_000 + "x",
        "[a](b" * 20_000,
        "*a_ " * 20_000,
        "**" * 20_000 + "x" + "**" * 20_000,
        "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|x|\n" * 3000,
        "[^1]" * 20_000,
        "[^a]\n\n[^a]: " + "[^a] " * 10_000,
        "<a " * 30_000,
        "<a\n" * 5_000,
        "![" * 20_000 + "](x)" * 100,
        "`" * 50_000,
        "#" * 7 + " a\n" * 20_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_odd_texts_cost_little(text: str) -> None:
    started = time.process_time()
    done = render(text, {}, resolve)
    markup.problems(text, frozenset())
    assert time.process_time() - started < 2.5
    assert done.fault or len(done.html) < 40 * len(text) + 1000


def test_a_text_beyond_measure_says_why() -> None:
    assert "nest" in render("> " * 5000 + "x").fault
    assert "columns" in render("|a" * 300 + "|\n" + "|-" * 300 + "|\n|x|").fault
    assert render("ordinary").fault == ""


# --- what a text may do ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a\n# b", "22"),
        ("## a\n### b", "23"),
        ("### a\n# b\n## c", "223"),
        ("# a\n#### b\n## c", "233"),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", "234566"),
    ],
)
def test_headings_begin_at_two_and_skip_none(text: str, levels: str) -> None:
    assert "".join(re.findall(r"<h([1-6])>", shown(text))) == levels
    assert "".join(re.findall(r"</h([1-6])>", shown(text))) == levels


def test_links() -> None:
    assert shown("[a](https://e.example/?a=1&b=2)") == (
        '<p><a href="https://e.example/?a=1&amp;b=2" rel="nofollow noopener">a</a></p>\n'
    )
    assert (
        shown("<a@b.example>")
        == '<p><a href="mailto:a@b.example" rel="nofollow noopener">a@b.example</a></p>\n'
    )
    assert shown("[a](other.html)") == "<p><a>a</a></p>\n"
    assert shown("[a](quay.png)") == '<p><a href="x/quay.png">a</a></p>\n'


def test_links_to_articles() -> None:
    assert shown("[a *b*](article:abc/2026/here)") == (
        '<p><a href="../../../articles/abc/2026/here.html">a <em>b</em></a></p>\n'
    )
    assert "<small>(revised)</small>" in shown("[a](article:abc/2026/here@12345678)")
    assert shown("[a](article:abc/2026/none)") == "<p><a>a</a> <small>(not in this edition)</small></p>\n"
    assert shown("[a](article:nonsense)") == "<p><a>a</a></p>\n"


def test_pictures() -> None:
    assert shown("![q](quay.png)") == "<figure>quay</figure>\n"
    assert shown("a ![q](./quay.png) b") == '<p>a <img src="quay.png" alt="Quay"> b</p>\n'
    assert render("![q](quay.png)", {"quay.png": FIGURE}).used == {"quay.png"}


def test_a_video_inside_a_line_is_named_there_and_shown_elsewhere() -> None:
    video = Figure(Markup("<figure>video</figure>"), None, "https://v.example/q.mp4")
    figures = {"https://v.example/q.mp4": video}
    alone = render("![A *crane*](https://v.example/q.mp4)", figures)
    assert (str(alone.html), alone.used) == ("<figure>video</figure>\n", {"https://v.example/q.mp4"})
    within = render("See ![A crane](https://v.example/q.mp4).", figures)
    assert (str(within.html), within.used) == (
        '<p>See <span class="gone">[A crane]</span>.</p>\n',
        frozenset(),
    )


def test_tables_scroll_and_keep_their_sides() -> None:
    output = shown("|a|b|c|\n|:-|:-:|-:|\n|1|2|3|")
    assert output.startswith('<section class="table" aria-label="Table 1" tabindex="0"><table>')
    assert '<td>1</td><td class="mid">2</td><td class="end">3</td>' in output


def test_footnotes_stand_at_the_end_and_lead_back() -> None:
    output = shown("A[^x] and B[^x].\n\n[^x]: Note *one*.\n\nMore.")
    assert output.index("More.") < output.index("Note")
    assert output.count('id="fn-ref-1"') == 1
    assert 'href="#fn-1"' in output
    assert 'id="fn-1"' in output
    assert 'href="#fn-ref-1"' in output


def test_hidden_characters_are_dropped() -> None:
    assert shown("a\u202eb\x00c\ue000d") in ("<p>abcd</p>\n", "<p>ab\ufffdcd</p>\n")


def test_output_is_well_formed() -> None:
    text = "# a\n\n![q](quay.png)\n\n|a|\n|-|\n|b|\n\n[x](article:abc/2026/none) A[^1]\n\n[^1]: N\n"
    etree.fromstring(f"<main>{shown(text)}</main>")


# --- places of faults --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "line", "col"),
    [
        ("a\n\nb <b>x", "raw-html", 3, 3),
        ("é <b>x", "raw-html", 1, 3),
        ("<div>\nx\n</div>", "raw-html", 1, 1),
        ("x ![a](https://t.example/p.gif)", "remote-image", 1, 3),
        ("![a](gone.png)", "unlisted-image", 1, 1),
        ("[a](//h.example/x)", "link-without-scheme", 1, 1),
        ("[a](javascript:x)", "forbidden-link", 1, 1),
        ("[a](other.html)", "relative-link", 1, 1),
        ("[a](article:nonsense)", "bad-article-link", 1, 1),
        ("[a](article:abc/2026/x@zz)", "bad-article-link", 1, 1),
        ("[a][r]\n\n[r]: ../x", "relative-link", 1, 1),
    ],
)
def test_faults_name_their_place(text: str, rule: str, line: int, col: int) -> None:
    (fault,) = [f for f in markup.problems(text, frozenset({"quay.png"})) if (f.line, f.col) == (line, col)][
        :1
    ]
    assert fault.rule == rule
    assert fault.hint


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "[a](https://e.example)",
        "<https://e.example>",
        "<a@b.example>",
        "![q](quay.png)",
        "[a](quay.png)",
        "[a](article:abc/2026/x)",
        "[a](article:abc/2026/x@12345678)",
        "`<b>`",
        "```\n<b>\n```",
        "1 < 2 > 1",
        "A[^1]\n\n[^1]: N",
        "\\<b>",
        "[not a link]",
        "![v](https://video.example/v.mp4)",
    ],
)
def test_ordinary_texts_have_no_fault(text: str) -> None:
    assert markup.problems(text, frozenset({"quay.png"}), frozenset({"https://video.example/v.mp4"})) == ()


def test_links_between_articles_are_listed_once_in_order() -> None:
    text = "[a](article:b/2026/b) [c](article:a/2026/a@12345678) [d](article:b/2026/b) [e](article:bad) `article:x/2026/x`"
    assert markup.article_links(text) == ("b/2026/b", "a/2026/a")
