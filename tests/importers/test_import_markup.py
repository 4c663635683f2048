"""Tags that are torn or endless cost no more than others."""

import pytest

from newsrepo.importers.markup import TAG


@pytest.mark.parametrize(
    "text",
    [
        "<p &amp; [a][b][l](https://e.example/a b)![[l](https://e.example/a b)" + "x" * 5000 + "<b",
        "<a" + " b" * 5000,
        "<a " + "/ " * 5000 + "<",
        "<a " + "'b' " * 2000 + '"',
    ],
)
def test_a_tag_that_never_ends_is_given_up_at_once(text: str) -> None:
    assert TAG.search(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<b>", ("", "b", "")),
        ("</table >", ("/", "table", " ")),
        ("<img src='a>b.png' alt=\"<\"/>", ("", "img", " src='a>b.png' alt=\"<\"/")),
        ("<svg:path d=M0>", ("", "svg:path", " d=M0")),
    ],
)
def test_whole_tags_are_read_with_their_attributes(text: str, found: tuple[str, str, str]) -> None:
    match = TAG.fullmatch(text)
    assert match is not None
    assert match.groups() == found
