"""What every server of ours for this machine alone has in common: its address, and whom it answers."""

import http.server
from typing import ClassVar, Final

HOST: Final = "127.0.0.1"
_NAMES = frozenset({"127.0.0.1", "localhost"})


class LoopbackServer(http.server.ThreadingHTTPServer):
    """Listens to this machine alone. Raises OSError when the port is taken; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, port: int, handler: "type[LoopbackHandler]") -> None:
        super().__init__((HOST, port), handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class LoopbackHandler(http.server.BaseHTTPRequestHandler):
    """One connection, which says nothing of the program's versions and does not wait for ever."""

    server: LoopbackServer
    server_version = "newsrepo"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout: ClassVar[int] = 60

    def host(self) -> str | None:
        """The host and port that the request names, if they are this server's.

        A page elsewhere may point a name of its own at our address; what names it gets nothing.
        """
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1:
            return None
        name, _, port = hosts[0].strip().lower().partition(":")
        own = str(self.server.port)
        return f"{name}:{own}" if name in _NAMES and (port or "80") == own else None

    def guarded(self, kind: str, length: int, policy: str) -> None:
        """Send the headers of an answer of ``length`` bytes: nobody else may use, keep or frame it."""
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Content-Security-Policy", policy)
