"""``serve``: an edition on this machine's loopback only, built again when anything changed."""

import os
import posixpath
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from newsrepo.porcelain.loopback import HOST, LoopbackHandler, LoopbackServer

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
}
_CSP = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SEARCH_CSP = f"{_CSP}; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'"
"""For the folder of an edition's search, with the one script; a worker goes by its own answer's policy."""


class Server(LoopbackServer):
    """Serves the files of one folder to this machine. Raises OSError when the port is taken."""

    def __init__(self, root: Path, port: int = 0, log: Callable[[str], None] | None = None) -> None:
        self.root = os.path.realpath(root)
        self.log = log
        super().__init__(port, Handler)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"


class Handler(LoopbackHandler):
    """GET and HEAD of plain files under the root; no listing, no link out, no foreign host name."""

    server: Server
    timeout: ClassVar[int] = 30

    def do_GET(self) -> None:  # noqa: N802 - the name is that of http.server
        self._answer(body=True)

    def do_HEAD(self) -> None:  # noqa: N802 - the name is that of http.server
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        if self.host() is None:
            self._send(
                HTTPStatus.FORBIDDEN, b"This preview answers to 127.0.0.1 and localhost only.\n", "", body
            )
            return
        found = resolve(self.server.root, self.path)
        if found is None:
            missing = resolve(self.server.root, "/404.html")
            page = Path(missing).read_bytes() if missing else b"not found\n"
            self._send(HTTPStatus.NOT_FOUND, page, ".html" if missing else "", body)
            return
        try:
            data = Path(found).read_bytes()
        except OSError:
            self._send(HTTPStatus.NOT_FOUND, b"not found\n", "", body)
            return
        self._send(HTTPStatus.OK, data, os.path.splitext(found)[1], body)

    def _send(self, status: HTTPStatus, data: bytes, suffix: str, body: bool) -> None:
        self.send_response(status)
        otherwise = "text/plain; charset=utf-8" if not suffix else "application/octet-stream"
        searched = "search" in urlsplit(self.path).path.split("/")[:-1]
        self.guarded(_TYPES.get(suffix, otherwise), len(data), _SEARCH_CSP if searched else _CSP)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is the base class's
        if self.server.log is not None:
            self.server.log(format % args)


def resolve(root: str, target: str) -> str | None:
    """The file under ``root`` (a real path) that a request's target names; None for anything else."""
    path = unquote(urlsplit(target).path, errors="surrogateescape")
    if not path.startswith("/") or "\0" in path or "\\" in path:
        return None
    parts = path.split("/")[1:]
    if any(part.startswith(".") for part in parts):
        return None
    if parts[-1] == "":
        parts[-1] = "index.html"
    full = os.path.realpath(os.path.join(root, posixpath.join(*parts)))
    if not full.startswith(root.rstrip(os.sep) + os.sep) or not os.path.isfile(full):
        return None
    return full


class Watch:
    """Calls ``rebuild`` whenever ``stamp`` says that something changed, until stopped."""

    def __init__(self, stamp: Callable[[], str], rebuild: Callable[[], None], interval: float = 0.5) -> None:
        self._stamp = stamp
        self._rebuild = rebuild
        self._interval = interval
        self._stop = threading.Event()

    def run(self, seen: str) -> None:
        """Watch from the state ``seen`` on; returns after ``stop``."""
        while not self._stop.wait(self._interval):
            now = self._stamp()
            if now != seen:
                seen = now
                self._rebuild()

    def stop(self) -> None:
        self._stop.set()
