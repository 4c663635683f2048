"""All that editions are made from, gathered in one place: for ``build``, and for who verifies what it made.

Whatever else editions come to show is gathered here too, from the view and its tips alone: then an edition
made anew from the same tips is the same. What only this clone happens to know may not go in.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.credit.origin import Pasts
    from newsrepo.editions.assembly import Assembly
    from newsrepo.editions.build import EditionResult
    from newsrepo.editions.shards import Share
    from newsrepo.editions.theme import Theme
    from newsrepo.ids import FilterId
    from newsrepo.ledger import Ledger

Progress = Callable[[int, int], None]


class Grounds(NamedTuple):
    """What all editions of one commons on one day are made from.

    ``cut`` says in words what this clone lacks, so that others would make another edition; empty: nothing.
    """

    view: "Commons"
    today: date
    assembly: "Assembly | None"
    ledger: "Ledger | None"
    past: "Pasts | None"
    cut: str = ""

    def edition(
        self,
        chosen: "FilterId",
        out: Path,
        *,
        state: Path | None = None,
        share: "Share | None" = None,
        theme: "Theme | None" = None,
        jobs: int = 1,
        force: bool = False,
        progress: Progress | None = None,
    ) -> "EditionResult":
        """Bring the edition of a filter up to date in ``out``; as ``build_edition``."""
        from newsrepo.editions.build import build_edition

        return build_edition(
            self.view,
            chosen,
            out,
            today=self.today,
            state=state,
            cut=self.cut,
            past=self.past,
            assembly=self.assembly,
            ledger=self.ledger,
            share=share,
            theme=theme,
            jobs=jobs,
            force=force,
            progress=progress,
        )

    def root(
        self,
        outs: "Mapping[FilterId, Path]",
        root: Path,
        *,
        state: Path | None = None,
        share: "Share | None" = None,
    ) -> bool:
        """Bring the page that lists these editions up to date; as ``build_root``."""
        from newsrepo.editions.build import build_root

        return build_root(self.view, outs, root, today=self.today, cut=self.cut, share=share, state=state)


def gather(work: Workspace, view: "Commons", today: date, assembly: "Assembly | None") -> Grounds:
    """The grounds of a view on ``today``, with its votes as they were counted. Raises UnableError."""
    from newsrepo.porcelain.challenges import in_view
    from newsrepo.porcelain.pasts import pasts

    # A partial clone has history and not its texts.
    past = None if work.repository.partial else pasts(work, view.snapshot)
    return Grounds(view, today, assembly, in_view(work, view, today), past, lacking(work))


def lacking(work: Workspace) -> str:
    """What this clone lacks, in words; empty: nothing."""
    if work.repository.shallow:
        return "a shallow clone"
    return "a partial clone" if work.repository.partial else ""
