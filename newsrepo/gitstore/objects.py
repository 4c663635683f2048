"""Reading objects by full id through ``git cat-file --batch``: one process, streamed, in the order asked.

Only ids of 40 or 64 hex digits are ever written to git, so nothing from a file can become a request.
"""

import os
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import IO

from newsrepo.errors import NewsrepoError, UnableError
from newsrepo.gitstore.runner import Git
from newsrepo.gitstore.snapshot import READ_LIMIT, Blob
from newsrepo.ids import Oid, is_oid

FEW = 48
"""Up to so many objects are asked one by one from a process that stays; more go through one of their own."""

BATCH = 1 << 16
SKIP = 1 << 20
"""Bytes of an object over the limit that are read past; larger ones are never inflated."""


class _Process:
    """One running ``cat-file --batch``."""

    def __init__(self, git: Git, args: tuple[str, ...], requests: IO[bytes] | None) -> None:
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in end()
        try:
            stdin = subprocess.PIPE if requests is None else requests
            self.process = git.start("cat-file", *args, stdin=stdin, stderr=self.errors)
        except BaseException:
            self.errors.close()
            raise
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        self.out = self.process.stdout
        self.pid = os.getpid()

    def ask(self, oid: Oid) -> None:
        assert self.process.stdin is not None  # noqa: S101 - a pipe was asked for
        self.process.stdin.write(oid.encode("ascii") + b"\n")
        self.process.stdin.flush()

    def said(self) -> str:
        self.process.poll()
        self.errors.seek(0)
        return self.errors.read(1 << 14).decode("utf-8", "replace")

    def end(self) -> None:
        if os.getpid() != self.pid:
            return
        if self.process.stdin is not None:
            with suppress(OSError):  # it may have died with a request unread
                self.process.stdin.close()
        self.process.kill()
        self.out.close()
        self.process.wait()
        self.errors.close()


class Objects:
    """The object store of one repository. Safe to share between threads, and in processes forked later."""

    def __init__(self, git: Git, *, shallow: bool, partial: bool) -> None:
        self._git = git
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
        _check([oid])
        with self._lock:
            if self._standing is None or self._standing.pid != os.getpid():
                self._drop()
                self._standing = _Process(self._git, ("--batch",), None)
                self._end = weakref.finalize(self, self._standing.end)
            process = self._standing
            whole = False
            try:
                process.ask(oid)
                size = self._header(process, oid, kind)
                if size <= limit:
                    blob = Blob(oid, size, self._body(process, oid, size))
                    whole = True
                else:
                    blob = Blob(oid, size, None)
                    whole = size <= SKIP and self._body(process, oid, size) is not None
            except BrokenPipeError as error:
                raise self._dead(process, oid) from error
            finally:
                if not whole:
                    self._drop()
            return blob

    def _many(self, oids: Sequence[Oid], limit: int, kind: str) -> Iterator[Blob]:
        """Answers from one process; after one object too large, the sizes of the rest are asked first."""
        _check(oids)
        done = 0
        skip: dict[int, Blob] = {}
        while done < len(oids):
            wanted = [i for i in range(done, len(oids)) if i not in skip]
            with tempfile.TemporaryFile() as requests:
                requests.write("".join([oids[i] + "\n" for i in wanted]).encode("ascii"))
                requests.seek(0)
                process = _Process(self._git, ("--batch", "--buffer"), requests)
                try:
                    for i in wanted:
                        while done < i:
                            yield skip.pop(done)
                            done += 1
                        size = self._header(process, oids[i], kind)
                        if size > limit and size > SKIP:
                            break
                        data = self._body(process, oids[i], size)
                        yield Blob(oids[i], size, data if size <= limit else None)
                        done += 1
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
        _check(oids)
        found = []
        with tempfile.TemporaryFile() as requests:
            requests.write("".join([oid + "\n" for oid in oids]).encode("ascii"))
            requests.seek(0)
            process = _Process(self._git, ("--batch-check", "--buffer"), requests)
            try:
                found = [self._header(process, oid, "") for oid in oids]
            finally:
                process.end()
        return found

    def _header(self, process: _Process, oid: Oid, kind: str) -> int:
        line = process.out.readline(200)
        parts = line.split()
        if len(parts) == 3 and parts[0] == oid.encode("ascii") and line.endswith(b"\n"):
            if kind and parts[1] != kind.encode("ascii"):
                raise UnableError(
                    f"object {oid} is a {parts[1].decode()}, expected a {kind}", "run `git fsck`"
                )
            return int(parts[2])
        if line.endswith(b" missing\n"):
            raise self._missing(process, oid)
        raise self._dead(process, oid)

    def _body(self, process: _Process, oid: Oid, size: int) -> bytes:
        data = process.out.read(size)
        if len(data) != size or process.out.read(1) != b"\n":
            raise self._dead(process, oid)
        return data

    def _missing(self, process: _Process, oid: Oid) -> UnableError:
        said = process.said()
        if "error:" in said or "fatal:" in said:  # git calls some damaged objects missing, after saying why
            return _damaged(oid, said)
        if self._partial:
            return UnableError(
                f"object {oid} is not in this partial clone",
                "fetch everything: `git fetch --refetch --no-filter`",
            )
        if self._shallow:
            return UnableError(f"object {oid} is not in this shallow clone", "run `git fetch --unshallow`")
        return UnableError(
            f"object {oid} is missing from the repository",
            "run `git fsck`, then fetch it from a clone that has it: `git fetch --refetch`",
        )

    def _dead(self, process: _Process, oid: Oid) -> NewsrepoError:
        process.process.kill()
        process.process.wait()
        said = process.said()
        return _left_out(oid) if self._partial and "promisor remote" in said else _damaged(oid, said)


def _left_out(oid: Oid) -> UnableError:
    """Git is never let fetch on its own: the remote may be hostile, and reading must not wait for it."""
    return UnableError(
        f"object {oid} is not in this partial clone", "fetch everything: `git fetch --refetch --no-filter`"
    )


def _damaged(oid: Oid, said: str) -> UnableError:
    line = next((s for s in said.splitlines() if s.startswith(("fatal:", "error:"))), "it ended early")
    return UnableError(
        f"object {oid} cannot be read: git said {line[:200]!r}",
        "the object store is damaged: run `git fsck`, then `git fetch --refetch` from a whole clone",
    )


def _check(oids: Iterable[Oid]) -> None:
    for oid in oids:
        if not is_oid(oid):
            raise ValueError(f"not a full object id: {oid!r}")
