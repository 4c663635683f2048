"""An article's page prints its whole credit, links every line to the very text, and says where credit was lost."""

import re
from dataclasses import replace

import pytest
from editions_fake import Fake, article, built, derive, oid, planned, printed, version_of, with_article
from msgspec import structs

from newsrepo.editions.chain import MOST
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.scalars import Moment

A, B, C = "abc/2026/quay", "lmn/2026/port", "abc/2026/docks"
LOST = "The article on this page leaves it out of its credit."


def chain(*, keep: bool = True) -> Fake:
    """B rewrites A and C quotes B; with ``keep`` C keeps both texts, else none, so that nothing beside it names A."""
    fake = with_article(Fake(), A, article("The quay", authors=(t.Author(name="Ann"),), body="Nine days.\n"))
    fake = with_article(fake, B, article("The port", based_on=(derive(fake, A, changes="Counted."),)))
    fake = with_article(fake, C, article("The docks", based_on=(derive(fake, B, "quote"),)))
    texts = [write(fake.articles[name]) for name in (A, B) if keep]
    kept = {f"articles/{C}/sources/{oid(text)}.md": text for text in texts}
    return replace(fake, kept=kept, items=(printed(C), printed(A, B)))


def revised(fake: Fake, name: str, **changes: object) -> Fake:
    return with_article(fake, name, structs.replace(fake.articles[name], **changes))


def without(fake: Fake, name: str) -> Fake:
    left = {other: record for other, record in fake.articles.items() if other != name}
    return replace(fake, articles=left, items=(printed(C),))


def credit(fake: Fake, name: str = C) -> str:
    page = built(fake)[f"articles/{name}.html"].decode()
    return page[page.index('class="sources"') : page.index("</section>")]


def cited(fake: Fake, name: str) -> str:
    return f"cited/{name}/{version_of(fake, name)}.html"


def test_the_whole_chain_is_printed_each_with_author_contingent_relation_and_version() -> None:
    found = credit(chain())
    assert re.findall(r"(Quotes|A rewrite of) <a href=\"([^\"]*)\"", found) == [
        ("Quotes", f"../../../articles/{B}.html"),
        ("A rewrite of", f"../../../articles/{A}.html"),
    ]
    assert "by <bdi>Ann</bdi>, <a" in found
    assert f"{A}@{version_of(chain(), A)[:10]}" in found
    assert "Counted." in found
    assert 'class="lost"' not in found


def test_what_was_changed_is_set_in_the_language_of_whoever_says_so() -> None:
    fake = with_article(Fake(), A, article("The quay", lang="de"))
    fake = with_article(
        fake, B, article("The port", lang="en", based_on=(derive(fake, A, changes="Counted."),))
    )
    third = article("\u0627", lang="ar", based_on=(derive(fake, B, "translation", changes="\u0628"),))
    fake = with_article(fake, C, third)
    texts = [write(fake.articles[name]) for name in (A, B)]
    fake = replace(fake, kept={f"articles/{C}/sources/{oid(text)}.md": text for text in texts})
    found = credit(replace(fake, items=(printed(C), printed(A, B))))
    assert '<q lang="ar" dir="rtl">\u0628</q>' in found
    assert '<q lang="en" dir="ltr">Counted.</q>' in found


def test_credit_that_the_work_leaves_out_is_marked() -> None:
    assert credit(chain(keep=False)).count(LOST) == 1


def test_credit_that_was_taken_back_on_the_way_is_marked() -> None:
    found = credit(revised(chain(), B, based_on=()))
    assert f"As it stands now it credits {A} no more." in found
    assert LOST not in found


def test_a_line_leads_to_the_very_text_after_the_article_was_revised_or_is_gone() -> None:
    before = chain()
    path = cited(before, A)
    for fake, note in (
        (revised(before, A, body="Ten days.\n"), "As it stands now"),
        (without(without(before, A), B), "not in this commons as it was read"),
    ):
        pages = built(fake)
        assert f"../../../{path}" in credit(fake)
        page = pages[path].decode()
        assert "Nine days." in page
        assert note in page
        assert f"../../../../articles/{C}.html" in page


@pytest.mark.parametrize("status", [t.Status.WITHHELD, t.Status.WITHDRAWN])
def test_what_its_owner_no_longer_shows_is_not_shown_as_cited(status: t.Status) -> None:
    before = chain()
    pages = built(revised(before, A, status=status, body="Other words.\n"))
    assert not [path for path in pages if path.startswith(f"cited/{A}/")]
    assert not [path for path, data in pages.items() if b"Nine days." in data]


def test_a_text_of_a_later_day_waits() -> None:
    before = revised(chain(), A, date=Moment.parse("2027-01-01"))
    fake = with_article(before, B, article("The port", based_on=(derive(before, A),)))
    text = write(before.articles[A])
    late = replace(without(fake, A), kept={f"articles/{B}/sources/{oid(text)}.md": text}, items=(printed(B),))
    assert not [path for path in built(late) if path.startswith("cited/")]


def test_a_web_of_credit_is_shown_only_so_far_and_says_so() -> None:
    fake = Fake()
    for number in range(MOST + 5):
        sources = (derive(fake, f"abc/2026/n{number - 1}", "quote"),) if number else ()
        fake = with_article(fake, f"abc/2026/n{number}", article(f"N{number}", based_on=sources))
    found = credit(fake, f"abc/2026/n{MOST + 4}")
    assert found.count("Quotes ") == MOST + 1
    assert "more than fits here" in found
    assert "more than fits here" not in credit(fake, f"abc/2026/n{MOST}")


def test_the_key_knows_all_that_the_credit_shows() -> None:
    path = f"articles/{C}.html"
    keys = {
        planned(fake)[path].key
        for fake in (
            chain(),
            chain(keep=False),
            revised(chain(), A, body="Ten days.\n"),
            revised(chain(), B, based_on=()),
            without(chain(), A),
            replace(chain(), contingents={**chain().contingents, "lmn": t.Contingent(name="Moved")}),
        )
    }
    assert len(keys) == 6


def test_a_source_that_is_gone_still_stands_beside_what_was_made_of_it() -> None:
    before = chain()
    third = "lmn/2026/brief"
    both = with_article(before, third, article("In brief", based_on=(derive(before, B, "summary"),)))
    kept = {**both.kept, f"articles/{B}/sources/{version_of(before, A)}.md": write(before.articles[A])}
    fake = replace(without(replace(both, kept=kept), A), items=(printed(B, third),))
    pages = built(fake)
    page = pages[f"stories/{B}.html"].decode()
    assert f'href="../../../{cited(before, A)}"' in page
    assert "Nine days." in page
    assert "The quay</a> by The ABC contingent of Free News" in page
