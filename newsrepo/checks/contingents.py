"""``unknown-contingent``, ``missing-contingent``: somebody is named, or owns files, and is not described."""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, Rule, Scope
from newsrepo.ids import ContingentId, Kind
from newsrepo.location import Severity
from newsrepo.records import types as t
from newsrepo.records.lookalikes import readings


def _find(scope: Scope) -> Iterator[Fault]:
    for owner, contingent in scope.commons.contingents.items():
        for name in contingent.vouches:
            if name not in scope.members:
                yield _unknown(scope, f"contingents/{owner}.yaml", name, ("vouches", name))
            elif name == owner:
                yield Fault(
                    f"contingents/{owner}.yaml",
                    f"{owner} vouches for itself",
                    "remove the line: it adds nothing",
                    ("vouches", name),
                    rule="self-vouch",
                )
    yield from _alike(scope)
    charter = scope.commons.charter_or_none
    if charter is None:
        if "newsrepo.yaml" not in scope.commons.files:
            yield Fault(
                "newsrepo.yaml",
                "the charter is missing",
                "`newsrepo init` writes one; or bring back the file from history",
                rule="missing-charter",
            )
    else:
        for field in ("tellers", "hosted"):
            for at, name in enumerate(getattr(charter, field)):
                if name not in scope.members:
                    yield _unknown(scope, "newsrepo.yaml", name, (field, at))
    for file, record in scope.records(Kind.CHALLENGE):
        if isinstance(record, t.Challenge):
            for at, name in enumerate(record.to):
                if name not in scope.members:
                    yield _unknown(scope, file.place.path, name, ("to", at))
    for file, record in scope.records(Kind.ROLL):
        if isinstance(record, t.Roll):
            for at, voter in enumerate(record.voters):
                if voter.voter not in scope.members:
                    yield _unknown(scope, file.place.path, voter.voter, ("voters", at, "voter"))
    told: set[ContingentId] = set()
    for path, file in scope.commons.files.items():
        who = file.place.owner
        if who is None or who in scope.members or who in told or not scope.wants(path):
            continue
        told.add(who)
        yield Fault(
            path,
            f"{who} has files here, but contingents/{who}.yaml does not exist",
            "`newsrepo new contingent` writes it",
            rule="missing-contingent",
        )


def _alike(scope: Scope) -> Iterator[Fault]:
    """Whose name could be taken for another's; of each the first of these others, in order of id."""
    readers: dict[str, list[ContingentId]] = {}
    for who, contingent in scope.commons.contingents.items():
        for reading in readings(contingent.name):
            readers.setdefault(reading, []).append(who)
    others: dict[ContingentId, set[ContingentId]] = {}
    for alike in readers.values():
        for who in alike if len(alike) > 1 else ():
            others.setdefault(who, set()).update(other for other in alike if other != who)
    for who in sorted(others):
        yield Fault(
            f"contingents/{who}.yaml",
            f"the name of {who} could be taken for that of {min(others[who])}",
            "the ids and keys tell them apart; one of the two should add a word to its name",
            ("name",),
            rule="same-name",
            severity=Severity.WARNING,
        )


def _unknown(scope: Scope, path: str, name: str, keys: tuple[str | int, ...]) -> Fault:
    hint = scope.close(name, scope.members, f"there must be a file contingents/{name}.yaml")
    return Fault(path, f"there is no contingent {name!r}", hint, keys)


RULE = Rule(
    "unknown-contingent",
    "A contingent is named that has no file under contingents/.",
    _find,
    others=("missing-contingent", "missing-charter", "self-vouch", "same-name"),
)
