"""The README's tour shows what the program really prints; UPDATE_GOLDENS=1 writes it anew."""

import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from hermetic import commit_all, run_git

from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).parents[2]
README = PROJECT / "README.md"
_BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
_COMMAND = re.compile(r"^\$ (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample commons alone, committed in a repository of its own."""
    root = tmp_path_factory.mktemp("tour") / "newsrepo"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    return root


_VARYING = re.compile(r"\b[0-9a-f]{8,40}\b|\d{4}-\d\d-\d\dT[\d:]+Z")
"""Commits and moments: the network's homes are addresses on this machine, which its commits hold."""


def answers(commands: list[str], where: Path) -> str:
    """What each command prints, words and answers as a person would see them, after its own line."""
    scripts = sysconfig.get_path("scripts")
    env = {**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}", "COLUMNS": "100", "NO_COLOR": "1"}
    said = ""
    for command in commands:
        if command.startswith("cd "):
            said += f"$ {command}\n\n"
            continue
        done = subprocess.run(
            shlex.split(command),
            cwd=where,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said += f"$ {command}\n{done.stdout.expandtabs(1).rstrip()}\n\n".replace("\n\n\n", "\n\n")
    return said.rstrip() + "\n"


def test_the_tour_is_true(clone: Path) -> None:
    readme = README.read_text()
    blocks = _BLOCK.findall(readme)
    assert blocks
    where = clone
    for block in blocks:
        commands = _COMMAND.findall(block)
        assert commands
        real = answers(commands, where).replace(str(clone), "/home/ann/newsrepo")
        for command in commands:
            if command.startswith("cd "):
                where = where / command.removeprefix("cd ")
        if os.environ.get("UPDATE_GOLDENS"):
            README.write_text(README.read_text().replace(block, real))
        else:
            assert _VARYING.sub("…", block) == _VARYING.sub("…", real)
