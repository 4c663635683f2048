"""``identical-text``: two articles are the same bytes, so that nobody can tell which one a version means."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.location import Severity


def _find(scope: Scope) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for work in scope.commons.works.values():
        other = first.setdefault(work.version, work.id)
        if other != work.id:
            yield Fault(
                work.path,
                f"this is, byte for byte, {other}",
                "keep one of them; or say under `based_on` what this one is based on",
                severity=Severity.WARNING,
            )


RULE = Rule("identical-text", "Two articles are the same bytes.", _find)
