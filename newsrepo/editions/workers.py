"""Share work among processes forked from this one: they inherit what they need, and nothing is pickled.

The standard pools hand out work through locks and threads; here each worker has a fixed share and a pipe
of its own, so none can wait for another, and all end by themselves when their parent does.
"""

import os
import selectors
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from newsrepo.errors import NewsrepoError, UnableError

T = TypeVar("T")
R = TypeVar("R")
_HEADER = struct.Struct(">I")


class _Frame(msgspec.Struct, frozen=True):
    """What a worker says: one result, or why there is none."""

    result: msgspec.Raw = msgspec.Raw(b"\xc0")
    error: str = ""
    hint: str = ""
    bug: str = ""


def can_fork() -> bool:
    """Whether workers can be had here; macOS forks too, but its system libraries do not survive it."""
    return hasattr(os, "fork") and sys.platform == "linux"


def in_workers(work: Callable[[T], R], tasks: Sequence[T], count: int, result: type[R]) -> Iterator[R]:
    """``work`` of every task, by ``count`` forked processes, in no stated order.

    Raises what a worker raised, if it was a NewsrepoError; UnableError when one was ended from outside.
    """
    read_ends: dict[int, int] = {}
    try:
        for number in range(count):
            reader, writer = os.pipe()
            pid = os.fork()
            if pid == 0:
                _serve(work, tasks[number::count], writer, [reader, *read_ends])
            os.close(writer)
            read_ends[reader] = pid
        decode = msgspec.msgpack.Decoder(result).decode
        for frame in _frames(read_ends):
            if frame.bug:
                raise RuntimeError(f"a worker failed:\n{frame.bug}")
            if frame.error:
                raise UnableError(frame.error, frame.hint)
            yield decode(frame.result)
        for reader in list(read_ends):
            _end(read_ends.pop(reader), reader)
    finally:
        for reader, pid in read_ends.items():
            os.kill(pid, signal.SIGKILL)
            os.close(reader)
            os.waitpid(pid, 0)


def _serve(work: Callable[[T], R], tasks: Sequence[T], writer: int, others: Sequence[int]) -> None:
    """A worker's life; never returns."""
    try:
        for reader in others:
            os.close(reader)
        for task in tasks:
            _say(writer, _Frame(msgspec.Raw(msgspec.msgpack.encode(work(task)))))
    except NewsrepoError as error:
        _say(writer, _Frame(error=error.message, hint=error.hint))
    except (KeyboardInterrupt, BrokenPipeError, SystemExit):
        os._exit(1)
    except BaseException:  # noqa: BLE001 - told to the parent, which raises it
        _say(writer, _Frame(bug=traceback.format_exc()))
    finally:
        os._exit(0)


def _say(writer: int, frame: _Frame) -> None:
    body = msgspec.msgpack.encode(frame)
    view = memoryview(_HEADER.pack(len(body)) + body)
    while view:
        view = view[os.write(writer, view) :]


def _frames(read_ends: dict[int, int]) -> Iterator[_Frame]:
    """Frames as they come, until every pipe is closed."""
    decoder = msgspec.msgpack.Decoder(_Frame)
    waiting = {reader: bytearray() for reader in read_ends}
    with selectors.DefaultSelector() as selector:
        for reader in read_ends:
            selector.register(reader, selectors.EVENT_READ)
        while waiting:
            for key, _ in selector.select():
                data = os.read(key.fd, 1 << 16)
                buffer = waiting[key.fd]
                buffer += data
                while len(buffer) >= 4 and len(buffer) >= 4 + (size := _HEADER.unpack_from(buffer)[0]):
                    frame = decoder.decode(bytes(buffer[4 : 4 + size]))
                    del buffer[: 4 + size]
                    yield frame
                if not data:
                    selector.unregister(key.fd)
                    del waiting[key.fd]


def _end(pid: int, reader: int) -> None:
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise UnableError(
            "a process that rendered pages was ended from outside, perhaps for want of memory",
            "what was there is intact; try again with --jobs 1",
        )
