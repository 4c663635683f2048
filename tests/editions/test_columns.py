"""All versions in columns: each column is its whole text in its own order, whatever stands in the others."""

import re
from dataclasses import replace

import pytest
from editions_fake import Fake, article, built, derive, printed, with_article
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.credit.passages import compare, passages
from newsrepo.editions import columns
from newsrepo.editions.columns import aligned

ONE, TWO, THREE = "abc/2026/one", "lmn/2026/two", "abc/2026/three"
BODY = "The cranes moved.\n\nThey had stood for nine days.\n\nThe company regrets it.\n"


def rows(*texts: str, beside: tuple[int, ...] = ()) -> list[tuple[str, ...]]:
    """Texts of one-letter passages, parted by blanks, as rows."""
    bodies = ["\n\n".join(text.split()) for text in texts]
    anchors = beside or (-1, *[0] * (len(texts) - 1))
    made = [None, *(compare(bodies[a], body) for a, body in zip(anchors[1:], bodies[1:], strict=True))]
    found = aligned([len(passages(body)) for body in bodies], anchors, made)
    split = [passages(body) for body in bodies]
    return [tuple("" if at is None else split[n][at] for n, at in enumerate(row)) for row in found]


def test_what_stayed_shares_a_row_and_what_was_added_has_its_own() -> None:
    assert rows("a b c", "a x b c") == [("a", "a"), ("", "x"), ("b", "b"), ("c", "c")]


def test_what_was_added_stands_beside_what_it_replaces() -> None:
    assert rows("a b c", "a x c") == [("a", "a"), ("b", "x"), ("c", "c")]
    assert rows("a b c", "a x y c") == [("a", "a"), ("b", "x"), ("", "y"), ("c", "c")]


def test_a_version_of_a_version_is_set_beside_that_one() -> None:
    found = rows("a b", "a x b", "a x y", beside=(-1, 0, 1))
    assert found == [("a", "a", "a"), ("", "x", "x"), ("b", "b", "y")]


def test_two_versions_of_one_text_do_not_mix() -> None:
    assert rows("a b", "a x b", "a y b") == [("a", "a", "a"), ("", "x", ""), ("", "", "y"), ("b", "b", "b")]


def test_an_empty_text_takes_no_row() -> None:
    assert rows("", "a b", "") == [("", "a", ""), ("", "b", "")]
    assert rows("a", "", "a") == [("a", "", "a")]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text("abcd ", max_size=12), st.integers(0, 9)), min_size=2, max_size=5))
def test_every_column_is_its_whole_text_in_order(drawn: list[tuple[str, int]]) -> None:
    texts = [" ".join(text) for text, _ in drawn]
    beside = tuple(-1 if n == 0 else anchor % n for n, (_, anchor) in enumerate(drawn))
    found = rows(*texts, beside=beside)
    for number, text in enumerate(texts):
        assert [row[number] for row in found if row[number]] == text.split()
    assert all(any(row) for row in found)


def story(third: str = "") -> Fake:
    fake = with_article(Fake(), ONE, article("One", body=BODY))
    two = article("Two", lang="ar", body=BODY.replace("nine", "ten"), based_on=(derive(fake, ONE),))
    fake = with_article(fake, TWO, two)
    if third:
        fake = with_article(fake, THREE, article("Three", body=third, based_on=(derive(fake, ONE),)))
    return fake


def section(fake: Fake) -> str:
    page = built(replace(fake, items=(printed(ONE),)))[f"stories/{ONE}.html"].decode()
    return page.partition('<section class="abreast"')[2].partition("</section>")[0]


def test_the_page_sets_all_versions_in_columns() -> None:
    found = section(story(BODY.replace("nine", "*eleven*")))
    heads = re.findall(r'<th scope="col" dir="(\w+)"><a href="([^"]*)"', found)
    assert heads == [
        ("ltr", f"../../../articles/{ONE}.html"),
        ("ltr", f"../../../articles/{THREE}.html"),
        ("rtl", f"../../../articles/{TWO}.html"),
    ]
    assert found.count("The cranes moved.") == 3
    assert "They had stood for <ins>eleven</ins> days." in found  # no star, and no word of another language
    assert 'lang="ar" dir="rtl" data-by="LMN">They had stood for ten days.</td>' in found
    assert 'tabindex="0"' in found


def test_a_passage_from_which_words_were_only_dropped_says_so() -> None:
    assert "Words left out</span>They had stood for days." in section(story(BODY.replace("nine ", "")))


def test_texts_too_long_are_not_set_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "LARGEST", 20)
    found = section(story())
    assert "too long to stand in columns" in found
    assert "<td" not in found


def test_of_very_many_versions_some_stand_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "MOST", 2)
    found = section(story(BODY))
    assert found.count('<th scope="col"') == 2
    assert "1 more is linked above." in found
