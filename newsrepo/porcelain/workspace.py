"""The repository one works in: its commons, whose clone it is, and how writing into it is kept safe."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsrepo.errors import UsageError
from newsrepo.gitstore.repository import Repository
from newsrepo.ids import ContingentId, IdError, RaterId, contingent_id, is_oid, rater_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsrepo.commons import Commons, Index
    from newsrepo.gitstore.snapshot import Snapshot
    from newsrepo.location import Finding
    from newsrepo.records import types as t

CONTINGENT_KEY = "newsrepo.contingent"
RATER_KEY = "newsrepo.rater"
GENESIS_KEY = "newsrepo.genesis"


class Workspace:
    """One clone of a commons. ``contingent`` and ``rater`` are what options and environment say, or empty."""

    def __init__(self, repository: Repository, *, contingent: str = "", rater: str = "") -> None:
        self.repository = repository
        self._contingent = contingent
        self._rater = rater
        self._indexes: list[Index] = []

    @classmethod
    def discover(cls, start: Path, *, contingent: str = "", rater: str = "") -> "Workspace":
        """The repository around ``start``. Raises UnableError when there is none to work in."""
        return cls(Repository.discover(start), contingent=contingent, rater=rater)

    @property
    def root(self) -> Path:
        return self.repository.root

    def snapshot(self, *, at: str = "", staged: bool = False) -> "Snapshot":
        """What a ref holds, what is staged, or (by default) the working tree."""
        if at and staged:
            raise UsageError("--at and --staged exclude each other")
        if at:
            return self.repository.at(at)
        return self.repository.staged() if staged else self.repository.worktree()

    def commons(self, snapshot: "Snapshot") -> "Commons":
        """The commons in a snapshot, through this clone's index."""
        from newsrepo.commons import Index, open_commons

        index = Index.open(self.repository.state_dir / "index.sqlite3")
        self._indexes.append(index)
        return open_commons(snapshot, index)

    @property
    def notes(self) -> "tuple[Finding, ...]":
        """What there is to say so far about the surroundings, not about content: a damaged index, say."""
        return tuple(dict.fromkeys(note for index in self._indexes for note in index.findings))

    @cached_property
    def here(self) -> "Commons":
        """The commons as it stands in the working tree, drafts included."""
        return self.commons(self.snapshot())

    def contingent(self) -> ContingentId:
        """Whose clone this is: option or environment, git config, then the home that ``origin`` matches.

        Raises UsageError when nothing says so, or what says so is not an id.
        """
        told = self._contingent
        where = "--as or NEWSREPO_CONTINGENT"
        if not told:
            told = self.repository.config(CONTINGENT_KEY) or ""
            where = f"git config {CONTINGENT_KEY}"
        if not told:
            told = self._by_origin()
            where = "origin"
        if not told:
            raise UsageError(
                "cannot tell which contingent this clone speaks for",
                f"give --as CONTINGENT, or set it once: git config {CONTINGENT_KEY} CONTINGENT",
            )
        try:
            return contingent_id(told)
        except IdError as error:
            raise UsageError(f"{where}: {error}") from None

    def writer(self) -> ContingentId:
        """The contingent in whose name something is written. Raises UsageError where it has no file yet."""
        owner = self.contingent()
        if not os.path.lexists(self.root / "contingents" / f"{owner}.yaml"):
            raise UsageError(
                f"no such contingent: {owner!r}", f"write its file first: newsrepo new contingent {owner}"
            )
        return owner

    @property
    def knows_rater(self) -> bool:
        """Whether environment or git config say who rates."""
        return bool(self._rater or self.repository.config(RATER_KEY))

    def rater(self, given: str = "") -> RaterId:
        """Who rates: ``given`` (``--rater``), environment, then git config. Raises UsageError.

        A name without a contingent belongs to the clone's own.
        """
        told = given or self._rater or self.repository.config(RATER_KEY) or ""
        if not told:
            raise UsageError(
                "cannot tell who rates",
                f"give --rater NAME, or set it once: git config {RATER_KEY} NAME",
            )
        if "/" not in told:
            told = f"{self.contingent()}/{told}"
        try:
            rater = rater_id(told)
        except IdError as error:
            raise UsageError(f"rater: {error}") from None
        if self._contingent and not rater.startswith(f"{self._contingent}/"):
            raise UsageError(f"rater {rater!r} is not of contingent {self._contingent!r}")
        return rater

    def _by_origin(self) -> str:
        url = self.repository.config("remote.origin.url") or ""
        return match_home(url, self.here.contingents) if url else ""

    def relative(self, path: str, start: Path) -> str:
        """A path given on the command line, relative to the root with ``/``. Raises UsageError outside it."""
        full = os.path.normpath(os.path.join(os.path.realpath(start), path))
        inside = os.path.relpath(full, os.path.realpath(self.root))
        if inside == ".." or inside.startswith(f"..{os.sep}") or os.path.isabs(inside):
            raise UsageError(f"{path!r} lies outside the repository")
        return "" if inside == "." else inside.replace(os.sep, "/")

    def create(self, files: "Mapping[str, bytes]") -> tuple[str, ...]:
        """Write new files, all or none of them existing before. Raises UsageError naming those that do."""
        from newsrepo.gitstore.files import Lock

        with Lock(self.repository.state_dir / "write.lock"):
            refuse_existing(self.root, files)
            return write_files(self.root, files)


def full_version(target: str, given: str, current: str) -> str:
    """The version meant by ``given``: empty is ``current``. Raises UsageError for a short id of another."""
    if not given or (len(given) >= 8 and current.startswith(given)):
        return current
    if is_oid(given):
        return given
    raise UsageError(
        f"{target}@{given} is not the version that stands now",
        f"that is {target}@{current[:8]} ; for another give its full id",
    )


def refuse_existing(root: Path, paths: "Iterable[str]") -> None:
    """Raise UsageError when any of the paths exists, even as a dangling link."""
    there = sorted(path for path in paths if os.path.lexists(root / path))
    if there:
        raise UsageError(
            f"already there: {', '.join(there)}", "nothing was written; choose another name or edit that file"
        )


def write_files(root: Path, files: "Mapping[str, bytes]", *, new: bool = True) -> tuple[str, ...]:
    """Write each file whole, in order of path, through no symbolic link. Returns the paths.

    Unless ``new`` is false, a file that came into being meanwhile is left alone: UnableError.
    """
    from newsrepo.gitstore.files import write_atomic, write_new

    for path in sorted(files):
        _make_parents(root, path)
        (write_new if new else write_atomic)(root / path, files[path])
    return tuple(sorted(files))


def _make_parents(root: Path, path: str) -> None:
    folder = root
    for part in path.split("/")[:-1]:
        folder /= part
        if folder.is_symlink():
            raise UsageError(
                f"{str(folder.relative_to(root))!r} is a symbolic link", "records live in real folders"
            )
        folder.mkdir(exist_ok=True)


_SCP = re.compile(r"(?:[^@/:]+@)?([^/:]+):(?!/)(.+)")
_URL = re.compile(r"[a-z+]+://(?:[^@/]+@)?([^/:]+)(?::[0-9]+)?/(.+)")


def _address(url: str) -> str:
    """Host and path of a repository's address, however it is reached."""
    match = _URL.fullmatch(url) or _SCP.fullmatch(url)
    if match is None:
        return ""
    return f"{match[1].lower()}/{match[2].strip('/').removesuffix('.git')}"


def match_home(url: str, contingents: "Mapping[ContingentId, t.Contingent]") -> str:
    """The one contingent whose home is ``url``; empty when none or several are.

    >>> match_home("git@example.org:abc/news.git", {})
    ''
    """
    address = _address(url)
    found = [
        c for c, record in sorted(contingents.items()) if address and _address(record.home or "") == address
    ]
    return found[0] if len(found) == 1 else ""
