"""``empty-body``: an article that would be printed without a word, a picture or a sound in it.

Of other records this is a fault that the reader tells; articles may be pictures alone, or be taken back.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.location import Severity
from newsrepo.records import split
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.ids import Oid


def _find(scope: Scope) -> Iterator[Fault]:
    empty: dict[Oid, list[str]] = {}
    for work in scope.commons.works.values():
        if not work.words and not work.media and work.status is t.Status.USABLE and scope.wants(work.path):
            empty.setdefault(work.version, []).append(work.path)
    for blob in scope.commons.snapshot.read(empty, MAX_TEXT) if empty else ():
        halves = split(blob.data or b"")
        for path in empty[blob.oid]:
            yield Fault(
                path,
                "the article has no text and no media, so its page will be empty",
                "write the text below this line, or add `status: withheld` until it is there",
                line=halves.front.count(b"\n") + 2 if halves else 1,
                severity=Severity.WARNING,
            )


RULE = Rule("empty-body", "An article has neither text nor media.", _find)
