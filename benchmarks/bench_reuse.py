"""Uncredited reuse: what is found of copies sown into a real blog, and what the search costs in 10,000 articles.

    python benchmarks/bench_reuse.py [--articles 10000] [--each 16] [--rounds 3]

Set NEWSREPO_CORPORA to the folder that holds 18f-blog/18f-blog.tar.gz; without it only the cost is measured.
The cost is that of the whole search (reading and fingerprinting every text, pairing, comparing) against
fingerprinting the same files alone, both in this process.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import corpus
from measure import ratio
from sowing import ARCHIVE, NEEDS, bodies, harvest, sow

from newsrepo.checks import reuse
from newsrepo.checks.scope import Whole
from newsrepo.commons import Index, open_commons
from newsrepo.credit.winnowing import RUN, fingerprints
from newsrepo.gitstore.snapshot import MemorySnapshot
from newsrepo.records import body_text


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=16, help="copies of each kind")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if ARCHIVE.is_file():
        with tempfile.TemporaryDirectory() as folder:
            quality(Path(folder), options.each)
    else:
        print(f"skipped what is found: {NEEDS}")
    cost(options.articles, options.rounds)


def quality(folder: Path, each: int) -> None:
    """Precision and recall for each kind of copy."""
    texts = bodies(folder)
    field = sow(texts, each)
    found = reuse.search(Whole(open_commons(field.snapshot, Index.memory()), None, None))
    pairs = harvest(found)
    print(f"{len(texts)} posts of two contingents, {field.words} words, {len(field.sown)} copies sown")
    print(
        f"{'kind':14} {'copies':>6} {'found':>6} {'recall':>7} {'words taken':>12} {'told':>8} {'verbatim runs':>14}"
    )
    missed = 0
    for kind in dict.fromkeys(sown.kind for sown in field.sown):
        some = [sown for sown in field.sown if sown.kind == kind]
        hit = [pairs[s.source, s.copy] for s in some if (s.source, s.copy) in pairs]
        told = sum(pair.other.shared for pair in hit)
        there = sum(s.verbatim for s in some)
        missed += sum(
            pairs[s.source, s.copy].other.shared != s.verbatim
            if (s.source, s.copy) in pairs
            else s.verbatim > 0
            for s in some
        )
        print(
            f"{kind:14} {len(some):6} {len(hit):6} {len(hit) / len(some):7.2f} {there:12} {told:8} {told / there:14.3f}"
        )
    sown_pairs = {(s.source, s.copy) for s in field.sown}
    true = len(pairs.keys() & sown_pairs)
    print(
        f"precision: {true}/{len(pairs)} = {true / len(pairs):.3f} (the rest are passages that the blog itself repeats)"
    )
    # Pairs told that nobody sowed hold a verbatim run all the same, by construction and by test.
    print(
        f"copies of which a run of {RUN} words or more was missed: {missed} (goal 0) {'reached' if not missed else 'MISSED'}"
    )


def cost(count: int, number: int) -> None:
    """The whole search against fingerprinting alone, in interleaved rounds."""
    made = list(corpus.pieces(count))
    files = {"newsrepo.yaml": corpus.CHARTER.encode()}
    files |= {f"contingents/{c}.yaml": f"name: {c}\n".encode() for c in corpus.CONTINGENTS}
    files |= {f"articles/{piece.id}/index.md": piece.markdown() for piece in made}
    snapshot = MemorySnapshot(files)
    texts = [files[f"articles/{piece.id}/index.md"] for piece in made]
    alone, whole, again = [], [], []
    for _ in range(number):
        commons = open_commons(snapshot, Index.memory())
        len(commons.works)  # read beforehand, as every other rule needs them too
        scope = Whole(commons, None, None)
        alone.append(_time(lambda: [fingerprints(body_text(text) or "") for text in texts]))
        whole.append(_time(partial(reuse.search, scope)))
        again.append(_time(partial(reuse.search, scope)))
    shingling, search, repeated = map(statistics.median, (alone, whole, again))
    print(
        f"{count} articles: fingerprinting alone {shingling:.2f} s, the whole search {search:.2f} s, again {repeated:.3f} s of CPU"
    )
    ratio("whole search / fingerprinting alone", search, shingling, 1.5)


def _time(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
