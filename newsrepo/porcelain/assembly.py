"""What an edition may print of the commons' votes: those in its view, counted from the pinned genesis on."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from newsrepo.errors import UnableError
from newsrepo.location import Finding, Location, Severity
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.editions.assembly import Assembly, Papers


def assembled(work: Workspace, view: "Commons") -> "tuple[Assembly | None, tuple[Finding, ...]]":
    """The statements of a view, counted; None where no vote was opened in it, or where none can be counted,
    which the findings tell.
    """
    from newsrepo.porcelain.statements.epochs import pinned_genesis, pins

    if not _has_votes(view):
        return None, ()
    try:
        return assembled_under(work, view, pinned_genesis(work), pins(work)), ()
    except UnableError as error:
        return None, (_uncounted(error.message, error.hint),)


def assembled_under(
    work: Workspace, view: "Commons", genesis: str, follows: Collection[str]
) -> "Assembly | None":
    """The statements of a view, counted from this genesis on; None where no vote was opened in it.

    ``follows`` are the epochs to follow where the commons has split. Raises UnableError where none can be
    counted.
    """
    if not _has_votes(view):
        return None
    from newsrepo.editions.assembly import assemble, papers
    from newsrepo.tally.epoch import EpochError

    found = papers(view)
    if found is None:
        return None
    charter, roll = _beginning(work, found, genesis)
    try:
        return assemble(found, charter, roll, follows)
    except EpochError as error:
        raise UnableError(
            f"the genesis cannot be read: {error}", "pin another: newsrepo init --pin"
        ) from None


def _has_votes(view: "Commons") -> bool:
    return any(path.endswith("/opening.yaml") for path, _, _ in view.carried)


def _beginning(work: Workspace, found: "Papers", genesis: str) -> tuple[bytes, bytes]:
    """The first charter and roll: from the view, else from wherever they lie in this clone.

    They are known by their hash, so that it does not matter where. Raises UnableError.
    """
    from newsrepo.porcelain.statements.epochs import genesis_files
    from newsrepo.porcelain.statements.gathering import gather

    known = found.beginning(genesis)
    return (
        known if known is not None else genesis_files(genesis, gather(work), shallow=work.repository.shallow)
    )


def _uncounted(fact: str, hint: str) -> Finding:
    return Finding(
        "uncounted-votes",
        Location("statements"),
        f"no statement is printed: {fact}",
        hint,
        Severity.WARNING,
    )
