"""Quoted passages are found again after a revision, or shown as gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsrepo.ledger.quoting import Found, Passages, State

TEXT = """\
The *cranes* stood still at one. Nobody had told them to.

By one o\u2019clock the cranes stood **still**, and the port was closed for the rest of the day, because
no one would unload the coal ships that lay at the quay.
"""


@pytest.mark.parametrize(
    ("quote", "state", "now"),
    [
        ("stood still at one", State.EXACT, "stood still at one"),
        ("  Nobody had told them to. ", State.EXACT, "Nobody had told them to."),
        ("The cranes stood still", State.SAME, "The *cranes* stood still"),
        ("BY ONE O'CLOCK the cranes", State.SAME, "By one o\u2019clock the cranes"),
        ("because no one would unload", State.SAME, "because\nno one would unload"),
        (
            "closed for the rest of the week because nobody would unload the coal ships",
            State.CHANGED,
            "closed for the rest of the day, because\nno one would unload the coal ships",
        ),
        ("the crane drivers were paid on Friday as always", State.GONE, ""),
        ("at noon", State.GONE, ""),
        ("\u2026", State.GONE, ""),
        ("", State.GONE, ""),
    ],
)
def test_a_passage_is_found_as_written_then_in_its_words_then_by_what_it_shares(
    quote: str, state: State, now: str
) -> None:
    found = Passages(TEXT).find(quote)
    assert (found.state, found.text) == (state, now)
    assert found.text == (TEXT[found.start : found.end] if found.start >= 0 else "")


def test_letters_of_scripts_without_spaces_are_words() -> None:
    text = "港口的起重机在一点钟停了下来。没有人告诉他们这样做。"
    assert Passages(text).find("港口的起重机\uff0c在一点钟停了下来").state is State.SAME
    assert Passages(text).find("港口的吊车在一点钟停了下来了").state is State.CHANGED


def test_the_work_is_bounded_and_what_was_not_looked_for_is_not_called_gone() -> None:
    passages = Passages("a b c d e f g h " * 20_000, steps=400_000)
    assert [passages.find("z b z d z f z h " * 100).state for _ in range(3)] == [
        State.GONE,
        State.GONE,
        State.UNSOUGHT,
    ]


@given(st.text(max_size=80), st.text(max_size=30))
def test_never_fails_and_says_what_stands_where(text: str, quote: str) -> None:
    found = Passages(text).find(quote)
    assert found == Found(found.state) or text[found.start : found.end] == found.text
