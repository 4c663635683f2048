"""``statement vote``: the next ballot of a voter, with all that one should have seen before signing it."""

import difflib
from datetime import date

from msgspec import Struct, structs

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import ContingentId, Kind
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.statements.signatures import Prepared, prepare
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day
from newsrepo.signing import BALLOT
from newsrepo.tally.count import Count, State, VoterLine
from newsrepo.tally.drafts import ballot_for
from newsrepo.tally.identity import sha256_hex


class Change(Struct, frozen=True):
    """How a text differs from the one that somebody voted on before: ``lines`` of a unified difference.

    ``known`` is false where that earlier text is nowhere at hand.
    """

    choice: t.Choice
    date: Day
    known: bool
    lines: tuple[str, ...] = ()


class Draft(Struct, frozen=True):
    """A ballot ready to be signed, the text that it is about, and what this voter said before.

    ``last`` is the voter's ballot on this very opening, if any; ``change`` tells of one on an earlier one.
    """

    prepared: Prepared
    ballot: t.Ballot
    count: Count
    text: bytes
    last: VoterLine | None
    change: Change | None


def draft_ballot(
    work: Workspace, polls: Polls, given: str, choice: str, *, today: date, opening: str = ""
) -> Draft:
    """The clone's contingent's next ballot on a statement; ``opening`` says on which of several openings.

    Raises UsageError where it cannot vote, UnableError where the text that was opened is nowhere at hand.
    """
    name = polls.find(given)
    if choice not in set(t.Choice):
        raise UsageError(f"{choice!r} is no vote", f"one of: {', '.join(t.Choice)}")
    count = polls.current(name, opening)
    judged = polls.judge(name)
    if judged.split:
        raise UsageError(judged.sentence, judged.missing)
    if count.state is State.CERTIFIED:
        raise UsageError(
            f"the result is certified: {count.sentence}",
            "a ballot given now would come too late",
        )
    voter = work.contingent()
    opened = count.opened
    if voter not in opened.voter_keys:
        raise UsageError(
            f"'{voter}' is not on the roll of this vote",
            f"those who vote: {', '.join(sorted(opened.voter_keys))}; to speak for one of them: --as",
        )
    text = polls.wording(name, opened.record)
    if text is None:
        raise UnableError(
            "the text that was opened is not at hand, and nobody should sign what he cannot read",
            "newsrepo sync; or check out the branch that has it",
        )
    ballot = ballot_for(polls.box(count, name), voter, t.Choice(choice), Day(today))
    ballot = _at_free_place(work, ballot)
    path = _path(ballot)
    prepared = prepare(work, ballot, path, BALLOT, voter, opened.voter_keys[voter])
    last = next((line for line in count.lines if line.voter == voter and line.number), None)
    change = None if last is not None else _change(polls, name, voter, opened.sha256, text.data)
    return Draft(prepared, ballot, count, text.data, last, change)


def _path(ballot: t.Ballot) -> str:
    name = ballot.statement.removeprefix("statement:")
    return path_of(Kind.BALLOT, f"ballot:{name}/{ballot.voter}/{ballot.number}")


def _at_free_place(work: Workspace, ballot: t.Ballot) -> t.Ballot:
    """The ballot with a number under which nothing signed lies here; or that which lies there unsigned."""
    while (work.root / f"{_path(ballot)}.sig").exists():
        ballot = structs.replace(ballot, number=ballot.number + 1)
    try:
        there = parse(Kind.BALLOT, read_plain(work.root / _path(ballot), 1 << 20), "").record
    except OSError:
        return ballot
    if isinstance(there, t.Ballot) and structs.replace(ballot, date=there.date) == there:
        return there
    return ballot


def _change(polls: Polls, name: str, voter: ContingentId, opening: str, text: bytes) -> Change | None:
    """What changed since this voter's latest ballot on an earlier opening; None where there is none."""
    earlier: list[tuple[str, int, t.Ballot]] = []
    for signed in polls.files(name).ballots():
        data = signed.data or b""
        if signed.signature is None or b"\nvoter: " not in data or opening.encode() in data:
            continue
        record = parse(Kind.BALLOT, data, "").record
        if isinstance(record, t.Ballot) and record.voter == voter:
            earlier.append((str(record.date), record.number, record))
    if not earlier:
        return None
    last = max(earlier, key=lambda row: row[:2])[2]
    for signed in polls.files(name).openings:
        if signed.data is None or sha256_hex(signed.data) != last.opening:
            continue
        record = parse(Kind.OPENING, signed.data, "").record
        before = polls.wording(name, record) if isinstance(record, t.Opening) else None
        if before is not None:
            return Change(last.choice, last.date, known=True, lines=_difference(before.data, text))
    return Change(last.choice, last.date, known=False)


def _difference(old: bytes, new: bytes) -> tuple[str, ...]:
    before, after = (data.decode("utf-8", "replace").split("\n") for data in (old, new))
    return tuple(difflib.unified_diff(before, after, "as you voted", "now", lineterm="", n=2))
