"""What stops a command: an error that says what could not be done and the way out.

A *finding* is news about content and is collected; an *error* means that what was asked could not be
done; anything else that escapes is a bug of ours. Only ``newsrepo.cli`` turns these into exit codes.
"""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes that scripts may build upon."""

    YES = 0
    NO = 1
    USAGE = 2
    UNABLE = 3
    BUG = 4
    LOCKED = 75
    INTERRUPTED = 130


class NewsrepoError(Exception):
    """What was asked could not be done; ``hint`` is the way out."""

    exit = Exit.UNABLE

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(NewsrepoError):
    """An argument is not one that we take."""

    exit = Exit.USAGE


class UnableError(NewsrepoError):
    """The surroundings do not allow it: disk, permission, git, a missing extra."""

    exit = Exit.UNABLE


class LockedError(NewsrepoError):
    """Another run holds what this one needs."""

    exit = Exit.LOCKED
