"""What an audit charges whom with, and what it leaves alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from newsrepo.audits import Charge, Due, Home, Network, Rewritten, Text, run
from newsrepo.ids import ContingentId, Oid
from newsrepo.location import Finding, Location

ABC, LMN = ContingentId("abc"), ContingentId("lmn")
TODAY = date(2026, 6, 1)
QUAY = "articles/lmn/2026/quay/index.md"


def oid(letter: str) -> Oid:
    return Oid(letter * 40)


def home(owner: ContingentId, **changes: object) -> Home:
    fields: dict[str, object] = {
        "owner": owner,
        "tip": oid("1"),
        "committed": datetime(2026, 5, 20, tzinfo=UTC),
        "label": f"{owner}@11111111",
        "files": {f"articles/{owner}/2026/quay/index.md": oid("a")},
        "ever": {},
        "removed": {},
        "copies": {},
        "asked": "2026-05-30T00:00:00Z",
        "answered": "2026-05-30T00:00:00Z",
        **changes,
    }
    return Home(**fields)  # type: ignore[arg-type]  # as the fields are, by name


def charges(
    *homes: Home,
    past: Mapping[str, set[Oid]] | None = None,
    findings: tuple[Finding, ...] = (),
    promised: Mapping[ContingentId, frozenset[str]] | None = None,
    unanswered: tuple[Due, ...] = (),
    carriers: tuple[tuple[str, Oid, str], ...] = (),
    today: date = TODAY,
) -> list[Charge]:
    network = Network(
        homes={h.owner: h for h in homes},
        past=lambda owner, path: frozenset((past or {}).get(path, ())),
        findings=findings,
        promised=promised or {},
        unanswered=unanswered,
        carriers=carriers,
        today=today,
    )
    return list(run(network))


def rules(found: list[Charge]) -> list[tuple[str, str]]:
    return [(charge.who, charge.rule) for charge in found]


def test_a_sound_network_has_nothing_to_report() -> None:
    assert charges(home(ABC), home(LMN)) == []


def test_each_rewriting_is_told_with_both_tips() -> None:
    (found,) = charges(home(ABC, rewritten=(Rewritten(oid("0"), oid("1"), "2026-05-30T00:00:00Z"),)))
    assert (found.who, found.rule) == ("abc", "rewritten-home")
    assert [p.value for p in found.proofs] == [f"abc@{oid('0')}", f"abc@{oid('1')}", "2026-05-30T00:00:00Z"]


def test_what_stood_at_an_earlier_tip_or_was_removed_has_vanished() -> None:
    gone, removed = "articles/abc/2026/gone/index.md", "articles/abc/2026/removed/index.md"
    found = charges(
        home(
            ABC,
            ever={
                gone: Text(oid("2"), oid("b")),
                "articles/abc/2026/quay/index.md": Text(oid("2"), oid("a")),
            },
            removed={removed: Text(oid("3"), oid("c"))},
        )
    )
    assert [charge.fact for charge in found] == [
        "abc/2026/gone was published and is gone",
        "abc/2026/removed was published and is gone",
    ]
    assert {(p.what, p.value) for p in found[0].proofs} >= {("last seen in commit", f"abc@{oid('2')}")}
    assert {(p.what, p.value) for p in found[1].proofs} >= {("removed by commit", oid("3"))}


def test_media_and_ratings_that_go_are_no_work_that_vanished() -> None:
    gone = {
        "articles/abc/2026/quay/quay.png": Text(oid("2"), oid("b")),
        "ratings/abc/ann/2026-05.yaml": Text(oid("2"), oid("b")),
        "articles/abc/nonsense": Text(oid("2"), oid("b")),
    }
    assert charges(home(ABC, ever=gone)) == []


@pytest.mark.parametrize(
    ("copy", "edited"),
    [(oid("a"), False), (oid("b"), False), (oid("c"), True)],
    ids=["same", "behind", "edited"],
)
def test_a_copy_is_edited_when_it_never_was_its_owners(copy: Oid, edited: bool) -> None:
    found = charges(home(ABC, copies={QUAY: copy}), home(LMN), past={QUAY: {oid("a"), oid("b")}})
    assert rules(found) == ([("abc", "edited-copy")] if edited else [])


def test_copies_of_those_whose_home_was_never_reached_are_not_judged() -> None:
    assert charges(home(ABC, copies={QUAY: oid("c")})) == []


def test_of_very_many_edited_copies_the_rest_are_counted() -> None:
    copies = {f"articles/lmn/2026/a{n}/index.md": oid("c") for n in range(150)}
    found = charges(home(ABC, copies=copies), home(LMN))
    assert len(found) == 101
    assert "50 more texts in others' folders are not theirs" in [charge.fact for charge in found]


def test_answers_are_owed_by_those_who_promised_them_once_the_day_is_over() -> None:
    due = Due(ABC, "challenge:lmn/water", "challenges/lmn/water/challenge.md", date(2026, 5, 31))
    promised = {ABC: frozenset(["answers"])}
    assert rules(charges(home(ABC), unanswered=(due,), promised=promised)) == [("abc", "broken-promise")]
    assert charges(home(ABC), unanswered=(due,)) == []
    assert charges(home(ABC), unanswered=(due,), promised=promised, today=due.due) == []


def test_credit_is_owed_by_those_who_promised_it() -> None:
    path = "articles/abc/2026/quay/index.md"
    findings = (
        Finding("dropped-credit", Location(path, 4, 1), "lost"),
        Finding("raw-html", Location(path, 9, 1), "odd"),
    )
    assert charges(home(ABC), findings=findings) == []
    (found,) = charges(home(ABC), findings=findings, promised={ABC: frozenset(["credit"])})
    assert found.rule == "broken-promise"
    assert [(p.what, p.value) for p in found.proofs] == [("dropped-credit", f"{path}:4:1")]


def test_uncredited_passages_are_charged_to_where_they_stand() -> None:
    place = Location("articles/abc/2026/quay/index.md", 9, 1, "abc@11111111")
    (found,) = charges(home(ABC), findings=(Finding("uncredited-reuse", place, "120 words of lmn's"),))
    assert (found.who, found.rule) == ("abc", "uncredited-reuse")


def test_a_home_is_silent_when_it_does_not_answer_and_when_nothing_new_comes() -> None:
    away = home(ABC, asked="2026-05-31T00:00:00Z")
    assert [c.fact for c in charges(away)] == ["the home of abc has not answered since 2026-05-30T00:00:00Z"]
    old = home(ABC, committed=datetime(2025, 6, 1, tzinfo=UTC))
    assert [c.fact for c in charges(old)] == ["abc has published nothing for 365 days, since 2025-06-01"]


def test_a_ballot_that_its_owners_home_lacks_or_that_differs_is_told() -> None:
    path = "statements/abc/peace/ballots/lmn/1.yaml"
    found = charges(home(ABC), home(LMN), carriers=((path, oid("a"), "abc@11111111"),))
    assert rules(found) == [("lmn", "withheld-record")]
    held = home(LMN, files={path: oid("a")})
    assert charges(held, carriers=((path, oid("a"), ""), (path, oid("a"), "lmn@11111111"))) == []
    found = charges(held, carriers=((path, oid("a"), "lmn@11111111"), (path, oid("b"), "")))
    assert rules(found) == [("lmn", "conflicting-record")]
    assert [(p.what, p.value) for p in found[0].proofs] == [
        (oid("a"), "lmn@11111111"),
        (oid("b"), "the working tree"),
    ]
    signatures = ((f"{path}.sig", oid("a"), "lmn@11111111"), (f"{path}.sig", oid("b"), ""))
    assert charges(home(LMN, files={path: oid("a"), f"{path}.sig": oid("a")}), carriers=signatures) == []


def test_the_order_does_not_depend_on_the_order_of_homes() -> None:
    one = home(
        ABC, rewritten=(Rewritten(oid("0"), oid("1"), ""),), committed=datetime(2025, 1, 1, tzinfo=UTC)
    )
    other = home(LMN, asked="2026-05-31T00:00:00Z")
    assert charges(one, other) == charges(other, one)
