"""Typst in a process of its own: nothing but data goes in, nothing but a PDF comes out.

The process sees one private folder, which holds the template and the pictures of one paper. Content reaches
the template as one JSON string, so that no text is ever read as Typst; there is no network, there are no
packages, and a time and a size that may not be passed. The protocol is one line of JSON each way, a PDF as
a file in the folder.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from newsrepo.errors import NewsrepoError, UnableError

SECONDS = 120
"""How long one setting may take; a thousand pages take less."""

MEMORY = 3 << 30
TEMPLATE = "paper.typ"
IMPOSE = "impose.typ"
PROBE = "probe.typ"
_SERVER = "newsrepo.editions.paper.pressing"


class SettingError(NewsrepoError):
    """Typst refused what it was given, for this reason."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(f"the pages cannot be set: {reason}", hint)
        self.reason = reason


class Press:
    """A running Typst over ``folder``, with the fonts in ``fonts``. A context manager."""

    def __init__(self, folder: Path, fonts: Sequence[str], *, seconds: float = SECONDS) -> None:
        self.folder = folder
        self.seconds = seconds
        for name in (TEMPLATE, IMPOSE, PROBE):
            (folder / name).write_bytes(Path(__file__).with_name(name).read_bytes())
        self._fonts = list(fonts)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # Our own interpreter and module; the environment holds nothing that Typst reads.
        keep = {k: v for k, v in os.environ.items() if k in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")}
        places = [place for place in sys.path if place]
        start = f"import sys; sys.path[:] = {places!r}; from {_SERVER} import serve; serve()"
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command
            [sys.executable, "-P", "-c", start],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=keep, cwd=self.folder,
        )  # fmt: skip
        try:
            self._ask({"root": str(self.folder), "fonts": self._fonts, "memory": MEMORY})
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is not None:
            process.kill()
            if process.stdin:
                with contextlib.suppress(OSError):  # what was on its way is of no use any more
                    process.stdin.close()
            process.wait()
            if process.stdout:
                process.stdout.close()

    def pages(self, data: Mapping[str, Any]) -> int:
        """How many pages ``data`` fills. Raises SettingError and UnableError."""
        return int(self._ask(_question(TEMPLATE, data))["found"]["pages"])

    def refuses(self, file: str) -> str:
        """Why the picture ``file`` cannot be set; empty if it can."""
        try:
            self._ask(_question(PROBE, {"file": file}))
        except SettingError as error:
            return error.reason
        return ""

    def pdf(
        self, data: Mapping[str, Any], moment: int, *, accessible: bool = True, template: str = TEMPLATE
    ) -> bytes:
        """``data`` as a PDF dated ``moment``, seconds since 1970; by PDF/UA-1 where it is ``accessible``."""
        self._ask({**_question(template, data), "moment": moment, "accessible": accessible})
        return (self.folder / "out.pdf").read_bytes()

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise AssertionError("the press does not run")
        slow = threading.Event()

        def stop() -> None:
            slow.set()
            process.kill()

        late = threading.Timer(self.seconds, stop)
        late.start()
        try:
            process.stdin.write(json.dumps(question).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = b""
        finally:
            late.cancel()
        if not line:
            raise UnableError(
                f"setting the pages took more than {self.seconds:g} seconds"
                if slow.is_set()
                else f"Typst ended without an answer (code {process.wait()}), perhaps for want of memory",
                "print fewer pages, or leave the longest text out with `exclude`",
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise SettingError(answer["error"], answer["hint"])
        return answer


def _question(template: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"template": template, "data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
