"""Which works of different contingents may share a passage, by fingerprints alone and in near-linear time.

What many say is nobody's: a gram that ``WIDE`` contingents carry is a common phrase, and does not bring two
works together unless they share ``LONG`` words of such in a row. A gram that both contingents of a pair carry
in ``REPEATED`` works of different stories each is furniture of both, such as a notice under every article.
Nobody else can make it so: what strangers carry does not hide a passage that two contingents share.
"""

from collections.abc import Callable, Collection, Mapping
from itertools import combinations

from msgspec import Struct

from newsrepo.credit.winnowing import GRAM, WINDOW
from newsrepo.ids import ArticleId, ContingentId, owner

WIDE = 6
"""In how many contingents a gram stands that is a common phrase."""

LONG = 60
"""How many words in a row are no phrase any more, however many carry them."""

REPEATED = 4

MAX_PAIRS = 1000
"""How many pairs of works are compared for two contingents, those with most in common first."""

Pair = tuple[ArticleId, ArticleId]


class Suspects(Struct, frozen=True):
    """Pairs of works, each in order of id and all in order, with the fingerprints that both hold.

    ``wide`` are the fingerprints of common phrases. ``left`` says of two contingents how many more pairs
    there are that will not be compared.
    """

    pairs: tuple[tuple[Pair, frozenset[int]], ...]
    wide: frozenset[int]
    left: tuple[tuple[ContingentId, ContingentId, int], ...]


Prints = Mapping[ArticleId, Collection[int]]


def suspects(
    prints: Prints,
    settled: Callable[[ArticleId, ArticleId], bool],
    story: Callable[[ArticleId], ArticleId],
    rank: Callable[[ArticleId], tuple[str, str]],
) -> Suspects:
    """Pairs to be compared. ``settled`` says of two works that there is credit between them, ``story`` which
    works are versions of one, ``rank`` orders works as far as can be told by when they were first there."""
    postings = _postings(prints)
    wide: set[int] = set()
    found: dict[Pair, set[int]] = {}
    spread: dict[Pair, set[int]] = {}
    for value, works in postings.items():
        by_owner: dict[ContingentId, list[ArticleId]] = {}
        for work in works:
            by_owner.setdefault(owner(work), []).append(work)
        if len(by_owner) >= WIDE:
            wide.add(value)
            first = min(works, key=rank)
            for work in works:
                if owner(work) != owner(first):
                    spread.setdefault(_pair(first, work), set()).add(value)
            continue
        furniture = {who for who, own in by_owner.items() if _repeats(own, story)}
        for one, other in combinations(by_owner, 2):
            if one not in furniture or other not in furniture:
                for a in by_owner[one]:
                    for b in by_owner[other]:
                        found.setdefault(_pair(a, b), set()).add(value)
    least = (LONG - GRAM + 1) // WINDOW  # so many kept grams at least has a run of that length
    for pair, values in spread.items():
        if len(values) >= least:
            found.setdefault(pair, set()).update(values)
    return _capped(found, wide, settled)


def _postings(prints: Prints) -> dict[int, list[ArticleId]]:
    """The works that hold each fingerprint which more than one contingent has."""
    seen: set[int] = set()
    shared: set[int] = set()
    by_owner: dict[ContingentId, list[ArticleId]] = {}
    for work in sorted(prints):
        by_owner.setdefault(owner(work), []).append(work)
    for works in by_owner.values():
        own: set[int] = set().union(*(prints[work] for work in works))
        shared |= seen & own
        seen |= own
    del seen
    postings: dict[int, list[ArticleId]] = {}
    for works in by_owner.values():
        for work in works:
            for value in shared.intersection(prints[work]):
                postings.setdefault(value, []).append(work)
    return dict(sorted(postings.items()))


def _repeats(works: list[ArticleId], story: Callable[[ArticleId], ArticleId]) -> bool:
    return len(works) >= REPEATED and len({story(work) for work in works}) >= REPEATED


def _pair(a: ArticleId, b: ArticleId) -> Pair:
    return (a, b) if a < b else (b, a)


def _capped(
    found: dict[Pair, set[int]], wide: set[int], settled: Callable[[ArticleId, ArticleId], bool]
) -> Suspects:
    by_owners: dict[tuple[ContingentId, ContingentId], list[Pair]] = {}
    for pair in found:
        one, other = owner(pair[0]), owner(pair[1])
        by_owners.setdefault((min(one, other), max(one, other)), []).append(pair)
    kept: list[Pair] = []
    left = []
    for owners in sorted(by_owners):
        open_ = sorted(
            (pair for pair in by_owners[owners] if not settled(*pair)),
            key=lambda pair: (-len(found[pair]), pair),
        )
        kept += open_[:MAX_PAIRS]
        if len(open_) > MAX_PAIRS:
            left.append((*owners, len(open_) - MAX_PAIRS))
    kept.sort()
    return Suspects(tuple((pair, frozenset(found[pair])) for pair in kept), frozenset(wide), tuple(left))
