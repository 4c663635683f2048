"""The tables of a commons of a million ratings, beside reading as many from JSON and dumping the same rows.

    python benchmarks/bench_export.py [--ratings 1000000] [--rounds 3]

Whole commands, with the index made before. The reference reads ratings from files of plain JSON and writes one
object a line for each rating and axis, by the standard library: no records, no scores, no check of what counts.
"""

import argparse
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from bench_index import CONTINGENTS, make
from corpus import commit
from measure import Case, memory_folder, ratio, rounds, show

NEWSREPO = str(Path(sysconfig.get_path("scripts")) / "newsrepo")
MIB = 400.0
DUMP = """
import json, os, sys
source, target = sys.argv[1:]
with open(target, "w") as out:
    for base, folders, names in os.walk(source):
        folders.sort()
        rater = os.path.relpath(base, source)
        for name in sorted(names):
            with open(os.path.join(base, name)) as file:
                ratings = json.load(file)["ratings"]
            for rating in ratings:
                for axis, value in sorted(rating["values"].items()):
                    out.write(json.dumps({
                        "contingent": rater.partition("/")[0], "rater": rater, "article": rating["article"],
                        "version": rating["version"], "is_current": rating["version"] != "0" * 40, "axis": axis,
                        "value": value, "date": rating["date"], "note": None,
                        "path": f"ratings/{rater}/{name[:-5]}.yaml", "source": None,
                    }) + "\\n")
"""


def lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ratings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    base = memory_folder() / "bench-export"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    try:
        print("making the commons", file=sys.stderr)
        make(base, args.ratings)
        root = base / "files"
        (root / "contingents").mkdir()
        for number in range(CONTINGENTS):
            (root / f"contingents/c{number:02}.yaml").write_text(f"name: Contingent {number}\n")
        commit(root)
        subprocess.run([NEWSREPO, "find", "newsworthy>=0"], cwd=root, check=True, stdout=subprocess.DEVNULL)
        (base / "dump.py").write_text(DUMP)
        dumped = base / "dump.jsonl"
        plain = Case(
            "json.load, json.dumps", [sys.executable, "dump.py", str(base / "json"), str(dumped)], base
        )
        as_lines = Case("export json", [NEWSREPO, "export", "json", "-o", str(base / "lines")], root)
        parquet = Case("export parquet", [NEWSREPO, "export", "parquet", "-o", str(base / "parquet")], root)
        cases = (plain, as_lines, parquet)
        rounds(cases, args.rounds)
        rows, reference = lines(base / "lines/ratings.jsonl"), lines(dumped)
        show(cases)
        print(f"{rows} rows of ratings; the reference wrote {reference}")
        ratio("export json, CPU against the reference", as_lines.cpu, plain.cpu, 1.5)
        ratio("export parquet, CPU against the reference", parquet.cpu, plain.cpu, 2)
        peak = max(as_lines.peak, parquet.peak)
        print(f"memory: {peak:.0f} MiB (goal {MIB:.0f}) {'reached' if peak <= MIB else 'MISSED'}")
        for form in ("lines", "parquet"):
            size = sum(p.stat().st_size for p in (base / form).iterdir())
            print(f"{form}: {size / 1e6:.1f} MB")
        return 0 if rows == reference and peak <= MIB else 1
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
