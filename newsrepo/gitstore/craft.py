"""Commits made from values: what a demonstration needs, without a working tree, an editor or a clock.

Everything goes through one `git fast-import` stream, so that the same values give the same commit ids.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.gitstore.runner import Git, failure

Files = Mapping[str, bytes | None]
"""What a commit changes: the new bytes of each path, or None where it is removed."""


class Commit(Struct, frozen=True):
    """One commit to be made. ``when`` is in seconds since 1970, UTC.

    ``parent`` is the number of an earlier commit in the same list; None begins a history.
    """

    message: str
    author: str
    email: str
    when: int
    changes: Files
    parent: int | None = None


def craft(git_dir: Path, commits: Sequence[Commit], refs: Mapping[str, int]) -> None:
    """Make commits in the repository at ``git_dir`` and point each ref at one of them, whatever it named.

    Commits that no ref leads to are left out, as if they had never been seen there.
    Raises UsageError for a ref or an author that git could misread, UnableError when git fails.
    """
    import subprocess

    git = Git(str(git_dir), str(git_dir))
    with tempfile.TemporaryFile() as stream, tempfile.TemporaryFile() as errors:
        for piece in _stream(*_needed(commits, refs)):
            stream.write(piece)
        stream.seek(0)
        process = git.start("fast-import", "--quiet", "--force", "--done", stdin=stream, stderr=errors)
        try:
            process.communicate(timeout=600)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.returncode:
            errors.seek(0)
            raise failure("git fast-import", errors.read(1 << 16))


def bare(path: Path, commits: Sequence[Commit], refs: Mapping[str, int]) -> None:
    """A bare repository at ``path``, as a server would keep it; its HEAD is ``main``. Raises as ``craft``."""
    path.mkdir(parents=True)
    Git(str(path)).run("init", "--quiet", "--bare", "--initial-branch=main", "--template=", "--", str(path))
    craft(path, commits, refs)


def clone(
    path: Path, commits: Sequence[Commit], refs: Mapping[str, int], *, branch: str, origin: str
) -> None:
    """What `git clone` of ``origin`` would leave at ``path``, ``branch`` checked out; raises as ``craft``.

    ``refs`` are the origin's; those of its branches are known here as remote branches too.
    """
    path.mkdir(parents=True)
    Git(str(path)).run("init", "--quiet", f"--initial-branch={branch}", "--template=", "--", str(path))
    heads = {ref.removeprefix("refs/heads/"): n for ref, n in refs.items() if ref.startswith("refs/heads/")}
    mine = {f"refs/remotes/origin/{name}": number for name, number in heads.items()}
    mine[f"refs/heads/{branch}"] = heads[branch]
    craft(path / ".git", commits, mine)
    git = Git(str(path), str(path / ".git"), str(path))
    for key, value in (
        ("remote.origin.url", origin),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        (f"branch.{branch}.remote", "origin"),
        (f"branch.{branch}.merge", f"refs/heads/{branch}"),
    ):
        git.run("config", "--local", "--replace-all", "--", key, value)
    for file, data in files_at(commits, heads[branch]).items():
        target = path / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    git.run("read-tree", f"refs/heads/{branch}")


def files_at(commits: Sequence[Commit], number: int) -> dict[str, bytes]:
    """All files as the commit of this number holds them."""
    line = []
    at: int | None = number
    while at is not None:
        line.append(commits[at])
        at = commits[at].parent
    found: dict[str, bytes] = {}
    for commit in reversed(line):
        for path, data in commit.changes.items():
            if data is None:
                found.pop(path, None)
            else:
                found[path] = data
    return found


def _needed(commits: Sequence[Commit], refs: Mapping[str, int]) -> tuple[list[Commit], dict[str, int]]:
    """The commits that the refs lead to, and all numbers made anew for them."""
    wanted = set(refs.values())
    for number in range(len(commits) - 1, -1, -1):  # a parent comes before its children
        parent = commits[number].parent
        if number in wanted and parent is not None:
            wanted.add(parent)
    new = {number: at for at, number in enumerate(sorted(wanted))}
    kept = [
        replace(commits[n], parent=None if (p := commits[n].parent) is None else new[p])
        for n in sorted(wanted)
    ]
    return kept, {ref: new[number] for ref, number in refs.items()}


def _stream(commits: Iterable[Commit], refs: Mapping[str, int]) -> Iterator[bytes]:
    for number, commit in enumerate(commits, 1):
        if any(c in commit.author + commit.email for c in "<>\n\0"):
            raise UsageError(f"not the name or address of an author: {commit.author!r}", "")
        who = f"{commit.author} <{commit.email}> {commit.when} +0000\n"
        # No ref is touched before everything is there: each commit stands on a mark alone.
        if commit.parent is None:
            yield b"reset refs/newsrepo/craft\n\n"
        yield f"commit refs/newsrepo/craft\nmark :{number}\nauthor {who}committer {who}".encode()
        yield _data(commit.message.encode())
        if commit.parent is not None:
            yield b"from :%d\n" % (commit.parent + 1)
        for path, data in sorted(commit.changes.items()):
            name = _path(path)
            if data is None:
                yield b"D %s\n" % name
            else:
                yield b"M 100644 inline %s\n" % name
                yield _data(data)
    for ref, number in sorted(refs.items()):
        if not ref.startswith("refs/") or any(c in ref for c in " \n\0"):
            raise UsageError(f"not the full name of a ref: {ref!r}", "")
        yield f"reset {ref}\nfrom :{number + 1}\n\n".encode()
    yield b"reset refs/newsrepo/craft\nfrom " + b"0" * 40 + b"\n\ndone\n"


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _path(path: str) -> bytes:
    quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'.encode("utf-8", "surrogateescape")
