"""``print``: an edition as a leaflet or a newspaper, in one PDF."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newsrepo.errors import UsageError
from newsrepo.location import Finding
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.editions.paper.paper import Paper

KINDS = ("leaflet", "newspaper")
STOCKS = ("a4", "letter")
MOST_PAGES = 64


class Printed(msgspec.Struct, frozen=True):
    """What printing did. ``out`` is empty when nothing could be printed; ``findings`` then say why."""

    filter: str
    kind: str
    stock: str
    pairs: bool
    day: str
    out: str
    size: int
    paper: "Paper"

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.paper.findings


def print_paper(
    work: Workspace,
    name: str,
    *,
    kind: str,
    out: Path,
    start: Path,
    clock: date,
    pages: int = 0,
    stock: str = "a4",
    pairs: bool = False,
    fonts: Sequence[str] = (),
    home: Path | None = None,
    at: str = "",
    only: str = "",
    today: date | None = None,
) -> Printed:
    """Print the edition of a filter into the file ``out``, which is replaced whole or not at all.

    ``pages`` 0 is two for a leaflet, eight for a newspaper, twice as many in ``pairs``. Fonts lie in the
    folders ``fonts`` and where the system keeps them (``home`` is the user's). Relative paths start from
    ``start``. Raises UsageError for arguments that are none, UnableError where the extra ``print`` or a
    folder is missing or the file cannot be written.
    """
    if kind not in KINDS or stock not in STOCKS:
        raise UsageError(
            f"no such paper: {kind!r} on {stock!r}", f"as {' or '.join(KINDS)}, on {' or '.join(STOCKS)}"
        )
    pages = pages or {"leaflet": 2, "newspaper": 8}[kind] * (2 if pairs else 1)
    if not 1 <= pages <= MOST_PAGES:
        raise UsageError(f"--pages is from 1 to {MOST_PAGES}, not {pages}")
    if pairs and pages % 4:
        raise UsageError(
            f"--pairs folds sheets of four pages, and {pages} do not fill them",
            f"say --pages {-(-pages // 4) * 4}",
        )
    target = Path(os.path.abspath(start / out))
    if target.is_dir():
        raise UsageError(f"{str(out)!r} is a folder", "name the PDF: -o paper.pdf")

    from newsrepo.editions.build import prepare
    from newsrepo.editions.paper.faces import Faces, default_folders
    from newsrepo.editions.paper.paper import print_edition
    from newsrepo.editions.paper.sheets import Kind, Stock
    from newsrepo.gitstore.files import write_atomic
    from newsrepo.porcelain.assembly import assembled
    from newsrepo.porcelain.build import edition_day
    from newsrepo.porcelain.find import named_filter

    folders = [Path(os.path.abspath(start / folder)) for folder in fonts]
    for given, folder in zip(fonts, folders, strict=True):
        if not folder.is_dir():
            raise UsageError(f"no such folder: {given!r}", "--fonts names a folder with font files")
    faces = Faces((*folders, *default_folders(home)))
    snapshot = work.snapshot(at=at, only=only)
    view = work.commons(snapshot)
    chosen = named_filter(name.removeprefix("filter:"), view)
    day, _ = edition_day(snapshot, today, clock)
    assembly, _ = assembled(work, view)
    ctx = prepare(view, chosen, day, assembly=assembly)
    done = print_edition(
        ctx, view.texts, kind=Kind(kind), pages=pages, stock=Stock(stock), faces=faces, pairs=pairs
    )
    if done.pdf:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, done.pdf)
    return Printed(
        filter=chosen, kind=kind, stock=stock, pairs=pairs, day=day.isoformat(),
        out=str(target) if done.pdf else "", size=len(done.pdf), paper=done,
    )  # fmt: skip


def as_fields(done: Printed) -> dict[str, Any]:
    """The answer as plain values, without the PDF's own bytes."""
    from hashlib import sha256

    paper = done.paper
    return {
        "filter": done.filter,
        "as": done.kind,
        "paper": done.stock,
        "pairs": done.pairs,
        "today": done.day,
        "file": done.out or None,
        "bytes": done.size,
        "sha256": sha256(paper.pdf).hexdigest() if paper.pdf else None,
        "title": paper.title,
        "pages": paper.pages,
        "stories": list(paper.stories),
        "shortened": [left.id for left in paper.shortened],
        "left_out": [{"id": left.id, "title": left.title, "why": left.why} for left in paper.left_out],
        "fonts": list(paper.fonts),
    }
