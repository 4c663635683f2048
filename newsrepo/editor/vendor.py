"""Decap CMS, as its npm package holds it: one pinned release, believed only because it hashes."""

import base64
import hashlib
import re
import tarfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from newsrepo.errors import UnableError

PACKAGE: Final = "decap-cms"
VERSION: Final = "3.16.3"
INTEGRITY: Final = (
    "sha512-hf+dPlCh7TJmWl8+6VRzHYOWhri5xgUknrZbDewaWe4s9B7xJ8PQugp2QHeSldMUKzav6+z0oIpwUYhUJDYtYw=="
)
"""What the package's archive hashes to, written as npm writes it. It changes with VERSION, and only so."""

SERVED: Final = "3f45fcb0d3e03ee9de9b23f0478e29acf054496941b66c8ccb7d2c7b8dd5e5e1"
"""What ``print_of`` the archive's unpacked files is."""

ARCHIVE: Final = f"{PACKAGE}-{VERSION}.tgz"
LIMIT: Final = 64 << 20
"""More bytes than the archive has; what is longer is not read."""

SCRIPT: Final = "decap-cms.js"
_UNPACKED = 256 << 20
_SERVED = re.compile(r"package/(?:dist/((?:[0-9]+\.)?decap-cms\.js|[0-9a-f]+\.wasm)|(LICENSE))")


def print_of(files: Mapping[str, bytes]) -> str:
    """One SHA-256 over names and bytes, in order of name."""
    each = (f"{name} {hashlib.sha256(data).hexdigest()}\n" for name, data in sorted(files.items()))
    return hashlib.sha256("".join(each).encode()).hexdigest()


def unpack(archive: bytes) -> Mapping[str, bytes]:
    """The files that a browser asks for, by name, and the licence they stand under.

    Raises UnableError for any bytes but those of the pinned release.
    """
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode("ascii")
    if f"sha512-{digest}" != INTEGRITY:
        raise UnableError(
            f"these {len(archive)} bytes are not {PACKAGE} {VERSION}: their hash is another",
            "delete the file and fetch it again; if it stays so, somebody changed it on its way",
        )
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as tar:
            total = 0
            for member in tar:
                total += member.size
                if total > _UNPACKED:
                    raise UnableError(f"{ARCHIVE} unpacks to more than {_UNPACKED} bytes", "")
                name = _SERVED.fullmatch(member.name)
                held = tar.extractfile(member) if name is not None and member.isreg() else None
                if name is not None and held is not None:
                    found[name[1] or name[2]] = held.read()
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise UnableError(f"{ARCHIVE} cannot be unpacked: {error}", "delete it and fetch it again") from error
    if SCRIPT not in found:
        raise UnableError(f"{ARCHIVE} holds no {SCRIPT}", "this is a fault of ours: please report it")
    return found
