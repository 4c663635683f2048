"""``mixed-change``, ``unenacted-change``: charter and roll change alone, and as a statement says."""

from collections.abc import Iterator

from newsrepo.checks.changes import ChangeRule, Changeset
from newsrepo.checks.model import Fault
from newsrepo.ids import Kind

_AGREED = (Kind.CHARTER, Kind.ROLL)
_VOTES = (Kind.STATEMENT, Kind.ENACTS, Kind.OPENING, Kind.BALLOT, Kind.CLOSING)


def _find(changeset: Changeset) -> Iterator[Fault]:
    changed = [c for c in changeset.changes if c.kind in _AGREED and c.was is not None]
    votes = [
        c
        for c in changeset.changes
        if c.kind in _VOTES or (c.kind is Kind.SIGNATURE and c.path.startswith("statements/"))
    ]
    for change in changed:
        if votes:
            yield Fault(
                change.path,
                f"changed together with what is voted by it: {votes[0].path!r}"
                + (f" and {len(votes) - 1} more" if len(votes) > 1 else ""),
                "bring the votes in one change and what they decide in a later one",
                rule="mixed-change",
            )
        if changeset.voting and (change.now is None or change.now not in changeset.enacted):
            yield Fault(
                change.path,
                "changed, and no statement in the branch that it is meant for contains it as it is now",
                "charter and roll change only by a carried statement that holds the new file under enacts/",
            )


RULE = ChangeRule(
    "unenacted-change",
    "Charter or roll change without a statement that contains them.",
    _find,
    others=("mixed-change",),
)
