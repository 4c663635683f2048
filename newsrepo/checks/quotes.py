"""``quote-not-found``: a comment quotes what does not stand in the text that it names.

Later versions may change or drop the passage; the one that was named stays what it is.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.errors import UnableError
from newsrepo.ids import Oid
from newsrepo.ledger.quoting import Passages
from newsrepo.location import Severity
from newsrepo.records import body_text
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.commons.model import Remark


def _find(scope: Scope) -> Iterator[Fault]:
    quoting: dict[Oid, list[Remark]] = {}
    for remark in scope.commons.remarks:
        if not remark.comment.quote or not scope.wants(remark.path):
            continue
        if remark.comment.version is None:
            yield Fault(
                remark.path,
                "it is not said which version the quoted passage stands in",
                "add `version:`, the id that `newsrepo show` prints behind the @",
                ("quote",),
                rule="unpinned-quote",
                severity=Severity.WARNING,
            )
        else:
            quoting.setdefault(Oid(remark.comment.version), []).append(remark)
    for version in sorted(scope.knows(frozenset(quoting))):
        text = _text(scope, version)
        if text is None:
            continue
        passages = Passages(text)
        for remark in quoting[version]:
            if not passages.holds(remark.comment.quote or ""):
                yield Fault(
                    remark.path,
                    f"this passage does not stand in {remark.comment.on}@{version[:8]}",
                    f"quote it as it stands there: newsrepo show {remark.comment.on}@{version[:8]}",
                    ("quote",),
                )


def _text(scope: Scope, version: Oid) -> str | None:
    """The text of a version; None where it is not at hand, as in a shallow clone, or is none."""
    try:
        blob = next(iter(scope.commons.snapshot.read([version], MAX_TEXT)), None)
    except UnableError:
        return None
    return None if blob is None or blob.data is None else body_text(blob.data)


RULE = Rule(
    "quote-not-found",
    "A comment quotes what does not stand in the text that it names.",
    _find,
    others=("unpinned-quote",),
)
