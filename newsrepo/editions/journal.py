"""Publish many files into a directory so that a kill at any moment loses nothing and tears nothing.

New content is first written to a stage inside the directory. One journal, synced and renamed into place,
is the point of no return: before it a killed run leaves the old edition and some rubbish that the next
run sweeps; after it any run, this one or the next, finishes the renames that the journal lists. A reader
of the directory sees every file either old or new, never half written.

What is found in the directory is not trusted: a branch of a stranger may bring a stage and a journal along.
A journal moves staged files to places inside the directory and deletes there, through no link; one that says
anything else is swept.
"""

import errno
import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from newsrepo.editions.manifest import NAME, is_safe_path
from newsrepo.errors import UnableError
from newsrepo.gitstore.files import read_plain

STAGE = ".newsrepo-stage"
_JOURNAL = "journal"
_SYNC_EACH = 64


class _Plan(msgspec.Struct, frozen=True):
    moves: tuple[tuple[str, str], ...]
    deletes: tuple[str, ...]

    @property
    def stays_inside(self) -> bool:
        """Whether it moves and deletes nothing but files of the stage and of the directory."""
        return all(_is_staged(name) and is_safe_path(path) for name, path in self.moves) and all(
            map(is_safe_path, self.deletes)
        )


def _is_staged(name: str) -> bool:
    return name == NAME or (name.isascii() and name.isdigit())


def _read_plan(data: bytes) -> _Plan | None:
    """The plan in a journal; None when it is damaged, or was never written by us."""
    digest, body = data[:32], data[32:]
    if hashlib.sha256(body).digest() != digest:
        return None
    try:
        plan = msgspec.msgpack.decode(body, type=_Plan)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError):
        return None
    return plan if plan.stays_inside else None


def begun_names(out: Path) -> frozenset[str]:
    """The names at the top of ``out`` that a killed first run may have left there, by its own journal."""
    try:
        plan = _read_plan(read_plain(out / STAGE / _JOURNAL))
    except OSError:
        plan = None
    moved = (path.partition("/")[0] for _, path in plan.moves) if plan else ()
    return frozenset([STAGE, *moved])


class Stage:
    """The stage of one output directory; opening it finishes or sweeps what an earlier run left.

    What is not ``durable`` is as safe from a kill as ever, but the disk is not waited for: for what is
    thrown away.
    """

    def __init__(self, out: Path, *, durable: bool = True) -> None:
        self.out = out
        self._durable = durable
        self.directory = out / STAGE
        self.recovered = self._recover()

    def path(self, name: str) -> str:
        """Where the content of staged file ``name`` is to be written."""
        return os.path.join(self.directory, name)

    def begin(self) -> None:
        """Make the stage; the output directory is made if need be."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unable(error, self.directory) from error

    def commit(self, moves: Iterable[tuple[str, str]], deletes: Iterable[str]) -> None:
        """Publish: put each (staged name, path) in place in the given order, then delete."""
        plan = _Plan(tuple(moves), tuple(deletes))
        body = msgspec.msgpack.encode(plan)
        journal = self.directory / _JOURNAL
        try:
            if self._durable:
                _sync_files([self.path(name) for name, _ in plan.moves])
            fresh = self.directory / (_JOURNAL + ".new")
            with open(fresh, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
                file.flush()
                if self._durable:
                    os.fsync(file.fileno())
            os.replace(fresh, journal)
            if self._durable:
                _sync_directory(self.directory)
            self._play(plan)
        except OSError as error:
            raise _unable(error, self.out) from error

    def close(self) -> None:
        """Sweep the stage of a run that published nothing."""
        if not (self.directory / _JOURNAL).exists():
            shutil.rmtree(self.directory, ignore_errors=True)

    def _recover(self) -> bool:
        try:
            if self.directory.is_symlink():
                self.directory.unlink()
                return False
            data = read_plain(self.directory / _JOURNAL)
        except (FileNotFoundError, NotADirectoryError):
            shutil.rmtree(self.directory, ignore_errors=True)
            return False
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.EINVAL):
                raise _unable(error, self.directory) from error
            data = b""  # a link or a device: we never made one
        plan = _read_plan(data)
        if plan is None:
            # It was renamed into place only after a sync, so this is damage or deceit, not a kill.
            shutil.rmtree(self.directory, ignore_errors=True)
            return False
        try:
            self._play(plan)
        except OSError as error:
            raise _unable(error, self.out) from error
        return True

    def _play(self, plan: _Plan) -> None:
        out, stage = os.fspath(self.out), os.fspath(self.directory)
        known: set[str] = set()
        for name, path in plan.moves:
            target = f"{out}/{path}"
            parent = target.rpartition("/")[0]
            if parent not in known:
                _make_parents(out, parent)
                known.add(parent)
            try:
                os.replace(f"{stage}/{name}", target)
            except FileNotFoundError:
                continue  # an earlier run moved it before it was killed
            except (IsADirectoryError, NotADirectoryError):
                _clear(target)
                os.replace(self.path(name), target)
        for path in plan.deletes:
            _delete(out, path)
        if self._durable:
            _sync_directories(sorted(known))
        (self.directory / _JOURNAL).unlink()
        shutil.rmtree(self.directory, ignore_errors=True)


def _make_parents(out: str, parent: str) -> None:
    part = parent
    while len(part) > len(out):
        # A file of an older edition may stand where a directory is needed now, or a link lead elsewhere.
        if os.path.islink(part) or os.path.isfile(part):
            os.unlink(part)
        part = os.path.dirname(part)
    os.makedirs(parent, exist_ok=True)


def _clear(target: str) -> None:
    if os.path.isdir(target) and not os.path.islink(target):
        shutil.rmtree(target)


def _delete(out: str, path: str) -> None:
    target = os.path.join(out, path)
    part = os.path.dirname(target)
    while len(part) > len(out):
        if os.path.islink(part):
            return  # what lies behind a link is not ours
        part = os.path.dirname(part)
    try:
        os.unlink(target)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
        return
    parent = os.path.dirname(target)
    while len(parent) > len(out):
        try:
            os.rmdir(parent)
        except OSError:
            return
        parent = os.path.dirname(parent)


def _sync_files(paths: Sequence[str]) -> None:
    if len(paths) > _SYNC_EACH and hasattr(os, "sync"):
        os.sync()  # one flush of everything is far cheaper than thousands of single ones
        return
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sync_directories(paths: Sequence[str]) -> None:
    if len(paths) > _SYNC_EACH and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        _sync_directory(path)


def _sync_directory(path: str | Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unable(error: OSError, path: Path) -> UnableError:
    where = error.filename or path
    return UnableError(
        f"could not write the edition: {where}: {error.strerror or error}",
        "the edition that was there is intact; make room or mend the permissions and build again",
    )
