"""``filter faults``: what the filters floor says is wrong with a filter, put at its field and column."""

from collections.abc import Iterator

from msgspec.structs import replace

from newsrepo.checks.absent import absent
from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.filters import Problem, check_fields, check_filter
from newsrepo.ids import Kind
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    for name in scope.commons.filters:
        path = f"filters/{name}.yaml"
        if not scope.wants(path):
            continue
        for problem in check_filter(scope.commons, name):
            yield _fault(scope, path, problem, _keys(problem))
    for file, partial in scope.partials(Kind.FILTER):
        if isinstance(partial.record, t.Filter):
            for problem in check_fields(scope.commons, partial.record):
                # The shares of a contingent's raters can only be added up when all of them are known.
                if problem.rule != "trust-over-total" or "trust" not in partial.unknown:
                    yield _fault(scope, file.place.path, problem, partial.keys(_keys(problem)))


def _keys(problem: Problem) -> tuple[str | int, ...]:
    return tuple(int(key) if key.isdigit() else key for key in problem.field)


def _fault(scope: Scope, path: str, problem: Problem, keys: tuple[str | int, ...]) -> Fault:
    if problem.article:
        told = absent(scope, problem.article, problem.rule, problem.hint)
        problem = replace(
            problem, rule=told.rule, message=told.message, hint=told.hint, severity=told.severity
        )
    return Fault(
        path,
        problem.message,
        problem.hint,
        keys,
        at=problem.column,
        rule=problem.rule,
        severity=problem.severity,
    )


RULE = Rule("bad-filter", "A filter cannot be evaluated as it is written.", _find)
