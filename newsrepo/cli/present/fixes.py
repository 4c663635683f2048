"""What ``check --fix`` did, or would do, for a reader: each mend by file, and what was left and why."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from newsrepo.cli.present import findings
from newsrepo.cli.present.encode import terminal, terminal_lines
from newsrepo.cli.present.findings import counted
from newsrepo.porcelain.fix import Fixed


def lines(fixed: Fixed) -> Iterator[str]:
    """Each mend as ``path: rule: what was done``, then what was left and why; with ``dry`` also the diff."""
    if fixed.dry:
        yield from (line for text in fixed.diff() for line in terminal_lines(text))
    for wrote in fixed.written:
        for done in wrote.done:
            yield f"{terminal(wrote.path)}: {done.rule}: {done.told}"
    for left in fixed.left:
        yield f"{terminal(str(left.finding.location))}: {left.finding.rule}: left alone: {terminal(left.why)}"


def closing(fixed: Fixed) -> str:
    """How many files were written, and how many findings somebody else could mend in the same way."""
    told = f"{'would write' if fixed.dry else 'wrote'} {counted(len(fixed.written), 'file')}"
    if not fixed.written:
        told = "nothing to write"
    if fixed.left:
        told += f"; left {counted(len(fixed.left), 'finding')} alone"
    if fixed.theirs:
        told += f"; {counted(len(fixed.theirs), 'finding')} for others to mend ({_owners(fixed)})"
    return told


def _owners(fixed: Fixed) -> str:
    """Whose they are, with how many of each; the charter and the roll are the commons' own."""
    count = Counter(owner_of(finding.location.path) for finding in fixed.theirs)
    return ", ".join(f"{owner}: {count[owner]}" for owner in sorted(count))


def owner_of(path: str) -> str:
    from newsrepo.records import Place, place

    found = place(path)
    return (found.owner if isinstance(found, Place) else None) or "the commons"


def plain(fixed: Fixed) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "dry_run": fixed.dry,
        "written": [
            {
                "path": wrote.path,
                "new": wrote.old is None,
                "done": [{"rule": done.rule, "told": done.told} for done in wrote.done],
            }
            for wrote in fixed.written
        ],
        "left": [{**findings.plain(left.finding), "why": left.why} for left in fixed.left],
        "theirs": [{**findings.plain(f), "owner": owner_of(f.location.path)} for f in fixed.theirs],
    }
