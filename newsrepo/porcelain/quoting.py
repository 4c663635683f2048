"""What a new comment is about: a record, its exact text, and a passage that stands in it."""

from typing import TYPE_CHECKING

import msgspec

from newsrepo import ids
from newsrepo.errors import UsageError
from newsrepo.ids import ArticleId, Oid
from newsrepo.porcelain.missing import no_article
from newsrepo.porcelain.show import find_path
from newsrepo.porcelain.suggest import near
from newsrepo.porcelain.workspace import Workspace, full_version

if TYPE_CHECKING:
    from newsrepo.commons import Commons

# How an id of each kind is written, for those who wrote one that names nothing.
_WRITTEN = {
    "comment": "comment:abc/2026/reply",
    "answer": "answer:abc/who-paid/lmn",
    "challenge": "challenge:abc/who-paid",
    "statement": "statement:abc/no-sale",
    "filter": "filter:abc/daily",
}


class Subject(msgspec.Struct, frozen=True):
    """One text of a record. ``body`` is None where it has none to quote, as a filter has."""

    record: str
    version: Oid
    body: str | None


def about(work: Workspace, on: str, reply_to: str) -> Subject:
    """The record that ``on`` names, or the comment ``reply_to`` is on, at the version that is meant.

    Raises UsageError for what is not there, and where the two are not about one record.
    """
    view = work.here
    target, _, version = on.partition("@")
    if reply_to:
        answered = _about(view, reply_to)
        target = target or answered
        if target not in (answered, reply_to):
            raise UsageError(
                f"{reply_to} is on {answered}, not on {target}",
                "a reply is on what it answers: leave the record out",
            )
    path = find_path(view, target) if ":" in target or ids.ArticleId(target) in view.works else None
    if path is None:
        if ":" not in target:
            raise no_article(work, view, target)
        raise UsageError(f"no such record: {target!r}", _meant(view, target))
    current = view.files[path].oid
    meant = Oid(full_version(target, version, current))
    return Subject(target, meant, _body(work, view, target, current, meant))


def _about(view: "Commons", comment: str) -> str:
    """What a comment is on."""
    found = next((remark for remark in view.remarks if remark.id == comment), None)
    if found is None:
        raise UsageError(f"no such comment: {comment!r}", _meant(view, comment))
    return found.comment.on


def _meant(view: "Commons", target: str) -> str:
    """A hint for an id that names nothing: the nearest of its kind, else how such ids are written."""
    kind = target.partition(":")[0] if ":" in target else "comment"
    known = (file.place.id for file in view.files.values() if file.place.kind == kind)
    guess = near(target, known)
    if guess.startswith("did you mean"):
        return guess
    return f"write its id as in {_WRITTEN.get(kind, _WRITTEN['comment'])}"


def _body(work: Workspace, view: "Commons", target: str, current: Oid, meant: Oid) -> str | None:
    from newsrepo.records import body_text

    if meant != current:
        from newsrepo.porcelain.cited import Versions

        return Versions(work, view, ArticleId(target)).text(meant).body
    return next((body_text(data) for _, data in view.texts([current])), None)


def passage(subject: Subject, quote: str) -> str:
    """``quote`` if it stands in the text, but for blanks and marks. Raises UsageError where it does not."""
    from newsrepo.ledger.quoting import Passages

    if subject.body is None:
        raise UsageError(f"{subject.record} has no text to quote", "leave --quote out")
    if not Passages(subject.body).holds(quote):
        raise UsageError(
            f"this passage does not stand in {subject.record}@{subject.version[:8]}: {quote[:60]!r}",
            f"copy it from there: newsrepo show {subject.record}@{subject.version[:8]}",
        )
    quote = quote.strip()
    return quote if quote in subject.body else " ".join(quote.split())
