"""A folder of exported files: there as a whole or not at all, and never over anything that is not ours.

Files are made in a hidden folder beside the target, which takes its place in one renaming when all are there.
``export.json`` in it names every other file with its hash: by that a folder is known as ours.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import Any

from newsrepo import __version__
from newsrepo.errors import UsageError
from newsrepo.gitstore.files import hold_folder, is_alive, read_plain, unable

MARK = "export.json"
GENERATOR = f"newsrepo {__version__}"
_INTACT = "what stood there is as it was"
_MOST = 256 << 20


def refuse_foreign(target: Path) -> None:
    """Raise UsageError unless ``target`` is absent, empty, or an export of ours and nothing else."""
    if not is_ours(target):
        raise UsageError(
            f"will not export into {str(target)!r}: it is not empty and no export stands in it",
            "choose an empty folder (-o DIR); nothing was deleted",
        )


def is_ours(target: Path) -> bool:
    """Whether a folder may be replaced. Nothing in it is followed or opened but ``export.json``."""
    if target.is_symlink():
        return False
    try:
        with os.scandir(target) as found:
            entries = {entry.name: entry.is_file(follow_symlinks=False) for entry in found}
    except FileNotFoundError:
        return True
    except OSError:
        return False
    if not entries:
        return True
    try:
        said = json.loads(read_plain(target / MARK, _MOST))
        listed = {*said["files"], MARK}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    ours = str(said.get("generator", "")).startswith("newsrepo ")
    return ours and all(entries.values()) and set(entries) <= listed


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """An empty folder to be filled, which takes the place of ``target`` when the block ends well.

    Raises UsageError for a target that is not ours, LockedError while another run exports into it, and
    UnableError where it cannot be written; the target is then as it was.
    """
    refuse_foreign(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = not target.exists()
        target.mkdir(exist_ok=True)
        with hold_folder(target):
            _sweep(target)
            staging = _beside(target)
            staging.mkdir()
            try:
                yield staging
                _swap(staging, target)
            finally:
                _remove(staging)
                if fresh:
                    with suppress(OSError):
                        target.rmdir()  # it holds something unless nothing came of this
    except OSError as error:
        raise unable("write", target, error, _INTACT) from error


def seal(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    """Write ``export.json`` over all files in a folder, with ``facts``, and bring all of it to the disk.

    Returns what it says. Raises OSError.
    """
    files: dict[str, dict[str, Any]] = {}
    for name in sorted(os.listdir(folder)):
        with open(folder / name, "rb") as file:
            os.fsync(file.fileno())
            digest = file_digest(file, "sha256").hexdigest()
            files[name] = {"bytes": file.tell(), "sha256": digest}
    said = {"generator": GENERATOR, "derived": True, **facts, "files": files}
    with open(folder / MARK, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return said


def _beside(target: Path) -> Path:
    return target.parent / f".{target.name}.newsrepo-{os.getpid()}-{os.urandom(4).hex()}"


def _swap(staging: Path, target: Path) -> None:
    """Put the new folder in the place of the old one; for a moment neither has the name."""
    if not any(target.iterdir()):
        os.rename(staging, target)  # over an empty folder, in one step
        return
    old = _beside(target)
    os.rename(target, old)
    try:
        os.rename(staging, target)
    except OSError:
        os.rename(old, target)
        raise
    _remove(old)


def _sweep(target: Path) -> None:
    """Remove what killed runs left beside the target."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.newsrepo-([0-9]+)-[0-9a-f]{{8}}")
    for path in target.parent.iterdir():
        found = pattern.fullmatch(path.name)
        if found and not path.is_symlink() and not is_alive(int(found[1])):
            _remove(path)


def _remove(folder: Path) -> None:
    """Remove a folder of ours, which holds files alone; a folder in it stays, and so does all around it."""
    with suppress(OSError):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
