"""What is to be said of a record that somebody names and that is not in view.

Its owner's home was never fetched, so that nobody here can tell; or it stood there once and is gone, which is
no fault of whoever names it; or it never was. What is not at somebody else's home, and never was as far as
this clone saw, is a warning: whoever drops a work with its history must not turn the files of those who named
it into faults for all who come later. Of what is homed here it is an error.
"""

from msgspec import Struct

from newsrepo.checks.model import Scope
from newsrepo.ids import Kind, owner
from newsrepo.location import Severity
from newsrepo.records import path_of


class Absent(Struct, frozen=True):
    """The rule, the fact and the way out."""

    rule: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR


def absent(scope: Scope, wanted: str, rule: str = "dangling-id", hint: str = "") -> Absent:
    """What there is to say of the record with the id ``wanted``, written as references write it.

    ``rule`` and ``hint`` are for one that never was.
    """
    who = owner(wanted)
    if who in scope.commons.stale:
        return Absent(
            "unseen-record",
            f"{wanted} is not here, and {who}'s home was never fetched: nobody here can tell whether it is",
            f"fetch it: newsrepo sync {who}",
            Severity.WARNING,
        )
    if scope.commons.stood(who, _path(wanted)):
        return Absent(
            "gone-record",
            f"{wanted} was published, and {who}'s home no longer has it",
            "its text is still at hand where it was kept or fetched; `newsrepo audit` says what became of it",
            Severity.WARNING,
        )
    nearest = hint or scope.nearest(wanted)
    if any(home.owner == who for home in scope.commons.homes):
        fact = f"there is no {wanted} at {who}'s home, and this clone never saw it there"
        return Absent(rule, fact, nearest, Severity.WARNING)
    return Absent(rule, f"there is no {wanted}", nearest)


def _path(wanted: str) -> str:
    kind, colon, name = wanted.rpartition(":")
    try:
        return path_of(Kind(kind) if colon else Kind.ARTICLE, name)
    except ValueError:
        return ""
