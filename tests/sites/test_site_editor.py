"""The browser editor, driven in Chromium from an empty form to a commit that passes `check`."""

import functools
import http.server
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from site_support import IDENTITY, NEWSREPO, PROJECT, run
from test_site_pages import Quiet

from newsrepo.editor import page
from newsrepo.editor.forms import collections
from newsrepo.gitstore.snapshot import RECORD_ROOTS
from newsrepo.porcelain.editing import Desk
from newsrepo.porcelain.editing_forms import ground
from newsrepo.porcelain.editing_program import program
from newsrepo.porcelain.editing_server import API, EditorServer
from newsrepo.porcelain.workspace import Workspace

HERE = Path(__file__).parent
PICTURE = PROJECT / "articles/lamp/2025/dock-strike-1889/tanner.png"


@pytest.fixture(scope="module")
def commons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the sample that speaks for lamp, with the editor fetched as users fetch it."""
    root = tmp_path_factory.mktemp("editor") / "commons"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run("git", "init", "-q", "-b", "main", cwd=root)
    settings = {"user.name": "Ann", "user.email": "ann@example.org", "newsrepo.contingent": "lamp"}
    for key, value in settings.items():
        run("git", "config", key, value, cwd=root)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "The sample", cwd=root)
    run(NEWSREPO, "editor", "--fetch", cwd=root)
    return root


@pytest.fixture(scope="module")
def address(commons: Path) -> Iterator[str]:
    """An editor that runs, and the address that it printed."""
    with subprocess.Popen(
        [NEWSREPO, "--quiet", "editor"],
        cwd=commons,
        env={**os.environ, **IDENTITY},
        stdout=subprocess.PIPE,
        text=True,
    ) as editor:
        assert editor.stdout is not None
        yield editor.stdout.readline().strip()
        editor.terminate()


def drive(address: str, chromium: str, steps: list[list[str]], picture: Path) -> dict:
    """What the browser reports of these steps; a step that cannot be taken fails with a picture."""
    job = {"url": address, "chromium": chromium, "steps": steps, "picture": str(picture)}
    done = subprocess.run(
        ["node", "editor.mjs"], cwd=HERE, input=json.dumps(job), capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout)
    assert "stopped" not in report, f"{report['stopped']} (see {picture})"
    assert report["outside"] == []
    return report


def test_from_an_empty_form_to_commits_that_pass_check(
    address: str, commons: Path, chromium: str, tmp_path: Path
) -> None:
    steps = [
        # An article, with an author, topics, and a picture of its own.
        ["open", "articles/new"],
        ["fill", "Title", "Der Große Streik: v1.5"],
        ["fill", "Summary", "What the dockers did."],
        ["write", "They walked out at noon."],
        ["add", "Add author"],
        ["fill", "Name", "Ann Example"],
        ["fill", "Topics", "Port history, labour"],
        ["add", "Add picture"],
        ["upload", str(PICTURE)],
        ["fill", "What it shows, for those who cannot see it", "A sixpence."],
        ["fill", "Made by", "Ann Example"],
        ["choose", "Licence", "CC0-1.0", "last"],
        ["save"],
        # An edit of an article that stands already.
        ["open", "articles/entries/2026/durban-1973/index"],
        ["write", " And so it went."],
        ["save"],
        # A question, an answer, a comment.
        ["open", "challenges/new"],
        ["fill", "Title", "Who paid for the press?"],
        ["choose", "To", "exchange"],
        ["write", "Who paid for the press in 1912?"],
        ["save"],
        ["open", "comments/new"],
        ["choose", "On", "Six men and an oath"],
        ["write", "A fair account."],
        ["save"],
        ["open", "answers/entries/distaff-wives-of-harvester"],
        ["write", "They did."],
        ["save"],
    ]
    report = drive(address, chromium, steps, tmp_path / "stopped.png")
    assert [status for status, _ in report["told"]] == [200] * len(report["told"])
    assert (report["failed"], report["errors"]) == ([], [])

    subjects = run("git", "log", "--format=%s", cwd=commons).splitlines()
    assert subjects[:-1] == [
        "Add answer:distaff/wives-of-harvester/lamp",
        "Add comment:lamp/2026/on-lamp-2026-tolpuddle-1834",
        "Add challenge:lamp/who-paid-for-the-press",
        "Revise lamp/2026/durban-1973",
        "Add lamp/2026/der-grosse-streik-v1-5",
    ]
    assert run("git", "status", "--porcelain", cwd=commons) == ""
    edit = run("git", "log", "-1", "--format=", "--numstat", "--grep=Revise", cwd=commons)
    assert edit.split("\t") == ["1", "1", "articles/lamp/2026/durban-1973/index.md\n"]
    text = next(commons.glob("articles/lamp/*/der-grosse-streik-v1-5/index.md")).read_text()
    assert "topics:\n  - port-history\n  - labour\n" in text
    assert text.endswith("---\n\nThey walked out at noon.\n")
    run(NEWSREPO, "check", cwd=commons)


def test_what_cannot_stand_is_said_at_the_form_and_not_saved(
    address: str, commons: Path, chromium: str, tmp_path: Path
) -> None:
    before = run("git", "rev-parse", "HEAD", cwd=commons)
    steps = [
        ["open", "comments/new"],
        ["choose", "On", "Six men and an oath"],
        ["fill", "Passage that you mean", "Words that stand nowhere in it."],
        ["write", "Well."],
        ["fill", "In reply to the comment", "comment:lamp/2026/never-was"],
        ["save"],
    ]
    report = drive(address, chromium, steps, tmp_path / "stopped.png")
    ((status, answer),) = report["told"]
    assert status == 422
    assert answer["error"] in report["shown"]
    assert run("git", "rev-parse", "HEAD", cwd=commons) == before
    assert run("git", "status", "--porcelain", cwd=commons) == ""


def test_without_us_behind_it_the_page_itself_pins_what_is_chosen(
    commons: Path, chromium: str, tmp_path: Path
) -> None:
    def work() -> Workspace:
        return Workspace.discover(commons, contingent="lamp")

    def forms() -> bytes:
        backend = {"name": "proxy", "proxy_url": API, "branch": "main"}
        settings = {"backend": backend, "publish_mode": "simple"}
        return page.config(settings, collections(ground(work(), None, pinned=False)))

    with EditorServer(Desk(work, lambda: datetime.now(UTC)), program(work().repository), forms) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        steps = [
            ["open", "comments/new"],
            ["choose", "On", "Short pay at Lawrence"],
            ["write", "Short indeed."],
            ["save"],
            ["open", "articles/new"],
            ["fill", "Title", "Shorter pay"],
            ["write", "They were paid less."],
            ["add", "Add article"],
            ["choose", "Article", "Short pay at Lawrence"],
            ["choose", "What you made of it", "Abridgement"],
            ["save"],
        ]
        report = drive(server.url, chromium, steps, tmp_path / "stopped.png")
        server.shutdown()
    assert [status for status, _ in report["told"]] == [200, 200], report["told"]
    version = run("git", "rev-parse", "HEAD:articles/lamp/2025/lawrence-1912/index.md", cwd=commons)
    (comment,) = commons.glob("comments/lamp/*/on-lamp-2025-lawrence-1912*.md")
    (short,) = commons.glob("articles/lamp/*/shorter-pay/index.md")
    for path in (comment, short):
        assert f"version: {version}" in path.read_text()
    assert not (short.parent / "sources").exists()  # what pinned it was the page


def test_beside_a_site_it_stands_alone_and_asks_only_the_forge(
    commons: Path, chromium: str, tmp_path: Path
) -> None:
    site, picture = tmp_path / "site", tmp_path / "editor.png"
    for home, words in (
        ("https://codeberg.org/press/news", ("--editor-app", "id")),
        ("https://gitlab.com/press/news", ("--editor-app", "id")),
        ("https://github.com/press/news", ("--editor-login", "https://login.example.org/auth")),
    ):
        run("git", "config", "remote.origin.url", home, cwd=commons)
        run(NEWSREPO, "build", "lamp/daily", "-o", str(site), "--editor", *words, cwd=commons)
        handler = functools.partial(Quiet, directory=str(site))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            address = f"http://127.0.0.1:{server.server_port}/admin/"
            job = {"url": address, "chromium": chromium, "look": True, "picture": str(picture)}
            done = subprocess.run(
                ["node", "editor.mjs"],
                cwd=HERE,
                input=json.dumps(job),
                capture_output=True,
                text=True,
                check=True,
            )
            server.shutdown()
        report = json.loads(done.stdout)
        assert (report["failed"], report["errors"]) == ([], []), home
        assert all(where.startswith(home.rpartition("/press")[0]) for where in report["outside"]), report
        assert "Login with" in report["shown"], report
    assert "admin" not in (site / "index.html").read_text()
    assert "admin/" not in (site / "manifest.json").read_text()
    run(NEWSREPO, "verify-edition", str(site), cwd=commons)
    (site / "admin/more.js").write_text("")
    assert "admin/more.js" in run(NEWSREPO, "verify-edition", str(site), "--json", cwd=commons, ok=(1,))
