"""Small files that remember work between runs: each carries its own digest and may be lost at any time."""

import hashlib
import os
from pathlib import Path

from newsrepo import __version__
from newsrepo.errors import UnableError
from newsrepo.gitstore.files import sweep, write_atomic
from newsrepo.ids import Oid, is_oid

_DIGEST = 32
_LARGEST = 256 << 20


def _seal(kind: str, data: bytes) -> bytes:
    return hashlib.sha256(f"newsrepo {__version__} {kind} 1\n".encode() + data).digest()


def load(path: str | Path, kind: str) -> bytes | None:
    """What was stored, or None when it is not there, damaged, or from another version of the program."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        with os.fdopen(file, "rb") as stream:
            raw = stream.read(_LARGEST)
    except OSError:
        return None
    data = raw[_DIGEST:]
    return data if raw[:_DIGEST] == _seal(kind, data) else None


def store(path: str | Path, kind: str, data: bytes) -> bool:
    """Remember ``data``; False when it could not be written, which costs only speed."""
    sweep(os.path.dirname(path))
    try:
        write_atomic(path, _seal(kind, data) + data, durable=False)
    except UnableError:
        return False
    return True


class TreeKeys:
    """The content keys of root trees seen before."""

    _MOST = 256

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[Oid, str] | None = None

    def get(self, tree: Oid) -> str | None:
        """The key of this root tree, if it is remembered."""
        return self._all().get(tree)

    def put(self, tree: Oid, key: str) -> None:
        """Remember it."""
        known = self._all()
        known.pop(tree, None)
        known[tree] = key
        lines = [f"{t} {k}\n" for t, k in known.items()][-self._MOST :]
        store(self._path, "tree-keys", "".join(lines).encode("ascii"))

    def _all(self) -> dict[Oid, str]:
        if self._known is None:
            data = load(self._path, "tree-keys") or b""
            pairs = (line.partition(" ") for line in data.decode("ascii", "replace").splitlines())
            self._known = {Oid(tree): key for tree, _, key in pairs if is_oid(tree)}
        return self._known
