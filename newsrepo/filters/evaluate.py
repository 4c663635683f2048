"""Which works a query holds of, in three values: true, false, and unknown where nobody trusted has rated.

Kleene's logic: *not* unknown is unknown; *and* is false once one part is false, *or* is true once one part is
true, and otherwise an unknown part makes the whole unknown. A work is found only where the query is true, so
an unrated work fails a comparison and its negation alike.
"""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne

from newsrepo.commons.model import CommonsView
from newsrepo.filters.columns import NOBODY, Ids
from newsrepo.filters.notes import Notes
from newsrepo.filters.query.syntax import (
    And,
    AxisRef,
    Comparison,
    Key,
    Node,
    Not,
    Op,
    Or,
    Phrase,
    State,
    Tag,
    Unrated,
    When,
    Word,
)
from newsrepo.ids import ArticleId, AxisId, FilterId
from newsrepo.records.scalars import MILLION, Span
from newsrepo.scores import Said, Score, Trust, said_by

_OPS: dict[Op, Callable[[int, int], bool]] = {
    Op.AT_LEAST: ge,
    Op.MORE: gt,
    Op.AT_MOST: le,
    Op.LESS: lt,
    Op.EQUAL: eq,
    Op.OTHER: ne,
}


class Evaluator:
    """Answers queries over one commons on one day, listening to one filter's trust.

    ``others`` gives what each filter named by ``in:`` selects. Names must have been checked before: an
    axis or a filter that is not there raises KeyError.
    """

    def __init__(
        self,
        view: CommonsView,
        notes: Notes,
        trust: Trust,
        today: date,
        others: dict[FilterId, Ids],
    ) -> None:
        self._view = view
        self._notes = notes
        self._trust = trust
        self._today = today
        self._others = others

    def true(self, node: Node, among: Ids) -> Ids:
        """The works of ``among`` of which the query is true."""
        return self._split(node, among)[0]

    def scores(self, axis: AxisId) -> dict[ArticleId, Score]:
        """The scores of all works on one axis, not to be changed."""
        return self._notes.scores(self._view, axis, self._trust)

    def compared(self, node: Comparison, work: ArticleId) -> Fraction | None:
        """What a comparison compares of one work: a score or a mean; None where there is none."""
        if node.axis.contingent is None:
            score = self._scores(node.axis).get(work)
            return score.value if score is not None else None
        said = self._said(node.axis).get(work)
        return Fraction(said.mean, MILLION) if said is not None else None

    def _split(self, node: Node, among: Ids) -> tuple[Ids, Ids]:
        """The works of ``among`` for which the node is true, and those for which it is unknown."""
        if isinstance(node, And):
            true = possible = among
            for part in node.parts:
                yes, unknown = self._split(part, possible)
                true &= yes
                possible = yes | unknown
            return true, possible - true
        if isinstance(node, Or):
            true, unknown, left = NOBODY, NOBODY, among
            for part in node.parts:
                yes, maybe = self._split(part, left)
                true |= yes
                unknown |= maybe
                left -= yes
            return true, unknown - true
        if isinstance(node, Not):
            yes, unknown = self._split(node.part, among)
            return among - yes - unknown, unknown
        if isinstance(node, Comparison):
            return self._compared(node, among)
        return self._found(node, among), NOBODY

    def _compared(self, node: Comparison, among: Ids) -> tuple[Ids, Ids]:
        compare = _OPS[node.op]
        number = node.number.millionths
        if node.axis.contingent is None:
            scores = self._scores(node.axis)
            rated = among & scores.keys()
            true = frozenset(
                work for work in rated if compare((score := scores[work]).num * MILLION, number * score.den)
            )
        else:
            said = self._said(node.axis)
            rated = among & said.keys()
            true = frozenset(work for work in rated if compare(said[work].mean, number))
        return true, among - rated

    def _found(self, node: Node, among: Ids) -> Ids:
        columns = self._notes.columns
        if isinstance(node, Word):
            return among & self._search(node.text, phrase=False)
        if isinstance(node, Phrase):
            return among & self._search(node.text, phrase=True)
        if isinstance(node, Unrated):
            return among - self._rated(node.axis)
        if isinstance(node, When):
            day = self._day(node)
            days = columns.days
            if node.key is Key.SINCE:
                return frozenset(work for work in among if days[work] >= day)
            return frozenset(work for work in among if days[work] <= day)
        if isinstance(node, Tag):
            return among & self._tagged(node)
        raise AssertionError(f"a query with a {type(node).__name__} in it")

    def _tagged(self, node: Tag) -> Ids:
        columns, value = self._notes.columns, node.value
        match node.key:
            case Key.TOPIC:
                return columns.topics.get(value, NOBODY)
            case Key.BY:
                return columns.owners.get(value, NOBODY)
            case Key.AUTHOR:
                return columns.authored(value)
            case Key.PLACE:
                return columns.placed(value)
            case Key.LANG:
                return columns.languages.get(value.lower(), NOBODY)
            case Key.BASED_ON:
                return columns.sources.get(value, NOBODY)
            case Key.IN:
                return self._others[FilterId(value)]
            case Key.IS if value in (State.RATED, State.UNRATED):
                # contingents may declare as many axes as they like; the common ones are few
                common = [axis for axis in self._view.axes if "/" not in axis]
                rated = NOBODY.union(*(self._rated(AxisRef(axis)) for axis in common))
                return rated if value == State.RATED else columns.everything - rated
            case Key.IS:
                return columns.states.get(value, NOBODY)
            case _:
                raise AssertionError(f"a query with a plain {node.key}: in it")

    def _day(self, node: When) -> date:
        if not isinstance(node.when, Span):
            return node.when.date
        try:
            return self._today - timedelta(days=node.when.days)
        except OverflowError:
            return date.min

    def _search(self, text: str, *, phrase: bool) -> Ids:
        return self._notes.answer(
            ("search", text, phrase), frozenset, lambda: self._view.search(text, phrase=phrase)
        )

    def _rated(self, axis: AxisRef) -> Ids:
        return frozenset(self._scores(axis) if axis.contingent is None else self._said(axis))

    def _scores(self, axis: AxisRef) -> dict[ArticleId, Score]:
        return self.scores(axis.axis)

    def _said(self, axis: AxisRef) -> dict[ArticleId, Said]:
        if axis.contingent is None:
            raise AssertionError("an axis reference without a voice")
        contingent, rater, carry = axis.contingent, axis.rater, self._trust.carry
        return self._notes.answer(
            ("said", axis, carry > 0),
            dict,
            lambda: said_by(self._view, axis.axis, contingent, rater, carry),
        )
