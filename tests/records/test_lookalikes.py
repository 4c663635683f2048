"""What could be taken for the name of a commons, and what could not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.records.lookalikes import could_be_taken_for, readings

NAME = "Ink and Bread"


@pytest.mark.parametrize(
    "text",
    [
        "Ink and Bread",
        "INK AND BREAD",
        "ink and bread",
        "Inkandbread",
        "Ink  and\u00a0Bread",
        "I n k and B r e a d",
        "Ink-and-Bread!",
        "\u00abInk and Bread\u00bb",
        "The Ink and Bread",
        "Die Ink and Bread",
        "Ink & Bread",
        "\u00cdnk and Br\u00eaad",
        "Ink and Br\u0435ad",  # Cyrillic small ie
        "\u0399nk and Bread",  # Greek Iota
        "lnk and Bread",  # small L
        "1nk and Bread",
        "|nk and Bread",
        "Ink and \u0412read",  # Cyrillic capital ve
        "\U0001d408\U0001d427\U0001d424 \U0001d41a\U0001d427\U0001d41d \U0001d401\U0001d42b\U0001d41e\U0001d41a\U0001d41d",
        "\uff29\uff4e\uff4b \uff41\uff4e\uff44 \uff22\uff52\uff45\uff41\uff44",
        "Ink and Br\u200bead",
        "Ink and B\u00adread",
    ],
)
def test_taken_for_the_name(text: str) -> None:
    assert could_be_taken_for(text, NAME)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!",
        "Ink",
        "Bread and Ink",
        "Ink and Bread daily",
        "Inkling and Bread",
        "Ink or Bread",
        "Чернила и хлеб",
    ],
)
def test_another_name(text: str) -> None:
    assert not could_be_taken_for(text, NAME)


def test_two_letters_that_look_like_one() -> None:
    assert could_be_taken_for("Cornrnons", "Commons")


def test_names_in_other_scripts() -> None:
    assert could_be_taken_for("الحبر والخبز", "الحبر والخبز")
    assert could_be_taken_for("ЧЕРНИЛА и хлеб", "чернила и Хлеб")
    assert not could_be_taken_for("الحبر والماء", "الحبر والخبز")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_a_text_is_taken_for_itself_unless_it_has_no_letter(text: str) -> None:
    assert could_be_taken_for(text, text) == bool(readings(text))
    assert could_be_taken_for(text, NAME) == could_be_taken_for(NAME, text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="ascii", categories=["Lu", "Ll"]), min_size=1, max_size=20))
def test_case_and_spaces_never_make_another_name(text: str) -> None:
    assert could_be_taken_for(text.upper(), text)
    assert could_be_taken_for(" ".join(text), text)
