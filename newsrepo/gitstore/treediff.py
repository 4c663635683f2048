"""What two trees hold apart from each other, by object id: equal folders are never opened.

Names come out as they stand, hostile ones too: they may be shown, never used as paths on a disk.
"""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.budget import CAPS, Caps
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.tree import parse_tree
from newsrepo.ids import Oid

_FOLDER: Final = 0o40000

_Row = tuple[int, Oid]
_Rows = dict[str, _Row]


class Apart(Struct, frozen=True):
    """Paths that are not the same on both sides, in order; ``cut`` when there were too many to follow all."""

    paths: tuple[str, ...]
    cut: bool = False


def apart(
    objects: Objects,
    old: Oid | None,
    new: Oid | None,
    *,
    leave_out: Collection[str] = (),
    caps: Caps = CAPS,
) -> Apart:
    """Files, links and submodules that differ between two root trees (None: empty) in mode or content.

    ``leave_out`` are names at the root not to look at. A folder that is too deep, or is met after too many
    entries, is named itself instead of what lies in it. Raises UnableError for a missing or damaged tree.
    """
    found: set[str] = set()
    level: list[tuple[str, Oid | None, Oid | None]] = [("", old, new)]
    count = depth = 0
    cut = False
    while level:
        if depth > caps.depth:
            found |= {prefix.rstrip("/") for prefix, _, _ in level}
            cut = True
            break
        read = _read(objects, {oid for _, *pair in level for oid in pair if oid is not None}, caps)
        below: list[tuple[str, Oid | None, Oid | None]] = []
        for prefix, one, other in level:
            if count > caps.entries:  # a dozen hostile objects can spell endless paths
                found.add(prefix.rstrip("/"))
                cut = True
                continue
            was, now = (read[oid] if oid is not None else {} for oid in (one, other))
            for name in was.keys() | now.keys():
                before, after = was.get(name), now.get(name)
                if before == after or (not depth and name in leave_out):
                    continue
                count += 1
                folders = [
                    row[1] if row is not None and row[0] == _FOLDER else None for row in (before, after)
                ]
                if any(row is not None and row[0] != _FOLDER for row in (before, after)):
                    found.add(prefix + name)
                if folders[0] != folders[1]:
                    below.append((f"{prefix}{name}/", folders[0], folders[1]))
        level = [] if cut else below
        depth += 1
    return Apart(tuple(sorted(found)), cut)


def _read(objects: Objects, oids: Collection[Oid], caps: Caps) -> dict[Oid, _Rows]:
    found: dict[Oid, _Rows] = {}
    for blob in objects.read(sorted(oids), caps.tree_bytes, "tree"):
        if blob.data is None:
            raise UnableError(f"tree {blob.oid} is larger than {caps.tree_bytes >> 20} MiB", "")
        try:
            rows = parse_tree(blob.data, len(blob.oid) // 2)
        except ValueError as error:
            raise UnableError(
                f"tree {blob.oid} is {error}", "the object store is damaged: run `git fsck`, then fetch again"
            ) from error
        found[blob.oid] = {name.decode("utf-8", "surrogateescape"): (mode, oid) for mode, name, oid in rows}
    return found
