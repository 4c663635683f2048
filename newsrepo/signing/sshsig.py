"""Detached OpenSSH signatures, verified: strictly, in process, offline.

``verify`` has a quick way for what ``ssh-keygen -Y sign`` makes with an Ed25519 key, and a telling way for
everything else. Both accept the same (tests hold them against each other and against ``ssh-keygen``); only
the telling one says why not. It is stricter than OpenSSH: docs/decisions/0009-counting.md has the list.
"""

import re
from functools import lru_cache
from hashlib import sha256, sha512

from msgspec import Struct
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from newsrepo.signing.armour import line_of, unarmour
from newsrepo.signing.keys import POINT, PRIME, WEAK_POINTS, Key, KeyKind, read_key
from newsrepo.signing.refusal import Reason, RefusedError, shown
from newsrepo.signing.wire import Reader, WireError, string

MAGIC = b"SSHSIG"
HASH = b"sha512"
ORDER = 2**252 + 27742317777372353535851937790883648493
"""The order of the group: a signature's second half must be below it, or there would be several of each."""

TOUCHED = 0x01
"""The flag by which a security key says that somebody touched it."""

_AGAIN = "sign anew with `ssh-keygen -Y sign`"


def verify(message: bytes, armoured: bytes, namespace: str) -> Key:
    """The key that made this signature over exactly these bytes for this namespace.

    Whether that key is one to trust is the caller's question. Raises RefusedError with the reason and place.
    """
    blob = unarmour(armoured)
    match = _plain(namespace).fullmatch(blob)
    if match is None:
        return _telling(message, blob, namespace)
    point, signature = match[1], match[2]
    if (
        point in WEAK_POINTS
        or int.from_bytes(point, "little") & _HEIGHT >= PRIME
        or int.from_bytes(signature[POINT:], "little") >= ORDER
    ):
        return _telling(message, blob, namespace)
    try:
        crypto_sign_open(signature + signed_bytes(message, namespace), point)
    except BadSignatureError:
        raise _bad() from None
    return Key(KeyKind.PLAIN, point)


def signed_bytes(message: bytes, namespace: str) -> bytes:
    """What an Ed25519 key signs for ``message`` (a security key signs a hash of it and more)."""
    return _head(namespace) + sha512(message).digest()


_HEIGHT = (1 << 255) - 1


@lru_cache(maxsize=16)
def _head(namespace: str) -> bytes:
    return MAGIC + string(namespace.encode()) + string(b"") + string(HASH) + (64).to_bytes(4, "big")


@lru_cache(maxsize=16)
def _plain(namespace: str) -> re.Pattern[bytes]:
    """What a signature by an Ed25519 key looks like, with its point and its 64 bytes as groups."""
    name = string(KeyKind.PLAIN.encode())
    before = MAGIC + (1).to_bytes(4, "big") + (len(name) + 4 + POINT).to_bytes(4, "big") + name
    before += POINT.to_bytes(4, "big")
    between = string(namespace.encode()) + string(b"") + string(HASH)
    between += (len(name) + 4 + 64).to_bytes(4, "big") + name + (64).to_bytes(4, "big")
    return re.compile(re.escape(before) + b"(.{32})" + re.escape(between) + b"(.{64})", re.DOTALL)


# -- the telling way -----------------------------------------------------------------------------------------


class _Parts(Struct, frozen=True):
    """A signature taken apart, nothing verified yet; offsets are of the fields in the blob."""

    key: Key
    signature: bytes
    flags: int
    counter: bytes
    at: int


def _telling(message: bytes, blob: bytes, namespace: str) -> Key:
    parts = _take_apart(blob, namespace)
    if int.from_bytes(parts.signature[POINT:], "little") >= ORDER:
        raise RefusedError(
            Reason.UNREDUCED_SIGNATURE,
            "the signature is not in its one form: its second half exceeds the group's order",
            f"somebody altered it; {_AGAIN}",
            line_of(parts.at),
        )
    data = signed_bytes(message, namespace)
    if parts.key.kind is KeyKind.SECURITY:
        if not parts.flags & TOUCHED:
            raise RefusedError(
                Reason.UNTOUCHED_KEY,
                "nobody touched the security key when it signed",
                "sign with a key that asks for a touch (made without -O no-touch-required)",
                line_of(parts.at),
            )
        application = sha256(parts.key.application.encode()).digest()
        data = application + bytes([parts.flags]) + parts.counter + sha256(data).digest()
    try:
        crypto_sign_open(parts.signature + data, parts.key.point)
    except BadSignatureError:
        raise _bad() from None
    return parts.key


def _bad() -> RefusedError:
    return RefusedError(
        Reason.BAD_SIGNATURE,
        "the signature does not fit these bytes",
        "the file was changed after signing, or the signature belongs to another file",
    )


def _take_apart(blob: bytes, namespace: str) -> _Parts:
    reader = Reader(blob)
    try:
        if reader.take(len(MAGIC)) != MAGIC:
            raise RefusedError(Reason.NOT_A_SIGNATURE, "this is no SSH signature", _AGAIN, 2)
        version = reader.number()
        if version != 1:
            raise RefusedError(
                Reason.SIGNATURE_VERSION, f"version {version} of signatures is not known", _AGAIN, 2
            )
        at = reader.at
        key = _key(reader.string(), line_of(at))
        at = reader.at
        used = reader.string()
        if used != namespace.encode():
            raise RefusedError(
                Reason.WRONG_NAMESPACE,
                f"it was signed as {shown(used.decode('latin-1'))}, not as '{namespace}'",
                "it was made for another kind of record; sign this one",
                line_of(at),
            )
        at = reader.at
        if reader.string():
            raise RefusedError(Reason.RESERVED_FIELD, "the reserved field is not empty", _AGAIN, line_of(at))
        at = reader.at
        hashed = reader.string()
        if hashed != HASH:
            raise RefusedError(
                Reason.WRONG_HASH,
                f"it was made over a {shown(hashed.decode('latin-1'))}, not over a SHA-512",
                "sign without -O hashalg, which gives sha512",
                line_of(at),
            )
        at = reader.at
        inner = reader.string()
    except WireError as error:
        raise _misshapen("the signature is cut off", error.offset) from None
    if not reader.done:
        raise RefusedError(
            Reason.TRAILING_BYTES,
            f"{len(blob) - reader.at} more bytes stand after the signature",
            _AGAIN,
            line_of(reader.at),
        )
    return _signature(inner, key, at)


def _key(blob: bytes, line: int) -> Key:
    try:
        return read_key(blob)
    except RefusedError as error:
        error.line = line
        raise


def _signature(inner: bytes, key: Key, at: int) -> _Parts:
    """The innermost part: the type again, 64 bytes, and of a security key its flags and counter."""
    reader = Reader(inner)
    try:
        kind = reader.string()
        if kind != key.kind.encode():
            raise RefusedError(
                Reason.SIGNATURE_TYPE,
                f"a key of type {key.kind.value} cannot make a signature of type "
                f"{shown(kind.decode('latin-1'))}",
                _AGAIN,
                line_of(at),
            )
        signature = reader.string()
        security = key.kind is KeyKind.SECURITY
        flags = reader.take(1)[0] if security else 0
        counter = reader.take(4) if security else b""
    except WireError as error:
        raise _misshapen("the signature is cut off", at + 4 + error.offset) from None
    if len(signature) != 64:
        raise _misshapen(f"the signature has {len(signature)} bytes, not 64", at)
    if not reader.done:
        raise RefusedError(
            Reason.TRAILING_BYTES,
            f"{len(inner) - reader.at} more bytes stand in the signature",
            _AGAIN,
            line_of(at + 4 + reader.at),
        )
    return _Parts(key, signature, flags, counter, at)


def _misshapen(message: str, offset: int) -> RefusedError:
    return RefusedError(Reason.SIGNATURE_SHAPE, message, _AGAIN, line_of(offset))
