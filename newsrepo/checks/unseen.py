"""What is to be said of a version that somebody names and whose text is nowhere here.

Its owner's history has it, and the text is only out of view; or that history is whole and never had it; or
nobody here can tell. The first is no fault of whoever names it.
"""

from msgspec import Struct

from newsrepo.checks.model import Scope
from newsrepo.ids import ArticleId, Oid, owner
from newsrepo.location import Severity


class Unseen(Struct, frozen=True):
    """The rule, the fact and the way out."""

    rule: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR


def unseen(scope: Scope, article: str, version: Oid) -> Unseen:
    """What there is to say of ``version``, named as one of ``article``, when its text is not at hand."""
    short = f"{version[:12]}…"
    who = owner(article)
    if who in scope.commons.stale:
        return Unseen(
            "unseen-version",
            f"no version {short} of {article} is here; {who}'s home was never reached, so nobody can tell "
            "whether it was",
            f"fetch it: newsrepo sync {who}",
            Severity.WARNING,
        )
    work = scope.commons.works.get(ArticleId(article))
    past = scope.past(work) if work is not None and scope.past is not None else None
    if past is not None and any(revision.version == version for revision in past.revisions):
        return Unseen(
            "unseen-version",
            f"version {short} of {article} stood in {who}'s history, but its text is not in view",
            "fetch it from a clone that has it: `git fetch --refetch --no-filter` in a partial clone",
            Severity.WARNING,
        )
    if past is not None and past.revisions and not past.cut:
        return Unseen(
            "dangling-version",
            f"no version {short} of {article} ever stood in {who}'s history, as it is seen here",
            f"name a version that `newsrepo versions {article}` lists",
        )
    return Unseen(
        "dangling-version",
        f"no version {short} of {article} is in this repository",
        "name the version that `newsrepo show` prints, or fetch the history that holds it",
    )
