"""Templates of one's own clone: which count, what they may not do, and how a fault in one is told."""

from pathlib import Path

import pytest
from editions_fake import Fake, article

from newsrepo.editions import site
from newsrepo.editions.theme import Theme, default_theme, find_templates
from newsrepo.errors import UnableError


def theme(folder: Path, **files: str) -> Theme:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return Theme(find_templates(), folder)


def front(of: Theme) -> str:
    ctx = Fake(articles={"abc/2026/one": article("One & only")}).context()
    page = next(page for page in site.plan(ctx, of) if page.path == "index.html")
    return page.render({}).decode()


def test_a_template_takes_the_place_of_another_and_may_include_its_own_parts(tmp_path: Path) -> None:
    own = theme(
        tmp_path, missing__html="<p>x", front__html='{% include "_a.html" %}', _a__html="<b>{{ lead }}"
    )
    assert "<b><article" in front(own)
    assert "One &amp; only" in front(own)
    assert sorted(own.own) == ["_a.html", "front.html", "missing.html"]
    assert own.digest != default_theme().digest


def test_a_copy_of_a_template_is_none_of_ones_own(tmp_path: Path) -> None:
    own = theme(tmp_path, front__html=(find_templates() / "front.html").read_text(), notes__txt="mine")
    assert own.own == {}
    assert own.digest == default_theme().digest


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<p>\n{% if %}", "templates/front.html:2:1: Expected an expression"),
        ("\n\n{{ nothing.here }}", "templates/front.html:3:1: 'nothing' is undefined"),
        ("\n{% include 'none.html' %}", "templates/front.html:2:1: none.html"),
        ("{{ lead.__class__ }}", "templates/front.html:1:1: access to attribute '__class__' of 'Markup'"),
        ("{{ 1 // 0 }}", "templates/front.html:1:1: integer division or modulo by zero"),
        ("{% for b in strip %}{% endfor %}\n{{ sections.append(1) }}", "templates/front.html:2:1: "),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UnableError) as caught:
        front(theme(tmp_path, front__html=text))
    assert caught.value.message.startswith(told)
    assert "--theme default" in caught.value.hint


def test_a_fault_in_a_part_is_told_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(UnableError, match=r"^templates/_a\.html:2:1: 'gone' is undefined"):
        front(theme(tmp_path, front__html="{% include '_a.html' %}", _a__html="\n{{ gone }}"))


def test_a_name_that_takes_no_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnableError, match=r"templates/frnt\.html:1:1") as caught:
        theme(tmp_path, frnt__html="")
    assert "did you mean front.html?" in caught.value.hint


def test_links_and_other_letters_than_utf_8_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "front.html").symlink_to(find_templates() / "list.html")
    with pytest.raises(UnableError, match=r"^templates/front\.html:1:1: it cannot be read"):
        theme(tmp_path)
    (tmp_path / "front.html").unlink()
    (tmp_path / "front.html").write_bytes(b"\xff")
    with pytest.raises(UnableError, match="it is not UTF-8"):
        theme(tmp_path)
