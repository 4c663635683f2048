"""What an account costs: ``newsrepo why`` over many ratings, from the shell, with all its searches.

    python benchmarks/bench_why.py [--ratings 1000000] [--rounds 3]

The commons is that of ``bench_index.py``: 10,000 articles, 50 contingents with ten raters each. The filters
trust 20 of them. Asked is about works whose place is known: the first, one just beyond the limit, one far
beyond, and the same without any limit, where only the story itself can matter. Prints CPU of the whole
process, wall time and peak of memory, and how many turns are not proven to be the nearest.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bench_index import make
from measure import Case, hello, memory_folder, rounds, show

LIMIT = 50
SHELL = ("-c", "from newsrepo.cli.main import run; run()")


def filters(root: Path) -> None:
    """Two filters that differ in the limit alone."""
    trust = ", ".join(f"c{n:02}: 0.5" for n in range(20))
    text = (
        f"title: Twenty\ntrust: {{{trust}}}\nselect: newsworthy>=2\norder: {{newsworthy: 1, accurate: 0.5}}\n"
    )
    folder = root / "files/filters/c01"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "open.yaml").write_text(text)
    (folder / "short.yaml").write_text(f"{text}limit: {LIMIT}\n")


def answer(command: Sequence[str], cwd: Path) -> dict:
    """The JSON that a command prints; exit code 1 is an answer, too."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    if done.returncode > 1:
        raise SystemExit(done.stderr.decode())
    return json.loads(done.stdout)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ratings", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--root", type=Path, help="keep the commons here, or use the one that is there")
    given = options.parse_args()
    root = given.root or Path(tempfile.mkdtemp(dir=memory_folder(), prefix="bench-why-"))
    try:
        if not (root / "files").exists():
            make(root, given.ratings)
        filters(root)
        subprocess.run(["git", "init", "--quiet", str(root / "files")], check=True)
        report(root, given.rounds)
    finally:
        if given.root is None:
            shutil.rmtree(root)


def report(root: Path, count: int) -> None:
    files = root / "files"
    program = (sys.executable, *SHELL, "-C", str(files), "--today", "2026-11-22")
    order = [w["id"] for w in answer((*program, "find", "--filter", "c01/open", "--json"), files)["works"]]
    asked = {
        "no limit": (order[0], "c01/open"),
        "the first": (order[0], "c01/short"),
        "just beyond the limit": (order[LIMIT + 2], "c01/short"),
        "far beyond the limit": (order[len(order) // 2], "c01/short"),
    }
    cases = []
    for name, (work, chosen) in asked.items():
        command = (*program, "why", work, "--filter", chosen, "--json")
        unsure = sum(not knob["every_setting_tried"] for knob in answer(command, files)["knobs"])
        print(f"{name}: {work}, {unsure} knobs without proof")
        cases.append(Case(name, command, files, ok=(0, 1)))
    greeting = hello(root)
    rounds([greeting, *cases], count)
    show([greeting, *cases])
    for case in cases:
        print(f"why, {case.name} / typer hello-world: {case.cpu / greeting.cpu:.0f}")


if __name__ == "__main__":
    main()
