"""What an article's own contingent changed has a page; it shows what history has and says where that ends."""

from dataclasses import replace

from editions_fake import Fake, article, built, derive, planned, printed, with_article
from msgspec import structs

from newsrepo.editions.revisions import MOST
from newsrepo.records import types as t

A, B = "abc/2026/quay", "lmn/2026/port"
PAGE = f"revisions/{A}.html"
FIRST = article("The quay", body="Nine days.\n\nNo more.\n")
NOW = structs.replace(FIRST, body="Ten days.\n\nNo more.\n")


def revised(*earlier: t.Article | None, cut: bool = False) -> Fake:
    """An article, and one based on it, with these texts before the present one, which is committed."""
    fake = with_article(Fake(past={A: (*earlier, NOW)}, cut=cut), A, NOW)
    fake = with_article(fake, B, article("The port", based_on=(derive(fake, A),)))
    return replace(fake, items=(printed(A, B),))


def test_each_revision_stands_beside_the_text_before_it() -> None:
    page = built(revised(FIRST))[PAGE].decode()
    assert "<del>Nine</del>" in page
    assert "<ins>Ten</ins>" in page
    assert '<time datetime="2026-05-02">2 May 2026</time>' in page
    assert '<time datetime="2026-05-01">1 May 2026</time>' in page
    assert "cut off" not in page


def test_the_article_and_its_story_lead_there() -> None:
    pages = built(revised(FIRST))
    assert f'href="../../../{PAGE}">what changed</a>' in pages[f"articles/{A}.html"].decode()
    story = pages[f"stories/{A}.html"].decode()
    assert story.count(f'href="../../../{PAGE}"') == 1
    assert not [path for path in pages if path.startswith(f"revisions/{B}")]


def test_what_was_not_revised_has_no_such_page() -> None:
    for fake in (revised(), revised(NOW), revised(None), replace(revised(FIRST), past={})):
        assert not [path for path in built(fake) if path.startswith("revisions/")]


def test_a_removal_between_is_no_text_and_a_draft_is_no_commit() -> None:
    page = built(revised(FIRST, None))[PAGE].decode()
    assert page.count('class="compared"') == 1
    draft = replace(revised(), past={A: (FIRST,)})
    assert "Not committed yet" in built(draft)[PAGE].decode()


def test_where_history_is_cut_off_the_page_says_so() -> None:
    assert "whose history is cut off" in built(revised(FIRST, cut=True))[PAGE].decode()


def test_only_so_many_are_shown_and_the_rest_counted() -> None:
    texts = [structs.replace(FIRST, title=f"Quay {number}") for number in range(MOST + 3)]
    page = built(revised(*texts))[PAGE].decode()
    assert page.count('class="compared"') == MOST
    assert "3 earlier texts are not shown here" in page
    assert "Also changed: title" in page


def test_what_was_not_for_showing_is_not_shown_now() -> None:
    withheld = structs.replace(FIRST, status=t.Status.WITHHELD, body="A secret.\n")
    page = built(revised(FIRST, withheld))[PAGE].decode()
    assert "A secret." not in page
    assert page.count("one of the two texts was not for showing") == 2
    taken_back = revised(FIRST)
    gone = with_article(taken_back, A, structs.replace(NOW, status=t.Status.WITHDRAWN))
    assert PAGE not in built(replace(gone, items=(printed(B),)))


def test_keys_know_the_past() -> None:
    fakes = (revised(), revised(FIRST), revised(FIRST, article("Between")), revised(FIRST, cut=True))
    for path in (f"articles/{A}.html", f"stories/{A}.html"):
        assert len({planned(fake)[path].key for fake in fakes[:2]}) == 2
    assert len({planned(fake)[PAGE].key for fake in fakes[1:]}) == 3
    assert planned(fakes[1])[PAGE].key == planned(revised(FIRST))[PAGE].key
