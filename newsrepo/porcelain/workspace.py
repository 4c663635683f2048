"""The repository one works in: its commons, whose clone it is, and how writing into it is kept safe."""

import os
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.repository import Repository
from newsrepo.ids import ContingentId, IdError, Oid, RaterId, contingent_id, is_oid, rater_id
from newsrepo.porcelain.homes import Clone, match_home, tips_digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsrepo.commons import Commons, Index
    from newsrepo.gitstore.history import History
    from newsrepo.gitstore.homestore import HomeStore
    from newsrepo.gitstore.ledger import Seen
    from newsrepo.gitstore.snapshot import Snapshot
    from newsrepo.location import Finding
    from newsrepo.porcelain.elsewhere import Elsewhere
    from newsrepo.porcelain.together import Together

CONTINGENT_KEY = "newsrepo.contingent"
RATER_KEY = "newsrepo.rater"
GENESIS_KEY = "newsrepo.genesis"
EPOCHS_KEY = "newsrepo.epochs"
"""Git config: the epochs that the reader follows where the commons has split, oldest first."""

_LABEL = re.compile(r"[a-z0-9-]+@[0-9a-f]{8,64}")


class Workspace:
    """One clone of a commons. ``contingent`` and ``rater`` are what options and environment say, or empty."""

    def __init__(self, repository: Repository, *, contingent: str = "", rater: str = "") -> None:
        self.repository = repository
        self._contingent = contingent
        self._rater = rater
        self._lost: tuple[Finding, ...] = ()

    @classmethod
    def discover(cls, start: Path, *, contingent: str = "", rater: str = "") -> "Workspace":
        """The repository around ``start``. Raises UnableError when there is none to work in."""
        return cls(Repository.discover(start), contingent=contingent, rater=rater)

    @property
    def root(self) -> Path:
        return self.repository.root

    def snapshot(
        self, *, at: str = "", staged: bool = False, only: str = "", alone: bool = False
    ) -> "Snapshot":
        """What a ref holds, what is staged, or (by default) the union of the working tree and all homes.

        ``at`` is a ref of this repository, or names a home's tip, ``C`` or ``C@8hex``. ``only`` narrows the
        union to what one contingent's own ref says, ``alone`` to the working tree as it is. Raises UsageError
        for what goes not together, and for a contingent that nobody here knows.
        """
        if at and staged:
            raise UsageError("--at and --staged exclude each other")
        if only and (at or staged or alone):
            raise UsageError("--only narrows what stands here and in the homes: it goes with no other ref")
        if at:
            return self._at(at)
        if staged:
            return self.repository.staged()
        own = self.repository.worktree()
        if only:
            return self._only(own, only)
        together = None if alone else self._together
        return own if together is None else together.union(own, self.clone)

    def beside(self, own: "Snapshot", here: "Collection[ContingentId]") -> "Snapshot":
        """``own``, a state of this branch, with what homes say; for ``here`` it speaks itself."""
        from newsrepo.commons import Union

        found = own if self._together is None else self._together.union(own, self.clone)
        return found.without(here) if isinstance(found, Union) else found

    def _at(self, ref: str) -> "Snapshot":
        if _LABEL.fullmatch(ref):
            found = self._home(ref)
            if found is not None:
                return found
        try:
            return self.repository.at(ref)
        except UnableError:
            found = self._home(ref)
            if found is None:
                raise
            return found

    def _home(self, name: str) -> "Snapshot | None":
        return None if self._together is None else self._together.named(name)

    def _only(self, own: "Snapshot", only: str) -> "Snapshot":
        from newsrepo.commons import Plan, Union
        from newsrepo.porcelain.suggest import near

        try:
            who = contingent_id(only)
        except IdError as error:
            raise UsageError(f"--only: {error}") from None
        known = self.commons(own).contingents
        if who not in known and f"contingents/{who}.yaml" not in {e.path for e in own.entries}:
            raise UsageError(f"--only: no such contingent: {who!r}", near(who, known))
        if self._together is not None:
            return self._together.union(own, self.clone, who)
        return Union.alone(own, Plan((), only=who))

    @cached_property
    def _together(self) -> "Together | None":
        """What was fetched from others' homes; None where nothing ever was."""
        if not self._homes:
            return None
        from newsrepo.gitstore.homestore import HomeStore
        from newsrepo.porcelain.together import Together

        store = HomeStore.open(self.repository)
        if store is None:
            self._lost = (_lost("the store of what was fetched is gone"),)
            return None
        return Together(store, self._homes, self._index)

    @cached_property
    def _homes(self) -> "Mapping[str, Seen]":
        """What the ledger knows of others' homes, if any was ever reached."""
        path = self.repository.common_dir / "newsrepo" / "homes.json"
        if not os.path.lexists(path):
            return {}
        from newsrepo.gitstore import ledger

        known = ledger.load(path)
        if known.damaged:
            self._lost = (_lost("the list of what was fetched was damaged"),)
        homes = known.homes
        return homes if any(seen.commit for seen in homes.values()) else {}

    @property
    def homes(self) -> "Mapping[str, Seen]":
        """What this clone knows of others' homes; empty where none was ever reached."""
        return self._homes

    @property
    def store(self) -> "HomeStore | None":
        """Where others' homes are kept, to read; None where none was ever reached."""
        return None if self._together is None else self._together.store

    @property
    def homes_stamp(self) -> str:
        """Equal stamps mean the same tips from the same places, and the same homes here; empty: none."""
        return f"{tips_digest(self._homes)} {self.clone}" if self._homes else ""

    def glance(self) -> str:
        """What changes whenever the working tree, or what was fetched, does; looks anew each time."""
        try:
            status = os.lstat(self.repository.common_dir / "newsrepo" / "homes.json")
            fetched = f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"
        except OSError:
            fetched = ""
        return f"{self.repository.worktree_stamp().value} {fetched}"

    @cached_property
    def clone(self) -> Clone:
        """What decides whose home the working tree is, as far as files and configuration say."""
        repository = self.repository
        return Clone(
            contingent=self._contingent or repository.settings.get(CONTINGENT_KEY, ""),
            origin=repository.settings.get("remote.origin.url", ""),
            branch=repository.branch,
            default=repository.default_branch,
        )

    def history(self, commit: Oid, owner: str = "") -> "History":
        """The revisions of every article, or of one owner's, up to a commit of this clone or any home."""
        together = self._together
        if together is not None and together.holds(commit):
            return together.store.history(commit, owner)
        try:
            return self.repository.history(commit, owner)  # which knows where this clone's history is cut off
        except UnableError:
            if together is None:
                raise
            return together.store.history(commit, owner)  # as of a commit between two tips of some home

    def keeps(self, commit: Oid) -> Path:
        """The git directory that holds a commit: that of this clone, else the store of others' homes."""
        repository, store = self.repository, self.store
        if store is not None and commit != repository.head():
            try:
                repository.tip(commit)
            except UnableError:
                return store.path
        return repository.common_dir

    @cached_property
    def _index(self) -> "Index":
        from newsrepo.commons import Index

        return Index.open(self.repository.state_dir / "index.sqlite3")

    def commons(self, snapshot: "Snapshot") -> "Commons":
        """The commons in a snapshot, through this clone's index."""
        from newsrepo.commons import open_commons

        return open_commons(snapshot, self._index, _Lazy(self))

    @property
    def notes(self) -> "tuple[Finding, ...]":
        """What there is to say so far about the surroundings, not about content: a damaged index, say."""
        told = self._index.findings if "_index" in self.__dict__ else ()
        return (*self._lost, *told)

    @cached_property
    def here(self) -> "Commons":
        """The commons as it stands: the working tree, drafts included, and everybody else's homes."""
        return self.commons(self.snapshot())

    def contingent(self) -> ContingentId:
        """Whose clone this is: option or environment, git config, then the home that ``origin`` matches.

        Raises UsageError when nothing says so, or what says so is not an id.
        """
        told = self._contingent
        where = "--as or NEWSREPO_CONTINGENT"
        if not told:
            told = self.repository.settings.get(CONTINGENT_KEY, "")
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
        return bool(self._rater or self.repository.settings.get(RATER_KEY))

    def rater(self, given: str = "") -> RaterId:
        """Who rates: ``given`` (``--rater``), environment, then git config. Raises UsageError.

        A name without a contingent belongs to the clone's own.
        """
        told = given or self._rater or self.repository.settings.get(RATER_KEY, "")
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
        url = self.repository.settings.get("remote.origin.url", "")
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


def _lost(fact: str) -> "Finding":
    from newsrepo.location import Finding, Location, Severity

    return Finding(
        "homes-lost",
        Location("newsrepo/homes.json", source=".git"),
        f"{fact}: nobody's home but this one is in view",
        "fetch them again: `newsrepo sync`",
        Severity.WARNING,
    )


class _Lazy:
    """What is known of others' homes, made when first asked: most commands never do."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    @cached_property
    def _known(self) -> "Elsewhere":
        from newsrepo.porcelain.elsewhere import Elsewhere

        return Elsewhere(self._work.store, self._work.homes, self._work.clone)

    def unfetched(self, own: "Snapshot") -> tuple[ContingentId, ...]:
        return self._known.unfetched(own)

    def ever(self, owner: ContingentId) -> frozenset[str]:
        return self._known.ever(owner)


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
