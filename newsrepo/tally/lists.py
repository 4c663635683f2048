"""One closing: the list of ballots that somebody signed, read, verified and named by what it lists."""

from hashlib import sha256

from msgspec import Struct, structs

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.signing import CLOSING, RefusedError, verify
from newsrepo.tally.evidence import (
    AsideError,
    SetAside,
    Signed,
    Stage,
    Why,
    check_signature_present,
)
from newsrepo.tally.opened import Opened
from newsrepo.tally.payload import check_addressed, read_payload


class List(Struct, frozen=True, gc=False):
    """A signed list. ``sha256`` is of the closing, ``name`` of what it lists: equal lists, equal names."""

    record: t.Closing
    sha256: str
    name: str
    entries: frozenset[bytes]
    openings: frozenset[str]
    key: str
    sources: tuple[str, ...]

    def also(self, sources: tuple[str, ...]) -> "List":
        """The same list, carried by these too."""
        return structs.replace(self, sources=tuple(sorted({*self.sources, *sources})))


def list_name(entries: frozenset[bytes], openings: frozenset[str]) -> str:
    """The SHA-256 over the sorted ballots and, apart from them, the sorted openings."""
    digest = sha256(b"newsrepo-list v1\n")
    for entry in sorted(entries):
        digest.update(entry)
    for opening in sorted(openings):
        digest.update(f"opening {opening}\n".encode())
    return digest.hexdigest()


def read_closing(opened: Opened, closing: Signed) -> List | SetAside:
    """The list, or why the closing is none on this vote. Whether it holds beside the others is not asked."""
    name = sha256(closing.signature or b"" if closing.data is None else closing.data).hexdigest()
    try:
        return _read(opened, closing, name)
    except AsideError as error:
        return error.aside(name, closing.sources)


def _read(opened: Opened, closing: Signed, name: str) -> List:
    data = closing.data
    if data is None:
        raise AsideError(
            Stage.FOUND,
            Why.ORPHAN_SIGNATURE,
            "a signature stands alone: what it signs is not there",
            "put back the closing that it belongs to",
        )
    record = read_payload(Kind.CLOSING, t.Closing, data)
    check_addressed(record, opened.record.commons, opened.record.statement, opened.sha256)
    signer = record.teller
    keys = opened.teller_keys.get(signer, frozenset()) | opened.voter_keys.get(signer, frozenset())
    if not keys:
        raise AsideError(
            Stage.PARSED,
            Why.NOT_A_TELLER,
            f"'{signer}' is neither a teller of this vote nor on its roll",
            "only they may close it",
        )
    try:
        key = verify(data, check_signature_present(closing), CLOSING)
    except RefusedError as error:
        raise AsideError.of_signature(error) from None
    if key not in keys:
        raise AsideError(
            Stage.SIGNED,
            Why.WRONG_KEY,
            f"it is the list of '{signer}' but signed by {key.fingerprint}, which is no key of theirs",
            f"'{signer}' must sign it with a key that the opening names",
        )
    entries = frozenset(bytes.fromhex(entry.ballot) for entry in record.ballots)
    openings = frozenset(record.openings)
    return List(
        record, name, list_name(entries, openings), entries, openings, key.fingerprint, closing.sources
    )
