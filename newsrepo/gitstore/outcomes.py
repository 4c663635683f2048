"""What is asked of a home in a sync, and what may become of it."""

from enum import StrEnum

from msgspec import Struct

from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.snapshot import Tip
from newsrepo.ids import Oid


class Outcome(StrEnum):
    """What became of one home in a sync. After the first four its tip is what its branch names now."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FORWARD = "forward"
    REWRITTEN = "rewritten"
    WITHHELD = "withheld"
    """The branch or the whole repository is gone, or was never there."""
    UNSOUND = "unsound"
    """Refused for what its objects are."""
    OVER_LIMIT = "over-limit"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The address is none that git may be told about; nothing was asked."""

    @property
    def reached(self) -> bool:
        """Whether the tip is what the home says now."""
        return self in (Outcome.NEW, Outcome.UNCHANGED, Outcome.FORWARD, Outcome.REWRITTEN)


class Wanted(Struct, frozen=True):
    """A home to fetch: whose, where from, and the last good tip, if there is one."""

    name: str
    address: Address
    known: Oid | None = None


class Fetched(Struct, frozen=True):
    """What became of it. ``tip`` is the last good one now (the earlier where it was not reached), None for
    none; ``trouble`` is there for every outcome but new, unchanged and forward."""

    name: str
    address: Address
    outcome: Outcome
    before: Oid | None
    tip: Tip | None
    trouble: Trouble | None = None


class Answer(Struct, frozen=True):
    """What one address gave: the commit that its branch names, all of it at hand; or why not."""

    oid: Oid | None = None
    outcome: Outcome = Outcome.UNCHANGED
    trouble: Trouble | None = None
    unchecked: bool = False
    """Whether objects may have come in past git's checks, and must be thrown out again."""
