"""Decap CMS on this machine: where its archive lies, and how npm is asked for it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from newsrepo.editor import vendor
from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain, write_atomic
from newsrepo.gitstore.repository import Repository

_SECONDS: Final = 300


def program(repository: Repository, given: Path | None = None) -> Mapping[str, bytes]:
    """The editor's files by name: from ``given`` (the archive, or a folder with it), else kept or fetched.

    Raises UsageError for a ``given`` that holds none, UnableError where it can neither be found nor fetched,
    or is not the pinned release.
    """
    if given is not None:
        path = given / vendor.ARCHIVE if given.is_dir() else given
        try:
            return vendor.unpack(read_plain(path, vendor.LIMIT))
        except OSError as error:
            raise UsageError(
                f"--decap: cannot read {str(path)!r}: {error.strerror}",
                f"give {vendor.ARCHIVE}, as `npm pack {vendor.PACKAGE}@{vendor.VERSION}` makes it",
            ) from None
    kept = repository.state_dir / "editor" / vendor.ARCHIVE
    try:
        return vendor.unpack(read_plain(kept, vendor.LIMIT))
    except (OSError, UnableError):  # not there, or damaged: it is fetched anew
        data = fetch()
    found = vendor.unpack(data)
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(kept, data, durable=False)
    return found


def is_kept(repository: Repository) -> bool:
    """Whether an archive is there already, so that nothing need be fetched."""
    return (repository.state_dir / "editor" / vendor.ARCHIVE).is_file()


def fetch() -> bytes:
    """The archive's bytes, as npm brings them from wherever it is set up to look. Raises UnableError."""
    npm = shutil.which("npm")
    by_hand = f"run `npm pack {vendor.PACKAGE}@{vendor.VERSION}` elsewhere and give its file with --decap"
    if npm is None:
        raise UnableError("the editor is fetched with npm, and npm is not here", f"install npm, or {by_hand}")
    with tempfile.TemporaryDirectory(prefix="newsrepo-editor-") as folder:
        command = [npm, "pack", "--ignore-scripts", "--silent", f"{vendor.PACKAGE}@{vendor.VERSION}"]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed package at a fixed release, in an empty folder
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UnableError(f"npm did not bring the editor: {error}", by_hand) from error
        if done.returncode:
            said = (done.stderr.decode("utf-8", "replace").strip() or "it said nothing").splitlines()[-1]
            raise UnableError(
                f"npm could not fetch {vendor.PACKAGE} {vendor.VERSION}: {said}",
                f"are you online? else {by_hand}",
            )
        try:
            return read_plain(os.path.join(folder, vendor.ARCHIVE), vendor.LIMIT)
        except OSError as error:
            raise UnableError(f"npm fetched no {vendor.ARCHIVE}: {error.strerror}", by_hand) from error
