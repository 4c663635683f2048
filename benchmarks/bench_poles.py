"""The opinion map on made-up conversations of many shapes: are planted groups found, and no others?

    python benchmarks/bench_poles.py [--seeds 10]

The constants of the map were chosen while looking at one published conversation; these are others, made by
chance. For each shape: how often the number of groups is the planted one, and the adjusted Rand index with the
planted groups, ours with everybody and of those whom we place, beside an oracle's, who knows what each planted group
says of each statement and puts everybody into the nearest. No method that is told nothing can be expected to
beat the oracle; where it is low, the groups cannot be told from what people answered.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "opinion"))

import numpy as np
from numpy.typing import NDArray
from opinions import draw, labels, rand_index

Floats = NDArray[np.float64]
NEVER = float("nan")
SHAPES = {
    # name: (people, statements, sizes of the groups, how far apart, share who get to a statement at all)
    "two, even, strong": (240, 60, (0.5, 0.5), 1.4, 0.8),
    "two, even, weak": (240, 60, (0.5, 0.5), 0.8, 0.8),
    "two, one in five": (240, 60, (0.8, 0.2), 1.2, 0.8),
    "two, one in ten": (300, 60, (0.9, 0.1), 1.4, 0.8),
    "two, sparse": (400, 100, (0.5, 0.5), 1.4, 0.25),
    "two, few people": (50, 40, (0.5, 0.5), 1.4, 0.8),
    "three, even": (300, 60, (0.34, 0.33, 0.33), 1.4, 0.8),
    "three, uneven": (300, 60, (0.5, 0.3, 0.2), 1.4, 0.8),
    "three, sparse": (500, 100, (0.4, 0.3, 0.3), 1.6, 0.3),
    "four, even": (400, 80, (0.25, 0.25, 0.25, 0.25), 1.6, 0.8),
    "none": (240, 60, (1.0,), 0.0, 0.8),
    "none, sparse": (400, 100, (1.0,), 0.0, 0.25),
    "none, many": (1000, 80, (1.0,), 0.0, 0.6),
}


def conversation(
    seed: int, shape: tuple[int, int, tuple[float, ...], float, float]
) -> tuple[Floats, list[int]]:
    """Votes of people, and the planted group of each.

    Half of the people answer from the first statement on and stop somewhere, half here and there.
    """
    people, statements, sizes, apart, answered = shape
    random = np.random.default_rng(seed)
    group = random.choice(len(sizes), people, p=np.array(sizes) / sum(sizes))
    lean = random.normal(0, apart, (len(sizes), statements)) * (random.random(statements) < 0.6)
    felt = random.normal(0, 1, statements) + lean[group] + random.normal(0, 1, (people, statements))
    votes = np.where(felt > 0.4, 1.0, np.where(felt < -0.4, -1.0, 0.0))
    until = np.minimum(statements, random.exponential(answered * statements, people).astype(int) + 5)
    here_and_there = random.random((people, statements)) < answered
    order = np.arange(statements) < until[:, None]
    votes[~np.where((np.arange(people) % 2 == 0)[:, None], order, here_and_there)] = NEVER
    return votes, group.tolist()


def oracle(votes: Floats, planted: list[int], groups: int) -> list[int]:
    """The planted group whose mean answers are nearest to each person's."""
    there = ~np.isnan(votes)
    given = np.where(there, votes, 0.0)
    far = np.empty((len(votes), groups))
    for group in range(groups):
        mine = np.array(planted) == group
        mean = given[mine].sum(axis=0) / np.maximum(there[mine].sum(axis=0), 1)
        far[:, group] = ((given - mean) ** 2 * there).sum(axis=1)
    return list(map(int, far.argmin(axis=1)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    print(
        f"{'shape':20} {'right number':>12} {'found':>14}  {'ARI':>5} {'placed':>6} {'oracle':>6} {'in none':>7}"
    )
    for name, shape in SHAPES.items():
        right, counts, all_, placed_, best, none = 0, [], [], [], [], []
        for seed in range(args.seeds):
            votes, planted = conversation(1000 + seed, shape)
            table = {f"town/p{n}": row.tolist() for n, row in enumerate(votes)}
            drawn = draw(table)
            found = labels(drawn, list(table))
            counts.append(drawn.verdict.poles or 0)
            right += counts[-1] == len(shape[2])
            inside = [n for n, group in enumerate(found) if group >= 0]
            none.append(1 - len(inside) / len(found))
            if len(shape[2]) > 1:
                all_.append(rand_index(planted, found))
                placed_.append(rand_index([planted[n] for n in inside], [found[n] for n in inside]))
                best.append(rand_index(planted, oracle(votes, planted, len(shape[2]))))
        each = " ".join(f"{n}:{counts.count(n)}" for n in sorted(set(counts)))
        means = "  ".join(f"{np.mean(v):.2f}" if v else "   -" for v in (all_, placed_, best))
        print(
            f"{name:20} {right:>6} of {args.seeds:<3} {each:>14}  {means}  {np.mean(none):7.2f}", flush=True
        )


if __name__ == "__main__":
    main()
