"""The ballot box: takes ballots one after the other, keeps what each says and forgets its bytes.

Canonical ballots are matched against the opening's own template, without reading any YAML; whatever does not
match goes the telling way, which finds the reason. Copies of one ballot are one ballot, whoever carries them.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from msgspec import Struct

from newsrepo.ids import Kind
from newsrepo.records import types as t
from newsrepo.records.scalars import Day, ScalarError
from newsrepo.records.write import scalar_text
from newsrepo.signing import BALLOT, Key, RefusedError, verify
from newsrepo.tally.evidence import (
    AsideError,
    SetAside,
    Signed,
    Stage,
    Why,
    check_signature_present,
    further,
)
from newsrepo.tally.opened import Opened
from newsrepo.tally.payload import check_addressed, read_payload


class Held(Struct, frozen=True, gc=False):
    """A valid ballot, without its bytes: who voted what, in which ballot, signed by which key."""

    voter: str
    number: int
    choice: t.Choice
    date: str
    key: str
    sources: tuple[str, ...]


_Said = tuple[str, int, t.Choice, str, dict[Key, str]]
"""Voter, number, choice, date, and the voter's keys with their fingerprints."""

_CHOICES = {scalar_text(choice.value).encode(): choice for choice in t.Choice}
_REST = re.compile(
    rb"voter: ([^\n]{1,62})\nnumber: ([1-9][0-9]{0,6})\n"
    rb"choice: (" + b"|".join(map(re.escape, _CHOICES)) + rb")\ndate: ([0-9]{4}-[0-9]{2}-[0-9]{2})\n"
)
_MAX_NUMBER = 1_000_000

MAX_BALLOT = 1024
"""Bytes of a ballot at most; twice what the longest ids need. More is not looked at, so junk costs little."""


class Box:
    """Every ballot found for one opening. ``held`` are the valid ones by SHA-256, ``refused`` the others."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.held: dict[bytes, Held] = {}
        self.refused: dict[bytes, SetAside] = {}
        record = opened.record
        self._head = (
            f"commons: {scalar_text(record.commons)}\nstatement: {scalar_text(record.statement)}\n"
            f"opening: {scalar_text(opened.sha256)}\n"
        ).encode()
        self._voters = {
            scalar_text(name).encode(): (name, {key: key.fingerprint for key in keys})
            for name, keys in opened.voter_keys.items()
        }
        self._holders = {key: name for name, keys in opened.voter_keys.items() for key in keys}
        self._days: dict[bytes, str] = {}

    def add_all(self, ballots: Iterable[Signed]) -> None:
        """Take every ballot of a stream."""
        for ballot in ballots:
            self.add(ballot)

    def add(self, ballot: Signed) -> None:
        """Take one ballot. Never raises, whatever the bytes."""
        data = ballot.data
        name = sha256(ballot.signature or b"" if data is None else data).digest()
        known = self.held.get(name)
        if known is not None:
            self.held[name] = _also(known, ballot.sources)
            return
        try:
            self.held[name] = _also(self._read(ballot), self._forget(name))
        except AsideError as error:
            self._refuse(name, error, ballot)

    def _forget(self, name: bytes) -> tuple[str, ...]:
        """A copy turned out valid: drop what was said of the others, keep who carried them."""
        refused = self.refused.pop(name, None)
        return refused.sources if refused is not None else ()

    def _refuse(self, name: bytes, error: AsideError, ballot: Signed) -> None:
        who, number = _claimed(ballot.data or b"")
        found = error.aside(name.hex(), ballot.sources, who, number)
        before = self.refused.get(name)
        self.refused[name] = found if before is None else further(before, found)

    def _read(self, ballot: Signed) -> Held:
        """What a ballot says, once its signature holds. Raises AsideError."""
        data = ballot.data
        if data is None:
            raise AsideError(
                Stage.FOUND,
                Why.ORPHAN_SIGNATURE,
                "a signature stands alone: what it signs is not there",
                "put back the ballot that it belongs to",
            )
        voter, number, choice, date, keys = self._said(data)
        try:
            key = verify(data, check_signature_present(ballot), BALLOT)
        except RefusedError as error:
            raise AsideError.of_signature(error) from None
        fingerprint = keys.get(key)
        if fingerprint is None:
            raise self._stranger(voter, key)
        return Held(voter, number, choice, date, fingerprint, ballot.sources)

    def _said(self, data: bytes) -> _Said:
        """What stands in a canonical ballot on this vote. Raises AsideError for any other bytes."""
        if data.startswith(self._head):
            match = _REST.fullmatch(data, len(self._head))
            if match is not None:
                voter = self._voters.get(match[1])
                number = int(match[2])
                day = self._days.get(match[4]) or self._day(match[4])
                if voter is not None and number <= _MAX_NUMBER and day:
                    return voter[0], number, _CHOICES[match[3]], day, voter[1]
        if len(data) > MAX_BALLOT:
            fact = f"it has {len(data)} bytes; a ballot needs at most {MAX_BALLOT}"
            raise AsideError(Stage.FOUND, Why.NOT_CANONICAL, fact, "it is something else: remove it")
        record = read_payload(Kind.BALLOT, t.Ballot, data)
        opening = self.opened.record
        check_addressed(record, opening.commons, opening.statement, self.opened.sha256)
        keys = self._voters.get(scalar_text(record.voter).encode(), ("", {}))[1]
        return record.voter, record.number, record.choice, str(record.date), keys

    def _day(self, text: bytes) -> str:
        """The day of these digits, remembered; empty when there is no such day."""
        try:
            self._days[text] = day = str(Day.parse(text.decode()))
        except ScalarError:
            return ""
        return day

    def _stranger(self, voter: str, key: Key) -> AsideError:
        if voter not in self.opened.voter_keys:
            return AsideError(
                Stage.SIGNED,
                Why.NOT_ON_ROLL,
                f"'{voter}' is not on the roll of this vote (signed by {key.fingerprint})",
                "whoever is added to the roll now votes from the next epoch on",
            )
        other = self._holders.get(key)
        whose = f"the key of '{other}'" if other else "a key that is not on the roll"
        return AsideError(
            Stage.SIGNED,
            Why.WRONG_KEY,
            f"it is the ballot of '{voter}' but signed by {whose} ({key.fingerprint})",
            f"'{voter}' must sign it with a key that stood on the roll when the vote was opened",
        )


def _also(held: Held, sources: tuple[str, ...]) -> Held:
    """The same ballot, carried by these too."""
    if not sources or held.sources == sources:
        return held
    merged = tuple(sorted({*held.sources, *sources}))
    return Held(held.voter, held.number, held.choice, held.date, held.key, merged)


_VOTER = re.compile(rb"^voter: '?([a-z0-9-]{1,60})'?$", re.MULTILINE)
_NUMBER = re.compile(rb"^number: ([0-9]{1,7})$", re.MULTILINE)


def _claimed(data: bytes) -> tuple[str, int]:
    """Whose ballot bytes claim to be, and which; as far as that can be read."""
    voter, number = _VOTER.search(data), _NUMBER.search(data)
    return voter[1].decode() if voter else "", int(number[1]) if number else 0
