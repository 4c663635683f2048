"""``missing-license`` and ``license-not-accepted``: an article that may not be passed on by the charter."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    charter = scope.commons.charter_or_none
    if charter is None:
        return
    accepted = frozenset(charter.licenses)
    listed = ", ".join(charter.licenses)
    for work in scope.commons.works.values():
        if work.license in accepted or work.status is t.Status.WITHDRAWN:
            continue
        if not work.license:
            yield Fault(
                work.path,
                "the article has no licence, so nobody may pass it on",
                f"add `license:` with one that its authors gave it and the charter accepts: {listed}",
            )
        else:
            yield _refused(work.path, work.license, listed)
    for file, partial in scope.partials(Kind.ARTICLE):
        article = partial.record
        if (
            isinstance(article, t.Article)
            and article.license not in (None, *accepted)
            and article.status is not t.Status.WITHDRAWN
            and "status" not in partial.unknown
        ):
            yield _refused(file.place.path, article.license or "", listed)


def _refused(path: str, licence: str, listed: str) -> Fault:
    return Fault(
        path,
        f"the charter does not accept the licence {licence!r}",
        f"it accepts {listed}; ask the authors for one of these, or link to the work instead",
        ("license",),
        rule="license-not-accepted",
    )


RULE = Rule("missing-license", "An article has no licence.", _find, others=("license-not-accepted",))
