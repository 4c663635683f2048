"""What a view is made of: groups of files by root, owner and source, each known by its content's digest."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from msgspec import Struct

from newsrepo.gitstore.snapshot import Entry
from newsrepo.ids import Oid
from newsrepo.location import Finding
from newsrepo.records import Place


class File(NamedTuple):
    """One file of a view: what it is, its blob, its size in bytes (-1: not known)."""

    place: Place
    oid: Oid
    size: int


class Group(Struct, frozen=True, array_like=True):
    """The files of one root and owner that one source has; ``key`` is the digest of their paths and blobs.

    ``source`` is empty where the whole view comes from one place, and for the working tree in a union.
    """

    name: str
    key: str
    files: int
    faulty: bool
    source: str = ""


class Head(Struct, frozen=True, array_like=True):
    """What a view is made of, in order of name and source.

    ``odd`` is what was found in the homes of a union and is no file; ``voices`` are the keys under which what
    each of them says is kept.
    """

    groups: tuple[Group, ...]
    odd: tuple[Finding, ...] = ()
    voices: tuple[str, ...] = ()

    def under(self, root: str) -> Iterator[Group]:
        """The groups of one root."""
        return (g for g in self.groups if g.name == root or g.name.startswith(f"{root}/"))


def group_of(path: str) -> str:
    """The name of the group that a file belongs to: its root, and the folder below that if there is one."""
    parts = path.split("/", 2)
    return f"{parts[0]}/{parts[1]}" if len(parts) == 3 else parts[0]


def grouped(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Ordered entries by group."""
    found: dict[str, list[Entry]] = {}
    for name, some in groupby(entries, lambda entry: group_of(entry.path)):
        # Not simply dict(): a root's loose files may stand on both sides of its folders.
        found.setdefault(name, []).extend(some)
    return found


def group_key(entries: Sequence[Entry]) -> str:
    """The digest by which a group is known, wherever its files come from."""
    digest = hashlib.blake2b(digest_size=20)
    text = "".join([f"{e.path}\0{e.oid}\n" for e in entries])
    digest.update(text.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
