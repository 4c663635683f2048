"""The ledger in words: one wording for terminal, mail, feed and page."""

from datetime import date, timedelta

from newsrepo.ledger.challenges import TERM, WAITING, Bound, Entry, Promised, State
from newsrepo.records import types as t

TITLES = {
    State.OVERDUE: "Overdue",
    State.OPEN: "Open",
    State.CHANGED: "Question changed since",
    State.PARTIAL: "Answered in part",
    State.DECLINED: "Declined",
    State.ANSWERED: "Answered",
    State.WITHDRAWN: "Question withdrawn",
}

VERDICTS = {
    t.Verdict.ANSWERED: "answered",
    t.Verdict.PARTLY: "answered in part",
    t.Verdict.EVADED: "evaded",
}


def days(number: int) -> str:
    """A number of days.

    >>> days(1), days(2)
    ('1 day', '2 days')
    """
    return "1 day" if number == 1 else f"{number} days"


def time_words(entry: Entry) -> str:
    """How the answer, or its lack, stands to the last day; empty where that does not matter."""
    if entry.state is State.WITHDRAWN:
        return ""
    if entry.state in WAITING:
        if entry.days < 0:
            return f"{days(-entry.days)} late"
        return f"{days(entry.days)} left" if entry.days else "due today"
    return f"{days(-entry.days)} late" if entry.days < 0 else "in time"


def how_due(entry: Entry) -> str:
    """How the last day was worked out."""
    return "as the question says" if entry.due_given else f"{TERM} days after it was asked"


def promise_words(promised: Promised) -> str:
    """Whether the asked promised to answer, after their name."""
    return {
        Promised.YES: "promised to answer",
        Promised.ONCE: "promised to answer once, and took that back",
        Promised.NEVER: "never promised to answer",
        Promised.UNKNOWN: "does not promise to answer; whether they ever did, this clone cannot tell",
    }[promised]


def bound_words(bound: Bound | None) -> str:
    """What there is to say of the text of the question that an answer binds; nothing of the present one."""
    if bound is Bound.EARLIER:
        return "the question was changed after this answer"
    if bound is Bound.UNKNOWN:
        return "it answers a text of the question that is not at hand"
    return ""


def opinions_words(entry: Entry) -> str:
    """How the asker and others rate the answer, or nothing.

    Such as ``evaded, says the asker; evaded: 2, answered: 1, say others``.
    """
    parts = []
    if entry.asker is not None:
        parts.append(f"{VERDICTS[entry.asker.verdict]}, says the asker")
    said = [opinion.verdict for opinion in entry.others]
    told = [
        f"{VERDICTS[verdict]}: {said.count(verdict)}" for verdict in reversed(t.Verdict) if verdict in said
    ]
    if told:
        parts.append(f"{', '.join(told)}, {'says another' if len(said) == 1 else 'say others'}")
    return "; ".join(parts)


def changed_on(entry: Entry) -> date:
    """The day on which the entry came to be as it is, as far as dates tell."""
    if entry.state is State.OVERDUE:
        return entry.due + timedelta(days=1)
    return entry.answered_on or entry.asked
