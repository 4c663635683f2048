"""Reading objects by full id through ``git cat-file --batch``: one process, streamed, in the order asked.

Only ids of 40 or 64 hex digits are ever written to git, so nothing from a file can become a request.
"""

import os
import re
import threading
import time
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice

from newsrepo.errors import NewsrepoError, UnableError
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import READ_LIMIT, Blob
from newsrepo.ids import Oid, is_oid

FEW = 48
"""Up to so many objects are asked one by one from a process that stays; more go through one of their own."""

BATCH = 1 << 16
_CHUNK = 1 << 18
_AHEAD = 1 << 17
_MOMENT = 0.0005
_IDS = re.compile(r"(?:(?:[0-9a-f]{40}|[0-9a-f]{64})\n)+")
SKIP = 1 << 20
"""Bytes of an object over the limit that are read past; larger ones are never inflated."""


class _Process:
    """One running ``cat-file --batch`` and the bytes it has answered that are not used yet."""

    def __init__(self, git: Git, args: tuple[str, ...], requests: bytes | None) -> None:
        import subprocess
        import tempfile

        self.pid = os.getpid()
        self.spent = False
        self._buffer = b""
        self._at = 0
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        try:
            if requests is None:
                self.process = git.start("cat-file", *args, stdin=subprocess.PIPE, stderr=self.errors)
            else:
                with tempfile.TemporaryFile() as file:
                    file.write(requests)
                    file.seek(0)
                    self.process = git.start("cat-file", *args, stdin=file, stderr=self.errors)
        except BaseException:
            self.errors.close()
            raise
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        self._out = self.process.stdout
        self._file = self._out.fileno()
        _widen(self._file)

    def ask(self, oid: Oid) -> None:
        assert self.process.stdin is not None  # noqa: S101 - a pipe was asked for
        self.process.stdin.write(oid.encode("ascii") + b"\n")
        self.process.stdin.flush()

    def at_hand(self, oid: Oid, start: bytes, limit: int) -> Blob | None:
        """The next object if it is the one asked, small enough and here already, as nearly all are."""
        buffer = self._buffer
        at = self._at
        if not buffer.startswith(start, at):
            return None
        stop = buffer.find(b"\n", at)
        if stop < 0:
            return None
        size = int(buffer[at + len(start) : stop])
        end = stop + 1 + size
        if size > limit or end >= len(buffer) or buffer[end] != 10:
            return None
        self._at = end + 1
        return Blob(oid, size, buffer[stop + 1 : end])

    def fill(self) -> None:
        """Have a good deal at hand, unless the end comes first.

        Git hands out a few kilobytes at a time. Taking each as it comes costs more in waking up, on both
        sides, than the reading itself; so git is let get ahead a little.
        """
        pieces = [self._buffer[self._at :]]
        size = len(pieces[0])
        while size < _AHEAD:
            chunk = os.read(self._file, _CHUNK)
            if not chunk:
                break
            pieces.append(chunk)
            size += len(chunk)
            if size < _AHEAD:
                time.sleep(_MOMENT)
        self._buffer = b"".join(pieces)
        self._at = 0

    def header(self) -> bytes:
        """The next line without its end; cut short where the process ended."""
        stop = self._buffer.find(b"\n", self._at)
        while stop < 0:
            chunk = os.read(self._file, _CHUNK)
            self._buffer = self._buffer[self._at :] + chunk
            self._at = 0
            stop = self._buffer.find(b"\n")
            if stop < 0 and (not chunk or len(self._buffer) > _CHUNK):
                return self._buffer
        line = self._buffer[self._at : stop]
        self._at = stop + 1
        return line

    def body(self, size: int, *, keep: bool) -> bytes | None:
        """The next ``size`` bytes (empty unless ``keep``) and the line end; None where it ended early."""
        start = self._at
        end = start + size
        if end < len(self._buffer):
            self._at = end + 1
            return self._buffer[start:end] if self._buffer[end] == 10 else None
        pieces = [self._buffer[start:]]
        left = size + 1 - len(pieces[0])
        self._buffer = b""
        self._at = 0
        while left:
            piece = os.read(self._file, min(left, _CHUNK))
            if not piece:
                return None
            left -= len(piece)
            if keep or not left:
                pieces.append(piece)
        if pieces[-1][-1] != 10:
            return None
        return b"".join(pieces)[:-1] if keep else b""

    def said(self) -> str:
        """What git wrote to standard error so far."""
        self.errors.seek(0)
        return self.errors.read(1 << 14).decode("utf-8", "replace")

    def end(self) -> None:
        """End it, unless it belongs to the process that this one was forked from."""
        if os.getpid() != self.pid:
            return
        if self.process.stdin is not None:
            with suppress(OSError):  # it may have died with a request unread
                self.process.stdin.close()
        self.process.kill()
        self._out.close()
        self.process.wait()
        self.errors.close()


def _widen(pipe: int) -> None:
    """A wider pipe means fewer switches between git and us; only Linux has the means, and it may say no."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _CHUNK)


class Objects:
    """The object store of one repository. Safe to share between threads, and in processes forked later."""

    def __init__(self, git: Git, *, shallow: bool, partial: bool, remedy: str = "") -> None:
        """``remedy`` is the way out where an object is missing or damaged, if it is not git's own."""
        self._git = git
        self._remedy = remedy
        self._shallow = shallow
        self._partial = partial
        self._lock = threading.Lock()
        self._standing: _Process | None = None
        self._end: weakref.finalize[[], Objects] | None = None

    def close(self) -> None:
        """End the standing process. The next question starts another."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._end is not None:
            self._end()
        self._standing = self._end = None

    def read(self, oids: Iterable[Oid], limit: int = READ_LIMIT, kind: str = "blob") -> Iterator[Blob]:
        """Stream objects of one kind in the order asked; ``data`` is None for those over ``limit`` bytes.

        Raises UnableError for an object that is missing, damaged or of another kind.
        """
        source = iter(oids)
        first = list(islice(source, FEW + 1))
        if len(first) <= FEW:
            for oid in first:
                yield self._one(oid, limit, kind)
            return
        batch = first + list(islice(source, BATCH))
        while batch:
            yield from self._many(batch, limit, kind)
            batch = list(islice(source, BATCH))

    def _one(self, oid: Oid, limit: int, kind: str) -> Blob:
        _requests([oid])
        with self._lock:
            if self._standing is None or self._standing.pid != os.getpid():
                self._drop()
                self._standing = _Process(self._git, ("--batch",), None)
                self._end = weakref.finalize(self, self._standing.end)
            process = self._standing
            process.spent = True
            try:
                process.ask(oid)
                blob = self._answer(process, oid, limit, kind.encode("ascii"))
            except BrokenPipeError as error:
                raise self._dead(process, oid) from error
            finally:
                if process.spent:
                    self._drop()
            return blob

    def _many(self, oids: Sequence[Oid], limit: int, kind: str) -> Iterator[Blob]:
        """Answers from one process; after one object too large, the sizes of the rest are asked first."""
        done = 0
        skip: dict[int, Blob] = {}
        expected = kind.encode("ascii")
        said = f" {kind} "
        while done < len(oids):
            wanted = [i for i in range(done, len(oids)) if i not in skip]
            process = _Process(self._git, ("--batch", "--buffer"), _requests([oids[i] for i in wanted]))
            try:
                for i in wanted:
                    while done < i:
                        yield skip.pop(done)
                        done += 1
                    oid = oids[i]
                    blob = process.at_hand(oid, (oid + said).encode("ascii"), limit)
                    if blob is None:
                        process.fill()
                        blob = self._answer(process, oid, limit, expected)
                    yield blob
                    done += 1
                    if process.spent:
                        break
                else:
                    while done < len(oids):
                        yield skip.pop(done)
                        done += 1
            finally:
                process.end()
            if done < len(oids):
                rest = oids[done:]
                skip = {
                    done + n: Blob(oid, size, None)
                    for n, (oid, size) in enumerate(zip(rest, self.sizes(rest), strict=True))
                    if size > limit
                }

    def sizes(self, oids: Sequence[Oid]) -> list[int]:
        """The sizes of objects in bytes, without reading them."""
        process = _Process(self._git, ("--batch-check", "--buffer"), _requests(oids))
        try:
            return [self._size(process, oid, b"") for oid in oids]
        finally:
            process.end()

    def _answer(self, process: _Process, oid: Oid, limit: int, kind: bytes) -> Blob:
        """The next object. Where it is too large to be read past, the process is spent."""
        quick = process.at_hand(oid, b"%b %b " % (oid.encode("ascii"), kind), limit)
        if quick is not None:
            process.spent = False
            return quick
        process.spent = True
        size = self._size(process, oid, kind)
        if size > limit and size > SKIP:
            return Blob(oid, size, None)
        data = process.body(size, keep=size <= limit)
        if data is None:
            raise self._dead(process, oid)
        process.spent = False
        return Blob(oid, size, data if size <= limit else None)

    def _size(self, process: _Process, oid: Oid, kind: bytes) -> int:
        line = process.header()
        parts = line.split(b" ")
        if len(parts) == 3 and parts[0] == oid.encode("ascii"):
            if kind and parts[1] != kind:
                raise UnableError(
                    f"object {oid} is a {parts[1].decode()}, expected a {kind.decode()}", "run `git fsck`"
                )
            return int(parts[2])
        if line.endswith(b" missing"):
            raise self._missing(process, oid)
        raise self._dead(process, oid)

    def _missing(self, process: _Process, oid: Oid) -> UnableError:
        said = process.said()
        if "error:" in said or "fatal:" in said:  # git calls some damaged objects missing, after saying why
            return self._damaged(oid, said)
        if self._partial:
            return UnableError(
                f"object {oid} is not in this partial clone",
                "fetch everything: `git fetch --refetch --no-filter`",
            )
        if self._shallow:
            return UnableError(f"object {oid} is not in this shallow clone", "run `git fetch --unshallow`")
        return UnableError(
            f"object {oid} is missing from the repository",
            self._remedy or "run `git fsck`, then fetch it from a clone that has it: `git fetch --refetch`",
        )

    def _dead(self, process: _Process, oid: Oid) -> NewsrepoError:
        process.process.kill()
        process.process.wait()
        said = process.said()
        return _left_out(oid) if self._partial and "promisor remote" in said else self._damaged(oid, said)

    def _damaged(self, oid: Oid, said: str) -> UnableError:
        line = next((s for s in said.splitlines() if s.startswith(("fatal:", "error:"))), "it ended early")
        return UnableError(
            f"object {oid} cannot be read: git said {line[:200]!r}",
            self._remedy
            or "the object store is damaged: run `git fsck`, then `git fetch --refetch` from a whole clone",
        )


def _left_out(oid: Oid) -> UnableError:
    """Git is never let fetch on its own: the remote may be hostile, and reading must not wait for it."""
    return UnableError(
        f"object {oid} is not in this partial clone", "fetch everything: `git fetch --refetch --no-filter`"
    )


def _requests(oids: Sequence[Oid]) -> bytes:
    """One full id a line. Raises ValueError for anything else: whatever git is asked, it is never a name."""
    text = "\n".join(oids) + "\n"
    if _IDS.fullmatch(text) is None or text.count("\n") != len(oids):
        wrong = next((oid for oid in oids if not is_oid(oid)), "")
        raise ValueError(f"not a full object id: {wrong!r}")
    return text.encode("ascii")
