"""What has been worked out about a commons, kept for the next question of the same process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TypeVar

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


_notes: OrderedDict[str, Notes] = OrderedDict()


def notes(view: CommonsView) -> Notes:
    """The notes on the content of this view; the last few contents are remembered."""
    found = _notes.get(view.key)
    if found is None:
        found = _notes[view.key] = Notes(view)
        while len(_notes) > _VIEWS:
            _notes.popitem(last=False)
    _notes.move_to_end(view.key)
    return found
