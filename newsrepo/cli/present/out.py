"""Where answers and words go: data on standard output, words on standard error, a closed pipe in silence."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from newsrepo.cli.present.encode import error_text, json_text, neutral, terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table


def silence(stream: TextIO) -> None:
    """Point a stream whose reader went away at nothing, so that what follows does not fail."""
    with suppress(OSError, ValueError, io.UnsupportedOperation):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


class Out:
    """The two streams of one run. What is written as data is exactly what a script may read."""

    def __init__(
        self,
        stdout: TextIO,
        stderr: TextIO,
        *,
        color: bool = False,
        progress: bool = False,
        quiet: bool = False,
        ci: bool = False,
    ) -> None:
        self._stdout = stdout
        self._stderr = stderr
        self.color = color
        self.quiet = quiet
        self._progress = progress
        self._ci = ci
        self._closed = False
        for stream in (stdout, stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    @property
    def tty(self) -> bool:
        return self._stdout.isatty()

    @property
    def is_open(self) -> bool:
        """Whether anybody still reads standard output."""
        return not self._closed

    def data(self, text: str) -> None:
        """Write ``text`` to standard output as it is."""
        if self._closed:
            return
        try:
            self._stdout.write(text)
        except BrokenPipeError:
            self._closed = True
            silence(self._stdout)

    def raw(self, data: bytes) -> None:
        """Write bytes to standard output as they are."""
        if self._closed:
            return
        try:
            self._stdout.flush()
            self._stdout.buffer.write(data)
            self._stdout.buffer.flush()
        except BrokenPipeError:
            self._closed = True
            silence(self._stdout)

    def line(self, text: str = "") -> None:
        """Write one line, already encoded for the terminal, to standard output."""
        self.data((neutral(text) if self._ci else text) + "\n")

    def flush(self) -> None:
        """Hand over what was written so far."""
        try:
            self._stdout.flush()
        except BrokenPipeError:
            self._closed = True
            silence(self._stdout)

    def json(self, verb: str, value: dict[str, Any]) -> None:
        """Write one answer as JSON in the versioned envelope."""
        if value.keys() & {"version", "verb"}:
            raise ValueError("an answer may not use the envelope's own keys")
        self.data(json_text({"version": 1, "verb": verb, **value}) + "\n")

    def word(self, text: str) -> None:
        """Say something to the person, on standard error, unless they asked for quiet."""
        if not self.quiet:
            self._say("\n".join(terminal(line) for line in text.split("\n")))

    def warn(self, message: str, hint: str = "") -> None:
        """Say something that must be heard even with ``--quiet``."""
        self._say(error_text(message, hint).replace("error: ", "warning: ", 1))

    def _say(self, text: str) -> None:
        self.flush()
        if self._ci:
            text = "\n".join(map(neutral, text.split("\n")))
        try:
            self._stderr.write(text + "\n")
            self._stderr.flush()
        except BrokenPipeError:
            silence(self._stderr)

    @property
    def width(self) -> int:
        """Columns of the terminal; 80 where there is none."""
        from shutil import get_terminal_size

        return get_terminal_size((80, 24)).columns if self.tty else 80

    def table(self, table: "Table") -> None:
        """Print a rich table whose cells are ``Text``; nothing in it is taken for markup."""
        from rich.console import Console

        with io.StringIO() as page:
            Console(
                file=page,
                width=self.width,
                force_terminal=self.color,
                no_color=not self.color,
                markup=False,
                emoji=False,
                highlight=False,
            ).print(table)
            self.data(page.getvalue())

    @contextmanager
    def waiting(self, what: str) -> "Iterator[None]":
        """A word on standard error while work of unknown length takes over a second."""
        if not self._progress:
            yield
            return
        from newsrepo.cli.present.bar import Waiting

        shown = Waiting(self._stderr, what)
        try:
            yield
        finally:
            shown.close()

    @contextmanager
    def progress(self, what: str) -> "Iterator[Callable[[int, int], None] | None]":
        """A bar on standard error for work that takes over a second; None where nobody would see it."""
        if not self._progress:
            yield None
            return
        from newsrepo.cli.present.bar import Bar

        bar = Bar(self._stderr, what, color=self.color)
        try:
            yield bar.update
        finally:
            bar.close()
