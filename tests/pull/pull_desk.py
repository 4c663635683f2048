"""What the tests of pull requests share: a commons with a base branch, and a runner that reads its log."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hermetic import commit_all, put, run_git
from support import CHARTER, article

PROGRAM = (sys.executable, "-c", "from newsrepo.cli.main import run; run()")
FREE = "license: CC0-1.0\nauthors: [Ann Lee]\n"
HOME = "https://github.com/harbour/commons"
QUAY = "articles/abc/2026/quay/index.md"
PORT = "articles/lmn/2026/port/index.md"


def text(title: str, body: str = "Some words.", more: str = "") -> str:
    return article(title, body, date="2026-04-20", more=FREE + more)


def sound() -> dict[str, str]:
    """Two contingents, each known by an account or a home, with an article, a comment, ratings, a filter."""
    return {
        "newsrepo.yaml": f"home: {HOME}\n{CHARTER}",
        "contingents/abc.yaml": "name: ABC\nwriters: ['github:ann', Bo]\n",
        "contingents/lmn.yaml": "name: LMN\nhome: https://github.com/lmn/news\n",
        QUAY: text("The quay", "Nine days."),
        PORT: text("The port", "See [the quay](article:abc/2026/quay)."),
        "comments/lmn/2026/reply.md": (
            "---\non: abc/2026/quay\ndate: 2026-04-21\nauthors: [Bo]\nlang: en\n---\n\nWell told.\n"
        ),
        "filters/abc/daily.yaml": "title: ABC daily\ntrust: {abc: 1}\ninclude: [lmn/2026/port]\n",
        "README.md": "A commons.\n",
    }


def base(root: Path, more: Mapping[str, str] | None = None) -> Path:
    """A repository whose branch ``main`` holds a sound commons, with ``work`` checked out."""
    root.mkdir()
    run_git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    put(root, {**sound(), **(more or {})})
    commit_all(root, "Base")
    run_git(root, "checkout", "--quiet", "-b", "work")
    return root


@dataclass(frozen=True)
class Command:
    """One line that a runner obeys."""

    name: str
    properties: dict[str, str]
    data: str


@dataclass(frozen=True)
class Said:
    """What one run of the program answered."""

    code: int
    out: str
    err: str
    summary: str = ""

    @property
    def commands(self) -> list[Command]:
        """What a runner does with both streams, as it does: also none while commands are stopped."""
        return obeyed(self.out) + obeyed(self.err)


REGISTERED = frozenset(
    ["error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "set-output", "save-state",
     "set-env", "add-path", "add-matcher", "remove-matcher", "echo", "stop-commands", "internal-set-repo-path"]
)  # fmt: skip


def obeyed(log: str) -> list[Command]:
    """The commands in a log, by the rules of the runner: ``::`` after white space, or ``##[`` anywhere."""
    found: list[Command] = []
    stop = ""
    for line in log.split("\n"):
        command = _new_form(line, stop) or _old_form(line)
        if command is None:
            continue
        if stop:
            stop = "" if command.name == stop else stop
        elif command.name == "stop-commands":
            stop = command.data
        else:
            found.append(command)
    assert not stop, "commands stay stopped"
    return found


def _new_form(line: str, stop: str) -> Command | None:
    line = line.lstrip()
    end = line.find("::", 2)
    if not line.startswith("::") or end < 0:
        return None
    name, _, rest = line[2:end].partition(" ")
    if name.lower() not in REGISTERED and name != stop:
        return None
    pairs = [pair.split("=", 1) for pair in rest.strip().split(",") if pair]
    return Command(
        name,
        {pair[0]: _plain(pair[1], ("%3A", ":"), ("%2C", ",")) for pair in pairs if len(pair) == 2},
        _plain(line[end + 2 :]),
    )


def _old_form(line: str) -> Command | None:
    match = re.search(r"##\[([^\]]*)\]", line)
    if match is None or match[1].partition(" ")[0].lower() not in REGISTERED:
        return None
    return Command(match[1].partition(" ")[0], {}, line[match.end() :])


def _plain(text: str, *more: tuple[str, str]) -> str:
    for written, meant in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(written, meant)
    return text


def check(root: Path, *args: str, summary: Path | None = None, **env: str) -> Said:
    """Run ``newsrepo check`` as a step of a workflow does, in a process of its own."""
    more = {"GITHUB_ACTIONS": "true", **({"GITHUB_STEP_SUMMARY": str(summary)} if summary else {}), **env}
    done = subprocess.run(
        [*PROGRAM, "check", *args],
        cwd=root,
        capture_output=True,
        env={**os.environ, **more},
        check=False,
        timeout=120,
    )
    page = summary.read_text(encoding="utf-8") if summary and summary.exists() else ""
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode(), page)
