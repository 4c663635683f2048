"""``unfinished-record``, ``uncounted-record``: records of a vote that nobody will ever count as they stand.

Each is held against the opening beside it, as a count would. Whether that opening holds under the charter and
roll in force is for ``newsrepo statement tally``, which knows the chain of epochs.
"""

from collections.abc import Iterator

from newsrepo.checks.model import Fault, File, Rule, Scope
from newsrepo.ids import Kind, owner
from newsrepo.location import Severity
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT
from newsrepo.signing import OPENING, RefusedError, verify
from newsrepo.tally.box import Box
from newsrepo.tally.evidence import AsideError, SetAside, Signed, Stage, Why
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.lists import read_closing
from newsrepo.tally.opened import Opened, terms, text_fault
from newsrepo.tally.payload import read_payload

_SIGNED = (Kind.OPENING, Kind.BALLOT, Kind.CLOSING)


def _find(scope: Scope) -> Iterator[Fault]:
    by_vote: dict[str, list[File]] = {}
    for kind in _SIGNED:
        for file in scope.of(kind):
            by_vote.setdefault("/".join(file.place.path.split("/", 3)[:3]), []).append(file)
    for folder in sorted(by_vote):
        yield from _of_vote(scope, folder, by_vote[folder])


def _of_vote(scope: Scope, folder: str, files: list[File]) -> Iterator[Fault]:
    opened = _opened(scope, folder)
    for file in files:
        if f"{file.place.path}.sig" not in scope.commons.files:
            yield _unfinished(file)
        elif file.place.kind is Kind.OPENING:
            yield from _opening(scope, file, folder)
    if opened is None:
        return
    box = Box(opened)
    for path, data, signature in _pairs(scope, files):
        if path.endswith("/opening.yaml"):
            continue
        signed = Signed(data, signature, (path,))
        if "/ballots/" in path:
            box.add(signed)
        else:
            closing = read_closing(opened, signed)
            if isinstance(closing, SetAside):
                yield from _uncounted(closing)
    for ballot in box.refused.values():
        yield from _uncounted(ballot)


def _pairs(scope: Scope, files: list[File]) -> Iterator[tuple[str, bytes, bytes]]:
    """Each of the files that has a signature, with both their bytes; those too large left out."""
    every = scope.commons.files
    whole = [(file, every[f"{file.place.path}.sig"]) for file in files if f"{file.place.path}.sig" in every]
    blobs = scope.commons.snapshot.read((one.oid for pair in whole for one in pair), MAX_TEXT)
    for file, _ in whole:
        data, signature = next(blobs).data, next(blobs).data
        if data is not None and signature is not None:
            yield file.place.path, data, signature


def _read(scope: Scope, path: str) -> bytes | None:
    file = scope.commons.files.get(path)
    return None if file is None else next(iter(scope.commons.snapshot.read([file.oid], MAX_TEXT))).data


def _opened(scope: Scope, folder: str) -> Opened | None:
    """The vote as its opening says, whoever signed it; None where that cannot be read."""
    data = _read(scope, f"{folder}/opening.yaml")
    record = parse(Kind.OPENING, data or b"", "").record
    if data is None or not isinstance(record, t.Opening):
        return None
    try:
        return terms(record, sha256_hex(data))
    except AsideError:
        return None  # its keys, which have a rule of their own


def _opening(scope: Scope, file: File, folder: str) -> Iterator[Fault]:
    path = file.place.path
    for _, data, signature in _pairs(scope, [file]):
        if not isinstance(parse(Kind.OPENING, data, path).record, t.Opening):
            return  # told by the reader
        try:
            record = read_payload(Kind.OPENING, t.Opening, data)
            _check_opening(record, data, signature, folder)
            text = _read(scope, f"{folder}/statement.md")
            fault = text_fault(record, text) if text is not None else None
            if fault is not None:
                raise fault
        except AsideError as error:
            yield from _uncounted(error.aside("", (path,)))


def _check_opening(record: t.Opening, data: bytes, signature: bytes, folder: str) -> None:
    """What can be said of an opening without the chain of epochs. Raises AsideError."""
    wanted = f"statement:{folder.removeprefix('statements/')}"
    if record.statement != wanted:
        raise AsideError(
            Stage.FOUND, Why.WRONG_STATEMENT, f"it opens {record.statement}", "it was copied here", 3
        )
    who = owner(record.statement)
    try:
        key = verify(data, signature, OPENING)
        keys = terms(record, "").voter_keys.get(who, frozenset())
    except RefusedError as error:
        raise AsideError.of_signature(error) from None
    if key not in keys:
        raise AsideError(
            Stage.SIGNED,
            Why.WRONG_KEY,
            f"it is signed by {key.fingerprint}, which is no key of '{who}' on its roll",
            f"'{who}' must sign it, with a key that stands on the roll",
        )


def _unfinished(file: File) -> Fault:
    return Fault(
        file.place.path,
        "it has no signature and counts for nothing",
        "run the command that wrote it again to sign it, or remove it; `newsrepo statement list` names it",
        rule="unfinished-record",
        severity=Severity.WARNING,
    )


def _uncounted(aside: SetAside) -> Iterator[Fault]:
    for path in aside.sources:
        # Reasons of signing point into the signature, all others into the payload.
        line = aside.line if aside.reason in set(Why) else 0
        yield Fault(path, f"{aside.reason}: {aside.message}", aside.hint, line=line)


RULE = Rule(
    "uncounted-record",
    "A signed record of a vote counts for nothing.",
    _find,
    others=("unfinished-record",),
)
