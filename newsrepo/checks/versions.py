"""``dangling-version``: a version is named whose text is nowhere to be found."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.checks.unseen import unseen
from newsrepo.ids import Oid

_Named = tuple[str, Oid, str, tuple[str | int, ...]]


def _named(scope: Scope) -> Iterator[_Named]:
    """Every version that is named: by which file, which version, of what, at which field."""
    for work in scope.commons.works.values():
        if scope.wants(work.path):
            for at, source in enumerate(work.based_on):
                yield work.path, Oid(source.version), source.article, ("based_on", at, "version")
    for remark in scope.commons.remarks:
        if remark.comment.version is not None and scope.wants(remark.path):
            yield remark.path, Oid(remark.comment.version), remark.comment.on, ("version",)


def _find(scope: Scope) -> Iterator[Fault]:
    named = list(_named(scope))
    missing = {version for _, version, _, _ in named}
    missing -= scope.knows(missing)
    if not missing:
        return
    for path, version, of, keys in named:
        if version in missing and of in scope.ids:  # of what does not exist, `dangling-id` speaks
            told = unseen(scope, of, version)
            yield Fault(path, told.message, told.hint, keys, rule=told.rule, severity=told.severity)


RULE = Rule(
    "dangling-version",
    "A record names a version whose text is nowhere to be found.",
    _find,
    others=("unseen-version",),
)
