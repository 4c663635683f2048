"""``rate --next``: what a rater has not rated yet, work by work; the ratings themselves are its state."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from newsrepo import filters
from newsrepo.commons.model import CommonsView, Given, Work
from newsrepo.credit.stories import stories
from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, AxisId, RaterId
from newsrepo.porcelain.find import named_filter
from newsrepo.porcelain.rate import Mark, Rated, put, take_back
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t


class Scale(msgspec.Struct, frozen=True):
    """One axis that the walk asks for, with what its ends mean."""

    id: AxisId
    axis: t.Axis


class Walk:
    """Works to be rated one by one, as they stood when the walk began.

    Each rating is written whole before the next work is shown, so that a walk may end at any moment: the
    next one begins where it ended. What was skipped is not written down and comes again.
    """

    def __init__(
        self,
        work: Workspace,
        *,
        rater: str = "",
        filter: str = "",  # noqa: A002 - its own name
        axes: Sequence[str] = (),
        today: date,
    ) -> None:
        """Raises UsageError for an unknown filter or axis, and where nobody says who rates."""
        self._work = work
        self._view = view = work.here
        self._today = today
        self.rater: RaterId = work.rater(rater)
        self.scales = scales(view, self.rater, axes)
        chosen = named_filter(filter, view) if filter else None
        rated = _rated(view, self.rater)
        found = filters.find(view, filters.parse_query(""), chosen, today)
        self._queue = tuple(i for i in found if (i, view.works[i].version) not in rated)
        self._at = 0
        self._done: list[Rated | None] = []
        self._stories = stories(view.works)

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def works(self) -> tuple[Work, ...]:
        """All works of the walk, in its order."""
        return tuple(self._view.works[i] for i in self._queue)

    @property
    def place(self) -> int:
        """How many works of the walk are behind: rated or skipped."""
        return self._at

    @property
    def given(self) -> int:
        """How many ratings the walk has written, those taken back not counted."""
        return sum(1 for done in self._done if done is not None)

    @property
    def current(self) -> Work | None:
        """The work to be rated now; None when nothing is left."""
        return self._view.works[self._queue[self._at]] if self._at < len(self._queue) else None

    def versions(self) -> tuple[Work, ...]:
        """The other works of the same story, in order of id."""
        if self.current is None:
            return ()
        here = self.current.id
        members = self._stories.members(self._stories.root_of(here))
        return tuple(self._view.works[i] for i in sorted(members) if i != here)

    def give(self, values: Mapping[AxisId, int], note: str = "") -> tuple[Rated, tuple[Given, ...]]:
        """Write the rating, go on, and only now tell what others gave the work, in order of rater."""
        found = self.current
        if found is None:
            raise ValueError("nothing is left to be rated")
        marks: dict[str, int | None] = {str(axis): value for axis, value in values.items()}
        (done,) = put(
            self._work,
            self.rater,
            (Mark(found.id, found.version, marks, note),),
            titles={found.id: found.title},
            today=self._today,
        )
        self._done.append(done)
        self._at += 1
        others = [g for g in self._view.ratings.given(found.id) if g.rater != self.rater]
        return done, tuple(sorted(others, key=lambda g: (g.rater, g.day, g.version, g.axis)))

    def skip(self) -> None:
        """Go on without a rating."""
        self._done.append(None)
        self._at += 1

    def undo(self) -> Rated | None:
        """Go back by one work, and take its rating back if one was given: that rating.

        Raises UsageError at the beginning, and where somebody changed the rating meanwhile.
        """
        if not self._done:
            raise UsageError("nothing to undo: this is where the walk began")
        last = self._done[-1]
        if last is not None:
            take_back(self._work, last)
        self._done.pop()
        self._at -= 1
        return last


def scales(view: CommonsView, rater: RaterId, wanted: Sequence[str]) -> tuple[Scale, ...]:
    """The axes asked for, in order; without any the common ones, then those of the rater's contingent."""
    if wanted:
        for name in wanted:
            if name not in view.axes:
                hint = near(name, view.axes) or f"known: {', '.join(sorted(view.axes))}"
                raise UsageError(f"no such axis: {name!r}", hint)
        return tuple(Scale(AxisId(name), view.axes[AxisId(name)]) for name in dict.fromkeys(wanted))
    own = rater.partition("/")[0] + "/"
    common = [axis for axis in sorted(view.axes) if "/" not in axis]
    mine = [axis for axis in sorted(view.axes) if axis.startswith(own)]
    return tuple(Scale(axis, view.axes[axis]) for axis in (*common, *mine))


def _rated(view: CommonsView, rater: RaterId) -> frozenset[tuple[ArticleId, str]]:
    """The versions that this rater has rated on any axis."""
    raters = frozenset([rater])
    return frozenset(
        (given.work, str(given.version))
        for axis in view.axes
        for given in view.ratings.of_raters(axis, raters)
    )
