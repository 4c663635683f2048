"""The editor's server: this machine's loopback only, for the browser that was handed its key, and no other.

Whoever else is on this machine, and whatever page another site has open in the browser, gets nothing: the
address names a key once, which becomes a cookie that no other site's request carries; the host that a request
names must be this one (so no foreign name can be pointed at our address), and a save must come from our page.
"""

import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from newsrepo.editor import page
from newsrepo.editor.protocol import MAX_REQUEST, RefusedError
from newsrepo.porcelain.editing import Desk
from newsrepo.porcelain.loopback import HOST, LoopbackHandler, LoopbackServer

API: Final = "/api/v1"
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".yml": "text/yaml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
}
_LENGTH = re.compile(r"[0-9]{1,12}")


class EditorServer(LoopbackServer):
    """Serves the editor's ``files`` by name, its ``config``, and ``desk``; OSError for a taken port."""

    def __init__(
        self, desk: Desk, files: Mapping[str, bytes], config: Callable[[], bytes], port: int = 0
    ) -> None:
        self.desk = desk
        self.files = {**files, **page.FILES}
        self.config = config
        self.key = secrets.token_urlsafe(24)
        super().__init__(port, Handler)

    @property
    def url(self) -> str:
        """The address to open: it lets in whoever has it."""
        return f"http://{HOST}:{self.port}/admin/?key={self.key}"

    @property
    def cookie(self) -> str:
        """The name of the cookie: cookies know no ports, and two editors may run."""
        return f"newsrepo-editor-{self.port}"


class Handler(LoopbackHandler):
    """GET of the editor's own files, and POST of its requests."""

    server: EditorServer

    def do_GET(self) -> None:  # noqa: N802 - the name is that of http.server
        if self.host() is None:
            self._refuse(HTTPStatus.FORBIDDEN, "this editor answers to 127.0.0.1 and localhost only")
            return
        address = urlsplit(self.path)
        given = parse_qs(address.query).get("key", [""])[0]
        if address.path == "/admin/" and given:
            self._let_in(given)
        elif not self._known():
            self._refuse(HTTPStatus.FORBIDDEN, "open the address that `newsrepo editor` printed")
        elif address.path in ("/", "/admin"):
            self._go("/admin/")
        else:
            self._file(address.path)

    def do_POST(self) -> None:  # noqa: N802 - the name is that of http.server
        host = self.host()
        self.close_connection = True  # what is refused is not read, so nothing may follow it
        if host is None or self.headers.get_all("Origin") != [f"http://{host}"]:
            self._refuse(HTTPStatus.FORBIDDEN, "this request does not come from the editor's own page")
        elif not self._known():
            self._refuse(HTTPStatus.FORBIDDEN, "open the address that `newsrepo editor` printed")
        elif urlsplit(self.path).path != API:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing at this address")
        elif self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a request of the editor is JSON")
        else:
            self._ask()

    def _ask(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not _LENGTH.fullmatch(length) or "Transfer-Encoding" in self.headers:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "a request says how long it is")
            return
        if int(length) > MAX_REQUEST:
            self._refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"this is more than {MAX_REQUEST >> 20} MiB at once: save fewer or smaller pictures",
            )
            return
        body = self.rfile.read(int(length))
        try:
            answer = self.server.desk.answer(body)
        except RefusedError as error:
            self._refuse(HTTPStatus(error.status), error.message)
            return
        self._json(HTTPStatus.OK, answer)

    def _known(self) -> bool:
        """Whether the browser has the key."""
        try:
            found = SimpleCookie(self.headers.get("Cookie", "")).get(self.server.cookie)
        except CookieError:
            return False
        return found is not None and self._is_key(found.value)

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.server.key.encode())

    def _let_in(self, given: str) -> None:
        if not self._is_key(given):
            self._refuse(HTTPStatus.FORBIDDEN, "this key is of another run: open the address printed last")
            return
        self._go("/admin/", f"{self.server.cookie}={given}; Path=/; HttpOnly; SameSite=Strict")

    def _go(self, where: str, cookie: str = "") -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", where)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self._end(b"", "text/plain; charset=utf-8")

    def _file(self, path: str) -> None:
        name = path.removeprefix("/admin/") or "index.html"
        data = self.server.config() if name == "config.yml" else self.server.files.get(name)
        if data is None or not path.startswith("/admin/"):
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing at this address")
            return
        self.send_response(HTTPStatus.OK)
        _, dot, end = name.rpartition(".")
        self._end(data, _TYPES.get(dot + end, "text/plain; charset=utf-8"))

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        self._json(status, {"error": message})

    def _json(self, status: HTTPStatus, value: Any) -> None:
        self.send_response(status)
        self._end(json.dumps(value).encode(), "application/json")

    def _end(self, data: bytes, kind: str) -> None:
        """Send what is left of an answer, with what keeps it on this page."""
        self.guarded(kind, len(data), page.POLICY)
        self.send_header("X-Robots-Tag", "noindex, nofollow")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is the base class's
        """Silence: what matters is told by the desk, and addresses hold the key."""
