"""A private repository for what others publish: nothing of theirs enters the user's own objects or refs.

It is bare, has our configuration only, and takes no alternates when it fetches, so that no `git gc` elsewhere
can unmake what was seen. A kill at any moment does no harm: objects come first, then refs in one transaction.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from newsrepo.errors import UnableError
from newsrepo.gitstore import ledger
from newsrepo.gitstore.cache import TreeKeys
from newsrepo.gitstore.commits import read_tip, read_tips
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.fetch import FETCH, Call, fetch_addresses, fetch_objects
from newsrepo.gitstore.files import Lock, is_alive, sweep, unable
from newsrepo.gitstore.history import History, history
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.outcomes import Fetched, Outcome
from newsrepo.gitstore.reasons import not_a_commit, rewritten
from newsrepo.gitstore.refs import read_refs
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import Tip
from newsrepo.gitstore.tree import RefSnapshot, TreeReader
from newsrepo.ids import ContingentId, Oid, is_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsrepo.gitstore.addresses import Address
    from newsrepo.gitstore.ledger import Trouble
    from newsrepo.gitstore.outcomes import Answer, Wanted
    from newsrepo.gitstore.repository import Repository

FOLDER: Final = "homes.git"
HOMES: Final = "refs/newsrepo/homes/"
"""``HOMES + C``: the last good tip of C's home."""

SEEN: Final = "refs/newsrepo/seen/"
"""``SEEN + C/commit``: every tip of C's home that was ever seen. None is ever removed."""

CITED: Final = "refs/newsrepo/cited/"
"""``CITED + blob``: single texts fetched by id, because a work cites them."""

OWN: Final = "refs/newsrepo/own/"
"""``OWN + head``: a commit of the user's own, so that what all share need not be fetched from anybody."""

LIMITS: Final = Limits()
"""What one home may cost unless told otherwise."""

MANY_PACKS: Final = 12
"""Packs above which reading slows down enough to merge them."""

_SEED: Final = Limits(seconds=1800, pack_bytes=1 << 44, cpu_seconds=7200)
"""For the user's own objects, which are not to be refused."""

_LEFT: Final = re.compile(r"tmp_(?:pack|idx|rev|obj|midx)_.*|\.tmp-[0-9]+-pack-.*|.*\.keep|.*\.lock")
_UNBORN: Final = re.compile(r"homes-([0-9]{1,10})-[0-9a-f]{16}\.new")
_SETTINGS: Final = (
    ("core.fsync", "committed,loose-object,reference"),
    ("core.logAllRefUpdates", "false"),
    ("repack.writeBitmaps", "false"),
)

_REMEDY: Final = "run `newsrepo sync`; if that does not help, remove .git/newsrepo/homes.git and sync anew"


class HomeStore:
    """The store of one clone. From ``open`` or ``create``; ``close`` ends the process that reads objects."""

    def __init__(self, path: Path, repository: Repository) -> None:
        self.path = path
        self._repository = repository
        self._git = Git(str(path), str(path))
        self._locked = False
        self._histories: dict[Oid, History] = {}

    @classmethod
    def open(cls, repository: Repository) -> Self | None:
        """The store of this clone, to read; None where nothing was ever fetched. Starts no process."""
        path = repository.common_dir / "newsrepo" / FOLDER
        return cls(path, repository) if _whole(path) else None

    @classmethod
    def create(cls, repository: Repository) -> Self:
        """The store of this clone, made if need be: whole or not at all. Raises UnableError."""
        path = repository.state_dir / FOLDER
        if not _whole(path):
            _make(path, repository.algorithm)
        return cls(path, repository)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads objects, if one runs. The store stays usable."""
        self.objects.close()

    # Reading

    @cached_property
    def objects(self) -> Objects:
        """Everything fetched and everything of the user's own, read through one process."""
        return Objects(
            self._both,
            shallow=self._repository.shallow,
            partial=self._repository.partial,
            remedy=_REMEDY,
        )

    @cached_property
    def _both(self) -> Git:
        """Git that reads here and, beside it, in the user's own objects."""
        own = str(self._repository.common_dir / "objects")
        return Git(str(self.path), str(self.path), alternates=(own,))

    def history(self, commit: Oid) -> History:
        """The revisions of every article up to a commit of anybody's, by full id; remembered by commit."""
        found = self._histories.get(commit)
        if found is None:
            memory = self._repository.state_dir / "history"
            found = history(self._both, commit, memory, self.path / "shallow")
            self._histories[commit] = found
        return found

    def tips(self) -> Mapping[ContingentId, Tip]:
        """The last good tip of every home ever reached, ordered by contingent id.

        Starts no process when the ledger knows them, as it does unless its writer was killed. Raises
        UnableError when a tip is missing or damaged.
        """
        at = {ContingentId(n.removeprefix(HOMES)): oid for n, oid in read_refs(self.path, HOMES).items()}
        known = ledger.load(self.path.with_name(ledger.NAME)).homes
        found: dict[ContingentId, Tip] = {}
        for contingent, oid in at.items():
            seen = known.get(contingent)
            if seen is not None and seen.commit == oid and seen.tree is not None:
                found[contingent] = Tip(oid, seen.tree, datetime.fromtimestamp(seen.committed, UTC))
        asked = [contingent for contingent in at if contingent not in found]
        found.update(zip(asked, read_tips(self.objects, [at[c] for c in asked]), strict=True))
        return {contingent: found[contingent] for contingent in sorted(found)}

    def seen(self, contingent: ContingentId) -> tuple[Oid, ...]:
        """Every tip ever seen of one home, ordered by id. Starts no process."""
        return tuple(sorted(read_refs(self.path, f"{SEEN}{contingent}/").values()))

    def cited(self) -> frozenset[Oid]:
        """The texts that were fetched singly. Starts no process."""
        return frozenset(read_refs(self.path, CITED).values())

    def tip(self, commit: Oid) -> Tip:
        """A commit's tree and date. Raises UnableError when it is missing, damaged or malformed."""
        return read_tip(self.objects, commit)

    def at(self, label: str, tip: Tip) -> RefSnapshot:
        """The files of a tip, labelled ``C@<8 hex>``; read within the caps, never checked out."""
        return RefSnapshot(label, tip, self.objects, self._trees, self._keys)

    @cached_property
    def _trees(self) -> TreeReader:
        return TreeReader(self.objects)

    @cached_property
    def _keys(self) -> TreeKeys:
        return TreeKeys(self._repository.state_dir / "tree-keys")

    # Writing: under the lock

    @contextmanager
    def lock(self, wait: float = 0) -> Iterator[None]:
        """Be the one who changes the store, for a ``with`` block. Raises LockedError naming who is.

        What killed runs left is removed first.
        """
        with Lock(self._repository.state_dir / "homes.lock", wait):
            self._locked = True
            try:
                self._sweep()
                yield
            finally:
                self._locked = False

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        limits: Limits = LIMITS,
        jobs: int = 8,
        local: bool = False,
        progress: Callable[[Address, Answer], None] | None = None,
    ) -> tuple[Fetched, ...]:
        """Fetch homes, each address once, several at a time; what became of each, in the order asked.

        Every tip reached is kept for good. ``progress`` is told each address as it is done, in any order.
        ``local`` admits places on this machine, as ``parse_address`` does. Needs the lock. Raises UnableError
        when the store itself fails, ValueError for a name that is no contingent's or comes twice.
        """
        self._need_lock()
        names = [one.name for one in wanted]
        if len(set(names)) < len(names) or not all(map(is_name, names)):
            raise ValueError(f"not contingents, each once: {names!r}")
        own = self._seed()
        at = read_refs(self.path, HOMES)
        haves: dict[Address, list[Oid]] = {}
        for one in wanted:
            tip = at.get(HOMES + one.name)
            haves.setdefault(one.address, []).extend([tip] if tip else [])
        held = self._holdings()
        answers = fetch_addresses(
            self._git,
            {address: (*dict.fromkeys(tips), *own) for address, tips in haves.items()},
            frozenset(at.values()),
            Call(limits, local, jobs),
            width=self._width,
            progress=progress,
        )
        self._sweep()
        found = tuple(self._judged(one, answers[one.address], at.get(HOMES + one.name)) for one in wanted)
        self._keep(found, at)
        if any(answer.unchecked for answer in answers.values()) and self._holdings() != held:
            self._purge()
        return found

    def fetch_blobs(
        self, address: Address, oids: Sequence[Oid], *, limits: Limits = LIMITS, local: bool = False
    ) -> tuple[tuple[Oid, ...], Trouble | None]:
        """Fetch single texts by id from a home: those that it had, and what went wrong. Needs the lock.

        They are kept for good. An id proves its bytes, so that it does not matter who hands them out.
        """
        self._need_lock()
        asked = [oid for oid in dict.fromkeys(oids) if len(oid) == self._width]
        got, trouble = fetch_objects(self._git, address, asked, Call(limits, local))
        self._sweep()
        kept = self._blobs_among(got)
        self._update(f"update {CITED}{oid} {oid}" for oid in kept)
        return kept, trouble

    def _blobs_among(self, oids: Sequence[Oid]) -> tuple[Oid, ...]:
        """Those that the store itself holds, as blobs: an id that was asked for may name something else."""
        asked = "".join(f"{oid}\n" for oid in oids)
        _, out = self._git.run("cat-file", "--batch-check", data=asked.encode("ascii"))
        rows = [line.split(" ") for line in out.decode("ascii", "replace").splitlines()]
        return tuple(oid for oid, row in zip(oids, rows, strict=True) if row[:2] == [oid, "blob"])

    def pack(self) -> None:
        """Keep the store quick to read: few packs, refs in one file. Loses nothing. Needs the lock."""
        self._need_lock()
        if sum(name.endswith(".pack") for name in self._holdings()) > MANY_PACKS:
            self._git.run("repack", "-d", "--quiet", "--geometric=2", seconds=1800)
        self._git.run("pack-refs", "--all")

    def _need_lock(self) -> None:
        if not self._locked:
            raise RuntimeError("the store is changed under its lock only: with store.lock(): …")

    def _seed(self) -> tuple[Oid, ...]:
        """Take over the user's own commit, so that what all share is not fetched from anybody; its id.

        A help and no more: where it fails, or history is not whole here, the homes send what they have.
        """
        repository = self._repository
        old = read_refs(self.path, OWN).get(f"{OWN}head")
        head = repository.head()
        if head is not None and head != old and not repository.shallow and not repository.partial:
            source = str(repository.common_dir.absolute())
            code, _, _ = self._git.reach(*FETCH, "--", source, head, limits=_SEED, local=True, checked=False)
            if code == 0:
                self._update([f"update {OWN}head {head}"])
                old = head
        return (old,) if old else ()

    def _judged(self, one: Wanted, answer: Answer, kept: Oid | None) -> Fetched:
        """What an answer means for one contingent, whose last good tip in the store is ``kept``."""
        before = one.known or kept
        if answer.oid is not None:
            try:
                tip = self.tip(answer.oid)
            except UnableError as error:
                answer = not_a_commit(one.address, error.message)
        if answer.oid is None:
            last = None if kept is None else self.tip(kept)
            return Fetched(one.name, one.address, answer.outcome, before, last, answer.trouble)
        if before is None:
            outcome, trouble = Outcome.NEW, None
        elif before == tip.commit:
            outcome, trouble = Outcome.UNCHANGED, None
        elif self._follows(before, tip.commit):
            outcome, trouble = Outcome.FORWARD, None
        else:
            outcome, trouble = Outcome.REWRITTEN, rewritten(one.address, before, tip.commit)
        return Fetched(one.name, one.address, outcome, before, tip, trouble)

    def _follows(self, old: Oid, new: Oid) -> bool:
        """Whether the history of ``new`` holds ``old``. What is not here is in nobody's history."""
        return self._git.run("merge-base", "--is-ancestor", old, new, ok=(0, 1, 128))[0] == 0

    def _keep(self, found: Iterable[Fetched], at: Mapping[str, Oid]) -> None:
        """Point every ref at what was reached: all or none, and only from where they stood."""
        lines = []
        for one in found:
            if not one.outcome.reached or one.tip is None:
                continue
            ref, commit = HOMES + one.name, one.tip.commit
            if at.get(ref) != commit:
                lines.append(f"update {ref} {commit} {at.get(ref, '0' * self._width)}")
                lines.append(f"update {SEEN}{one.name}/{commit} {commit}")
        self._update(lines)

    def _update(self, lines: Iterable[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        if text:
            whole = f"start\n{text}prepare\ncommit\n"
            self._git.run("update-ref", "--stdin", data=whole.encode("ascii"))

    def _holdings(self) -> frozenset[str]:
        """The names of all packs, and of folders of loose objects."""
        objects = self.path / "objects"
        try:
            return frozenset([*os.listdir(objects), *os.listdir(objects / "pack")])
        except OSError as error:
            raise unable("read", objects, error, "nothing was changed") from error

    def _purge(self) -> None:
        """Throw out every object that no ref leads to. Nothing of ours is ever loose."""
        self._git.run("repack", "-a", "-d", "--quiet", seconds=1800)
        for name in os.listdir(self.path / "objects"):
            if len(name) == 2:
                shutil.rmtree(self.path / "objects" / name, ignore_errors=True)

    @property
    def _width(self) -> int:
        return 40 if self._repository.algorithm == "sha1" else 64

    def _sweep(self) -> None:
        """Remove what killed or failed calls left. Nobody else writes here, and the lock is ours."""
        state = self.path.parent
        sweep(state)
        for name in os.listdir(state):
            unborn = _UNBORN.fullmatch(name)
            if unborn and not is_alive(int(unborn[1])):
                shutil.rmtree(state / name, ignore_errors=True)
        for folder, _, names in os.walk(self.path):
            for name in names:
                if _LEFT.fullmatch(name):
                    with suppress(OSError):  # whoever comes next tries again
                        os.unlink(os.path.join(folder, name))


def _whole(path: Path) -> bool:
    return (path / "objects").is_dir() and (path / "refs").is_dir() and (path / "HEAD").is_file()


def _make(path: Path, algorithm: str) -> None:
    """Make the store beside its place, then move it there, so that it is never half made."""
    new = path.with_name(f"homes-{os.getpid()}-{os.urandom(8).hex()}.new")
    try:
        Git(str(path.parent)).run(
            "init", "--quiet", "--bare", "--initial-branch=main", "--template=",
            f"--object-format={algorithm}", "--", str(new),
        )  # fmt: skip
        for key, value in _SETTINGS:
            Git(str(new), str(new)).run("config", "--local", "--replace-all", "--", key, value)
        try:
            os.rename(new, path)
        except OSError as error:
            if _whole(path):
                return  # another run was faster
            raise unable("make", path, error, f"what stands there is no store; {_REMEDY}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
