"""Making the private store, clearing up after killed runs, and throwing out what should not have come in.

Callers hold the store's lock: nobody else writes there.
"""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from newsrepo.gitstore.files import is_alive, read_plain, sweep, unable, write_atomic
from newsrepo.gitstore.runner import Git

REMEDY: Final = "move .git/newsrepo/homes.git out of the way, then fetch everything anew: `newsrepo sync`"
"""The way out when something in the store is missing or damaged."""

_LEFT: Final = re.compile(r"tmp_(?:pack|idx|rev|obj|midx)_.*|\.tmp-[0-9]+-pack-.*|.*\.keep|.*\.lock")
_UNBORN: Final = re.compile(r"homes-([0-9]{1,10})-[0-9a-f]{16}\.new")
_FOREIGN: Final = ("shallow", "info/grafts", "objects/info/alternates", "config.worktree", "commondir")
"""Files by which a repository leans on another, or hides a part of its history. Ours has none."""


def _settings(algorithm: str) -> bytes:
    """The whole configuration. `fsync`: objects and refs are on the disk before anything builds on them."""
    sha256 = algorithm == "sha256"
    return (
        "[core]\n"
        f"\trepositoryformatversion = {int(sha256)}\n"
        "\tbare = true\n"
        "\tfilemode = true\n"
        "\tlogAllRefUpdates = false\n"
        "\tfsync = committed,loose-object,reference\n"
        "[repack]\n"
        "\twriteBitmaps = false\n" + ("[extensions]\n\tobjectFormat = sha256\n" if sha256 else "")
    ).encode("ascii")


def is_whole(path: Path) -> bool:
    """Whether a store stands there."""
    return (path / "objects").is_dir() and (path / "refs").is_dir() and (path / "HEAD").is_file()


def make_store(path: Path, algorithm: str) -> None:
    """Make the store beside its place, then move it there, so that it is never half made.

    Raises UnableError when it cannot be made.
    """
    new = path.with_name(f"homes-{os.getpid()}-{os.urandom(8).hex()}.new")
    try:
        Git(str(path.parent)).run(
            "init", "--quiet", "--bare", "--initial-branch=main", "--template=",
            f"--object-format={algorithm}", "--", str(new),
        )  # fmt: skip
        write_atomic(new / "config", _settings(algorithm))
        try:
            os.rename(new, path)
        except OSError as error:
            if is_whole(path):
                return  # another run was faster
            raise unable("make", path, error, f"what stands there is no store; {REMEDY}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def restore(path: Path, algorithm: str) -> None:
    """See that the store's own files say what we wrote, whoever handed this clone on. Raises UnableError.

    A setting (`remote.<address>.uploadpack`, say) could run a program, or lead a fetch elsewhere.
    """
    try:
        settings = read_plain(path / "config", 1 << 16)
    except OSError:
        settings = b""
    if settings != _settings(algorithm):
        write_atomic(path / "config", _settings(algorithm))
    for name in _FOREIGN:
        (path / name).unlink(missing_ok=True)


def sweep_store(path: Path) -> None:
    """Remove what killed or failed calls left, in the store and beside it."""
    sweep(path.parent)
    for name in os.listdir(path.parent):
        unborn = _UNBORN.fullmatch(name)
        if unborn and not is_alive(int(unborn[1])):
            shutil.rmtree(path.parent / name, ignore_errors=True)
    for folder, _, names in os.walk(path):
        for name in names:
            if _LEFT.fullmatch(name):
                with suppress(OSError):  # whoever comes next tries again
                    os.unlink(os.path.join(folder, name))


def holdings(path: Path) -> frozenset[str]:
    """The names of all packs, and of the folders of loose objects. Raises UnableError."""
    objects = path / "objects"
    try:
        return frozenset([*os.listdir(objects), *os.listdir(objects / "pack")])
    except OSError as error:
        raise unable("read", objects, error, "nothing was changed") from error


def has_loose(path: Path) -> bool:
    """Whether there are loose objects: every fetch makes a pack, except from a server of plain files."""
    return any(len(name) == 2 for name in holdings(path))


def throw_out_unnamed(git: Git, path: Path) -> None:
    """Throw out every object that no ref leads to. Raises UnableError; then nothing was lost."""
    git.run("repack", "-a", "-d", "--quiet", seconds=1800)
    for name in os.listdir(path / "objects"):
        if len(name) == 2:  # loose ones: those that a ref leads to are in the pack by now
            shutil.rmtree(path / "objects" / name, ignore_errors=True)
