"""Statements in an edition: only what is certified is printed, dissents like the text, keys as for all pages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from polls import Poll, equal, files_of, roll, statement
from support import article, commons

from newsrepo.commons import Commons
from newsrepo.editions import site
from newsrepo.editions.assembly import Archive, Assembly, assemble, papers
from newsrepo.editions.build import prepare
from newsrepo.editions.page import Page
from newsrepo.ids import FilterId
from newsrepo.records import types as t
from newsrepo.records import write
from newsrepo.records.scalars import Day

VOTERS = equal("abc", "lmn", "xyz", "uvw")
TODAY = date(2026, 6, 20)
PAGE = "statements/abc/peace.html"
NAME = "The Test Commons"


def dissent(body: str, title: str | None = "Not like this", lang: str = "en") -> bytes:
    return write(t.Dissent(title=title, date=Day.parse("2026-06-05"), lang=lang, body=body))


@dataclass(frozen=True)
class Town:
    """A commons with these votes in it, as one edition sees it."""

    first: Poll
    votes: Mapping[str, bytes] = field(default_factory=dict)
    pins: tuple[str, ...] = ()
    filter: str = "title: Daily\nselect: ''\nedition: {url: 'https://example.org/d/'}\n"

    def view(self) -> Commons:
        people = {f"contingents/{name}.yaml": f"name: {name.upper()} desk\n" for name in VOTERS}
        return commons(
            {
                "newsrepo.yaml": self.first.charter_data,
                "statements/roll.yaml": self.first.roll_data,
                "filters/abc/daily.yaml": self.filter,
                "articles/abc/2026/one/index.md": article("One"),
                **people,
                **self.votes,
            }
        )

    def assembly(self, view: Archive | None = None) -> Assembly | None:
        found = papers(view or self.view())
        if found is None:
            return None
        return assemble(found, self.first.charter_data, self.first.roll_data, self.pins)

    def pages(self) -> dict[str, Page]:
        view = self.view()
        context = prepare(view, FilterId("abc/daily"), TODAY, None, self.assembly(view))
        return {page.path: page for page in site.plan(context)}

    def built(self) -> dict[str, str]:
        view = self.view()
        return {
            path: page.render(dict(view.texts(page.needs))).decode() for path, page in self.pages().items()
        }


def decided(choices: str, poll: Poll | None = None, **dissents: bytes) -> Town:
    poll = poll or Poll(VOTERS, tellers=("abc", "lmn", "xyz"))
    ballots = poll.votes(choices)
    return Town(poll, files_of(poll, ballots, poll.certify(ballots), **dissents))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def voices(html: str) -> list[str]:
    return re.findall(r'<section class="voice".*?</section>', html, re.DOTALL)


CARRIED = decided("yyn-", xyz=dissent("Talk is not enough."))


def test_a_certified_statement_is_printed_with_all_that_made_it_one() -> None:
    files = CARRIED.built()
    told = text_of(files[PAGE])
    assert f"A statement of {NAME}" in told
    assert "2 of 3 cast, 2 \u00d7 3 \u2265 2 \u00d7 3; quorum 3 of 4, more than half." in told
    assert "We ask both sides to talk." in told
    assert "Talk is not enough." in told
    poll = CARRIED.first
    for voter in ("abc", "lmn", "xyz"):
        (key,) = poll.opened.voter_keys[voter]
        assert f"The {voter.upper()} desk contingent of {NAME}" in told
        assert key.fingerprint in told
    assert re.search(r"Who did not vote The UVW desk contingent of The Test Commons , 1 vote", told)
    for name in (poll.record.commons, poll.record.epoch, poll.opened.sha256, poll.record.text):
        assert name in told
    assert 'href="abc/peace.html"' not in files["index.html"]
    assert 'href="statements/index.html"' in files["index.html"]
    assert "Peace in the port" in files["statements/index.html"]
    box = files["index.html"].partition('id="statements-title"')[2].partition("</section>")[0]
    assert 'href="statements/abc/peace.html"' in box
    assert "Peace in the port" in box


def test_the_text_and_its_dissents_are_set_alike() -> None:
    town = decided(
        "ynnn", xyz=dissent("Talk is not enough."), lmn=dissent("\u0644\u0627", "\u0644\u0627", "ar")
    )
    said = voices(town.built()[PAGE])
    assert len(said) == 3
    shapes = [re.sub(r'"[^"]*"', '""', re.sub(r">[^<]+<", "><", one)) for one in said]
    assert shapes == [shapes[0]] * 3
    kinds = [re.findall(r'class="([^"]*)"', one) for one in said]
    assert kinds == [kinds[0]] * 3


def test_what_was_not_carried_speaks_for_whoever_proposed_it() -> None:
    files = decided("ynnn", xyz=dissent("No.")).built()
    told = text_of(files[PAGE])
    assert "Put to the vote, and not carried" in told
    assert f"A statement of {NAME}" not in told
    assert f"{NAME}, by" not in told
    assert "The ABC desk contingent of The Test Commons proposed it" in told
    assert "statement:abc/peace" not in files["feed.json"]


def test_an_open_vote_is_listed_and_its_text_printed_nowhere() -> None:
    poll = Poll(VOTERS, tellers=("abc", "lmn", "xyz"))
    files = Town(poll, files_of(poll, poll.votes("yyyy"))).built()
    assert PAGE not in files
    assert "Open until 3 June 2026" in files["statements/index.html"]
    assert not any("We ask both sides to talk." in text for text in files.values())


def test_a_vote_that_is_being_closed_is_not_printed_either() -> None:
    poll = Poll(VOTERS, tellers=("abc", "lmn", "xyz"))
    ballots = poll.votes("yyyy")
    files = Town(poll, files_of(poll, ballots, [poll.close("abc", ballots)])).built()
    assert PAGE not in files
    assert "Being closed. Round 1: 1 more of lmn, xyz must sign" in text_of(files["statements/index.html"])


def test_where_nothing_was_put_to_the_vote_nothing_speaks_of_statements() -> None:
    poll = Poll(VOTERS)
    draft = {"statements/abc/peace/statement.md": poll.text}
    for votes in ({}, draft):
        files = Town(poll, votes).built()
        assert not any(path.startswith("statements/") for path in files)
        assert not any("statements/" in text for text in files.values())


def enacting(slug: str, **weights: int) -> Poll:
    text = statement("Another roll", enacts=t.Enacts.ROLL)
    return Poll(
        VOTERS, tellers=("abc", "lmn", "xyz"), slug=slug, text=text, enacted=write(roll(VOTERS | weights))
    )


def test_in_a_split_nothing_speaks_until_the_publisher_follows_one_side() -> None:
    peace = CARRIED.first
    votes = dict(CARRIED.votes)
    for slug, weight in (("abc/one", 2), ("lmn/two", 3)):
        poll = enacting(slug, abc=weight)
        ballots = poll.votes("yyyy")
        votes |= files_of(poll, ballots, poll.certify(ballots, frozenset([peace.opened.sha256])))
    town = Town(peace, votes)
    files = town.built()
    assert not [path for path in files if path.startswith("statements/") and path != "statements/index.html"]
    assert "The commons has split" in files["statements/index.html"]
    assert "statement:" not in files["feed.json"]
    assembly = town.assembly()
    assert assembly is not None
    assert assembly.carried == ()
    chosen = assembly.chain.split[0].epoch
    followed = replace(town, pins=(chosen.id,)).built()
    assert f"A statement of {NAME}" in followed[PAGE]
    assert "The commons has split" not in followed["statements/index.html"]


def test_a_text_edited_after_the_vote_is_not_printed_in_its_place() -> None:
    edited = {"statements/abc/peace/statement.md": statement(body="We ask one side to pay.")}
    files = replace(CARRIED, votes=CARRIED.votes | edited).built()
    assert "is not at hand" in files[PAGE]
    assert not any("one side to pay" in text for text in files.values())


def test_dropping_the_new_roll_undoes_no_epoch() -> None:
    poll = enacting("abc/more", abc=2)
    ballots = poll.votes("yyyy")
    votes = files_of(poll, ballots, poll.certify(ballots))
    del votes["statements/abc/more/enacts/roll.yaml"]
    here = {"statements/roll.yaml": poll.enacted or b""}
    assembly = Town(poll, votes | here).assembly()
    assert assembly is not None
    assert [epoch.number for epoch in assembly.chain.epochs] == [1, 2]


def test_the_commons_is_called_as_the_charter_in_force_calls_it() -> None:
    renamed = {"newsrepo.yaml": CARRIED.first.charter_data.replace(b"The Test Commons", b"Another Paper")}
    files = replace(CARRIED, votes=CARRIED.votes | renamed).built()
    assert f"A statement of {NAME}" in files[PAGE]
    assert f"{NAME}, by 2 of 3 votes cast" in files["feed.xml"]
    assert "Another Paper, by" not in files["feed.xml"] + files[PAGE]


def test_a_dissent_by_somebody_without_a_vote_is_not_printed() -> None:
    files = decided("yyyy", stranger=dissent("Hear me too.")).built()
    assert len(voices(files[PAGE])) == 1
    assert not any("Hear me too." in text for text in files.values())


def test_a_proposal_called_like_the_commons_is_called_by_its_id_unless_it_was_carried() -> None:
    poll = Poll(VOTERS, tellers=("abc", "lmn", "xyz"), text=statement("The Test Commons"))
    lost = decided("ynnn", poll).built()
    assert ">statement:abc/peace</h2>" in lost[PAGE]
    assert ">statement:abc/peace</a>" in lost["statements/index.html"]
    assert ">The Test Commons</h2>" in decided("yyyy", poll).built()[PAGE]


def test_a_late_ballot_is_a_matter_of_its_own_statements_page_only() -> None:
    poll = CARRIED.first
    late = files_of(poll, [poll.vote("uvw", "n")])
    before, after = CARRIED.pages(), replace(CARRIED, votes=late | dict(CARRIED.votes)).pages()
    assert {path for path in after if after[path].key != before[path].key} == {PAGE}


def test_a_late_ballot_is_told_with_who_carries_it_and_a_replaced_one_without() -> None:
    poll = Poll(VOTERS, tellers=("abc", "lmn", "xyz"))
    ballots = [*poll.votes("nyy-"), poll.vote("abc", "y", 2)]
    late = [poll.vote("uvw", "n")]
    votes = files_of(poll, [*ballots, *late], poll.certify(ballots))
    told = text_of(Town(poll, votes).built()[PAGE])
    assert "ballot 2 of 'abc' replaces it ( superseded )" in told
    assert "( late-or-omitted ); carried by this edition\u2019s own branch" in told
    assert told.count("carried by") == 1


def test_keys_change_with_all_that_a_page_shows() -> None:
    def changed(votes: Mapping[str, bytes]) -> set[str]:
        before, after = CARRIED.pages(), replace(CARRIED, votes=votes).pages()
        return {path for path in after if path not in before or after[path].key != before[path].key}

    other = dict(CARRIED.votes) | {"statements/abc/peace/dissents/xyz.md": dissent("Talk is cheap.")}
    assert changed(other) == {PAGE, "feed.xml", "feed.json"}
    assert changed(dict(CARRIED.votes)) == set()


def test_it_does_not_matter_in_which_order_records_come() -> None:
    view = CARRIED.view()

    class Shuffled:
        files = view.files
        carried = tuple(reversed(view.carried * 2))
        snapshot = view.snapshot

    one, other = CARRIED.assembly(view), CARRIED.assembly(Shuffled())
    assert one is not None
    assert other is not None
    assert one.put[0].judged.sentence == other.put[0].judged.sentence
    assert one.put[0].judged.decided.lines == other.put[0].judged.decided.lines


def test_a_feed_entry_is_signed_by_the_commons_with_its_count_and_names_who_prints_it() -> None:
    files = CARRIED.built()
    space = "{http://www.w3.org/2005/Atom}"
    entries = ET.fromstring(files["feed.xml"]).findall(f"{space}entry")
    found = [one for one in entries if one.findtext(f"{space}author/{space}name", "").startswith(NAME)]
    assert len(found) == 1
    assert found[0].findtext(f"{space}author/{space}name") == f"{NAME}, by 2 of 3 votes cast"
    assert found[0].findtext(f"{space}published") == "2026-06-03T00:00:00Z"
    content = found[0].findtext(f"{space}content", "")
    assert "Talk is not enough." in content
    assert f"Printed by The ABC desk contingent of {NAME}" in content
    (item,) = [one for one in json.loads(files["feed.json"])["items"] if "statement" in one["_newsrepo"]]
    assert item["authors"] == [{"name": f"{NAME}, by 2 of 3 votes cast"}]
    assert item["_newsrepo"]["signature"] == f"The ABC desk contingent of {NAME}"
    assert item["url"] == "https://example.org/d/statements/abc/peace.html"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "![x](https://e.example/p.png)"])
def test_hostile_texts_are_shown_as_text(hostile: str) -> None:
    poll = Poll(VOTERS, tellers=("abc", "lmn", "xyz"), text=statement("<b>Peace</b>", hostile))
    files = decided("yyny", poll, xyz=dissent(hostile, "<i>No</i>")).built()
    for text in (files[PAGE], files["statements/index.html"], files["feed.xml"]):
        assert "<script" not in text
        assert "<img" not in text
        assert "<b>" not in text
        assert "<i>" not in text
