"""Findings as a code quality report: a list of issues in JSON, each with a fingerprint of its own."""

from typing import Any

from newsrepo.cli.present.encode import json_text, page
from newsrepo.cli.present.findings import fingerprints, path
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def report(done: Checked) -> str:
    """The report, in the order of the findings."""
    rows = zip(done.findings, fingerprints(done), strict=True)
    return json_text([_issue(finding, done, fingerprint) for finding, fingerprint in rows]) + "\n"


def _issue(finding: Finding, done: Checked, fingerprint: str) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": page(finding.message + (f" ({finding.hint})" if finding.hint else "")),
        "severity": _SEVERITY[finding.severity],
        "fingerprint": fingerprint,
        "location": {"path": path(finding, done), "lines": {"begin": finding.location.line}},
    }
