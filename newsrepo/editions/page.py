"""One file of an edition before it is made: where it goes, what it depends on, how to make it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from newsrepo.ids import Oid


class Page(NamedTuple):
    """A file of an edition.

    ``key`` is a digest of everything that the bytes depend on: equal keys mean equal bytes, so a page whose
    key did not change is never rendered again. ``needs`` names the blobs that ``render`` is handed; it must
    use nothing else from the repository, because it may run in another process.
    """

    path: str
    key: bytes
    needs: tuple[Oid, ...]
    render: Callable[[Mapping[Oid, bytes]], bytes]
