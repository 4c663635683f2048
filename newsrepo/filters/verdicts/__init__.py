"""Why a work is on a front page or not, and what would turn that round: all asked of the one selection."""

from newsrepo.filters.verdicts.account import (
    Account,
    Clause,
    Heard,
    Hop,
    How,
    Knob,
    KnobKind,
    Neighbour,
    Place,
    Pull,
    Reason,
    Sum,
    Truth,
)
from newsrepo.filters.verdicts.why import account

__all__ = [
    "Account",
    "Clause",
    "Heard",
    "Hop",
    "How",
    "Knob",
    "KnobKind",
    "Neighbour",
    "Place",
    "Pull",
    "Reason",
    "Sum",
    "Truth",
    "account",
]
