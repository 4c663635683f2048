"""What there is to know of votes without signing: all in short, one of them whole, what is unfinished."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.location import Finding
from newsrepo.porcelain.statements.gathering import HERE
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, place
from newsrepo.records import types as t
from newsrepo.signing import BALLOT, CLOSING, OPENING, allowed_signers
from newsrepo.tally.rule import Verdict
from newsrepo.tally.statement import Judgement
from newsrepo.tally.whatif import amended

_VERBS = {Kind.OPENING: "open", Kind.BALLOT: "vote", Kind.CLOSING: "close"}


class Unfinished(Struct, frozen=True):
    """A payload in the working tree that was never signed, and the command that signs it."""

    statement: str
    path: str
    resume: str


class Row(Struct, frozen=True):
    """One statement in short. ``missing`` is what it needs next; ``closes`` the last day to vote, if open."""

    id: str
    title: str
    judged: Judgement
    closes: str


class Looked(Struct, frozen=True):
    """One statement whole: its text as opened (else as drafted), and what came of it.

    ``what_if`` is, for each opening that holds, what another rule would have made of its votes. ``dissents``
    are the minority's texts by contingent, each as its owner's own ref has it.
    """

    id: str
    title: str
    text: bytes | None
    judged: Judgement
    what_if: tuple[Verdict, ...]
    unfinished: tuple[Unfinished, ...]
    dissents: tuple[tuple[str, bytes], ...] = ()


def listing(polls: Polls) -> tuple[Row, ...]:
    """Every statement known, in order of id."""
    return tuple(
        Row(name, title_of(polls, name), judged, _closes(judged))
        for name, judged in ((name, polls.judge(name)) for name in polls.names)
    )


def look(work: Workspace, polls: Polls, given: str, what_if: str = "") -> Looked:
    """One statement, with what another rule would have made of it. Raises UsageError."""
    name = polls.find(given)
    judged = polls.judge(name)
    text = None
    for count in (judged.decided, *judged.counts):
        if count is not None and text is None:
            found = polls.wording(name, count.opened.record)
            text = found.data if found is not None else None
    if not judged.counts:
        text = next(iter(polls.files(name).texts), None)
    return Looked(
        name,
        title_of(polls, name),
        text,
        judged,
        tuple(one.what_if(amended(one.opened.record.rule, what_if)) for one in judged.counts)
        if what_if
        else (),
        tuple(one for one in unfinished(work) if one.statement == name),
        tuple(_dissents(polls, name)),
    )


def _dissents(polls: Polls, name: str) -> Iterator[tuple[str, bytes]]:
    start = f"dissent:{name.removeprefix('statement:')}/"
    for one, copies in polls.gathered.texts.items():
        if one.startswith(start):
            best = min(copies, key=lambda copy: (not copy.speaks, copy.source == HERE, copy.source))
            yield one.removeprefix(start), best.data


def title_of(polls: Polls, name: str) -> str:
    """A statement's heading: as opened, else as drafted; empty where neither can be read."""
    for count in polls.judge(name).counts:
        return count.opened.record.title
    for data in polls.files(name).texts:
        record = parse(Kind.STATEMENT, data, "").record
        if isinstance(record, t.Statement):
            return record.title
    return ""


def _closes(judged: Judgement) -> str:
    return "" if judged.decided is None else str(judged.decided.opened.record.closes)


def unfinished(work: Workspace) -> tuple[Unfinished, ...]:
    """Every opening, ballot and closing in the working tree without a signature beside it, by path."""
    paths = {
        entry.path for entry in work.repository.worktree().entries if entry.path.startswith("statements/")
    }
    return tuple(_unfinished(work.root, sorted(path for path in paths if f"{path}.sig" not in paths)))


def _unfinished(root: Path, paths: Iterable[str]) -> Iterator[Unfinished]:
    for path in paths:
        where = place(path)
        if isinstance(where, Finding) or where.kind not in _VERBS:
            continue
        _, owner, slug, *_ = path.split("/")
        said = f"newsrepo statement {_VERBS[where.kind]} {owner}/{slug}"
        if where.kind is Kind.BALLOT:
            said += f" {_choice(root / path)}"
        yield Unfinished(f"statement:{owner}/{slug}", path, f"{said} --as {where.owner}")


def _choice(path: Path) -> str:
    try:
        record = parse(Kind.BALLOT, path.read_bytes()[: 1 << 16], "").record
    except OSError:
        record = None
    return record.choice.value if isinstance(record, t.Ballot) else "CHOICE"


def signers(polls: Polls, given: str) -> str:
    """The roll of a vote as OpenSSH's allowed_signers: who may sign what on it. Raises UsageError."""
    count = polls.current(polls.find(given))
    return allowed_signers(count.opened.voter_keys.items(), (BALLOT, CLOSING, OPENING))
