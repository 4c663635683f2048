"""Every rule that a commons must keep: one file a rule, listed here for anyone to read.

Rules print nothing and stop nothing: what they find is a Finding, and the next rule goes on.
"""

from collections.abc import Sequence

from newsrepo.checks import (
    agreed,
    answers,
    authors,
    bodies,
    compatible,
    contingents,
    copies,
    credit_links,
    current,
    cycles,
    dropped,
    edited,
    filters,
    ids,
    keys,
    licenses,
    media,
    orphans,
    pinned,
    quotes,
    ratings,
    replies,
    reuse,
    sources,
    texts,
    vanished,
    versions,
    voices,
    votes,
)
from newsrepo.checks.changes import ChangeRule, Changeset
from newsrepo.checks.memory import Memory
from newsrepo.checks.model import Commons, Known, Rule, Wordings
from newsrepo.checks.places import located
from newsrepo.checks.scope import Whole
from newsrepo.credit.origin import Pasts
from newsrepo.location import Finding

__all__ = ["CHANGE_RULES", "RULES", "ChangeRule", "Commons", "Known", "Rule", "judge", "run"]

RULES: tuple[Rule, ...] = (
    answers.RULE,
    authors.RULE,
    bodies.RULE,
    compatible.RULE,
    contingents.RULE,
    copies.RULE,
    credit_links.RULE,
    current.RULE,
    cycles.RULE,
    dropped.RULE,
    filters.RULE,
    ids.RULE,
    keys.RULE,
    licenses.RULE,
    media.RULE,
    orphans.RULE,
    quotes.RULE,
    ratings.RULE,
    replies.RULE,
    reuse.RULE,
    sources.RULE,
    texts.RULE,
    versions.RULE,
    voices.RULE,
    votes.RULE,
)

CHANGE_RULES: tuple[ChangeRule, ...] = (
    agreed.RULE,
    edited.RULE,
    pinned.RULE,
    vanished.RULE,
)
"""What must hold of a change as such, whatever its files say."""


def run(
    commons: Commons,
    paths: Sequence[str] | None = None,
    known: Known | None = None,
    past: Pasts | None = None,
    history: str | None = None,
    wordings: Wordings | None = None,
) -> tuple[Finding, ...]:
    """Every finding, in order: odd files, faults of reading, and what the rules find.

    ``paths`` (files or folders, relative to the root) narrow what is told, not what is known. ``known``
    tells which object ids the repository has beyond this snapshot; without it only versions that stand in
    the snapshot, or are kept as sources in it, count as known. ``past`` tells the revisions of works;
    without it nobody can say which of two texts was first. ``wordings`` tells the earlier texts of questions;
    without it an answer to one that never was looks like one to an earlier text. ``history`` names the
    state of history that these two tell of: with it, what is found in all of a commons is remembered for the
    next run.
    """
    memory = Memory(commons, known, history) if history is not None and not paths else None
    told = memory.recall() if memory is not None else None
    scope = Whole(commons, paths, memory.known if memory is not None else known, past, wordings)
    if told is None:
        told = _told(scope)
        if memory is not None:
            memory.keep(told)
    found = [finding for finding in commons.findings if scope.wants(finding.location.path)]
    unique = {(f.order, f.severity): f for f in [*found, *told]}
    return tuple(sorted(unique.values(), key=lambda f: f.order))


def _told(scope: Whole) -> tuple[Finding, ...]:
    faults = [(rule.id, fault) for rule in RULES for fault in rule.find(scope) if scope.wants(fault.path)]
    return tuple(located(scope.commons, faults))


def judge(commons: Commons, changeset: Changeset) -> tuple[Finding, ...]:
    """What the rules about changes find, in order; ``commons`` is the one with the change made."""
    faults = [(rule.id, fault) for rule in CHANGE_RULES for fault in rule.find(changeset)]
    return tuple(sorted(located(commons, faults), key=lambda f: f.order))
