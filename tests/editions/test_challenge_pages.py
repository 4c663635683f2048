"""The ledger of questions in an edition: every question, whoever asked it; its pages, their keys and the feed."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from xml.etree import ElementTree as ET

from support import article, commons

from newsrepo.commons import Commons
from newsrepo.editions import site
from newsrepo.editions.build import prepare
from newsrepo.editions.challenges import FIRST
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import FilterId, Oid
from newsrepo.ledger import Question, ledger
from newsrepo.porcelain.challenges import questions

TODAY = date(2026, 6, 20)
FILTER = "title: Daily\nselect: ''\ntrust: {abc: 1}\nedition: {url: 'https://example.org/d/'}\n"
BASE = {
    "filters/abc/daily.yaml": FILTER,
    "articles/abc/2026/one/index.md": article("One"),
    "contingents/abc.yaml": "name: ABC desk\n",
    "contingents/lmn.yaml": "name: LMN desk\npromises: [answers]\nvouches: {abc: 1}\n",
    "contingents/xyz.yaml": "name: XYZ desk\n",
}
PAGE = "challenges/abc/paid.html"
ATOM = "{http://www.w3.org/2005/Atom}"


def asked(text: str = "Who paid for it?\n", **fields: str) -> str:
    values = {"title": "Who paid?", "to": "[lmn, xyz]", "date": "2026-05-01", "lang": "en", **fields}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in values.items()) + f"---\n{text}"


def answer(question: str, text: str = "See [one](article:abc/2026/one).\n", **fields: str) -> str:
    from hashlib import sha256

    values = {"date": "2026-05-20", "question": sha256(question.encode()).hexdigest(), "lang": "en", **fields}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in values.items()) + f"---\n{text}"


def verdict(of: str, text: str, word: str = "evaded") -> str:
    blob = blob_id(text.encode())
    return f"---\non: {of}\nversion: {blob}\ndate: 2026-05-25\nlang: en\nverdict: {word}\n---\nNo.\n"


QUESTION = asked()
ANSWER = answer(QUESTION)
TOLD = {
    "challenges/abc/paid/challenge.md": QUESTION,
    "challenges/abc/paid/answers/lmn.md": ANSWER,
    "comments/abc/2026/no.md": verdict("answer:abc/paid/lmn", ANSWER),
}


def plan(files: Mapping[str, str], today: date = TODAY, earlier: Mapping[str, str] | None = None) -> "Made":
    view = commons({**BASE, **files})
    found = [_worded(question, earlier or {}) for question in questions(view)]
    told = ledger(found, view.contingents, today)
    context = replace(prepare(view, FilterId("abc/daily"), today), ledger=told)
    return Made(view, {page.path: page for page in site.plan(context)}, earlier or {})


def _worded(question: Question, earlier: Mapping[str, str]) -> Question:
    from hashlib import sha256

    import msgspec

    texts = {sha256(text.encode()).hexdigest(): blob_id(text.encode()) for text in earlier.values()}
    return msgspec.structs.replace(question, earlier=texts)


class Made:
    """An edition that was planned; ``html`` renders one page."""

    def __init__(self, view: Commons, pages: Mapping[str, site.Page], earlier: Mapping[str, str]) -> None:
        self.view, self.pages = view, pages
        self.past = {blob_id(text.encode()): text.encode() for text in earlier.values()}

    def html(self, path: str) -> str:
        page = self.pages[path]
        here = [oid for oid in page.needs if oid not in self.past]
        blobs: dict[Oid, bytes] = {**dict(self.view.texts(here)), **self.past}
        return page.render(blobs).decode()

    def text(self, path: str) -> str:
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.html(path))))


def test_the_ledger_says_who_was_asked_what_and_who_is_silent() -> None:
    made = plan(TOLD)
    told = made.text("challenges/index.html")
    assert "Overdue 20 days late never promised to answer Who paid?" in told
    assert "Answered in time Who paid?" in told
    assert "evaded, says the asker" in told
    assert re.search(r"LMN desk promised to answer 1 1 0 0 0 0 0 0 1", told)
    assert re.search(r"XYZ desk never promised to answer 1 0 0 0 0 0 1 0 0", told)
    assert 'href="challenges/index.html"' in made.html("index.html")


def test_nobody_asked_and_nothing_is_there() -> None:
    made = plan({})
    assert not [path for path in made.pages if path.startswith("challenges")]
    assert "challenges/index.html" not in made.html("index.html")


def test_a_question_stands_beside_its_answers_and_what_is_said_of_them() -> None:
    made = plan(TOLD)
    html, told = made.html(PAGE), made.text(PAGE)
    assert html.count('<section class="voice"') == 2
    assert 'href="../../articles/abc/2026/one.html"' in html
    assert "evaded , says ABC desk , who asked" in told
    assert 'href="../../discussion/answer--abc/paid/lmn.html#comment-abc--2026--no"' in html
    assert "The LMN desk contingent of" in told


def test_a_changed_question_is_shown_beside_what_was_answered() -> None:
    new = asked("Who paid for it, and when?\n", due="2026-07-01")
    files = {**TOLD, "challenges/abc/paid/challenge.md": new}
    made = plan(files, earlier={"x": QUESTION})
    told = made.text(PAGE)
    assert "The question was changed after this answer. What was changed" in told
    assert "Also changed: due." in told
    assert "<ins>, and when</ins>" in made.html(PAGE)
    lost = plan(files)
    assert "It answers a text of the question that is not at hand." in lost.text(PAGE)
    assert "What was changed" not in lost.text(PAGE)


def test_what_takes_the_name_of_the_commons_is_called_by_its_id() -> None:
    name = "The Test Commons"
    files = {
        "challenges/abc/paid/challenge.md": asked(title=name),
        "contingents/xyz.yaml": f"name: {name}\n",
    }
    made = plan(files)
    for path in ("challenges/index.html", PAGE, "challenges/changes.xml"):
        told = made.text(path)
        assert "challenge:abc/paid" in told
        assert not re.search(rf"(?<!of ){name}", told), path


def test_markup_in_a_question_does_nothing() -> None:
    evil = "<script>alert(1)</script>"
    question = asked(f"{evil}\n", title=f"'{evil}'")
    declined = answer(question, "", kind="decline", reason=f"'{evil}'")
    files = {"challenges/abc/paid/challenge.md": question, "challenges/abc/paid/answers/lmn.md": declined}
    made = plan(files)
    for path in ("challenges/index.html", PAGE, "contingents/lmn.html", "challenges/changes.xml"):
        assert "<script" not in made.html(path)
        assert "alert(1)" in made.html(path) or path == "challenges/changes.xml"


def test_withdrawn_words_leave_a_note() -> None:
    question = asked("", status="withdrawn")
    made = plan({"challenges/abc/paid/challenge.md": question})
    assert "Nobody owes an answer." in made.text(PAGE)
    assert "Question withdrawn Who paid?" in made.text("challenges/index.html")
    back = plan({**TOLD, "challenges/abc/paid/answers/lmn.md": answer(QUESTION, "", status="withdrawn")})
    assert back.html(PAGE).count('<section class="voice"') == 1


def test_a_page_is_rendered_again_when_something_on_it_changes_and_only_then() -> None:
    def keys(files: Mapping[str, str], today: date = TODAY) -> dict[str, bytes]:
        return {path: page.key for path, page in plan(files, today).pages.items()}

    first = keys(TOLD)
    # another rater's day, another question: the page of this one stays
    other = keys({**TOLD, "challenges/xyz/else/challenge.md": asked(to="[abc]")})
    assert other[PAGE] == first[PAGE]
    assert other["challenges/index.html"] != first["challenges/index.html"]
    assert keys(TOLD, date(2026, 6, 21))[PAGE] != first[PAGE]  # one more day late
    judged = {**TOLD, "comments/xyz/2026/no.md": verdict("answer:abc/paid/lmn", ANSWER, "answered")}
    assert keys(judged)[PAGE] != first[PAGE]
    # the article that an answer links to goes: so does the link
    without = {**TOLD, "articles/abc/2026/one/index.md": article("One", more="status: withheld\n")}
    assert keys(without)[PAGE] != first[PAGE]


def test_the_feed_tells_of_each_change_once() -> None:
    made = plan(TOLD)
    entries = ET.fromstring(made.html("challenges/changes.xml")).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}updated", "")[:10] for entry in entries] == ["2026-06-01", "2026-05-20"]
    assert [entry.findtext(f"{ATOM}title", "").partition(":")[0] for entry in entries] == [
        "Overdue",
        "Answered",
    ]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    (link,) = entries[0].findall(f"{ATOM}link")
    assert link.get("href") == f"https://example.org/d/{PAGE}"


def test_a_flood_of_questions_gets_pages_of_its_own() -> None:
    many = FIRST + 85
    files = {f"challenges/xyz/q{n}/challenge.md": asked(to="[lmn]") for n in range(many)}
    made = plan(files)
    assert made.html("challenges/index.html").count('<li class="item"') == FIRST
    assert f"All {many}" in made.html("challenges/index.html")
    assert made.html("challenges/overdue.html").count('<li class="item"') == 100
    assert made.html("challenges/overdue-2.html").count('<li class="item"') == many - 100
    assert made.html("contingents/lmn.html").count('<li class="item"') == FIRST


def test_invented_names_bury_nobody() -> None:
    crowd = ", ".join(f"ghost{n}" for n in range(300))
    files = {
        **TOLD,
        "challenges/xyz/crowd/challenge.md": asked(
            to=f"[{crowd}]", date="1900-01-01", about="[abc/2026/one]", title="Ghosts?"
        ),
    }
    made = plan(files)
    told = made.text("challenges/index.html")
    assert told.index("Who paid?") < told.index("Ghosts?")
    assert told.index("XYZ desk never promised") < told.index("ghost0 is no contingent here")
    assert "And 200 more were asked." in made.text("challenges/xyz/crowd.html")
    assert "ghost4 : overdue" in made.text("articles/abc/2026/one.html")
    assert "ghost5" not in made.html("articles/abc/2026/one.html")


def test_a_contingent_is_known_by_what_it_says_and_does() -> None:
    told = plan(TOLD).text("contingents/lmn.html")
    assert "Vouches for ABC desk" in told
    assert "answers: a public question to them gets a public answer" in told
    assert "Others asked them 1 question: 1 answered." in told
    assert "The filter of this edition does not count their ratings." in told
    assert "Vouched for by LMN desk" in plan(TOLD).text("contingents/abc.html")


def test_an_article_names_the_questions_about_it_and_does_not_change_from_day_to_day() -> None:
    path = "articles/abc/2026/one.html"
    files = {**TOLD, "challenges/abc/paid/challenge.md": asked(about="[abc/2026/one]")}
    made = plan(files)
    assert (
        "Public questions about this Who paid? ABC desk asks LMN desk : question changed since"
        in made.text(path)
    )
    later = plan(files, date(2026, 6, 21))
    assert later.pages[path].key == made.pages[path].key
    assert plan(files, date(2026, 5, 31)).pages[path].key != made.pages[path].key  # not overdue yet
    assert "Public questions" not in plan(TOLD).text(path)
