"""Comments as threads: order, what guides, and whatever shape hostile hands give them."""

import random
from collections.abc import Iterable
from datetime import date

from newsrepo.commons.model import Remark
from newsrepo.ids import Oid
from newsrepo.ledger.choice import Choice, Clause, judged, printed
from newsrepo.ledger.threads import Entry, Lost, Thread, discussions, visible
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

ON = "abc/2026/dock-strike"


def said(name: str, reply: str = "", day: str = "2026-05-03", **fields: object) -> Remark:
    fields = {"on": ON, **fields}
    if reply:
        fields["reply_to"] = f"comment:{reply}"
    if "kind" in fields:
        fields["kind"] = t.CommentKind(str(fields["kind"]))
    comment = t.Comment(date=Moment.parse(day), lang="en", **fields)
    return Remark(f"comment:{name}", Oid("0" * 40), f"comments/{name}.md", "", comment)


def drawn(threads: Iterable[Thread]) -> list[tuple[int, str]]:
    return [(e.depth, e.remark.id.removeprefix("comment:")) for thread in threads for e in thread.entries]


def lost(threads: Iterable[Thread]) -> dict[str, Lost]:
    entries = [entry for thread in threads for entry in thread.entries]
    return {e.remark.id.removeprefix("comment:"): e.lost for e in entries if e.lost}


def test_threads_stand_in_order_of_date_with_what_guides_them_first() -> None:
    remarks = [
        said("x/2026/late", day="2026-05-09"),
        said("x/2026/first", day="2026-05-01"),
        said("y/2026/answer-two", "x/2026/first", day="2026-05-04"),
        said("x/2026/answer-one", "x/2026/first", day="2026-05-02T12:00:00Z"),
        said("z/2026/below", "x/2026/answer-one", day="2026-05-08"),
        said("z/2026/sum", "x/2026/first", day="2026-05-07", kind="summary"),
        said("z/2026/sum-again", "x/2026/first", day="2026-05-08", kind="summary"),
        said("y/2026/all", day="2026-05-08", kind="summary"),
        said("y/2026/asked", day="2026-05-08", kind="question", pinned=True),
        said("y/2026/no-question", day="2026-05-08", pinned=True),
    ]
    random.Random(1).shuffle(remarks)
    threads = discussions(remarks)[ON]
    assert drawn(threads) == [
        (0, "y/2026/asked"),
        (0, "y/2026/all"),
        (0, "x/2026/first"),
        (1, "z/2026/sum-again"),
        (1, "z/2026/sum"),
        (1, "x/2026/answer-one"),
        (2, "z/2026/below"),
        (1, "y/2026/answer-two"),
        (0, "y/2026/no-question"),
        (0, "x/2026/late"),
    ]
    assert [thread.pinned for thread in threads] == [True, False, False, False, False]


def test_whoever_may_not_guide_pins_and_sums_up_in_vain() -> None:
    remarks = [
        said("x/2026/first", day="2026-05-01"),
        said("spam/2026/me-first", day="2026-05-09", kind="question", pinned=True),
        said("spam/2026/all-is-said", day="2026-05-09", kind="summary"),
    ]
    threads = discussions(remarks, lambda remark, record: "spam" not in remark.id)[ON]
    assert [name for _, name in drawn(threads)] == [
        "x/2026/first", "spam/2026/all-is-said", "spam/2026/me-first"
    ]  # fmt: skip
    assert not any(thread.pinned for thread in threads)


def test_what_answers_nothing_that_stands_above_begins_a_thread_and_says_why() -> None:
    threads = discussions(
        [
            said("x/2026/a", "x/2026/gone"),
            said("x/2026/b", "x/2026/other"),
            said("x/2026/other", on="lmn/2026/port"),
            said("x/2026/c", "x/2026/d", day="2026-05-02"),
            said("x/2026/d", "x/2026/c", day="2026-05-01"),
            said("x/2026/e", "x/2026/c"),
            said("x/2026/self", "x/2026/self"),
        ]
    )
    assert lost(threads[ON]) == {
        "x/2026/a": Lost.MISSING,
        "x/2026/b": Lost.ELSEWHERE,
        "x/2026/d": Lost.CIRCLE,
        "x/2026/self": Lost.CIRCLE,
    }
    assert (2, "x/2026/e") in drawn(threads[ON])  # below c, below d


def test_a_comment_on_a_comment_answers_it() -> None:
    threads = discussions(
        [
            said("x/2026/a"),
            said("x/2026/b", on="comment:x/2026/a"),
            said("x/2026/c", on="comment:x/2026/b"),
            said("x/2026/p", on="comment:x/2026/q"),
            said("x/2026/q", on="comment:x/2026/p"),
        ]
    )
    assert drawn(threads[ON]) == [(0, "x/2026/a"), (1, "x/2026/b"), (2, "x/2026/c")]
    assert drawn(threads["comment:x/2026/p"]) == [(0, "x/2026/p"), (1, "x/2026/q")]


def test_ten_thousand_comments_five_thousand_deep_come_out_once_each() -> None:
    deep = [said(f"x/2026/d{n}", f"x/2026/d{n - 1}" if n else "") for n in range(5_000)]
    ring = [said(f"x/2026/r{n}", f"x/2026/r{(n + 1) % 2_500}") for n in range(2_500)]
    wide = [said(f"x/2026/w{n}", "x/2026/d4999") for n in range(2_500)]
    threads = discussions([*wide, *ring, *deep])[ON]
    names = [name for _, name in drawn(threads)]
    assert len(names) == len(set(names)) == 10_000
    assert max(depth for depth, _ in drawn(threads)) == 5_000
    assert list(lost(threads).values()) == [Lost.CIRCLE]


def test_what_is_withheld_or_of_tomorrow_is_not_shown_and_what_was_withdrawn_keeps_its_place() -> None:
    remarks = [
        said("x/2026/a", status=t.Status.WITHDRAWN),
        said("x/2026/b", "x/2026/a"),
        said("x/2026/c", status=t.Status.WITHHELD),
        said("x/2026/d", "x/2026/c"),
        said("x/2026/e", day="2026-05-06"),
    ]
    threads = discussions(visible(remarks, date(2026, 5, 5)))[ON]
    assert drawn(threads) == [(0, "x/2026/a"), (1, "x/2026/b"), (0, "x/2026/d")]
    assert lost(threads) == {"x/2026/d": Lost.MISSING}


def test_a_filter_prints_whom_it_trusts_whose_edition_and_whose_text_it_is() -> None:
    chosen = Choice(
        "mine",
        frozenset(["lmn"]),
        frozenset(["hush"]),
        frozenset(["comment:odd/2026/good"]),
        frozenset(["comment:lmn/2026/bad"]),
    )
    expected = {
        "lmn/2026/a": Clause.TRUST,
        "mine/2026/a": Clause.OWN,
        "abc/2026/a": Clause.AUTHOR,
        "odd/2026/a": Clause.DISTRUST,
        "odd/2026/good": Clause.INCLUDE,
        "lmn/2026/bad": Clause.EXCLUDE,
    }
    assert {name: chosen.clause(said(name), ON) for name in expected} == expected
    assert chosen.clause(said("hush/2026/a"), "hush/2026/text") is Clause.DISTRUST
    assert chosen.clause(said("d/2026/a"), "answer:c/why/d") is Clause.AUTHOR
    assert chosen.clause(said("x/2026/a"), "comment:x/2026/gone") is Clause.DISTRUST


def test_what_is_printed_is_bounded_and_stands_below_what_is_printed() -> None:
    chosen = Choice("mine", frozenset(["lmn"]))
    threads = discussions(
        [
            said("odd/2026/a"),
            said("lmn/2026/b", "odd/2026/a"),
            said("odd/2026/c", "lmn/2026/b"),
            said("lmn/2026/d", "odd/2026/c"),
            said("lmn/2026/e", "lmn/2026/d"),
        ]
    )[ON]
    found = judged(threads, ON, chosen, room=2)
    assert [one.clause for one in found] == [
        Clause.DISTRUST, Clause.TRUST, Clause.DISTRUST, Clause.TRUST, Clause.ROOM
    ]  # fmt: skip
    shown: tuple[Entry, ...] = printed(found)
    assert [(e.depth, e.remark.id, e.parent) for e in shown] == [
        (0, "comment:lmn/2026/b", "comment:odd/2026/a"),
        (1, "comment:lmn/2026/d", "comment:odd/2026/c"),
    ]
