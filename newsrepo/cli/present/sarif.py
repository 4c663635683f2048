"""Findings as SARIF 2.1.0, the form in which code scanners exchange results."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from newsrepo import __version__
from newsrepo.cli.present.encode import json_text, page
from newsrepo.cli.present.findings import fingerprints
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
NAME = "finding/v1"
"""How a result's fingerprint is called; a new way to make it gets a new name."""

_LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def report(done: Checked, sentences: Mapping[str, str]) -> str:
    """One run with a result for each finding, in their order; ``sentences`` say what each rule is about."""
    rules = sorted({finding.rule for finding in done.findings})
    numbers = {rule: number for number, rule in enumerate(rules)}
    results = [
        {
            **_result(finding, done),
            "ruleIndex": numbers[finding.rule],
            "partialFingerprints": {NAME: name},
        }
        for finding, name in zip(done.findings, fingerprints(done), strict=True)
    ]
    driver = {
        "name": "newsrepo",
        "version": __version__,
        "rules": [_rule(rule, sentences.get(rule, rule)) for rule in rules],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(rule: str, sentence: str) -> dict[str, Any]:
    return {
        "id": rule,
        "shortDescription": {"text": sentence},
        "help": {"text": f"What it is about, and what to do: newsrepo explain {rule}"},
    }


def _result(finding: Finding, done: Checked) -> dict[str, Any]:
    place = finding.location
    artifact: dict[str, Any] = {"uri": quote(place.path.encode("utf-8", "surrogatepass"), safe="/")}
    if place.source in (done.source, ""):
        artifact["uriBaseId"] = "%SRCROOT%"
    return {
        "ruleId": finding.rule,
        "level": _LEVEL[finding.severity],
        "message": {"text": page(finding.message + (f"\nhint: {finding.hint}" if finding.hint else ""))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact,
                    "region": {"startLine": place.line, "startColumn": place.col},
                }
            }
        ],
        **({"properties": {"source": place.source}} if place.source else {}),
    }
