"""``statement open``: everything that decides a vote, frozen in one file for its owner to sign."""

from datetime import date, timedelta

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import Kind, owner
from newsrepo.porcelain.statements.epochs import drift_of
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.statements.proposing import ENACTED
from newsrepo.porcelain.statements.signatures import Prepared, prepare
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day
from newsrepo.signing import OPENING
from newsrepo.tally.drafts import opening_for
from newsrepo.tally.opened import terms
from newsrepo.tally.whatif import amended

DAYS = 14
"""How long a vote stays open unless told otherwise."""


class Draft(Struct, frozen=True):
    """An opening ready to be signed, its text, and which of the branch's files are not in force."""

    prepared: Prepared
    record: t.Opening
    text: bytes
    drift: tuple[str, ...]


def draft_opening(
    work: Workspace,
    polls: Polls,
    given: str,
    *,
    today: date,
    opens: date | None = None,
    closes: date | None = None,
    rule: str = "",
    threshold: int | None = None,
) -> Draft:
    """The opening of a vote on a statement that stands in the working tree, under the epoch in force.

    What is not given is taken from an unfinished opening, if one lies there. Raises UsageError where it may
    not be opened, UnableError where a file cannot be read.
    """
    name = polls.find(given)
    who = owner(name)
    if work.contingent() != who:
        raise UsageError(f"only '{who}' can open {name}", f"this clone speaks for '{work.contingent()}'")
    judged = polls.judge(name)
    if judged.counts:
        raise UsageError(
            f"the vote on {name} is opened already: {judged.state}",
            "a second opening would make it contested; propose a new statement instead",
        )
    force = polls.chain.in_force
    if polls.chain.split:
        raise UsageError(
            "the commons has split: nobody can say under which roll", "newsrepo statement epochs"
        )
    path = path_of(Kind.STATEMENT, name)
    data = _read(work, path)
    unfinished = _unfinished(work, path_of(Kind.OPENING, f"opening:{name.removeprefix('statement:')}"))
    first = Day(opens) if opens else unfinished.opens if unfinished else Day(today)
    last = closes or (unfinished.closes.date if unfinished else None) or first.date + timedelta(days=DAYS)
    if last < first.date:
        raise UsageError(f"it would close on {last} before it opens on {first}", "give a later --closes")
    record = opening_for(
        force,
        name,
        data,
        opens=first,
        closes=Day(last),
        rule=amended(force.charter.rule, rule) if rule else unfinished.rule if unfinished else None,
        threshold=threshold or (unfinished.threshold if unfinished else None),
        enacted=_enacted(work, path, data),
    )
    keys = terms(record, "").voter_keys.get(who)
    if keys is None:
        raise UsageError(
            f"'{who}' is not on the roll in force, and only voters may open a vote",
            "ask somebody on the roll to propose the text",
        )
    target = path.replace("statement.md", "opening.yaml")
    prepared = prepare(work, record, target, OPENING, who, keys)
    return Draft(prepared, record, data, drift_of(work, polls.chain))


def _enacted(work: Workspace, path: str, data: bytes) -> bytes | None:
    record = parse(Kind.STATEMENT, data, path).record
    if not isinstance(record, t.Statement) or record.enacts is None:
        return None
    return _read(work, path.replace("statement.md", f"enacts/{ENACTED[record.enacts]}"))


def _unfinished(work: Workspace, path: str) -> t.Opening | None:
    """An opening that lies there, for what it says of days and rule; it was never signed."""
    data = _maybe(work, path)
    record = parse(Kind.OPENING, data, path).record if data is not None else None
    return record if isinstance(record, t.Opening) else None


def _read(work: Workspace, path: str) -> bytes:
    data = _maybe(work, path)
    if data is None:
        raise UnableError(
            f"{path} is not in the working tree, or no plain file", "check out the branch that has it"
        )
    return data


def _maybe(work: Workspace, path: str) -> bytes | None:
    try:
        return read_plain(work.root / path, 8 << 20)
    except OSError:
        return None
