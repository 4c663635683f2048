"""The guarded runner: what it starts, what it lets through, and how it ends what goes wrong."""

import ast
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import run_git

import newsrepo
from newsrepo.errors import UnableError
from newsrepo.gitstore.runner import SUBCOMMANDS, Git, environment, parse_version

PACKAGE = Path(newsrepo.__file__).parent


def test_only_listed_subcommands() -> None:
    git = Git("/")
    for args in ((), ("push",), ("--exec-path",), ("-c", "x=y"), ("show",), ("status",)):
        with pytest.raises(ValueError, match="not on the list"):
            git.command(args)
    assert git.command(["version"])[-1] == "version"


def test_the_environment_is_chosen_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "GIT_DIR",
        "GIT_SSH_COMMAND",
        "GIT_CONFIG_PARAMETERS",
        "GIT_EXEC_PATH",
        "LD_PRELOAD",
        "PAGER",
    ):
        monkeypatch.setenv(name, "/evil")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    env = environment()
    assert "/evil" not in env.values()
    assert env["LC_ALL"] == "C"
    assert env["GIT_NO_REPLACE_OBJECTS"] == env["GIT_NO_LAZY_FETCH"] == env["GIT_CONFIG_NOSYSTEM"] == "1"
    assert env["GIT_OPTIONAL_LOCKS"] == env["GIT_TERMINAL_PROMPT"] == "0"
    assert "/evil" not in environment(user=True).values()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("git version 2.39.5", (2, 39)),
        ("git version 2.39.5 (Apple Git-154)", (2, 39)),
        ("git version 2.47.1.windows.2", (2, 47)),
        ("git version 3.0.0-rc1", (3, 0)),
        ("", None),
        ("gitt version 1", None),
    ],
)
def test_versions(said: str, found: tuple[int, int] | None) -> None:
    assert parse_version(said) == found


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Git]:
    """A git of our own making that answers ``version`` well and does ``script`` otherwise."""

    def make(script: str) -> Git:
        fake = tmp_path / "bin/git"
        fake.parent.mkdir()
        fake.write_text(f'#!/bin/sh\ncase "$1" in version) echo git version 2.50.0; exit;; esac\n{script}\n')
        fake.chmod(0o755)
        monkeypatch.setenv("PATH", f"{fake.parent}:/usr/bin:/bin")
        return Git(str(tmp_path))

    return make


def test_it_does_not_wait_for_ever(slow: Callable[[str], Git]) -> None:
    with pytest.raises(UnableError, match="took longer than"):
        slow("exec sleep 60").run("config", seconds=0.2)


def test_it_does_not_read_for_ever(slow: Callable[[str], Git]) -> None:
    with pytest.raises(UnableError, match="more than 1 MiB"):
        slow("exec cat /dev/zero").run("config", limit=1 << 20)


def test_output_after_closing_its_mouth(slow: Callable[[str], Git]) -> None:
    with pytest.raises(UnableError, match="took longer than"):
        slow("exec >&-; exec sleep 60").run("config", seconds=0.2)


def test_what_git_said_is_quoted_and_short(slow: Callable[[str], Git]) -> None:
    with pytest.raises(UnableError) as error:
        slow("printf 'hint: no\\nfatal: \\033[2J%0999d\\n' 1 >&2; exit 128").run("config")
    assert error.value.message.startswith("git config failed: 'fatal: \\x1b[2J000")
    assert error.value.message.isprintable()
    assert len(error.value.message) < 400


def test_a_git_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "git"
    fake.write_bytes(b"\x7fELFnonsense")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnableError, match="cannot run"):
        Git("/").run("version")


def test_pathspecs_are_literal(make_repo: Callable[..., Path]) -> None:
    root = make_repo({"a.md": "", "b.md": ""})
    _, out = Git(str(root), str(root / ".git"), str(root)).run("ls-files", "-z", "--", "*.md")
    assert out == b""
    assert run_git(root, "ls-files", "--", "*.md") == "a.md\nb.md"


def _calls(tree: ast.AST) -> list[str]:
    return [ast.unparse(n.func) for n in ast.walk(tree) if isinstance(n, ast.Call)]


def test_git_is_started_in_one_module_only() -> None:
    """No other module starts git, and nowhere is GitPython asked for a command (``repo.git.anything``)."""
    runner = PACKAGE / "gitstore/runner.py"
    starters = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text())
        calls = _calls(tree)
        assert not [c for c in calls if ".git." in c and "self._git" not in c], path
        assert not [c for c in calls if c in ("os.system", "os.popen")], path
        strings = {
            n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        }
        if any(c.startswith("subprocess.") for c in calls) and "git" in strings:
            starters.append(path)
    assert starters == [runner]


def test_every_subcommand_on_the_list_is_used() -> None:
    text = "".join(p.read_text() for p in (PACKAGE / "gitstore").glob("*.py"))
    assert all(text.count(f'"{name}"') > 1 for name in SUBCOMMANDS), SUBCOMMANDS


def test_paths_of_other_systems_do_not_confuse_the_search(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "git").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.pathsep}relative{os.pathsep}{os.environ['PATH']}")
    assert Git("/").run("version")[1].startswith(b"git version")
