"""What is called sober must be exactly what the sanitiser would return."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_markdown import HOSTILE, PIECES

from newsrepo.editions import markdown
from newsrepo.editions.sober import is_sober
from newsrepo.records.markup import MARKDOWN

SOBER = [
    "",
    "<p>a</p>\n",
    "<p>a &amp; b &lt;c&gt; \"d\" 'e'</p>\n<hr>\n",
    '<p>See <a href="https://e.example/a?b=1&amp;c=2#d" rel="nofollow noopener">e <em>f</em></a>.</p>\n',
    '<p><a href="../../../articles/abc/2026/here.html">a</a><a>b</a></p>\n',
    "<h2>a</h2>\n<h3>b <code>c</code></h3>\n",
    "<ul>\n<li>a</li>\n<li>\n<p>b</p>\n<blockquote>\n<p>c</p>\n</blockquote>\n</li>\n</ul>\n",
    "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n",
    "<pre><code>\na\n\nb &lt;c&gt;\n</code></pre>\n",
    "<p>a<br>\n<strong>b <em>c</em></strong> <del>d</del></p>\n",
    "<p>\ue0000\ue001</p>\n",
]
ODD = [
    "<script>alert(1)</script>",
    "<p onclick=x>a</p>",
    '<p class="gone">a</p>',
    "<p>a",
    "a</p>",
    "</div><p>a</p>",
    "<p><p>a</p></p>",
    "<em><p>a</p></em>",
    "<p><em>a</p></em>",
    "<p><a><a>b</a></a></p>",
    "<p><em><em>a</em></em></p>",
    "<li>a</li>",
    "<ul><p>a</p></ul>",
    "<pre>\na</pre>",
    "<pre><code><em>a</em></code></pre>",
    "<h2><h3>a</h3></h2>",
    "<P>a</P>",
    "<p >a</p>",
    "<!-- a -->",
    "<![CDATA[a]]>",
    "<p>a > b</p>",
    "<p>a < b</p>",
    "<p>&quot;</p>",
    "<p>&#60;</p>",
    "<p>&ampx</p>",
    "<p>\xa0</p>",
    "<p>\r</p>",
    "\ufeff<p>a</p>",
    "<p>\0</p>",
    "<br />",
    "<svg><p>a</p></svg>",
    "<math><mtext><p>a</p></mtext></math>",
    "<style>a</style>",
    "<plaintext>",
    '<p><a href="javascript:alert(1)">a</a></p>',
    '<p><a href="//e.example/">a</a></p>',
    '<p><a href="https://e.example/">a</a></p>',
    '<p><a href="https://e.example:80/" rel="nofollow noopener">a</a></p>',
    '<p><a href="https://1.2.3.999/" rel="nofollow noopener">a</a></p>',
    '<p><a href="https://xn--a.example/" rel="nofollow noopener">a</a></p>',
    '<p><a href="https://e.example/" rel="nofollow noopener" onclick="x">a</a></p>',
    '<p><a href="https://e.example/&quot;" rel="nofollow noopener">a</a></p>',
    '<p><a href="https://e.example/&lt;" rel="nofollow noopener">a</a></p>',
    '<p><a href="../a b">a</a></p>',
    '<p><a href="../a" href="../b">a</a></p>',
]


@pytest.mark.parametrize("html", SOBER)
def test_ordinary_html_is_sober_and_the_sanitiser_keeps_it(html: str) -> None:
    assert is_sober(html)
    assert markdown.sanitised(html) == html


@pytest.mark.parametrize("html", [*ODD, *HOSTILE])
def test_odd_html_goes_to_the_sanitiser(html: str) -> None:
    assert not is_sober(html) or markdown.sanitised(html) == html
    assert not is_sober(html) or html not in ODD


@pytest.mark.parametrize("tag", sorted(markdown.TAGS | {"script", "svg", "img", "form", "main"}))
def test_no_tag_may_stand_open_or_closed_alone(tag: str) -> None:
    assert not is_sober(f"<{tag}>") or tag in ("br", "hr")
    assert not is_sober(f"</{tag}>")


TOKENS = [
    *(
        "<p>",
        "</p>\n",
        "<h2>",
        "</h2>",
        "<h6>",
        "</h6>",
        "<ul>\n",
        "</ul>",
        "<ol>",
        "</ol>",
        "<li>",
        "</li>\n",
    ),
    *("<blockquote>", "</blockquote>", "<pre>", "<code>", "</code>", "</pre>", "<em>", "</em>", "<strong>"),
    *(
        "</strong>",
        "<del>",
        "</del>",
        "<br>",
        "<hr>",
        "<a>",
        "</a>",
        "<table>",
        "</table>",
        "<div>",
        "</div>",
    ),
    *("&amp;", "&lt;", "&gt;", "&quot;", "&", "<", ">", "\n", " ", "a", "\xa0", "\ufeff", "\x0c", "\u2028"),
    *('<a href="https://e.example/" rel="nofollow noopener">', '<a href="../a.html">', '<a href="x:y">'),
]


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(
        ["p", "h2", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "del", "a", "td", "div"]
    )
    return st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", names, st.lists(inner, max_size=4)
    )


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.recursive(st.sampled_from(TOKENS) | st.text(max_size=4), _wrapped, max_leaves=12), max_size=5)
)
def test_whatever_is_called_sober_the_sanitiser_keeps(parts: list[str]) -> None:
    html = "".join(parts).encode("utf-8", "ignore").decode()
    if is_sober(html):
        assert markdown.sanitised(html) == html


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from([*HOSTILE, *PIECES]), st.text(max_size=6)), max_size=14))
def test_what_markdown_makes_is_only_called_sober_when_the_sanitiser_keeps_it(parts: list[str]) -> None:
    html = MARKDOWN.html("".join(parts).encode("utf-8", "ignore").decode())
    if is_sober(html):
        assert markdown.sanitised(html) == html


def test_both_answers_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# A\n\nB *c* [d](https://e.example) `e`\n\n- f\n- g\n\n> h\n\n1. i\n\n    j\n\nk  \nl\n\n---\n"
    quick = markdown.render(text).html
    assert is_sober(str(quick))
    monkeypatch.setattr(markdown, "is_sober", lambda html: False)
    assert markdown.render(text).html == quick
