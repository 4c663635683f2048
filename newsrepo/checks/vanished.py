"""``vanished-id``, ``rewritten-vote``: what was public is gone, or says something else."""

from collections.abc import Iterator

from newsrepo.checks.changes import Change, ChangeRule, Changeset
from newsrepo.checks.model import Fault
from newsrepo.ids import Kind

_STONES = (Kind.ARTICLE, Kind.COMMENT)
_SIGNED = (Kind.OPENING, Kind.BALLOT, Kind.CLOSING)
_PUBLIC = (Kind.CHALLENGE, Kind.ANSWER, Kind.STATEMENT, Kind.DISSENT, *_SIGNED)


def _find(changeset: Changeset) -> Iterator[Fault]:
    for change in changeset.changes:
        if change.was is None:
            continue
        if change.now is not None:
            if change.kind in _SIGNED:
                yield _rewritten(change)
        elif change.kind in _STONES:
            yield Fault(
                change.path,
                f"{change.id} was published and is gone",
                "bring it back with `status: withdrawn` and a word why; under another path it is a new work, "
                "based on this one",
            )
        elif change.kind in _PUBLIC:
            yield Fault(
                change.path, f"{change.id} was published and is gone", "bring it back: it stays readable"
            )


def _rewritten(change: Change) -> Fault:
    number = "; to vote again, sign a ballot with the next number" if change.kind is Kind.BALLOT else ""
    return Fault(
        change.path,
        f"{change.id} was published and says something else now",
        f"bring back what was signed{number}",
        rule="rewritten-vote",
    )


RULE = ChangeRule(
    "vanished-id",
    "Something that was published is gone without a tombstone.",
    _find,
    others=("rewritten-vote",),
)
