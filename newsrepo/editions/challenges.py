"""The ledger of public questions in an edition: who was asked what, until when, and what became of it.

It is not chosen by the edition's filter: it has every question in view that was asked up to the edition's
day, for a ledger that a publisher could trim would be none. Its first page lists some in each state and leads
to the rest, so that no flood of questions makes it endless.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsrepo.editions.asked import FEED, INDEX, Row, Who, page_of, row, title_of, when, who
from newsrepo.editions.challengepage import challenge_page
from newsrepo.editions.discussion import Subjects
from newsrepo.editions.edition import Edition
from newsrepo.editions.page import Page
from newsrepo.editions.parts import digest, joined
from newsrepo.editions.reminders import Reminder, feed
from newsrepo.ledger import WAITING, Entry, Ledger, State, count
from newsrepo.ledger.words import TITLES, changed_on, how_due, promise_words, time_words

FIRST = 20
"""How many questions in one state the ledger's first page lists."""

LISTED = 100
"""How many a page lists that is for one state alone."""

FED = 60
"""How many entries the feed has."""

MOST = 200
"""How many contingents the table of those who were asked has, those who owe most."""


def challenge_pages(edition: Edition) -> Iterator[Page]:
    """The ledger, a page for each state that does not fit on its first one, and a page for each question."""
    ledger = edition.ctx.ledger
    if ledger is None or not edition.has_challenges:
        return
    found = {state: _sorted(ledger, state) for state in State}
    yield _index(edition, ledger, found)
    for state, entries in found.items():
        if len(entries) > FIRST:
            yield from _state_pages(edition, state, entries)
    entries_of: dict[str, list[Entry]] = {}
    for entry in ledger.entries:
        entries_of.setdefault(entry.question.id, []).append(entry)
    subjects = Subjects(edition)
    for question in ledger.questions:
        uninvited = ledger.uninvited.get(question.id, ())
        yield challenge_page(edition, question, entries_of.get(question.id, ()), uninvited, subjects)
    if edition.feeds:
        yield _feed(edition, ledger)


def _sorted(ledger: Ledger, state: State) -> tuple[Entry, ...]:
    """The entries in one state: what is owed by its last day, everything else the latest first.

    What is asked of nobody who is here comes last: names can be invented, and would bury the others.
    """
    found = [entry for entry in ledger.entries if entry.state is state]
    if state in WAITING:
        found.sort(key=lambda entry: (entry.due, entry.question.id))
    found.sort(key=lambda entry: not entry.known)
    return tuple(found)


# --- the first page --------------------------------------------------------------------------------


class Part(NamedTuple):
    """The questions in one state; ``more`` leads to all of them where they are not all here."""

    anchor: str
    title: str
    many: int
    rows: tuple[Row, ...]
    more: str


class Account(NamedTuple):
    """How one contingent stands with what others asked it."""

    who: Who
    known: bool
    promise: str
    never: bool
    asked: int
    answered: int
    partial: int
    declined: int
    changed: int
    waiting: int
    overdue: int
    late: int
    evaded: int


def state_page(state: State, number: int = 1) -> str:
    """Where the questions in one state are listed. A question's own page lies a folder deeper."""
    return f"challenges/{state.value}.html" if number == 1 else f"challenges/{state.value}-{number}.html"


def _index(edition: Edition, ledger: Ledger, found: dict[State, tuple[Entry, ...]]) -> Page:
    parts = tuple(
        Part(
            state.value,
            TITLES[state],
            len(entries),
            tuple(row(edition, entry) for entry in entries[:FIRST]),
            state_page(state) if len(entries) > FIRST else "",
        )
        for state, entries in found.items()
        if entries
    )
    accounts, left = _accounts(edition, ledger)
    day = edition.ctx.today.isoformat()
    key = digest(edition.base, b"challenges", repr((parts, accounts, left, len(ledger.early), day)).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "challenges",
            commons=edition.ctx.commons.charter.name,
            parts=[(part, _rows(edition, part.rows)) for part in parts],
            accounts=accounts,
            left=left,
            early=len(ledger.early),
            day=when(edition.ctx.today),
            feed=FEED if edition.feeds else "",
        )
        return edition.page(INDEX, "listing ledger", "Challenges", main)

    return Page(INDEX, key, (), render)


def _rows(edition: Edition, rows: Sequence[Row]) -> object:
    return joined([edition.theme.html("challenge_row", r=one) for one in rows], "\n")


def _accounts(edition: Edition, ledger: Ledger) -> tuple[tuple[Account, ...], int]:
    """Everybody whom somebody else asked, who owes most first, strangers last; and how many are left out."""
    by: dict[str, list[Entry]] = {}
    for entry in ledger.entries:
        if not entry.to_self and entry.state is not State.WITHDRAWN:
            by.setdefault(entry.to, []).append(entry)
    found = [_account(edition, to, entries) for to, entries in by.items()]
    found.sort(key=lambda one: (not one.known, -one.overdue, -one.asked, one.who.id))
    return tuple(found[:MOST]), max(len(found) - MOST, 0)


def _account(edition: Edition, to: str, entries: list[Entry]) -> Account:
    total = count(entries)
    first = entries[0]
    return Account(
        who(edition, to),
        first.known,
        promise_words(first.promised) if first.known else "is no contingent here",
        first.promised.value in ("never", "once"),
        total.asked,
        total.answered,
        total.partial,
        total.declined,
        total.changed,
        total.open,
        total.overdue,
        total.late,
        total.evaded,
    )


# --- one state -------------------------------------------------------------------------------------


def _state_pages(edition: Edition, state: State, entries: tuple[Entry, ...]) -> Iterator[Page]:
    many = -(-len(entries) // LISTED)
    for number in range(1, many + 1):
        some = entries[(number - 1) * LISTED : number * LISTED]
        yield _state_page(edition, state, some, number, many)


def _state_page(edition: Edition, state: State, entries: Sequence[Entry], number: int, many: int) -> Page:
    path = state_page(state, number)
    rows = tuple(row(edition, entry) for entry in entries)
    key = digest(edition.base, b"challenges in", repr((path, many, rows)).encode())

    def render(_: object) -> bytes:
        main = edition.theme.html(
            "list",
            kicker="Challenges",
            up=INDEX,
            title=TITLES[state],
            lang="",
            dir="",
            below=None,
            items=_rows(edition, rows),
            newer=state_page(state, number - 1) if number > 1 else "",
            older=state_page(state, number + 1) if number < many else "",
            empty="",
        )
        return edition.page(path, "listing ledger", f"Challenges: {TITLES[state].lower()}", main)

    return Page(path, key, (), render)


# --- the feed --------------------------------------------------------------------------------------


def _feed(edition: Edition, ledger: Ledger) -> Page:
    """The latest changes of the ledger: one entry for each question and each of those who were asked."""
    latest = sorted(ledger.entries, key=lambda entry: (entry.question.id, entry.to))
    latest.sort(key=changed_on, reverse=True)
    reminders = tuple(_reminder(edition, entry) for entry in latest[:FED])
    day = edition.ctx.today
    key = digest(edition.base, b"challenges feed", repr((reminders, reminders or day.isoformat())).encode())

    def render(_: object) -> bytes:
        return feed(
            edition.ctx.commons.charter.name,
            f"challenges in filter:{edition.ctx.filter_id}",
            f"Challenges \u00b7 {edition.title}",
            edition.signature,
            reminders,
            day,
            f"{edition.url}{FEED}" if edition.url else "",
        )

    return Page(FEED, key, (), render)


def _reminder(edition: Edition, entry: Entry) -> Reminder:
    asked = entry.question
    name = edition.name_of(entry.to)
    time = time_words(entry) if entry.state not in WAITING else ""
    words = [f"{TITLES[entry.state]}{f', {time}' if time else ''}."]
    words.append(f"Asked on {entry.asked}, due on {entry.due}, {how_due(entry)}.")
    if entry.state in WAITING and entry.known:
        words.append(f"{name} {promise_words(entry.promised)}.")
    return Reminder(
        f"{asked.id} {entry.to}",
        f"{TITLES[entry.state]}: {name} is asked: {title_of(edition, asked)}",
        " ".join(words),
        edition.signed(asked.by),
        changed_on(entry),
        f"{edition.url}{page_of(asked.id)}" if edition.url else "",
    )
