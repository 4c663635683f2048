"""Signatures: what ``verify`` accepts, and the reason for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signers import Parts, Signer

from newsrepo.signing import (
    BALLOT,
    CLOSING,
    MAX_ARMOURED,
    Reason,
    RefusedError,
    armour,
    sshsig,
    unarmour,
    verify,
)

ANN = Signer("ann")
TOKEN = Signer("token", security=True)
MESSAGE = b"choice: 'yes'\n"
GOOD = ANN.parts(MESSAGE, BALLOT)
SK = TOKEN.parts(MESSAGE, BALLOT)
TEXT = GOOD.armoured


def refusal(armoured: bytes, message: bytes = MESSAGE, namespace: str = BALLOT) -> RefusedError:
    with pytest.raises(RefusedError) as refused:
        verify(message, armoured, namespace)
    assert refused.value.message
    assert refused.value.hint
    return refused.value


@pytest.mark.parametrize("signer", [ANN, TOKEN], ids=["plain", "security"])
def test_a_good_signature_names_its_key(signer: Signer) -> None:
    assert verify(MESSAGE, signer.sign(MESSAGE, BALLOT), BALLOT) == signer.key
    assert verify(b"", signer.sign(b"", BALLOT), BALLOT) == signer.key


def test_a_verified_user_is_a_touch_too() -> None:
    assert verify(MESSAGE, TOKEN.parts(MESSAGE, BALLOT, flags=5).armoured, BALLOT) == TOKEN.key


@pytest.mark.parametrize(
    ("parts", "expected", "line"),
    [
        (GOOD.but(magic=b"SSHSIX"), Reason.NOT_A_SIGNATURE, 2),
        (GOOD.but(version=0), Reason.SIGNATURE_VERSION, 2),
        (GOOD.but(version=2), Reason.SIGNATURE_VERSION, 2),
        (GOOD.but(reserved=b"x"), Reason.RESERVED_FIELD, 3),
        (GOOD.but(hash=b"sha256"), Reason.WRONG_HASH, 3),
        (GOOD.but(after=b"\0"), Reason.TRAILING_BYTES, 5),
        (GOOD.but(tail=b"\0"), Reason.TRAILING_BYTES, 5),
        (GOOD.but(kind=b"ssh-rsa"), Reason.SIGNATURE_TYPE, 3),
        (GOOD.but(signature=GOOD.signature[:-1]), Reason.SIGNATURE_SHAPE, 3),
        (GOOD.plus_order(), Reason.UNREDUCED_SIGNATURE, 3),
        (GOOD.but(key=TOKEN.key.blob), Reason.SIGNATURE_TYPE, 4),
        (GOOD.but(key=Signer("bob").key.blob), Reason.BAD_SIGNATURE, 1),
        (GOOD.but(key=b"\0\0\0\x07ssh-rsa"), Reason.KEY_TYPE, 2),
        (SK.but(tail=b"\0" + SK.tail[1:]), Reason.UNTOUCHED_KEY, 4),
        (TOKEN.parts(MESSAGE, BALLOT, flags=0), Reason.UNTOUCHED_KEY, 4),
        (TOKEN.parts(MESSAGE, BALLOT, flags=4), Reason.UNTOUCHED_KEY, 4),
        (SK.but(tail=b"\x01\0\0\0\x08"), Reason.BAD_SIGNATURE, 1),
        (SK.but(tail=b"\x05" + SK.tail[1:]), Reason.BAD_SIGNATURE, 1),
        (SK.but(tail=b""), Reason.SIGNATURE_SHAPE, 6),
        (SK.but(tail=SK.tail + b"\0"), Reason.TRAILING_BYTES, 6),
        (SK.plus_order(), Reason.UNREDUCED_SIGNATURE, 4),
        (GOOD.but(namespace=CLOSING), Reason.WRONG_NAMESPACE, 3),
        (GOOD.but(namespace=""), Reason.WRONG_NAMESPACE, 3),
    ],
)
def test_what_is_in_it(parts: Parts, expected: Reason, line: int) -> None:
    found = refusal(parts.armoured)
    assert (found.reason, found.line) == (expected, line)


def test_a_signature_for_another_record_does_not_hold() -> None:
    assert refusal(ANN.sign(MESSAGE, CLOSING)).reason is Reason.WRONG_NAMESPACE
    assert "closing.v1@newsrepo" in refusal(ANN.sign(MESSAGE, CLOSING)).message


def test_a_weak_key_signs_everything_and_is_refused() -> None:
    identity = (1).to_bytes(32, "little")
    forged = GOOD.but(key=GOOD.key[:-32] + identity, signature=identity + bytes(32))
    assert refusal(forged.armoured).reason is Reason.WEAK_KEY


@pytest.mark.parametrize(
    ("text", "expected", "line"),
    [
        (b"", Reason.MISSING_ARMOUR, 1),
        (b"\n" + TEXT, Reason.MISSING_ARMOUR, 1),
        (TEXT.lower(), Reason.MISSING_ARMOUR, 1),
        (TEXT.replace(b"\n", b"\r\n"), Reason.CHANGED_LINE_ENDINGS, 1),
        (TEXT[:-1] + b"\r\n", Reason.CHANGED_LINE_ENDINGS, 6),
        (TEXT[:-1], Reason.UNCLOSED_ARMOUR, 6),
        (TEXT[: TEXT.index(b"-----END")], Reason.UNCLOSED_ARMOUR, 5),
        (TEXT + b"\n", Reason.TRAILING_TEXT, 6),
        (TEXT + b"more\n", Reason.TRAILING_TEXT, 6),
        (TEXT + TEXT, Reason.TRAILING_TEXT, 6),
        (TEXT.replace(b"\n-----END", b" \n-----END"), Reason.ARMOUR_BASE64, 5),
        (TEXT.replace(b"AAAA", b"AA!A", 1), Reason.ARMOUR_BASE64, 2),
        (TEXT.replace(b"U1NIU0lH", b"\n\nU1NIU0lH"), Reason.ARMOUR_WRAPPING, 2),
        (TEXT[:60] + b"\n" + TEXT[60:], Reason.ARMOUR_WRAPPING, 2),
        (TEXT[:30] + TEXT[30:-28].replace(b"\n", b"") + TEXT[-29:], Reason.ARMOUR_WRAPPING, 2),
        (b"-" * (MAX_ARMOURED + 1), Reason.TOO_LARGE, 1),
    ],
)
def test_the_armour(text: bytes, expected: Reason, line: int) -> None:
    found = refusal(text)
    assert (found.reason, found.line) == (expected, line)


@given(st.binary(max_size=400))
def test_armour_is_one_to_one(blob: bytes) -> None:
    assert unarmour(armour(blob)) == blob


@given(st.integers(0, len(GOOD.blob) * 8 - 1))
def test_no_bit_may_flip(bit: int) -> None:
    blob = bytearray(GOOD.blob)
    blob[bit // 8] ^= 1 << bit % 8
    assert refusal(armour(bytes(blob))).line <= 6


@given(st.integers(0, len(SK.blob) * 8 - 1))
def test_no_bit_of_a_security_key_may_flip(bit: int) -> None:
    blob = bytearray(SK.blob)
    blob[bit // 8] ^= 1 << bit % 8
    refusal(armour(bytes(blob)))


@pytest.mark.parametrize("parts", [GOOD, SK], ids=["plain", "security"])
def test_no_part_may_be_cut_off(parts: Parts) -> None:
    for end in range(len(parts.blob)):
        refusal(armour(parts.blob[:end]))


@given(st.integers(0, len(TEXT) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_no_byte_of_the_text_may_change(at: int, put: bytes, gone: int) -> None:
    changed = TEXT[:at] + put + TEXT[at + gone :]
    if changed != TEXT:
        refusal(changed)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(text: bytes) -> None:
    refusal(text)
    refusal(armour(text))
    refusal(armour(b"SSHSIG\0\0\0\1" + text))


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_only_the_signed_message_is_signed(message: bytes, other: bytes) -> None:
    armoured = ANN.sign(message, BALLOT)
    assert verify(message, armoured, BALLOT) == ANN.key
    if other != message:
        assert refusal(armoured, other).reason is Reason.BAD_SIGNATURE


@given(st.binary(max_size=60), st.integers(0, len(GOOD.blob) * 8))
def test_the_quick_way_and_the_telling_way_agree(message: bytes, bit: int) -> None:
    blob = bytearray(ANN.parts(message, BALLOT).blob)
    if bit < len(blob) * 8:
        blob[bit // 8] ^= 1 << bit % 8

    def outcome(way: object) -> object:
        try:
            return way()  # type: ignore[operator]  # a lambda
        except RefusedError as error:
            return error.reason, error.line, error.message

    quick = outcome(lambda: verify(message, armour(bytes(blob)), BALLOT))
    assert quick == outcome(lambda: sshsig._telling(message, bytes(blob), BALLOT))
