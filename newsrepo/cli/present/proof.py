"""What ``verify-edition`` found, for a person and for a script."""

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted
from newsrepo.cli.present.out import Out
from newsrepo.editions.differences import Difference
from newsrepo.porcelain.sealing import Seal, State
from newsrepo.porcelain.verify_edition import Checked, Report, Verdict

MOST = 20
"""Files that are named on the terminal; all are in the JSON."""


def as_json(out: Out, done: Report) -> None:
    out.json(
        "verify-edition",
        {
            "verdict": done.verdict.value,
            "editions": [
                {
                    **one._asdict(),
                    "verdict": one.verdict.value,
                    "sources": list(one.sources),
                    "differences": [{**d._asdict(), "way": d.way.value} for d in one.differences],
                    "seal": {**one.seal._asdict(), "state": one.seal.state.value, "by": list(one.seal.by)},
                    "notes": list(one.notes),
                }
                for one in done.checked
            ],
        },
    )


def as_text(out: Out, done: Report) -> None:
    for one in done.checked:
        out.line(terminal(_headline(one)))
        for difference in one.differences[:MOST]:
            _tell(out, difference)
        if len(one.differences) > MOST:
            out.line(f"  and {len(one.differences) - MOST} more; --json names all")
        if one.reason:
            out.word(f"  {one.reason}\n  hint: {one.hint}")
        if one.sources:
            out.line(terminal(f"  {_sealed(one.seal, one.filter)}"))
        for note in one.notes:
            out.word(f"  note: {note}")


def _headline(one: Checked) -> str:
    name = one.filter or "the page that lists the editions"
    what = {
        Verdict.VERIFIED: "verified",
        Verdict.DIFFERS: "DIFFERS",
        Verdict.UNABLE: "cannot be verified",
    }[one.verdict]
    tips = "1 tip" if len(one.sources) == 1 else f"{len(one.sources)} tips"
    with_what = f"made of {tips}"
    if one.against == "manifest":
        with_what = "compared with its own manifest only"
    if not one.sources:
        return f"{one.filter or one.folder}: {what}"
    return f"{name} of {one.today}: {what}, {counted(one.files, 'file')}, {with_what}"


def _tell(out: Out, difference: Difference) -> None:
    where = difference.path + (f":{difference.line}" if difference.line else "")
    fact = f": {difference.fact}" if difference.fact else ""
    out.line(terminal(f"  {difference.way.value:8} {where}{fact}"))
    if difference.line:
        out.line(terminal(f"    is         {difference.found}"))
        out.line(terminal(f"    should be  {difference.made}"))


def _sealed(seal: Seal, chosen: str) -> str:
    if seal.state is State.NONE:
        return "not signed"
    if seal.state is State.BAD:
        return f"its signature is BAD: {seal.fact}"
    if seal.state is State.UNKNOWN_KEY:
        return f"signed by a key that nobody in the address book has: {seal.key}"
    whose = chosen.partition("/")[0]
    other = f", and not by {whose}, whose filter it is" if whose and whose not in seal.by else ""
    return f"signed by {', '.join(seal.by)}{other} ({seal.key})"
