"""The ledger of questions for a reader: two lines an entry, JSON, and reminders fit for mail."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.sync import aligned
from newsrepo.cli.present.wrap import fold
from newsrepo.ledger import WAITING, Bound, Entry, Opinion, Promised, State, count
from newsrepo.ledger.words import (
    TITLES,
    bound_words,
    how_due,
    opinions_words,
    promise_words,
    time_words,
)
from newsrepo.porcelain.challenges import Listing
from newsrepo.records import types as t

COLUMNS = 72
"""How wide a line of mail is."""


def as_text(out: Out, told: Listing) -> None:
    rows = aligned([_cells(told, entry) for entry in told.entries]) if told.entries else iter(())
    for line, entry in zip(rows, told.entries, strict=True):
        out.line(line)
        for more in fold("; ".join(_facts(entry)), max(out.width - 2, 20)):
            out.line(f"  {more}")
    out.word(summary(told))
    if told.stale:
        out.word(f"never reached, so that their answers may be missing: {', '.join(told.stale)}")


def _cells(told: Listing, entry: Entry) -> list[str]:
    state = " ".join([TITLES[entry.state].lower(), *([_how_long(entry)] if _how_long(entry) else [])])
    return [state, f"{entry.question.by} asks {entry.to}", terminal(told.titles[entry.question.id])]


def _how_long(entry: Entry) -> str:
    words = time_words(entry)
    return f"({words})" if words and words != "in time" else ""


def _facts(entry: Entry) -> Iterator[str]:
    yield entry.question.id
    yield f"asked {entry.asked}, due {entry.due}, {how_due(entry)}"
    if entry.state is State.WITHDRAWN:
        return
    if not entry.known:
        yield f"{entry.to} is no contingent here"
    elif entry.state in WAITING:
        yield f"{entry.to} {promise_words(entry.promised)}"
    if entry.to_self:
        yield "put to themselves"
    if entry.taken_back:
        yield "an answer was withdrawn"
    if entry.answered_on is not None:
        yield f"{_did(entry)} on {entry.answered_on}"
    yield from filter(None, (bound_words(entry.bound), opinions_words(entry)))
    if entry.reply is not None and entry.reply.record.reason and not entry.taken_back:
        yield f"reason: {terminal(entry.reply.record.reason)}"


def _did(entry: Entry) -> str:
    declined = entry.reply is not None and entry.reply.record.kind is t.AnswerKind.DECLINE
    return "declined" if declined else "answered"


def summary(told: Listing) -> str:
    """The closing line."""
    if not told.asked:
        return "nobody has asked anything yet; `newsrepo new challenge` asks"
    if not told.entries:
        return f"none of {counted(told.asked, 'question')} to a contingent is so"
    found = count(told.entries)
    parts = [f"{counted(len(told.entries), 'question')} to a contingent on {told.today}"]
    parts += [f"{found.overdue} overdue"] if found.overdue else []
    parts += [f"{found.open} open"] if found.open else []
    return ", ".join(parts)


# --- JSON ------------------------------------------------------------------------------------------


def as_json(out: Out, told: Listing) -> None:
    out.json(
        "challenges",
        {
            "today": str(told.today),
            "asked": told.asked,
            "entries": [_entry(told, entry) for entry in told.entries],
            "dated_later": list(told.early),
            "never_reached": list(told.stale),
        },
    )


def _entry(told: Listing, entry: Entry) -> dict[str, Any]:
    reply = entry.reply
    return {
        "challenge": entry.question.id,
        "title": told.titles[entry.question.id],
        "about": list(entry.question.record.about),
        "by": entry.question.by,
        "to": entry.to,
        "state": entry.state.value,
        "asked": str(entry.asked),
        "due": str(entry.due),
        "due_given": entry.due_given,
        "days": entry.days,
        "known": entry.known,
        "promised": entry.promised.value,
        "question": entry.question.sha256,
        "answer": None
        if reply is None
        else {
            "version": reply.oid,
            "date": str(reply.record.date),
            "kind": reply.record.kind.value,
            "reason": reply.record.reason,
            "withdrawn": entry.taken_back,
            "question": reply.record.question,
            "binds": entry.bound.value if entry.bound else Bound.UNKNOWN.value,
            "asker": _opinion(entry.asker) if entry.asker else None,
            "others": [_opinion(opinion) for opinion in entry.others],
        },
    }


def _opinion(opinion: Opinion) -> dict[str, str]:
    return {"by": opinion.who, "verdict": opinion.verdict.value, "comment": opinion.comment}


# --- mail ------------------------------------------------------------------------------------------


def as_mail(out: Out, told: Listing) -> None:
    """One block for everybody who owes an answer, in order of id, with a line between blocks."""
    owed = sorted(told.owed, key=lambda entry: entry.to)
    for number, (to, entries) in enumerate(groupby(owed, key=lambda entry: entry.to)):
        if number:
            out.line()
            out.line("=" * COLUMNS)
            out.line()
        for line in _letter(told, to, list(entries)):
            out.line(line)
    if not owed:
        out.word("nobody owes an answer")


def _letter(told: Listing, to: str, entries: list[Entry]) -> Iterator[str]:
    def told_as(text: str, indent: str = "") -> Iterator[str]:
        first, *rest = fold(text, COLUMNS - len(indent)) or [""]
        yield indent + first
        yield from (indent + line for line in rest)

    yield from told_as(f"To {terminal(told.name(to))} ({to})")
    yield ""
    waiting = "1 public question waits" if len(entries) == 1 else f"{len(entries)} public questions wait"
    yield from told_as(f"{waiting} for your answer in {terminal(told.commons)}, as of {told.today}.")
    for entry in entries:
        asked = entry.question
        yield ""
        yield from told_as(terminal(told.titles[asked.id]))
        yield from told_as(f"asked by {terminal(told.name(asked.by))} ({asked.by}) on {entry.asked}", "  ")
        yield from told_as(f"due {entry.due}, {how_due(entry)}: {time_words(entry)}", "  ")
        if asked.record.about:
            yield from told_as(f"about {', '.join(asked.record.about)}", "  ")
        yield f"  newsrepo new answer {asked.id.removeprefix('challenge:')}"
    yield ""
    yield from told_as(_PROMISE[entries[0].promised])
    yield from told_as(
        "To decline, or to answer in part, add --kind decline or --kind partial and the reason: "
        "--reason 'why'. What you say is shown beside the question, and so is silence."
    )


_PROMISE = {
    Promised.YES: "You promised to answer public questions: your own file says so.",
    Promised.ONCE: "You promised once to answer public questions, and took that back.",
    Promised.NEVER: "You never promised to answer, and nobody can make you.",
    Promised.UNKNOWN: "You do not promise to answer, and nobody can make you.",
}
