"""Credit that holds: chains of any length, authors, licences, sources that moved on, links that lead elsewhere."""

import time

import pytest

from newsrepo.checks import run
from newsrepo.commons import Index, open_commons
from newsrepo.credit.dropped import MAX_DROPPED
from newsrepo.credit.licences import PUBLIC_DOMAIN, allows
from newsrepo.gitstore.snapshot import MemorySnapshot, blob_id
from newsrepo.location import Finding, Severity

CHARTER = """\
name: The Commons
licenses: [CC0-1.0, CC-PDM-1.0, CC-BY-4.0, CC-BY-SA-3.0, CC-BY-SA-4.0, CC-BY-ND-4.0, ODbL-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: not at all, high: very}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""


class World:
    """A commons that grows article by article; what is cited is kept, unless one says otherwise."""

    def __init__(self) -> None:
        self.files = {"newsrepo.yaml": CHARTER}
        self.texts: dict[str, str] = {}

    def add(self, name: str, *based_on: tuple[str, str], keep: str = "", **fields: str) -> str:
        """Write ``name/2026/x``, based on ``(article, relation)``; ``keep`` names whose texts it keeps beside
        those it cites (``-``: none at all). Returns the version."""
        head = {"title": name, "date": "2026-05-01", "lang": "en", "license": "CC0-1.0", **fields}
        front = "".join(f"{key}: {value}\n" for key, value in head.items() if value)
        if based_on:
            front += "based_on:\n"
        folder = f"articles/{name}/2026/x"
        for source, relation in based_on:
            version = blob_id(self.texts[source].encode())
            front += f"  - article: {source}/2026/x\n    version: {version}\n    relation: {relation}\n"
        for path in [path for path in self.files if path.startswith(f"{folder}/")]:
            del self.files[path]
        wanted = [] if keep == "-" else [*(source for source, _ in based_on), *keep.split()]
        for source in wanted:
            self.files[f"{folder}/sources/{blob_id(self.texts[source].encode())}.md"] = self.texts[source]
        self.texts[name] = f"---\n{front}---\n\nThe text of {name}.\n"
        self.files[f"contingents/{name}.yaml"] = f"name: The {name}\n"
        self.files[f"{folder}/index.md"] = self.texts[name]
        return blob_id(self.texts[name].encode())

    def found(self, *paths: str) -> list[Finding]:
        """What the rules about credit find; a rule of another subject fails the test."""
        files = {path: text.encode() for path, text in self.files.items()}
        return list(run(open_commons(MemorySnapshot(files), Index.memory()), paths or None))

    def told(self) -> list[tuple[str, str, str]]:
        return [(f.location.path.split("/")[1], f.rule, f.severity.value) for f in self.found()]


@pytest.fixture
def world() -> World:
    """A, rewritten by B, translated by C."""
    made = World()
    made.add("a")
    made.add("b", ("a", "rewrite"))
    made.add("c", ("b", "translation"))
    return made


class TestDroppedCredit:
    def test_the_kept_text_of_the_source_credits_the_original(self, world: World) -> None:
        assert world.found() == []

    def test_at_the_end_of_a_longer_chain_the_first_is_lost(self, world: World) -> None:
        world.add("d", ("c", "quote"))
        (finding,) = world.found()
        assert (finding.rule, str(finding.location)) == ("dropped-credit", "articles/d/2026/x/index.md:7:14")
        assert finding.severity is Severity.ERROR
        assert (
            finding.message
            == "a/2026/x is not credited, though this is based on it through c/2026/x and b/2026/x"
        )
        assert f"sources/{blob_id(world.texts['b'].encode())}.md" in finding.hint

    def test_either_way_out_mends_it(self, world: World) -> None:
        world.add("d", ("c", "quote"), keep="b")
        assert world.found() == []
        world.add("d", ("c", "quote"), ("a", "compilation"))
        assert world.found() == []

    def test_without_the_kept_text_even_the_next_is_lost(self, world: World) -> None:
        world.add("c", ("b", "translation"), keep="-")
        assert world.told() == [("c", "dropped-credit", "error"), ("c", "unkept-source", "warning")]

    def test_one_that_is_lost_hides_what_is_behind_it(self, world: World) -> None:
        world.add("d", ("c", "rewrite"))
        world.add("e", ("d", "rewrite"))
        found = {(f.location.path.split("/")[1], f.message.partition(" ")[0]) for f in world.found()}
        assert found == {("d", "a/2026/x"), ("e", "b/2026/x")}

    def test_a_kept_text_that_nothing_leads_to_credits_nobody(self, world: World) -> None:
        world.add("z", ("a", "quote"))
        world.add("d", ("c", "quote"), keep="z")
        assert world.told() == [("d", "dropped-credit", "error")]

    def test_a_chain_holds_though_the_forks_between_are_gone(self, world: World) -> None:
        world.add("d", ("c", "quote"), keep="b a")
        for path in [p for p in world.files if p.startswith(("articles/a", "articles/b", "articles/c"))]:
            del world.files[path]
        assert world.found() == []

    def test_what_a_source_says_only_now_is_a_warning(self) -> None:
        world = World()
        world.add("a")
        world.add("b")
        world.add("c", ("b", "rewrite"))
        world.add("b", ("a", "rewrite"))
        assert world.told() == [("c", "dropped-credit", "warning")]
        world.add("b", ("a", "quote"))
        assert world.found() == []

    def test_credit_that_a_source_dropped_since_is_named_at_the_end(self, world: World) -> None:
        world.add("b")
        (finding,) = [f for f in world.found() if f.rule == "dropped-credit"]
        assert (finding.location.path, finding.severity) == ("articles/c/2026/x/index.md", Severity.NOTE)
        assert finding.message.startswith("b/2026/x credits a/2026/x no more")
        world.add("b", status="withdrawn")
        assert [f.rule for f in world.found()] == ["source-moved-on"]

    def test_circles_and_sources_out_of_view_end(self) -> None:
        world = World()
        world.texts |= {"far": "nothing that can be read", "a": "no article either"}
        world.add("b", ("a", "quote"))
        world.add("a", ("b", "quote"), ("far", "quote"))
        world.add("b", ("a", "quote"))
        assert {f.rule for f in world.found()} == {"derivation-cycle"}

    def test_a_tombstone_owes_nothing(self, world: World) -> None:
        world.add("d", ("c", "quote"), status="withdrawn")
        assert world.found() == []

    def test_no_more_is_told_than_anybody_reads(self) -> None:
        world = World()
        names = [f"n{number}" for number in range(MAX_DROPPED + 5)]
        for name in names:
            world.add(name)
        world.add("all", *((name, "compilation") for name in names))
        world.add("b", ("all", "quote"))
        world.add("c", ("b", "quote"))
        assert world.told() == [("c", "dropped-credit", "error")] * MAX_DROPPED

    def test_a_dense_web_of_quotations_costs_little(self) -> None:
        world = World()
        names = [f"n{number}" for number in range(120)]
        for at, name in enumerate(names):
            world.add(name, *((other, "quote") for other in names[:at]), keep="-")
        files = {path: text.encode() for path, text in world.files.items()}
        view = open_commons(MemorySnapshot(files), Index.memory())
        assert len(view.works) == len(names)
        start = time.process_time()
        assert [f for f in run(view) if f.rule == "dropped-credit"] == []
        assert time.process_time() - start < 10

    def test_a_chain_of_a_thousand_is_followed_without_recursion(self) -> None:
        world = World()
        world.add("n0")
        for number in range(1, 1000):
            world.add(f"n{number}", (f"n{number - 1}", "rewrite"))
        assert world.found("articles/n1", "articles/n2") == []
        assert {f.rule for f in world.found("articles/n999")} == {"dropped-credit"}
        world.add("end", ("n999", "quote"), keep=" ".join(f"n{number}" for number in range(999)))
        assert world.found("articles/end") == []

    def test_only_the_wanted_folders_are_told_of(self, world: World) -> None:
        world.add("d", ("c", "quote"))
        assert world.found("articles/c", "articles/a") == []
        assert [f.rule for f in world.found("articles/d")] == ["dropped-credit"]


ANN = "\n  - name: Ann Example\n    url: https://ann.example.org\n  - Bo"


class TestDroppedAuthor:
    def derived(self, relation: str, **fields: str) -> list[tuple[str, str]]:
        world = World()
        world.add("a", authors=ANN)
        world.add("b", ("a", relation), **fields)
        return [(f.rule, f.message) for f in world.found()]

    @pytest.mark.parametrize(
        ("relation", "kind"),
        [("rewrite", "a rewrite"), ("translation", "a translation"), ("summary", "a summary")],
    )
    def test_who_is_named_nowhere_is_missed(self, relation: str, kind: str) -> None:
        assert self.derived(relation, authors="\n  - Cy") == [
            (
                "dropped-author",
                f"a/2026/x, of which this is {kind}, is by Ann Example, Bo, and nothing here says so",
            )
        ]
        assert [rule for rule, _ in self.derived(relation)] == ["dropped-author"]

    @pytest.mark.parametrize("relation", ["quote", "compilation"])
    def test_quotes_and_compilations_name_their_source_themselves(self, relation: str) -> None:
        assert self.derived(relation, authors="\n  - Cy") == []

    @pytest.mark.parametrize(
        "fields",
        [
            {"authors": ANN + "\n  - Cy"},
            {"authors": "\n  - Cy", "credits": "\n  - name: Ann Example and Bo, Harbour News"},
            {"authors": "\n  - Cy, after ANN EXAMPLE and bo."},
            {"authors": "\n  - Bo\n  - name: آن\n    url: https://ann.example.org"},
        ],
    )
    def test_a_name_or_a_link_is_enough_and_more_may_be_added(self, fields: dict[str, str]) -> None:
        assert self.derived("rewrite", **fields) == []

    def test_part_of_a_word_is_no_name(self) -> None:
        found = self.derived("rewrite", authors=ANN.replace("Bo", "Bobbin"))
        assert [message.endswith("is by Bo, and nothing here says so") for _, message in found] == [True]


class TestLicences:
    @pytest.mark.parametrize(
        ("theirs", "ours", "relation", "severity"),
        [
            ("CC-BY-SA-4.0", "CC0-1.0", "rewrite", "error"),
            ("CC-BY-SA-4.0", "CC-BY-SA-3.0", "translation", "error"),
            ("CC-BY-4.0", "CC0-1.0", "compilation", "error"),
            ("CC-BY-ND-4.0", "CC-BY-ND-4.0", "summary", "error"),
            ("ODbL-1.0", "CC0-1.0", "rewrite", "note"),
            ("ODbL-1.0", "ODbL-1.0", "rewrite", ""),
            ("CC-BY-SA-3.0", "CC-BY-SA-4.0", "rewrite", ""),
            ("CC-BY-ND-4.0", "CC-BY-ND-4.0", "compilation", ""),
            ("CC-BY-SA-4.0", "CC0-1.0", "quote", ""),
            ("CC-PDM-1.0", "CC0-1.0", "rewrite", ""),
        ],
    )
    def test_a_source_decides_what_may_be_made_of_it(
        self, theirs: str, ours: str, relation: str, severity: str
    ) -> None:
        world = World()
        world.add("a", license=theirs)
        world.add("b", ("a", relation), license=ours)
        expected = [("b", "license-not-allowed", severity)] if severity else []
        assert world.told() == expected

    def test_nobody_may_use_what_has_no_licence(self) -> None:
        world = World()
        world.add("a", license="")
        world.add("b", ("a", "rewrite"))
        assert world.told() == [("a", "missing-license", "error"), ("b", "license-not-allowed", "error")]

    def test_it_is_the_licence_of_the_cited_text_that_counts(self) -> None:
        world = World()
        world.add("a", license="CC-BY-SA-4.0")
        world.add("b", ("a", "rewrite"))
        world.add("a")
        assert world.told() == [("b", "license-not-allowed", "error")]

    @pytest.mark.parametrize(
        ("source", "made", "answer"),
        [
            ("", "CC0-1.0", False),
            ("CC-BY-4.0", "CC-BY-SA-4.0", True),
            ("CC-BY-4.0", "CC-BY-NC-ND-4.0", True),
            ("CC-BY-4.0", "GPL-3.0-only", None),
            ("CC-BY-NC-4.0", "CC-BY-4.0", False),
            ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", True),
            ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", False),
            ("CC-BY-SA-1.0", "CC-BY-SA-2.0", False),
            ("CC-BY-SA-1.0", "CC-BY-SA-1.0", True),
            ("CC-BY-SA-2.5", "CC-BY-SA-3.0", True),
            ("CC-BY-SA-3.0-DE", "CC-BY-SA-4.0", True),
            ("CC-BY-SA-4.0", "LAL-1.3", True),
            ("LAL-1.3", "CC-BY-SA-4.0", True),
            ("LAL-1.3", "CC0-1.0", False),
            ("CC-BY-SA-4.0", "GPL-3.0-only", True),
            ("CC-BY-SA-4.0", "GPL-3.0-or-later", False),
            ("GFDL-1.2-or-later", "GFDL-1.3-or-later", True),
            ("GFDL-1.2-only", "GFDL-1.3-only", False),
            ("GFDL-1.3-only", "CC-BY-SA-3.0", False),
            ("OGL-UK-3.0", "CC-BY-4.0", True),
            ("OGL-UK-3.0", "CC0-1.0", False),
            ("Nonsense-1.0", "CC0-1.0", None),
            ("Nonsense-1.0", "Nonsense-1.0", True),
        ],
    )
    def test_the_table(self, source: str, made: str, answer: bool | None) -> None:
        assert allows(source, made) is answer

    @pytest.mark.parametrize("source", sorted(PUBLIC_DOMAIN))
    def test_public_domain_may_become_anything(self, source: str) -> None:
        assert all(allows(source, made) for made in (*PUBLIC_DOMAIN, "CC-BY-ND-4.0", "Nonsense-1.0"))


class TestSourceMovedOn:
    @pytest.mark.parametrize(
        ("relation", "told"),
        [
            ("translation", 1),
            ("summary", 1),
            ("abridgement", 1),
            ("rewrite", 0),
            ("correction", 0),
            ("quote", 0),
        ],
    )
    def test_what_stands_for_another_is_told_when_that_moves_on(self, relation: str, told: int) -> None:
        world = World()
        world.add("a")
        world.add("b", ("a", relation))
        assert world.found() == []
        version = world.add("a", title="New")
        found = world.found()
        assert [(f.rule, f.severity, str(f.location)) for f in found] == [
            ("source-moved-on", Severity.NOTE, "articles/b/2026/x/index.md:8:14")
        ] * told
        assert all(version in f.hint for f in found)

    def test_a_withdrawal_is_told_as_one(self) -> None:
        world = World()
        world.add("a")
        world.add("b", ("a", "summary"))
        world.add("a", status="withdrawn")
        assert [f.message for f in world.found()] == [
            "a/2026/x, of which this is a summary, has been withdrawn since"
        ]


class TestWrongLinks:
    SOURCE = "\n  - name: Harbour office\n    url: https://www.harbour.example/"

    def found(self, entry: str) -> list[tuple[str, str, str]]:
        world = World()
        world.add("a", credits=self.SOURCE)
        world.add("b", ("a", "quote"), credits=entry)
        return [(f.rule, str(f.location), f.hint) for f in world.found()]

    def test_another_link_beside_the_same_name(self) -> None:
        assert self.found("\n  - name: Harbour office\n    url: https://spam.example") == [
            (
                "wrong-link",
                "articles/b/2026/x/index.md:8:10",
                "the source links to https://www.harbour.example/; correct whichever is wrong",
            )
        ]

    @pytest.mark.parametrize(
        "entry",
        [
            "\n  - name: Harbour office\n    url: http://harbour.example",
            "\n  - name: Harbour office",
            "\n  - name: The harbour's library\n    url: https://library.example",
        ],
    )
    def test_the_same_link_none_or_another_name_is_sound(self, entry: str) -> None:
        assert self.found(entry) == []

    def test_a_link_that_the_source_gives_now_is_sound(self) -> None:
        world = World()
        world.add("a", authors="\n  - name: Ann\n    url: https://old.example")
        world.add("b", ("a", "quote"), authors="\n  - name: Ann\n    url: https://new.example")
        assert world.told() == [("b", "wrong-link", "warning")]
        world.add("a", authors="\n  - name: Ann\n    url: https://new.example")
        assert world.found() == []

    def test_the_text_of_another_article(self) -> None:
        world = World()
        world.add("a")
        world.add("z")
        world.add("b", ("a", "quote"))
        world.files["articles/b/2026/x/index.md"] = world.texts["b"].replace("a/2026/x", "z/2026/x")
        (finding,) = world.found()
        assert (finding.rule, str(finding.location)) == ("wrong-version", "articles/b/2026/x/index.md:8:14")
        assert finding.message == "the version cited as z/2026/x is the text of a/2026/x"
