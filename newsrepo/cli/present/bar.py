"""What is shown of work that takes longer than a second: a bar, or a word where no end is known."""

import threading
import time
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

DELAY = 1.0
"""Seconds of work before anything is shown."""

_PAUSE = 0.1


class Bar:
    """One bar; ``update(done, total)`` may be called as often as one likes."""

    def __init__(self, stream: TextIO, what: str, *, color: bool) -> None:
        self._console = Console(
            file=stream, markup=False, emoji=False, highlight=False, no_color=not color, stderr=True
        )
        self._what = what
        self._began = time.monotonic()
        self._progress: Progress | None = None
        self._task = TaskID(0)
        self._shown = 0.0

    def update(self, done: int, total: int) -> None:
        if self._progress is None:
            if time.monotonic() - self._began < DELAY:
                return
            self._progress = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=self._console,
                transient=True,
                auto_refresh=False,  # no thread of its own: workers are forked while it shows
            )
            self._progress.start()
            self._task = self._progress.add_task(self._what, total=total)
        now = time.monotonic()
        due = done >= total or now - self._shown >= _PAUSE
        self._shown = now if due else self._shown
        self._progress.update(self._task, completed=done, total=total, refresh=due)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()


class Waiting:
    """A word on the terminal while something goes on, from the first second until ``close``."""

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream = stream
        self._what = what
        self._shown = False
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = threading.Timer(max(DELAY, 0), self._show)
        self._timer.daemon = True
        self._timer.start()

    def _show(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._shown = True
                self._stream.write(f"{self._what} …")
                self._stream.flush()

    def close(self) -> None:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._shown:
                self._stream.write("\r\x1b[K")
                self._stream.flush()
