"""One exact text of an article, wherever this clone has it: as it stands, kept as a source, or in history.

What is not in view is told precisely: a version that is known, with who names it; one that never was, because
the owner's history is whole and lacks it; and one of which nobody here can tell, because history is cut off
or the owner's home was never reached.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import NewsrepoError, UnableError, UsageError
from newsrepo.gitstore.history import History, Revision
from newsrepo.ids import ArticleId, IdError, Kind, Oid, article_id, owner
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of

if TYPE_CHECKING:
    from newsrepo.commons import Commons

_VERSION = re.compile(r"[0-9a-f]{8,64}")
UNSHALLOW = "this clone is shallow: run `git fetch --unshallow`, then try again"
ELSEWHERE = "fetch it from a clone that has it, or ask whoever cites it"


class Standing(StrEnum):
    """What this clone can say of a version."""

    IN_VIEW = "in view"
    KNOWN = "known, not in view"
    """Its owner's history has it, and its text is nowhere here."""
    NEVER = "never was"
    """Its owner's history is whole, in every tip ever seen, and has no such text, whoever names one."""
    UNTOLD = "cannot be told"
    """Its owner's history is cut off here, or was never fetched."""


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
        """Every version that some record names, with the path of the first that does.

        Of an article that is not in view also those that kept texts name: nobody may be left who does now.
        """
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
        return found if self.current is not None else {**self._named_by_kept, **found}

    @cached_property
    def _named_by_kept(self) -> dict[Oid, str]:
        """The versions that texts kept as sources name, with the path of the first that does."""
        from newsrepo.credit import Texts
        from newsrepo.records.text import MAX_TEXT

        kept: dict[Oid, str] = {}
        for path, file in self._view.files.items():
            if file.place.kind is Kind.SOURCE:
                kept.setdefault(file.oid, path)
        blobs = self._view.snapshot.read(kept, MAX_TEXT)
        texts = Texts({}, kept, lambda _: ((blob.oid, blob.data) for blob in blobs if blob.data is not None))
        found: dict[Oid, str] = {}
        for oid, path in kept.items():
            for source in texts.based_on(oid):
                if source.article == self.article:
                    found.setdefault(Oid(source.version), path)
        return found

    @cached_property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions in the history of the ref that speaks for the owner, oldest first."""
        return self._history.of(self.path)

    @property
    def cut(self) -> frozenset[Oid]:
        """The commits at which that history ends, where it is shallow."""
        return self._history.cut

    @property
    def whole(self) -> bool:
        """Whether all of the owner's history is at hand: nothing is cut off, and their home was reached."""
        return not self.cut and owner(self.article) not in self._view.stale

    @cached_property
    def _history(self) -> History:
        who = owner(self.article)
        tip = self._view.tip_of(who)
        if tip is None:
            return History({}, frozenset())
        away = any(home.owner == who for home in self._view.homes)
        return self.work.history(tip.commit, who if away else "")

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
        meant = (
            _matching(known, given)
            or _matching(self._named_by_kept, given)
            or _matching(self._rewritten, given)  # last: it reads the history of every tip ever seen
        )
        if len(meant) > 1:
            raise UsageError(f"{self.article}@{given} may be any of {', '.join(meant)}", "give more digits")
        if meant:
            return meant[0]
        if not known:
            raise self._no_article()
        if self.cut:
            raise UnableError(f"no version {given} of {self.article} is in this shallow clone", UNSHALLOW)
        if not self.whole:
            raise UnableError(
                f"no version {given} of {self.article} is here, and {self._owner}'s home was never reached",
                self._fetch,
            )
        raise UsageError(
            f"no version {given} of {self.article} was ever seen here",
            f"`newsrepo versions {self.article}` lists those that were",
        )

    @property
    def _owner(self) -> str:
        return owner(self.article)

    @property
    def _fetch(self) -> str:
        return f"fetch it: newsrepo sync {self._owner}"

    def standing(self, version: Oid) -> Standing:
        """What can be said of a version, named by its full id."""
        if self.read(version) is not None:
            return Standing.IN_VIEW
        if version in self._past or version in self._rewritten:
            return Standing.KNOWN
        return Standing.NEVER if self.whole else Standing.UNTOLD

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
            raise self._absent(version)
        return found

    def _absent(self, version: Oid) -> UnableError:
        """Why the text of a version that somebody named cannot be had, as far as this clone can tell."""
        what = f"{self.article}@{version[:12]}"
        named = self.named.get(version) or self._named_by_kept.get(version)
        who = f"is named by {named}" if named else "is known"
        match self.standing(version):
            case Standing.NEVER:
                return UnableError(
                    f"{what} {who}, but never stood in {self._owner}'s history, as far as this clone saw it",
                    f"`newsrepo versions {self.article}` lists the versions that did",
                )
            case Standing.UNTOLD if self.cut:
                return UnableError(f"{what} {who}, but its text is not in view", UNSHALLOW)
            case Standing.UNTOLD:
                return UnableError(
                    f"{what} {who}, but its text is not in view: {self._owner}'s home was never reached",
                    self._fetch,
                )
            case _:
                at = next((r.commit for r in self.revisions if r.version == version), "")
                stood = f"stood in {self._owner}'s history" + (f" (commit {at[:8]})" if at else "")
                return UnableError(f"{what} {stood}, but its text is not in view", ELSEWHERE)

    @cached_property
    def _rewritten(self) -> frozenset[Oid]:
        """The versions in tips of the owner's home that it showed once and has no more."""
        from newsrepo.gitstore.homestore import HomeStore

        store = HomeStore.open(self.work.repository)
        now = self._view.tip_of(owner(self.article))
        tips = (
            []
            if store is None
            else [tip for tip in store.seen(owner(self.article)) if now is None or tip != now.commit]
        )
        return frozenset(
            Oid(r.version)
            for tip in tips
            for r in self.work.history(tip, owner(self.article)).of(self.path)
            if r.version
        )

    def _no_article(self) -> NewsrepoError:
        past = [r for r in self.revisions if r.version]
        if past:
            return UsageError(
                f"{self.article} is no longer there",
                f"its last text was {self.article}@{past[-1].version[:8]} ; see `newsrepo versions`",
            )
        return no_article(self.work, self._view, self.article)


def _matching(known: Iterable[Oid], given: str) -> list[Oid]:
    return sorted(version for version in known if version.startswith(given))


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
