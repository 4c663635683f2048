"""What this clone knows of each contingent's home, kept whole in one file that tells when it is damaged."""

import hashlib
import re
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.files import read_plain, unable, write_atomic
from newsrepo.ids import Oid, is_name, is_oid

FORMAT: Final = 1
NAME: Final = "homes.json"
"""The file's name in newsrepo's folder of the common git directory."""

_LIMIT: Final = 64 << 20
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Trouble(Struct, frozen=True):
    """What went wrong with one home: a rule id, the fact, the way out. No control characters, no secrets."""

    rule: str
    message: str
    hint: str = ""


class Rewrite(Struct, frozen=True):
    """A home that dropped what it had published: the tips before and after, and when it was noticed."""

    old: Oid
    new: Oid
    when: str


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """One contingent's home, as this clone last saw it."""

    url: str
    branch: str
    """Where it is fetched from: as pinned, or as moved to by a signed change. An empty branch is HEAD's."""
    keys: tuple[str, ...] = ()
    """The keys that may sign changes: as pinned, or as rotated to by a signed change."""
    accepted: tuple[str, ...] = ()
    """Blob ids of the contingent's file whose home and keys were in force, oldest first: none comes back."""
    pinned: Oid | None = None
    """The blob of the reader's own file from which the above follows: another one is a new decision."""
    signed: Oid | None = None
    """The blob of the signed file that is in force in place of the pinned one, if any."""
    commit: Oid | None = None
    """The last good tip; None while it was never reached. Then ``tree`` is None and ``committed`` 0."""
    tree: Oid | None = None
    committed: int = 0
    """The committer's date of the tip, in seconds since 1970."""
    fetched_at: str = ""
    """When the tip was last confirmed, and when that was last tried; UTC with Z, empty for never."""
    tried_at: str = ""
    trouble: tuple[Trouble, ...] = ()
    """What went wrong in the last sync of this home."""
    rewritten: tuple[Rewrite, ...] = ()
    """Every rewriting ever seen, oldest first."""


class Ledger(Struct, frozen=True):
    """All homes by contingent id, in order of id. ``damaged``: the file cannot be believed: start anew."""

    homes: dict[str, Seen] = {}
    damaged: bool = False


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    digest: str
    homes: dict[str, Seen]


class _Format(Struct):
    format: int


def load(path: str | Path) -> Ledger:
    """The ledger at ``path``; empty where there is none, empty and marked ``damaged`` where it lies.

    Raises UnableError when the file cannot be read, or when a later newsrepo has written it.
    """
    try:
        data = read_plain(path, _LIMIT)
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise unable("read", path, error, "nothing was changed") from error
    try:
        if msgspec.json.decode(data, type=_Format).format > FORMAT:
            raise UnableError(
                f"{str(path)!r} was written by a later newsrepo", "install that version, or a newer one"
            )
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Ledger(damaged=True)
    if file.digest != _digest(file.homes) or not all(is_name(c) and _sound(s) for c, s in file.homes.items()):
        return Ledger(damaged=True)
    return Ledger({c: file.homes[c] for c in sorted(file.homes)})


def save(path: str | Path, ledger: Ledger) -> None:
    """Put the ledger at ``path``, whole or not at all; the same ledger gives the same bytes.

    Raises UnableError when it cannot be written (the earlier one is then intact), ValueError for what
    ``load`` would not believe.
    """
    homes = {c: ledger.homes[c] for c in sorted(ledger.homes)}
    for contingent, seen in homes.items():
        if not is_name(contingent) or not _sound(seen):
            raise ValueError(f"not fit for the ledger: {contingent!r}: {seen!r}")
    data = msgspec.json.encode(_File(FORMAT, _digest(homes), homes))
    write_atomic(path, msgspec.json.format(data, indent=1) + b"\n")


def _digest(homes: dict[str, Seen]) -> str:
    ordered: dict[str, Any] = {c: homes[c] for c in sorted(homes)}
    return hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()


def _sound(seen: Seen) -> bool:
    """Whether the ids are ids, the moments moments, and all that belongs to a tip is there or none of it."""
    tip = (seen.commit, seen.tree, seen.pinned, seen.signed)
    ids = [
        *(i for i in tip if i is not None),
        *seen.accepted,
        *(i for r in seen.rewritten for i in (r.old, r.new)),
    ]
    moments = [*(m for m in (seen.fetched_at, seen.tried_at) if m), *(r.when for r in seen.rewritten)]
    return (
        all(map(is_oid, ids))
        and all(map(_MOMENT.fullmatch, moments))
        and (seen.commit is None) == (seen.tree is None)
    )
