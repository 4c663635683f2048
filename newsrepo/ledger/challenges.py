"""The ledger of public questions: who was asked what, until when, and what became of it.

A state follows from dates and hashes alone, against a day that is given. What stands in a clone's history
adds whether an earlier wording is known and whether somebody promised once; it never changes a state, so that
two readers with different histories see the same ledger.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from newsrepo.ids import ContingentId, Oid
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

TERM = 30
"""How many days there are for an answer where the question names no last day."""


class State(StrEnum):
    """What became of a question, for one of those who were asked."""

    OVERDUE = "overdue"
    OPEN = "open"
    CHANGED = "question-changed"
    """There is an answer, and it binds another text of the question than the one that stands."""
    PARTIAL = "partial"
    DECLINED = "declined"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """The question was taken back: nobody owes an answer."""


WAITING = frozenset([State.OVERDUE, State.OPEN])
"""The states in which an answer is owed."""


class Promised(StrEnum):
    """Whether somebody promised, in their own file, to answer questions."""

    YES = "yes"
    ONCE = "once"
    NEVER = "never"
    UNKNOWN = "unknown"
    """They do not promise now, and the history at hand is cut off."""


class Bound(StrEnum):
    """Which text of the question an answer binds."""

    PRESENT = "present"
    EARLIER = "earlier"
    UNKNOWN = "unknown"
    """None that is at hand: it may never have been asked so."""


class Reply(Struct, frozen=True):
    """An answer as it stands: by whom, its blob, its record."""

    who: ContingentId
    oid: Oid
    record: t.Answer


class Opinion(Struct, frozen=True):
    """A comment that says whether an answer answers: whose, its own blob, when, of whose answer, and of which
    text of that (a blob)."""

    who: ContingentId
    comment: str
    oid: Oid
    date: Moment
    of: ContingentId
    version: Oid
    verdict: t.Verdict


class Question(Struct, frozen=True):
    """A question as it stands, with all that was said to it.

    ``id`` has its prefix. ``sha256`` is of the file's bytes. ``earlier`` are texts that the file had before,
    by SHA-256.
    """

    id: str
    by: ContingentId
    oid: Oid
    sha256: str
    record: t.Challenge
    replies: tuple[Reply, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    earlier: Mapping[str, Oid] = {}


class Entry(Struct, frozen=True):
    """One question to one of those who were asked.

    ``days`` are left until ``due`` (less than none: late), from the day of the answer, or else from the given
    day. ``known``: there is such a contingent. ``reply`` is the answer, also one that was taken back;
    ``bound`` is None without one. ``asker`` and ``others`` are what others than the asked say of the answer
    as it stands, each contingent's latest word, in order of id.
    """

    question: Question
    to: ContingentId
    state: State
    asked: date
    due: date
    days: int
    known: bool
    promised: Promised
    reply: Reply | None = None
    bound: Bound | None = None
    asker: Opinion | None = None
    others: tuple[Opinion, ...] = ()

    @property
    def due_given(self) -> bool:
        """Whether the question names its last day; else it follows from ``TERM``."""
        return self.question.record.due is not None

    @property
    def to_self(self) -> bool:
        """Whether somebody asks themselves; no count of answers takes that in."""
        return self.to == self.question.by

    @property
    def taken_back(self) -> bool:
        """Whether there was an answer that its owner has withdrawn."""
        return self.reply is not None and self.reply.record.status is t.PublicStatus.WITHDRAWN

    @property
    def answered_on(self) -> date | None:
        """When the answer that stands was given, by its own word, and never before the question."""
        if self.reply is None or self.taken_back:
            return None
        return max(self.reply.record.date.date, self.asked)

    @property
    def too_early(self) -> bool:
        """Whether the answer is dated before its question, which the hash in it belies."""
        return self.reply is not None and self.reply.record.date.date < self.asked

    @property
    def opinions(self) -> tuple[Opinion, ...]:
        """What the asker and others say of the answer."""
        return (*((self.asker,) if self.asker else ()), *self.others)


class Ledger(Struct, frozen=True):
    """Every question that was asked up to a day, the latest first.

    ``early`` are the ids of questions dated later; ``uninvited`` are answers by those who were not asked, by
    question.
    """

    today: date
    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]
    early: tuple[str, ...]
    uninvited: Mapping[str, tuple[Reply, ...]]


class Count(Struct, frozen=True):
    """How one contingent stands with the questions that others put to it."""

    asked: int = 0
    answered: int = 0
    partial: int = 0
    declined: int = 0
    changed: int = 0
    open: int = 0
    overdue: int = 0
    late: int = 0
    """Answers that came after the last day."""
    evaded: int = 0
    """Answers that somebody else calls evasive."""


def count(entries: Iterable[Entry]) -> Count:
    """Add up entries, without those that were withdrawn and those that somebody put to themselves."""
    told = [entry for entry in entries if entry.state is not State.WITHDRAWN and not entry.to_self]
    in_state = {state: sum(entry.state is state for entry in told) for state in State}
    return Count(
        asked=len(told),
        answered=in_state[State.ANSWERED],
        partial=in_state[State.PARTIAL],
        declined=in_state[State.DECLINED],
        changed=in_state[State.CHANGED],
        open=in_state[State.OPEN],
        overdue=in_state[State.OVERDUE],
        late=sum(entry.answered_on is not None and entry.days < 0 for entry in told),
        evaded=sum(any(o.verdict is t.Verdict.EVADED for o in entry.opinions) for entry in told),
    )


def ledger(
    questions: Iterable[Question],
    contingents: Mapping[ContingentId, t.Contingent],
    today: date,
    *,
    once: Collection[ContingentId] = (),
    cut: Collection[ContingentId] = (),
) -> Ledger:
    """What became of every question on ``today``.

    ``once`` are those who promised answers in an earlier text of their file, ``cut`` those whose history is
    not all at hand. What is dated after ``today`` has not been said yet.
    """
    found = sorted(questions, key=lambda question: question.id)
    standing = [question for question in found if question.record.date.date <= today]
    early = tuple(question.id for question in found if question.record.date.date > today)
    standing.sort(key=lambda question: question.record.date.date, reverse=True)
    entries: list[Entry] = []
    uninvited: dict[str, tuple[Reply, ...]] = {}
    for question in standing:
        given = {r.who: r for r in question.replies if r.record.date.date <= today}
        said: dict[ContingentId, list[Opinion]] = {}
        for opinion in question.opinions:
            if opinion.who != opinion.of and opinion.who in contingents and opinion.date.day <= today:
                said.setdefault(opinion.of, []).append(opinion)
        for to in map(ContingentId, dict.fromkeys(question.record.to)):
            member = contingents.get(to)
            entries.append(
                _entry(
                    question,
                    to,
                    given.pop(to, None),
                    today,
                    known=member is not None,
                    promised=_promised(to, member, once, cut),
                    said=said.get(to, ()),
                )
            )
        if given:
            uninvited[question.id] = tuple(given[who] for who in sorted(given))
    return Ledger(today, tuple(entries), tuple(standing), early, uninvited)


def due_day(challenge: t.Challenge) -> date:
    """The last day for an answer: the one that the question names, else ``TERM`` days after it was asked."""
    if challenge.due is not None:
        return challenge.due.date
    try:
        return challenge.date.date + timedelta(days=TERM)
    except OverflowError:
        return date.max


def _entry(
    question: Question,
    to: ContingentId,
    reply: Reply | None,
    today: date,
    *,
    known: bool,
    promised: Promised,
    said: Iterable[Opinion],
) -> Entry:
    asked, due = question.record.date.date, due_day(question.record)
    bound = _bound(question, reply)
    state = _state(question, reply, bound, late=today > due)
    there = reply is not None and state not in WAITING
    day = max(reply.record.date.date, asked) if reply is not None and there else today
    latest = _latest(reply, said)
    return Entry(
        question=question,
        to=to,
        state=state,
        asked=asked,
        due=due,
        days=(due - day).days,
        known=known,
        promised=promised,
        reply=reply,
        bound=bound,
        asker=latest.get(question.by),
        others=tuple(latest[who] for who in sorted(latest) if who != question.by),
    )


def _bound(question: Question, reply: Reply | None) -> Bound | None:
    if reply is None:
        return None
    if reply.record.question == question.sha256:
        return Bound.PRESENT
    return Bound.EARLIER if reply.record.question in question.earlier else Bound.UNKNOWN


_STATE_OF = {
    t.AnswerKind.ANSWER: State.ANSWERED,
    t.AnswerKind.PARTIAL: State.PARTIAL,
    t.AnswerKind.DECLINE: State.DECLINED,
}


def _state(question: Question, reply: Reply | None, bound: Bound | None, *, late: bool) -> State:
    if question.record.status is t.PublicStatus.WITHDRAWN:
        return State.WITHDRAWN
    if reply is None or reply.record.status is t.PublicStatus.WITHDRAWN:
        return State.OVERDUE if late else State.OPEN
    # Whoever rewords a question must not put in debt those who answered it: whether the text that they bind
    # is at hand makes no difference here.
    return _STATE_OF[reply.record.kind] if bound is Bound.PRESENT else State.CHANGED


def _promised(
    who: ContingentId,
    member: t.Contingent | None,
    once: Collection[ContingentId],
    cut: Collection[ContingentId],
) -> Promised:
    if member is not None and t.Promise.ANSWERS in member.promises:
        return Promised.YES
    if who in once:
        return Promised.ONCE
    return Promised.UNKNOWN if who in cut else Promised.NEVER


def _latest(reply: Reply | None, said: Iterable[Opinion]) -> dict[ContingentId, Opinion]:
    """The latest word of each contingent on the answer as it stands; of two at one time the larger blob."""
    if reply is None or reply.record.status is t.PublicStatus.WITHDRAWN:
        return {}
    found = sorted((o for o in said if o.version == reply.oid), key=lambda o: (o.who, o.date.at, o.oid))
    return {opinion.who: opinion for opinion in found}
