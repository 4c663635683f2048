"""Whom a work credits in any way: directly, along chains, as texts said once or as articles say now.

This is the generous reading, which asks whether two works have credit between them at all; whether the credit
of a chain is whole is asked elsewhere (``dropped``).
"""

from collections.abc import Mapping

from newsrepo.commons.model import Work
from newsrepo.credit.cited import Texts
from newsrepo.ids import ArticleId, Oid

MAX_LINEAGE = 2000
"""How many derivations are followed from one work."""


class Lineages:
    """The lineage of any of the works, each followed once."""

    def __init__(self, works: Mapping[ArticleId, Work], texts: Texts) -> None:
        self._works = works
        self._texts = texts
        self._known: dict[ArticleId, dict[ArticleId, set[Oid]]] = {}

    def of(self, work: ArticleId) -> Mapping[ArticleId, set[Oid]]:
        """The articles that a work rests on, each with the versions cited; not the work itself."""
        found = self._known.get(work)
        if found is None:
            found = self._known[work] = self._follow(work)
        return found

    def settled(self, one: ArticleId, other: ArticleId) -> bool:
        """Whether one of the two credits the other, however long the chain."""
        return other in self.of(one) or one in self.of(other)

    def _follow(self, start: ArticleId) -> dict[ArticleId, set[Oid]]:
        found: dict[ArticleId, set[Oid]] = {}
        waiting = list(self._works[start].based_on)
        steps = 0
        while waiting and steps < MAX_LINEAGE:
            steps += 1
            source = waiting.pop()
            article, version = ArticleId(source.article), Oid(source.version)
            fresh = article not in found
            versions = found.setdefault(article, set())
            if version not in versions:
                versions.add(version)
                waiting += self._texts.based_on(version)
            if fresh and article in self._works:
                waiting += self._works[article].based_on
        found.pop(start, None)
        return found
