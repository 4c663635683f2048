"""The derivation of a work both ways: every statement is drawn once, circles close, nothing recurses."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons.model import Work
from newsrepo.credit import End, Step, Texts, ahead, behind, stories
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import ArticleId, Oid
from newsrepo.records.scalars import Moment
from newsrepo.records.types import Derivation, Relation, Status


def work(name: str, *based_on: Derivation, version: str = "") -> Work:
    return Work(
        id=ArticleId(f"{name}/2026/x"),
        version=Oid(version or name[0] * 40),
        path=f"articles/{name}/2026/x/index.md",
        source="",
        title=name,
        date=Moment.parse("2026-01-01"),
        lang="en",
        summary="",
        topics=(),
        places=(),
        authors=(),
        license="CC0-1.0",
        status=Status.USABLE,
        based_on=based_on,
        words=1,
    )


def on(name: str, relation: Relation = Relation.REWRITE, version: str = "") -> Derivation:
    return Derivation(article=f"{name}/2026/x", version=version or name[0] * 40, relation=relation)


def world(*works: Work) -> dict[ArticleId, Work]:
    return {w.id: w for w in works}


def texts(works: Mapping[ArticleId, Work], *kept: bytes) -> Texts:
    blobs = {Oid(blob_id(data)): data for data in kept}
    return Texts(works, blobs, lambda oids: [(oid, blobs[oid]) for oid in oids])


def up(works: Mapping[ArticleId, Work], name: str, *kept: bytes) -> list[tuple[str, int, End]]:
    start = works[ArticleId(f"{name}/2026/x")]
    return shape(behind(works, texts(works, *kept), start.id, start.version))


def down(works: Mapping[ArticleId, Work], name: str) -> list[tuple[str, int, End]]:
    return shape(ahead(works, stories(works), ArticleId(f"{name}/2026/x")))


def shape(steps: tuple[Step, ...]) -> list[tuple[str, int, End]]:
    for place, step in enumerate(steps):
        assert step.under < place
        assert step.depth == (1 if step.under < 0 else steps[step.under].depth + 1)
    return [(s.work.partition("/")[0], s.depth, s.end) for s in steps]


def test_a_chain_is_seen_from_both_ends() -> None:
    works = world(
        work("a"),
        work("b", on("a")),
        work("c", on("b", Relation.TRANSLATION)),
        work("d", on("c", Relation.QUOTE)),
    )
    assert up(works, "d") == [("c", 1, End.OPEN), ("b", 2, End.OPEN), ("a", 3, End.OPEN)]
    assert down(works, "a") == [("b", 1, End.OPEN), ("c", 2, End.OPEN), ("d", 3, End.OPEN)]
    assert (up(works, "a"), down(works, "d")) == ([], [])


def test_what_is_met_twice_is_followed_once() -> None:
    works = world(
        work("a"),
        work("b", on("a")),
        work("c", on("b")),
        work("d", on("b", Relation.QUOTE), on("c", Relation.QUOTE), on("a", Relation.QUOTE)),
    )
    assert up(works, "d") == [
        ("b", 1, End.OPEN),
        ("a", 2, End.OPEN),
        ("c", 1, End.OPEN),
        ("b", 2, End.AGAIN),
        ("a", 1, End.OPEN),
    ]


def test_a_circle_ends_where_it_closes() -> None:
    works = world(work("a", on("b")), work("b", on("a")), work("c", on("c")))
    assert up(works, "a") == [("b", 1, End.OPEN), ("a", 2, End.CIRCLE)]
    assert down(works, "a") == [("b", 1, End.OPEN), ("a", 2, End.CIRCLE)]
    assert up(works, "c") == down(works, "c") == [("c", 1, End.CIRCLE)]


def test_what_is_not_in_view_is_a_line_like_any_other() -> None:
    works = world(work("b", on("z")))
    assert up(works, "b") == [("z", 1, End.OPEN)]


def test_the_cited_text_speaks_and_not_what_its_article_became() -> None:
    old = b"---\ntitle: B\ndate: 2026-05-01\nlang: en\nbased_on:\n  - article: a/2026/x\n    version: "
    old += b"a" * 40 + b"\n    relation: rewrite\n---\n\nText.\n"
    works = world(work("b"), work("c", on("b", version=blob_id(old))))
    assert up(works, "c", old) == [("b", 1, End.OPEN), ("a", 2, End.OPEN)]
    assert up(works, "c") == [("b", 1, End.OPEN)]


def test_a_text_that_nobody_kept_leaves_its_article_to_speak() -> None:
    works = world(work("b", on("a")), work("c", on("b", version="0" * 40)))
    assert up(works, "c") == [("b", 1, End.OPEN), ("a", 2, End.OPEN)]


def test_kept_texts_that_are_no_articles_say_nothing() -> None:
    works = world(work("c", on("b", version=blob_id(b"rubbish"))))
    assert texts(works, b"rubbish").get(blob_id(b"rubbish")) is None
    assert up(works, "c", b"rubbish") == [("b", 1, End.OPEN)]


def test_a_chain_of_ten_thousand_needs_no_recursion() -> None:
    size = 10_000
    works = {}
    for n in range(size):
        based = (
            [Derivation(article=f"n{n - 1}/2026/x", version=f"{n - 1:040}", relation=Relation.REWRITE)]
            if n
            else []
        )
        one = work(f"n{n}", *based, version=f"{n:040}")
        works[one.id] = one
    assert up(works, f"n{size - 1}")[-1] == ("n0", size - 1, End.OPEN)
    assert len(down(works, "n0")) == size - 1


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 6), st.sampled_from(list(Relation))),
        max_size=20,
        unique=True,
    )
)
def test_total_whatever_is_claimed(edges: list[tuple[int, int, Relation]]) -> None:
    works = world(
        *(work("abcdef"[n], *(on("abcdefg"[s], r) for d, s, r in edges if d == n)) for n in range(6))
    )
    for name in "abcdef":
        reached = {name}
        for _ in range(6):
            reached |= {"abcdefg"[s] for d, s, _ in edges if "abcdef"[d] in reached}
        lines = up(works, name)
        assert {who for who, _, _ in lines} | {name} == reached
        assert max(len(lines), len(down(works, name))) <= len(edges)
