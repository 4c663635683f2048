"""What somebody is about to sign: in words, the text it is about, and the exact bytes."""

import shlex
from collections.abc import Iterator
from typing import Any

from newsrepo.cli.present.encode import quote, terminal, terminal_lines
from newsrepo.cli.present.findings import counted
from newsrepo.porcelain.statements import closing, opening, voting
from newsrepo.porcelain.statements.signatures import Prepared, Signed
from newsrepo.records import split
from newsrepo.records import types as t
from newsrepo.tally.identity import sha256_hex

PUBLIC = "A ballot is public, with your name on it, and for ever. You can replace it while the vote is open."


def opening_lines(draft: opening.Draft) -> Iterator[str]:
    record = draft.record
    yield f"{record.statement}: {quote(record.title)}, as {terminal(draft.prepared.signer)}"
    yield from terms_lines(record)
    yield ""
    yield "the text that is voted on:"
    yield from text_lines(draft.text)
    if record.enacts is not None:
        yield f"  it would put a new {record.enacts.what.value} in force: SHA-256 {record.enacts.sha256}"
    yield ""
    yield from _payload(draft.prepared)
    yield ""
    yield "The text must not change any more: one changed byte is another text. All this is public for ever."


def terms_lines(record: t.Opening) -> Iterator[str]:
    """The terms of a vote, a line each."""
    yield f"  open       {record.opens} to {record.closes}"
    yield f"  rule       {terminal(rule_words(record.rule))}"
    votes = sum(voter.votes for voter in record.roll)
    yield f"  roll       {counted(len(record.roll), 'voter')}, {counted(votes, 'vote')}"
    names = ", ".join(teller.teller for teller in record.tellers)
    yield f"  tellers    {record.threshold} of {len(record.tellers)} must agree: {terminal(names)}"


def rule_words(rule: t.Rule) -> str:
    """``at least 2/3 of the votes cast; quorum more than 1/2 of the roll``."""
    whole = "the votes cast" if rule.of is t.Base.CAST else "the roll"
    quorum = rule.quorum
    return (
        f"{_words(rule.compare)} {rule.ratio} of {whole}; "
        f"quorum {_words(quorum.compare)} {quorum.ratio} of the roll; abstentions count for the quorum only"
    )


def _words(compare: t.Compare) -> str:
    return "more than" if compare is t.Compare.MORE_THAN else "at least"


def text_lines(data: bytes) -> Iterator[str]:
    """The text of a statement, set in."""
    halves = split(data)
    body = halves.body if halves is not None else data
    for line in terminal_lines(body.decode("utf-8", "replace").strip("\n")):
        yield f"  | {line}".rstrip()


def ballot_lines(draft: voting.Draft) -> Iterator[str]:
    ballot, record = draft.ballot, draft.count.opened.record
    yield f"{record.statement}: {quote(record.title)}"
    said = f"votes {ballot.choice.value.upper()}, ballot {ballot.number} of {ballot.date}"
    yield f"  {terminal(ballot.voter)} {said}"
    yield from terms_lines(record)
    yield ""
    if draft.last is not None:
        said = draft.last.choice.value if draft.last.choice is not None else draft.last.void
        yield f"You voted before: {terminal(said)}, ballot {draft.last.number}. The text is the same as then."
    elif draft.change is not None:
        yield from _changed(draft.change)
    if draft.last is None and (draft.change is None or not draft.change.known):
        yield "the text:"
        yield from text_lines(draft.text)
    yield ""
    yield from _payload(draft.prepared)
    yield ""
    yield PUBLIC


def _changed(change: voting.Change) -> Iterator[str]:
    yield f"You voted {change.choice.value} on {change.date}, when the vote was opened on other terms."
    if not change.known:
        yield "The text of then is not at hand, so that nobody can show what changed."
    elif not change.lines:
        yield "The text is the same as then."
    else:
        yield "What changed in the text since:"
        yield from (f"  {terminal(line)}" for line in change.lines)


def closing_lines(draft: closing.Draft) -> Iterator[str]:
    made, record = draft.closing, draft.count.opened.record
    yield f"{record.statement}: {quote(record.title)}"
    body = "voters" if draft.as_voter else "tellers"
    yield f"  {terminal(made.teller)} closes it with the {body}, round {made.round}"
    if made.round == 1:
        yield f"  the list of the {counted(len(made.ballots), 'ballot')} at hand here"
    else:
        yield f"  the union of {counted(len(made.seen), 'list')} of round {made.round - 1}: " + counted(
            len(made.ballots), "ballot"
        )
    yield f"  so far: {terminal(draft.count.sentence)}"
    if made.openings:
        yield f"  {counted(len(made.openings), 'other vote')} of this epoch would finish under it"
    yield ""
    yield from _payload(draft.prepared)
    yield ""
    yield "A list is public for ever. Two lists of yours in one round would be told of you."


def _payload(prepared: Prepared) -> Iterator[str]:
    """The exact bytes, as they lie in the file."""
    yield f"what will be signed, for {prepared.namespace}, in {terminal(prepared.path)}:"
    for line in terminal_lines(prepared.data.decode("utf-8").rstrip("\n")):
        yield f"  {line}"
    yield f"  (SHA-256 {sha256_hex(prepared.data)})"


def signed(prepared: Prepared, done: Signed) -> dict[str, Any]:
    return {
        "written": list(done.paths),
        "signer": prepared.signer,
        "key": done.key,
        "sha256": sha256_hex(prepared.data),
    }


def commit(prepared: Prepared, done: Signed) -> str:
    """The command that makes it lasting."""
    what = prepared.path.rpartition("/")[2].removesuffix(".yaml") if "/opening" in prepared.path else "vote"
    paths = shlex.join(done.paths)
    subject = (
        "Open a vote" if what == "opening" else "Close a vote" if "/closings/" in prepared.path else "Vote"
    )
    return f"git add {paths} && git commit -m {shlex.quote(subject)} && git push"
