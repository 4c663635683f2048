"""Versions that works cite and that are not at hand, and whom to ask for them."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from newsrepo.commons.model import Remark, Work
from newsrepo.errors import UnableError
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.ids import ArticleId, ContingentId, Oid, owner

MOST = 100
"""Texts asked for at most in one sync of one home: each that a server lacks costs one question more."""


class Cited(Struct, frozen=True):
    """A version that somebody cites: its owner, and all who cite it, in order."""

    version: Oid
    owner: ContingentId
    by: tuple[ContingentId, ...]

    @property
    def ask(self) -> tuple[ContingentId, ...]:
        """Whom to ask, in this order: the owner, then those who cite it."""
        return tuple(dict.fromkeys((self.owner, *self.by)))


def cited(works: Mapping[ArticleId, Work], remarks: Iterable[Remark]) -> tuple[Cited, ...]:
    """Every version that works are based on or comments are about, besides those that stand now, by id."""
    standing = {work.version for work in works.values()}
    by: dict[tuple[Oid, ContingentId], set[ContingentId]] = {}
    for work in works.values():
        for source in work.based_on:
            by.setdefault((Oid(source.version), owner(source.article)), set()).add(work.owner)
    for remark in remarks:
        on, version = remark.comment.on, remark.comment.version
        if version is not None and ":" not in on:
            by.setdefault((Oid(version), owner(on)), set()).add(owner(remark.id))
    return tuple(
        Cited(version, whose, tuple(sorted(by[version, whose])))
        for version, whose in sorted(by)
        if version not in standing
    )


def absent(store: HomeStore, versions: Collection[Cited]) -> tuple[Cited, ...]:
    """Those of which neither the store nor the user's own repository has the text."""
    return tuple(one for one in versions if not _has(store, one.version))


def _has(store: HomeStore, version: Oid) -> bool:
    try:
        return any(True for _ in store.objects.read([version], 0))
    except UnableError:
        return False


class Found(Struct, frozen=True):
    """What came of asking for cited versions."""

    fetched: tuple[Oid, ...] = ()
    missing: tuple[Oid, ...] = ()


def fetch_cited(
    store: HomeStore,
    wanted: Sequence[Cited],
    homes: Mapping[ContingentId, Address],
    *,
    limits: Limits,
    local: bool,
) -> Found:
    """Ask the homes that answered for versions that are not at hand: owners first, then whoever cites them.

    Needs the store's lock. A home that fails is passed over.
    """
    left = {one.version: list(one.ask) for one in wanted}
    got: list[Oid] = []
    asked: set[tuple[Address, Oid]] = set()
    while True:
        questions: dict[Address, list[Oid]] = {}
        for version, whom in left.items():
            while whom:
                address = homes.get(whom.pop(0))
                if address is not None and (address, version) not in asked:
                    questions.setdefault(address, []).append(version)
                    break
        if not questions:
            return Found(tuple(sorted(got)), tuple(sorted(left)))
        for address in sorted(questions):
            some = questions[address][:MOST]
            asked.update((address, version) for version in some)
            kept, _ = store.fetch_blobs(address, some, limits=limits, local=local)
            got += kept
            for version in kept:
                left.pop(version, None)
