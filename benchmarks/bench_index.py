"""Ratings at scale: a first index against plain JSON, a warm filter against numpy, both in one run.

    python benchmarks/bench_index.py [--ratings 1000000] [--rounds 3]

Prints seconds of CPU (medians of interleaved rounds), ratios with their goals, and the peak of memory. The
first index is timed until the first question about ratings is answered; the articles are indexed before.
"""

import argparse
import gc
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import HELLO, memory_folder

from newsrepo.commons import Commons, Index, open_commons
from newsrepo.filters.select import select
from newsrepo.gitstore.snapshot import READ_LIMIT, REGULAR, Blob, Entry, blob_id, content_key
from newsrepo.ids import AxisId, FilterId
from newsrepo.records.scalars import MILLION
from newsrepo.scores import score_axis, trusted

ARTICLES = 10_000
CONTINGENTS = 50
RATERS = 10
MONTHS = 20
AXES = ("newsworthy", "accurate")
CHARTER = """\
name: Many ratings
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: Not at all., high: Very much.}
  accurate: {title: Accurate, min: -2, max: 2, neutral: 0, low: Wrong., high: Right.}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""


class Folder:
    """Files of a folder as a snapshot that is already listed, so that only reading and indexing are timed."""

    label = ""
    tip = None
    dirty = True
    findings = ()

    def __init__(self, entries: tuple[Entry, ...], where: dict[str, str]) -> None:
        self.entries = entries
        self.key = content_key(entries)
        self._where = where

    def read(self, oids: Iterable[str], limit: int = READ_LIMIT) -> Iterator[Blob]:
        for oid in oids:
            data = Path(self._where[oid]).read_bytes()
            yield Blob(oid, len(data), data if len(data) <= limit else None)


def make(root: Path, ratings: int) -> None:
    """Write the commons, and the same ratings as JSON under ``json/``."""
    chance = random.Random(7)
    (root / "files/filters/c00").mkdir(parents=True)
    (root / "files/newsrepo.yaml").write_text(CHARTER)
    trust = ", ".join(f"c{n:02}: {1 if n % 2 else 0.5}" for n in range(CONTINGENTS))
    (root / "files/filters/c00/all.yaml").write_text(
        f"title: All\ntrust: {{{trust}}}\nselect: newsworthy>=3\norder: {{newsworthy: 1}}\nlimit: 50\n"
    )
    works = []
    for number in range(ARTICLES):
        name = f"c{number % CONTINGENTS:02}/{2017 + number * 10 // ARTICLES}/story-{number:05}"
        text = f"---\ntitle: Story {number}\ndate: 2026-01-02\nlang: en\n---\n\nText {number}.\n".encode()
        (root / "files/articles" / name).mkdir(parents=True)
        (root / "files/articles" / name / "index.md").write_bytes(text)
        works.append((name, blob_id(text)))
    each = ratings // (CONTINGENTS * RATERS * MONTHS)
    for contingent in range(CONTINGENTS):
        for rater in range(RATERS):
            order = chance.sample(works, min(len(works), each * MONTHS))
            for month in range(MONTHS):
                name = f"c{contingent:02}/r{rater}/{2025 + month // 12}-{1 + month % 12:02}"
                rows = [
                    {
                        "article": work,
                        "version": version if chance.random() < 0.95 else "0" * 40,
                        "date": f"{name[-7:]}-{chance.randint(1, 28):02}",
                        "values": {"newsworthy": chance.randint(0, 5)}
                        | ({"accurate": chance.randint(-2, 2)} if chance.random() < 0.3 else {}),
                    }
                    for work, version in sorted(order[month * each : (month + 1) * each])
                ]
                for folder, text in (("files/ratings", yaml(rows)), ("json", json.dumps({"ratings": rows}))):
                    path = root / folder / f"{name}.{'json' if folder == 'json' else 'yaml'}"
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text)


def yaml(rows: list[dict]) -> str:
    lines = ["ratings:"]
    for row in rows:
        values = ", ".join(f"{axis}: {value}" for axis, value in sorted(row["values"].items()))
        lines.append(
            f"  - {{article: {row['article']}, version: {row['version']},"
            f" date: {row['date']}, values: {{{values}}}}}"
        )
    return "\n".join(lines) + "\n"


def folder(root: Path, *, ratings: bool) -> Folder:
    listing = root / "listing.json"
    if not listing.exists():
        found = [
            (str(p.relative_to(root / "files")), blob_id(p.read_bytes()), p.stat().st_size)
            for p in (root / "files").rglob("*")
            if p.is_file()
        ]
        listing.write_text(json.dumps(sorted(found)))
    rows = [r for r in json.loads(listing.read_text()) if ratings or not r[0].startswith("ratings/")]
    where = {oid: str(root / "files" / path) for path, oid, _ in rows}
    return Folder(tuple(Entry(path, REGULAR, oid, size) for path, oid, size in rows), where)


def cpu(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def read_json(root: Path) -> int:
    return sum(
        len(json.loads(Path(base, name).read_bytes())["ratings"])
        for base, _, names in os.walk(root / "json")
        for name in names
    )


def first(root: Path, path: Path) -> float:
    """Index the ratings and ask one question."""
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    index = Index.open(path)
    assert len(open_commons(folder(root, ratings=False), index).works) == ARTICLES
    snapshot = folder(root, ratings=True)
    spent = cpu(lambda: list(ask(open_commons(snapshot, index))))
    index.close()
    return spent


def ask(commons):
    weights = dict.fromkeys((f"c{n:02}" for n in range(CONTINGENTS)), MILLION)
    return commons.ratings.sums(AxisId("newsworthy"), weights, MILLION // 2)


def warm(commons: Commons) -> Commons:
    """The same commons with works and ratings read, and nothing remembered of scores or selections."""
    fresh = open_commons(commons.snapshot, commons.index)
    fresh.__dict__.update(works=commons.works, ratings=commons.ratings)
    return fresh


def arrays(root: Path):
    """The ratings on one axis as numpy arrays: group and value of each."""
    import numpy

    number: dict[str, int] = {}
    groups, values = [], []
    for base, _, names in os.walk(root / "json"):
        contingent = int(Path(base).relative_to(root / "json").parts[0][1:]) if names else 0
        for name in names:
            for row in json.loads(Path(base, name).read_bytes())["ratings"]:
                work = number.setdefault(row["article"], len(number))
                groups.append(contingent * ARTICLES + work)
                values.append(row["values"]["newsworthy"])
    return numpy.array(groups), numpy.array(values, dtype=float)


def bincount(groups, values) -> object:
    """Weighted mean of the contingents' means for every work: what a filter needs, in floats."""
    import numpy

    size = ARTICLES * CONTINGENTS
    counts = numpy.bincount(groups, minlength=size).reshape(CONTINGENTS, ARTICLES)
    totals = numpy.bincount(groups, weights=values, minlength=size).reshape(CONTINGENTS, ARTICLES)
    rated = counts > 0
    means = numpy.divide(totals, counts, out=numpy.zeros_like(totals), where=rated)
    weights = numpy.where(numpy.arange(CONTINGENTS) % 2, 1.0, 0.5)[:, None]
    return (means * weights).sum(axis=0) / numpy.maximum((rated * weights).sum(axis=0), 1e-9)


def child(*arguments: str) -> tuple[float, int]:
    """CPU seconds and peak KiB of a process of its own."""
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--ratings", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--child", choices=["first", "cold"])
    options.add_argument("--root", type=Path)
    given = options.parse_args()
    if given.child == "first":
        print(first(given.root, given.root / "child.sqlite"))
        return
    root = given.root or Path(tempfile.mkdtemp(dir=memory_folder(), prefix="bench-index-"))
    try:
        if not (root / "files").exists():
            make(root, given.ratings)
        folder(root, ratings=True)
        report(root, given.rounds)
    finally:
        if given.root is None:
            shutil.rmtree(root)


def report(root: Path, rounds: int) -> None:
    spent: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        spent.setdefault(name, []).append(seconds)

    groups, values = arrays(root)
    path = root / "index.sqlite"
    for _ in range(rounds):
        note("json", cpu(lambda: read_json(root)))
        note("first", first(root, path))
    index = Index.open(path)
    snapshot = folder(root, ratings=True)
    note("loading works", cpu(lambda: open_commons(snapshot, index).works))
    commons = open_commons(snapshot, index)
    for _ in range(2):
        list(ask(commons))
    filter_id = FilterId("c00/all")
    today = date(2026, 11, 22)
    assert select(commons, filter_id, today).items
    trust = trusted(commons.filters[filter_id], commons.contingents)
    for _ in range(max(5, rounds)):
        note("bincount", cpu(lambda: bincount(groups, values)))
        note("sums", cpu(lambda: list(ask(commons))))
        note(
            "sums, index file newly opened", cpu(lambda: list(ask(open_commons(snapshot, Index.open(path)))))
        )
        note("scores", cpu(lambda: score_axis(commons, AxisId("newsworthy"), trust)))
        note("filter", cpu(partial(select, warm(commons), filter_id, today)))
    entries = [e for e in snapshot.entries if e.path.startswith("ratings/c07/r3/")]
    changed = Path(root / "files" / entries[0].path).read_bytes().replace(b"newsworthy: 4", b"newsworthy: 1")
    (root / "changed").write_bytes(changed)
    entry = Entry(entries[0].path, REGULAR, blob_id(changed), len(changed))
    where = dict(snapshot._where) | {entry.oid: str(root / "changed")}  # noqa: SLF001 - our own class
    after = Folder(tuple(entry if e.path == entry.path else e for e in snapshot.entries), where)
    note("one rating file changed", cpu(lambda: list(ask(open_commons(after, index)))))
    _, peak = child(__file__, "--child", "first", "--root", str(root))
    subprocess.run(["git", "init", "--quiet", str(root / "files")], check=True)
    (root / "hello.py").write_text(HELLO)
    shell = ("-c", "from newsrepo.cli.main import run; run()", "-C", str(root / "files"), "find")
    asked = (*shell, "newsworthy>=3", "--filter", "c00/all", "--json", "--limit", "20")
    child(*asked)
    for _ in range(max(5, rounds)):
        note("hello", child(str(root / "hello.py"))[0])
        note("shell", child(*asked)[0])
    middle = {name: statistics.median(found) for name, found in spent.items()}
    for name, seconds in middle.items():
        print(f"{name:34} {seconds * 1000:10.1f} ms")
    print(f"{'index file':34} {path.stat().st_size / 2**20:10.1f} MiB")
    print(f"{'peak of memory, first index':34} {peak / 1024:10.1f} MiB")
    for name, against, goal in (
        ("first", "json", 3),
        ("sums", "bincount", 10),
        ("scores", "bincount", 10),
        ("shell", "hello", 1.5),
    ):
        ratio = middle[name] / middle[against]
        print(f"{name} / {against}: {ratio:.2f} (goal {goal}) {'met' if ratio <= goal else 'MISSED'}")


if __name__ == "__main__":
    main()
