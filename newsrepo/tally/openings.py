"""All openings found for one statement under one epoch: those that hold, and why the others do not."""

from collections.abc import Mapping

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.tally.epoch import Epoch
from newsrepo.tally.evidence import AsideError, SetAside, Signed, Stage, Why, further
from newsrepo.tally.files import Files
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.opened import Opened, read_opening
from newsrepo.tally.payload import read_payload


def openings_of(
    files: Files, epochs: Mapping[str, Epoch], known: Mapping[str, Opened] | None = None
) -> tuple[dict[str, Opened], dict[str, SetAside]]:
    """Openings by SHA-256: those that hold under the epoch they name, and those set aside.

    ``known`` are openings that were found to hold before; they are not read again.
    """
    held: dict[str, Opened] = {}
    aside: dict[str, SetAside] = {}
    enacted = files.enacted
    for signed in files.openings:
        name = sha256_hex(signed.signature or b"" if signed.data is None else signed.data)
        before = known.get(name) if known is not None else None
        if before is not None and before.record.statement == files.statement:
            held[name] = before
            continue
        try:
            opened = _read(signed, files.statement, epochs, enacted)
        except AsideError as error:
            found = error.aside(name, signed.sources)
            earlier = aside.get(name)
            aside[name] = found if earlier is None else further(earlier, found)
        else:
            other = held.get(name)
            # Two keys of the opener may both have signed it; which of them is shown must not depend on order.
            if other is None or opened.signed_by < other.signed_by:
                held[name] = opened
    for name in held:
        aside.pop(name, None)
    return dict(sorted(held.items())), dict(sorted(aside.items()))


def _read(
    signed: Signed, statement: str, epochs: Mapping[str, Epoch], enacted: Mapping[str, bytes]
) -> Opened:
    if signed.data is None:
        raise AsideError(
            Stage.FOUND,
            Why.ORPHAN_SIGNATURE,
            "a signature stands alone: what it signs is not there",
            "put back the opening that it belongs to",
        )
    record = read_payload(Kind.OPENING, t.Opening, signed.data)
    if record.statement != statement:
        raise AsideError(
            Stage.FOUND,
            Why.WRONG_STATEMENT,
            f"it opens {record.statement}",
            "it was copied here from another vote",
            3,
        )
    epoch = epochs.get(record.epoch)
    # Without its epoch the opening is held against any, so that the same words say what is wrong.
    return read_opening(signed, epoch or next(iter(epochs.values())), enacted)
