"""The one place that starts ssh-keygen: it signs bytes that we wrote ourselves, and nothing else.

It is given a copy in a private folder, never a file of the commons, so that nobody can swap what is signed.
Passphrases, agents and hardware keys are its own business: it asks for them at the terminal.
"""

import os
import tempfile
from pathlib import Path

from msgspec import Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain
from newsrepo.signing import MAX_ARMOURED, Key, RefusedError, parse_key

PASSED = (
    "PATH", "HOME", "USER", "LOGNAME", "TERM", "TMPDIR",
    "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "SSH_SK_PROVIDER",
    "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
)  # fmt: skip
"""What ssh-keygen may see of our environment: what it needs to reach an agent and a person."""

SECONDS = 300
"""How long a person may take to find the passphrase or to touch the key."""

_KEY_LIMIT = 1 << 16


class KeyFile(Struct, frozen=True):
    """A key to sign with: the file that ssh-keygen is given, and its public part as far as it is known.

    Without a ``path`` the private part must be in the agent.
    """

    path: Path | None
    public: Key | None


def key_file(given: str, start: Path) -> KeyFile:
    """The key that ``given`` names: a private key file, a public one, or a public key line.

    A relative path is relative to ``start``. Raises UsageError for what is neither.
    """
    if given.startswith(("ssh-", "sk-ssh-")):
        return KeyFile(None, _parsed(given, "--key"))
    path = Path(os.path.abspath(start / Path(given).expanduser()))
    text = _read(path)
    if b"PRIVATE KEY-----" in text[:200]:
        beside = path.with_name(f"{path.name}.pub")
        public = _parsed(_line(_read(beside)), str(beside)) if beside.is_file() else None
        return KeyFile(path, public)
    public = _parsed(_line(text), f"--key {given}")
    private = path.with_suffix("") if path.suffix == ".pub" else None
    return KeyFile(private if private is not None and private.is_file() else None, public)


def _read(path: Path) -> bytes:
    """The beginning of a key file, which may well be a link: it is the user's own."""
    try:
        with path.open("rb") as file:
            return file.read(_KEY_LIMIT)
    except OSError as error:
        raise UsageError(f"--key: cannot read {str(path)!r}: {error.strerror}", "give a key file") from None


def _line(text: bytes) -> str:
    return text.decode("ascii", "replace").rstrip("\n")


def _parsed(line: str, where: str) -> Key:
    try:
        return parse_key(line)
    except RefusedError as error:
        raise UsageError(f"{where}: {error.message}", error.hint) from None


def sign(data: bytes, namespace: str, key: KeyFile) -> bytes:
    """The armoured signature of ``data``. Raises UnableError when ssh-keygen makes none."""
    with tempfile.TemporaryDirectory(prefix="newsrepo-sign-") as folder:
        payload = Path(folder, "payload")
        payload.write_bytes(data)
        path = key.path
        if path is None:
            if key.public is None:
                raise AssertionError("a key without file has a public part")
            path = Path(folder, "key.pub")
            path.write_text(key.public.line + "\n", encoding="ascii")
        said = _run(["-Y", "sign", "-f", str(path), "-n", namespace, str(payload)], folder)
        try:
            return read_plain(payload.with_name("payload.sig"), MAX_ARMOURED)
        except OSError:
            raise UnableError(f"ssh-keygen did not sign: {_last(said)}", _way_out(key)) from None


def _run(args: list[str], folder: str) -> str:
    """Start it on the user's own terminal and wait; what it said, whatever its exit code."""
    import subprocess

    env = {name: os.environ[name] for name in PASSED if name in os.environ} | {"LC_ALL": "C"}
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(  # noqa: S603 - fixed arguments and paths of our own; no shell
                [_executable(), *args], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=errors
            )
        except OSError as error:
            raise UnableError(f"cannot run ssh-keygen: {error.strerror}", "check your OpenSSH") from None
        with process:
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise UnableError(f"ssh-keygen took longer than {SECONDS} s", "run it again") from None
            except BaseException:
                process.kill()
                raise
        errors.seek(0)
        return errors.read(1 << 14).decode("utf-8", "replace")


def _executable() -> str:
    """Its absolute path. Relative parts of PATH are passed over: they may lead into a hostile folder."""
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        found = os.path.join(folder, "ssh-keygen")
        if os.path.isabs(folder) and os.path.isfile(found) and os.access(found, os.X_OK):
            return found
    raise UnableError(
        "ssh-keygen was not found on PATH", "install OpenSSH 8.2 or later: it signs for newsrepo"
    )


def _last(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("Signing file")]
    return ascii(lines[-1][:200]) if lines else "it said nothing"


def _way_out(key: KeyFile) -> str:
    if key.path is None:
        return "is its private part in your agent (ssh-add -L)? else: --key FILE"
    return f"does ssh-keygen -y -f {key.path} work?"
