"""The quick ways of making an article's page give what the long ones give."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from newsrepo.editions import plain, records
from newsrepo.editions.markdown import render
from newsrepo.editions.plain import plain_text
from newsrepo.editions.theme import Inlays, Theme, default_theme, find_templates
from newsrepo.records import types as t
from tests.editions.editions_fake import Fake, View, article

LINKS = [
    "[a](https://e.org/?a=1&b=2)", "<https://e.org/>", "[*b*](https://e.org)", "[c\nd](mailto:a@b.org)",
    "[ ](https://e.org)", "[e](nowhere)", "[\u21a9\ufe0e](https://e.org)", "https://e.org",
    "[https://e.org](https://e.org)", '[f](https://e.org "t<>")',
]  # fmt: skip
PIECES = [
    *LINKS,
    "a",
    " ",
    "\n",
    "\n\n",
    "*b*",
    "**",
    "## c\n",
    "~~d~~",
    "> ",
    "- ",
    "&",
    "&amp;",
    "&lt;p&gt;",
    "\u21a9\ufe0e",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_paragraphs_become_the_same_plain_text_in_one_go_as_tag_by_tag(text: str) -> None:
    html = str(render(text).html)
    assert plain_text(html) == plain._written(html)


def test_lists_quotes_and_links_are_written_tag_by_tag() -> None:
    html = '<p>a <a href="https://e.org/">b</a></p>\n<ul>\n<li>c</li>\n</ul>\n'
    assert plain_text(html) == "a b (https://e.org/)\n\n- c\n"


def test_a_record_put_together_from_the_index_is_the_one_in_the_file() -> None:
    sources = (t.Credit(name="C", url="https://e.org/"),)
    articles = {
        "abc/2026/plain": article("One", summary="S", topics=("x",), credits=sources, body="Extra, extra.\n"),
        "abc/2026/more": article("Two", extra={"desk": "3"}),
    }
    view = View(Fake(articles=articles))
    for name, work in view.works.items():
        assert records._record(work, view.blobs[work.version]) == articles[name]


def test_long_parts_are_put_in_where_their_marks_stand() -> None:
    inlays = Inlays(default_theme())
    one, two = inlays.put(Markup("<p>1</p>")), inlays.put(Markup("<p>2</p>"))
    assert "<p>" not in one + two
    assert "".join(inlays.fill(f"a{two}b{one}c{two}")) == "a<p>2</p>b<p>1</p>c<p>2</p>"
    assert inlays.put(Markup()) == ""


def test_a_publishers_own_templates_get_the_parts_themselves(tmp_path: Path) -> None:
    (tmp_path / "missing.html").write_text("mine")
    inlays = Inlays(Theme(find_templates(), tmp_path))
    assert inlays.put(Markup("<p>1</p>")) == "<p>1</p>"
    assert inlays.fill("<p>1</p>") == ["<p>1</p>"]


def test_templates_are_compiled_once_and_a_damaged_file_counts_as_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for source in find_templates().iterdir():
        if source.name in ("style.css", "icon.svg", "link.html"):
            (tmp_path / source.name).write_bytes(source.read_bytes())
    told = Theme(tmp_path).html("link", name="a", href="b.html")
    (kept,) = (tmp_path / "__pycache__").iterdir()
    whole = kept.read_bytes()
    for data in (whole, whole[:-1], b""):
        kept.write_bytes(data)
        assert Theme(tmp_path).html("link", name="a", href="b.html") == told
        assert kept.read_bytes() == whole
    (tmp_path / "link.html").write_text("{{ name }}!")
    assert Theme(tmp_path).html("link", name="a", href="") == "a!"


def test_a_publishers_own_templates_leave_no_compiled_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "missing.html").write_text("mine")
    assert Theme(find_templates(), tmp_path).html("missing") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["missing.html"]
