"""Run whole commands in interleaved rounds and compare their medians: CPU of all processes, wall, memory."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HELLO = """
import typer
app = typer.Typer()
@app.command()
def main(name: str = "world") -> None:
    print(f"Hello {name}")
app()
"""


@dataclass
class Run:
    """One run of a command: seconds of CPU of it and all its children, of wall, and peak memory in MiB."""

    cpu: float
    wall: float
    peak: float


@dataclass
class Case:
    """A command to time. ``before`` brings its world into the wanted state and is not timed."""

    name: str
    command: Sequence[str]
    cwd: Path
    before: Callable[[], None] | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    ok: Sequence[int] = (0,)

    @property
    def cpu(self) -> float:
        return statistics.median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        return statistics.median(run.wall for run in self.runs)

    @property
    def peak(self) -> float:
        return max(run.peak for run in self.runs)


def memory_folder() -> Path:
    """A folder on a memory file system where there is one, so that disks do not blur the figures."""
    shm = Path("/dev/shm")
    return shm if shm.is_dir() and os.access(shm, os.W_OK) else Path(os.environ.get("TMPDIR", "/tmp"))


def hello(folder: Path) -> Case:
    """The named reference for start-up: a typer program that prints one line."""
    script = folder / "hello.py"
    script.write_text(HELLO)
    return Case("typer hello-world", [sys.executable, str(script)], folder)


def run(case: Case) -> Run:
    """Time one run. CPU is that of the process and all its waited-for descendants."""
    if case.before is not None:
        case.before()
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | dict(case.env)
    started = time.perf_counter()
    with subprocess.Popen(
        case.command, cwd=case.cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        peak = _Peak(process.pid)
        peak.start()
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        peak.stop()
    if process.returncode not in case.ok:
        raise SystemExit(f"{case.name}: exit {process.returncode}\n{errors.decode(errors='replace')}")
    # The kernel's own maximum counts this process too, from before the command was loaded.
    return Run(usage.ru_utime + usage.ru_stime, wall, peak.mib)


def rounds(cases: Sequence[Case], count: int) -> None:
    """Run all cases in turn, ``count`` times, so that a drifting machine drifts for all alike."""
    for number in range(count):
        for case in cases:
            print(f"  round {number + 1}/{count}: {case.name}", file=sys.stderr)
            case.runs.append(run(case))


def show(cases: Sequence[Case]) -> None:
    """Print the medians."""
    width = max(len(case.name) for case in cases)
    for case in cases:
        print(
            f"{case.name:{width}}  cpu {case.cpu:8.3f} s  wall {case.wall:8.3f} s  peak {case.peak:7.1f} MiB"
        )


def ratio(what: str, ours: float, reference: float, goal: float) -> None:
    """Print one goal: the ratio in this run and whether it was reached."""
    value = ours / reference
    print(f"{what}: {value:.2f} (goal {goal:g}) {'reached' if value <= goal else 'MISSED'}")


class _Peak(threading.Thread):
    """Samples the resident memory of a process and its descendants, shared pages counted once each process."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.mib = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.01):
            self.mib = max(self.mib, sum(map(_pss, _family(self.pid))) / 1024)

    def stop(self) -> None:
        self._done.set()
        self.join()


def _family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        try:
            tasks = Path(f"/proc/{member}/task").iterdir()
            for task in tasks:
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _pss(pid: int) -> int:
    """The proportional set size in KiB: shared pages are divided among those who share them."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        return 0
    return 0
