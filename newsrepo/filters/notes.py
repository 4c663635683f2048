"""What has been worked out about a commons, kept for the next question of the same process."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable
from copy import copy
from functools import cached_property
from typing import Protocol, TypeVar, runtime_checkable

from newsrepo.commons.model import CommonsView
from newsrepo.credit.stories import Stories, stories
from newsrepo.filters.columns import Columns
from newsrepo.ids import ArticleId, AxisId
from newsrepo.scores import Score, Trust, score_axis

T = TypeVar("T")

_VIEWS = 2
_ANSWERS = 64


class Notes:
    """Everything derived from one content of a commons; forgets the answers not wanted for longest."""

    def __init__(self, view: CommonsView) -> None:
        self._works = view.works
        self.columns = Columns(view.works)
        self._answers: OrderedDict[Hashable, object] = OrderedDict()

    @cached_property
    def stories(self) -> Stories:
        return stories(self._works)

    def scores(self, view: CommonsView, axis: AxisId, trust: Trust) -> dict[ArticleId, Score]:
        """As ``score_axis``. Whoever gets it must not change it."""
        return self.answer(("scores", axis, trust), dict, lambda: score_axis(view, axis, trust))

    def answer(self, question: Hashable, kind: type[T], work_out: Callable[[], T]) -> T:
        """The answer to a question about this content, worked out once. ``kind`` is the answer's type."""
        known = self._answers.get(question)
        if isinstance(known, kind):
            self._answers.move_to_end(question)
            return known
        made = work_out()
        self._answers[question] = made
        while len(self._answers) > _ANSWERS:
            self._answers.popitem(last=False)
        return made

    def supposing(self, axes: Collection[AxisId]) -> "Notes":
        """Notes on the same works with other ratings on these axes; what is the same either way is shared."""
        other = copy(self)
        other.stories = self.stories
        other.keep(
            lambda question: question[0] in _OF_WORKS or (question[0] == "scores" and question[1] not in axes)
        )
        return other

    def keep(self, wanted: Callable[[tuple[object, ...]], bool]) -> None:
        """Forget all other answers; notes that these were copied from keep theirs."""
        answers = self._answers.items()
        self._answers = OrderedDict((q, a) for q, a in answers if isinstance(q, tuple) and wanted(q))


_OF_WORKS = ("search", "trust", "unheard")
"""The questions whose answers no rating changes."""


@runtime_checkable
class Noted(Protocol):
    """A view that carries its notes with it: one of many that are looked at once, and push out nobody's."""

    @property
    def own_notes(self) -> Notes: ...


_notes: OrderedDict[str, Notes] = OrderedDict()


def notes(view: CommonsView) -> Notes:
    """The notes on the content of this view; the last few contents are remembered."""
    if isinstance(view, Noted):
        return view.own_notes
    found = _notes.get(view.key)
    if found is None:
        found = _notes[view.key] = Notes(view)
        while len(_notes) > _VIEWS:
            _notes.popitem(last=False)
    _notes.move_to_end(view.key)
    return found
