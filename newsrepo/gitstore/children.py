"""Running a child to its end within bounds of time and output, so that nothing it does can hold us up."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Final

from newsrepo.errors import UnableError

if TYPE_CHECKING:
    import subprocess
    import threading
    from collections.abc import Iterator

_TOLD: Final = 1 << 16
"""Bytes from either end of what git says that are read."""

_LOOK: Final = 0.2
"""Seconds between looks whether a call was stopped."""


class SlowError(UnableError):
    """A call took longer than it may."""


class TooMuchError(UnableError):
    """A call printed more than it may."""


def run_bounded(
    command: list[str],
    cwd: str | None,
    env: dict[str, str],
    seconds: float,
    limit: int,
    what: str,
    *,
    data: bytes = b"",
    alone: bool = False,
    stop: threading.Event | None = None,
) -> tuple[int, bytes, bytes]:
    """Run a command to its end; ``(exit code, standard output, standard error)``, of the latter the two ends.

    ``seconds`` and ``limit`` (bytes of standard output) bound it; ``what`` names it in messages. ``alone``
    puts it into a session of its own, without the user's terminal, and ends it together with all that it
    started. Raises SlowError, TooMuchError, and UnableError when it cannot start or ``stop`` was set.
    """
    import subprocess
    import tempfile

    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as given:
        given.write(data)
        given.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - the one guarded place; list form, no shell
                command,
                cwd=cwd,
                env=env,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=alone,
            )
        except OSError as error:
            raise UnableError(
                f"cannot run {command[0]}: {error.strerror}", "check the installation of git"
            ) from error
        with process:
            try:
                out = b"".join(_bounded(process, seconds, limit, what, stop))
                code = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired as error:
                _end(process, alone)
                raise _too_slow(what, seconds) from error
            except BaseException:
                _end(process, alone)
                raise
        return code, out, _ends(errors)


def _ends(file: IO[bytes]) -> bytes:
    """What was written to standard error: all, or where it is long its beginning and its end."""
    file.seek(0)
    head = file.read(_TOLD)
    size = file.seek(0, os.SEEK_END)
    file.seek(max(len(head), size - _TOLD))
    return head + file.read()


def _end(process: subprocess.Popen[bytes], alone: bool) -> None:
    """Kill it; one that is alone together with all that it started.

    Until it is waited for, its number is nobody else's, even where it has ended and its children go on.
    """
    if alone and process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _too_slow(what: str, seconds: float) -> UnableError:
    return SlowError(f"{what} took longer than {seconds:g} s", "see whether the disk answers")


def _bounded(
    process: subprocess.Popen[bytes],
    seconds: float,
    limit: int,
    what: str,
    stop: threading.Event | None,
) -> Iterator[bytes]:
    import selectors
    import time

    end = time.monotonic() + seconds
    total = 0
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = max(0.0, end - time.monotonic())
            if not selector.select(left if stop is None else min(left, _LOOK)):
                if stop is not None and stop.is_set():
                    raise UnableError(f"{what} was stopped", "")
                if time.monotonic() >= end:
                    raise _too_slow(what, seconds)
                continue
            chunk = os.read(process.stdout.fileno(), 1 << 20)
            if not chunk:
                return
            total += len(chunk)
            if total > limit:
                raise TooMuchError(
                    f"{what} printed more than {limit >> 20} MiB", "the repository is too large to list"
                )
            yield chunk
