"""What the tests of bad input share: a sound commons, the whole program run on it, and what must never show."""

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hermetic import put, run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app
from tests.support import CHARTER, article

SECONDS = 50.0
"""A command that takes longer hangs, however busy the machine is."""

WORK = 5.0
"""No command on these small commons may take more seconds of the processor."""

CANARY = "articles/lmn/2026/canary/index.md"
"""An article with a fault of its own: it must be told of whatever else is wrong."""

DAY = "2026-04-20"
"""When the articles are of: before the first commit, so that an edition prints them."""

GOOD = "abc/2026/good"
PROGRAM = (sys.executable, "-c", "from newsrepo.cli.main import run; run()")
"""How to start the program in a process of its own."""

WITNESS = "The cranes moved again on Sunday."


def sound() -> dict[str, str]:
    """A commons with nothing wrong in it: two contingents, two articles, ratings, a comment and a filter."""
    more = "license: CC0-1.0\nauthors: [Ann Lee]\ntopics: [labour]\n"
    return {
        "newsrepo.yaml": CHARTER,
        "contingents/abc.yaml": "name: ABC\n",
        "contingents/lmn.yaml": "name: LMN\n",
        "articles/abc/2026/good/index.md": article("The strike ends", WITNESS, date=DAY, more=more),
        "articles/lmn/2026/other/index.md": article("The other side", "Ships waited.", date=DAY, more=more),
        "comments/lmn/2026/reply.md": (
            "---\non: abc/2026/good\ndate: 2026-04-21\nauthors: [Bo]\nlang: en\n---\n\nWell told.\n"
        ),
        "filters/abc/daily.yaml": (
            "title: ABC daily\ntrust: {abc: 1}\nedition: {title: ABC daily, url: 'https://example.org/'}\n"
        ),
    }


def more(title: str, body: str = "Some words.", front: str = "") -> str:
    """The text of an article with a licence; ``title`` and ``front`` are YAML as they stand."""
    return f"---\ntitle: {title}\ndate: 2026-04-20\nlang: en\nlicense: CC0-1.0\n{front}---\n\n{body}\n"


@dataclass(frozen=True)
class Link:
    """A symbolic link to ``target``."""

    target: str


@dataclass(frozen=True)
class Fifo:
    """A pipe that nobody writes to: whoever opens it waits for ever."""


Content = str | bytes | Link | Fifo


def lay(root: Path, files: Mapping[str, Content]) -> None:
    """Put files, links and pipes below ``root``."""
    put(root, {path: what for path, what in files.items() if isinstance(what, (str, bytes))})
    for path, what in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(what, Link):
            target.symlink_to(what.target)
        elif isinstance(what, Fifo):
            os.mkfifo(target)


@dataclass(frozen=True)
class Said:
    """What one run of the program answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json["findings"]
        return found


def newsrepo(root: Path, *args: str, **env: str) -> Said:
    """Run the command line in this process. A bug, a hang or a byte that acts on a terminal fails the test."""
    begun = time.process_time()
    with _limit(SECONDS):
        done = CliRunner().invoke(app, ["-C", str(root), *args], env=env)
    assert time.process_time() - begun < WORK, f"newsrepo {' '.join(args)} took too long"
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise AssertionError(f"newsrepo {' '.join(args)} ended in a bug") from done.exception
    said = Said(done.exit_code, done.stdout, done.stderr)
    harmless(said)
    return said


def spawn(root: Path, *args: str, **env: str) -> Said:
    """The same in a process of its own: where signals, pipes, limits or the exit itself matter."""
    done = subprocess.run(
        [*PROGRAM, *args],
        cwd=root,
        env={**os.environ, **env},
        capture_output=True,
        timeout=60,
        check=False,
    )
    said = Said(done.returncode, done.stdout.decode(), done.stderr.decode())
    harmless(said)
    return said


def harmless(said: Said) -> None:
    """No traceback, no exit code of a bug, and nothing in the output that acts on a terminal."""
    text = said.out + said.err
    assert "Traceback" not in text, text
    assert said.code != 4, text
    acting = sorted({hex(ord(c)) for c in text if c not in "\n\t" and not c.isprintable()})
    assert not acting, f"{acting} in {text!r}"


@contextlib.contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def over(signum: int, frame: object) -> None:
        raise AssertionError(f"still at it after {seconds} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def picture_of(root: Path) -> dict[str, str]:
    """Every file of a working tree and what it is; git's own folder is left out."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f != ".git")
        for name in [*files, *folders]:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            what = oct(mode)
            if stat.S_ISLNK(mode):
                what += os.readlink(path)
            elif stat.S_ISREG(mode):
                what += hashlib.sha256(Path(path).read_bytes()).hexdigest()
            found[os.path.relpath(path, root)] = what
    return found


def pages(out: Path) -> dict[str, bytes]:
    """Every file of an edition by its path."""
    return {str(f.relative_to(out)): f.read_bytes() for f in sorted(out.rglob("*")) if f.is_file()}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """A PNG picture that says it is so wide and so high."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 4)) + chunk(b"IEND", b"")


class Grove:
    """Writes git trees as they are, however malformed: what a hostile fork may send."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def blob(self, data: bytes = b"x\n") -> str:
        return run_git(self.root, "hash-object", "-w", "--stdin", data=data)

    def tree(self, *rows: tuple[str, bytes, str]) -> str:
        ordered = sorted(rows, key=lambda row: row[1] + (b"/" if row[0] == "40000" else b""))
        data = b"".join(
            b"%s %s\0" % (mode.encode(), name) + bytes.fromhex(oid) for mode, name, oid in ordered
        )
        return run_git(self.root, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", data=data)

    def rows(self, tree: str) -> list[tuple[str, bytes, str]]:
        """The entries of a sound tree."""
        listed = run_git(self.root, "ls-tree", "-z", tree).split("\0")
        found = []
        for line in listed:
            if line:
                head, _, name = line.partition("\t")
                mode, _, oid = head.split(" ")
                found.append((mode.lstrip("0"), name.encode(), oid))
        return found

    def graft(self, where: str, *rows: tuple[str, bytes, str], ref: str = "refs/heads/fork") -> str:
        """HEAD with these entries added to the folder ``where``, as the tip of ``ref``; gives the ref's name."""

        def plant(tree: str, parts: list[str]) -> str:
            entries = {row[1]: row for row in self.rows(tree)} if tree else {}
            if not parts:
                return self.tree(*entries.values(), *rows)
            below = entries.get(parts[0].encode())
            made = plant(below[2] if below else "", parts[1:])
            return self.tree(*({**entries, parts[0].encode(): ("40000", parts[0].encode(), made)}).values())

        top = plant(run_git(self.root, "rev-parse", "HEAD^{tree}"), where.split("/"))
        run_git(
            self.root, "update-ref", ref, run_git(self.root, "commit-tree", "-m", "A fork", "-p", "HEAD", top)
        )
        return ref.removeprefix("refs/heads/")


_PLACE = re.compile(
    r"(?P<path>.+):(?P<line>\d+):(?P<col>\d+): (?P<rule>[a-z0-9-]+)(?: \((?:warning|note)\))?: .+"
)


def places(text: str) -> list[tuple[str, str]]:
    """``(rule, path:line:col)`` of every line of ``check`` that tells a finding."""
    found = []
    for line in text.splitlines():
        match = _PLACE.fullmatch(line)
        if match and not line.startswith(" "):
            found.append((match["rule"], f"{match['path']}:{match['line']}:{match['col']}"))
    return found


def clone_of(base: Path, where: Path) -> Path:
    """A copy of a repository, git's folder and all."""
    shutil.copytree(base, where, symlinks=True)
    return where
