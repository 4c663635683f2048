"""Nobody speaks for all: whose title or byline could be taken for the name of the commons is printed nowhere.

A text in everybody's name is a certified statement; everything else is signed by a contingent.
"""

from typing import Protocol

from newsrepo.commons.model import CommonsView
from newsrepo.errors import UnableError
from newsrepo.ids import ArticleId
from newsrepo.records import types as t
from newsrepo.records.lookalikes import Guard


class Signed(Protocol):
    """A text with a title and a byline."""

    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> tuple[t.Author, ...]: ...


def guard(view: CommonsView) -> Guard | None:
    """Tells what could be taken for the name of this commons; None where no charter gives it one."""
    try:
        return Guard(view.charter.name)
    except UnableError:
        return None


def speaking(view: CommonsView) -> frozenset[ArticleId]:
    """The works whose title or byline could be taken for the name of the commons."""
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
