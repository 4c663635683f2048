"""The preview serves one folder's files to this machine and nothing else."""

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsrepo.porcelain.preview import Server, Watch, resolve


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "articles").mkdir(parents=True)
    (root / "index.html").write_text("<h1>front</h1>")
    (root / "404.html").write_text("<h1>missing</h1>")
    (root / "articles" / "a.html").write_text("a")
    (root / ".hidden").write_text("secret")
    (root / "feed.xml").write_text("<feed/>")
    (tmp_path / "secret.txt").write_text("secret")
    (root / "out.html").symlink_to(tmp_path / "secret.txt")
    (root / "empty").mkdir()
    return root


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    made = Server(site)
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def ask(
    server: Server, path: str, *, host: str | None = None, method: str = "GET"
) -> tuple[int, str, dict[str, str]]:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    try:
        line.putrequest(method, path, skip_host=True)
        if host != "":
            line.putheader("Host", host or f"127.0.0.1:{server.port}")
        line.endheaders()
        answer = line.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        line.close()


def test_it_listens_on_loopback_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert server.url == f"http://127.0.0.1:{server.port}/"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", "<h1>front</h1>"),
        ("/index.html?x=1", "<h1>front</h1>"),
        ("/articles/a.html", "a"),
        ("/%61rticles/a.html", "a"),
    ],
)
def test_files_are_served(server: Server, path: str, body: str) -> None:
    status, text, headers = ask(server, path)
    assert (status, text) == (200, body)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/articles/",
        "/articles",
        "/empty/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/articles/..%2f..%2fsecret.txt",
        "//secret.txt",
        "/out.html",
        "/.hidden",
        "/a%00b",
        "/..\\secret.txt",
        "/index.html/",
        "secret.txt",
    ],
)
def test_nothing_else_is(server: Server, path: str) -> None:
    status, text, _ = ask(server, path)
    assert (status, text) == (404, "<h1>missing</h1>")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "127.0.0.1:1", "[::1]"]
)
def test_a_foreign_name_for_our_address_is_refused(server: Server, host: str) -> None:
    status, text, _ = ask(server, "/", host=host)
    assert status == 403
    assert "front" not in text


def test_localhost_will_do(server: Server) -> None:
    assert ask(server, "/", host=f"LOCALHOST:{server.port}")[0] == 200


def test_head_has_no_body_and_other_methods_are_unknown(server: Server) -> None:
    status, text, headers = ask(server, "/", method="HEAD")
    assert (status, text, headers["Content-Length"]) == (200, "", "14")
    assert ask(server, "/", method="POST")[0] == 501


def test_resolve_without_404_page(tmp_path: Path) -> None:
    assert resolve(str(tmp_path), "/404.html") is None


def test_watch_rebuilds_on_change_and_only_then() -> None:
    stamps = iter(["a", "a", "b", "b", "c"])
    built: list[str] = []

    def stamp() -> str:
        now = next(stamps, None)
        if now is None:
            watch.stop()
            return "c"
        return now

    watch = Watch(stamp, lambda: built.append("x"), interval=0.001)
    watch.run("a")
    assert built == ["x", "x"]


def test_the_folder_of_a_search_alone_may_run_its_script(server: Server, site: Path) -> None:
    (site / "search" / "2026").mkdir(parents=True)
    (site / "search" / "index.html").write_text("<form></form>")
    (site / "search" / "2026" / "pagefind.js").write_text("export {}")
    for path in ("/search/index.html", "/search/2026/pagefind.js"):
        headers = ask(server, path)[2]
        assert (
            "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'" in headers["Content-Security-Policy"]
        )
    assert ask(server, "/search/2026/pagefind.js")[2]["Content-Type"] == "text/javascript; charset=utf-8"
    for path in ("/index.html", "/articles/a.html?x=/search/", "/nothing"):
        assert "script-src" not in ask(server, path)[2]["Content-Security-Policy"]
