"""``orphan-file``: a file belongs to a record that is not there."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import Kind

_MAIN = {
    Kind.MEDIA: ("articles", 4, "index.md"),
    Kind.SOURCE: ("articles", 4, "index.md"),
    Kind.ANSWER: ("challenges", 3, "challenge.md"),
    Kind.OPENING: ("statements", 3, "statement.md"),
    Kind.BALLOT: ("statements", 3, "opening.yaml"),
    Kind.CLOSING: ("statements", 3, "opening.yaml"),
    Kind.DISSENT: ("statements", 3, "statement.md"),
    Kind.ENACTS: ("statements", 3, "statement.md"),
}


def _find(scope: Scope) -> Iterator[Fault]:
    files = scope.commons.files
    for path, file in files.items():
        kind = file.place.kind
        if kind is Kind.SIGNATURE:
            main = file.place.id
        elif kind in _MAIN:
            _, depth, name = _MAIN[kind]
            main = "/".join([*path.split("/")[:depth], name])
        else:
            continue
        if main not in files and scope.wants(path):
            yield Fault(
                path,
                f"this belongs to {main}, which is not there",
                "bring that file back, or remove this one",
            )


RULE = Rule("orphan-file", "A file belongs to a record that is not there.", _find)
