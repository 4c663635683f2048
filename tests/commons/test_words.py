"""Words are found and counted in every script, and nothing that a user types is syntax."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons.words import count, expression, spaced


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("one two\nthree", 3),
        ("東京都は", 4),
        ("東京、大阪。", 4),
        ("the 東京 strike", 4),
        ("Straße été", 2),
    ],
)
def test_words_are_counted_and_letters_where_there_are_no_spaces(text, words):
    assert count(text) == words


def found(query, text, *, phrase=False):
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE s USING fts5 (a, tokenize='unicode61 remove_diacritics 2')")
    db.execute("INSERT INTO s VALUES (?)", (spaced(text),))
    asked = expression(query, phrase=phrase)
    hits = [] if asked is None else db.execute("SELECT 1 FROM s WHERE s MATCH ?", (asked,)).fetchall()
    db.close()
    return bool(hits)


@pytest.mark.parametrize(
    ("query", "text", "yes"),
    [
        ("strike", "The STRIKE goes on", True),
        ("ete", "un été chaud", True),
        ("strikes", "the strike", False),
        ("dock-strike", "a dock strike", True),
        ("京都", "東京都庁", True),
        ("京庁", "東京都庁", False),
        ("ประท้วง", "การประท้วงใหญ่", True),
        ("ประกาศ", "การประท้วงใหญ่", False),
        ("ОКТЯБРЬ", "в октябрь", True),
        ("end the", "the end", True),
    ],
)
def test_words_are_found(query, text, yes):
    assert found(query, text) is yes


def test_a_phrase_keeps_its_order():
    assert found("the end", "this is the end", phrase=True)
    assert not found("end the", "this is the end", phrase=True)


@pytest.mark.parametrize("query", ["", "  ", "!!!", '"', "\0", "- * ( )", "\ud800"[:0]])
def test_no_word_finds_nothing(query):
    assert expression(query, phrase=False) is None


@settings(deadline=None, max_examples=200)
@given(
    st.text(alphabet=st.characters(), max_size=30) | st.text(alphabet='"*()^:-+ ANDORNEARtitle', max_size=30)
)
def test_nothing_typed_is_syntax(query):
    for phrase in (True, False):
        found(query, "some text", phrase=phrase)
    word = "AND" + query
    assert found("AND", "this AND that")
    assert isinstance(found(word, "x"), bool)
