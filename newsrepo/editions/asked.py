"""Questions of the ledger as pages show them: names, days and states as text."""

from datetime import date
from typing import NamedTuple

from newsrepo.editions import names
from newsrepo.editions.edition import Edition
from newsrepo.ledger import WAITING, Entry, Question, State
from newsrepo.ledger.words import TITLES, how_due, opinions_words, promise_words, time_words
from newsrepo.records import types as t

INDEX = "challenges/index.html"
FEED = "challenges/changes.xml"


class Who(NamedTuple):
    """A contingent by its name and as it signs, with its page."""

    id: str
    name: str
    signature: str
    href: str


class When(NamedTuple):
    """A day for machines and for readers."""

    day: str
    text: str


class Row(NamedTuple):
    """One question to one of those who were asked, as lists show it.

    ``tone`` is how loudly its state is set. ``promise`` is empty where nobody owes anything; ``never`` marks
    those who never promised. ``told`` is what the asker and others say of the answer.
    """

    href: str
    title: str
    lang: str
    dir: str
    by: Who
    to: Who
    state: str
    tone: str
    time: str
    asked: When
    due: When
    how: str
    promise: str
    never: bool
    known: bool
    reason: str
    told: str


def page_of(question: str) -> str:
    """Where the page of a question lies."""
    return f"challenges/{question.removeprefix('challenge:')}.html"


def when(day: date) -> When:
    return When(day.isoformat(), names.day_text(day))


def who(edition: Edition, contingent: str) -> Who:
    return Who(
        contingent,
        edition.name_of(contingent),
        edition.signed(contingent),
        edition.contingent_href(contingent),
    )


def title_of(edition: Edition, question: Question) -> str:
    """A question's title, or its id where that could be taken for a word of the commons."""
    return edition.harmless(question.record.title, question.id)


_TONES = {
    State.OVERDUE: "late",
    State.OPEN: "open",
    State.WITHDRAWN: "gone",
    State.DECLINED: "declined",
    State.CHANGED: "changed",
}


def row(edition: Edition, entry: Entry) -> Row:
    """An entry of the ledger as lists show it."""
    question = entry.question
    owed = entry.state in WAITING
    never = owed and entry.promised.value in ("never", "once")
    reply = entry.reply
    return Row(
        href=page_of(question.id),
        title=title_of(edition, question),
        lang=question.record.lang,
        dir=names.direction(question.record.lang),
        by=who(edition, question.by),
        to=who(edition, entry.to),
        state=TITLES[entry.state],
        tone=_TONES.get(entry.state, "done"),
        time=_time(entry),
        asked=when(entry.asked),
        due=when(entry.due),
        how=how_due(entry),
        promise=promise_words(entry.promised) if owed and entry.known else "",
        never=never and entry.known,
        known=entry.known,
        reason=(reply.record.reason or "") if reply is not None and not entry.taken_back else "",
        told=opinions_words(entry),
    )


_DID = {
    t.AnswerKind.ANSWER: "answered",
    t.AnswerKind.PARTIAL: "answered in part",
    t.AnswerKind.DECLINE: "declined",
}


def _time(entry: Entry) -> str:
    """When, and where the state does not say it, also what was done."""
    words = time_words(entry)
    if entry.state is State.CHANGED and entry.reply is not None:
        return f"{_DID[entry.reply.record.kind]}, {words}"
    return words


class Asked(NamedTuple):
    """The ledger's entries by contingent, the latest first: what each was asked, and what each asked."""

    to: dict[str, list[Entry]]
    by: dict[str, list[Entry]]


def sorted_out(edition: Edition) -> Asked:
    """The whole ledger, sorted out in one pass."""
    found = Asked({}, {})
    for entry in edition.ctx.ledger.entries if edition.ctx.ledger is not None else ():
        found.to.setdefault(entry.to, []).append(entry)
        found.by.setdefault(entry.question.by, []).append(entry)
    return found


ON_ONE = 5
"""How many questions about it an article's page lists, the latest, and of how many of the asked the state."""


class Concern(NamedTuple):
    """A question about a work, as the work's page lists it.

    ``states`` are those of the first who were asked: the name, the state, the last day; ``others`` counts the
    rest. How many days are left
    is not told here, so that no article's page changes from day to day.
    """

    href: str
    title: str
    lang: str
    dir: str
    by: str
    states: tuple[tuple[str, str, When], ...]
    others: int


class Concerns(NamedTuple):
    """The latest questions about one work, and how many more there are."""

    rows: tuple[Concern, ...]
    more: int


def concerns(edition: Edition) -> dict[str, Concerns]:
    """The questions about each work that has a page here, but for those that were withdrawn."""
    about: dict[str, dict[str, list[Entry]]] = {}
    for entry in edition.ctx.ledger.entries if edition.ctx.ledger is not None else ():
        if entry.state is not State.WITHDRAWN:
            for ref in entry.question.record.about:
                if ref in edition.places:
                    about.setdefault(ref, {}).setdefault(entry.question.id, []).append(entry)
    return {
        work: Concerns(
            tuple(_concern(edition, entries) for entries in list(questions.values())[:ON_ONE]),
            max(len(questions) - ON_ONE, 0),
        )
        for work, questions in about.items()
    }


def _concern(edition: Edition, entries: list[Entry]) -> Concern:
    question = entries[0].question
    return Concern(
        page_of(question.id),
        title_of(edition, question),
        question.record.lang,
        names.direction(question.record.lang),
        edition.name_of(question.by),
        tuple((edition.name_of(e.to), TITLES[e.state].lower(), when(e.due)) for e in entries[:ON_ONE]),
        max(len(entries) - ON_ONE, 0),
    )
