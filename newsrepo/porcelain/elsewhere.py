"""What this clone knows of others' homes beyond what speaks: who was never reached, what ever stood."""

from functools import partial
from typing import TYPE_CHECKING

from newsrepo.audits import Text
from newsrepo.errors import UnableError
from newsrepo.gitstore.addresses import Address, same_place
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.tree import Start, TreeReader, Walked
from newsrepo.ids import ContingentId
from newsrepo.porcelain.book import book
from newsrepo.porcelain.homes import Clone, home_of
from newsrepo.porcelain.together import charter_in, plan
from newsrepo.records.claims import claimant, may_hold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from newsrepo.gitstore.ledger import Seen
    from newsrepo.gitstore.snapshot import Snapshot
    from newsrepo.records import types as t


def ever_stood(store: HomeStore, owner: ContingentId) -> dict[str, Text]:
    """Every path of a contingent's at any tip of its home that was ever seen, as at the latest of these.

    Tips that cannot be read are passed over. Raises UnableError when the store cannot be read at all.
    """
    tips = sorted((store.tip(commit) for commit in store.seen(owner)), key=lambda t: (t.committed, t.commit))
    trees = TreeReader(store.objects)
    walks = trees.walk_all([Start(tip.tree, "", partial(may_hold, owner=owner)) for tip in tips])
    found: dict[str, Text] = {}
    for tip, walked in zip(tips, walks, strict=True):
        if isinstance(walked, Walked):
            found |= {e.path: Text(tip.commit, e.oid) for e in walked.entries if claimant(e.path) == owner}
    return found


class Elsewhere:
    """Implements ``commons.Elsewhere`` for one clone; nothing is read before it is asked for."""

    def __init__(self, store: HomeStore | None, homes: "Mapping[str, Seen]", clone: Clone) -> None:
        self._store = store
        self._homes = homes
        self._clone = clone
        self._ever: dict[ContingentId, frozenset[str]] = {}

    def unfetched(self, own: "Snapshot") -> tuple[ContingentId, ...]:
        """The contingents whose home is not here, by these files, and was never reached; in order of id.

        What was never fetched may be anything, so in doubt a home is here: then it is plain what it lacks.
        """
        pages, charter = book(own.entries, own.read), charter_in(own)
        stale = plan(pages, charter, self._homes, self._clone).stale
        return tuple(
            who for who in stale if not self._shared(home_of(who, pages[who].record, charter), charter)
        )

    def _shared(self, home: "Address | None", charter: "t.Charter | None") -> bool:
        """Whether this branch may well be a home: of the place it came from, or of the commons itself.

        A checkout that stands on no branch, as on a forge, does not say which one it would become.
        """
        clone, place = self._clone, charter.home if charter is not None else None
        if home is None:
            return True
        if clone.origin:
            branch = clone.branch or clone.default
            return same_place(home.url, clone.origin) and (not home.branch or branch in ("", home.branch))
        return bool(place) and not home.branch and same_place(home.url, str(place))

    def ever(self, owner: ContingentId) -> frozenset[str]:
        """As ``commons.Elsewhere``: every path ever seen, every article in the history of the last tip."""
        found = self._ever.get(owner)
        if found is None:
            found = self._ever[owner] = frozenset({*self._stood(owner), *self._revised(owner)})
        return found

    def _stood(self, owner: ContingentId) -> "Collection[str]":
        return ever_stood(self._store, owner) if self._store is not None else ()

    def _revised(self, owner: ContingentId) -> "Collection[str]":
        """Who syncs for the first time saw one tip only; its history tells what was dropped before."""
        seen = self._homes.get(owner)
        if self._store is None or seen is None or seen.commit is None:
            return ()
        try:
            return self._store.history(seen.commit, owner).revisions
        except UnableError:
            return ()  # only what stands at the tips is known, then
