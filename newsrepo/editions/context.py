"""What an edition is made from: the commons, what the filter chose of it, and the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from newsrepo.commons.model import CommonsView
from newsrepo.credit.cited import Read
from newsrepo.credit.origin import Pasts
from newsrepo.credit.stories import Stories
from newsrepo.filters.model import Selection
from newsrepo.ids import ContingentId, FilterId, Oid
from newsrepo.ledger import Ledger
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.editions.assembly import Assembly
    from newsrepo.editions.manifest import Manifest
    from newsrepo.editions.newsprint import Newspaper
    from newsrepo.editions.search import Finder
    from newsrepo.editions.sketch import Sketched


class MediaView(Protocol):
    """What is known of a media file from its bytes."""

    @property
    def sha256(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


class Library(CommonsView, Protocol):
    """A commons with its files: ``files`` maps each path to its place, object id and size."""

    @property
    def files(self) -> Mapping[str, tuple[Any, Oid, int]]: ...

    def media(self, path: str) -> MediaView | None:
        """What the file at ``path`` is; None when it is no medium, or damaged."""
        ...


@dataclass(frozen=True)
class Context:
    """One edition to be made. ``today`` is the edition's day; what is dated later waits.

    ``voices`` are the contingents whose ratings the filter trusts at all, also through vouching; None takes
    those that the filter names. ``read`` gives texts that are kept as sources; without it none is at hand.
    ``assembly`` is what was put to the vote; without it nothing was, as far as this edition knows.
    ``ledger`` is what became of public questions by that day; without it nobody asked any.
    ``made`` is the manifest but for its files; without it the edition tells of its making only the day.
    ``finder`` keeps the indexes of the search; without it the edition has none.
    ``paper`` is the edition as a newspaper; without it the edition has none.
    ``past`` tells the revisions of works in the history that speaks for them; without it nothing was revised.
    """

    commons: Library
    filter_id: FilterId
    filter: t.Filter
    selection: Selection
    stories: Stories
    today: date
    voices: frozenset[ContingentId] | None = None
    read: Read | None = None
    past: Pasts | None = None
    assembly: "Assembly | None" = None
    ledger: Ledger | None = None
    made: "Manifest | None" = None
    finder: "Finder | None" = None
    paper: "Newspaper | None" = None

    @property
    def owner(self) -> ContingentId:
        return ContingentId(self.filter_id.partition("/")[0])

    @cached_property
    def sketched(self) -> "Sketched":
        """The opinion map, drawn when first asked for unless it is remembered; or why there is none."""
        from newsrepo.editions.sketch import sketched

        return sketched(self)
