"""What somebody has seen at this desk: which version of which record, kept beside the index of the clone.

It is a memory and no record: if it is lost, everything is new again, and nothing else is.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from newsrepo.gitstore.files import Lock, read_plain, write_atomic

LIMIT = 64 << 20
"""Bytes of the file that are read; a commons of 10,000 records takes less than one million."""

_KEPT = msgspec.msgpack.Decoder(dict[str, str])
_WAIT = 5.0


class Seen:
    """The versions last seen, by id of record, in a file that several desks may share."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, str] | None:
        """What was seen; None where nobody ever sat here, or what they saw cannot be read."""
        try:
            return _KEPT.decode(read_plain(self._path, LIMIT))
        except (OSError, msgspec.MsgspecError):
            return None

    def note(self, seen: Iterable[tuple[str, str]], gone: Iterable[str] = ()) -> Mapping[str, str]:
        """Remember these versions, and forget records that are gone; what another desk noted meanwhile stays.

        Raises UnableError where it cannot be written, LockedError where another desk writes for too long.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with Lock(self._path.with_suffix(".lock"), _WAIT):
            known = self.load() or {}
            known.update(seen)
            for name in gone:
                known.pop(name, None)
            write_atomic(self._path, msgspec.msgpack.encode(known), durable=False)
        return known
