"""``compare``: two front pages of one commons on one day, story by story."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from newsrepo.commons.model import CommonsView, Work
from newsrepo.editions.fronts import Head, head
from newsrepo.filters.fronts import Fronts, Row, face, fronts
from newsrepo.ids import ArticleId
from newsrepo.porcelain.build import edition_day
from newsrepo.porcelain.find import named_filter
from newsrepo.porcelain.workspace import Workspace

if TYPE_CHECKING:
    from newsrepo.commons import Commons


class Compared(msgspec.Struct, frozen=True):
    """Two front pages. ``day_from`` says where the day is from: ``option``, ``commit`` or ``clock``."""

    day: date
    day_from: str
    heads: tuple[Head, Head]
    fronts: Fronts
    view: CommonsView

    @property
    def works(self) -> Mapping[ArticleId, Work]:
        return self.view.works

    def face(self, row: Row) -> Work:
        """The work by which a story is named."""
        return self.view.works[face(self.view, row)]


def compare(
    work: Workspace, one: str, other: str, *, today: date | None, clock: date, at: str = ""
) -> Compared:
    """Compare what two filters print, on the day that their editions would have.

    Raises UsageError for what is no filter, FilterError for one that cannot be evaluated.
    """
    snapshot = work.snapshot(at=at)
    view: Commons = work.commons(snapshot)
    left, right = named_filter(one, view), named_filter(other, view)
    day, day_from = edition_day(snapshot, today, clock)
    return Compared(
        day, day_from, (head(view, left), head(view, right)), fronts(view, left, right, day), view
    )


def page(found: Compared, *, every: bool) -> bytes:
    """The comparison as one page that needs nothing beside it; ``every`` lists also what neither prints."""
    from newsrepo.editions.fronts import fronts_page

    return fronts_page(found.view, found.heads, found.fronts, found.day, every=every)
