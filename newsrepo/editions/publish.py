"""Bring a directory up to date with the pages of an edition, rendering only those that changed.

What is known of the last run (each page's key, hash, size and modification time) is kept beside the
repository, not in the edition. It is believed only as far as the directory agrees with it: a page that is
missing, or whose size or time differs, is made again.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from newsrepo.editions.journal import Stage, begun_names
from newsrepo.editions.manifest import NAME, SIGNATURE, read_manifest
from newsrepo.editions.page import Page
from newsrepo.editions.workers import can_fork, in_workers
from newsrepo.errors import UnableError
from newsrepo.gitstore.files import read_plain
from newsrepo.ids import Oid

Texts = Callable[[Iterable[Oid]], Iterator[tuple[Oid, bytes]]]
Progress = Callable[[int, int], None]

_CHUNK = 64
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_WORTH_A_WORKER = 400


class Kept(NamedTuple):
    """What is remembered of a published file."""

    key: bytes
    sha256: str
    size: int
    mtime_ns: int


class _State(msgspec.Struct, frozen=True):
    manifest: str
    pages: dict[str, Kept]


class Published(msgspec.Struct, frozen=True):
    """What publishing did. ``files`` holds the SHA-256 of every file but the manifest."""

    files: dict[str, str]
    rendered: int
    written: tuple[str, ...]
    deleted: tuple[str, ...]


class Memory:
    """The remembered state of one output directory; a damaged or foreign one counts as none."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def load(self, out: Path) -> dict[str, Kept]:
        """What is remembered, if the directory's manifest is the one that was written then."""
        if self.path is None:
            return {}
        try:
            data = self.path.read_bytes()
            if hashlib.sha256(data[32:]).digest() != data[:32]:
                return {}
            state = msgspec.msgpack.decode(data[32:], type=_State)
            manifest = hashlib.sha256(read_plain(out / NAME)).hexdigest()
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            return {}
        return state.pages if manifest == state.manifest else {}

    def save(self, manifest: bytes, pages: dict[str, Kept]) -> None:
        """Remember; losing this costs the next run time and nothing else."""
        if self.path is None:
            return
        body = msgspec.msgpack.encode(_State(hashlib.sha256(manifest).hexdigest(), pages))
        fresh = self.path.with_name(self.path.name + f".{os.getpid()}.new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(hashlib.sha256(body).digest() + body)
            os.replace(fresh, self.path)
        except OSError:
            fresh.unlink(missing_ok=True)


class _Made(NamedTuple):
    """One rendered page: its place in the plan, hash, size, and when it was staged; 0: it was not."""

    number: int
    sha256: str
    size: int
    mtime_ns: int


class _Job(NamedTuple):
    """All that rendering needs."""

    pages: Sequence[Page]
    texts: Texts
    stage: str
    present: dict[str, str]


def publish(
    pages: Sequence[Page],
    out: Path,
    *,
    texts: Texts,
    manifest: Callable[[dict[str, str]], bytes],
    memory: Memory,
    jobs: int = 1,
    force: bool = False,
    durable: bool = True,
    progress: Progress | None = None,
) -> Published:
    """Make ``out`` hold exactly ``pages`` and the manifest, rendering what changed.

    Pages are put in place in the given order and the manifest last, so a plan should list what others link
    to first. ``texts`` streams blobs by id in the order asked. With ``force`` nothing remembered is used.
    Unless ``durable`` the disk is not waited for.
    Raises UnableError when a file can't be written or a blob can't be read; ``out`` then is as it was.
    """
    stage = Stage(out, durable=durable)
    kept = {} if force or stage.recovered else memory.load(out)
    present = _present(out, kept)
    stale = [page for page in pages if _is_stale(page, present)]
    # What is remembered is that manifest's very list, and far quicker to read.
    old = None if kept else read_manifest(out)
    previous = old.hashes if old else {}
    files = {page.path: present[page.path].sha256 for page in pages if page.path in present}
    stage.begin()
    try:
        intact = {} if force else {path: entry.sha256 for path, entry in present.items()}
        if not intact and not force:
            intact = _hashes(out, previous)
        made = sorted(_render(_Job(stale, texts, os.fspath(stage.directory), intact), jobs, progress))
        files.update((stale[done.number].path, done.sha256) for done in made)
        moves = [(str(done.number), stale[done.number].path) for done in made if done.mtime_ns]
        gone = sorted((set(previous) | set(kept)) - set(files))
        body = manifest(files)
        same = (bool(kept) or old is not None) and _same(out / NAME, body)
        if moves or gone or not same:
            _write(stage.path(NAME), body)
            # A signature is of one manifest: what another would leave behind is no longer true.
            stage.commit([*moves, (NAME, NAME)], gone if same else [*gone, SIGNATURE])
    except BaseException:
        stage.close()
        raise
    stage.close()
    # A file keeps its time when it is put in place.
    fresh = {stale[done.number].path: (done.size, done.mtime_ns) for done in made if done.mtime_ns}
    memory.save(body, _keep(out, pages, files, present, fresh))
    return Published(files, len(stale), tuple(path for _, path in moves), tuple(gone))


def is_ours(out: Path) -> bool:
    """Whether a directory may be published into: absent, empty, or with an edition, even a begun one."""
    try:
        names = os.listdir(out)
    except FileNotFoundError:
        return True
    except NotADirectoryError:
        return False
    return read_manifest(out) is not None or set(names) <= begun_names(out)


def _present(out: Path, kept: dict[str, Kept]) -> dict[str, Kept]:
    """The remembered files that still stand as they were left."""
    base = os.fspath(out)
    found = {}
    for path, entry in kept.items():
        try:
            stat = os.lstat(f"{base}/{path}")
        except OSError:
            continue
        if stat.st_size == entry.size and stat.st_mtime_ns == entry.mtime_ns:
            found[path] = entry
    return found


def _is_stale(page: Page, present: dict[str, Kept]) -> bool:
    entry = present.get(page.path)
    return entry is None or entry.key != page.identity


def _hashes(out: Path, files: dict[str, str]) -> dict[str, str]:
    """The real hashes of the files that a manifest lists, for a directory of which nothing is remembered."""
    found = {}
    for path in files:
        try:
            found[path] = hashlib.sha256(read_plain(out / path)).hexdigest()
        except OSError:
            continue
    return found


def _keep(
    out: Path,
    pages: Sequence[Page],
    files: dict[str, str],
    present: dict[str, Kept],
    fresh: dict[str, tuple[int, int]],
) -> dict[str, Kept]:
    """What to remember of the published files; ``fresh`` are size and time of those just written."""
    base = os.fspath(out)
    kept = {}
    for page in pages:
        entry = present.get(page.path)
        if entry is not None and entry.key == page.identity:
            kept[page.path] = entry
            continue
        known = fresh.get(page.path)
        if known is None:
            try:
                stat = os.lstat(f"{base}/{page.path}")
            except OSError:
                continue
            known = stat.st_size, stat.st_mtime_ns
        kept[page.path] = Kept(page.identity, files[page.path], *known)
    return kept


def _render(job: _Job, jobs: int, progress: Progress | None) -> Iterator[_Made]:
    total = len(job.pages)
    ranges = [(start, min(start + _CHUNK, total)) for start in range(0, total, _CHUNK)]
    workers = min(jobs, 1 + total // _WORTH_A_WORKER)
    done = 0

    def make(span: tuple[int, int]) -> list[_Made]:
        return _make(job, *span)

    parts = (
        in_workers(make, ranges, workers, list[_Made]) if workers > 1 and can_fork() else map(make, ranges)
    )
    for made in parts:
        done += len(made)
        if progress is not None:
            progress(done, total)
        yield from made


def _make(job: _Job, start: int, end: int) -> list[_Made]:
    pages = job.pages[start:end]
    wanted = dict.fromkeys(oid for page in pages for oid in page.needs)
    blobs = dict(job.texts(wanted)) if wanted else {}
    made = []
    for number, page in enumerate(pages, start):
        body = page.render({oid: blobs[oid] for oid in page.needs})
        digest = hashlib.sha256(body).hexdigest()
        staged = job.present.get(page.path) != digest
        written = _write(f"{job.stage}/{number}", body) if staged else 0
        made.append(_Made(number, digest, len(body), written))
    return made


def _write(path: str, body: bytes) -> int:
    """Write a new file and give its modification time in nanoseconds; calls of the system alone."""
    try:
        handle = os.open(path, _NEW, 0o666)
        try:
            done = os.write(handle, body)
            while done < len(body):
                done += os.write(handle, memoryview(body)[done:])
            return os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
    except OSError as error:
        raise UnableError(
            f"could not write the edition: {path}: {error.strerror or error}",
            "the edition that was there is intact; make room or mend the permissions and build again",
        ) from error


def _same(path: Path, body: bytes) -> bool:
    try:
        return read_plain(path) == body
    except OSError:
        return False
