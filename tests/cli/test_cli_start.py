"""Starting costs little, every verb explains itself, and the exit codes are those promised."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from newsrepo import __version__
from newsrepo.cli import main
from newsrepo.errors import LockedError, UnableError, UsageError

VERBS = [verb for panel in main.VERBS.values() for verb in panel]
HEAVY = (
    "jinja2",
    "git",
    "lark",
    "yaml",
    "sqlite3",
    "rich",
    "nh3",
    "pyromark",
    "PIL",
    "http",
    "ssl",
    "markdownify",
)


def python(code: str, *args: str, **kw: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, check=False, **kw
    )


REPORT = """
import sys
from newsrepo.cli.main import run
try:
    run()
except SystemExit as end:
    code = end.code
print(*(f"<{m}>" for m in sys.modules), file=sys.stderr)
raise SystemExit(code)
"""


def modules(text: str) -> set[str]:
    return set(re.findall("<(.*?)>", text))


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["check", "--help"], ["build", "--help"]])
def test_help_imports_nothing_heavy(args: list[str]) -> None:
    done = python(REPORT, *args)
    assert done.returncode == 0
    loaded = modules(done.stderr)
    assert not loaded & set(HEAVY)
    assert {m for m in loaded if m.startswith("newsrepo.cli.")} >= {"newsrepo.cli.main"}
    others = {"find", "new", "serve"}
    assert not {f"newsrepo.cli.{v}" for v in others} & loaded


def test_a_verb_starts_without_the_other_verbs(tmp_path: Path) -> None:
    done = python(REPORT, "-C", str(tmp_path), "check")
    assert done.returncode == 3
    loaded = modules(done.stderr)
    assert "newsrepo.cli.check" in loaded
    assert not {"newsrepo.cli.find", "newsrepo.cli.build"} & loaded
    assert not loaded & {"jinja2", "git", "lark", "rich", "nh3", "pyromark", "PIL", "ssl"}


def test_version() -> None:
    assert CliRunner().invoke(main.app, ["--version"]).stdout == f"newsrepo {__version__}\n"


def leaves() -> list[tuple[str, ...]]:
    group = get_command(main.app)
    found: list[tuple[str, ...]] = []
    for verb in VERBS:
        command = group.get_command(group.make_context("newsrepo", ["x"], resilient_parsing=True), verb)
        found.append((verb,))
        found.extend((verb, name) for name in getattr(command, "commands", {}))
    return found


@pytest.mark.parametrize("leaf", leaves(), ids=" ".join)
def test_every_verb_helps_with_an_example(leaf: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main.app, [*leaf, "--help"])
    assert result.exit_code == 0
    assert f"Example: newsrepo {leaf[0]}" in " ".join(result.stdout.split())
    assert "Usage: " in result.stdout


def test_the_list_of_verbs_has_every_verb() -> None:
    shown = CliRunner().invoke(main.app, ["--help"]).stdout
    for verb, line in (pair for panel in main.VERBS.values() for pair in panel.items()):
        assert f"  {verb}" in shown
        assert line.split(".")[0][:30] in " ".join(shown.split())


@pytest.mark.parametrize(
    "args",
    [
        ["frobnicate"],
        ["check", "--nope"],
        ["rate"],
        ["find", "--limit", "none"],
        ["check", "--format", "xml"],
        ["-C", "/nonexistent", "check"],
        ["--today", "tomorrow", "check"],
        ["check", "--today", "2026-02-30"],
        ["find", "--json", "--csv"],
        ["new"],
        [],
    ],
    ids=" ".join,
)
def test_usage_errors_exit_2(args: list[str]) -> None:
    result = CliRunner().invoke(main.app, args)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("args", [["\x1b[2Jx"], ["check", "--\x1b[2J"], ["find", "--limit", "\x1b[2J\u202e"]])
def test_usage_errors_print_arguments_safely(args: list[str]) -> None:
    result = CliRunner().invoke(main.app, args)
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


class TestBoundary:
    @pytest.mark.parametrize(
        ("error", "code", "said"),
        [
            (UsageError("no such axis: 'x'", "known: y"), 2, "error: no such axis: 'x'\n  hint: known: y\n"),
            (UnableError("git is missing"), 3, "error: git is missing\n"),
            (LockedError("held by 42"), 75, "error: held by 42\n"),
            (
                OSError(28, "No space left on device", "a/b\x1b"),
                3,
                "error: 'a/b\\u{1b}': No space left on device\n",
            ),
            (PermissionError(13, "Permission denied", "x"), 3, "error: 'x': Permission denied\n"),
            (KeyboardInterrupt(), 130, ""),
        ],
        ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
    )
    def test_errors_become_messages_and_codes(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: BaseException, code: int, said: str
    ) -> None:
        def fail(self: object) -> None:
            raise error

        monkeypatch.setattr("newsrepo.cli.session.Session.workspace", fail)
        result = CliRunner().invoke(main.app, ["-C", str(tmp_path), "check"])
        assert result.exit_code == code
        assert result.stderr.startswith(said)
        assert result.stdout == ""

    def test_a_bug_keeps_its_traceback_and_asks_to_be_reported(self, tmp_path: Path) -> None:
        code = """
from newsrepo.cli import main, session
def broken(self):
    raise ValueError("\\x1b[2Jodd")
session.Session.workspace = broken
main.run()
"""
        done = python(code, "-C", str(tmp_path), "check")
        assert done.returncode == 4
        assert "Traceback" in done.stderr
        assert r"ValueError: \u{1b}[2Jodd" in done.stderr
        assert "please report it" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
    def test_signals_end_it_with_their_code(self, tmp_path: Path, signal: str, code: int) -> None:
        source = f"""
import os, signal, time
from newsrepo.cli import main, session
def wait(self):
    os.kill(os.getpid(), signal.{signal})
    time.sleep(10)
session.Session.workspace = wait
main.run()
"""
        done = python(source, "-C", str(tmp_path), "check")
        assert done.returncode == code
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(("signal", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
    def test_forked_workers_end_without_a_word(self, tmp_path: Path, signal: str, code: int) -> None:
        source = f"""
import os, signal, time
from newsrepo.cli import main, session
def fork(self):
    child = os.fork()
    if child == 0:
        os.kill(os.getpid(), signal.{signal})
        time.sleep(10)
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
session.Session.workspace = fork
main.run()
"""
        done = python(source, "-C", str(tmp_path), "check")
        assert (done.returncode, done.stdout, done.stderr) == (
            code,
            "",
            "interrupted\n" if code == 130 else "",
        )


def test_global_options_stand_before_or_after_the_verb(tmp_path: Path) -> None:
    before = CliRunner().invoke(main.app, ["-C", str(tmp_path), "check"])
    after = CliRunner().invoke(main.app, ["check", "-C", str(tmp_path)])
    inner = CliRunner().invoke(main.app, ["new", "article", "-C", str(tmp_path), "--title", "x"])
    assert before.exit_code == after.exit_code == inner.exit_code == 3
    assert before.stderr == after.stderr == inner.stderr
    assert str(tmp_path) in before.stderr


class TestPlaces:
    """Not a repository, bare, empty, no git: one clear line each."""

    def test_not_a_repository(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(main.app, ["check", "-C", str(tmp_path)])
        assert result.exit_code == 3
        assert "is not in a git repository" in result.stderr
        assert "newsrepo init" in result.stderr

    def test_bare(self, tmp_path: Path) -> None:
        subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "x.git")], check=True)
        result = CliRunner().invoke(main.app, ["check", "-C", str(tmp_path / "x.git")])
        assert result.exit_code == 3
        assert "bare repository" in result.stderr

    def test_no_git(self, tmp_path: Path) -> None:
        env = {**os.environ, "PATH": str(tmp_path)}
        done = python("from newsrepo.cli.main import run; run()", "-C", str(tmp_path), "check", env=env)
        assert done.returncode == 3
        assert "git" in done.stderr
        assert "Traceback" not in done.stderr
