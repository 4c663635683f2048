"""Commit some files of the working tree and nothing else, on the branch checked out or on a new one.

What the user has staged or changed besides stays exactly as it is. Nothing of the working tree is written.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from newsrepo.errors import UnableError
from newsrepo.gitstore.files import read_plain
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.runner import Git
from newsrepo.ids import Oid, is_oid

_UNDERWAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG")
_NAME = re.compile(r"[^<>\x00-\x1f\x7f]{1,200}")
_MODE = "100644"
_ASIDE = "refs/newsrepo/submit"
"""The ref that a commit hangs on for the moment in which it is made."""


class Signer(Struct, frozen=True):
    """Whose name a commit carries."""

    name: str
    email: str


def signer(repository: Repository) -> Signer:
    """Who commits here, by git's configuration. Raises UnableError where it does not say."""
    found = [repository.config(f"user.{part}") or "" for part in ("name", "email")]
    for part, value in zip(("name", "email"), found, strict=True):
        if not _NAME.fullmatch(value.strip()):
            raise UnableError(
                f"git does not know your {part}, and every commit carries one for good",
                f'say it: git config user.{part} "…"  (forges offer addresses that hide your own)',
            )
    return Signer(found[0].strip(), found[1].strip())


def refuse_underway(repository: Repository) -> None:
    """Raise UnableError while a merge, a rebase or the like waits to be finished."""
    for name in _UNDERWAY:
        if os.path.lexists(repository.git_dir / name):
            raise UnableError(
                f"git is in the middle of something here: {name} exists",
                "finish it or give it up first; `git status` says how",
            )


def commit(
    repository: Repository,
    paths: Mapping[str, Oid | None],
    branch: str,
    message: str,
    by: Signer,
    when: int,
) -> Oid:
    """Commit the working tree's files at ``paths`` on top of HEAD, and have ``branch`` checked out after.

    Each path comes with the blob id that the file is known to have, or None where it is gone; all else is as
    in HEAD. ``branch`` is the one checked out, or one that does not exist yet. ``when`` is in seconds since
    1970. Raises UnableError when a file became another meanwhile, or the branch did; nothing has changed
    then but for objects that nothing leads to.
    """
    git = Git(str(repository.root), str(repository.git_dir), str(repository.root))
    head = repository.head()
    known = _blobs(git, repository.root, [path for path, oid in paths.items() if oid is not None])
    for path, oid in known.items():
        if oid != paths[path]:
            raise UnableError(f"{path} became another while it was submitted", "submit again")
    new = _commit(git, known, [p for p, oid in paths.items() if oid is None], head, message, by, when)
    ref = f"refs/heads/{branch}"
    if repository.branch == branch:
        git.run("update-ref", "--", ref, new, head or "0" * len(new))
    else:
        git.run("update-ref", "--", ref, new, "0" * len(new))
        git.run("symbolic-ref", "-m", "newsrepo: submit", "HEAD", ref)
    git.run("update-index", "-z", "--index-info", data=b"".join(_staged(paths, known, len(new))))
    return new


def _staged(paths: Mapping[str, Oid | None], known: Mapping[str, Oid], width: int) -> Iterator[bytes]:
    for path in sorted(paths):
        oid = known.get(path)
        mode, value = ("0", "0" * width) if oid is None else (_MODE, oid)
        yield f"{mode} {value}\t{path}\0".encode()


def _blobs(git: Git, root: Path, paths: Sequence[str]) -> dict[str, Oid]:
    """The files' bytes as blobs, through no filter: a version is exact bytes."""
    found = {}
    for path in paths:
        try:
            data = read_plain(root / path)
        except OSError as error:
            raise UnableError(f"{path} cannot be read: {error.strerror}", "submit again") from error
        _, out = git.run("hash-object", "-w", "--stdin", data=data)
        found[path] = _oid(out)
    return found


def _commit(
    git: Git,
    files: Mapping[str, Oid],
    gone: Sequence[str],
    parent: Oid | None,
    message: str,
    by: Signer,
    when: int,
) -> Oid:
    """The commit as an object that no branch leads to yet."""
    text = f"{message.rstrip()}\n".encode()
    who = f"{by.name} <{by.email}> {when} +0000\n"
    lines = [f"reset {_ASIDE}\n\n".encode()] if parent is None else []
    lines.append(f"commit {_ASIDE}\nmark :1\nauthor {who}committer {who}".encode())
    lines.append(b"data %d\n%s\n" % (len(text), text))
    if parent is not None:
        lines.append(f"from {parent}\n".encode())
    lines += [f"M {_MODE} {oid} {path}\n".encode() for path, oid in sorted(files.items())]
    lines += [f"D {path}\n".encode() for path in sorted(gone)]
    lines.append(b"get-mark :1\ndone\n")
    _, out = git.run("fast-import", "--quiet", "--force", "--done", data=b"".join(lines))
    git.run("update-ref", "-d", "--", _ASIDE)
    return _oid(out)


def _oid(out: bytes) -> Oid:
    text = out.decode("ascii", "replace").strip()
    if not is_oid(text):
        raise UnableError(f"git named no object id, but {text[:80]!r}", "nothing was committed")
    return Oid(text)
