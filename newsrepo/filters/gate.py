"""Nobody speaks for all: whose title or byline could be taken for the name of the commons is printed nowhere.

A text in everybody's name is a certified statement; everything else is signed by a contingent.
"""

from collections.abc import Callable
from hashlib import blake2b
from typing import Protocol, runtime_checkable

import msgspec

from newsrepo.commons.model import CommonsView
from newsrepo.errors import UnableError
from newsrepo.ids import ArticleId
from newsrepo.records import types as t
from newsrepo.records.lookalikes import Guard, edition


class Signed(Protocol):
    """A text with a title and a byline."""

    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> tuple[t.Author, ...]: ...


@runtime_checkable
class Remembering(Protocol):
    """A view that keeps what follows from its articles alone, for other processes too."""

    def remembered(self, name: str, make: Callable[[], bytes]) -> bytes: ...


def guard(view: CommonsView) -> Guard | None:
    """Tells what could be taken for the name of this commons; None where no charter gives it one."""
    try:
        return Guard(view.charter.name)
    except UnableError:
        return None


def speaking(view: CommonsView) -> frozenset[ArticleId]:
    """The works whose title or byline could be taken for the name of the commons."""
    if not isinstance(view, Remembering):
        return _speaking(view)
    try:
        name = view.charter.name
    except UnableError:
        return frozenset()
    # reading ten thousand titles takes longer than all else that a search does
    scheme = blake2b(f"{edition()}\n{name}".encode(), digest_size=16).hexdigest()
    kept = view.remembered(f"speaking {scheme}", lambda: msgspec.json.encode(sorted(_speaking(view))))
    return frozenset(map(ArticleId, msgspec.json.decode(kept, type=tuple[str, ...])))


def _speaking(view: CommonsView) -> frozenset[ArticleId]:
    name = guard(view)
    if name is None:
        return frozenset()
    signers = {author.name for work in view.works.values() for author in work.authors}
    taken = frozenset(filter(name.takes, signers))  # few people write much
    return frozenset(
        work.id
        for work in view.works.values()
        if name.takes(work.title) or (taken and any(author.name in taken for author in work.authors))
    )


def speaks(name: Guard, work: Signed) -> bool:
    """Whether the title or the byline of a work could be taken for the name."""
    return name.takes(work.title) or any(name.takes(author.name) for author in work.authors)
