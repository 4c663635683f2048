"""``dropped-author``: somebody who wrote what a work was made from is named in it no more."""

import re
from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.commons.model import Work
from newsrepo.location import Severity
from newsrepo.records import types as t

_KINDS = {
    t.Relation.REWRITE: "a rewrite",
    t.Relation.CORRECTION: "a correction",
    t.Relation.TRANSLATION: "a translation",
    t.Relation.SUMMARY: "a summary",
    t.Relation.ABRIDGEMENT: "an abridgement",
}
_BETWEEN = re.compile(r"[\W_]+")


def _find(scope: Scope) -> Iterator[Fault]:
    for work in scope.commons.works.values():
        parent = work.parent
        if parent is None or work.status is t.Status.WITHDRAWN or not scope.wants(work.path):
            continue
        text = scope.cited.get(parent.version)
        lost = [author for author in text.authors if not _is_named(author, work)] if text else []
        if lost:
            names = ", ".join(author.name for author in lost)
            yield Fault(
                work.path,
                f"{parent.article}, of which this is {_KINDS[parent.relation]}, is by {names}, "
                "and nothing here says so",
                "add the name under `authors` if the words are still theirs, or under `credits` if not",
                ("authors",) if work.authors else ("based_on", work.based_on.index(parent)),
                severity=Severity.WARNING,
            )


def _is_named(author: t.Author, work: Work) -> bool:
    """Whether the name stands under ``authors`` or ``credits``, alone or within a longer one, or their link
    does, whatever the alphabet of the name beside it."""
    here = [(a.name, a.url) for a in work.authors] + [(c.name, c.url) for c in work.credits]
    wanted = _words(author.name)
    return any(wanted in _words(name) or (url and url == author.url) for name, url in here)


def _words(name: str) -> str:
    """The words of a name in one form; a name without words stays as it is."""
    words = _BETWEEN.sub(" ", name.casefold()).strip()
    return f" {words} " if words else name


RULE = Rule("dropped-author", "An author of the text that a work was made from is not named in it.", _find)
