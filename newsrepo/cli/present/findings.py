"""Findings as lines that editors and people can follow, as JSON, and as CI annotations."""

from collections.abc import Iterator, Sequence
from typing import Any

from newsrepo.cli.present.encode import annotation, terminal, terminal_lines
from newsrepo.location import Finding, Severity


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding as ``path:line:col: rule: message``, its hint on an indented line of its own."""
    for finding in findings:
        mark = "" if finding.severity is Severity.ERROR else f" ({finding.severity.value})"
        first, *rest = terminal_lines(finding.message)
        yield f"{terminal(str(finding.location))}: {terminal(finding.rule)}{mark}: {first}"
        yield from (f"  {line}" for line in rest)
        if finding.hint:
            yield from (f"  hint: {line}" for line in terminal_lines(finding.hint))


def plain(finding: Finding) -> dict[str, Any]:
    """One finding for JSON."""
    place = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "path": place.path,
        "line": place.line,
        "col": place.col,
        "source": place.source,
        "message": finding.message,
        "hint": finding.hint,
    }


_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def annotations(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding as one workflow command that a forge shows beside the line it is about."""
    for finding in findings:
        place = finding.location
        message = finding.message + (f"\nhint: {finding.hint}" if finding.hint else "")
        yield annotation(
            _LEVEL[finding.severity],
            message,
            file=place.path,
            line=place.line,
            col=place.col,
            title=finding.rule,
        )


def counted(number: int, noun: str) -> str:
    """``1 error``, ``3 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def closing(findings: Sequence[Finding], files: int) -> str:
    """The last line: how many of each in how many files, or that all is well, or that there was nothing."""
    if not findings and not files:
        return "nothing to check: no records here"
    where = f"in {counted(files, 'file')}"
    if not findings:
        return f"all is well {where}"
    parts = []
    for severity, noun in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note")):
        number = sum(f.severity is severity for f in findings)
        if number or severity is Severity.ERROR:
            parts.append(counted(number, noun))
    return f"{', '.join(parts)} {where}"
