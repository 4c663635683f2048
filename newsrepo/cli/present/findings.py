"""Findings as lines that editors and people can follow, and as JSON; how many there are, in words."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from newsrepo.cli.present.encode import quote, terminal, terminal_lines
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.check import Checked, Near, Since

NAMED = 5
"""How many files are named in a word about them; the rest is counted."""

_PLAIN = re.compile(r"[A-Za-z0-9._/-]{1,200}")
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def lines(findings: Sequence[Finding], since: Since | None = None) -> Iterator[str]:
    """Each finding as ``path:line:col: rule: message``, its hint on an indented line of its own.

    Of a change, those in files that it does not touch are marked.
    """
    for at, finding in enumerate(findings):
        marks = [] if finding.severity is Severity.ERROR else [finding.severity.value]
        if since is not None and since.near[at] is Near.ELSEWHERE:
            marks.append("elsewhere, by this change")
        mark = f" ({', '.join(marks)})" if marks else ""
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


def answer(done: Checked) -> dict[str, Any]:
    """What ``check`` found, for JSON; of a change, each finding says how near to it it is."""
    since = done.since
    told = [plain(f) for f in done.findings]
    if since is not None:
        told = [{**finding, "near": near.value} for finding, near in zip(told, since.near, strict=True)]
    return {
        "source": done.source,
        "files": done.files,
        "errors": done.count(Severity.ERROR),
        "warnings": done.count(Severity.WARNING),
        "notes": done.count(Severity.NOTE),
        **({"others": _others(done)} if done.theirs else {}),
        **({} if since is None else {"since": _since(since)}),
        "findings": told,
    }


def _others(done: Checked) -> dict[str, int]:
    """How many findings there are in others' homes."""
    return {f"{noun}s": done.count(severity, theirs=True) for severity, noun in _NOUNS.items()}


def _since(since: Since) -> dict[str, Any]:
    author = since.author
    return {
        "base": since.base,
        "added": since.added,
        "changed": since.changed,
        "removed": since.removed,
        "owners": {owner or "": number for owner, number in since.owners},
        "others": list(since.others),
        "others_cut": since.cut,
        "author": None if author is None else author.name,
        "author_is": None if author is None else sorted(author.contingents),
        "host": author is not None and author.host,
        "hidden": {f"{noun}s": since.hidden[severity] for severity, noun in _NOUNS.items()},
        "whole": since.whole,
    }


def path(finding: Finding, done: Checked) -> str:
    """The file's path for a report that a forge links to files: another's file also says whose it is."""
    place = finding.location
    return place.path if place.source in (done.source, "") else f"{place.source}:{place.path}"


def fingerprints(done: Checked) -> list[str]:
    """A name for each finding, the same wherever in its file it stands, so that one that moves is not new."""
    seen: Counter[str] = Counter()
    found = []
    for finding in done.findings:
        text = "\0".join([finding.rule, path(finding, done), finding.message])
        seen[text] += 1
        found.append(sha256(f"{text}\0{seen[text]}".encode("utf-8", "surrogatepass")).hexdigest())
    return found


def counted(number: int, noun: str) -> str:
    """``1 error``, ``3 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def numbers(counts: Mapping[Severity, int]) -> str:
    """``1 error, 2 notes``; errors are counted also when there are none."""
    shown = [s for s in Severity if counts[s] or s is Severity.ERROR]
    return ", ".join(counted(counts[s], _NOUNS[s]) for s in shown)


def closing(done: Checked) -> list[str]:
    """The last lines: how many of each in how many files, or that all is well, or that there was nothing."""
    if done.since is not None:
        return _of_change(done, done.since)
    if not done.findings and not done.files:
        return ["nothing to check: no records here"]
    said = [_sum(done, f"in {counted(done.files, 'file')}")]
    others = Counter({severity: done.count(severity, theirs=True) for severity in Severity})
    if others.total():
        homes = counted(len({f.location.source for f in done.findings} & done.theirs), "other home")
        said.append(f"{numbers(others)} in {homes}: theirs to mend")
    return said


def _sum(done: Checked, where: str) -> str:
    if not any(done.count(severity) for severity in Severity):
        return f"all is well {'here, ' * bool(done.findings)}{where}"
    return f"{numbers({s: done.count(s) for s in Severity})} {where}"


def _of_change(done: Checked, since: Since) -> list[str]:
    if not done.files:
        said = ["no record is changed" if not done.findings else _sum(done, "and no record is changed")]
    else:
        parts = [(since.added, "added"), (since.changed, "changed"), (since.removed, "removed")]
        how = ", ".join(f"{number} {word}" for number, word in parts if number)
        said = [_sum(done, f"by a change of {counted(done.files, 'record file')} ({how})")]
    if since.author is not None:
        said += _authorship(since)
    if since.others:
        said.append(f"also changed, and no records: {named(since.others)}" + (", at least" * since.cut))
    if number := sum(since.hidden.values()):
        least = "" if since.whole else "at least "
        said.append(
            f"{least}{counted(number, 'finding')} elsewhere, not of this change: `newsrepo check` tells all"
        )
    return said


def _authorship(since: Since) -> list[str]:
    author = since.author
    assert author is not None  # noqa: S101 - asked before
    said = []
    if author.name:
        whom = ", ".join(sorted(author.contingents)) or "nobody in the address book"
        said.append(f"{quote(author.name)} writes for {whom}")
    if author.host:
        owners = ", ".join(f"{owner or 'the commons'} ({number})" for owner, number in since.owners)
        said.append(f"brought by the host; record files by owner: {owners or 'none'}")
    return said


def named(paths: Sequence[str]) -> str:
    """The first few of some paths, in quotes where they are not plain, and how many more there are."""
    shown = ", ".join(path if _PLAIN.fullmatch(path) else quote(path) for path in paths[:NAMED])
    return shown + (f" and {len(paths) - NAMED} more" if len(paths) > NAMED else "")
