"""The only floor that runs git: snapshots of the working tree, the staging area, any ref, and memory."""

from newsrepo.gitstore.files import Lock, sweep, write_atomic, write_new
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.snapshot import (
    READ_LIMIT,
    RECORD_ROOTS,
    Blob,
    Entry,
    MemorySnapshot,
    Snapshot,
    Tip,
    blob_id,
)
from newsrepo.gitstore.worktree import Stamp

__all__ = [
    "READ_LIMIT",
    "RECORD_ROOTS",
    "Blob",
    "Entry",
    "Lock",
    "MemorySnapshot",
    "Repository",
    "Snapshot",
    "Stamp",
    "Tip",
    "blob_id",
    "sweep",
    "write_atomic",
    "write_new",
]
