"""What a count is given and what it says of each piece: signed files as found, and why one was set aside."""

from enum import IntEnum, StrEnum

from msgspec import Struct

from newsrepo.signing import RefusedError


class Signed(Struct, frozen=True, gc=False):
    """A file and the signature beside it, as one or several refs carry them. Either may be missing.

    ``sources`` name those refs, in order, for evidence only: they decide nothing.
    """

    data: bytes | None
    signature: bytes | None
    sources: tuple[str, ...] = ()


class Stage(IntEnum):
    """The steps of the funnel, in order: a ballot that is set aside got as far as one of them."""

    FOUND = 0
    PARSED = 1
    SIGNED = 2
    ON_ROLL = 3
    LATEST = 4
    LISTED = 5
    COUNTED = 6


STAGES = {
    Stage.FOUND: "found",
    Stage.PARSED: "parsed",
    Stage.SIGNED: "signed",
    Stage.ON_ROLL: "on the roll",
    Stage.LATEST: "not superseded",
    Stage.LISTED: "in the list",
    Stage.COUNTED: "counted",
}


class Why(StrEnum):
    """Why a file is set aside, beside the reasons for which a signature is refused (signing.Reason)."""

    # any signed file
    NOT_CANONICAL = "not-canonical"
    UNFINISHED = "unfinished"
    ORPHAN_SIGNATURE = "orphan-signature"
    WRONG_COMMONS = "wrong-commons"
    WRONG_STATEMENT = "wrong-statement"
    WRONG_OPENING = "wrong-opening"
    WRONG_KEY = "wrong-key"
    # ballots
    NOT_ON_ROLL = "not-on-roll"
    SUPERSEDED = "superseded"
    LATE_OR_OMITTED = "late-or-omitted"
    CONTRADICTION = "contradiction"
    # closings
    NOT_A_TELLER = "not-a-teller"
    UNSEEN_BALLOT = "unseen-ballot"
    UNSEEN_OPENING = "unseen-opening"
    UNSEEN_CLOSING = "unseen-closing"
    TOO_FEW_SEEN = "too-few-seen"
    NOT_THE_UNION = "not-the-union"
    UNWANTED_OPENINGS = "unwanted-openings"
    # openings
    WRONG_EPOCH = "wrong-epoch"
    BACKDATED = "backdated"
    ROLL_DIFFERS = "roll-differs"
    LAXER_RULE = "laxer-rule"
    WRONG_TELLERS = "wrong-tellers"
    ENACTED_MISSING = "enacted-missing"
    ENACTED_UNREADABLE = "enacted-unreadable"
    RIVAL = "rival"
    # the text itself
    EDITED_TEXT = "edited-text"


class SetAside(Struct, frozen=True):
    """One file that does not count: how far it got, why, and what can be done.

    ``sha256`` is of the payload (of the signature, where there is no payload); ``line`` counts from 1 in
    the payload, or in the signature when ``reason`` is one of signing's. ``name`` and ``number`` are the
    voter's or signer's and the ballot's or round's, as far as they can be read.
    """

    stage: Stage
    reason: str
    message: str
    hint: str = ""
    line: int = 1
    sha256: str = ""
    name: str = ""
    number: int = 0
    sources: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, int, str, str]:
        return (self.name, self.number, self.sha256, self.reason)


class AsideError(ValueError):
    """Raised while one file is looked at: it does not count. Becomes a SetAside."""

    def __init__(self, stage: Stage, reason: str, message: str, hint: str = "", line: int = 1) -> None:
        super().__init__(message)
        self.stage = stage
        self.reason = reason
        self.message = message
        self.hint = hint
        self.line = line

    @classmethod
    def of_signature(cls, error: RefusedError) -> "AsideError":
        return cls(Stage.PARSED, error.reason.value, error.message, error.hint, error.line)

    def aside(self, sha256: str, sources: tuple[str, ...] = (), name: str = "", number: int = 0) -> SetAside:
        return SetAside(
            self.stage, self.reason, self.message, self.hint, self.line, sha256, name, number, sources
        )


def further(one: SetAside, other: SetAside) -> SetAside:
    """Of two verdicts on copies of one payload the one to show: the same whichever came first."""
    best = min(one, other, key=lambda a: (-a.stage, a.reason, a.message, a.line, a.hint))
    sources = tuple(sorted({*one.sources, *other.sources}))
    return SetAside(
        best.stage,
        best.reason,
        best.message,
        best.hint,
        best.line,
        best.sha256,
        best.name,
        best.number,
        sources,
    )


def check_signature_present(signed: Signed) -> bytes:
    """The signature, or AsideError when the payload stands alone."""
    if signed.signature is None:
        raise AsideError(
            Stage.PARSED,
            Why.UNFINISHED,
            "there is no signature beside it",
            "whoever wrote it can run the command again to sign it",
        )
    return signed.signature
