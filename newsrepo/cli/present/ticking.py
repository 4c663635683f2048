"""A clock for bars whose work tells of itself seldom: a home that hangs says nothing for minutes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

PAUSE = 0.1
"""Seconds between ticks."""


@contextmanager
def ticking(update: Callable[[int, int], None] | None) -> Iterator[Callable[[int, int], None] | None]:
    """Let a bar whose work tells of itself seldom appear and move in time; for work that forks nothing.

    What it is given is repeated to ``update``, from a thread of its own, until the block ends.
    """
    if update is None:
        yield None
        return
    said: list[tuple[int, int]] = []
    over = threading.Event()

    def repeat() -> None:
        while not over.wait(PAUSE):
            if said:
                with suppress(OSError):  # the terminal went away
                    update(*said[-1])

    def told(done: int, total: int) -> None:
        said[:] = [(done, total)]

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        over.set()
        thread.join()
