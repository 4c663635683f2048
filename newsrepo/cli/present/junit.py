"""Findings as JUnit XML: a case for each, failed when it is an error and not in another's home."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from newsrepo.cli.present.encode import neutral, terminal, terminal_lines
from newsrepo.cli.present.findings import path
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked


def report(done: Checked) -> str:
    """The report, in the order of the findings; one case that passed when there are none."""
    return "\n".join(_lines(done)) + "\n"


def _lines(done: Checked) -> Iterator[str]:
    tests, failures = max(1, len(done.findings)), done.count(Severity.ERROR)
    counts = f'tests="{tests}" failures="{failures}" errors="0"'
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f"<testsuites {counts}>"
    yield f'  <testsuite name="newsrepo check" {counts} skipped="0">'
    if not done.findings:
        yield '    <testcase classname="newsrepo" name="check"/>'
    for finding in done.findings:
        yield from _case(finding, done)
    yield "  </testsuite>"
    yield "</testsuites>"


def _case(finding: Finding, done: Checked) -> Iterator[str]:
    place = finding.location
    where = _attribute(path(finding, done))
    name = _attribute(f"{finding.rule} {place.line}:{place.col}")
    yield f"    <testcase classname={where} name={name}>"
    text = f"{place}: {finding.message}" + (f"\nhint: {finding.hint}" if finding.hint else "")
    body = "\n".join(escape(neutral(line)) for line in terminal_lines(text))
    if finding.severity is Severity.ERROR and place.source not in done.theirs:
        message, rule = _attribute(finding.message), _attribute(finding.rule)
        yield f"      <failure message={message} type={rule}>{body}</failure>"
    else:
        yield f"      <system-out>{finding.severity.value}: {body}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(neutral(terminal(text)))
