"""A private repository for what others publish: nothing of theirs enters the user's own objects or refs.

It is bare, has our configuration only, and takes no alternates when it fetches, so that no `git gc` elsewhere
can unmake what was seen. A kill at any moment does no harm: objects come first, then refs in one transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from newsrepo.errors import UnableError
from newsrepo.gitstore import ledger
from newsrepo.gitstore.cache import TreeKeys
from newsrepo.gitstore.commits import read_tip, read_tips
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.fetch import FETCH, Call, fetch_addresses, fetch_objects
from newsrepo.gitstore.files import Lock
from newsrepo.gitstore.history import History, history
from newsrepo.gitstore.objects import Objects
from newsrepo.gitstore.outcomes import Fetched, Outcome
from newsrepo.gitstore.reasons import not_a_commit, rewritten
from newsrepo.gitstore.refs import leads, read_refs
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import Tip
from newsrepo.gitstore.storekeeping import (
    REMEDY,
    has_loose,
    holdings,
    is_whole,
    make_store,
    restore,
    sweep_store,
    throw_out_unnamed,
)
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


class HomeStore:
    """The store of one clone. From ``open`` or ``create``; ``close`` ends the process that reads objects."""

    def __init__(self, path: Path, repository: Repository) -> None:
        self.path = path
        self._repository = repository
        self._git = Git(str(path), str(path))
        self._locked = False
        self._histories: dict[tuple[Oid, str], History] = {}

    @classmethod
    def open(cls, repository: Repository) -> Self | None:
        """The store of this clone, to read; None where nothing was ever fetched. Starts no process."""
        path = repository.common_dir / "newsrepo" / FOLDER
        return cls(path, repository) if is_whole(path) else None

    @classmethod
    def create(cls, repository: Repository) -> Self:
        """The store of this clone, made if need be: whole or not at all. Raises UnableError."""
        path = repository.state_dir / FOLDER
        if not is_whole(path):
            make_store(path, repository.algorithm)
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
            remedy=REMEDY,
        )

    @cached_property
    def _both(self) -> Git:
        """Git that reads here and, beside it, in the user's own objects."""
        own = str(self._repository.common_dir / "objects")
        return Git(str(self.path), str(self.path), alternates=(own,))

    def history(self, commit: Oid, owner: str = "") -> History:
        """The revisions of every article, or of one owner's, up to a commit of anybody's; remembered."""
        found = self._histories.get((commit, owner))
        if found is None:
            memory = self._repository.state_dir / "history"
            found = history(self._both, commit, memory, self.path / "shallow", owner)
            self._histories[commit, owner] = found
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

    def reached(self, contingent: ContingentId, commit: Oid) -> bool:
        """Whether a commit, by full id, ever was in the history of a home, as far as it was fetched."""
        last = read_refs(self.path, HOMES).get(HOMES + contingent)
        return leads(self._git, [*([last] if last else []), *self.seen(contingent)], commit)

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
                restore(self.path, self._repository.algorithm)
                sweep_store(self.path)
                if has_loose(self.path):  # what a killed run had no time to throw out
                    throw_out_unnamed(self._git, self.path)
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
        held = holdings(self.path)
        answers = fetch_addresses(
            self._git,
            {address: (*own, *dict.fromkeys(tips)) for address, tips in haves.items()},
            frozenset(at.values()),
            Call(limits, local, jobs),
            width=self._width,
            progress=progress,
        )
        sweep_store(self.path)
        found = tuple(self._judged(one, answers[one.address], at.get(HOMES + one.name)) for one in wanted)
        self._keep(found, at)
        self._throw_out(answers.values(), held)
        return found

    def visit(self, address: Address, *, limits: Limits = LIMITS, local: bool = False) -> Tip | Trouble:
        """Look at a home that nobody has pinned: its tip, fetched like any other; or why not.

        No ref comes to name it, so that no view ever shows it and it lasts until the store is cleared out.
        Needs the lock.
        """
        self._need_lock()
        at = read_refs(self.path, HOMES)
        haves = (*self._seed(), *at.values())
        held = holdings(self.path)
        call = Call(limits, local, 1)
        answer = fetch_addresses(
            self._git, {address: haves}, frozenset(at.values()), call, width=self._width
        )[address]
        sweep_store(self.path)
        self._throw_out([answer], held)
        if answer.oid is not None:
            try:
                return self.tip(answer.oid)
            except UnableError as error:
                answer = not_a_commit(address, error.message)
        assert answer.trouble is not None  # noqa: S101 - an answer without a commit says why
        return answer.trouble

    def fetch_blobs(
        self, address: Address, oids: Sequence[Oid], *, limits: Limits = LIMITS, local: bool = False
    ) -> tuple[tuple[Oid, ...], Trouble | None]:
        """Fetch single texts by id from a home: those that it had, and what went wrong. Needs the lock.

        They are kept for good. An id proves its bytes, so that it does not matter who hands them out.
        """
        self._need_lock()
        asked = [oid for oid in dict.fromkeys(oids) if len(oid) == self._width]
        held = holdings(self.path)
        got, answer = fetch_objects(self._git, address, asked, Call(limits, local))
        sweep_store(self.path)
        kept = self._blobs_among(got)
        self._update(f"update {CITED}{oid} {oid}" for oid in kept)
        self._throw_out([answer], held)
        return kept, answer.trouble

    def _blobs_among(self, oids: Sequence[Oid]) -> tuple[Oid, ...]:
        """Those that the store itself holds, as blobs: an id that was asked for may name something else."""
        asked = "".join(f"{oid}\n" for oid in oids)
        _, out = self._git.run("cat-file", "--batch-check", data=asked.encode("ascii"))
        rows = [line.split(" ") for line in out.decode("ascii", "replace").splitlines()]
        return tuple(oid for oid, row in zip(oids, rows, strict=True) if row[:2] == [oid, "blob"])

    def pack(self) -> None:
        """Keep the store quick to read: few packs, refs in one file. Loses nothing. Needs the lock."""
        self._need_lock()
        if sum(name.endswith(".pack") for name in holdings(self.path)) > MANY_PACKS:
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

    def _throw_out(self, answers: Iterable[Answer], held: frozenset[str]) -> None:
        """Throw out what came in past git's checks: every object that no ref leads to.

        ``held`` is what was there before; where nothing has come since, there is nothing to do.
        """
        if not any(answer.unchecked for answer in answers) or holdings(self.path) == held:
            return
        throw_out_unnamed(self._git, self.path)

    @property
    def _width(self) -> int:
        return 40 if self._repository.algorithm == "sha1" else 64
