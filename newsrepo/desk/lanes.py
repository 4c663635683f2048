"""Where the commons is read: threads of their own, so that keys are heard whatever takes its time.

There are two, each with its own view of the clone: one for what is quick and for writing, one for what may
take long. Questions in one lane are answered in the order in which they were put.
"""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from newsrepo.porcelain.workspace import Workspace

T = TypeVar("T")

_Job = tuple[Callable[[Workspace], Any], "Future[Any]"]


class Lane:
    """One thread that answers questions about one clone; it ends with the program, unfinished or not."""

    def __init__(self, make: Callable[[], Workspace]) -> None:
        self._make = make
        self._work: Workspace | None = None
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, daemon=True)
        self._started = False

    def ask(self, question: Callable[[Workspace], T]) -> "Future[T]":
        """What ``question`` answers, or raises, once everything asked before is answered."""
        answer: Future[T] = Future()
        self._jobs.put((question, answer))
        if not self._started:
            self._started = True
            self._thread.start()
        return answer

    def renew(self) -> None:
        """Look at the clone anew for whatever is asked from now on."""

        def forget(_: Workspace) -> None:
            self._work = None

        self.ask(forget)

    def finish(self) -> None:
        """Wait until everything asked so far is answered."""
        if self._started:
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            question, answer = job
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                if self._work is None:
                    self._work = self._make()
                answer.set_result(question(self._work))
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is waited for
                answer.set_exception(error)
