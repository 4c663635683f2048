"""One file of an edition before it is made: where it goes, what it depends on, how to make it."""

import hashlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from newsrepo.ids import Oid


class Page(NamedTuple):
    """A file of an edition.

    ``key`` is a digest of everything that the bytes depend on: equal keys mean equal bytes, so a page whose
    key did not change is never rendered again. ``needs`` names the blobs that ``render`` is handed; it must
    use nothing else from the repository, because it may run in another process.

    ``derived`` is empty for what newsrepo writes itself: those bytes are the same anywhere. What a tool makes
    (a resized picture, the search index, the map, a PDF, an EPUB) names in it every tool that the bytes
    depend on, with its version, such as ``("pillow 11.0.0",)``, in a fixed order. It is then listed apart in
    the manifest, hashed together with these names, and compared by content where other versions made it. The
    key need not cover ``derived``: another version of a tool makes the page again by itself.
    """

    path: str
    key: bytes
    needs: tuple[Oid, ...]
    render: Callable[[Mapping[Oid, bytes]], bytes]
    derived: tuple[str, ...] = ()

    @property
    def identity(self) -> bytes:
        """The key, and the tools where there are any: equal identities mean equal bytes."""
        if not self.derived:
            return self.key
        return hashlib.blake2b(repr((self.key, self.derived)).encode(), digest_size=16).digest()
