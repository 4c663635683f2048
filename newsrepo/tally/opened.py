"""A vote that was opened rightly: the frozen terms, ready to count by, or why an opening is refused."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from newsrepo.ids import Kind, owner
from newsrepo.records import parse, split
from newsrepo.records import types as t
from newsrepo.signing import OPENING, Key, RefusedError, parse_key, verify
from newsrepo.tally.epoch import Epoch, bare_key, roll_faults
from newsrepo.tally.evidence import AsideError, Signed, Stage, Why, check_signature_present
from newsrepo.tally.identity import sha256_hex
from newsrepo.tally.payload import read_payload
from newsrepo.tally.rule import laxer


class Opened(Struct, frozen=True, gc=False):
    """One opening that holds: its record, its SHA-256 (which ballots bind), and its keys, read once."""

    record: t.Opening
    sha256: str
    voter_keys: dict[str, frozenset[Key]]
    teller_keys: dict[str, frozenset[Key]]
    signed_by: str = ""

    @property
    def total(self) -> int:
        """All votes of the frozen roll."""
        return sum(voter.votes for voter in self.record.roll)


def terms(record: t.Opening, sha256: str, signed_by: str = "") -> Opened:
    """The frozen terms with their keys read. Raises AsideError when a key is not one that may sign."""
    return Opened(
        record,
        sha256,
        {voter.voter: _keys(voter.voter, voter.keys) for voter in record.roll},
        {teller.teller: _keys(teller.teller, teller.keys) for teller in record.tellers},
        signed_by,
    )


def _keys(name: str, lines: Iterable[str]) -> frozenset[Key]:
    try:
        return frozenset(map(parse_key, lines))
    except RefusedError as error:
        raise AsideError(
            Stage.FOUND, error.reason.value, f"a key of '{name}' is refused: {error.message}", error.hint
        ) from None


def read_opening(signed: Signed, epoch: Epoch, enacted: Mapping[str, bytes]) -> Opened:
    """The vote that ``signed`` opens under ``epoch``. Raises AsideError when it opens none.

    ``enacted`` are the files that lie under ``enacts/``, by SHA-256.
    """
    data = signed.data or b""
    record = read_payload(Kind.OPENING, t.Opening, data)
    check_epoch(record, epoch)
    check_terms(record, epoch)
    if record.enacts is not None:
        successor_files(record.enacts, epoch, enacted)
    opened = terms(record, sha256_hex(data))
    opener = owner(record.statement)
    if opener not in opened.voter_keys:
        raise AsideError(
            Stage.SIGNED,
            Why.NOT_ON_ROLL,
            f"'{opener}' is not on the roll, and only voters may open a vote",
            "ask somebody on the roll to propose the statement",
        )
    try:
        key = verify(data, check_signature_present(signed), OPENING)
    except RefusedError as error:
        raise AsideError.of_signature(error) from None
    if key not in opened.voter_keys[opener]:
        raise AsideError(
            Stage.SIGNED,
            Why.WRONG_KEY,
            f"it is signed by {key.fingerprint}, which is no key of '{opener}'",
            f"'{opener}' must sign it with a key that stands on the roll",
        )
    return Opened(record, opened.sha256, opened.voter_keys, opened.teller_keys, key.fingerprint)


def check_epoch(record: t.Opening, epoch: Epoch) -> None:
    """That an opening names this commons and this epoch. Raises AsideError."""
    if record.commons != epoch.commons:
        raise AsideError(
            Stage.PARSED,
            Why.WRONG_COMMONS,
            f"it belongs to the commons {record.commons[:12]}…, not to {epoch.commons[:12]}…",
            "it was copied here from elsewhere",
        )
    if record.epoch != epoch.id:
        raise AsideError(
            Stage.PARSED,
            Why.WRONG_EPOCH,
            f"it names the epoch {record.epoch[:12]}…, which is none that is known here",
            "fetch the vote that began it: newsrepo sync; else open this one again under what is in force",
            2,
        )


def check_terms(record: t.Opening, epoch: Epoch) -> None:
    """That the frozen terms are those of the epoch, or stricter. Raises AsideError."""
    if _by_voter(record.roll) != _by_voter(epoch.roll.voters):
        raise AsideError(
            Stage.PARSED,
            Why.ROLL_DIFFERS,
            "its roll is not the roll in force",
            "open the vote again; newsrepo copies the roll",
        )
    looser = laxer(record.rule, epoch.charter.rule)
    if looser:
        raise AsideError(
            Stage.PARSED,
            Why.LAXER_RULE,
            f"its rule is laxer than the charter's: {'; '.join(looser)}",
            "an opening may ask for more than the charter, never for less",
        )
    wanted = {teller.teller: teller for teller in tellers_of(epoch)}
    given = {teller.teller: teller for teller in record.tellers}
    same = given.keys() == wanted.keys() and all(
        set(map(bare_key, given[name].keys)) == set(map(bare_key, wanted[name].keys)) for name in wanted
    )
    if not same:
        raise AsideError(
            Stage.PARSED,
            Why.WRONG_TELLERS,
            f"its tellers are not the charter's with their keys of the roll: {', '.join(sorted(wanted))}",
            "open the vote again; newsrepo copies them",
        )


def tellers_of(epoch: Epoch) -> tuple[t.Teller, ...]:
    """Who closes votes in an epoch: the charter's tellers that are on the roll; if none is, every voter."""
    voters = {voter.voter: voter for voter in epoch.roll.voters}
    names = [name for name in sorted(epoch.charter.tellers) if name in voters] or sorted(voters)
    return tuple(t.Teller(teller=name, keys=tuple(map(bare_key, voters[name].keys))) for name in names)


def successor_files(enacts: t.Enactment, epoch: Epoch, enacted: Mapping[str, bytes]) -> tuple[bytes, bytes]:
    """Charter and roll as they would be after this enactment. Raises AsideError."""
    data = enacted.get(enacts.sha256)
    if data is None:
        raise AsideError(
            Stage.PARSED,
            Why.ENACTED_MISSING,
            f"the new {enacts.what.value} that it would bring in is not at hand",
            "fetch the whole statement: the file lies under enacts/",
        )
    is_roll = enacts.what is t.Enacts.ROLL
    parsed = parse(Kind.ROLL if is_roll else Kind.CHARTER, data, "")
    message = (
        ""
        if parsed.record is not None
        else f"line {parsed.findings[0].location.line}: {parsed.findings[0].message}"
    )
    if isinstance(parsed.record, t.Roll):
        message = next(iter(roll_faults(parsed.record)), "")
    if message:
        raise AsideError(
            Stage.PARSED,
            Why.ENACTED_UNREADABLE,
            f"the new {enacts.what.value} cannot be put in force: {message}",
            "mend the file and open a new statement",
        )
    return (epoch.charter_data, data) if is_roll else (data, epoch.roll_data)


def text_fault(record: t.Opening, statement: bytes) -> AsideError | None:
    """What differs between the text that was opened and the file that stands there now; None when nothing."""
    halves = split(statement)
    parsed = parse(Kind.STATEMENT, statement, "").record
    if halves is None or not isinstance(parsed, t.Statement):
        what = "the file cannot be read any more"
    elif sha256_hex(halves.body) != record.text:
        what = "the text was changed after the vote was opened"
    elif (parsed.title, parsed.lang) != (record.title, record.lang):
        what = "the title or language was changed after the vote was opened"
    else:
        return None
    return AsideError(
        Stage.COUNTED, Why.EDITED_TEXT, what, "the vote is on the text as it was opened: put that back"
    )


def _by_voter(voters: Iterable[t.Voter]) -> dict[str, tuple[int, frozenset[str]]]:
    return {voter.voter: (voter.votes, frozenset(map(bare_key, voter.keys))) for voter in voters}
