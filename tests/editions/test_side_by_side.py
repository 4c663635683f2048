"""The page of a story sets each version beside what it is based on, and shows nothing that it may not."""

from dataclasses import replace

import pytest
from editions_fake import Fake, article, built, derive, oid, printed, with_article
from msgspec import structs

from newsrepo.credit.passages import compare
from newsrepo.editions import sidebyside
from newsrepo.editions.comparison import Field, Side, comparison_page
from newsrepo.editions.sidebyside import UNSEEN
from newsrepo.records import types as t
from newsrepo.records import write

ONE, TWO = "abc/2026/one", "lmn/2026/two"
PAGE = f"stories/{ONE}.html"
BODY = "The cranes moved.\n\nThey had stood for nine days.\n\nThe company regrets it.\n"
OTHER = "The cranes moved.\n\nThey had stood for ten days.\n\nThe fund has paid.\n"


def story(**changes: object) -> Fake:
    fake = with_article(Fake(), ONE, article("One", body=BODY))
    return with_article(fake, TWO, article("Two", body=OTHER, based_on=(derive(fake, ONE),), **changes))


def page(fake: Fake) -> str:
    """The part of the story's page that sets two versions side by side."""
    whole = built(replace(fake, items=(printed(ONE, TWO),)))[PAGE].decode()
    return whole.partition('<section class="compared"')[2].partition("</section>")[0]


def test_differences_are_marked() -> None:
    found = page(story())
    assert "They had stood for <del>nine</del> days." in found
    assert "They had stood for <ins>ten</ins> days." in found
    assert found.count("The cranes moved.") == 1
    assert found.index("The company regrets it.") < found.index("The fund has paid.")
    assert "Replaced" in found


def test_two_languages_stand_beside_each_other() -> None:
    found = page(story(lang="ar"))
    assert 'lang="ar" dir="rtl">They had stood for ten days.</p>' in found
    assert "<del>" not in found


@pytest.mark.parametrize("status", [t.Status.WITHHELD, t.Status.WITHDRAWN])
def test_a_text_that_is_not_to_be_shown_is_not_compared(status: t.Status) -> None:
    fake = story()
    for hidden in (ONE, TWO):
        files = built(
            with_article(
                replace(fake, items=(printed(ONE if hidden == TWO else TWO),)),
                hidden,
                structs.replace(fake.articles[hidden], status=status),
            )
        )
        found = files.get(PAGE, b"").decode()
        assert "<del>" not in found
        assert "Side by side" not in found
        assert "Every version in full" not in found


def test_the_kept_text_is_compared_else_the_one_that_stands_now() -> None:
    fake = story()
    cited = write(fake.articles[ONE])
    revised = structs.replace(fake.articles[ONE], body=BODY.replace("nine", "eleven"))
    fake = replace(fake, articles={**fake.articles, ONE: revised})
    assert "as it stands now" in page(fake)
    assert "<del>eleven</del>" in page(fake)
    kept = replace(fake, kept={f"articles/{TWO}/sources/{oid(cited)}.md": cited})
    assert "as it stands now" not in page(kept)
    assert "<del>nine</del>" in page(kept)


def test_what_is_too_long_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidebyside, "LARGEST", 10)
    found = page(story())
    assert f"newsrepo diff {ONE} {TWO}" in found
    assert "<del>" not in found


def test_a_story_of_very_many_versions_compares_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidebyside, "MOST", 3)
    fake = Fake(articles={ONE: article("One", body=BODY)})
    for n in range(6):
        made = article(f"N{n}", body=OTHER, based_on=(derive(fake, ONE),))
        fake = with_article(fake, f"lmn/2026/n{n}", made)
    files = built(replace(fake, items=(printed(ONE),)))
    assert files[PAGE].decode().partition('class="compared"')[2].count("<ins>ten</ins>") == 3


def test_marks_of_markdown_are_not_shown() -> None:
    body = BODY.replace("nine", "**nine**").replace("company", "[company](https://a.example/x)")
    fake = with_article(Fake(), ONE, article("One", body=f"# A head\n\n{body}"))
    fake = with_article(fake, TWO, article("Two", body=OTHER, based_on=(derive(fake, ONE),)))
    found = page(fake)
    assert "for <del>nine</del> days." in found
    assert "The company (https://a.example/x) regrets it." in found
    assert "A head" in found
    assert "# A head" not in found


def test_a_change_that_no_word_shows_is_told() -> None:
    fake = with_article(Fake(), ONE, article("One", body=BODY))
    bold = article("Two", body=BODY.replace("nine", "*nine*"), based_on=(derive(fake, ONE),))
    assert UNSEEN in page(with_article(fake, TWO, bold))


def test_hostile_words_stay_words() -> None:
    body = BODY.replace("nine", "<script>alert(1)</script> {{ 7*7 }}")
    fake = with_article(story(), ONE, article("One", body=body))
    derived = article("Two", body=OTHER, based_on=(derive(fake, ONE),))
    found = page(with_article(fake, TWO, derived))
    assert "<script" not in found
    assert "&lt;script&gt;" in found
    assert "{{ 7*7 }}" in found


def test_a_page_of_its_own_is_the_same_each_time() -> None:
    old, new = Side("One", "en", f"{ONE}@1"), Side("", "he", f"{TWO}@2")
    made = [
        comparison_page(old, new, [Field("title", "One", "<b>")], compare(BODY, OTHER), "told")
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert b"&lt;b&gt;" in made[0]
    assert b'dir="rtl"' in made[0]
