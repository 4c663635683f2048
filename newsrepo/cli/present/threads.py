"""Comments for a reader at a terminal: threads set in below what they answer, and as JSON."""

from collections.abc import Iterator
from typing import Any

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.cli.present.wrap import prose
from newsrepo.ledger.quoting import State
from newsrepo.ledger.threads import Lost
from newsrepo.porcelain.threads import Conversation, Said
from newsrepo.records import types as t

DEEPEST = 8
"""How deep answers are set in; what lies deeper names what it answers all the same."""

_LOST = {
    Lost.MISSING: "in reply to a comment that is not here",
    Lost.ELSEWHERE: "in reply to a comment on something else",
    Lost.CIRCLE: "one of several that say they answer each other",
}
_STATE = {
    State.GONE: "this passage does not stand in the text any more",
    State.CHANGED: "this passage was changed; it now reads:",
    State.UNSOUGHT: "not looked for: the text is too long",
}


def as_json(out: Out, told: Conversation) -> None:
    out.json("show", {"on": told.record, "comments": [_plain(one, told) for one in told.said]})


def _plain(one: Said, told: Conversation) -> dict[str, Any]:
    entry, comment = one.entry, one.entry.remark.comment
    quoted = None
    withdrawn = comment.status is t.Status.WITHDRAWN
    if one.quoted is not None:
        quoted = {
            "text": comment.quote,
            "state": one.quoted.state.value,
            "start": one.quoted.start if one.quoted.text else None,
            "end": one.quoted.end if one.quoted.text else None,
            "now": one.quoted.text or None,
        }
    return {
        "id": entry.remark.id,
        "record_version": entry.remark.version,
        "source": entry.remark.source,
        "depth": entry.depth,
        "answers": entry.parent or None,
        "lost": entry.lost.value or None,
        "reply_to": comment.reply_to,
        "kind": comment.kind.value,
        "pinned": entry.remark.id in told.pinned,
        "status": comment.status.value,
        "date": str(comment.date),
        "authors": [] if withdrawn else [author.name for author in comment.authors],
        "lang": comment.lang,
        "on": comment.on,
        "version": comment.version,
        "earlier": one.earlier,
        "quote": quoted,
        "body": one.body,
    }


def as_text(out: Out, told: Conversation, width: int) -> None:
    if not told.said:
        out.word(f"nobody has commented on {told.record}")
        return
    many = len(told.said)
    out.line(f"{'1 comment' if many == 1 else f'{many} comments'} on {terminal(told.record)}")
    for one in told.said:
        indent = "  " * min(one.entry.depth, DEEPEST)
        out.line()
        for line in _lines(one, told, max(20, width - len(indent))):
            out.line(f"{indent}{line}" if line else "")


def _lines(one: Said, told: Conversation, width: int) -> Iterator[str]:
    entry, comment = one.entry, one.entry.remark.comment
    kind = "" if comment.kind is t.CommentKind.COMMENT else comment.kind.value
    withdrawn = comment.status is t.Status.WITHDRAWN
    yield " · ".join(
        filter(
            None,
            [
                terminal(entry.remark.id),
                "pinned" if entry.remark.id in told.pinned else "",
                kind,
                "" if withdrawn else terminal(", ".join(author.name for author in comment.authors)),
                str(comment.date),
                f"of version {comment.version[:8]}" if one.earlier and comment.version else "",
                f"in reply to {entry.parent}" if entry.depth > DEEPEST else "",
                _LOST.get(entry.lost, ""),
            ],
        )
    )
    if withdrawn:
        yield "withdrawn by its contingent"
        return
    if one.quoted is not None:
        yield from (f"> {line}" for line in prose(comment.quote or "", width - 2))
        if one.quoted.state in _STATE:
            yield f"({_STATE[one.quoted.state]})"
        if one.quoted.state is State.CHANGED:
            yield from (f"> {line}" for line in prose(one.quoted.text, width - 2))
    yield from prose(one.body, width)
