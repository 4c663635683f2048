"""Refs read from a repository's files, without a process: loose ones first, then those packed away."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from newsrepo.gitstore.files import read_plain, unable
from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid, is_oid

_LIMIT: Final = 256 << 20
_DEEP: Final = 8
_ROW: Final = re.compile(rb"^([0-9a-f]{40}(?:[0-9a-f]{24})?) ([^\n]+)$", re.MULTILINE)


def read_refs(git_dir: Path, prefix: str) -> dict[str, Oid]:
    """Every ref below ``prefix`` (``refs/newsrepo/homes/``) with the id it holds, ordered by full name.

    In this order a ref that git packs meanwhile is found in one place or the other. Symbolic refs and what
    is no ref are passed over. Raises UnableError when the files cannot be read.
    """
    found: dict[str, Oid] = {}
    try:
        _loose(git_dir / prefix.rstrip("/"), prefix, found, _DEEP)
        _packed(git_dir / "packed-refs", prefix, found)
    except OSError as error:
        raise unable("read the refs of", git_dir, error, "nothing was changed") from error
    return {name: found[name] for name in sorted(found)}


def leads(git: Git, tips: Iterable[Oid], commit: Oid) -> bool:
    """Whether the history of any of these tips holds a commit, by full id; what is not here is in none."""
    wanted = list(dict.fromkeys(tips))
    if not wanted or commit in wanted:
        return bool(wanted)
    asked = "".join(f"{line}\n" for line in (commit, *(f"^{tip}" for tip in wanted)))
    code, out = git.run("rev-list", "--max-count=1", "--stdin", ok=(0, 128), data=asked.encode("ascii"))
    return code == 0 and not out.strip()


def _loose(folder: Path, prefix: str, found: dict[str, Oid], deep: int) -> None:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        name = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if deep:
                _loose(Path(entry.path), f"{name}/", found, deep - 1)
        elif not name.endswith(".lock"):
            try:
                text = read_plain(entry.path, 1 << 10).strip().decode("ascii", "replace")
            except FileNotFoundError:
                continue  # packed a moment ago
            if is_oid(text):
                found[name] = Oid(text)


def _packed(path: Path, prefix: str, found: dict[str, Oid]) -> None:
    try:
        data = read_plain(path, _LIMIT)
    except FileNotFoundError:
        return
    wanted = b" " + prefix.encode()
    start = data.find(wanted)
    if start < 0:
        return
    # The file is in order of name, so that all between the first and the last is wanted too.
    start, stop = data.rfind(b"\n", 0, start) + 1, data.find(b"\n", data.rfind(wanted))
    for oid, name in _ROW.findall(data, start, stop if stop >= 0 else len(data)):
        if name.startswith(wanted[1:]):
            found.setdefault(name.decode("utf-8", "replace"), Oid(oid.decode("ascii")))
