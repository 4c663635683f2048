"""``dropped-credit``: a work rests on another, through some between, and nothing beside it says so."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.credit.dropped import Dropped, dropped, forgotten
from newsrepo.location import Severity
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    works = scope.commons.works
    for work in works.values():
        if not work.based_on or work.status is t.Status.WITHDRAWN or not scope.wants(work.path):
            continue
        for lost in dropped(work, works, scope.cited, scope.kept(work.id)):
            yield _lost(work.path, lost)
        for at, parent in forgotten(work, works, scope.cited):
            source = work.based_on[at].article
            yield Fault(
                work.path,
                f"{source} credits {parent} no more, which the text that this is based on was made from",
                "your own credit is whole; tell its contingent",
                ("based_on", at, "article"),
                severity=Severity.NOTE,
            )


def _lost(path: str, lost: Dropped) -> Fault:
    keys = ("based_on", lost.at, "article")
    last = lost.way[-1]
    if not lost.cited:
        return Fault(
            path,
            f"{lost.source} is not credited, and {_way(lost)} says now that it is made from that",
            f"if this holds for the text that you used: add {lost.source} under `based_on`, or cite the "
            f"version of {last} that stands now",
            keys,
            severity=Severity.WARNING,
        )
    return Fault(
        path,
        f"{lost.source} is not credited, though this is based on it through {_way(lost)}",
        f"keep the text of {last} that names it beside this one, as sources/{lost.version}.md; or add "
        f"{lost.source} under `based_on`",
        keys,
    )


def _way(lost: Dropped) -> str:
    """The works between, nearest to the work first; the middle of a long chain is left out."""
    names = [*lost.way[:3], "…", *lost.way[-2:]] if len(lost.way) > 6 else lost.way
    return " and ".join(names)


RULE = Rule("dropped-credit", "A work does not credit another that it rests on, further up the chain.", _find)
