"""Signers with fixed keys for tests: what ``ssh-keygen -Y sign`` does, and every way to do it wrong."""

from dataclasses import dataclass, field, replace
from hashlib import sha256

from nacl.signing import SigningKey

from newsrepo.signing import Key, KeyKind, armour, signed_bytes
from newsrepo.signing.sshsig import ORDER
from newsrepo.signing.wire import string


@dataclass(frozen=True)
class Parts:
    """A signature before it is put together; any part may be replaced by a wrong one."""

    namespace: str
    key: bytes
    signature: bytes
    kind: bytes
    tail: bytes = b""
    magic: bytes = b"SSHSIG"
    version: int = 1
    reserved: bytes = b""
    hash: bytes = b"sha512"
    after: bytes = b""

    @property
    def blob(self) -> bytes:
        return (
            self.magic
            + self.version.to_bytes(4, "big")
            + string(self.key)
            + string(self.namespace.encode())
            + string(self.reserved)
            + string(self.hash)
            + string(string(self.kind) + string(self.signature) + self.tail)
            + self.after
        )

    @property
    def armoured(self) -> bytes:
        return armour(self.blob)

    def but(self, **changed: object) -> "Parts":
        return replace(self, **changed)  # type: ignore[arg-type]  # each test names real fields

    def plus_order(self) -> "Parts":
        """The same signature with the group's order added to its second half, which lax verifiers accept."""
        second = int.from_bytes(self.signature[32:], "little") + ORDER
        return replace(self, signature=self.signature[:32] + second.to_bytes(32, "little"))


@dataclass(frozen=True)
class Signer:
    """Somebody with a key made from a name, the same in every run."""

    name: str
    security: bool = False
    application: str = "ssh:"
    secret: SigningKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        seed = sha256(f"newsrepo test key of {self.name}".encode()).digest()
        object.__setattr__(self, "secret", SigningKey(seed))

    @property
    def key(self) -> Key:
        point = bytes(self.secret.verify_key)
        if self.security:
            return Key(KeyKind.SECURITY, point, self.application)
        return Key(KeyKind.PLAIN, point)

    @property
    def line(self) -> str:
        return self.key.line

    def parts(self, message: bytes, namespace: str, *, flags: int = 1, counter: int = 7) -> Parts:
        data = signed_bytes(message, namespace)
        tail = b""
        if self.security:
            tail = bytes([flags]) + counter.to_bytes(4, "big")
            data = sha256(self.application.encode()).digest() + tail + sha256(data).digest()
        signature = self.secret.sign(data).signature
        return Parts(namespace, self.key.blob, signature, self.key.kind.encode(), tail)

    def sign(self, message: bytes, namespace: str) -> bytes:
        """The armoured signature."""
        return self.parts(message, namespace).armoured
