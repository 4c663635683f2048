"""How soon the desk stands, on a commons of 10,000 articles and 1,000,000 ratings that is already indexed.

    python benchmarks/bench_desk.py [--ratings 1000000] [--rounds 7] [--root DIR]

Starts ``newsrepo desk`` on a terminal of 80 by 24 and reads what it paints, as a person would. Told are, from
the start of the process: when the first whole screen stands (head, rooms, keys), when the list of what is new
stands in it, and what a start of a typer hello-world takes on the same machine in the same rounds. First as on one's first day, with everything new, then with all seen.
"""

import argparse
import os
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

sys.path.insert(0, str(Path(__file__).parent))
from bench_index import make
from measure import hello, memory_folder, run

SHELL = ("-c", "from newsrepo.cli.main import run; run()")
DAY = "2026-11-22"
ENV = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}

FIRST, LISTED = b"To rate", b"? helps"
PATIENCE = 60.0


class Terminal:
    """A program on a terminal of its own, and when what appeared on it."""

    def __init__(self, command: list[str], cwd: Path) -> None:
        self.started = time.perf_counter()
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(command[0], command, {**os.environ, **ENV})
        ioctl(self.handle, TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.shown = b""

    def until(self, mark: bytes) -> float:
        """Seconds from the start until ``mark`` was painted."""
        while mark not in self.shown:
            if time.perf_counter() - self.started > PATIENCE or not self._more():
                raise SystemExit(f"never shown: {mark!r}; the last was {self.shown[-2000:]!r}")
        return time.perf_counter() - self.started

    def _more(self) -> bool:
        if not select.select([self.handle], [], [], PATIENCE)[0]:
            return False
        try:
            data = os.read(self.handle, 1 << 16)
        except OSError:
            return False
        self.shown += data
        return bool(data)

    def press(self, keys: bytes) -> None:
        self.shown = b""
        os.write(self.handle, keys)

    def end(self) -> float:
        """Leave; seconds of CPU that the program and its children took."""
        os.write(self.handle, b"\x11")
        while self._more():
            pass
        _, _, usage = os.wait4(self.pid, 0)
        os.close(self.handle)
        return usage.ru_utime + usage.ru_stime


def sit(files: Path, before_end: bytes = b"") -> dict[str, float]:
    """One sitting."""
    command = [sys.executable, *SHELL, "-C", str(files), "--today", DAY, "desk", "--rater", "c00/r0"]
    desk = Terminal(command, files)
    found = {"first screen": desk.until(FIRST), "list of what is new": desk.until(LISTED)}
    if before_end:
        desk.press(before_end)
        desk.until(b"marked as seen")
    found["CPU of it all"] = desk.end()
    return found


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ratings", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--root", type=Path, help="keep the commons here, or use the one that is there")
    given = options.parse_args()
    root = given.root or Path(tempfile.mkdtemp(dir=memory_folder(), prefix="bench-desk-"))
    try:
        files = root / "files"
        if not files.exists():
            make(root, given.ratings)
        if not (files / ".git").exists():
            subprocess.run(["git", "init", "--quiet", str(files)], check=True)
        report(root, files, given.rounds)
    finally:
        if given.root is None:
            shutil.rmtree(root)


def report(root: Path, files: Path, count: int) -> None:
    program = [sys.executable, *SHELL, "-C", str(files), "--today", DAY]
    subprocess.run([*program, "find", "newsworthy>=5"], check=False, stdout=subprocess.DEVNULL)  # the index
    for seen in files.glob(".git/newsrepo/desk-seen.*"):
        seen.unlink()
    greeting = hello(root)
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for name in ("all is new", "all is seen"):
        sittings: list[dict[str, float]] = []
        greetings = []
        for number in range(count):
            last = name == "all is new" and number == count - 1
            sittings.append(sit(files, b"M" if last else b""))
            greetings.append(run(greeting).wall)
        print(f"{name}:")
        for what in sittings[0]:
            took = sorted(one[what] for one in sittings)
            print(
                f"  {what:20} median {statistics.median(took):.2f} s, best {took[0]:.2f}, worst {took[-1]:.2f}"
            )
        print(f"  typer hello-world    median {statistics.median(greetings):.2f} s")
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
