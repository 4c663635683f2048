"""``unkept-source``: a work is based on another whose cited text is not kept beside it."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind
from newsrepo.location import Severity
from newsrepo.records import parse


def _find(scope: Scope) -> Iterator[Fault]:
    files = scope.commons.files
    for work in scope.commons.works.values():
        if not work.based_on or not scope.wants(work.path):
            continue
        folder = work.path.rpartition("/")[0]
        for at, source in enumerate(work.based_on):
            if f"{folder}/sources/{source.version}.md" not in files:
                yield Fault(
                    work.path,
                    f"the text of {source.article} that this is based on is not kept beside it",
                    f"copy that text, as it was, to sources/{source.version}.md",
                    ("based_on", at, "version"),
                    severity=Severity.WARNING,
                )
    # Where git names blobs as the file does, the name is proven by the tree; only others need be read.
    odd = [f for f in scope.of(Kind.SOURCE) if not f.place.path.endswith(f"/{f.oid}.md")]
    for file, blob in zip(odd, scope.commons.snapshot.read([f.oid for f in odd]), strict=True):
        path = file.place.path
        for finding in parse(Kind.SOURCE, blob.data or b"", path).findings:
            yield Fault(path, finding.message, finding.hint, rule=finding.rule)


RULE = Rule(
    "unkept-source",
    "The text that a work is based on is not kept beside it.",
    _find,
    others=("source-does-not-hash",),
)
