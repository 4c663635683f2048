"""``export epub``: an edition as a book."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.editions.epub.book import Book


class Bound(msgspec.Struct, frozen=True):
    """A book that was written to ``out``."""

    filter: str
    day: str
    out: str
    book: "Book"


def export_epub(
    work: Workspace,
    name: str,
    *,
    out: Path,
    start: Path,
    clock: date,
    at: str = "",
    only: str = "",
    today: date | None = None,
) -> Bound:
    """Write the edition of a filter as an EPUB to the file ``out``, which is replaced whole or not at all.

    Relative paths start from ``start``. Raises UsageError for a filter that is not there and for a folder in
    the file's place, UnableError when it cannot be written.
    """
    target = Path(os.path.abspath(start / out))
    if target.is_dir():
        raise UsageError(f"{str(out)!r} is a folder", "name the book: -o edition.epub")

    from newsrepo.editions.build import prepare
    from newsrepo.editions.epub.book import bind
    from newsrepo.gitstore.files import write_atomic
    from newsrepo.porcelain.assembly import assembled
    from newsrepo.porcelain.build import edition_day
    from newsrepo.porcelain.find import named_filter

    snapshot = work.snapshot(at=at, only=only)
    view = work.commons(snapshot)
    chosen = named_filter(name.removeprefix("filter:"), view)
    day, _ = edition_day(snapshot, today, clock)
    assembly, _ = assembled(work, view)
    book = bind(prepare(view, chosen, day, assembly=assembly), view.texts)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(target, book.epub)
    return Bound(filter=chosen, day=day.isoformat(), out=str(target), book=book)
