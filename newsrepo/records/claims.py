"""Whose a path is by its folders alone, and where a walk may find what is somebody's: well placed or not.

The union takes from each home what is its owner's. A file that no record may be is its owner's fault too.
"""

from newsrepo.ids import ContingentId, Kind
from newsrepo.location import Finding
from newsrepo.records.paths import RECORD_ROOTS, place

_FOLDERS = frozenset(RECORD_ROOTS) - {"newsrepo.yaml"}
_BY_FOLDER = frozenset(["articles", "comments", "filters", "ratings"])
"""The roots under which everything belongs to the contingent that the second folder names."""

_BY_OTHERS = {"challenges": ("answers",), "statements": ("ballots", "closings", "dissents")}
"""Of the other roots, the folders in one contingent's folders where others write."""

_SIGNED = ("ballots", "closings")
"""Of these, the ones in which each other contingent has a folder, not a file."""


def sure_folders(owner: ContingentId) -> tuple[str, ...]:
    """Folders, each with its slash, below which all is ``owner``'s: quicker to ask than ``claimant``."""
    return tuple(f"{root}/{owner}/" for root in sorted(_BY_FOLDER))


def claimant(path: str) -> str:
    """The contingent to whom a path belongs, or would belong if any record might stand there; else empty.

    What it names need not be an id: compare it with one. For every well-placed path it is the owner.

    >>> claimant("challenges/abc/water/answers/lmn.md"), claimant("articles/abc/odd"), claimant("README")
    ('lmn', 'abc', '')
    """
    parts = path.split("/", 5)
    if len(parts) < 2 or parts[0] not in _FOLDERS:
        return ""
    root, owner = parts[0], parts[1]
    if root in _BY_FOLDER:
        return owner
    if root == "contingents":
        return owner.removesuffix(".sig").removesuffix(".yaml") if len(parts) == 2 else ""
    if len(parts) > 4 and parts[3] in _BY_OTHERS[root]:
        if parts[3] in _SIGNED:
            return parts[4]
        return parts[4].removesuffix(".md") if len(parts) == 5 else ""
    return "" if path == "statements/roll.yaml" else owner


def may_hold(folder: str, owner: ContingentId) -> bool:
    """Whether paths that belong to ``owner`` (see ``claimant``) may lie below a folder.

    A walk that descends only where this holds misses nothing of theirs, and reads little of anybody else's.
    """
    parts = folder.split("/", 5)
    root, depth = parts[0], len(parts)
    if depth == 1:
        return root in _FOLDERS
    if root in _BY_FOLDER:
        return parts[1] == owner
    if root not in _BY_OTHERS:
        return False
    if depth > 4 and parts[3] in _BY_OTHERS[root]:
        return parts[3] in _SIGNED and parts[4] == owner
    return parts[1] == owner or depth < 4 or (depth == 4 and parts[3] in _BY_OTHERS[root])


def may_hold_signed(folder: str) -> bool:
    """Whether signed records of a vote, whoever owns them, may lie below a folder."""
    parts = folder.split("/", 5)
    return parts[0] == "statements" and (len(parts) < 4 or (len(parts) < 6 and parts[3] in _SIGNED))


_PROVEN = frozenset([Kind.OPENING, Kind.BALLOT, Kind.CLOSING, Kind.SIGNATURE])


def is_signed(path: str) -> bool:
    """Whether a record of a vote that proves itself, or its signature, stands at this path."""
    if not path.startswith("statements/"):
        return False
    where = place(path)
    return not isinstance(where, Finding) and where.kind in _PROVEN
