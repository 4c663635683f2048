"""OpenSSH and we: what it signs we accept, what we accept it accepts, and where we are stricter."""

import random
import subprocess
from pathlib import Path

import pytest
from openssh import accepts, make_key, needs_openssh, sign
from signers import Parts, Signer

from newsrepo.signing import (
    BALLOT,
    NAMESPACES,
    Reason,
    RefusedError,
    allowed_signers,
    armour,
    parse_key,
    verify,
)

pytestmark = needs_openssh

ANN = Signer("ann")
TOKEN = Signer("token", security=True)
MESSAGE = b"choice: 'yes'\n"


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_what_ssh_keygen_signs(tmp_path: Path, namespace: str) -> None:
    key = parse_key(make_key(tmp_path))
    for message in (b"", MESSAGE, bytes(range(256)) * 300):
        armoured = sign(tmp_path, message, namespace)
        assert verify(message, armoured, namespace) == key
        with pytest.raises(RefusedError):
            verify(message + b"\n", armoured, namespace)


def test_the_fingerprint_is_what_ssh_keygen_prints(tmp_path: Path) -> None:
    make_key(tmp_path)
    for line in ((tmp_path / "key.pub").read_text(), TOKEN.line + "\n"):
        (tmp_path / "one.pub").write_text(line)
        told = subprocess.run(
            ["ssh-keygen", "-l", "-f", str(tmp_path / "one.pub")], check=True, capture_output=True, text=True
        )
        assert told.stdout.split()[1] == parse_key(line).fingerprint


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_key_are_refused(tmp_path: Path, kind: str) -> None:
    line = make_key(tmp_path, kind)
    with pytest.raises(RefusedError) as of_key:
        parse_key(line)
    with pytest.raises(RefusedError) as of_signature:
        verify(MESSAGE, sign(tmp_path, MESSAGE, BALLOT), BALLOT)
    assert of_key.value.reason is of_signature.value.reason is Reason.KEY_TYPE


def test_another_hash_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path)
    armoured = sign(tmp_path, MESSAGE, BALLOT, "-Ohashalg=sha256")
    with pytest.raises(RefusedError) as refused:
        verify(MESSAGE, armoured, BALLOT)
    assert refused.value.reason is Reason.WRONG_HASH


@pytest.mark.parametrize("signer", [ANN, TOKEN], ids=["plain", "security"])
def test_openssh_takes_what_we_compose(tmp_path: Path, signer: Signer) -> None:
    """So the simulated security key signs as a real one would."""
    armoured = signer.sign(MESSAGE, BALLOT)
    assert accepts(tmp_path, signer.line, MESSAGE, armoured, BALLOT)
    assert not accepts(tmp_path, signer.line, MESSAGE + b"x", armoured, BALLOT)
    assert not accepts(tmp_path, signer.line, MESSAGE, armoured, "file")


WEAK = (1).to_bytes(32, "little")
GOOD = ANN.parts(MESSAGE, BALLOT)
FORGED = GOOD.but(key=GOOD.key[:-32] + WEAK, signature=WEAK + bytes(32))
LISTED = {
    Reason.UNREDUCED_SIGNATURE: GOOD.plus_order().armoured,
    Reason.RESERVED_FIELD: GOOD.but(reserved=b"x").armoured,
    Reason.SIGNATURE_VERSION: GOOD.but(version=0).armoured,
    Reason.TRAILING_TEXT: GOOD.armoured + b"and more\n",
    Reason.ARMOUR_WRAPPING: GOOD.armoured[:60] + b"\n" + GOOD.armoured[60:],
}
"""What OpenSSH 9.2 takes and we do not. Newer ones may have mended some; none may refuse what we take."""


@pytest.mark.parametrize("reason", LISTED)
def test_where_we_are_stricter(tmp_path: Path, reason: Reason) -> None:
    with pytest.raises(RefusedError) as refused:
        verify(MESSAGE, LISTED[reason], BALLOT)
    assert refused.value.reason is reason


def test_a_forgery_for_a_weak_key(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        verify(b"anything", FORGED.armoured, BALLOT)
    assert refused.value.reason is Reason.WEAK_KEY


def test_an_untouched_key(tmp_path: Path) -> None:
    parts = TOKEN.parts(MESSAGE, BALLOT, flags=0)
    with pytest.raises(RefusedError) as refused:
        verify(MESSAGE, parts.armoured, BALLOT)
    assert refused.value.reason is Reason.UNTOUCHED_KEY
    assert accepts(tmp_path, TOKEN.line, MESSAGE, parts.armoured, BALLOT)


@pytest.mark.parametrize("signer", [ANN, TOKEN], ids=["plain", "security"])
def test_whatever_we_accept_openssh_accepts(tmp_path: Path, signer: Signer) -> None:
    """Mutations of a good signature: never do we say yes where OpenSSH says no."""
    chance = random.Random(signer.name)
    good: Parts = signer.parts(MESSAGE, BALLOT)
    for _ in range(60):
        blob = bytearray(good.blob)
        for _ in range(chance.randint(0, 2)):
            blob[chance.randrange(len(blob))] ^= 1 << chance.randrange(8)
        armoured = armour(bytes(blob))
        if chance.random() < 0.2:
            armoured = armoured.replace(b"\n", b"\r\n")
        try:
            ours = verify(MESSAGE, armoured, BALLOT) == signer.key
        except RefusedError:
            ours = False
        theirs = accepts(tmp_path, signer.line, MESSAGE, armoured, BALLOT)
        assert theirs or not ours
        if ours:
            assert armoured == good.armoured


def test_exported_keys_are_what_openssh_reads(tmp_path: Path) -> None:
    text = allowed_signers([("lmn", [TOKEN.key]), ("abc", [ANN.key])], [BALLOT])
    assert text.splitlines()[0] == f'abc namespaces="ballot.v1@newsrepo" {ANN.line}'
    (tmp_path / "signed").write_bytes(ANN.sign(MESSAGE, BALLOT))
    (tmp_path / "allowed").write_text(text)

    def found(namespace: str) -> bool:
        command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed"), "-I", "abc"]
        command += ["-n", namespace, "-s", str(tmp_path / "signed")]
        return subprocess.run(command, input=MESSAGE, capture_output=True, check=False).returncode == 0

    assert found(BALLOT)
    assert not found("closing.v1@newsrepo")
