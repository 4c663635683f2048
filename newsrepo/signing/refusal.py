"""Why a key or a signature is not accepted: one code for each reason, with a place and a way out."""

from enum import StrEnum


class Reason(StrEnum):
    """Everything for which a key or signature is refused; the values are codes for other programs."""

    # keys
    BAD_KEY_LINE = "bad-key-line"
    CERTIFICATE = "certificate"
    KEY_TYPE = "key-type"
    KEY_BASE64 = "key-base64"
    KEY_SHAPE = "key-shape"
    KEY_APPLICATION = "key-application"
    WEAK_KEY = "weak-key"
    NON_CANONICAL_KEY = "non-canonical-key"
    # the armour around a signature
    TOO_LARGE = "too-large"
    CHANGED_LINE_ENDINGS = "changed-line-endings"
    MISSING_ARMOUR = "missing-armour"
    UNCLOSED_ARMOUR = "unclosed-armour"
    TRAILING_TEXT = "trailing-text"
    ARMOUR_BASE64 = "armour-base64"
    ARMOUR_WRAPPING = "armour-wrapping"
    # what is in it
    NOT_A_SIGNATURE = "not-a-signature"
    SIGNATURE_VERSION = "signature-version"
    SIGNATURE_SHAPE = "signature-shape"
    TRAILING_BYTES = "trailing-bytes"
    WRONG_NAMESPACE = "wrong-namespace"
    RESERVED_FIELD = "reserved-field"
    WRONG_HASH = "wrong-hash"
    SIGNATURE_TYPE = "signature-type"
    UNREDUCED_SIGNATURE = "unreduced-signature"
    UNTOUCHED_KEY = "untouched-key"
    BAD_SIGNATURE = "bad-signature"


class RefusedError(ValueError):
    """A key or signature is not accepted.

    ``reason`` is the code, ``message`` the fact, ``hint`` the way out; ``line`` counts from 1 in the text
    that was read. Messages may quote that text, shortened and escaped.
    """

    def __init__(self, reason: Reason, message: str, hint: str = "", line: int = 1) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.hint = hint
        self.line = line


def shown(text: str, limit: int = 60) -> str:
    """Text from a file as it may stand in a message: short, and in ASCII."""
    return ascii(text if len(text) <= limit else text[: limit - 1] + "…")
