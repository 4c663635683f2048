"""docs/shell.md is true: where completion is installed, and that nothing hostile reaches a shell by it."""

import re
from pathlib import Path

import pytest
from hermetic import put, run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app

PAGE = (Path(__file__).parents[2] / "docs/shell.md").read_text("utf-8")
PLACES = re.findall(r"^\| (bash|zsh|fish) \| `~/([^`]+)`", PAGE, re.MULTILINE)


@pytest.mark.parametrize(("shell", "place"), PLACES)
def test_completion_is_installed_where_the_page_says(
    shell: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")  # so that the shell can be named
    done = CliRunner().invoke(app, ["--install-completion", shell])
    assert done.exit_code == 0, done.output
    assert "_NEWSREPO_COMPLETE" in (tmp_path / place).read_text()
    if shell == "bash":
        assert place in (tmp_path / ".bashrc").read_text()


def test_the_page_names_three_shells() -> None:
    assert [shell for shell, _ in PLACES] == ["bash", "zsh", "fish"]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_no_name_of_a_file_reaches_a_shell_but_ids(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What zsh is given it evaluates; bash is tried with the verbs."""
    run_git(tmp_path, "init", "-q", "--template=")
    put(tmp_path, {"newsrepo.yaml": "", "filters/abc/daily.yaml": ""})
    for name in ("$(touch x)", "`touch x`", "a'b", 'a"b', "a;b", "a\nb"):
        put(tmp_path, {f"filters/abc/{name}.yaml": "", f"contingents/{name}.yaml": ""})
    monkeypatch.chdir(tmp_path)
    told = ""
    for line in ("newsrepo build ", "newsrepo --as "):
        env = {
            "_NEWSREPO_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": line,
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        told += CliRunner().invoke(app, [], env=env, prog_name="newsrepo").output
    assert "abc/daily" in told
    assert not re.search(r"touch|a.?b|[$`;]", told.replace("abc", ""))
