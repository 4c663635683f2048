"""Reading a commons from git: every blob of a ref against git alone, and a second look at a working tree.

    python benchmarks/bench_read.py [--articles 10000] [--rounds 5] [--root FOLDER]

The reference walks the tree with ``git ls-tree -r`` and runs ``git cat-file --batch`` into /dev/null. Both are
CPU of all processes, medians of interleaved rounds, once with loose objects and once packed. The second look is
what "nothing changed" costs before anything else; beside it stands ``git status`` on the same files.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from measure import memory_folder, ratio

from newsrepo.gitstore.repository import Repository


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU, those of ended children with them."""

    def spent() -> float:
        whos = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, whos))

    start = spent()
    work()
    return spent() - start


def git(root: Path, *args: str, **more: object) -> None:
    subprocess.run(["git", "-C", str(root), *args], check=True, **more)


def reference(root: Path) -> None:
    """Walk the ref, then read every blob of it, with git alone."""
    with tempfile.TemporaryFile() as ids:
        git(root, "ls-tree", "-r", "--format=%(objectname)", "HEAD", stdout=ids)
        ids.seek(0)
        git(root, "cat-file", "--batch", "--buffer", stdin=ids, stdout=subprocess.DEVNULL)


def ours(root: Path) -> None:
    """The same as a snapshot: names checked, ids compared, every blob in Python's hands."""
    with Repository.discover(root) as repository:
        snapshot = repository.at("HEAD")
        oids = [entry.oid for entry in snapshot.entries]
        assert sum(1 for blob in snapshot.read(oids) if blob.data is not None) == len(oids)


def status(root: Path) -> None:
    git(root, "status", "--porcelain", stdout=subprocess.DEVNULL)


def second_look(root: Path) -> None:
    with Repository.discover(root) as repository:
        repository.worktree_stamp()


def compare(
    what: str, goal: float, rounds: int, root: Path, pair: tuple[Callable[[Path], None], ...]
) -> None:
    """Print the medians of two ways of doing the same, and their ratio."""
    spent: tuple[list[float], ...] = ([], [])
    for _ in range(rounds):
        for seconds, work in zip(spent, pair, strict=True):
            seconds.append(cpu(lambda work=work: work(root)))
    mine, other = map(statistics.median, spent)
    print(f"{what}: {mine * 1000:.0f} ms, against {other * 1000:.0f} ms")
    ratio(what, mine, other, goal)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--articles", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--root", type=Path, help="a commons in git that is there already")
    given = options.parse_args()
    if given.root is not None:
        report(given.root, given.rounds)
        return
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="bench-read-") as folder:
        root = Path(folder) / "commons"
        corpus.write_commons(root, given.articles)
        report(root, given.rounds)
        unpack(root)
        compare("every blob of a ref, loose objects", 1.5, given.rounds, root, (ours, reference))


def unpack(root: Path) -> None:
    """Take every pack apart into loose objects."""
    for pack in (root / ".git/objects/pack").glob("*.pack"):
        aside = pack.replace(root / pack.name)
        pack.with_suffix(".idx").unlink()
        with aside.open("rb") as stream:
            git(root, "unpack-objects", "-q", stdin=stream)
        aside.unlink()


def report(root: Path, rounds: int) -> None:
    """Compare for a commons as it is."""
    compare("every blob of a ref", 1.5, rounds, root, (ours, reference))
    with Repository.discover(root) as repository:
        assert repository.worktree().entries
    compare("a second look at the working tree", 1.0, rounds, root, (second_look, status))


if __name__ == "__main__":
    main()
