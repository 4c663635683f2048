"""Tell cheaply whether anybody touched a published directory: names, sizes and times, never contents."""

import hashlib
import os

_BY_HANDLE = os.scandir in os.supports_fd and hasattr(os, "O_DIRECTORY")
"""Whether a folder can be listed by its handle, which Windows can't."""


def directory_stamp(folder: str) -> str:
    """A digest over the name, size and modification time of every file under ``folder``; "" without it.

    Equal stamps mean that nothing was added, removed or rewritten, short of somebody forging the times.
    """
    whole = hashlib.blake2b(digest_size=16)
    stack = [folder]
    try:
        while stack:
            directory = stack.pop()
            inner, files = _listed(directory)
            stack += [f"{directory}/{name}" for name in inner]
            whole.update(repr((directory, inner, files)).encode("utf-8", "surrogateescape"))
    except OSError:
        return ""
    return whole.hexdigest()


def _listed(directory: str) -> tuple[list[str], list[tuple[str, int, int, int]]]:
    """The folders in a directory, and its files with size, time and inode; both in order of name."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY) if _BY_HANDLE else None
    inner, files = [], []
    try:
        # By its handle every name is one step away, by its path as many as it is deep.
        with os.scandir(directory if handle is None else handle) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.name)
                else:
                    stat = entry.stat(follow_symlinks=False)
                    files.append((entry.name, stat.st_size, stat.st_mtime_ns, stat.st_ino))
    finally:
        if handle is not None:
            os.close(handle)
    return sorted(inner), sorted(files)
