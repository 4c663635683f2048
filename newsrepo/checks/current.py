"""``source-moved-on``: the text that a translation, summary or abridgement stands for is not the last."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import ArticleId
from newsrepo.location import Severity
from newsrepo.records import types as t

_STANDS_FOR = (t.Relation.TRANSLATION, t.Relation.SUMMARY, t.Relation.ABRIDGEMENT)


def _find(scope: Scope) -> Iterator[Fault]:
    works = scope.commons.works
    for work in works.values():
        parent = work.parent
        if parent is None or parent.relation not in _STANDS_FOR or work.status is t.Status.WITHDRAWN:
            continue
        now = works.get(ArticleId(parent.article))
        if now is None or now.version == parent.version:
            continue
        at = work.based_on.index(parent)
        kind = parent.relation.value
        if now.status is t.Status.WITHDRAWN:
            fact = f"{now.id}, of which this is a {kind}, has been withdrawn since"
            hint = "see what it says in its place, and whether yours still holds"
        else:
            fact = f"{now.id} has been revised since this {kind} was made"
            hint = f"bring it up to date and cite version {now.version}, or leave it as it is"
        yield Fault(work.path, fact, hint, ("based_on", at, "version"), severity=Severity.NOTE)


RULE = Rule(
    "source-moved-on", "The source of a translation, summary or abridgement has been revised since.", _find
)
