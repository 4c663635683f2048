"""From titles to slugs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.errors import UsageError
from newsrepo.ids import MAX_SLUG, is_name
from newsrepo.porcelain.slugs import clip, slug_of


@pytest.mark.parametrize(
    ("title", "lang", "slug"),
    [
        ("The dock strike ends", "en", "the-dock-strike-ends"),
        ("Déjà vu: Łódź strikers\N{RIGHT SINGLE QUOTATION MARK} “no”", "en", "deja-vu-lodz-strikers-no"),
        ("Straße über Äcker", "de", "strasse-ueber-aecker"),
        ("Straße über Äcker", "en", "strasse-uber-acker"),
        ("Þingvellir & Ærø", "is", "thingvellir-aero"),
        ("ISTANBUL'DA İŞÇİ", "tr", "istanbulda-isci"),
        ("  --9 days' wages--  ", "en", "9-days-wages"),
        ("ﬁne ﬂour", "en", "fine-flour"),
        ("con", "en", "con-1"),
        ("Strike 罷工", "en", "strike"),
    ],
)
def test_latin_titles(title: str, lang: str, slug: str) -> None:
    assert slug_of(title, lang) == slug


@pytest.mark.parametrize("title", ["日本語", "…", "", "\u202e", "Забастовка в порту", "الإضراب"])
def test_other_scripts_ask_for_a_slug(title: str) -> None:
    with pytest.raises(UsageError) as caught:
        slug_of(title)
    assert "--slug" in caught.value.hint


def test_long_titles_are_cut_at_a_word() -> None:
    slug = slug_of("strike " * 40)
    assert len(slug) <= MAX_SLUG
    assert slug.endswith("-strike")
    assert clip("x" * 200) == "x" * MAX_SLUG


@given(st.text(max_size=200), st.sampled_from(["", "de", "en", "tr"]))
@settings(max_examples=150, deadline=None)
def test_a_slug_is_always_a_slug(title: str, lang: str) -> None:
    try:
        slug = slug_of(title, lang)
    except UsageError:
        return
    assert is_name(slug, MAX_SLUG)
