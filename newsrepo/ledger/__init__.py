"""Who was asked what and what became of it: pure computation on records and days, no files, no clock."""

from newsrepo.ledger.challenges import (
    TERM,
    WAITING,
    Bound,
    Count,
    Entry,
    Ledger,
    Opinion,
    Promised,
    Question,
    Reply,
    State,
    count,
    due_day,
    ledger,
)

__all__ = [
    "TERM",
    "WAITING",
    "Bound",
    "Count",
    "Entry",
    "Ledger",
    "Opinion",
    "Promised",
    "Question",
    "Reply",
    "State",
    "count",
    "due_day",
    "ledger",
]
