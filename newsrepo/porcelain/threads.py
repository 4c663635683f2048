"""``show --comments``: what is said of a record, as threads, with what became of the passages quoted."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from newsrepo.errors import UsageError
from newsrepo.ids import Kind, Oid
from newsrepo.ledger.quoting import Found, Passages
from newsrepo.ledger.threads import COMMENT, Entry, Thread, discussions, visible
from newsrepo.porcelain.show import find_path
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t

if TYPE_CHECKING:
    from newsrepo.commons import Commons


class Said(msgspec.Struct, frozen=True):
    """One comment: where it stands, its text, and what became of the passage that it quotes, if any. Of one
    that was withdrawn nothing is said.

    ``earlier``: it was written of another version than the one that stands now.
    """

    entry: Entry
    body: str
    quoted: Found | None
    earlier: bool


class Conversation(msgspec.Struct, frozen=True):
    """What is said of a record, or of a comment and below it: every comment in order, each with its depth."""

    record: str
    said: tuple[Said, ...]
    pinned: frozenset[str]


def conversation(work: Workspace, what: str, today: date, *, at: str = "", only: str = "") -> Conversation:
    """The threads on the record that ``what`` names; of a comment, the thread that it stands in.

    A comment withheld by its own contingent, or dated after ``today``, is not among them. Raises UsageError.
    """
    view = work.commons(work.snapshot(at=at, only=only))
    path = find_path(view, what.partition("@")[0])
    if path is None:
        raise UsageError(f"no such record: {what!r}", "records go by their id or their path")
    place, oid, _ = view.files[path]
    record = f"contingent:{place.id}" if place.kind is Kind.CONTINGENT else place.id
    found = discussions(visible(view.remarks, today))
    if record.startswith(COMMENT):
        threads, record, oid = _around(view, found, record)
    else:
        threads = found.get(record, ())
    return Conversation(
        record,
        tuple(_said(view, threads, oid)),
        frozenset(thread.first.remark.id for thread in threads if thread.pinned),
    )


def _around(
    view: "Commons", found: dict[str, tuple[Thread, ...]], comment: str
) -> tuple[tuple[Thread, ...], str, Oid]:
    """The thread that a comment stands in, what it is on, and the text of that."""
    for record, threads in found.items():
        for thread in threads:
            if any(entry.remark.id == comment for entry in thread.entries):
                path = find_path(view, record)
                return (thread,), record, view.files[path].oid if path is not None else Oid("")
    raise UsageError(f"{comment} is not shown", "it is withheld, or dated later than today")


def _said(view: "Commons", threads: tuple[Thread, ...], subject: Oid) -> Iterator[Said]:
    from newsrepo.records import body_text

    entries = [entry for thread in threads for entry in thread.entries]
    wanted = dict.fromkeys([*([subject] if subject else []), *(entry.remark.version for entry in entries)])
    texts = {oid: body_text(data) or "" for oid, data in view.texts(wanted)}
    passages = Passages(texts.get(subject, ""))
    for entry in entries:
        comment = entry.remark.comment
        withdrawn = comment.status is t.Status.WITHDRAWN
        yield Said(
            entry,
            "" if withdrawn else texts[entry.remark.version],
            passages.find(comment.quote) if comment.quote and not withdrawn else None,
            bool(comment.version and subject and comment.version != subject),
        )
