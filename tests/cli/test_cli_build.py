"""``build``, ``serve`` and ``import``: where they write, what they refuse, and when there is nothing to do."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cli.conftest import STRIKE, Run
from tests.cli.test_cli_look import newsrepo
from tests.cli.test_cli_start import REPORT, modules, python
from tests.conftest import commit_all, put, run_git

PATH = "articles/abc/2026/dock-strike/index.md"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def settle(root: Path) -> None:
    """Put what was just written into the past, so that its times tell whether it changed again."""
    past = time.time() - 100
    for path in [
        root,
        *(root / "articles").rglob("*"),
        *root.glob("*"),
        *root.glob("*/*"),
        *root.glob("*/*/*"),
    ]:
        if ".git" not in path.parts and "site" not in path.parts:
            os.utime(path, (past, past))
    time.sleep(0.03)


class TestBuild:
    def test_one_filter(self, commons: Path, run: Run) -> None:
        result = run("build", "abc/daily", cwd=commons)
        assert result.exit_code == 0
        assert result.stdout == f"{commons}/site/abc/daily/index.html\n"
        assert "abc/daily of 2026-05-10: 1 story, " in result.stderr
        assert "The dock strike ends" in (commons / "site/abc/daily/index.html").read_text()

    def test_into_a_directory(self, commons: Path, run: Run, tmp_path: Path) -> None:
        out = tmp_path / "public"
        assert run("build", "filter:abc/daily", "-o", str(out), cwd=commons).stdout == f"{out}/index.html\n"
        assert (out / "manifest.json").exists()
        assert not (commons / "site").exists()

    def test_all_of_them_and_the_page_that_lists_them(self, commons: Path, run: Run) -> None:
        run("new", "filter", "weekend", "--title", "Weekend", cwd=commons)
        run("build", "abc/daily", cwd=commons)
        result = run("build", "--all", cwd=commons)
        site = commons / "site"
        assert result.stdout.splitlines() == [
            f"{site}/abc/daily/index.html",
            f"{site}/abc/weekend/index.html",
            f"{site}/index.html",
        ]
        assert "abc/weekend/index.html" in (site / "index.html").read_text()
        two = run("build", "abc/weekend", "abc/daily", "abc/daily", "-o", "two", "-C", str(commons))
        assert len(two.stdout.splitlines()) == 3
        assert (commons / "two/abc/daily/index.html").exists()

    def test_json(self, commons: Path, run: Run) -> None:
        answer = json.loads(run("build", "abc/daily", "--json", cwd=commons).stdout)
        assert list(answer) == [
            "version",
            "verb",
            "today",
            "today_from",
            "nothing_to_do",
            "root",
            "editions",
            "failed",
        ]
        (edition,) = answer["editions"]
        assert list(edition) == [
            "filter",
            "source",
            "tips",
            "out",
            "items",
            "pages",
            "written",
            "deleted",
            "unchanged",
            "warnings",
        ]
        assert (answer["today"], answer["today_from"], edition["items"]) == ("2026-05-10", "commit", 1)

    def test_the_day_of_an_edition(self, commons: Path, run: Run) -> None:
        given = json.loads(run("build", "abc/daily", "--json", "--today", "2026-05-02", cwd=commons).stdout)
        assert (given["today"], given["editions"][0]["items"]) == ("2026-05-02", 0)

    def test_works_of_later_days_wait_and_are_named(self, commons: Path, run: Run) -> None:
        result = run("build", "abc/daily", "--today", "2026-05-02", cwd=commons)
        assert "note: 1 work waits, dated after 2026-05-02: abc/2026/dock-strike\n" in result.stderr
        assert "waits" not in run("build", "abc/daily", "--today", "2026-05-03", cwd=commons).stderr

    def test_without_a_commit_it_is_of_today_and_says_so(self, empty: Path, run: Run) -> None:
        result = run("build", "abc/daily", cwd=empty)
        assert result.exit_code == 0
        assert "no commit yet" in result.stderr
        given = run("build", "abc/daily", "--today", "2026-05-02", cwd=empty)
        assert "no commit yet" not in given.stderr

    def test_nothing_to_do(self, commons: Path, run: Run) -> None:
        settle(commons)
        first = json.loads(run("build", "--all", "--json", cwd=commons).stdout)
        before = tree(commons / "site")
        done = python(REPORT, "-C", str(commons), "build", "--all", "--json")
        again = json.loads(done.stdout)
        assert (first["nothing_to_do"], again["nothing_to_do"]) == (False, True)
        assert again["editions"][0]["pages"] == first["editions"][0]["pages"]
        assert again["editions"][0]["written"] == 0
        assert tree(commons / "site") == before
        heavy = {"newsrepo.commons", "newsrepo.records", "newsrepo.filters", "newsrepo.editions.build"}
        assert not modules(done.stderr) & (
            heavy | {"jinja2", "git", "lark", "sqlite3", "nh3", "pyromark", "rich"}
        )

    @pytest.mark.parametrize(
        "change",
        [
            "article",
            "new file",
            "commit",
            "page edited",
            "page deleted",
            "page added",
            "other day",
            "memo torn",
        ],
    )
    def test_whatever_changed_is_noticed(self, commons: Path, run: Run, change: str) -> None:
        settle(commons)
        run("build", "abc/daily", cwd=commons)
        good = tree(commons / "site/abc/daily")
        extra: list[str] = []
        page = commons / "site/abc/daily/index.html"
        if change == "article":
            put(commons, {PATH: STRIKE.replace("cranes", "trains")})
        elif change == "new file":
            put(commons, {"articles/abc/2026/other/index.md": STRIKE})
        elif change == "commit":
            commit_all(commons, GIT_COMMITTER_DATE="2026-05-12T12:00:00Z")
        elif change == "page edited":
            page.write_text("broken")
        elif change == "page deleted":
            page.unlink()
        elif change == "page added":
            put(commons, {"site/abc/daily/stray.html": "stray"})
        elif change == "other day":
            extra = ["--today", "2026-05-20"]
        else:
            for memo in (commons / ".git/newsrepo/builds").iterdir():
                memo.write_bytes(memo.read_bytes()[:-20])
        answer = json.loads(run("build", "abc/daily", "--json", *extra, cwd=commons).stdout)
        assert answer["nothing_to_do"] is False
        now = tree(commons / "site/abc/daily")
        if change.startswith("page") or change == "memo torn":
            now.pop("stray.html", None)
            assert now == good
        else:
            assert now != good

    def test_what_was_missing_is_looked_for_again_until_it_is_there(
        self, commons: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("newsrepo.editions.newsprint._TOOLS", ("no-such-tool-anywhere",))
        path = commons / "filters/abc/daily.yaml"
        path.write_text(path.read_text() + "edition:\n  formats: [web, print]\n")
        settle(commons)
        for _ in range(2):
            answer = json.loads(
                run("build", "abc/daily", "--today", "2026-05-11", "--json", cwd=commons).stdout
            )
            assert "no-print-edition" in [w["rule"] for w in answer["editions"][0]["warnings"]]
            assert not answer["nothing_to_do"]

    def test_what_is_wrong_with_the_whole_commons_is_told_once(self, commons: Path, run: Run) -> None:
        run("new", "filter", "weekend", "--title", "Weekend", cwd=commons)
        (commons / "articles/abc/2026/dock-strike/index.md").write_text("no front matter")
        told = run("build", "--all", cwd=commons).stderr
        assert "abc/daily of" in told
        assert "abc/weekend of" in told
        assert told.count("unreadable-files") == 1

    def test_a_ref_is_built_without_touching_the_tree(self, commons: Path, run: Run, tmp_path: Path) -> None:
        put(commons, {PATH: STRIKE.replace("The dock strike ends", "A draft")})
        run("build", "abc/daily", "--at", "HEAD", "-o", str(tmp_path / "out"), cwd=commons)
        assert "A draft" not in (tmp_path / "out/index.html").read_text()
        assert "A draft" in (commons / PATH).read_text()

    def test_force_makes_every_page_again(self, commons: Path, run: Run) -> None:
        settle(commons)
        run("build", "abc/daily", cwd=commons)
        before = tree(commons / "site")
        assert (
            json.loads(run("build", "abc/daily", "--force", "--json", cwd=commons).stdout)["nothing_to_do"]
            is False
        )
        assert tree(commons / "site") == before

    @pytest.mark.parametrize(
        "where", ["home", "root", "repository", "above", "records", "git", "documents", "file", "link"]
    )
    def test_directories_that_are_not_ours(self, commons: Path, run: Run, tmp_path: Path, where: str) -> None:
        home = Path(os.environ["HOME"])
        put(home, {"letter.txt": "dear"})
        put(tmp_path / "documents", {"index.html": "mine", "a/b.txt": "mine"})
        (tmp_path / "link").symlink_to(tmp_path / "documents")
        out = {
            "home": home,
            "root": Path("/"),
            "repository": commons,
            "above": commons.parent,
            "records": commons / "articles" / "site",
            "git": commons / ".git" / "site",
            "documents": tmp_path / "documents",
            "file": tmp_path / "documents" / "index.html",
            "link": tmp_path / "link",
        }[where]
        before = tree(commons / "articles"), tree(home), tree(tmp_path / "documents")
        for args in (["abc/daily"], ["--all"]):
            result = run("build", *args, "-o", str(out), cwd=commons)
            assert result.exit_code == 2, result.output
            assert "will not build into" in result.stderr
        assert (tree(commons / "articles"), tree(home), tree(tmp_path / "documents")) == before

    @pytest.mark.parametrize(
        "args", [["abc/none"], ["nonsense"], ["../x"], [], ["--all", "abc/daily"], ["filter:abc/a/b"]]
    )
    def test_filters_that_are_none(self, commons: Path, run: Run, args: list[str]) -> None:
        result = run("build", *args, cwd=commons)
        assert result.exit_code == 2
        assert "hint: " in result.stderr
        assert not (commons / "site").exists()

    def test_a_filter_with_a_fault_names_it(self, commons: Path, run: Run) -> None:
        put(commons, {"filters/abc/bad.yaml": "title: Bad\nselect: nosuch>=3\n"})
        result = run("build", "abc/bad", cwd=commons)
        assert result.exit_code == 3
        assert "nosuch" in result.stderr

    def test_a_filter_that_cannot_be_read_is_not_called_missing(self, commons: Path, run: Run) -> None:
        put(commons, {"filters/abc/bad.yaml": "title: Bad\nlimit: none\n"})
        for args in (("build", "abc/bad"), ("find", "--filter", "abc/bad")):
            result = run(*args, cwd=commons)
            assert result.exit_code == 3
            assert "'filters/abc/bad.yaml' cannot be read" in result.stderr
            assert "`newsrepo check filters/abc/bad.yaml` says why" in result.stderr

    def test_a_read_only_place(self, commons: Path, run: Run, tmp_path: Path) -> None:
        if os.geteuid() == 0:
            pytest.skip("root may write anywhere")
        (tmp_path / "locked").mkdir(mode=0o555)
        result = run("build", "abc/daily", "-o", str(tmp_path / "locked/x"), cwd=commons)
        assert result.exit_code == 3
        assert "ermission" in result.stderr


class TestServe:
    def test_preview_follows_changes_and_ends_with_ctrl_c(self, commons: Path) -> None:
        process = subprocess.Popen(
            newsrepo("-C", str(commons), "serve", "abc/daily"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            url = next(line.strip() for line in lines if line.startswith("http://"))
            assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/", url)
            assert b"The dock strike ends" in urllib.request.urlopen(url, timeout=5).read()
            put(commons, {PATH: STRIKE.replace("The dock strike ends", "The dock strike goes on")})
            deadline = time.monotonic() + 30
            while b"goes on" not in urllib.request.urlopen(url, timeout=5).read():
                assert time.monotonic() < deadline, "the preview did not follow"
                time.sleep(0.1)
            put(commons, {"filters/abc/daily.yaml": "nonsense"})
            time.sleep(1)
            assert b"goes on" in urllib.request.urlopen(url, timeout=5).read()
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "Traceback" not in said
        assert not (commons / "site").exists()

    def test_a_filter_that_is_none(self, commons: Path, run: Run) -> None:
        assert run("serve", "abc/none", cwd=commons).exit_code == 2

    def test_a_port_that_is_taken(self, commons: Path, run: Run) -> None:
        import socket

        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            result = run("serve", "abc/daily", "--port", str(taken.getsockname()[1]), cwd=commons)
        assert result.exit_code == 3
        assert "--port" in result.stderr


POST = """\
---
title: "On [brackets] and ::commands"
date: 2020-03-04
authors: [Ann]
---
Hello **there**.
"""


class TestImport:
    @pytest.fixture
    def blog(self, tmp_path: Path) -> Path:
        put(tmp_path / "blog", {"_posts/2020-03-04-hello.md": POST, "_posts/2020-03-05-two.md": POST})
        return tmp_path / "blog"

    def test_twice_is_once(self, commons: Path, run: Run, blog: Path) -> None:
        args = ("import", "markdown", str(blog), "--license", "CC0-1.0")
        dry = run(*args, "--dry-run", cwd=commons)
        assert dry.exit_code == 0
        assert not (commons / "articles/abc/2020").exists()
        first = run(*args, cwd=commons)
        assert first.stdout == dry.stdout
        assert first.stdout.splitlines()[0] == "2 articles, 0 pictures"
        assert "would write 2 files" in dry.stderr
        assert "wrote 2 files" in first.stderr
        before = tree(commons / "articles")
        again = run(*args, cwd=commons)
        assert (again.exit_code, again.stdout) == (0, first.stdout)
        assert "nothing to do: all 2 files are there already" in again.stderr
        assert tree(commons / "articles") == before

    def test_what_was_changed_since_is_kept(self, commons: Path, run: Run, blog: Path) -> None:
        args = ("import", "markdown", str(blog), "--license", "CC0-1.0")
        path = commons / json.loads(run(*args, "--json", cwd=commons).stdout)["written"][0]
        path.write_text(path.read_text() + "\nEdited.\n")
        again = run(*args, "--json", cwd=commons)
        answer = json.loads(again.stdout)
        keys = "version verb dry_run written same kept counts passed_over findings"
        assert list(answer) == keys.split()
        assert answer["kept"] == [str(path.relative_to(commons))]
        assert "1 file is there already, differs from what would be imported" in again.stderr
        assert str(path.relative_to(commons)) in again.stderr
        assert path.read_text().endswith("\nEdited.\n")

    def test_another_option_makes_one_warning_for_all_files(
        self, commons: Path, run: Run, blog: Path
    ) -> None:
        args = ("import", "markdown", str(blog), "--license", "CC0-1.0")
        run(*args, cwd=commons)
        again = run(*args, "--lang", "de", cwd=commons)
        assert again.exit_code == 0
        assert again.stderr.count("warning: ") == 1
        assert "2 files are there already, differ from" in again.stderr
        assert "such as articles/abc/2020/hello/index.md" in again.stderr
        assert "articles/abc/2020/two" not in again.stderr
        assert "articles/abc/2020/two" in run(*args, "--lang", "de", "--details", cwd=commons).stderr

    def test_a_report_of_many_findings_is_short_and_complete(
        self, commons: Path, run: Run, tmp_path: Path
    ) -> None:
        front = "---\ntitle: T\ndate: 2020-01-01\nlayout: x\nweight: 1\n---\n"
        site = {f"p{n:02}.md": front + "![a](/gone.png)\n" * 2 for n in range(20)}
        site["README.md"] = "No post.\n"
        site["p03.md"] += "{{ nobody_knows }}\n"
        put(tmp_path / "site", site)
        args = (
            "import",
            "markdown",
            str(tmp_path / "site"),
            "--license",
            "CC0-1.0",
            "--url",
            "https://a.example",
        )
        said = run(*args, "--lang", "en", "--dry-run", cwd=commons)
        assert said.exit_code == 0
        assert said.stdout.splitlines() == [
            "20 articles, 0 pictures",
            "left out or changed on the way:",
            "  import-missing-picture: 40, such as p00.md:7",
            "    the picture '/gone.png' is not in the folder",
            "  import-template: 1, such as p03.md:9",
            "    template call left out: '{{ nobody_knows }}'",
            "no article, since without front matter: README.md",
            "keys of front matter that mean nothing here: layout 20, weight 20",
        ]
        assert "--details" in said.stderr
        full = run(*args, "--lang", "en", "--dry-run", "--details", cwd=commons).stdout
        assert full.count(": import-missing-picture (warning): ") == 40
        assert full.count("\narticles/abc/2020/") == 19
        answer = json.loads(run(*args, "--lang", "en", "--dry-run", "--json", cwd=commons).stdout)
        assert len(answer["findings"]) == 41
        assert answer["passed_over"] == ["README.md"]

    def test_a_post_that_cannot_come_makes_the_answer_no(self, commons: Path, run: Run, blog: Path) -> None:
        (blog / "_posts/2020-03-06-bad.md").write_text("---\ntitle: never closed\n")
        said = run("import", "markdown", str(blog), "--license", "CC0-1.0", cwd=commons)
        assert said.exit_code == 1
        assert "  import-unreadable (error): 1, such as _posts/2020-03-06-bad.md:" in said.stdout
        assert "wrote 2 files" in said.stderr

    def test_a_licence_the_commons_does_not_accept(self, commons: Path, run: Run, blog: Path) -> None:
        result = run("import", "markdown", str(blog), "--license", "MIT", cwd=commons)
        assert result.exit_code == 2
        assert "CC0-1.0" in result.stderr

    def test_a_folder_that_is_none(self, commons: Path, run: Run) -> None:
        assert run("import", "markdown", "nowhere", cwd=commons).exit_code == 2
        (commons / "bare").mkdir()
        result = run("import", "markdown", str(commons / "bare"), cwd=commons)
        assert result.exit_code == 2
        assert "there is no Markdown text in" in result.stderr


@pytest.mark.parametrize("verb", [["check"], ["find"], ["build", "abc/daily"], ["show", "abc"]])
def test_a_hostile_local_configuration_runs_nothing(commons: Path, tmp_path: Path, verb: list[str]) -> None:
    marker = tmp_path / "marker"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {marker}\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "diff.external", "core.editor"):
        run_git(commons, "config", key, str(script))
    run_git(commons, "config", "core.hooksPath", str(tmp_path))
    subprocess.run(newsrepo("-C", str(commons), *verb), check=False, capture_output=True)
    assert not marker.exists()


def test_a_second_build_at_once_is_told_and_a_killed_one_locks_nothing(commons: Path) -> None:
    code = """
import sys, time
from newsrepo.editions import build
real = build.publish
def slow(*args, **more):
    print("in", flush=True)
    time.sleep(20)
    return real(*args, **more)
build.publish = slow
from newsrepo.cli.main import run
run()
"""
    first = subprocess.Popen(
        [sys.executable, "-c", code, "-C", str(commons), "build", "abc/daily"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stdout is not None
        assert first.stdout.readline() == "in\n"
        second = subprocess.run(
            newsrepo("-C", str(commons), "build", "abc/daily"), check=False, capture_output=True, text=True
        )
        assert second.returncode == 75
        assert str(first.pid) in second.stderr
    finally:
        first.kill()
        first.communicate()
    after = subprocess.run(
        newsrepo("-C", str(commons), "build", "abc/daily"), check=False, capture_output=True
    )
    assert after.returncode == 0
