"""A commons as it would be with one rating otherwise, or with few works alone, to try the selection on."""

from collections.abc import Mapping

from newsrepo.commons.model import CommonsView, Given, RatingsView, Remark, Work
from newsrepo.filters.notes import Notes, notes
from newsrepo.filters.verdicts.recount import Kept, Patched, Recounted
from newsrepo.ids import ArticleId, AxisId, ContingentId, FilterId
from newsrepo.records import types as t


class Supposed:
    """Implements ``CommonsView``; all but works and ratings is as in ``base``."""

    def __init__(
        self,
        base: CommonsView,
        works: Mapping[ArticleId, Work],
        ratings: RatingsView,
        own_notes: Notes | None = None,
    ) -> None:
        self._base = base
        self._works = works
        self._ratings = ratings
        self._notes = own_notes

    @property
    def own_notes(self) -> Notes:
        """What has been worked out about this view; it goes with it."""
        if self._notes is None:
            self._notes = Notes(self)
        return self._notes

    @property
    def key(self) -> str:
        """Never that of the commons it departs from."""
        return f"supposed:{id(self)}:{self._base.key}"

    @property
    def charter(self) -> t.Charter:
        return self._base.charter

    @property
    def axes(self) -> Mapping[AxisId, t.Axis]:
        return self._base.axes

    @property
    def contingents(self) -> Mapping[ContingentId, t.Contingent]:
        return self._base.contingents

    @property
    def filters(self) -> Mapping[FilterId, t.Filter]:
        return self._base.filters

    @property
    def works(self) -> Mapping[ArticleId, Work]:
        return self._works

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(r for r in self._base.remarks if r.comment.on in self._works)

    @property
    def ratings(self) -> RatingsView:
        return self._ratings

    def search(self, words: str, *, phrase: bool) -> frozenset[ArticleId]:
        """See ``CommonsView.search``."""
        known = notes(self._base)
        found = known.answer(
            ("search", words, phrase), frozenset, lambda: self._base.search(words, phrase=phrase)
        )
        return found & self._works.keys()


def narrowed(view: CommonsView, given: Mapping[ArticleId, tuple[Given, ...]]) -> Supposed:
    """The commons as if it held these works alone, with these ratings."""
    works = {work: view.works[work] for work in sorted(given)}
    return Supposed(view, works, Recounted(works, given))


def otherwise(
    view: CommonsView, work: ArticleId, given: tuple[Given, ...], axis: AxisId, kept: Kept
) -> Supposed:
    """The whole commons, one work's ratings replaced by ``given``, which differ on ``axis`` alone."""
    instead = Recounted({work: view.works[work]}, {work: given})
    patched = Patched(view.ratings, work, instead, kept)
    return Supposed(view, view.works, patched, notes(view).supposing([axis]))
