"""Credit that was lost along a chain: works that a work rests on and that nothing in its own folder names.

A work credits those that its front matter names, and those that the texts kept beside it name, as far as one
can get from its front matter by cited versions alone. So a folder proves its whole ancestry by itself, for
every kept text is the one that hashes, and an author writes no line for what such a text says already.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Set

from msgspec import Struct

from newsrepo.commons.model import Work
from newsrepo.credit.cited import Texts
from newsrepo.ids import ArticleId, Oid
from newsrepo.records.types import Derivation, Status

MAX_DROPPED = 20
"""How many lost credits of one work are told."""


class Dropped(Struct, frozen=True):
    """``work`` rests on ``source`` and does not credit it.

    ``at`` is the place in its ``based_on`` where the chain begins, ``way`` the works from there to the one
    that names ``source``, and ``version`` the text of the last of them that does. ``cited`` tells whether
    that is the very text that the chain cites; otherwise the article says so only now.
    """

    work: ArticleId
    source: ArticleId
    at: int
    way: tuple[ArticleId, ...]
    version: Oid
    cited: bool


class _Link(Struct):
    """A step back along a chain: a text of ``article``, and the step that cites it."""

    article: ArticleId
    version: Oid
    at: int
    before: "_Link | None" = None

    def way(self) -> tuple[ArticleId, ...]:
        link: _Link | None = self
        found = []
        while link is not None:
            found.append(link.article)
            link = link.before
        return tuple(reversed(found))

    def versions(self) -> tuple[Oid, ...]:
        """The texts of the way, nearest to the work first."""
        link: _Link | None = self
        found = []
        while link is not None:
            found.append(link.version)
            link = link.before
        return tuple(reversed(found))


def credited(work: Work, texts: Texts, kept: Collection[str]) -> frozenset[ArticleId]:
    """Every article that a work credits, ``kept`` being the blob ids of the texts in its ``sources/``."""
    found: set[ArticleId] = set()
    read: set[str] = set()
    waiting = list(work.based_on)
    while waiting:
        source = waiting.pop()
        found.add(ArticleId(source.article))
        if source.version in kept and source.version not in read:
            read.add(source.version)
            waiting += texts.based_on(source.version)
    return frozenset(found)


def dropped(
    work: Work, works: Mapping[ArticleId, Work], texts: Texts, kept: Collection[str]
) -> tuple[Dropped, ...]:
    """The works that ``work`` rests on without crediting them, nearest first; what those rest on is not told.

    Followed are the cited texts, wherever they are kept, and the parents that the articles of these name now:
    only their owners write these, so that nobody can bring a lost credit on another's head.
    """
    if not work.based_on:
        return ()
    known = credited(work, texts, kept)
    found: dict[ArticleId, Dropped] = {}
    seen = {(d.article, d.version) for d in work.based_on}
    links = deque(_Link(ArticleId(d.article), Oid(d.version), at) for at, d in enumerate(work.based_on))
    while links:
        link = links.popleft()
        for source, version, cited in _named(link, works, texts, seen):
            name = ArticleId(source.article)
            if name in known or name == work.id:
                seen.add((name, source.version))
                if name != work.id:
                    links.append(_Link(name, Oid(source.version), link.at, link))
            elif name not in found or (cited and not found[name].cited):
                found[name] = Dropped(work.id, name, link.at, link.way(), version, cited)
                if len(found) == MAX_DROPPED:
                    return tuple(found.values())
    return tuple(found.values())


def _named(
    link: _Link, works: Mapping[ArticleId, Work], texts: Texts, seen: Set[tuple[str, str]]
) -> Iterator[tuple[Derivation, Oid, bool]]:
    """What the cited text names and was not seen, then the parent that its article names now: each with the
    text that says so, and whether that is the one cited."""
    # As sets first: in a dense web of quotations almost everything was seen before.
    if not texts.named(link.version) <= seen:
        for source in texts.based_on(link.version):
            if (source.article, source.version) not in seen:
                yield source, link.version, True
    now = works.get(link.article)
    parent = None if now is None or now.version == link.version else now.parent
    if now is not None and parent is not None and (parent.article, parent.version) not in seen:
        yield parent, now.version, False


def lacking(work: Work, texts: Texts, kept: Collection[str]) -> tuple[Oid, ...]:
    """The texts that, kept beside ``work`` as well, let its folder credit all that its cited texts name.

    Nearest first; of several ways to a source those along a shortest one. Nothing where no credit is lost.
    """
    known = set(credited(work, texts, kept))
    found: dict[Oid, None] = {}
    links = deque(_Link(ArticleId(d.article), Oid(d.version), at) for at, d in enumerate(work.based_on))
    seen: set[Oid] = set()
    while links:
        link = links.popleft()
        if link.version in seen:
            continue
        seen.add(link.version)
        stated = texts.based_on(link.version)
        if any(d.article not in known and d.article != work.id for d in stated):
            found.update(dict.fromkeys(v for v in link.versions() if v not in kept))
            known.update(ArticleId(d.article) for d in stated)
        links.extend(_Link(ArticleId(d.article), Oid(d.version), link.at, link) for d in stated)
    return tuple(found)


def forgotten(work: Work, works: Mapping[ArticleId, Work], texts: Texts) -> Iterator[tuple[int, ArticleId]]:
    """Parents that a source had in the text that ``work`` cites and has no more: the place of the source in
    ``based_on``, and the parent that is now without credit there."""
    for at, derivation in enumerate(work.based_on):
        now = works.get(ArticleId(derivation.article))
        if now is None or now.version == derivation.version or now.status is Status.WITHDRAWN:
            continue
        named = {source.article for source in now.based_on}
        for source in texts.based_on(derivation.version):
            if source.relation.is_parent and source.article not in named and source.article != now.id:
                yield at, ArticleId(source.article)
