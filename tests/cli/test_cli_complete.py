"""The shell completes verbs, options and the ids that stand in the working tree."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_cli_look import newsrepo
from tests.conftest import put

ID = "abc/2026/dock-strike"


def complete(root: Path, line: str, position: int) -> list[str]:
    env = {
        **os.environ,
        "_NEWSREPO_COMPLETE": "complete_bash",
        "COMP_WORDS": line,
        "COMP_CWORD": str(position),
    }
    code = "import sys; sys.argv[0] = 'newsrepo'; from newsrepo.cli.main import run; run()"
    done = subprocess.run(
        [newsrepo()[0], "-c", code], cwd=root, env=env, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "position", "found"),
    [
        ("newsrepo ch", 1, ["challenges", "check"]),
        ("newsrepo show abc/2", 2, [ID]),
        ("newsrepo show ", 2, [ID, "abc/daily", "abc"]),
        ("newsrepo rate abc/2026/d", 2, [ID]),
        ("newsrepo build abc/", 2, ["abc/daily"]),
        ("newsrepo serve a", 2, ["abc/daily"]),
        ("newsrepo find --filter a", 3, ["abc/daily"]),
        ("newsrepo --as a", 2, ["abc"]),
        ("newsrepo explain derivation-", 2, ["derivation-cycle"]),
        ("newsrepo rewrite --relation co", 3, ["correction", "compilation"]),
        ("newsrepo new comment --kind q", 4, ["question"]),
        ("newsrepo init --forge git", 3, ["github", "gitlab"]),
        ("newsrepo check --format s", 3, ["sarif"]),
    ],
)
def test_completion(commons: Path, line: str, position: int, found: list[str]) -> None:
    put(commons, {"filters/abc/BAD$(x).yaml": "", "contingents/a;b.yaml": ""})
    assert complete(commons, line, position) == found


def test_no_repository_completes_nothing(tmp_path: Path) -> None:
    assert complete(tmp_path, "newsrepo show a", 2) == []
