"""Comments beneath articles, whole discussions, the moderation log and corrections."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from editions_fake import Fake, article, built, derive, planned, rendered, version_of
from msgspec import structs

from newsrepo.records import types as t
from newsrepo.records.scalars import Moment, Weight

LEAD = "abc/2026/strike"
PAGE = f"articles/{LEAD}.html"
WHOLE = f"discussion/{LEAD}.html"
LOG = "moderation/index.html"
CORRECTIONS = "corrections/index.html"


def comment(body: str = "Quite so.", day: str = "2026-05-04", **fields: object) -> t.Comment:
    return t.Comment(**{"on": LEAD, "date": Moment.parse(day), "lang": "en", "body": f"{body}\n", **fields})


def commons(said: Mapping[str, t.Comment], **fields: object) -> Fake:
    """``abc`` publishes, trusting ``lmn``; ``odd`` is heard by nobody."""
    text = article("Strike", body="The cranes stood still at one, said the crane drivers.\n")
    trusted = t.Filter(title="ABC daily", trust={"lmn": Weight.parse("0.5")}, **fields)
    return Fake(
        articles={LEAD: text},
        contingents={c: t.Contingent(name=c.upper()) for c in ("abc", "lmn", "odd")},
        comments={f"comment:{name}": record for name, record in said.items()},
        filter=trusted,
    )


def section(page: bytes) -> str:
    """What stands beneath an article, without tags."""
    found = re.search(r'<section class="comments".*?</section>', page.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])) if found else ""


def test_beneath_a_text_stand_trusted_comments_and_one_click_away_all() -> None:
    files = built(
        commons(
            {
                "odd/2026/first": comment("Nonsense.", "2026-05-03"),
                "lmn/2026/answer": comment("It is not.", reply_to="comment:odd/2026/first"),
                "lmn/2026/asked": comment("Who says so?", kind=t.CommentKind.QUESTION, pinned=True),
                "abc/2026/own": comment("We do.", "2026-05-05", reply_to="comment:lmn/2026/asked"),
                "odd/2026/me": comment("Me first!", kind=t.CommentKind.QUESTION, pinned=True),
            }
        )
    )
    beneath = section(files[PAGE])
    assert [w for w in ("Who says so?", "We do.", "It is not.", "Nonsense.", "Me first!") if w in beneath] == [
        "Who says so?", "We do.", "It is not."
    ]  # fmt: skip
    assert beneath.index("Who says so?") < beneath.index("We do.") < beneath.index("It is not.")
    assert "in reply to ODD , not on this page" in beneath
    assert "The whole discussion: 5 comments, 2 of them not printed here" in beneath
    away = f'href="../../../{WHOLE}#comment-odd--2026--first"'
    assert away in files[PAGE].decode()

    whole = section(files[WHOLE])
    assert whole.index("Who says so?") < whole.index("Nonsense.") < whole.index("Me first!")
    assert whole.count("Not printed beneath the text: the filter trusts nobody of ODD.") == 2
    log = files[LOG].decode()
    assert log.index("odd--2026--me") < log.index("odd--2026--first")
    assert "2 by contingents that the filter does not trust" in log
    assert "comment-lmn" not in log
    assert WHOLE in files["discussion/index.html"].decode()


def test_single_comments_are_picked_or_left_out_by_hand_and_the_log_says_so() -> None:
    picked = t.Moderation(include=("comment:odd/2026/good",), exclude=("comment:lmn/2026/bad",))
    files = built(
        commons({"odd/2026/good": comment("Well."), "lmn/2026/bad": comment("Ill.")}, comments=picked)
    )
    assert "Well." in section(files[PAGE])
    assert "Ill." not in section(files[PAGE])
    assert "left out by hand: it stands under comments: exclude" in files[LOG].decode()


def test_a_withdrawn_comment_keeps_its_place_and_loses_its_words() -> None:
    gone = comment("Regretted.", status=t.Status.WITHDRAWN, authors=(t.Author(name="Ann"),), quote="cranes")
    files = built(
        commons({"lmn/2026/gone": gone, "lmn/2026/answer": comment("Yes.", reply_to="comment:lmn/2026/gone")})
    )
    for page in (PAGE, WHOLE):
        said = section(files[page])
        assert "Withdrawn by its contingent" in said
        assert "Regretted" not in said
        assert "Ann" not in said
        assert said.index("Withdrawn") < said.index("Yes.")


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("The cranes stood still", None),
        ("The cranes stood quite still at two, said all the drivers", "It now reads:"),
        ("Paid for by the owners of the ships", "does not stand in the text any more"),
    ],
)
def test_a_quoted_passage_is_found_again_or_said_to_be_gone(quote: str, told: str | None) -> None:
    fake = commons({})
    old = "0" * 40
    fake = replace(fake, comments={"comment:lmn/2026/a": comment("Hm.", quote=quote, version=old)})
    said = section(built(fake)[PAGE])
    assert quote in said
    assert (told in said) if told else ("passage" not in said)
    assert "on an earlier version" in said
    now = structs.replace(fake.comments["comment:lmn/2026/a"], version=version_of(fake, LEAD))
    assert "earlier version" not in section(built(replace(fake, comments={"comment:lmn/2026/a": now}))[PAGE])


def test_hostile_comments_show_nothing_but_text() -> None:
    bad = comment(
        "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://t.example/p.gif)",
        authors=(t.Author(name="Free News"), t.Author(name="<b>Bo</b>")),
        quote="</blockquote><script>",
    )
    files = built(commons({"lmn/2026/a": bad}))
    for page in (PAGE, WHOLE, LOG):
        text = files[page].decode()
        assert "<script>" not in text
        assert "javascript:" not in text.replace("[x](javascript:", "")
        assert "p.gif" not in re.sub(r"<code>.*?</code>", "", text) or 'src="https' not in text
        assert "<b>Bo" not in text
    assert "· The LMN contingent" in section(files[PAGE]).replace("&lt;b&gt;Bo&lt;/b&gt; ", "")
    assert "<bdi>Free News" not in files[PAGE].decode()  # nobody signs with the name of the commons


def test_ten_thousand_comments_are_bounded_beneath_the_text_and_all_there_on_sheets() -> None:
    many = {
        f"lmn/2026/c{n}": comment(
            f"Word {n}.", reply_to=f"comment:lmn/2026/c{n - 1}" if 0 < n < 5_000 else None
        )
        for n in range(10_000)
    }
    fake = commons(many)
    ctx = fake.context()
    pages = planned(fake)
    sheets = [path for path in pages if path.startswith(WHOLE.removesuffix(".html"))]
    assert len(sheets) == 100
    assert len(pages[PAGE].needs) == 51
    assert max(len(pages[path].needs) for path in sheets) == 101
    assert section(rendered(pages[PAGE], ctx)).count("The LMN contingent") == 50
    last = rendered(pages[f"discussion/{LEAD}/page-50.html"], ctx)
    assert last.count(b"<li id=") == 100
    assert len(last) < 150_000
    assert sum(path.startswith("moderation/") for path in pages) == 50
    assert b"4950 older ones are not named here" in rendered(pages["moderation/index/page-50.html"], ctx)


def test_records_other_than_articles_have_discussions_and_what_is_not_there_has_none() -> None:
    fake = commons(
        {"odd/2026/a": comment("On whom?", on="contingent:lmn"), "odd/2026/b": comment(on="x/2026/y")}
    )
    view = replace(fake, kept={"contingents/lmn.yaml": b"name: LMN\n"})
    files = built(view)
    assert "On whom?" in section(files["discussion/contingent--lmn.html"])
    assert "Not printed" not in section(files["discussion/contingent--lmn.html"])
    assert b"Discussion of this contingent: 1 comment" in files["contingents/lmn.html"]
    assert b"Discussion of this contingent" not in files["contingents/abc.html"]
    assert not any("x/2026/y" in path for path in files)
    assert "1 on records that are not here" in files[LOG].decode()


def test_a_page_is_rendered_again_when_what_a_comment_links_to_comes_or_goes() -> None:
    fake = commons({"lmn/2026/a": comment("See [this](article:odd/2026/x).")})
    there = replace(fake, articles={**fake.articles, "odd/2026/x": article("X")})
    assert b'articles/odd/2026/x.html">this</a>' in built(there)[PAGE]
    for path in (PAGE, WHOLE):
        assert planned(fake)[path].key != planned(there)[path].key


CHANGES = {
    "another word": lambda c: {**c, "comment:lmn/2026/a": comment("Other.")},
    "one more": lambda c: {**c, "comment:odd/2026/b": comment()},
    "one less": lambda c: {},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_page_is_rendered_again_when_what_is_said_changes(change: object) -> None:
    fake = commons({"lmn/2026/a": comment()})
    assert callable(change)
    before, after = planned(fake), planned(replace(fake, comments=change(fake.comments)))
    assert {p: page.key for p, page in before.items()} == {p: page.key for p, page in planned(fake).items()}
    assert before[PAGE].key != after[PAGE].key
    assert WHOLE not in after or before[WHOLE].key != after[WHOLE].key


def test_the_log_names_works_left_out_by_hand_and_by_the_limit_and_counts_the_rest() -> None:
    fake = commons({}, exclude=("lmn/2026/no",), limit=1)
    fake = replace(
        fake, articles={**fake.articles, "lmn/2026/no": article("Not this"), "odd/2026/x": article("X")}
    )
    from editions_fake import printed

    log = built(replace(fake, items=(printed(LEAD),)))[LOG].decode()
    assert "Left out by hand" in log
    assert "Not this" in log
    assert "Not selected: 1 article<" in log


def test_corrections_list_revisions_and_corrections_by_others_the_latest_first() -> None:
    fake = commons({})
    first = article("Strike", body="The cranes stood still at noon.\n")
    fake = replace(fake, past={LEAD: [first, fake.articles[LEAD]]})
    mend = article(
        "Strike, corrected",
        date=Moment.parse("2026-05-09"),
        based_on=(derive(fake, LEAD, "correction", "It was two o'clock."),),
    )
    page = built(replace(fake, articles={**fake.articles, "lmn/2026/mend": mend}))[CORRECTIONS].decode()
    assert page.index("It was two o&#39;clock.") < page.index("Revised")
    assert f'href="../revisions/{LEAD}.html"' in page
    assert f'href="../stories/{LEAD}.html"' in page
    assert "2 May 2026" in page
    assert "No text of this edition was corrected" in built(commons({}))[CORRECTIONS].decode()
