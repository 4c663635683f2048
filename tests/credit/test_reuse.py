"""Uncredited reuse on small commons in memory: what is told, what is not, and what hostile forks can do to it."""

import random
import time
from collections.abc import Mapping

import pytest
from copyists import verbatim
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.commons.model import Work
from newsrepo.credit import Texts
from newsrepo.credit.folding import words
from newsrepo.credit.quotations import marked
from newsrepo.credit.reuse import Found, reuses
from newsrepo.credit.runs import shared_runs
from newsrepo.credit.suspects import LONG, MAX_PAIRS, REPEATED, WIDE
from newsrepo.credit.winnowing import RUN, fingerprints, picks, unpack
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import ArticleId, Oid
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment


def prose(seed: int, count: int) -> str:
    """So many words that nobody else says in this order."""
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 8))) for _ in range(count))


class World:
    """Works by id with their bodies; versions are made from the two."""

    def __init__(self) -> None:
        self.works: dict[ArticleId, Work] = {}
        self.bodies: dict[Oid, str] = {}

    def add(
        self,
        name: str,
        body: str,
        *based_on: str,
        links: tuple[str, ...] = (),
        pages: tuple[str, ...] = (),
        relation: t.Relation = t.Relation.QUOTE,
    ) -> None:
        work = ArticleId(name if "/" in name else f"{name}/2026/x")
        version = Oid(blob_id(f"{work} {body}".encode()))
        self.bodies[version] = body
        self.works[work] = Work(
            id=work,
            version=version,
            path=f"articles/{work}/index.md",
            source="",
            title=name,
            date=Moment.parse("2026-05-01"),
            lang="en",
            summary="",
            topics=(),
            places=(),
            authors=(),
            license="CC0-1.0",
            status=t.Status.USABLE,
            based_on=tuple(
                t.Derivation(
                    article=f"{s}/2026/x",
                    version=self.works[ArticleId(f"{s}/2026/x")].version,
                    relation=relation,
                )
                for s in based_on
            ),
            words=len(body.split()),
            links=tuple(ArticleId(f"{link}/2026/x") for link in links),
            credits=tuple(t.Credit(name="Somebody", url=url) for url in pages),
        )

    def found(self) -> Found:
        prints = {w.id: unpack(fingerprints(self.bodies[w.version])) for w in self.works.values()}

        def read(oids: object) -> Mapping[Oid, str]:
            return {oid: self.bodies[oid] for oid in oids if oid in self.bodies}  # type: ignore[attr-defined]

        return reuses(dict(sorted(self.works.items())), prints, Texts(self.works, (), lambda _: ()), read)

    def told(self) -> list[tuple[str, str, int]]:
        return [
            (p.one.work.split("/")[0], p.other.work.split("/")[0], p.other.shared) for p in self.found().pairs
        ]


@pytest.fixture
def world() -> World:
    return World()


PASSAGE = prose(1, 40)


def test_a_shared_passage_is_told_with_both_places(world: World) -> None:
    world.add("abc", f"{prose(2, 30)}\n\n{PASSAGE}\n\n{prose(3, 30)}")
    world.add("def", f"{prose(4, 10)} {PASSAGE}.")
    (pair,) = world.found().pairs
    (passage,) = pair.passages
    assert (pair.one.work, pair.other.work, passage.words) == ("abc/2026/x", "def/2026/x", 40)
    assert world.bodies[pair.one.version][slice(*passage.one)] == PASSAGE
    assert world.bodies[pair.other.version][slice(*passage.other)] == PASSAGE
    assert (pair.one.words, pair.one.shared, pair.other.words, pair.other.shared) == (100, 40, 50, 40)


@pytest.mark.parametrize(("length", "told"), [(RUN, 1), (RUN - 1, 0)])
def test_the_stated_length_is_the_least(world: World, length: int, told: int) -> None:
    run = prose(9, length)
    world.add("abc", f"{prose(2, 30)} {run} {prose(3, 30)}")
    world.add("def", f"{prose(4, 30)} {run} {prose(5, 30)}")
    assert len(world.found().pairs) == told


def test_letters_of_scripts_without_spaces_count_half(world: World) -> None:
    chance = random.Random(1)
    run = "".join(chr(0x4E00 + chance.randrange(5000)) for _ in range(2 * RUN - 1))
    world.add("abc", f"起{run}終")
    world.add("def", f"始{run}了")
    assert world.told() == []
    world.add("abc", f"起{run}港終")
    world.add("def", f"始{run}港了")
    assert world.told() == [("abc", "def", 2 * RUN)]


def test_the_same_contingent_may_repeat_itself(world: World) -> None:
    world.add("abc/2026/x", PASSAGE)
    world.add("abc/2026/y", PASSAGE)
    assert world.told() == []


@pytest.mark.parametrize("direction", ["abc", "def"])
def test_credit_either_way_settles_it(world: World, direction: str) -> None:
    other = "def" if direction == "abc" else "abc"
    world.add(other, PASSAGE)
    world.add(direction, PASSAGE, other)
    assert world.told() == []


def test_credit_along_a_chain_settles_it(world: World) -> None:
    world.add("abc", PASSAGE)
    world.add("bcd", prose(2, 50), "abc")
    world.add("cde", prose(3, 50), "bcd")
    world.add("def", PASSAGE, "cde")
    assert world.told() == []


def test_a_source_that_both_credit_explains_what_it_holds_and_no_more(world: World) -> None:
    world.add("abc", PASSAGE)
    world.add("bcd", PASSAGE, "abc")
    world.add("cde", PASSAGE, "abc")
    assert world.told() == []
    extra = prose(7, 30)
    world.add("bcd", f"{PASSAGE}\n\n{extra}", "abc")
    world.add("cde", f"{extra}\n\n{PASSAGE}", "abc")
    assert world.told() == [("bcd", "cde", 30)]


def test_of_a_row_of_copies_each_is_told_for_the_credit_it_lacks(world: World) -> None:
    world.add("abc", PASSAGE)
    world.add("bcd", PASSAGE)  # took it from abc and says nothing
    world.add("cde", PASSAGE, "bcd")  # says where it has it from
    assert world.told() == [("abc", "bcd", 40)]


@pytest.mark.parametrize(
    "quoted", ["> {}\n> and so on", "He said: “{}”.", 'He said: "{}"', "Il dit : « {} »"]
)
def test_a_marked_quotation_with_a_link_is_fair(world: World, quoted: str) -> None:
    world.add("abc", PASSAGE)
    world.add("def", quoted.format(PASSAGE), links=("abc",))
    assert world.told() == []
    world.add("def", quoted.format(PASSAGE))
    assert world.told() == [("abc", "def", 40)]
    world.add("def", quoted.format(PASSAGE), pages=("https://abc.example/articles/abc/2026/x.html",))
    assert world.told() == []
    world.add("def", PASSAGE, links=("abc",))
    assert world.told() == [("abc", "def", 40)]


def test_what_both_quote_from_one_outside_source_is_fair(world: World) -> None:
    world.add("abc", f"> {PASSAGE}", pages=("https://example.org/law",))
    world.add("def", f"“{PASSAGE}”", pages=("https://example.org/law",))
    assert world.told() == []
    world.add("def", f"{PASSAGE}", pages=("https://example.org/law",))
    assert world.told() == [("abc", "def", 40)]


def test_what_many_contingents_say_is_a_phrase_unless_it_is_long(world: World) -> None:
    for n in range(WIDE):
        world.add(f"c{n}", f"{prose(10 + n, 30)} {prose(1, 20)} {prose(50 + n, 30)}")
    assert world.told() == []
    long = prose(1, LONG + 20)
    for n in range(WIDE):
        world.add(f"c{n}", f"{prose(10 + n, 30)} {long} {prose(50 + n, 30)}")
    assert world.told() == [("c0", f"c{n}", LONG + 20) for n in range(1, WIDE)]  # each for one, not for all


def test_a_notice_under_all_articles_of_both_is_furniture_but_copying_often_is_not(world: World) -> None:
    for n in range(REPEATED):
        world.add(f"abc/2026/a{n}", f"{prose(n, 30)} {PASSAGE}")
        world.add(f"def/2026/d{n}", f"{prose(100 + n, 30)} {PASSAGE}")
    assert world.told() == []
    world.add("xyz", PASSAGE)
    assert [pair[:2] for pair in world.told()] == [("abc", "xyz")] * REPEATED + [("def", "xyz")] * REPEATED


def test_strangers_who_repeat_a_passage_do_not_hide_it(world: World) -> None:
    world.add("abc", PASSAGE)
    world.add("def", PASSAGE)
    for n in range(50):
        world.add(f"evil/2026/e{n}", f"{PASSAGE} {prose(n, 20)}")
    assert ("abc", "def", 40) in world.told()


def test_a_fork_with_thousands_of_texts_of_one_gram_costs_little_and_is_told(world: World) -> None:
    world.add("abc", PASSAGE)
    world.add("def", PASSAGE)
    for n in range(MAX_PAIRS + 2000):
        world.add(f"evil/2026/e{n}", f"{n} {PASSAGE}")
        world.add(f"evil-too/2026/e{n}", f"{n} {PASSAGE}")
    started = time.process_time()
    found = world.found()
    assert time.process_time() - started < 20
    assert ("abc/2026/x", "def/2026/x") in [(p.one.work, p.other.work) for p in found.pairs]
    assert found.left == tuple((one, evil, 2000) for one in ("abc", "def") for evil in ("evil", "evil-too"))


@pytest.mark.parametrize(
    "text",
    [
        "a " * 100_000,
        "a b " * 50_000,
        ("> " * 30 + "\n") * 3000,
        "“" * 50_000,
        "](" * 50_000,
        "`" * 90_000,
        "<a" * 50_000,
        "```a\n" * 60_000,
        "````\n```\n" * 40_000,
        "[a" * 90_000 + "]:",
        "&a" * 90_000,
        "http://" * 40_000,
        "~~~\n" * 60_000,
    ],
)
def test_texts_that_repeat_themselves_cost_no_more_than_their_length(world: World, text: str) -> None:
    world.add("abc", text)
    world.add("def", f"{text} end")
    started = time.process_time()
    world.found()
    marked(text)
    assert time.process_time() - started < 20


def test_endless_repetition_in_both_does_not_hide_what_else_they_share(world: World) -> None:
    refrain = "la " * 60_000
    world.add("abc", f"{refrain}\n\n{PASSAGE}")
    world.add("def", f"{refrain} {prose(2, 30)}\n\n{PASSAGE} {prose(3, 30)}")
    (pair,) = world.found().pairs
    taken = [world.bodies[pair.other.version][slice(*passage.other)] for passage in pair.passages]
    assert PASSAGE in taken


VOCABULARY = ["the", "port", "strike", "wages", "x", "docks", "Café", "1"]


@given(
    st.lists(st.sampled_from(VOCABULARY), max_size=120),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 60), st.booleans()), max_size=6),
)
@settings(deadline=None, max_examples=200)
def test_every_word_of_every_shared_run_is_covered(
    source: list[str], takings: list[tuple[int, int, bool]]
) -> None:
    text: list[str] = []
    for start, size, break_ in takings:
        text += source[start : start + size]
        text += ["elsewhere"] if break_ else []
    one, other = words(" ".join(source)), words(" ".join(text))
    found = shared_runs(one, other, (picks(one), picks(other)), RUN)
    held = set()
    for run in found.runs:
        assert one[run.one : run.one + run.size] == other[run.other : run.other + run.size]
        assert run.size >= RUN
        held |= set(range(run.other, run.other + run.size))
    assert len(held) == verbatim(other, one, RUN) or found.cut


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("no quotes", []),
        ("one\n\n> two\nthree\n\nfour", ["> two\nthree"]),
        ("she said “two words” and „drei“ then", ["“two words”", "„drei“"]),
        ("“a first paragraph\n\n“and a second”, he said", ["“a first paragraph", "“and a second”"]),
        ("“never closed\n\nnext", []),
        ('a 5" pipe', []),
        ("「港で」と", ["「港で」"]),
    ],
)
def test_marks_of_quotation(text: str, stretches: list[str]) -> None:
    assert [text[slice(*span)].strip() for span in marked(text)] == stretches
