"""Lost credit is found exactly where there is some: nothing is told if and only if the folder credits everybody."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons.model import Work
from newsrepo.credit import Texts
from newsrepo.credit.dropped import credited, dropped
from newsrepo.ids import ArticleId
from newsrepo.records.scalars import Moment
from newsrepo.records.types import Derivation, Relation, Status

SIZE = 7


def name(number: int) -> ArticleId:
    return ArticleId(f"n{number}/2026/x")


def version(number: int) -> str:
    return f"{number:040}"


def world(edges: set[tuple[int, int]]) -> dict[ArticleId, Work]:
    """Works of which each cites the present text of others; the last number is an article that is nowhere."""
    works = {}
    for number in range(SIZE):
        based_on = tuple(
            Derivation(article=name(source), version=version(source), relation=Relation.QUOTE)
            for made, source in sorted(edges)
            if made == number
        )
        works[name(number)] = Work(
            id=name(number),
            version=version(number),
            path=f"articles/{name(number)}/index.md",
            source="",
            title="t",
            date=Moment.parse("2026-01-01"),
            lang="en",
            summary="",
            topics=(),
            places=(),
            authors=(),
            license="",
            status=Status.USABLE,
            based_on=based_on,
            words=1,
        )
    return works


EDGES = st.sets(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE)), max_size=16)
NUMBERS = st.sets(st.integers(0, SIZE), max_size=SIZE + 1)


@settings(deadline=None, max_examples=300)
@given(EDGES, NUMBERS)
def test_told_exactly_when_somebody_up_the_chain_is_not_credited(
    edges: set[tuple[int, int]], kept: set[int]
) -> None:
    works = world(edges)
    texts = Texts(works, (), lambda _: ())
    folder = {version(number) for number in kept}
    for number in range(SIZE):
        behind: set[int] = set()
        for _ in range(SIZE + 1):
            behind |= {source for made, source in edges if made == number or made in behind}
        wanted = {name(source) for source in behind - {number}}
        work = works[name(number)]
        known = credited(work, texts, folder)
        lost = dropped(work, works, texts, folder)
        assert known - {work.id} <= wanted
        assert {item.source for item in lost} <= wanted - known
        assert bool(lost) == bool(wanted - known)
        for item in lost:
            chain = [work.id, *item.way, item.source]
            assert all(any(d.article == b for d in works[a].based_on) for a, b in pairwise(chain))
            assert work.based_on[item.at].article == item.way[0]


@settings(deadline=None, max_examples=100)
@given(EDGES)
def test_whoever_keeps_every_text_up_the_chain_has_lost_nobody(edges: set[tuple[int, int]]) -> None:
    works = world(edges)
    texts = Texts(works, (), lambda _: ())
    everything = {version(number) for number in range(SIZE)}
    assert all(dropped(work, works, texts, everything) == () for work in works.values())
