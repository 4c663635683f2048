"""A look at a home that nobody has pinned: fetched under the same guard, and no ref of it is kept."""

from collections.abc import Sequence

from newsrepo.errors import UnableError
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.fetch import Call, fetch_addresses
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.ledger import Trouble
from newsrepo.gitstore.reasons import not_a_commit
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import Tip
from newsrepo.ids import Oid


def visit(
    store: HomeStore,
    address: Address,
    *,
    width: int,
    have: Sequence[Oid] = (),
    limits: Limits,
    local: bool = False,
) -> Tip | Trouble:
    """The tip of an address, its objects in the store; or why not. Needs the store's lock.

    ``width`` is the number of digits of an id, ``have`` are commits of the store that its history may share.
    What was fetched stays in the store; nothing names it, so that no view ever shows it.
    """
    git = Git(str(store.path), str(store.path))
    call = Call(limits, local, 1)
    answer = fetch_addresses(git, {address: tuple(have)}, frozenset(), call, width=width)[address]
    if answer.oid is not None:
        try:
            return store.tip(answer.oid)
        except UnableError as error:
            answer = not_a_commit(address, error.message)
    assert answer.trouble is not None  # noqa: S101 - an answer without a commit says why
    return answer.trouble
