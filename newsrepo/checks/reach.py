"""Where a change can break what it does not touch: the files to look at again besides those changed.

Most changes add or revise texts. Whom these can hurt is known by who cites them, so that a change to one
article of ten thousand need not have all of them read again. For any other change the answer is: everywhere.
"""

from collections.abc import Iterable

from newsrepo.checks.changes import Change
from newsrepo.commons.model import CommonsView
from newsrepo.ids import ArticleId, Kind, Oid

EVERYWHERE: tuple[str, ...] = ()
"""No path stands for all of them, as in ``checks.run``."""

_OFTEN = ("contingents", "filters", "newsrepo.yaml", "statements/roll.yaml")
"""Few files that may name anything: they are looked at each time."""

_FOLDERS = {
    Kind.ARTICLE: 4,
    Kind.MEDIA: 4,
    Kind.SOURCE: 4,
    Kind.CHALLENGE: 3,
    Kind.ANSWER: 3,
    Kind.STATEMENT: 3,
    Kind.ENACTS: 3,
    Kind.OPENING: 3,
    Kind.BALLOT: 3,
    Kind.CLOSING: 3,
    Kind.DISSENT: 3,
}
"""How many parts of a path make the folder whose files belong together."""

_ADDED_ONLY = (Kind.CONTINGENT, Kind.SOURCE)
"""Kinds whose files break nothing elsewhere by coming, but may by changing."""

_AGREED = (Kind.CHARTER, Kind.ROLL)


def reach(changes: Iterable[Change], after: CommonsView) -> tuple[str, ...]:
    """Files and folders in which findings may have come up by these changes, themselves included, in order.

    EVERYWHERE when something went away, or what many files lean on became another. ``after`` is the commons
    with the changes made.
    """
    found = set(_OFTEN)
    ids: set[str] = set()
    versions: set[Oid] = set()
    for change in changes:
        kind = change.kind
        if change.now is None or kind in _AGREED or (kind in _ADDED_ONLY and change.was is not None):
            return EVERYWHERE
        found.add(change.path)
        if kind in _FOLDERS:
            found.add("/".join(change.path.split("/")[: _FOLDERS[kind]]))
        if kind in (Kind.ARTICLE, Kind.SOURCE):
            versions |= {oid for oid in (change.was, change.now) if oid is not None}
        if kind is Kind.ARTICLE:
            ids.add(change.id)
    found |= _resting_on(ids, versions, after)
    return tuple(sorted(found))


def _resting_on(ids: set[str], versions: set[Oid], after: CommonsView) -> set[str]:
    """The paths of works that rest on these articles or texts, through any number of others."""
    if not versions:
        return set()
    derived: dict[str, list[ArticleId]] = {}
    todo: list[ArticleId] = []
    paths: set[str] = set()
    for work in after.works.values():
        if work.version in versions:  # the same text under another name
            paths.add(work.path)
        for source in work.based_on:
            derived.setdefault(source.article, []).append(work.id)
            if source.article in ids or source.version in versions:
                todo.append(work.id)
    seen = set(todo)
    while todo:
        here = todo.pop()
        paths.add(after.works[here].path)
        new = [name for name in derived.get(here, ()) if name not in seen]
        seen.update(new)
        todo.extend(new)
    return paths
