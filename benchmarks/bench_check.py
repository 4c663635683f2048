"""``check`` with all its rules, the first time, against ``reuse lint`` over the same files; and of one change.

    python benchmarks/bench_check.py [--articles 10000] [--rounds 3]

The licence of every file is stated once for all in REUSE.toml, the cheapest way that reuse knows.
"""

import argparse
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import corpus
from measure import Case, memory_folder, ratio, rounds, show

BIN = Path(sysconfig.get_path("scripts"))
PROJECT = Path(__file__).parents[1]
REUSE = """version = 1

[[annotations]]
path = "**"
SPDX-FileCopyrightText = "Bench"
SPDX-License-Identifier = "CC0-1.0"
"""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    base = memory_folder() / "newsrepo-bench-check"
    shutil.rmtree(base, ignore_errors=True)
    try:
        print(f"making {options.articles} articles", file=sys.stderr)
        commons = base / "commons"
        corpus.write_commons(commons, options.articles)
        (commons / "LICENSES").mkdir()
        shutil.copy(PROJECT / "LICENSES/CC0-1.0.txt", commons / "LICENSES")
        (commons / "REUSE.toml").write_text(REUSE)
        measure(commons, options.rounds)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def measure(commons: Path, count: int) -> None:
    """Time both, and ours a second time with its index kept."""

    def forget() -> None:
        shutil.rmtree(commons / ".git/newsrepo", ignore_errors=True)

    check = [str(BIN / "newsrepo"), "check"]
    cases = [
        Case("reuse lint", [str(BIN / "reuse"), "lint", "--quiet"], commons),
        Case("check, first time", check, commons, before=forget),
        Case("check, nothing changed", check, commons),
        Case("check --since, one article changed", [*check, "--since", "HEAD"], commons),
        Case("check --staged, one article changed", [*check, "--staged"], commons),
        Case("newsrepo --version", [str(BIN / "newsrepo"), "--version"], commons),
    ]
    change_one(commons)
    rounds(cases, count)
    show(cases)
    ratio("check, first time / reuse lint", cases[1].cpu, cases[0].cpu, 0.25)


def change_one(commons: Path) -> None:
    """Revise one article and stage it."""
    path = min((commons / "articles").rglob("index.md"))
    path.write_text(path.read_text() + "\nOne more line.\n")
    subprocess.run(["git", "add", "--all"], cwd=commons, env=corpus.GIT_ENV, check=True)


if __name__ == "__main__":
    main()
