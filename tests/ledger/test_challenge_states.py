"""What became of a question follows from dates and hashes alone: a table of states, and what stands beside them."""

from datetime import date, timedelta

import pytest

from newsrepo.ids import ContingentId, Oid
from newsrepo.ledger import (
    TERM,
    Bound,
    Entry,
    Ledger,
    Opinion,
    Promised,
    Question,
    Reply,
    State,
    count,
    ledger,
)
from newsrepo.records import types as t
from newsrepo.records.scalars import Day, Moment

NOW, OLD, ODD = "a" * 64, "b" * 64, "c" * 64
ABC, LMN, XYZ = ContingentId("abc"), ContingentId("lmn"), ContingentId("xyz")
BOOK = {
    ABC: t.Contingent(name="ABC"),
    LMN: t.Contingent(name="LMN", promises=(t.Promise.ANSWERS,)),
    XYZ: t.Contingent(name="XYZ"),
}
ANSWER = Oid("1" * 40)
WITHDRAWN = t.PublicStatus.WITHDRAWN


def day(text: str) -> Day:
    return Day(date.fromisoformat(text))


def reply(on: str = "2026-05-10", who: ContingentId = LMN, question: str = NOW, **values: object) -> Reply:
    fields = {"date": day(on), "question": question, "lang": "en", "body": "So it is.\n", **values}
    return Reply(who, ANSWER, t.Answer(**fields))


def asked(*replies: Reply, opinions: tuple[Opinion, ...] = (), **values: object) -> Question:
    fields = {"title": "Who paid?", "to": ("lmn",), "date": day("2026-05-01"), "lang": "en", **values}
    record = t.Challenge(**fields)
    return Question(
        "challenge:abc/paid", ABC, Oid("0" * 40), NOW, record, replies, opinions, {OLD: Oid("2" * 40)}
    )


def on(today: str, *questions: Question, **known: object) -> Ledger:
    return ledger(questions, BOOK, date.fromisoformat(today), **known)


def only(told: Ledger) -> Entry:
    (entry,) = told.entries
    return entry


DUE = day("2026-05-15")


@pytest.mark.parametrize(
    ("today", "question", "state", "days"),
    [
        # the last day is the last day, wherever one lives: it is over when the next one begins
        ("2026-05-01", asked(due=DUE), State.OPEN, 14),
        ("2026-05-15", asked(due=DUE), State.OPEN, 0),
        ("2026-05-16", asked(due=DUE), State.OVERDUE, -1),
        ("2026-05-01", asked(due=day("2026-05-01")), State.OPEN, 0),
        # without one there are thirty days
        ("2026-05-31", asked(), State.OPEN, 0),
        ("2026-06-01", asked(), State.OVERDUE, -1),
        ("9999-12-31", asked(date=day("9999-12-20")), State.OPEN, 0),
        # an answer, in time, on the day, late; not before its own day
        ("2026-06-01", asked(reply("2026-05-10"), due=DUE), State.ANSWERED, 5),
        ("2026-06-01", asked(reply("2026-05-15"), due=DUE), State.ANSWERED, 0),
        ("2026-06-01", asked(reply("2026-05-20"), due=DUE), State.ANSWERED, -5),
        ("2026-05-19", asked(reply("2026-05-20"), due=DUE), State.OVERDUE, -4),
        ("2026-06-01", asked(reply(kind=t.AnswerKind.PARTIAL, reason="x"), due=DUE), State.PARTIAL, 5),
        ("2026-06-01", asked(reply(kind=t.AnswerKind.DECLINE, reason="x"), due=DUE), State.DECLINED, 5),
        # dated before the question, as it may be west of the date line: given on the day of the question
        ("2026-06-01", asked(reply("2026-04-30"), due=DUE), State.ANSWERED, 14),
        # to another text of the question, whether that is at hand or not; never overdue by that
        ("2026-06-01", asked(reply(question=OLD), due=DUE), State.CHANGED, 5),
        ("2026-06-01", asked(reply(question=ODD), due=DUE), State.CHANGED, 5),
        ("2026-06-01", asked(reply(question=OLD, kind=t.AnswerKind.DECLINE, reason="x")), State.CHANGED, 21),
        # taken back: the answer, the question, the question after its answer
        ("2026-05-12", asked(reply(status=WITHDRAWN), due=DUE), State.OPEN, 3),
        ("2026-05-16", asked(reply(status=WITHDRAWN), due=DUE), State.OVERDUE, -1),
        ("2026-05-16", asked(status=WITHDRAWN, due=DUE), State.WITHDRAWN, -1),
        ("2026-05-16", asked(reply(question=OLD), status=WITHDRAWN, due=DUE), State.WITHDRAWN, 5),
        # whoever was not asked answers for nobody
        ("2026-05-16", asked(reply(who=XYZ), due=DUE), State.OVERDUE, -1),
    ],
)
def test_states_follow_from_dates(today: str, question: Question, state: State, days: int) -> None:
    entry = only(on(today, question))
    assert (entry.state, entry.days) == (state, days)


def test_the_term_is_what_the_documents_say() -> None:
    entry = only(on("2026-05-02", asked()))
    assert (entry.due - entry.asked, entry.due_given) == (timedelta(days=TERM), False)
    assert only(on("2026-05-02", asked(due=DUE))).due_given


def test_what_is_dated_later_was_not_asked_yet() -> None:
    told = on("2026-04-30", asked())
    assert (told.entries, told.early) == ((), ("challenge:abc/paid",))


def test_each_of_several_has_a_state_of_their_own() -> None:
    told = on("2026-05-20", asked(reply(who=XYZ), to=("lmn", "xyz", "abc", "nobody"), due=DUE))
    assert [(e.to, e.state, e.known, e.to_self) for e in told.entries] == [
        (LMN, State.OVERDUE, True, False),
        (XYZ, State.ANSWERED, True, False),
        (ABC, State.OVERDUE, True, True),
        ("nobody", State.OVERDUE, False, False),
    ]
    # who asks themselves gets neither a debt nor a merit by it
    assert count(told.entries).asked == 3
    assert count(e for e in told.entries if e.to == ABC).overdue == 0


def test_uninvited_answers_are_kept_apart() -> None:
    told = on("2026-05-20", asked(reply(who=XYZ), reply("2026-05-21", who=ABC)))
    assert [r.who for r in told.uninvited["challenge:abc/paid"]] == [XYZ]


@pytest.mark.parametrize(
    ("hash_", "bound"), [(NOW, Bound.PRESENT), (OLD, Bound.EARLIER), (ODD, Bound.UNKNOWN)]
)
def test_which_text_an_answer_binds(hash_: str, bound: Bound) -> None:
    assert only(on("2026-05-20", asked(reply(question=hash_)))).bound is bound


def test_who_promised_and_when() -> None:
    told = on("2026-05-20", asked(to=("lmn", "xyz", "abc", "nobody")), once=[XYZ, LMN], cut=[ABC, XYZ])
    assert [e.promised for e in told.entries] == [
        Promised.YES,
        Promised.ONCE,
        Promised.UNKNOWN,
        Promised.NEVER,
    ]


def opinion(
    who: ContingentId, verdict: str, at: str = "2026-05-12", blob: str = "3", **of: object
) -> Opinion:
    fields = {"of": LMN, "version": ANSWER, **of}
    return Opinion(
        who, f"comment:{who}/2026/x", Oid(blob * 40), Moment.parse(at), verdict=t.Verdict(verdict), **fields
    )


def test_an_answer_is_judged_by_the_asker_and_by_others() -> None:
    said = (
        opinion(ABC, "evaded"),
        opinion(XYZ, "evaded", "2026-05-12"),
        opinion(XYZ, "partly", "2026-05-12T23:30:00-05:00"),  # the latest word counts, on the 13th in UTC
        opinion(LMN, "answered"),  # of one's own answer
        opinion(ContingentId("stranger"), "evaded"),  # of nobody that is known
    )
    entry = only(on("2026-05-20", asked(reply(), opinions=said)))
    assert entry.state is State.ANSWERED  # a word changes no state
    assert entry.asker is not None
    assert entry.asker.verdict is t.Verdict.EVADED
    assert [(o.who, o.verdict.value) for o in entry.others] == [(XYZ, "partly")]
    assert count([entry]).evaded == 1
    # on the 12th the later word was not said yet
    assert only(on("2026-05-12", asked(reply(), opinions=said))).others[0].verdict is t.Verdict.EVADED


def test_a_verdict_is_of_one_text_of_one_answer() -> None:
    said = (opinion(ABC, "evaded", version=Oid("9" * 40)), opinion(XYZ, "evaded", of=XYZ))
    assert only(on("2026-05-20", asked(reply(), opinions=said))).opinions == ()
    gone = asked(reply(status=WITHDRAWN), opinions=(opinion(ABC, "evaded"),))
    assert only(on("2026-05-20", gone)).opinions == ()


def test_of_two_words_at_one_time_the_larger_blob_counts() -> None:
    said = (opinion(ABC, "evaded", blob="5"), opinion(ABC, "answered", blob="4"))
    for order in (said, said[::-1]):
        entry = only(on("2026-05-20", asked(reply(), opinions=order)))
        assert entry.asker is not None
        assert entry.asker.verdict is t.Verdict.EVADED


def test_counts() -> None:
    told = on(
        "2026-06-20",
        asked(reply("2026-05-20"), due=DUE),
        asked(due=DUE),
        asked(status=WITHDRAWN),
        asked(reply(question=OLD)),
        asked(due=day("2026-07-01")),
    )
    found = count(told.entries)
    assert (found.asked, found.answered, found.late, found.overdue, found.open, found.changed) == (
        4,
        1,
        1,
        1,
        1,
        1,
    )


def test_the_latest_question_stands_first_then_by_id() -> None:
    first, second = asked(), asked(date=day("2026-05-02"))
    assert [q.record.date for q in on("2026-05-20", first, second).questions] == [
        second.record.date,
        first.record.date,
    ]
