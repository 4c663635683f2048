"""Git servers on loopback for tests: a real one over http, and stubs that do what no honest server does."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hermetic import GIT_ENV

_CHUNK = 1 << 16


class Server:
    """A running server. ``requests`` are the paths asked for so far; after ``stop`` nobody answers."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self.requests: list[str] = []
        self._http = _Listener(("127.0.0.1", 0), handler)
        self._http.asked = self.requests
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self._stopped = False

    def url(self, name: str) -> str:
        """The address of the repository in folder ``name``."""
        return f"http://127.0.0.1:{self._http.server_port}/{name}"

    def stop(self) -> None:
        """Take no connection any more."""
        if not self._stopped:
            self._stopped = True
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    asked: list[str]


@contextmanager
def git_server(root: Path, settings: tuple[str, ...] = ()) -> Iterator[Server]:
    """`git http-backend` over every repository below ``root``, bare or not.

    ``settings`` (``uploadpack.allowFilter=true``) are the server's own.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(_body(self))

        def _answer(self, body: bytes) -> None:
            _record(self)
            parts = urlsplit(self.path)
            done = subprocess.run(
                ["git", *(part for s in settings for part in ("-c", s)), "http-backend"],
                input=body,
                capture_output=True,
                check=False,
                env={
                    **os.environ,
                    **GIT_ENV,
                    "GIT_PROJECT_ROOT": str(root),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "PATH_INFO": unquote(parts.path),
                    "QUERY_STRING": parts.query,
                    "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "REMOTE_ADDR": "127.0.0.1",
                },
            )
            head, _, out = done.stdout.partition(b"\r\n\r\n")
            fields = [line.split(": ", 1) for line in head.decode("latin-1").splitlines() if ": " in line]
            status = next((value for name, value in fields if name == "Status"), "200 OK")
            self.send_response(int(status[:3]))
            for name, value in fields:
                if name != "Status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(out)))
            self.end_headers()
            self.wfile.write(out)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    yield from _running(Handler)


@contextmanager
def stub(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[Server]:
    """A server that does to each request whatever ``answer`` does."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            _record(self)
            answer(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    yield from _running(Handler)


@contextmanager
def files_server(root: Path) -> Iterator[Server]:
    """A plain web server of files, as for git's oldest protocol over http (`git update-server-info`)."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        path = root / unquote(urlsplit(handler.path).path).lstrip("/")
        data = path.read_bytes() if path.is_file() else None
        handler.send_response(404 if data is None else 200)
        handler.send_header("Content-Length", str(len(data or b"")))
        handler.end_headers()
        handler.wfile.write(data or b"")

    with stub(answer) as server:
        yield server


@contextmanager
def silent_server() -> Iterator[str]:
    """The base address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def dead_address() -> str:
    """The base address of a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"


def _running(handler: type[BaseHTTPRequestHandler]) -> Iterator[Server]:
    server = Server(handler)
    try:
        yield server
    finally:
        server.stop()


def _record(handler: BaseHTTPRequestHandler) -> None:
    listener = handler.server
    assert isinstance(listener, _Listener)
    listener.asked.append(handler.path)


def _body(handler: BaseHTTPRequestHandler) -> bytes:
    """The body of a request; git sends large ones in chunks."""
    if handler.headers.get("Transfer-Encoding", "") != "chunked":
        return handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
    parts = []
    while size := int(handler.rfile.readline().split(b";")[0], 16):
        parts.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(parts)
