"""What to say of an article that somebody asks for and that is not in view."""

from typing import TYPE_CHECKING

from newsrepo.errors import NewsrepoError, UnableError, UsageError
from newsrepo.ids import IdError, Kind, article_id, owner
from newsrepo.porcelain.suggest import near
from newsrepo.records.paths import path_of

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.porcelain.workspace import Workspace


def no_article(work: "Workspace", view: "Commons", target: str) -> NewsrepoError:
    """Why there is no ``target``: its owner's home was never reached, or dropped it, its file cannot be read
    or was removed here, or it never was.

    Of what was dropped it says how the last text that was seen can be read.
    """
    try:
        article = article_id(target)
    except IdError:
        return UsageError(f"no such record: {target!r}", near(target, view.works, "find"))
    who, path = owner(article), path_of(Kind.ARTICLE, article)
    if who in view.stale:
        return UnableError(
            f"{article} is not here, and {who}'s home was never fetched: nobody here can tell whether it is",
            f"fetch it: newsrepo sync {who}",
        )
    if path in view.files:
        return UnableError(f"{path!r} cannot be read", f"`newsrepo check {path}` says why")
    store = work.store
    if store is not None and view.stood(who, path):
        from newsrepo.porcelain.elsewhere import ever_stood

        last = ever_stood(store, who).get(path)
        way = (
            f"its last text is still at hand: newsrepo show {article} --at {who}@{last.commit[:8]}"
            if last is not None
            else f"its texts are still at hand: newsrepo versions {article}"
        )
        return UsageError(f"{article} was published, and {who}'s home no longer has it", way)
    tip = work.repository.tip()
    past = work.history(tip.commit, who).revisions.get(path, ()) if tip is not None else ()
    if past and not past[-1].version:
        return UsageError(
            f"{article} was here, and commit {past[-1].commit[:8]} removed it",
            f"its texts are still at hand: newsrepo versions {article}",
        )
    return UsageError(f"no such article: {article!r}", near(article, view.works, "find"))
