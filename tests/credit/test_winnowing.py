"""Folding and fingerprints: what makes no difference, what is guaranteed, and that both stay as they are."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.credit.folding import places, words
from newsrepo.credit.winnowing import GRAM, RUN, SCHEME, WINDOW, fingerprints, kept, picks, unpack


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("The Dockers\u2019 strike — 1,200 men.", "the dockers strike 1 200 men"),
        ("Größe, GROSSE und Größe", "grosse grosse und grosse"),
        ("Café café CAFE\u0301", "cafe cafe cafe"),
        ("**bold** and _thin_ ~~gone~~", "bold and thin gone"),
        ("a [link](https://example.org/a_(b)?x=y) there", "a link there"),
        ("see https://example.org/a/b?c=d#e for more", "see for more"),
        ("see <https://example.org/a> and <b>this</b>", "see and this"),
        ("[ref]: https://example.org/x\n\nword[^1]\n\n[^1]: a note", "word 1 1 a note"),
        ("one `code here` two", "one two"),
        ("one\n\n```py\nx = 1\n```\n\ntwo", "one two"),
        ("one\n\n~~~\nnever closed", "one"),
        ("salt&nbsp;&amp;&#160;pepper", "salt pepper"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("\ufb01ne \uff11\uff12 \u2460", "fine 12 1"),
        ("港で罷工。", "港 て 罷 工"),
        ("Привет, Мир, ПРИВЕТ", " ".join(words("привет мир привет"))),
        ("\u0405trik\u0435 \u0391t th\u0435 p\u043ert", "strike at the port"),
        ("מִלָּה שָׁלוֹם", "מלה שלום"),
        ("", ""),
    ],
)
def test_what_makes_no_difference(text: str, folded: str) -> None:
    assert " ".join(words(text)) == folded


@given(
    st.text(alphabet=st.sampled_from("aBé\u0301ß\ufb01港が ก\u200b-_`[]()<>&;:/\n.1 東https"), max_size=80)
)
@settings(deadline=None, max_examples=300)
def test_every_word_is_found_in_its_place(text: str) -> None:
    spans = places(text)
    assert len(spans) == len(words(text))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_can_be_folded_and_its_words_told(text: str) -> None:
    assert len(places(text)) == len(words(text))


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_every_window_keeps_one_chosen_by_itself_alone(keys: bytes) -> None:
    found = kept(keys)
    assert found == sorted(set(found))
    assert all(0 <= at < max(len(keys), 1) for at in found)
    for start in range(len(keys) - WINDOW + 1):
        window = {at - start for at in found if start <= at < start + WINDOW}
        assert window
        assert set(kept(keys[start : start + WINDOW])) <= window


VOCABULARY = ["the", "port", "a", "of", "strike", "wages", "monday", "company", "港", "no", "x", "docks"]


@given(
    st.lists(st.sampled_from(VOCABULARY), min_size=RUN, max_size=60),
    st.lists(st.sampled_from(VOCABULARY), max_size=40),
    st.lists(st.sampled_from(VOCABULARY), max_size=40),
    st.lists(st.sampled_from(VOCABULARY), max_size=40),
)
@settings(deadline=None, max_examples=300)
def test_every_shared_run_shares_a_fingerprint(
    run: list[str], before: list[str], after: list[str], elsewhere: list[str]
) -> None:
    one, other = [*before, *run, *after], [*elsewhere, *run]
    values = {value for _, value in picks(one)} & {value for _, value in picks(other)}
    assert values
    inside = {value for at, value in picks(one) if len(before) <= at <= len(before) + len(run) - GRAM}
    assert inside & values


def test_a_run_shorter_by_one_need_not_share_any() -> None:
    chance = random.Random(3)
    missed = 0
    for _ in range(200):
        run = [str(chance.random()) for _ in range(RUN - 1)]
        texts = [[str(chance.random()) for _ in range(30)] + run + [str(chance.random()) for _ in range(30)]]
        texts.append(
            [str(chance.random()) for _ in range(30)] + run + [str(chance.random()) for _ in range(30)]
        )
        one, other = ({value for _, value in picks(text)} for text in texts)
        missed += not one & other
    assert 0 < missed < 50


def test_short_texts_have_no_fingerprint_and_none_is_too_long() -> None:
    assert picks([]) == []
    assert unpack(fingerprints("too few words to say anything")).tolist() == []
    assert len(unpack(fingerprints("a " * 400_000))) == 1


def test_fingerprints_are_few() -> None:
    chance = random.Random(5)
    text = [str(chance.randrange(5000)) for _ in range(20_000)]
    assert 0.18 < len(picks(text)) / len(text) < 0.24


def test_fingerprints_are_the_same_everywhere_under_one_scheme() -> None:
    """When this fails, fingerprints kept by earlier versions are worthless: raise SCHEME."""
    text = "Dockers said on Monday that they would not load another ship until the company paid the wages it owes."
    assert (SCHEME, unpack(fingerprints(text)).tolist()) == ("2", [687983969565489188, 2105472974718974182])
