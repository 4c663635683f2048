"""A progress bar that appears only when the work has taken a second."""

import time
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

DELAY = 1.0
"""Seconds of work before the bar is shown."""


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
            )
            self._progress.start()
            self._task = self._progress.add_task(self._what, total=total)
        self._progress.update(self._task, completed=done, total=total)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
