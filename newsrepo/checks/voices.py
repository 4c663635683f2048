"""``speaks-for-all``: a title, a byline or a contingent's name that could be taken for the commons'."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.filters.gate import guard, speaks

_HINT = "nobody speaks for all: sign as yourselves; the commons speaks by certified statements"


def _find(scope: Scope) -> Iterator[Fault]:
    name = guard(scope.commons)
    if name is None:
        return
    whose = f"could be taken for the name of the commons, {scope.commons.charter.name!r}"
    for owner, contingent in scope.commons.contingents.items():
        path = f"contingents/{owner}.yaml"
        if name.takes(contingent.name) and scope.wants(path):
            yield Fault(path, f"the name {contingent.name!r} {whose}", _HINT, ("name",))
    for work in scope.commons.works.values():
        if not speaks(name, work) or not scope.wants(work.path):
            continue
        if name.takes(work.title):
            yield Fault(work.path, f"the title {work.title!r} {whose}", _HINT, ("title",))
        for at, author in enumerate(work.authors):
            if name.takes(author.name):
                yield Fault(work.path, f"the byline {author.name!r} {whose}", _HINT, ("authors", at))


RULE = Rule(
    "speaks-for-all", "A title, a byline or a name could be taken for the name of the commons.", _find
)
