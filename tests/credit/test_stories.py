"""Stories are total and deterministic, whatever the works claim of one another."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons.model import Work
from newsrepo.credit import Use, stories
from newsrepo.ids import ArticleId, Oid
from newsrepo.records.scalars import Moment
from newsrepo.records.types import Derivation, Relation, Status

A, B, C, D = (ArticleId(f"{name}/2026/x") for name in ("abc", "bcd", "cde", "def"))


def on(article: str, relation: Relation = Relation.REWRITE) -> Derivation:
    return Derivation(article=article, version="1" * 40, relation=relation)


def work(work_id: ArticleId, *based_on: Derivation) -> Work:
    return Work(
        id=work_id,
        version=Oid("0" * 40),
        path=f"articles/{work_id}/index.md",
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


def world(**based_on):
    names = {"a": A, "b": B, "c": C, "d": D}
    return {names[n]: work(names[n], *claims) for n, claims in based_on.items()}


def test_nothing_has_no_stories():
    assert stories({}).roots == ()


def test_a_chain_is_one_story():
    made = stories(world(a=[], b=[on(A)], c=[on(B, Relation.TRANSLATION)]))
    assert made.roots == (A,)
    assert made.members(A) == (A, B, C)
    assert (made.children(A), made.children(B), made.children(C)) == ((B,), (C,), ())
    assert (made.parent_of(A), made.parent_of(C)) == (None, B)


@pytest.mark.parametrize("relation", list(Relation))
def test_quotes_and_compilations_join_nothing(relation):
    made = stories(world(a=[], b=[on(A, relation)]))
    joins = relation not in (Relation.QUOTE, Relation.COMPILATION)
    assert made.root_of(B) == (A if joins else B)
    assert made.uses_of(A) == (Use(B, on(A, relation)),)
    assert made.credits_of(B) == (on(A, relation),)


def test_of_two_parents_the_first_counts():
    made = stories(world(a=[], b=[], c=[on(B), on(A)]))
    assert made.root_of(C) == B
    assert [use.work for use in made.uses_of(A)] == [C]


def test_a_parent_out_of_view_leaves_a_root_that_remembers():
    missing = ArticleId("gone/2020/it")
    made = stories(world(b=[on(missing)], c=[on(B)]))
    assert made.roots == (B,)
    assert made.dangling(B) == on(missing)
    assert made.dangling(C) is None
    assert [use.work for use in made.uses_of(missing)] == [B]


def test_the_root_of_a_cycle_is_its_smallest_id_and_walks_end():
    made = stories(world(d=[on(C)], c=[on(B)], b=[on(D)], a=[on(C)]))
    assert made.cycles == ((B, D, C),)
    assert {made.root_of(x) for x in (A, B, C, D)} == {B}
    assert made.members(B) == (A, B, C, D)
    assert made.parent_of(B) is None
    assert made.children(C) == (A, D)
    assert made.children(D) == ()
    assert made.children(B) == (C,)


def test_a_work_based_on_itself_is_its_own_root():
    made = stories(world(a=[on(A)]))
    assert (made.root_of(A), made.cycles, made.children(A)) == (A, ((A,),), ())


def test_an_unknown_id_is_a_key_error():
    made = stories(world(a=[]))
    for ask in (made.root_of, made.children, made.members, made.credits_of):
        with pytest.raises(KeyError):
            ask(B)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_claims_make_trees_that_hold_each_work_once(data):
    count = data.draw(st.integers(1, 9))
    ids = [ArticleId(f"c/2026/w{n}") for n in range(count)]
    targets = st.sampled_from([*ids, ArticleId("x/2026/gone")])
    claims = {
        i: data.draw(st.lists(st.tuples(targets, st.sampled_from(list(Relation))), max_size=3)) for i in ids
    }
    works = {i: work(i, *(on(a, r) for a, r in claims[i])) for i in ids}
    made = stories(works)
    assert sorted(i for root in made.roots for i in made.members(root)) == ids
    for root in made.roots:
        seen, queue = set(), [root]
        while queue:
            here = queue.pop()
            assert here not in seen
            seen.add(here)
            queue += made.children(here)
        assert seen == set(made.members(root))
        assert made.root_of(root) == root
    shuffled = data.draw(st.permutations(ids))
    again = stories({i: works[i] for i in shuffled})
    assert again.cycles == made.cycles
    assert [again.root_of(i) for i in ids] == [made.root_of(i) for i in ids]


def test_time_grows_with_the_works_and_no_faster():
    def seconds(count):
        ids = [ArticleId(f"c/2026/w{n:06}") for n in range(count)]
        ring = {i: work(i, on(ids[n - 1])) for n, i in enumerate(ids)}
        start = time.process_time()
        made = stories(ring)
        spent = time.process_time() - start
        assert len(made.members(ids[0])) == count
        return spent

    small = min(seconds(5_000) for _ in range(3))
    assert seconds(50_000) < 60 * small
