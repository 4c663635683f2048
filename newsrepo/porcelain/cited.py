"""One exact text of an article, wherever this clone has it: as it stands, kept as a source, or in history.

Three answers are kept apart: no such version is known; it is known but its text is not in view; and this
clone is shallow, so that nobody here can tell.
"""

import re
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.history import History, Revision
from newsrepo.ids import ArticleId, IdError, Kind, Oid, article_id
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of

if TYPE_CHECKING:
    from newsrepo.commons import Commons

_VERSION = re.compile(r"[0-9a-f]{8,64}")
UNSHALLOW = "this clone is shallow: run `git fetch --unshallow`, then try again"
ELSEWHERE = "fetch it from a clone that has it, or ask whoever cites it"


class Text(msgspec.Struct, frozen=True):
    """One version of an article. ``record`` is None where the file holds faults."""

    article: ArticleId
    version: Oid
    data: bytes
    record: t.Article | None

    @property
    def title(self) -> str:
        return self.record.title if self.record else ""

    @property
    def lang(self) -> str:
        return self.record.lang if self.record else ""

    @property
    def body(self) -> str:
        """The text without its front matter; all of it where these cannot be told apart."""
        from newsrepo.records import body_text

        if self.record is not None:
            return self.record.body
        return body_text(self.data) or self.data.decode("utf-8", "replace")


class Versions:
    """What is known of the versions of one article, from its file, its history, and all that name it."""

    def __init__(self, work: Workspace, view: "Commons", article: ArticleId) -> None:
        self.article = article
        self.work = work
        self._view = view
        self.path = path_of(Kind.ARTICLE, article)

    @cached_property
    def current(self) -> Oid | None:
        """The version that stands now."""
        file = self._view.files.get(self.path)
        return None if file is None else Oid(file.oid)

    @cached_property
    def named(self) -> dict[Oid, str]:
        """Every version that some record names, with the path of the first that does."""
        found: dict[Oid, str] = {}
        for other in self._view.works.values():
            for source in other.based_on:
                if source.article == self.article:
                    found.setdefault(Oid(source.version), other.path)
        for remark in self._view.remarks:
            if remark.comment.on == self.article and remark.comment.version:
                found.setdefault(Oid(remark.comment.version), remark.path)
        for given in self._view.ratings.given(self.article):
            found.setdefault(given.version, given.path)
        return found

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The owner's revisions in the history of what is looked at, oldest first."""
        return self._history.of(self.path)

    @property
    def cut(self) -> frozenset[Oid]:
        """The commits at which this clone's history ends, if it is shallow."""
        return self._history.cut

    @cached_property
    def _history(self) -> History:
        tip = self._view.snapshot.tip
        return History({}, frozenset()) if tip is None else self.work.repository.history(tip.commit)

    @property
    def _past(self) -> frozenset[Oid]:
        return frozenset(Oid(r.version) for r in self.revisions if r.version)

    def full(self, given: str) -> Oid:
        """The version meant by ``given``, empty for the one that stands now. Raises as ``text_of``."""
        if not given:
            if self.current is None:
                raise self._no_article()
            return self.current
        if not _VERSION.fullmatch(given):
            raise UsageError(
                f"not a version: {given[:80]!r}", "a version is at least 8 of the digits of its id"
            )
        if Oid(given) == self.current or Oid(given) in self.named:
            return Oid(given)
        known: set[Oid] = {*self.named, *self._past, *({self.current} if self.current else ())}
        meant = sorted(version for version in known if version.startswith(given))
        if len(meant) > 1:
            raise UsageError(f"{self.article}@{given} may be any of {', '.join(meant)}", "give more digits")
        if meant:
            return meant[0]
        if not known:
            raise self._no_article()
        if self.work.repository.shallow:
            raise UnableError(f"no version {given} of {self.article} is in this shallow clone", UNSHALLOW)
        raise UsageError(
            f"no version {given} of {self.article} was ever seen here",
            f"`newsrepo versions {self.article}` lists those that were",
        )

    def read(self, version: Oid) -> bytes | None:
        """The bytes of a version; None when they are nowhere in this clone."""
        from newsrepo.records import blob_id
        from newsrepo.records.text import MAX_TEXT

        try:
            (blob,) = self._view.snapshot.read([version], MAX_TEXT)
        except UnableError:
            pass
        else:
            return blob.data
        kept = f"/sources/{version}.md"
        for path, file in self._view.files.items():  # it may be named by another hash than git's own here
            if path.endswith(kept):
                ((_, data),) = self._view.texts([file.oid])
                if blob_id(data, len(version)) == version:
                    return data
        return None

    def find(self, version: Oid) -> Text | None:
        """A version's text; None when it is not in view."""
        from newsrepo.records import parse

        data = self.read(version)
        if data is None:
            return None
        record = parse(Kind.ARTICLE, data, self.path).record
        return Text(self.article, version, data, record if isinstance(record, t.Article) else None)

    def text(self, version: Oid) -> Text:
        """A known version's text. Raises UnableError when it is not in view."""
        found = self.find(version)
        if found is None:
            who = self.named.get(version)
            named = f"is named by {who}, but" if who else "is known, but"
            hint = UNSHALLOW if self.work.repository.shallow else ELSEWHERE
            raise UnableError(f"{self.article}@{version[:12]} {named} its text is not in view", hint)
        return found

    def _no_article(self) -> UsageError:
        past = [r for r in self.revisions if r.version]
        if past:
            return UsageError(
                f"{self.article} is no longer there",
                f"its last text was {self.article}@{past[-1].version[:8]} ; see `newsrepo versions`",
            )
        return UsageError(f"no such article: {self.article!r}", near(self.article, self._view.works, "find"))


def known(work: Workspace, view: "Commons", target: str) -> Versions:
    """The versions of the article with the id ``target``. Raises UsageError when that is no id."""
    try:
        return Versions(work, view, article_id(target))
    except IdError as error:
        raise UsageError(str(error), "an article's id looks like abc/2026/dock-strike") from None


def text_of(work: Workspace, view: "Commons", what: str) -> Text:
    """The text that ``ID`` or ``ID@VERSION`` names, VERSION being its id or at least 8 of its digits.

    Raises UsageError for what is not known, UnableError for what is known and not in view.
    """
    target, _, version = what.partition("@")
    versions = known(work, view, target)
    return versions.text(versions.full(version))
