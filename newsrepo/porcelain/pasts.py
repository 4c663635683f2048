"""The revisions of each work in the history that speaks for it: the branch at hand, or its owner's home."""

from typing import TYPE_CHECKING

from newsrepo.credit.origin import Past, Pasts
from newsrepo.errors import UnableError
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons.model import Work
    from newsrepo.gitstore.snapshot import Snapshot


def pasts(work: Workspace, snapshot: "Snapshot") -> Pasts:
    """Tells the past of any work of a snapshot. Nothing is read before it is asked for."""
    from newsrepo.commons import Union

    tips = {h.owner: h.tip for h in snapshot.homes} if isinstance(snapshot, Union) else {}

    def past(of: "Work") -> Past | None:
        home = tips.get(of.owner) if of.source else None
        tip = home or snapshot.tip
        if tip is None:
            return None
        try:
            # A home is asked for its owner's articles alone: forks hold all the others' too.
            history = work.history(tip.commit, of.owner if home else "")
        except UnableError:
            return None  # the other history may still be there; without both nobody can compare
        return Past(history.of(of.path), history.cut)

    return past
