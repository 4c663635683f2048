"""OpenSSH as the oracle: its own verdict on a signature, and signatures that it made."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_openssh = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed: OpenSSH cannot be asked"
)


def accepts(folder: Path, key: str, message: bytes, armoured: bytes, namespace: str) -> bool:
    """Whether ``ssh-keygen -Y verify`` takes the signature as one by this key line."""
    (folder / "allowed").write_text(f"ann {key}\n")
    (folder / "signature").write_bytes(armoured)
    command = ["ssh-keygen", "-Y", "verify", "-f", str(folder / "allowed"), "-I", "ann", "-n", namespace]
    done = subprocess.run(
        [*command, "-s", str(folder / "signature")], input=message, capture_output=True, check=False
    )
    return done.returncode == 0


def make_key(folder: Path, kind: str = "ed25519") -> str:
    """A new key pair ``folder/key``; gives the public line."""
    command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "ann@example", "-f", str(folder / "key")]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "key.pub").read_text()


def sign(folder: Path, message: bytes, namespace: str, *options: str) -> bytes:
    """What ``ssh-keygen -Y sign`` makes with the key of ``make_key``."""
    command = ["ssh-keygen", "-q", "-Y", "sign", "-f", str(folder / "key"), "-n", namespace, *options]
    return subprocess.run(command, input=message, check=True, capture_output=True).stdout
