"""The derivation of one work both ways, as lines of a tree: what it rests on, and what rests on it.

Every exact text is followed once, so that the lines are never more than the derivations stated; circles end
where they close, and what is not in view is a line like any other. Nothing here recurses, however long the
chain.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.credit.cited import Texts
from newsrepo.credit.stories import Stories
from newsrepo.ids import ArticleId, Oid
from newsrepo.records.types import Derivation


class End(StrEnum):
    """Why nothing is drawn behind a line."""

    OPEN = "open"
    """It is drawn, if there is anything."""
    AGAIN = "again"
    """What is behind it stands further up already."""
    CIRCLE = "circle"
    """It is a work that this very line comes from."""


class Step(Struct, frozen=True):
    """One line: ``work`` at ``version``, one derivation away from the line it hangs under.

    ``under`` is the position of that line, or -1 for the work that was asked for; ``depth`` counts from 1.
    ``derivation`` is what joins the two, as the deriving one states it.
    """

    work: ArticleId
    version: Oid
    derivation: Derivation
    under: int
    depth: int
    end: End


_Found = tuple[ArticleId, Oid, Derivation]


def behind(
    works: Mapping[ArticleId, Work], texts: Texts, start: ArticleId, version: Oid, *, most: int | None = None
) -> tuple[Step, ...]:
    """What the work rests on, as the cited texts state it; where one is not at hand, as its article does.

    No more than ``most`` lines are drawn, if that is given: files may state a great many.
    """

    def sources(work: ArticleId, at: Oid) -> list[_Found]:
        stated = texts.based_on(at)
        if not stated and texts.get(at) is None and work in works:
            stated = works[work].based_on
        return [(ArticleId(d.article), Oid(d.version), d) for d in stated]

    return _walk(start, version, sources, most)


def ahead(works: Mapping[ArticleId, Work], stories: Stories, start: ArticleId) -> tuple[Step, ...]:
    """What rests on the work, whichever version of it, as the works in view now state it."""

    def uses(work: ArticleId, at: Oid) -> list[_Found]:  # noqa: ARG001 - uses are of any version
        return [(use.work, works[use.work].version, use.derivation) for use in stories.uses_of(work)]

    return _walk(start, Oid(""), uses)


def _walk(
    start: ArticleId,
    version: Oid,
    neighbours: Callable[[ArticleId, Oid], list[_Found]],
    most: int | None = None,
) -> tuple[Step, ...]:
    """All lines in the order in which they are drawn: each before what is behind it."""
    steps: list[Step] = []
    followed = {(start, version)}
    way = [start]  # from the start to the line before this one, and the same as a set
    on_way = {start}
    waiting = [(-1, 1, found) for found in reversed(neighbours(start, version))]
    while waiting and (most is None or len(steps) < most):
        under, depth, (work, at, derivation) = waiting.pop()
        on_way.difference_update(way[depth:])
        del way[depth:]
        nearby: list[_Found] = []
        end = End.CIRCLE
        if work not in on_way:
            nearby = neighbours(work, at)
            end = End.AGAIN if nearby and (work, at) in followed else End.OPEN
        place = len(steps)
        steps.append(Step(work, at, derivation, under, depth, end))
        if end is End.OPEN:
            followed.add((work, at))
            way.append(work)
            on_way.add(work)
            waiting += [(place, depth + 1, found) for found in reversed(nearby)]
    return tuple(steps)
