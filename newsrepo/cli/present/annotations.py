"""Findings as workflow commands, which a forge shows beside the lines they are about, and as a summary page.

The runner takes commands from any line that begins with ``::`` after white space, and from ``##[`` anywhere
in a line, on both streams. Only lines made here are commands; whatever else stands on standard output is
made harmless and is said while commands are stopped.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from newsrepo.cli.present.encode import annotation, markdown, neutral
from newsrepo.cli.present.findings import closing, counted, lines
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked

SHOWN = 10
"""How many annotations of one level a forge shows for a step (and 50 for a job); it drops the rest."""

LISTED = 100
"""How many findings stand on the summary page."""

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def commands(done: Checked, token: str) -> Iterator[str]:
    """Lines for standard output: an annotation for each of the first findings of a level, then the others.

    ``token`` starts commands again after they were stopped; no file may hold it, so it is drawn anew for
    each run.
    """
    seen: Counter[Severity] = Counter()
    rest: list[Finding] = []
    for finding in done.findings:
        seen[finding.severity] += 1
        if seen[finding.severity] <= SHOWN:
            yield _command(finding, done)
        else:
            rest.append(finding)
    if rest:
        yield f"::stop-commands::{token}"
        yield f"  {counted(len(rest), 'more finding')}, not shown beside the files:"
        yield from (neutral(f"  {line}") for line in lines(rest))
        yield f"::{token}::"


def _command(finding: Finding, done: Checked) -> str:
    place = finding.location
    message = finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")
    level = _LEVEL[finding.severity]
    if place.source not in (done.source, ""):  # a file of the same path here is another's
        return annotation(level, f"{place}: {message}", title=finding.rule)
    return annotation(level, message, file=place.path, line=place.line, col=place.col, title=finding.rule)


def summary(done: Checked) -> str:
    """The findings as a page of Markdown in which nothing but our own marks is Markdown."""
    said = [f"- {markdown(word)}" for word in closing(done)]
    found = [_row(finding) for finding in done.findings[:LISTED]]
    if len(done.findings) > LISTED:
        found.append(f"- … and {len(done.findings) - LISTED} more, in the log")
    return "\n".join(["### newsrepo check", "", *said, "", *found]).rstrip("\n") + "\n"


def _row(finding: Finding) -> str:
    place, message = markdown(str(finding.location)), markdown(finding.message)
    hint = f" *{markdown(finding.hint)}*" if finding.hint else ""
    return f"- **{_LEVEL[finding.severity]}** {markdown(finding.rule)}, {place}: {message}{hint}"


__all__: Sequence[str] = ("LISTED", "SHOWN", "commands", "summary")
