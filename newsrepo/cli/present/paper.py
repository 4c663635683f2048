"""What ``print`` did, for a person and for a script."""

import os

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.findings import counted, plain
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.print import Printed, as_fields

SHOWN = 20
"""How many stories that were left out a person is told of."""


def as_json(out: Out, done: Printed) -> None:
    out.json("print", {**as_fields(done), "findings": [plain(finding) for finding in done.findings]})


def as_text(out: Out, done: Printed, here: str) -> None:
    """The file as the answer; what was shortened, left out or found, as words beside it."""
    paper = done.paper
    for finding in done.findings:
        out.warn(f"{finding.location}: {finding.rule}: {finding.message}", finding.hint)
    if not done.out:
        out.word("nothing was printed")
        return
    inside = done.out.startswith(here.rstrip(os.sep) + os.sep)
    out.line(terminal(os.path.relpath(done.out, here) if inside else done.out))
    stories = f"{len(paper.stories)} {'story' if len(paper.stories) == 1 else 'stories'}"
    out.word(f"{done.filter} of {done.day}: {stories} on {counted(paper.pages, 'page')}")
    for left in paper.shortened:
        out.word(f"  shortened: {left.id} ({left.title})")
    for left in paper.left_out[:SHOWN]:
        out.word(f"  left out, {left.why}: {left.id} ({left.title})")
    if len(paper.left_out) > SHOWN:
        out.word(f"  and {len(paper.left_out) - SHOWN} more left out (--json names them)")
