"""``license-not-allowed``: a work has a licence that what it was made from does not allow."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.credit.licences import allows
from newsrepo.location import Severity
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    for work in scope.commons.works.values():
        if not work.license or work.status is t.Status.WITHDRAWN or not scope.wants(work.path):
            continue
        for at, source in enumerate(work.based_on):
            text = scope.cited.get(source.version)
            if text is None or _is_free(source.relation, text.license, work.license):
                continue
            allowed = allows(text.license, work.license)
            if allowed:
                continue
            if allowed is None:
                yield Fault(
                    work.path,
                    f"we do not know whether a work under {text.license} may become one under {work.license}",
                    f"compare the two, or ask the authors of {source.article}",
                    ("based_on", at, "article"),
                    severity=Severity.NOTE,
                )
                continue
            theirs = f"the licence of {source.article}, {text.license}," if text.license else source.article
            yield Fault(
                work.path,
                f"{theirs} does not allow a {source.relation.value} under {work.license}"
                + ("" if text.license else ": it has no licence"),
                "use a licence that it allows, ask its authors for another, or only quote it and link to it",
                ("license",),
            )


def _is_free(relation: t.Relation, theirs: str, ours: str) -> bool:
    """Whether no leave is needed: to quote, or to gather texts as they are under their own licence."""
    return relation is t.Relation.QUOTE or (relation is t.Relation.COMPILATION and theirs == ours != "")


RULE = Rule("license-not-allowed", "A work has a licence that its source's licence does not allow.", _find)
