"""``stray-reply`` and what else makes no thread: circles, pins that mean nothing, summaries of nothing.

What a comment answers may not be there at all: of that ``dangling-id`` speaks. All of these are warnings:
threads are made of whatever there is, and whoever is answered could turn the answers into faults.
"""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.commons.model import Remark
from newsrepo.ledger.threads import Lost, discussions
from newsrepo.location import Severity
from newsrepo.records import types as t


def _find(scope: Scope) -> Iterator[Fault]:
    remarks = scope.commons.remarks
    wanted = any(scope.wants(remark.path) for remark in remarks)
    for record, threads in discussions(remarks).items() if wanted else ():
        many = sum(len(thread.entries) for thread in threads)
        for thread in threads:
            for entry in thread.entries:
                if scope.wants(entry.remark.path):
                    yield from _of(entry.remark, entry.lost, record, many)


def _of(remark: Remark, lost: Lost, record: str, many: int) -> Iterator[Fault]:
    comment = remark.comment
    if lost is Lost.ELSEWHERE:
        yield Fault(
            remark.path,
            f"{comment.reply_to} is not on {record}, so this does not stand below it",
            "name a comment on the same record, or leave `reply_to` out and link to it",
            ("reply_to",),
            severity=Severity.WARNING,
        )
    elif lost is Lost.CIRCLE:
        yield Fault(
            remark.path,
            f"following what answers what from {comment.reply_to} on leads back here",
            "an answer comes after what it answers: leave `reply_to` out of the first",
            ("reply_to",) if comment.reply_to else ("on",),
            rule="reply-circle",
            severity=Severity.WARNING,
        )
    if comment.pinned and (comment.kind is not t.CommentKind.QUESTION or comment.reply_to):
        yield Fault(
            remark.path,
            "only a question that begins a thread comes first when it is pinned",
            "write `kind: question` and no `reply_to`, or leave `pinned` out",
            ("pinned",),
            rule="idle-pin",
            severity=Severity.WARNING,
        )
    if comment.kind is t.CommentKind.SUMMARY and many == 1:
        yield Fault(
            remark.path,
            f"this sums up a discussion of {record}, and there is no other comment on it",
            "name what it sums up under `on` and `reply_to`, or write `kind: comment`",
            ("kind",),
            rule="lone-summary",
            severity=Severity.WARNING,
        )


RULE = Rule(
    "stray-reply",
    "A comment answers one that is on something else.",
    _find,
    others=("idle-pin", "lone-summary", "reply-circle"),
)
