"""A repository found on disk: where it is, what it stands on, and its snapshots.

Finding it, resolving HEAD and stamping the working tree start no process: "nothing changed" stays cheap.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.cache import TreeKeys
from newsrepo.gitstore.commits import read_tip
from newsrepo.gitstore.files import unable
from newsrepo.gitstore.folders import blocking
from newsrepo.gitstore.history import History, history
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.refs import leads, read_refs
from newsrepo.gitstore.runner import Git, executable, failure
from newsrepo.gitstore.snapshot import RECORD_ROOTS, Tip
from newsrepo.gitstore.staged import StagedSnapshot
from newsrepo.gitstore.tree import RefSnapshot, TreeReader
from newsrepo.gitstore.treediff import Apart, apart
from newsrepo.gitstore.worktree import Stamp, Worktree, WorktreeSnapshot
from newsrepo.ids import Oid, is_oid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import git

_REF = re.compile(r"[A-Za-z0-9@_][A-Za-z0-9@^~._/+#-]{0,199}")
_SAFE_REF = re.compile(r"refs/[A-Za-z0-9._/+#@-]{1,250}")
_KEY = re.compile(r"newsrepo\.(?:[a-z0-9-]{1,60}\.)?[a-z][a-z0-9-]{0,40}")
_SETTINGS = r"^(newsrepo\..*|remote\.origin\.url)$"
_BARE = re.compile(rb"^\s*bare\s*=?\s*(?:true|yes|on|1)?\s*$", re.IGNORECASE | re.MULTILINE)
_PARTIAL = re.compile(rb"^\s*(?:partialclone|promisor)\b", re.IGNORECASE | re.MULTILINE)
_SMALL = 1 << 20


class Repository:
    """One repository with a working tree. From ``discover`` or ``init``; ``close`` ends its helper."""

    def __init__(self, root: Path, git_dir: Path, common_dir: Path) -> None:
        self.root = root
        self.git_dir = git_dir
        self.common_dir = common_dir
        self._git = Git(str(root), str(git_dir), str(root))
        self._histories: dict[tuple[Oid, str], History] = {}

    @classmethod
    def discover(cls, start: Path) -> Self:
        """The repository around ``start``.

        Raises UnableError when there is none, when it is bare or another user's, or git is missing. (A git
        that is too old is found out at the first call.)
        """
        executable()
        here = Path(os.path.abspath(start))
        for folder in (here, *here.parents):
            dot = folder / ".git"
            git_dir = _git_dir(dot)
            if git_dir is not None:
                common = _common_dir(git_dir)
                _refuse_anothers(folder, dot, git_dir)
                found = cls(folder, git_dir, common)
                found._refuse_bare()
                return found
            if _is_git_dir(folder):
                raise UnableError(
                    f"{str(folder)!r} is a bare repository: it has no working tree",
                    "clone it (`git clone`) and work in the clone",
                )
        raise UnableError(
            f"{str(here)!r} is not in a git repository",
            "go to one, or make a commons here with `newsrepo init`",
        )

    @classmethod
    def init(cls, path: Path) -> Self:
        """Make a repository at ``path`` (its branch is ``main``), or open the one that is there."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unable("make the folder", path, error, "nothing was changed") from error
        if _git_dir(path / ".git") is None:
            Git(str(path)).run(
                "init", "--quiet", "--initial-branch=main", "--template=", "--", str(path.absolute())
            )
        return cls.discover(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads objects, if one runs. The repository stays usable."""
        self._objects.close()

    @cached_property
    def state_dir(self) -> Path:
        """Where newsrepo keeps what it can rebuild: in the common git directory, made on demand."""
        path = self.common_dir / "newsrepo"
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise unable("make the folder", path, error, "nothing was changed") from error
        return path

    @property
    def shallow(self) -> bool:
        """Whether history is cut off, so that what is missing may exist elsewhere."""
        return (self.common_dir / "shallow").exists()

    @cached_property
    def algorithm(self) -> str:
        """The hash that names its objects: ``sha1`` or ``sha256``."""
        head = self.head()
        if head is not None:
            return "sha1" if len(head) == 40 else "sha256"
        _, out = self._git.run("rev-parse", "--show-object-format")
        return "sha256" if out.strip() == b"sha256" else "sha1"

    # Snapshots

    def worktree(self) -> WorktreeSnapshot:
        """The working tree as it is on disk."""
        return WorktreeSnapshot(self._tree, self.tip, self._key_of, self._objects, lambda: self.algorithm)

    def staged(self) -> StagedSnapshot:
        """The staging area."""
        return StagedSnapshot(self._git, self.tip, self._key_of, self._objects)

    def at(self, ref: str) -> RefSnapshot:
        """A commit's files. Raises UsageError for what cannot be a ref, UnableError when there is none."""
        tip = self.tip(ref)
        if tip is None:
            raise UnableError("there is no commit yet", "commit something first: `git commit`")
        return self._at(ref, tip)

    def standing(self, label: str, tip: Tip) -> RefSnapshot:
        """The files of a commit that was looked up before, under the name ``label``."""
        return self._at(label, tip)

    def leads_to(self, commit: Oid) -> bool:
        """Whether a commit, by full id, is in the history of any branch here, one's own or fetched."""
        tips = {**read_refs(self.common_dir, "refs/heads/"), **read_refs(self.common_dir, "refs/remotes/")}
        head = self.head()
        return leads(self._git, [*tips.values(), *([head] if head else [])], commit)

    def history(self, commit: Oid, owner: str = "") -> History:
        """The revisions of every article, or of one owner's, up to a commit by full id; git is asked once."""
        found = self._histories.get((commit, owner))
        if found is None:
            shallow = self.common_dir / "shallow"
            found = history(self._git, commit, self.state_dir / "history", shallow, owner)
            self._histories[commit, owner] = found
        return found

    def worktree_stamp(self) -> Stamp:
        """A cheap identity of the working tree and HEAD; see Stamp. Starts no process in the common case."""
        return self._tree.stamp(self.head() or "")

    def _at(self, label: str, tip: Tip) -> RefSnapshot:
        return RefSnapshot(label, tip, self._objects, self._trees, self._keys)

    def _key_of(self, tip: Tip) -> str:
        return self._at("HEAD", tip).key

    @property
    def partial(self) -> bool:
        """Whether some objects were left out when it was cloned, for its remote to hand out later."""
        return _PARTIAL.search(_read_small(self.common_dir / "config") or b"") is not None

    @cached_property
    def _objects(self) -> Objects:
        return Objects(self._git, shallow=self.shallow, partial=self.partial)

    @cached_property
    def _trees(self) -> TreeReader:
        return TreeReader(self._objects)

    @cached_property
    def _keys(self) -> TreeKeys:
        return TreeKeys(self.state_dir / "tree-keys")

    @cached_property
    def _tree(self) -> Worktree:
        name = hashlib.sha256(os.fsencode(self.git_dir)).hexdigest()[:16]
        memory = self.state_dir / f"worktree-{name}"
        return Worktree(self.root, memory, self._ignore_rules, self._ignored, lambda: self.algorithm)

    def _ignore_rules(self) -> tuple[str, ...]:
        """The status of what decides which files git ignores, besides `.gitignore` among the records."""
        marks = []
        for path in (self.root / ".gitignore", self.common_dir / "info" / "exclude", self.git_dir / "index"):
            try:
                s = os.lstat(path)
                marks.append(f"{s.st_mode} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns} {s.st_ino}")
            except OSError:
                marks.append("")
        return tuple(marks)

    def _ignored(self) -> tuple[str, ...]:
        for path in (self.root / ".gitignore", self.common_dir / "info" / "exclude"):
            if path.exists() and not path.is_file():
                raise blocking(str(path.relative_to(self.root) if path.is_relative_to(self.root) else path))
        _, out = self._git.run(
            "ls-files",
            "-z",
            "--others",
            "--ignored",
            "--exclude-standard",
            "--directory",
            "--",
            *RECORD_ROOTS,
        )
        return tuple(sorted(p.decode("utf-8", "surrogateescape") for p in out.split(b"\0") if p and _utf8(p)))

    # Refs

    def head(self) -> Oid | None:
        """The commit that HEAD names, None before the first one. Read from files where that is possible."""
        found = self._head_from_files()
        if found is not None:
            return found
        code, out = self._git.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", "HEAD^{commit}", ok=(0, 1)
        )
        return _oid(out) if code == 0 else None

    @property
    def branch(self) -> str:
        """The branch that is checked out, without ``refs/heads/``; empty where HEAD names a commit."""
        text = (_read_small(self.git_dir / "HEAD") or b"").decode("utf-8", "replace").strip()
        name = text.removeprefix("ref: refs/heads/")
        return "" if name == text or name == ".invalid" else name  # reftable keeps HEAD elsewhere

    @property
    def default_branch(self) -> str:
        """The branch that origin calls its default, as far as this clone was told; else empty."""
        text = (_read_small(self.common_dir / "refs/remotes/origin/HEAD") or b"").decode("utf-8", "replace")
        name = text.strip().removeprefix("ref: refs/remotes/origin/")
        return "" if name == text.strip() else name

    def resolve(self, ref: str) -> Oid | None:
        """The commit a ref, tag or id names; None for HEAD before the first commit.

        Raises UsageError for a name that cannot be one, UnableError when nothing has that name.
        """
        if ref == "HEAD":
            return self.head()
        if not _REF.fullmatch(ref) or ".." in ref or "//" in ref:
            raise UsageError(f"not the name of a ref: {ref[:80]!r}", "give a branch, a tag or a commit id")
        code, out, said = self._git.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
        )
        if code != 0:
            if b"error:" in said:  # there is such a ref, and what it names is damaged
                raise failure(f"reading {ref!r}", said)
            hint = "see `git branch --all`" + ("; this clone is shallow" if self.shallow else "")
            raise UnableError(f"no commit here is called {ref!r}", hint)
        return _oid(out)

    def tip(self, ref: str = "HEAD") -> Tip | None:
        """The commit a ref names; None for HEAD before the first commit. Raises as ``resolve``."""
        commit = self.resolve(ref)
        return None if commit is None else read_tip(self._objects, commit)

    def merge_base(self, one: Oid, other: Oid) -> Oid | None:
        """The last commit that two have in common, by full ids; None where their histories never meet.

        In a shallow clone the meeting point may be cut off: None as well.
        """
        if one == other:
            return one
        code, out = self._git.run("merge-base", "--end-of-options", one, other, ok=(0, 1))
        return _oid(out) if code == 0 else None

    def apart(self, old: Oid | None, new: Oid | None) -> Apart:
        """The files besides the records that differ between two root trees by full id (None: empty)."""
        return apart(self._objects, old, new, leave_out=RECORD_ROOTS)

    def _head_from_files(self) -> Oid | None:
        """HEAD by reading its file and the ref's; None where git must be asked (reftable, links, nothing)."""
        name = "HEAD"
        for _ in range(5):
            folder = self.git_dir if name == "HEAD" else self.common_dir
            text = (_read_small(folder / name) or b"").decode("ascii", "replace").strip()
            if is_oid(text):
                return Oid(text)
            if not text.startswith("ref: "):
                break
            name = text[5:].strip()
            if not _SAFE_REF.fullmatch(name) or ".." in name:
                return None
        packed = _read_small(self.common_dir / "packed-refs", 64 << 20) or b""
        for line in packed.splitlines():
            if line.endswith(b" " + name.encode("ascii", "replace")):
                text = line.partition(b" ")[0].decode("ascii", "replace")
                return Oid(text) if is_oid(text) else None
        return None

    def refs(self) -> Iterator[tuple[str, Oid]]:
        """Every branch and remote branch with its commit, ordered by full name."""
        handle = self.handle
        import git

        for ref in sorted(handle.refs, key=lambda r: str(r.path)):
            path = str(ref.path)
            if path.startswith(("refs/heads/", "refs/remotes/")) and not path.endswith("/HEAD"):
                yield path, Oid(git.SymbolicReference.dereference_recursive(handle, path))

    # Configuration

    def config(self, key: str) -> str | None:
        """A value of git's configuration: the repository's, else the user's, else the system's."""
        code, out = self._git.run("config", "--null", "--get", "--", key, ok=(0, 1), user=True, limit=1 << 20)
        return out.rstrip(b"\0").decode("utf-8", "replace") if code == 0 else None

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """All of newsrepo's own settings and origin's address, by key in lower case, asked for at once.

        As ``config``, the last value of each key; read once and then held.
        """
        code, out = self._git.run(
            "config", "--null", "--get-regexp", "--", _SETTINGS, ok=(0, 1), user=True, limit=1 << 20
        )
        rows = out.decode("utf-8", "replace").split("\0") if code == 0 else []
        return {key: value for key, _, value in (row.partition("\n") for row in rows if row)}

    def set_config(self, key: str, value: str) -> None:
        """Keep a setting of ours (``newsrepo.…``) in the repository's own configuration.

        Raises UsageError for another key or a value with control characters.
        """
        if not _KEY.fullmatch(key):
            raise UsageError(
                f"not a setting of newsrepo: {key[:80]!r}", "settings are called newsrepo.<name>"
            )
        if not value.isprintable() or len(value) > 4096:
            raise UsageError(f"{key} cannot hold control characters or more than 4096 characters", "")
        self._git.run("config", "--local", "--replace-all", "--", key, value)
        self.__dict__.pop("settings", None)

    @property
    def origin(self) -> str | None:
        """The URL of the remote called ``origin``."""
        return self.config("remote.origin.url")

    @cached_property
    def handle(self) -> git.Repo:
        """GitPython's view of this repository, for what it reads from files itself.

        Never ask it for objects or commands: it would run git past the guarded runner. Imported here only,
        since that costs about 100 ms.
        """
        os.environ["GIT_PYTHON_GIT_EXECUTABLE"] = executable()  # else a relative PATH might lead it astray
        import git

        return git.Repo(self.root)

    def _refuse_bare(self) -> None:
        if self.git_dir != self.common_dir:
            return  # a worktree linked to a bare repository is a worktree like any other
        if _BARE.search(_read_small(self.common_dir / "config") or b""):
            code, out = self._git.run("config", "--type=bool", "--get", "core.bare", ok=(0, 1))
            if code == 0 and out.strip() == b"true":
                raise UnableError(
                    f"{str(self.root)!r} is a bare repository: it has no working tree",
                    "clone it (`git clone`) and work in the clone",
                )


def _oid(out: bytes) -> Oid:
    text = out.decode("ascii", "replace").strip()
    if not is_oid(text):
        raise UnableError(f"git named no object id, but {text[:80]!r}", "")
    return Oid(text)


def _utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read_small(path: Path, limit: int = _SMALL) -> bytes | None:
    """A small plain file, or None."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(file, "rb") as stream:
            return stream.read(limit)
    except OSError:
        return None


def _is_git_dir(path: Path) -> bool:
    return (path / "objects").is_dir() and (path / "refs").exists() and os.path.lexists(path / "HEAD")


def _git_dir(dot: Path) -> Path | None:
    """The git directory that ``.git`` is or points to; None when it is neither."""
    if dot.is_dir():
        return dot if _is_git_dir(dot) else None
    text = _read_small(dot) if dot.is_file() else None
    if text is None or not text.startswith(b"gitdir: ") or b"\0" in text:
        return None
    target = (dot.parent / os.fsdecode(text[8:].strip(b"\r\n"))).resolve()
    return target if os.path.lexists(target / "HEAD") else None


def _common_dir(git_dir: Path) -> Path:
    text = _read_small(git_dir / "commondir")
    if text is None or b"\0" in text:
        return git_dir
    return (git_dir / os.fsdecode(text.strip(b"\r\n"))).resolve()


def _refuse_anothers(root: Path, dot: Path, git_dir: Path) -> None:
    """As git does: a repository of another user is refused unless trusted (``safe.directory``)."""
    if not hasattr(os, "geteuid"):
        return
    trusted = {os.geteuid()}
    sudo = os.environ.get("SUDO_UID", "")
    if os.geteuid() == 0 and sudo.isdigit():
        trusted.add(int(sudo))
    try:
        if all(os.lstat(p).st_uid in trusted for p in (root, dot, git_dir)):
            return
    except OSError as error:
        raise unable("look at", root, error, "nothing was changed") from error
    code, _ = Git(str(root)).run("rev-parse", "--git-dir", ok=(0, 128), user=True)
    if code != 0:
        raise UnableError(
            f"{str(root)!r} belongs to another user, whose configuration could run programs as you",
            f"if you trust it: `git config --global --add safe.directory {str(root)!r}`",
        )
