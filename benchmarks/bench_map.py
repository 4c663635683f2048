"""The opinion map: at size, and beside red-dwarf-democracy on conversations of known groups.

    python benchmarks/bench_map.py [--raters 100000] [--works 5000] [--ratings 3000000] [--rounds 3]
    python benchmarks/bench_map.py --polis DIR --red-dwarf PYTHON [--rounds 3]

The first draws the map of a commons of that size from its index, on two cores: at most 30 s of wall time and 2
GiB. What the first reading of such files costs is in bench_index.py.

The second imports the Polis export in DIR and conversations made by chance with planted groups, and sets ours
beside red-dwarf-democracy: agreement (adjusted Rand index) with the published or planted groups, of those whom
both place and with everybody else as a group of their own, and the time of the whole process. It is no
dependency of ours; to have it:  python -m venv /tmp/rd && /tmp/rd/bin/pip install red-dwarf-democracy  and then
--red-dwarf /tmp/rd/bin/python
"""

import argparse
import csv
import gc
import json
import resource
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from math import comb
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
import numpy as np
from measure import Case, memory_folder, rounds

from newsrepo.commons import Index, open_commons
from newsrepo.gitstore.snapshot import MemorySnapshot
from newsrepo.ids import AxisId
from newsrepo.records import blob_id
from newsrepo.scores.opinion import Options, chart

BIN = Path(sysconfig.get_path("scripts"))
SECONDS, MIB = 30.0, 2048.0
WORSE = 0.02
CHARTER = """\
name: The Bench Commons
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: nobody need know, high: all must know}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""
RED_DWARF = """
import csv, json, sys
from reddwarf.agora import run_clustering_v1
votes = [
    {"participant_id": int(row["participant"]), "statement_id": int(column), "vote": int(value)}
    for row in csv.DictReader(open(sys.argv[1]))
    for column, value in row.items()
    if column.isdigit() and value
]
found = run_clustering_v1({"id": "bench", "votes": votes})
groups = {str(p["id"]): int(c["id"]) for c in found["clusters"] for p in c["participants"]}
with open(sys.argv[2], "w") as file:
    json.dump(groups, file)
"""


def rand_index(one: list[int], other: list[int]) -> float:
    """The adjusted Rand index of two labellings."""
    pairs: dict[tuple[int, int], int] = {}
    for pair in zip(one, other, strict=True):
        pairs[pair] = pairs.get(pair, 0) + 1
    both = sum(comb(n, 2) for n in pairs.values())
    first = sum(comb(one.count(label), 2) for label in set(one))
    second = sum(comb(other.count(label), 2) for label in set(other))
    chance = first * second / comb(len(one), 2)
    most = (first + second) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def large_commons(raters: int, works: int, ratings: int) -> dict[str, bytes]:
    """A commons of fifty contingents in two camps of unlike size; who rates what is skewed as in life."""
    random = np.random.default_rng(1)
    contingents = [f"c{n:02d}" for n in range(50)]
    files = {f"contingents/{name}.yaml": f"name: {name}\n".encode() for name in contingents}
    files["newsrepo.yaml"] = CHARTER.encode()
    made = []
    for n in range(works):
        name = f"{contingents[n % 50]}/2026/w{n}"
        head = f"title: Work {n}\ndate: 2026-01-01\nlang: en\nlicense: CC0-1.0\n"
        text = f"---\n{head}---\n\nWords of work {n}.\n".encode()
        files[f"articles/{name}/index.md"] = text
        made.append((name, blob_id(text)))
    names = sorted(made)
    quality = random.normal(2.5, 0.7, works)
    divides = random.normal(0, 0.8, works) * (random.random(works) < 0.5)
    popular = np.cumsum(random.random(works) ** 2 + 0.05)
    each = 2 + random.gamma(0.8, 0.97 * ratings / raters / 0.8, raters).astype(int)
    for n in range(raters):
        side = 1 if n % 50 < 20 else -1
        chosen = np.unique(np.searchsorted(popular, random.random(each[n]) * popular[-1]))
        felt = quality[chosen] + side * divides[chosen] + random.normal(0, 1, len(chosen))
        marks = np.clip(np.round(felt), 0, 5).astype(int)
        month = f"2026-{1 + n % 9:02d}"
        lines = [
            f"  - {{article: {names[w][0]}, version: {names[w][1]}, date: {month}-05, values: {{newsworthy: {m}}}}}\n"
            for w, m in zip(chosen.tolist(), marks.tolist(), strict=True)
        ]
        files[f"ratings/{contingents[n % 50]}/r{n}/{month}.yaml"] = ("ratings:\n" + "".join(lines)).encode()
    return files


def large(base: Path, args: argparse.Namespace) -> bool:
    """In this process, from an index file: so many raters' files are more than a clone may hold."""
    print("making the commons", file=sys.stderr)
    snapshot = MemorySnapshot(large_commons(args.raters, args.works, args.ratings))
    print("indexing", file=sys.stderr)
    view = open_commons(snapshot, Index.open(base / "index.sqlite3"))
    axes = {AxisId("newsworthy"): view.axes[AxisId("newsworthy")]}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    walls, cpus = [], []
    gc.set_threshold(50_000, 20, 20)  # as the command line does
    for _ in range(args.rounds):
        started, used = time.perf_counter(), time.process_time()
        drawn = chart(view.ratings.spoken(), view.works, axes, Options())
        walls.append(time.perf_counter() - started)
        cpus.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall = sorted(walls)[len(walls) // 2]
    counts = drawn.counts
    print(f"{counts.raters} raters, {counts.works} works, {counts.ratings} ratings")
    print(drawn.verdict.text)
    print(
        f"map: {wall:.1f} s wall, {sorted(cpus)[len(cpus) // 2]:.1f} s CPU, {peak:.0f} MiB at the peak (of it {before:.0f} MiB for the making of the commons)"
    )
    print(f"goal: at most {SECONDS:.0f} s and {MIB:.0f} MiB")
    return wall <= SECONDS and peak <= MIB


def write_conversation(root: Path, seed: int, groups: int) -> None:
    """An export of a conversation with planted groups: people answer from the first statement on and stop."""
    random = np.random.default_rng(seed)
    people, statements = int(random.integers(120, 500)), int(random.integers(30, 100))
    sizes = random.uniform(0.5, 1, groups)
    group = random.choice(groups, people, p=sizes / sizes.sum())
    lean = random.normal(0, 1.1, (groups, statements)) * (random.random(statements) < 0.6)
    felt = random.normal(0, 1, statements) + lean[group] + random.normal(0, 1, (people, statements))
    votes = np.where(felt > 0.4, 1, np.where(felt < -0.4, -1, 0))
    asked = np.minimum(statements, random.exponential(0.6 * statements, people).astype(int) + 2)
    root.mkdir(parents=True)
    with (root / "comments.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            [
                "timestamp",
                "datetime",
                "comment-id",
                "author-id",
                "agrees",
                "disagrees",
                "moderated",
                "comment-body",
            ]
        )
        rows.writerows(
            [1500000000000 + n, "", n, 0, 0, 0, 1, f"Statement number {n}"] for n in range(statements)
        )
    with (root / "participants-votes.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *range(statements)]
        )
        for n in range(people):
            cells = [int(v) if j < asked[n] else "" for j, v in enumerate(votes[n])]
            rows.writerow([n, int(group[n]), 0, int(asked[n]), 0, 0, *cells])
    with (root / "votes.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["timestamp", "datetime", "comment-id", "voter-id", "vote"])
        rows.writerows(
            [1500000000000 + n, "", j, n, int(votes[n, j])] for n in range(people) for j in range(asked[n])
        )


def beside(base: Path, args: argparse.Namespace) -> bool:
    exports = [(args.polis.resolve().name, args.polis.resolve())]
    for n in range(args.planted):
        where = base / f"planted-{n}"
        write_conversation(where, n, 2 + (n % 3 == 2))
        exports.append((f"planted {2 + (n % 3 == 2)} groups, no. {n}", where))
    script = base / "red_dwarf.py"
    script.write_text(RED_DWARF)
    fine = True
    print(
        f"{'conversation':32} {'ours':>6} {'theirs':>6}  {'all':>6} {'theirs':>6}  {'s wall':>6} {'theirs':>6}"
    )
    for name, export in exports:
        root = base / f"commons-{len(list(base.glob('commons-*')))}"
        root.mkdir()
        (root / "newsrepo.yaml").write_text(CHARTER)
        subprocess.run(["git", "init", "-q", "."], cwd=root, check=True, env=corpus.GIT_ENV)
        program = str(BIN / "newsrepo")
        subprocess.run(
            [program, "--quiet", "import", "polis", str(export), "--as", "town"],
            cwd=root,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        theirs_out = base / "theirs.json"
        ours = Case("ours", [program, "map", "--json"], root)
        theirs = Case(
            "theirs",
            [str(args.red_dwarf), str(script), str(export / "participants-votes.csv"), str(theirs_out)],
            base,
        )
        answer = json.loads(subprocess.run(ours.command, cwd=root, check=True, stdout=subprocess.PIPE).stdout)
        rounds([ours, theirs], args.rounds)
        found = {spot["rater"].rpartition("/p")[2]: spot["group"] for spot in answer["raters"]}
        known = truth(export / "participants-votes.csv")
        other = json.loads(theirs_out.read_text())
        both = {who for who in known if found.get(who) is not None and who in other}
        mine, mine_all = agreement(known, found, both)
        them, them_all = agreement(known, other, both)
        good = mine >= them - WORSE and mine_all >= them_all - WORSE and ours.wall <= theirs.wall
        fine &= good
        print(
            f"{name[:32]:32} {mine:6.3f} {them:6.3f}  {mine_all:6.3f} {them_all:6.3f}  "
            f"{ours.wall:6.2f} {theirs.wall:6.2f}{'' if good else '  WORSE'}"
        )
    return fine


def truth(path: Path) -> dict[str, int]:
    with path.open() as file:
        return {row["participant"]: int(row["group-id"]) for row in csv.DictReader(file) if row["group-id"]}


def agreement(
    known: Mapping[str, int], found: Mapping[str, int | None], both: set[str]
) -> tuple[float, float]:
    """Of those whom both place, and with those whom only the truth places as a group of their own."""
    placed = [(known[who], found[who]) for who in sorted(both)]
    whole = [(label, -1 if (group := found.get(who)) is None else group) for who, label in known.items()]
    return _agreement(placed), _agreement(whole)


def _agreement(pairs: list[tuple[int, int]]) -> float:
    return rand_index([one for one, _ in pairs], [other for _, other in pairs])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--raters", type=int, default=100_000)
    parser.add_argument("--works", type=int, default=5_000)
    parser.add_argument("--ratings", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--polis", type=Path, help="the folder of a Polis export")
    parser.add_argument("--red-dwarf", type=Path, help="a Python that has red-dwarf-democracy")
    parser.add_argument("--planted", type=int, default=6)
    args = parser.parse_args()
    base = memory_folder() / "newsrepo-bench-map"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    try:
        fine = beside(base, args) if args.polis and args.red_dwarf else large(base, args)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    raise SystemExit(not fine)


if __name__ == "__main__":
    main()
