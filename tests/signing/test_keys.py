"""Public keys: two kinds, one form, and a reason for everything else."""

import doctest
from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signers import Signer

from newsrepo.signing import WEAK_POINTS, Key, KeyKind, Reason, RefusedError, keys, parse_key, read_key
from newsrepo.signing.wire import string

ANN = Signer("ann")
TOKEN = Signer("ann", security=True)


def reason(line: str) -> Reason:
    with pytest.raises(RefusedError) as refused:
        parse_key(line)
    assert refused.value.message
    assert refused.value.hint
    return refused.value.reason


def plain(point: bytes) -> str:
    return f"ssh-ed25519 {b64encode(string(b'ssh-ed25519') + string(point)).decode()}"


def test_examples_in_the_module() -> None:
    assert doctest.testmod(keys).failed == 0


@pytest.mark.parametrize("signer", [ANN, TOKEN], ids=["plain", "security"])
def test_a_key_is_its_line_without_the_comment(signer: Signer) -> None:
    for line in (signer.line, f"{signer.line} ann@example", f"{signer.line} Ann Example\n"):
        key = parse_key(line)
        assert key == signer.key
        assert key.line == signer.line
        assert read_key(key.blob) == key


def test_the_two_kinds_with_one_point_are_two_keys() -> None:
    assert ANN.key.point == TOKEN.key.point
    assert ANN.key != TOKEN.key
    assert ANN.key.fingerprint != TOKEN.key.fingerprint


def test_the_fourteen_weak_encodings_are_refused() -> None:
    assert len(WEAK_POINTS) == 14
    assert {reason(plain(point)) for point in WEAK_POINTS} == {Reason.WEAK_KEY}
    security = string(b"sk-ssh-ed25519@openssh.com") + string(bytes(32)) + string(b"ssh:")
    assert reason(f"sk-ssh-ed25519@openssh.com {b64encode(security).decode()}") is Reason.WEAK_KEY


@pytest.mark.parametrize("height", [2**255 - 17, 2**255 - 1])
def test_a_height_beyond_the_field_is_refused(height: int) -> None:
    for sign in (0, 1):
        assert reason(plain((height | sign << 255).to_bytes(32, "little"))) is Reason.NON_CANONICAL_KEY


KIND, TEXT = ANN.line.split()
BLOB = b64decode(TEXT)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", Reason.BAD_KEY_LINE),
        ("ssh-ed25519", Reason.BAD_KEY_LINE),
        (f"{ANN.line} a\nssh-ed25519 AAAA", Reason.BAD_KEY_LINE),
        (f"{ANN.line}\r\n", Reason.BAD_KEY_LINE),
        (f'namespaces="x" {ANN.line}', Reason.KEY_TYPE),
        (f"ssh-rsa {TEXT}", Reason.KEY_TYPE),
        (f"ecdsa-sha2-nistp256 {TEXT}", Reason.KEY_TYPE),
        (f"ssh-ed25519-cert-v01@openssh.com {TEXT}", Reason.CERTIFICATE),
        (f"ssh-ed25519 {TEXT}=", Reason.KEY_BASE64),
        (f"ssh-ed25519 {TEXT[:-1]}", Reason.KEY_BASE64),
        (f"ssh-ed25519 {TEXT[:-1]}!", Reason.KEY_BASE64),
        (f"ssh-ed25519 {TEXT[:9]}-{TEXT[9:]}", Reason.KEY_BASE64),
        ("ssh-ed25519 é", Reason.KEY_BASE64),
        (f"ssh-ed25519  {TEXT}", Reason.KEY_BASE64),
        (f"ssh-ed25519 {b64encode(BLOB[:-1]).decode()}", Reason.KEY_SHAPE),
        (f"ssh-ed25519 {b64encode(BLOB + b'x').decode()}", Reason.KEY_SHAPE),
        (plain(bytes(range(31))), Reason.KEY_SHAPE),
        (plain(bytes(range(33))), Reason.KEY_SHAPE),
        ("ssh-ed25519 AAAA", Reason.KEY_SHAPE),
        (f"ssh-ed25519 {TOKEN.line.split()[1]}", Reason.KEY_SHAPE),
        (f"sk-ssh-ed25519@openssh.com {TEXT}", Reason.KEY_SHAPE),
        (Signer("ann", True, "https://example.org").line, Reason.KEY_APPLICATION),
        (Signer("ann", True, "ssh:\n").line, Reason.KEY_APPLICATION),
    ],
)
def test_refusals(line: str, expected: Reason) -> None:
    assert reason(line) is expected


def test_a_certificate_is_refused_by_its_bytes_too() -> None:
    blob = string(b"ssh-ed25519-cert-v01@openssh.com") + string(bytes(32))
    assert reason(f"ssh-ed25519 {b64encode(blob).decode()}") is Reason.CERTIFICATE


def test_base64_with_loose_bits_is_refused() -> None:
    """The last character before the padding holds bits that decode to nothing: only zeros are one form."""
    line = Signer("ann", True, "ssh:ab").line
    kind, text = line.split()
    bare = text.rstrip("=")
    assert text != bare
    loose = bare[:-1] + chr(ord(bare[-1]) + 1) + text[len(bare) :]
    assert b64decode(loose) == b64decode(text)
    assert reason(f"{kind} {loose}") is Reason.KEY_BASE64


@given(st.text(max_size=200) | st.binary(max_size=120).map(lambda b: f"ssh-ed25519 {b64encode(b).decode()}"))
def test_any_text_is_a_key_or_refused(line: str) -> None:
    try:
        key = parse_key(line)
    except RefusedError:
        return
    assert line.removesuffix("\n").startswith(key.line)


@given(st.binary(min_size=32, max_size=32), st.sampled_from(KeyKind))
def test_keys_survive_their_line(point: bytes, kind: KeyKind) -> None:
    key = Key(kind, point, "ssh:" if kind is KeyKind.SECURITY else "")
    try:
        assert parse_key(key.line) == key
    except RefusedError as error:
        assert error.reason in (Reason.WEAK_KEY, Reason.NON_CANONICAL_KEY)  # noqa: PT017 - either is right
