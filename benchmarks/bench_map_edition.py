"""What the opinion map costs an edition: drawn from cold, and when an article changed that bears on no rating.

    python benchmarks/bench_map_edition.py [--articles 10000] [--rounds 5]

The commons is that of ``bench_edition.py``. Its ratings are chance; the same with two camps of contingents
is measured, too, since a map with something to tell takes more. Each is one process that knows the ratings,
as a build does that comes to its map; CPU is that of the map alone, of loading numpy and scipy besides. The
reference is a process that loads these two and does nothing.
"""

import argparse
import random
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from measure import Case, memory_folder, rounds

GOAL = 0.5
LOAD = "import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import numpy, scipy.sparse"
DRAW = """
import sys, time
from datetime import date
from pathlib import Path
from newsrepo.commons import Index, open_commons
from newsrepo.editions.build import prepare
from newsrepo.gitstore.snapshot import MemorySnapshot
root, index = Path(sys.argv[1]), Path(sys.argv[2])
files = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and ".git" not in p.parts}
if len(sys.argv) > 3:  # a new version of one article
    path = next(p for p in sorted(files) if p.startswith("articles/"))
    files[path] += sys.argv[3].encode() + b"\\n"
view = open_commons(MemorySnapshot(files), Index.open(index))
context = prepare(view, "c00/all", date(2026, 12, 31))
view.ratings.amount
started = time.process_time()
found = context.sketched
print(time.process_time() - started, found.sketch.chart.verdict.text, sep="\\t")
"""


def camps(number: int, raters: int) -> list[tuple[str, str, int]]:
    """As ``corpus.marks``, but on half the works contingents of odd and even number disagree, and who rates
    a work differs from one to the next."""
    chance = random.Random(number)
    apart = chance.choice((-1.5, 0, 0, 1.5))
    found = {}
    for k in range(raters):
        n = chance.randrange(len(corpus.CONTINGENTS))
        felt = 2.5 + apart * (1 if n % 2 else -1) + chance.gauss(0, 1)
        mark = max(0, min(5, round(felt)))
        found[f"{corpus.CONTINGENTS[n]}/r{chance.randrange(5)}"] = (corpus.AXES[k % 2], mark)
    return [(who, axis, mark) for who, (axis, mark) in found.items()]


def draw(root: Path, index: Path, *change: str) -> tuple[float, str]:
    """Seconds of CPU that the map took in a process of its own, and what it says."""
    command = [sys.executable, "-c", DRAW, str(root), str(index), *change]
    seconds, text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\t")
    return float(seconds), text.strip()


def measure(base: Path, name: str, articles: int, count: int) -> float:
    """Print what one commons comes to; the seconds of its map from cold."""
    root = base / name
    corpus.write_commons(root, articles)
    cold, changed, text = [], [], ""
    for n in range(count):
        index = base / f"{name}-{n}.sqlite3"
        seconds, text = draw(root, index)
        cold.append(seconds)
        changed.append(draw(root, index, f"More {n}.")[0])
    print(f"{name}: {text}")
    print(f"  from cold     {statistics.median(cold):.3f} s CPU")
    print(f"  a new version {statistics.median(changed):.3f} s CPU")
    return statistics.median(cold)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    base = memory_folder() / "newsrepo-bench-map-edition"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    try:
        load = Case("numpy and scipy.sparse loaded", [sys.executable, "-c", LOAD], base)
        rounds([load], args.rounds)
        print(f"{load.name}: {load.cpu:.3f} s CPU")
        worst = measure(base, "chance", args.articles, args.rounds)
        corpus.marks = camps
        worst = max(worst, measure(base, "camps", args.articles, args.rounds))
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f"goal: {GOAL} s with numpy and scipy loaded, of {args.articles} articles")
    raise SystemExit(worst > GOAL)


if __name__ == "__main__":
    main()
