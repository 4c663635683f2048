"""``filter faults``: what the filters floor says is wrong with a filter, put at its field and column."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.filters import check_filter


def _find(scope: Scope) -> Iterator[Fault]:
    for name in scope.commons.filters:
        path = f"filters/{name}.yaml"
        if not scope.wants(path):
            continue
        for problem in check_filter(scope.commons, name):
            keys = tuple(int(key) if key.isdigit() else key for key in problem.field)
            yield Fault(
                path,
                problem.message,
                problem.hint,
                keys,
                shift=max(0, problem.column - 1),
                rule=problem.rule,
                severity=problem.severity,
            )


RULE = Rule("bad-filter", "A filter cannot be evaluated as it is written.", _find)
