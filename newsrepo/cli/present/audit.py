"""What an audit found: the charges against each contingent, the evidence below each."""

from itertools import groupby
from operator import attrgetter

from msgspec import to_builtins

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.audit import Audited

FEW = 5
"""How many pieces of evidence of one charge are shown; JSON has all of them."""


def as_json(out: Out, done: Audited) -> None:
    out.json("audit", to_builtins(done))


def as_text(out: Out, done: Audited) -> None:
    """One paragraph for each contingent; the counts go to standard error."""
    for who, charges in groupby(done.charges, key=attrgetter("who")):
        out.line(terminal(who or "the commons"))
        for charge in charges:
            out.line(terminal(f"  {charge.rule}: {charge.fact}"))
            for proof in charge.proofs[:FEW]:
                out.line(terminal(f"    {proof.what}: {proof.value}"))
            if len(charge.proofs) > FEW:
                out.line(f"    and {len(charge.proofs) - FEW} more; --json has them all")
            if charge.hint:
                out.line(terminal(f"    hint: {charge.hint}"))
    number = len(done.charges)
    found = (
        "nothing to report" if not number else f"{number} {'matter' if number == 1 else 'matters'} to report"
    )
    here, homes = counted(len(done.here), "contingent"), counted(done.homes, "other home")
    out.word(f"{found} on {here} at home here and {homes}")
    if done.stale:
        out.word(f"never reached: {', '.join(done.stale)}; `newsrepo sync` asks their homes")
    elif not done.homes:
        out.word("no other home was ever fetched: `newsrepo sync` does, and this looks back on what it saw")
    if done.shallow:
        out.word("this clone's own history is cut off: `git fetch --unshallow` lets it be looked at whole")
