"""Where an edition may be written: never over anything that is not an edition of ours."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from newsrepo.errors import UsageError
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.snapshot import RECORD_ROOTS


def refuse_directory(out: Path, repository: Repository, home: Path | None) -> None:
    """Raise UsageError for directories that hold more than an edition ever should."""
    real = os.path.realpath(out)
    root = os.path.realpath(repository.root)
    own = [os.path.realpath(path) for path in (repository.git_dir, repository.common_dir)]
    if os.path.dirname(real) == real:
        what = "the root of the file system"
    elif home is not None and real == os.path.realpath(home):
        what = "your home directory"
    elif real == root:
        what = "the repository itself"
    elif _inside(root, real):
        what = "a directory around the repository"
    elif any(_inside(real, path) for path in own) and not _inside(real, _previews(repository)):
        what = "git's own directory"
    elif os.path.relpath(real, root).split(os.sep)[0] in RECORD_ROOTS:
        what = "among the records"
    else:
        return
    raise UsageError(f"will not build into {str(out)!r}: it is {what}", "choose an empty directory: -o DIR")


def preview_folder(repository: Repository, name: str) -> Path:
    """Where the preview of a filter is built: beside the index, out of the way of what is published."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(_previews(repository)) / digest


def _previews(repository: Repository) -> str:
    return os.path.realpath(repository.state_dir / "preview")


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def refuse_foreign(outs: Iterable[Path], *, shelf: Path | None = None) -> None:
    """Raise UsageError for a directory that holds something other than an edition of ours.

    ``shelf`` may also hold nothing but editions, each in C/NAME.
    """
    from newsrepo.editions.publish import is_ours

    foreign = [out for out in outs if not is_ours(out)]
    if shelf is not None and not is_ours(shelf) and not _only_editions(shelf, is_ours):
        foreign.append(shelf)
    for out in foreign:
        raise UsageError(
            f"will not build into {str(out)!r}: it is not empty and no edition stands in it",
            "choose an empty directory (-o DIR); nothing was deleted",
        )


def _only_editions(shelf: Path, is_ours: Callable[[Path], bool]) -> bool:
    try:
        owners = [shelf / name for name in sorted(os.listdir(shelf))]
        editions = [owner / name for owner in owners for name in sorted(os.listdir(owner))]
        links = any(path.is_symlink() for path in (*owners, *editions))
        return not links and all(path.is_dir() and is_ours(path) for path in editions)
    except OSError:
        return False
