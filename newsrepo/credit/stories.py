"""Every work belongs to exactly one story: a total, deterministic answer whatever the files claim.

A story is one tree of parents (rewrite, correction, translation, summary, abridgement). Quotes and
compilations join nothing. What files may claim and no honest history holds still gets one answer: the root of
a cycle is its smallest id, and a work whose parent is not in view is the root of its own story. All of it
takes time in proportion to the works and their derivations.
"""

from collections.abc import Mapping

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.ids import ArticleId
from newsrepo.records.types import Derivation


class Use(Struct, frozen=True):
    """One work's statement that it is based on another: ``work`` uses ``derivation.article``."""

    work: ArticleId
    derivation: Derivation


class Stories:
    """The stories of a set of works. Ids not among the works raise KeyError, except in ``uses_of``."""

    def __init__(
        self,
        works: Mapping[ArticleId, Work],
        roots: dict[ArticleId, ArticleId],
        cycles: tuple[tuple[ArticleId, ...], ...],
    ) -> None:
        self._works = works
        self._roots = roots
        self.cycles = cycles
        """The cycles of parents, each from its smallest id along its parents; in order."""
        members: dict[ArticleId, list[ArticleId]] = {}
        children: dict[ArticleId, list[ArticleId]] = {}
        uses: dict[ArticleId, list[Use]] = {}
        for work_id in sorted(roots):
            work = works[work_id]
            root = roots[work_id]
            members.setdefault(root, []).append(work_id)
            parent = work.parent
            if parent is not None and work_id != root:
                children.setdefault(ArticleId(parent.article), []).append(work_id)
            for derivation in work.based_on:
                uses.setdefault(ArticleId(derivation.article), []).append(Use(work_id, derivation))
        self._members = {root: tuple(ids) for root, ids in members.items()}
        self._children = {parent: tuple(ids) for parent, ids in children.items()}
        self._uses = {source: tuple(found) for source, found in uses.items()}

    @property
    def roots(self) -> tuple[ArticleId, ...]:
        """The root of every story, in order of id."""
        return tuple(sorted(self._members))

    def root_of(self, work: ArticleId) -> ArticleId:
        """The work at the root of this work's story; itself if it has no parent in view."""
        return self._roots[work]

    def members(self, root: ArticleId) -> tuple[ArticleId, ...]:
        """Every work of the story with this root, the root among them, in order of id."""
        return self._members[root]

    def parent_of(self, work: ArticleId) -> ArticleId | None:
        """The parent in the story's tree; None for a root, even one that closes a cycle."""
        parent = self._works[work].parent
        return None if parent is None or self._roots[work] == work else ArticleId(parent.article)

    def children(self, work: ArticleId) -> tuple[ArticleId, ...]:
        """The works whose parent is this one, in order of id. Following children never goes in a circle."""
        self._roots[work]
        return self._children.get(work, ())

    def dangling(self, work: ArticleId) -> Derivation | None:
        """The derivation whose parent is not in view, if that is how this work came to be a root."""
        parent = self._works[work].parent
        return None if parent is None or parent.article in self._roots else parent

    def credits_of(self, work: ArticleId) -> tuple[Derivation, ...]:
        """What the work says it is based on, in its own order, in view or not."""
        return self._works[work].based_on

    def uses_of(self, work: ArticleId) -> tuple[Use, ...]:
        """Every work that says it is based on this one, by whatever relation, in order of id."""
        return self._uses.get(work, ())


def stories(works: Mapping[ArticleId, Work]) -> Stories:
    """Put every work into its story. Never fails, whatever the derivations claim."""
    parents: dict[ArticleId, ArticleId] = {}
    for work_id, work in works.items():
        parent = work.parent
        if parent is not None and parent.article in works:
            parents[work_id] = ArticleId(parent.article)
    roots: dict[ArticleId, ArticleId] = {}
    cycles: list[tuple[ArticleId, ...]] = []
    for start in works:
        if start in roots:
            continue
        trail: dict[ArticleId, None] = {}  # in order of the walk; ids found here again close a cycle
        here = start
        while here not in roots and here not in trail and here in parents:
            trail[here] = None
            here = parents[here]
        if here in roots:
            root = roots[here]
        elif here in trail:
            ring = list(trail)
            ring = ring[ring.index(here) :]
            root = min(ring)
            turn = ring.index(root)
            cycles.append((*ring[turn:], *ring[:turn]))
        else:
            root = roots[here] = here
        for passed in trail:
            roots[passed] = root
    return Stories(works, roots, tuple(sorted(cycles)))
