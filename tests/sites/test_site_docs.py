"""The site of the documentation: whole, and asking no other server for anything."""

import re
import subprocess
import sys
import sysconfig
from html.parser import HTMLParser
from pathlib import Path

import pytest
from site_support import PROJECT

sys.path.insert(0, str(PROJECT / "tools"))

from docs_site import lay_out, pages

LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "object": "data",
}
"""Elements that make a browser ask for what an attribute names."""


class Loads(HTMLParser):
    """What a page makes a browser ask for, and its policy."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        if tag in LOADS and (address := have.get(LOADS[tag])):
            self.asked.append(address)
        if tag == "link" and have.get("rel") != "canonical":
            self.asked.append(have.get("href") or "")
        if tag == "meta" and have.get("http-equiv") == "Content-Security-Policy":
            self.policy = have.get("content") or ""


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    lay_out(folder)
    done = subprocess.run(
        [str(Path(sysconfig.get_path("scripts")) / "zensical"), "build", "--strict"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "site"


def test_every_page_is_there(docs: Path) -> None:
    wanted = {re.sub(r"README\.html$", "index.html", there[:-3] + ".html") for there in pages().values()}
    assert wanted <= {path.relative_to(docs).as_posix() for path in docs.rglob("*.html")}


def test_no_page_asks_another_server_for_anything(docs: Path) -> None:
    for page in docs.rglob("*.html"):
        loads = Loads()
        loads.feed(page.read_text("utf-8"))
        assert loads.asked, page
        assert [a for a in loads.asked if re.match(r"[a-z]+:|//", a, re.IGNORECASE)] == [], page
        assert "default-src 'none'" in loads.policy, page
        assert not re.search(r"https?:|\*", loads.policy), page
    for sheet in docs.rglob("*.css"):
        assert not re.search(r"url\([\"']?(?:https?:)?//|@import", sheet.read_text("utf-8")), sheet
