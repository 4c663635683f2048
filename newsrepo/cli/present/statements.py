"""Statements for a reader: what came of each vote, with everything needed to disbelieve it."""

from collections.abc import Iterable, Iterator
from typing import Any

from newsrepo.cli.present.ballots import rule_words, terms_lines, text_lines
from newsrepo.cli.present.encode import quote, terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.sync import aligned
from newsrepo.porcelain.statements.looking import Looked, Row, Unfinished
from newsrepo.tally.count import Count, VoterLine
from newsrepo.tally.evidence import SetAside
from newsrepo.tally.rounds import Signing
from newsrepo.tally.rule import Verdict

_SHORT = 12

FEW = 4
"""How many of the refs that carry a record are named; JSON has all of them."""


def list_as_json(out: Out, rows: tuple[Row, ...], left: tuple[Unfinished, ...]) -> None:
    out.json(
        "statement list",
        {
            "statements": [
                {
                    "id": row.id,
                    "title": row.title,
                    "state": row.judged.state.value,
                    "carried": row.judged.carried,
                    "sentence": row.judged.sentence,
                    "missing": row.judged.missing or None,
                    "closes": row.closes or None,
                }
                for row in rows
            ],
            "unfinished": [_left(one) for one in left],
        },
    )


def list_as_text(out: Out, rows: tuple[Row, ...], left: tuple[Unfinished, ...]) -> None:
    for row in rows:
        state = row.judged.state.value
        title = terminal(row.title) or "(its text is not at hand)"
        out.line(f"{row.id.removeprefix('statement:')}  {title}  [{state}]")
        out.line(f"  {terminal(row.judged.sentence)}")
        if row.judged.missing:
            out.line(f"  next: {terminal(row.judged.missing)}")
    for line in unfinished_lines(left):
        out.line(line)
    out.word(counted(len(rows), "statement"))


def unfinished_lines(left: Iterable[Unfinished]) -> Iterator[str]:
    """What was written and never signed, and how to go on."""
    for one in left:
        yield f"unfinished: {terminal(one.path)} has no signature and does not count"
        yield f"  hint: to sign it: {terminal(one.resume)}; else delete it"


def _left(one: Unfinished) -> dict[str, Any]:
    return {"statement": one.statement, "path": one.path, "resume": one.resume}


def show_as_json(out: Out, looked: Looked) -> None:
    judged = looked.judged
    out.json(
        "statement show",
        {
            "id": looked.id,
            "title": looked.title,
            "text": looked.text.decode("utf-8", "replace") if looked.text is not None else None,
            "state": judged.state.value,
            "carried": judged.carried,
            "sentence": judged.sentence,
            "missing": judged.missing or None,
            "dissents": [
                {"by": who, "text": text.decode("utf-8", "replace")} for who, text in looked.dissents
            ],
            "openings": [_terms(count) for count in judged.counts],
            "refused": [_aside(one) for one in (*judged.refused, *judged.edited)],
            "unfinished": [_left(one) for one in looked.unfinished],
        },
    )


def show_as_text(out: Out, looked: Looked) -> None:
    out.line(f"{looked.id.removeprefix('statement:')}: {quote(looked.title)}")
    _say_result(out, looked)
    for count in looked.judged.counts:
        out.line(f"opening {count.opened.sha256[:_SHORT]}, under epoch {count.opened.record.epoch[:_SHORT]}:")
        for line in terms_lines(count.opened.record):
            out.line(line)
    out.line()
    if looked.text is None:
        out.line("the text is not at hand: newsrepo sync")
    else:
        for line in text_lines(looked.text):
            out.line(line)
    for who, text in looked.dissents:
        out.line()
        out.line(f"{terminal(who)} dissents:")
        for line in text_lines(text):
            out.line(line)
    _say_odd(out, looked)


def _say_result(out: Out, looked: Looked) -> None:
    out.line(terminal(f"{looked.judged.state.value}: {_bare(looked)}"))
    if looked.judged.missing:
        out.line(terminal(f"next: {looked.judged.missing}"))


def _bare(looked: Looked) -> str:
    """The sentence, without the state that it may begin with."""
    return looked.judged.sentence.removeprefix(f"{looked.judged.state.value}, ").removeprefix("contested: ")


def _say_odd(out: Out, looked: Looked) -> None:
    judged = looked.judged
    for one in judged.refused:
        out.line(terminal(f"opening refused: {one.reason}: {one.message}"))
        _say_hint(out, one)
    for one in judged.edited:
        out.line(terminal(f"the text: {one.message}"))
        _say_hint(out, one)
    for line in unfinished_lines(looked.unfinished):
        out.line(line)


def _say_hint(out: Out, one: SetAside) -> None:
    if one.sources:
        out.line(terminal(f"  {_carriers(one.sources)}"))
    if one.hint:
        out.line(terminal(f"  hint: {one.hint}"))


def tally_as_json(out: Out, looked: Looked) -> None:
    judged = looked.judged
    out.json(
        "statement tally",
        {
            "id": looked.id,
            "title": looked.title,
            "state": judged.state.value,
            "carried": judged.carried,
            "split": judged.split,
            "sentence": judged.sentence,
            "missing": judged.missing or None,
            "decided": judged.decided.opened.sha256 if judged.decided is not None else None,
            "counts": [_count(count) for count in judged.counts],
            "what_if": [_verdict(verdict) for verdict in looked.what_if],
            "refused": [_aside(one) for one in (*judged.refused, *judged.edited)],
            "unfinished": [_left(one) for one in looked.unfinished],
        },
    )


def _terms(count: Count) -> dict[str, Any]:
    record = count.opened.record
    return {
        "sha256": count.opened.sha256,
        "commons": record.commons,
        "epoch": record.epoch,
        "text": record.text,
        "signed_by": count.opened.signed_by,
        "opens": str(record.opens),
        "closes": str(record.closes),
        "rule": rule_words(record.rule),
        "roll": {voter.voter: voter.votes for voter in record.roll},
        "tellers": [teller.teller for teller in record.tellers],
        "threshold": record.threshold,
        "enacts": record.enacts.what.value if record.enacts is not None else None,
    }


def _count(count: Count) -> dict[str, Any]:
    certified = count.rounds.certified
    return {
        "opening": _terms(count),
        "state": count.state.value,
        "sentence": count.sentence,
        "verdict": _verdict(count.verdict),
        "funnel": {step.name: step.ballots for step in count.funnel},
        "voters": [_voter(line) for line in count.lines],
        "set_aside": [_aside(one) for one in count.aside],
        "closings_set_aside": [_aside(one) for one in count.closings_aside],
        "signings": [_signing(one) for one in count.rounds.signings],
        "certified": certified.name if certified is not None else None,
        "missing": count.missing.sentence if count.missing is not None else None,
        "waiting_for": list(count.missing.waiting) if count.missing is not None else [],
        "contradictions": list(count.contradictions),
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    votes = verdict.votes
    return {
        "carried": verdict.carried,
        "sentence": verdict.sentence,
        "yes": votes.yes,
        "no": votes.no,
        "abstain": votes.abstain,
        "roll": votes.roll,
    }


def _voter(line: VoterLine) -> dict[str, Any]:
    return {
        "voter": line.voter,
        "votes": line.votes,
        "choice": line.choice.value if line.choice is not None else None,
        "void": line.void or None,
        "number": line.number or None,
        "date": line.date or None,
        "ballot": line.ballot or None,
        "key": line.key or None,
        "carried_by": list(line.sources),
    }


def _aside(one: SetAside) -> dict[str, Any]:
    return {
        "reason": one.reason,
        "message": one.message,
        "hint": one.hint or None,
        "line": one.line,
        "sha256": one.sha256 or None,
        "name": one.name or None,
        "number": one.number or None,
        "stage": one.stage.name.lower().replace("_", "-"),
        "carried_by": list(one.sources),
    }


def _signing(one: Signing) -> dict[str, Any]:
    return {
        "body": one.body,
        "round": one.round,
        "list": one.list,
        "ballots": one.ballots,
        "signers": list(one.signers),
        "enough": one.enough,
    }


def tally_as_text(out: Out, looked: Looked) -> None:
    out.line(f"{looked.id.removeprefix('statement:')}: {quote(looked.title)}")
    _say_result(out, looked)
    judged = looked.judged
    for at, count in enumerate(judged.counts):
        out.line()
        if len(judged.counts) > 1:
            out.line(terminal(f"opening {count.opened.sha256[:_SHORT]}: {count.sentence}"))
        for line in _count_lines(count):
            out.line(line)
        if looked.what_if:
            out.line(terminal(f"under another rule it would be {looked.what_if[at].sentence}"))
    _say_odd(out, looked)


def _count_lines(count: Count) -> Iterator[str]:
    yield "rule      " + terminal(rule_words(count.opened.record.rule))
    yield "ballots   " + ", ".join(f"{step.ballots} {step.name}" for step in count.funnel)
    for one in count.aside:
        yield from _aside_lines("set aside", one)
    rows = [_voter_cells(line) for line in count.lines]
    if rows:
        yield from (f"  {line}" for line in aligned(rows))
    silent = [line.voter for line in count.lines if line.choice is None and not line.void]
    yield "silent    " + (terminal(", ".join(silent)) if silent else "nobody")
    for signing in count.rounds.signings:
        enough = ", enough" if signing.enough else ""
        ballots = counted(signing.ballots, "ballot")
        yield terminal(
            f"round {signing.round}   {signing.body}, list {signing.list[:_SHORT]} of {ballots}: "
            f"{', '.join(signing.signers)}{enough}"
        )
    for one in count.closings_aside:
        yield from _aside_lines("closing set aside", one)
    for sentence in count.contradictions:
        yield terminal(f"contradiction: {sentence}")


def _voter_cells(line: VoterLine) -> list[str]:
    if line.choice is None:
        return [
            terminal(line.voter),
            str(line.votes),
            "-",
            f"void: {line.void}" if line.void else "no ballot",
            "",
        ]
    where = _carriers(line.sources) if line.sources else ""
    said = f"ballot {line.number} of {line.date}, {line.key}"
    return [terminal(line.voter), str(line.votes), line.choice.value, terminal(said), terminal(where)]


def _carriers(sources: tuple[str, ...]) -> str:
    more = f" and {len(sources) - FEW} more" if len(sources) > FEW else ""
    return f"carried by {', '.join(sources[:FEW])}{more}"


def _aside_lines(what: str, one: SetAside) -> Iterator[str]:
    who = f" {one.name} {one.number}" if one.name else ""
    yield terminal(f"  {what}:{who} ({one.sha256[:_SHORT]}): {one.reason}: {one.message}")
    if one.hint:
        yield terminal(f"    hint: {one.hint}")
    if one.sources:
        yield terminal(f"    {_carriers(one.sources)}")
