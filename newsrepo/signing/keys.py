"""OpenSSH public keys: the two kinds that may sign here, in their one form."""

from base64 import b64encode
from binascii import Error, a2b_base64
from enum import StrEnum
from hashlib import sha256

from msgspec import Struct

from newsrepo.signing.refusal import Reason, RefusedError, shown
from newsrepo.signing.wire import Reader, WireError, string

POINT = 32
PRIME = 2**255 - 19

# The heights of the eight points of low order, and the other numbers that stand for the same heights. With
# either sign bit they make the 14 encodings under which anybody can forge a signature of any message.
_LOW_ORDER = (
    0,
    1,
    PRIME - 1,
    PRIME,
    PRIME + 1,
    0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
)
WEAK_POINTS = frozenset(
    (height | sign << 255).to_bytes(POINT, "little") for height in _LOW_ORDER for sign in (0, 1)
)
"""Every encoding of a point of low order."""

MAX_APPLICATION = 100


class KeyKind(StrEnum):
    """The kinds of key that may sign."""

    PLAIN = "ssh-ed25519"
    SECURITY = "sk-ssh-ed25519@openssh.com"


class Key(Struct, frozen=True, gc=False):
    """A public key. Equal keys sign alike: the comment of the line that it came from is not part of it.

    ``point`` are the 32 bytes of the Ed25519 key; ``application`` is what a security key was made for, and
    empty for others.
    """

    kind: KeyKind
    point: bytes
    application: str = ""

    @property
    def blob(self) -> bytes:
        """The key in SSH wire form."""
        blob = string(self.kind.encode()) + string(self.point)
        return blob + string(self.application.encode()) if self.kind is KeyKind.SECURITY else blob

    @property
    def line(self) -> str:
        """The key as one line without a comment, as files of the commons hold it."""
        return f"{self.kind.value} {b64encode(self.blob).decode()}"

    @property
    def fingerprint(self) -> str:
        """``SHA256:`` and 43 characters, as ``ssh-keygen -l`` prints."""
        return "SHA256:" + b64encode(sha256(self.blob).digest()).decode().rstrip("=")


def parse_key(line: str) -> Key:
    """The key of a line ``TYPE BASE64 [COMMENT]``, as in a ``.pub`` file. Raises RefusedError.

    >>> line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfC1HrnTm2zFrjNjcGfYAB4OhIjG2bDBmJOWWjJnCuU"
    >>> parse_key(f"{line} ann@example").line == line
    True
    """
    bare = line.removesuffix("\n")
    parts = bare.split(" ", 2)
    if len(parts) < 2 or not bare.isprintable():
        raise RefusedError(
            Reason.BAD_KEY_LINE,
            f"{shown(line)} is not a public key in one line",
            "copy the whole line of the .pub file: ssh-ed25519 AAAA…",
        )
    kind, text = parts[:2]
    if "cert-v0" in kind:
        raise RefusedError(
            Reason.CERTIFICATE,
            "certificates are not accepted",
            "give the key itself",
        )
    if kind.encode() not in _KINDS:
        raise RefusedError(
            Reason.KEY_TYPE,
            f"keys of type {shown(kind)} are not accepted",
            "make an Ed25519 key: ssh-keygen -t ed25519",
        )
    try:
        blob = a2b_base64(text)
    except (Error, ValueError):
        blob = b""
    if not blob or b64encode(blob).decode() != text:
        raise RefusedError(
            Reason.KEY_BASE64, "the key is not written in plain base64", "copy the line of the .pub file anew"
        )
    key = read_key(blob)
    if key.kind != kind:
        raise RefusedError(
            Reason.KEY_SHAPE,
            f"the line says {shown(kind)}, the key itself {key.kind.value}",
            "copy the line of the .pub file anew",
        )
    return key


def read_key(blob: bytes) -> Key:
    """The key of SSH wire bytes. Raises RefusedError."""
    reader = Reader(blob)
    try:
        name = reader.string()
        if b"cert-v0" in name:
            raise RefusedError(Reason.CERTIFICATE, "certificates are not accepted", "use the key itself")
        if name not in _KINDS:
            found = shown(name.decode("latin-1"))
            raise RefusedError(
                Reason.KEY_TYPE,
                f"keys of type {found} are not accepted",
                "make an Ed25519 key: ssh-keygen -t ed25519",
            )
        kind = _KINDS[name]
        point = reader.string()
        application = reader.string() if kind is KeyKind.SECURITY else b""
    except WireError:
        raise _misshapen("the key is cut off") from None
    if len(point) != POINT:
        raise _misshapen(f"the key has {len(point)} bytes, not {POINT}")
    if not reader.done:
        raise _misshapen(f"{len(blob) - reader.at} more bytes stand after the key")
    if kind is KeyKind.SECURITY and not _is_application(application):
        raise RefusedError(
            Reason.KEY_APPLICATION,
            f"the security key was made for {shown(application.decode('latin-1'))}, not for SSH",
            "make one whose application begins with ssh:",
        )
    if point in WEAK_POINTS:
        raise RefusedError(
            Reason.WEAK_KEY, "anybody could sign with this key: its point is of low order", "make another key"
        )
    if int.from_bytes(point, "little") & ((1 << 255) - 1) >= PRIME:
        raise RefusedError(
            Reason.NON_CANONICAL_KEY, "the key is not in its one canonical form", "make another key"
        )
    return Key(kind, point, application.decode())


_KINDS = {kind.value.encode(): kind for kind in KeyKind}


def _is_application(text: bytes) -> bool:
    short = text.startswith(b"ssh:") and len(text) <= MAX_APPLICATION
    return short and text.isascii() and text.decode().isprintable()


def _misshapen(message: str) -> RefusedError:
    return RefusedError(Reason.KEY_SHAPE, message, "copy the line of the .pub file anew")
