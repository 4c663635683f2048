"""Which comments an edition prints beneath a text, and by which clause of its filter.

Nobody deletes anything: what is not printed is one click away, and logged. Comments are not rated; whose
word counts in a filter's scores is heard here as well, and two lists are for single comments.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from newsrepo.commons.model import Remark
from newsrepo.ids import owner
from newsrepo.ledger.threads import COMMENT, Entry, Thread

ROOM = 50
"""How many comments stand beneath one text at most, the first in order."""


class Clause(StrEnum):
    """What decides about one comment."""

    INCLUDE = "include"
    OWN = "own"
    TRUST = "trust"
    AUTHOR = "author"
    EXCLUDE = "exclude"
    DISTRUST = "distrust"
    ROOM = "room"

    @property
    def prints(self) -> bool:
        return self in (Clause.INCLUDE, Clause.OWN, Clause.TRUST, Clause.AUTHOR)


class Choice(Struct, frozen=True):
    """Whom an edition lets speak beneath its texts.

    ``publisher`` is whose edition it is, ``heard`` are the contingents that its filter trusts to any degree,
    also through vouching, and ``silenced`` those to whom it gives a weight of 0 by name.
    """

    publisher: str
    heard: frozenset[str]
    silenced: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    exclude: frozenset[str] = frozenset()

    def clause(self, remark: Remark, record: str) -> Clause:
        """What decides about a comment on a record, room apart; a hand-picked list goes before trust."""
        who = owner(remark.id)
        if remark.id in self.exclude:
            return Clause.EXCLUDE
        if remark.id in self.include:
            return Clause.INCLUDE
        if who == self.publisher:
            return Clause.OWN
        if who in self.heard:
            return Clause.TRUST
        if who == speaker(record) and who not in self.silenced:
            return Clause.AUTHOR
        return Clause.DISTRUST

    def prints(self, remark: Remark, record: str) -> bool:
        return self.clause(remark, record).prints


def speaker(record: str) -> str:
    """Whose word a record is; for an answer that is who answers, not who asks."""
    if record.startswith("answer:"):
        return record.rpartition("/")[2]
    return "" if record.startswith(COMMENT) else owner(record)


class Judged(Struct, frozen=True):
    """One comment of a discussion with the clause that decides about it."""

    entry: Entry
    clause: Clause


def judged(threads: Sequence[Thread], record: str, chosen: Choice, room: int = ROOM) -> tuple[Judged, ...]:
    """Every comment of a discussion in order; of those that the filter prints, the first ``room`` are."""
    found = []
    for thread in threads:
        for entry in thread.entries:
            clause = chosen.clause(entry.remark, record)
            if clause.prints:
                clause = clause if room > 0 else Clause.ROOM
                room -= 1
            found.append(Judged(entry, clause))
    return tuple(found)


def printed(found: Sequence[Judged]) -> tuple[Entry, ...]:
    """The comments that are printed, each as deep as it stands below those that are printed themselves.

    ``parent`` still names what a comment answers, printed or not.
    """
    depths: dict[str, int] = {}
    kept = []
    for one in found:
        entry = one.entry
        above = depths.get(entry.parent, -1)
        depth = above + 1 if one.clause.prints else above
        depths[entry.remark.id] = depth
        if one.clause.prints:
            kept.append(Entry(entry.remark, depth, entry.parent, entry.lost))
    return tuple(kept)
