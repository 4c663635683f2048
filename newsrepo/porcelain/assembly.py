"""What an edition may print of the commons' votes: those in its view, counted from the pinned genesis on."""

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
    if not any(path.endswith("/opening.yaml") for path, _, _ in view.carried):
        return None, ()
    from newsrepo.editions.assembly import assemble, papers
    from newsrepo.porcelain.statements.epochs import pinned_genesis, pins
    from newsrepo.tally.epoch import EpochError

    found = papers(view)
    if found is None:
        return None, ()
    try:
        charter, roll = _beginning(work, found, pinned_genesis(work))
        return assemble(found, charter, roll, pins(work)), ()
    except UnableError as error:
        return None, (_uncounted(error.message, error.hint),)
    except EpochError as error:
        return None, (_uncounted(f"the genesis cannot be read: {error}", "pin another: newsrepo init --pin"),)


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
