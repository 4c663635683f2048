"""Which of two works that share a passage likely had it first, by what history is at hand.

Whoever makes a commit chooses its date, and a clone knows only the history that it fetched: the answer is a
likelihood for people to judge, and never more.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.credit.folding import words
from newsrepo.credit.reuse import Bodies, Reuse, Text
from newsrepo.gitstore.history import Revision
from newsrepo.ids import Oid

MAX_REVISIONS = 50
"""How many revisions of one work are read, the oldest."""


_NEVER = 1 << 62


class Past(Struct, frozen=True):
    """The revisions of a work's text, oldest first. ``cut``: commits at which the history at hand ends."""

    revisions: Sequence[Revision]
    cut: frozenset[Oid] = frozenset()


Pasts = Callable[[Work], Past | None]
"""The past of a work; None where its history is not at hand."""


class By(StrEnum):
    """What the answer rests on."""

    HISTORY = "history"
    DATES = "dates"
    """The dates that the works state, which anybody can write: a hint at most."""
    CREDIT = "credit"
    """One of the two credits a text that has the passages, and keeps it."""
    NOTHING = "nothing"


class Origin(Struct, frozen=True):
    """Which side likely had it first, and since when each had it, in seconds since 1970 (0: not known, or not
    committed yet)."""

    by: By
    one_first: bool
    one_since: int = 0
    other_since: int = 0


def origin(pair: Reuse, one: Work, other: Work, pasts: Pasts | None, bodies: Bodies) -> Origin:
    """Ask history about the longest passage of a pair; without an answer, the dates that the works state."""
    found = _by_history(pair, one, other, pasts, bodies) if pasts is not None else None
    if found is not None:
        return found
    if one.date.at != other.date.at:
        return Origin(By.DATES, one.date.at < other.date.at)
    return Origin(By.NOTHING, one_first=True)


def _by_history(pair: Reuse, one: Work, other: Work, pasts: Pasts, bodies: Bodies) -> Origin | None:
    past, other_past = pasts(one), pasts(other)
    body = bodies([one.version]).get(one.version)
    if past is None or other_past is None or body is None:
        return None
    start, end = max(pair.passages, key=lambda passage: passage.words).one
    text = Text(body)
    run = " ".join(w for w, place in zip(text.words, text.places, strict=True) if start <= place[0] < end)
    first, second = _since(past, run, bodies), _since(other_past, run, bodies)
    # What is in no commit yet is later than what is in one.
    since = first.committed if first else _NEVER
    other_since = second.committed if second else _NEVER
    if since == other_since:
        return None
    later, ends = (second, other_past.cut) if since < other_since else (first, past.cut)
    if later is not None and later.commit in ends:
        return None  # it may have been there before this clone's history begins
    return Origin(By.HISTORY, since < other_since, since % _NEVER, other_since % _NEVER)


def _since(past: Past, run: str, bodies: Bodies) -> Revision | None:
    """The first revision that holds a run of words."""
    for revision in [revision for revision in past.revisions if revision.version][:MAX_REVISIONS]:
        body = bodies([Oid(revision.version)]).get(Oid(revision.version))
        if body is not None and f" {run} " in f" {' '.join(words(body))} ":
            return revision
    return None
