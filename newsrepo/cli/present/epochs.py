"""The chain of epochs for a reader: what was in force when, by which vote, and what is in force now."""

from typing import Any

from newsrepo.cli.present.ballots import rule_words
from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.tally.chain import Chain, Successor
from newsrepo.tally.epoch import Epoch
from newsrepo.tally.identity import sha256_hex


def as_json(out: Out, chain: Chain, drift: tuple[str, ...]) -> None:
    votes = {step.epoch.id: step for step in chain.steps}
    out.json(
        "statement epochs",
        {
            "commons": chain.commons,
            "epochs": [_epoch(epoch, votes.get(epoch.id)) for epoch in chain.epochs],
            "split": [_epoch(step.epoch, step) for step in chain.split],
            "not_in_force": list(drift),
        },
    )


def _epoch(epoch: Epoch, step: Successor | None) -> dict[str, Any]:
    return {
        "number": epoch.number,
        "id": epoch.id,
        "name": epoch.charter.name,
        "statement": step.count.opened.record.statement if step is not None else None,
        "sentence": step.count.sentence if step is not None else None,
        "charter": sha256_hex(epoch.charter_data),
        "roll": sha256_hex(epoch.roll_data),
        "voters": {voter.voter: voter.votes for voter in epoch.roll.voters},
        "rule": rule_words(epoch.charter.rule),
        "tellers": list(epoch.charter.tellers),
        "finishing": sorted(epoch.openings),
    }


def as_text(out: Out, chain: Chain, drift: tuple[str, ...]) -> None:
    votes = {step.epoch.id: step for step in chain.steps}
    for epoch in chain.epochs:
        force = "  in force" if epoch is chain.in_force and not chain.split else ""
        _say(out, epoch, votes.get(epoch.id), force)
    if chain.split:
        out.line("The commons has split. Nothing speaks for it until you follow one side:")
        for step in chain.split:
            _say(out, step.epoch, step, f"  newsrepo statement pin {step.epoch.id[:12]}")
    for path in drift:
        out.line(f"not in force: {path} as it stands in this branch")
        out.line("  hint: charter and roll change by a carried statement alone; put back the file in force")


def _say(out: Out, epoch: Epoch, step: Successor | None, force: str) -> None:
    out.line(f"epoch {epoch.number}  {epoch.id[:12]}{force}")
    if step is None:
        out.line("  the genesis, pinned in this clone")
    else:
        statement = step.count.opened.record.statement.removeprefix("statement:")
        out.line(terminal(f"  by {statement}: {step.count.sentence}"))
    voters = epoch.roll.voters
    votes = sum(voter.votes for voter in voters)
    out.line(terminal(f"  {epoch.charter.name}: {rule_words(epoch.charter.rule)}"))
    names = ", ".join(voter.voter for voter in voters)
    out.line(terminal(f"  roll of {counted(len(voters), 'voter')}, {counted(votes, 'vote')}: {names}"))
