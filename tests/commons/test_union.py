"""Every ref speaks for its owner: what is in the union, where it comes from, and what nobody can change."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import article, files
from union_world import World, everything, said_by

from newsrepo.commons import Index, Terms, Union, open_commons
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import ContingentId
from newsrepo.records.claims import claimant, is_signed

V = "1" * 40


def contingent(name, more=""):
    return f"name: {name}\n{more}"


def rated(article_id, value):
    return (
        f"ratings:\n  - {{article: {article_id}, version: {V}, date: 2026-05-01,"
        f" values: {{newsworthy: {value}}}}}\n"
    )


OWN = files(
    {
        "contingents/abc.yaml": contingent("ABC"),
        "contingents/lmn.yaml": contingent("LMN as pinned", "home: https://lmn.example/news\n"),
        "contingents/xyz.yaml": contingent("XYZ as pinned", "home: https://xyz.example/news\n"),
        "articles/abc/2026/own/index.md": article("Our own"),
        "articles/lmn/2026/strike/index.md": article("A stale copy of theirs"),
        "articles/lmn/2026/gone/index.md": article("Withdrawn in their home"),
        "articles/nobody/2026/x/index.md": article("By somebody in no address book"),
        "filters/abc/daily.yaml": "title: Daily\ntrust: {lmn: 1}\nselect: newsworthy>=1\n",
        "challenges/abc/why/challenge.md": "---\n---\n",
        "challenges/abc/why/answers/lmn.md": "an old copy\n",
        "statements/roll.yaml": "voters: []\n",
    }
)
LMN = files(
    {
        "newsrepo.yaml": "name: A charter of their own\n",
        "statements/roll.yaml": "voters: [theirs]\n",
        "contingents/lmn.yaml": contingent("LMN", "home: https://captured.example/news\n"),
        "contingents/abc.yaml": contingent("ABC, as LMN would have it"),
        "articles/lmn/2026/strike/index.md": article("The strike"),
        "articles/abc/2026/own/index.md": article("Put into ABC's mouth"),
        "articles/lmn/2026/broken/index.md": "---\ntitle: broken\n",
        "articles/lmn/2026/strike/Bad Name.png": b"x",
        "ratings/lmn/ann/2026-05.yaml": rated("abc/2026/own", 4),
        "ratings/abc/ann/2026-05.yaml": rated("abc/2026/own", 0),
        "comments/lmn/2026/word.md": "---\non: abc/2026/own\ndate: 2026-05-04\nlang: en\n---\n\nWell.\n",
        "challenges/abc/why/answers/lmn.md": "their answer\n",
        "challenges/abc/why/answers/abc.md": "not theirs to give\n",
    }
)
XYZ = files({"articles/xyz/2026/port/index.md": article("The port")})


@pytest.fixture
def world():
    return World(OWN, {"lmn": LMN, "xyz": XYZ})


def test_each_path_comes_from_whoever_speaks_for_it(world):
    view = world.commons()
    lmn, xyz = (world.union().homes[n].label for n in (0, 1))
    assert lmn.startswith("lmn@")
    assert len(lmn) == 12
    assert {i: (w.title, w.source) for i, w in view.works.items()} == {
        "abc/2026/own": ("Our own", ""),
        "lmn/2026/strike": ("The strike", lmn),
        "nobody/2026/x": ("By somebody in no address book", ""),
        "xyz/2026/port": ("The port", xyz),
    }
    assert view.charter.name == "The Test Commons"
    assert view.source_of("challenges/abc/why/answers/lmn.md") == lmn
    assert view.source_of("challenges/abc/why/challenge.md") == ""
    assert "challenges/abc/why/answers/abc.md" not in view.files
    assert [(r.id, r.source) for r in view.remarks] == [("comment:lmn/2026/word", lmn)]
    assert [(g.rater, g.value, g.source) for g in view.ratings.given("abc/2026/own")] == [("lmn/ann", 4, lmn)]
    told = {(f.rule, f.location.source) for f in view.findings if f.location.path.startswith("articles/")}
    assert told == {("unclosed-front-matter", lmn), ("bad-path", lmn)}
    assert {
        p: d.decode()
        for p in ["challenges/abc/why/answers/lmn.md"]
        for _, d in view.texts([view.files[p].oid])
    }


def test_what_a_home_says_of_its_own_place_counts_for_nothing(world):
    terms = [
        Terms(ContingentId("lmn"), "https://lmn.example/news"),
        Terms(ContingentId("xyz"), "https://x.example"),
    ]
    view = world.commons(terms=terms)
    assert view.contingents["lmn"].name == "LMN"
    assert view.contingents["lmn"].home == "https://lmn.example/news"
    assert view.contingents["abc"].name == "ABC"
    assert view.contingents["xyz"].name == "XYZ as pinned"  # its home does not describe it
    assert view.source_of("contingents/xyz.yaml") == ""


def test_entries_and_files_are_one(world):
    view = world.commons()
    placed = [entry.path for entry in view.snapshot.entries if not entry.path.endswith("Bad Name.png")]
    assert placed == list(view.files)


def test_only_one_contingent(world):
    view = world.commons(only="lmn")
    assert set(view.works) == {"lmn/2026/strike"}
    assert set(view.contingents) == {"abc", "lmn", "xyz"}
    assert (view.contingents["lmn"].name, view.contingents["xyz"].name) == ("LMN", "XYZ as pinned")
    assert not view.filters
    assert view.charter
    here = world.commons(only="abc")
    assert set(here.works) == {"abc/2026/own"}
    assert here.contingents["lmn"].name == "LMN as pinned"
    assert set(here.filters) == {"abc/daily"}


def test_whoever_was_never_reached_is_shown_by_the_copy_here():
    world = World(OWN, {"xyz": XYZ})
    view = world.commons(stale=[ContingentId("lmn")])
    assert view.works["lmn/2026/strike"].title == "A stale copy of theirs"
    assert view.works["lmn/2026/strike"].source == ""
    assert view.stale == ("lmn",)
    assert [f.location.path for f in view.findings if f.rule == "never-reached"] == ["contingents/lmn.yaml"]


def test_a_home_that_cannot_be_read_stops_no_other(world):
    world.broken.add(world.tips["xyz"].tree)
    index = Index.memory()
    view = world.commons(index)
    assert "lmn/2026/strike" in view.works
    assert "xyz/2026/port" not in view.works
    (told,) = [f for f in view.findings if f.rule == "unreadable-home"]
    assert told.location.source.startswith("xyz@")
    world.broken.clear()
    assert "xyz/2026/port" in open_commons(world.union(stale=[ContingentId("q")]), index).works


BALLOT = "statements/abc/peace/ballots/{}/1.yaml"


def test_signed_records_are_collected_from_every_ref():
    ours = OWN | {BALLOT.format("xyz"): b"carried here\n", BALLOT.format("q"): b"of nobody we know\n"}
    lmn = LMN | {
        BALLOT.format("lmn"): b"their own\n",
        BALLOT.format("xyz"): b"carried by lmn\n",
        BALLOT.format("abc"): b"of the reader's own, lost there\n",
        "statements/abc/peace/statement.md": b"not signed\n",
    }
    xyz = XYZ | {
        BALLOT.format("lmn"): b"another of lmn's\n",
        "statements/abc/peace/opening.yaml": b"opened\n",
    }
    world = World(ours, {"lmn": lmn, "xyz": xyz})
    view = world.commons()
    l_label, x_label = (home.label for home in view.homes)
    got = {
        p: dict(view.texts([f.oid]))[f.oid] for p, f in view.files.items() if p.startswith("statements/abc")
    }
    assert got.keys() == {BALLOT.format(c) for c in ("lmn", "xyz", "abc", "q")} | {
        "statements/abc/peace/opening.yaml"
    }
    assert view.source_of(BALLOT.format("lmn")) == l_label
    assert got[BALLOT.format("lmn")] == b"their own\n"
    assert view.source_of(BALLOT.format("abc")) == l_label
    assert view.source_of("statements/abc/peace/opening.yaml") == x_label
    assert view.source_of(BALLOT.format("q")) == ""
    carriers = {(p, s) for p, _, s in view.carried if p == BALLOT.format("xyz")}
    assert carriers == {(BALLOT.format("xyz"), ""), (BALLOT.format("xyz"), l_label)}
    best = min(o for p, o, _ in view.carried if p == BALLOT.format("xyz"))
    assert view.files[BALLOT.format("xyz")].oid == best
    assert {s for p, _, s in view.carried if p == BALLOT.format("lmn")} == {l_label, x_label}
    assert everything(view) == everything(open_commons(world.union(), Index.memory()))


def test_an_unchanged_tip_is_not_walked_again(world):
    index = Index.memory()
    before = everything_but_entries(world.commons(index))
    world.walked = 0
    assert everything_but_entries(world.commons(index)) == before
    assert world.walked == 0
    changed = World(OWN, {"lmn": LMN, "xyz": XYZ | files({"articles/xyz/2026/new/index.md": article("New")})})
    after = changed.commons(index)
    assert after.works
    assert changed.walked == 1 + 2  # the changed home, and both for signed records
    assert everything(after) == everything(changed.commons())


def everything_but_entries(view):
    return (view.findings, tuple(view.works.values()), tuple(view.files), view.remarks)


TEXTS = st.sampled_from([article("One"), article("Two", "Other."), "---\ntitle: broken\n", "", "\x00"])
PATHS = st.one_of(
    st.builds(
        "{}/{}/{}".format,
        st.sampled_from(["articles", "comments"]),
        st.sampled_from(["abc", "lmn", "xyz", "uvw"]),
        st.sampled_from(["2026/x/index.md", "2026/y/index.md", "2026/word.md", "odd", "2026/x/pic.svg"]),
    ),
    st.builds("ratings/{}/ann/2026-05.yaml".format, st.sampled_from(["abc", "lmn", "xyz"])),
    st.builds("filters/{}/daily.yaml".format, st.sampled_from(["abc", "lmn", "xyz"])),
    st.builds("contingents/{}.yaml".format, st.sampled_from(["abc", "lmn", "xyz", "uvw"])),
    st.builds("challenges/{}/why/challenge.md".format, st.sampled_from(["abc", "lmn", "xyz"])),
    st.builds(
        "challenges/{}/why/answers/{}.md".format,
        st.sampled_from(["abc", "lmn", "xyz"]),
        st.sampled_from(["abc", "lmn", "xyz"]),
    ),
    st.sampled_from(["newsrepo.yaml", "statements/roll.yaml"]),
)
CONTENT = st.one_of(
    TEXTS,
    st.builds(rated, st.sampled_from(["abc/2026/x", "lmn/2026/x", "xyz/2026/x"]), st.integers(0, 5)),
    st.builds(contingent, st.sampled_from(["A", "B"]), st.sampled_from(["", "home: https://e.example/x\n"])),
)
FILES = st.dictionaries(PATHS, CONTENT, max_size=12).map(lambda f: {p: d.encode() for p, d in f.items()})
CHARTERED = FILES.map(lambda made: made | {"newsrepo.yaml": OWN["newsrepo.yaml"]})


@given(own=CHARTERED, lmn=FILES, xyz=FILES, uvw=FILES, order=st.permutations(["lmn", "uvw", "xyz"]))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_homes_were_fetched_does_not_matter(own, lmn, xyz, uvw, order):
    tips = {"lmn": lmn, "uvw": uvw, "xyz": xyz}
    straight = World(own, tips)
    index = Index.memory()
    shuffled = World(own, {name: tips[name] for name in order})
    for owner in order:  # one after the other, as they were fetched
        assert shuffled.commons(index, order=[owner]).files is not None
    assert everything(shuffled.commons(index, order=order)) == everything(straight.commons())


@given(own=CHARTERED, lmn=FILES, xyz=FILES, other=FILES)
@settings(max_examples=60, deadline=None)
def test_nobodys_files_change_what_anothers_ref_says(own, lmn, xyz, other):
    before = World(own, {"lmn": lmn, "xyz": xyz}).commons()
    after = World(own, {"lmn": lmn, "xyz": other}).commons()
    # Ratings count for works in view, on axes that are declared, as of each work's version: what is compared
    # of them is of the raters' own side, the files.
    for owner in ("abc", "lmn"):
        assert said_by(before, owner)[:7] == said_by(after, owner)[:7]
    assert before.charter == after.charter
    for work in before.works.keys() & after.works.keys() - {w for w in before.works if w.startswith("xyz/")}:
        mine = [g for g in before.ratings.given(work) if not g.rater.startswith("xyz/")]
        assert mine == [g for g in after.ratings.given(work) if not g.rater.startswith("xyz/")]


@given(own=CHARTERED, lmn=FILES, xyz=FILES)
@settings(max_examples=40, deadline=None)
def test_a_union_is_the_same_from_index_and_from_its_entries(own, lmn, xyz):
    world = World(own, {"lmn": lmn, "xyz": xyz})
    view = world.commons()
    union = view.snapshot
    assert isinstance(union, Union)
    assert {e.path: e.oid for e in union.entries if e.path in view.files} == {
        p: f.oid for p, f in view.files.items()
    }
    odd = {f.location.path for f in view.findings}
    assert {e.path for e in union.entries} - set(view.files) <= odd


VOTES = st.dictionaries(
    st.builds(
        "statements/{}/peace/{}".format,
        st.sampled_from(["abc", "lmn", "xyz"]),
        st.sampled_from(
            ["opening.yaml", "opening.yaml.sig", "statement.md"]
            + [
                f"{kind}/{who}/1.yaml"
                for kind in ("ballots", "closings")
                for who in ("abc", "lmn", "xyz", "q")
            ]
        ),
    ),
    st.sampled_from([b"one\n", b"two\n", b"three\n"]),
    max_size=10,
)


@given(own=VOTES, lmn=VOTES, xyz=VOTES)
@settings(max_examples=80, deadline=None)
def test_no_fork_can_hide_anothers_signed_record(own, lmn, xyz):
    tips = {"lmn": lmn, "xyz": xyz}
    view = World(own, tips).commons()
    labels = {home.owner: home.label for home in view.homes} | {"abc": ""}
    refs = [("", own), *((labels[who], files_) for who, files_ in tips.items())]
    everywhere = sorted(
        (p, blob_id(d), label) for label, some in refs for p, d in some.items() if is_signed(p)
    )
    assert list(view.carried) == everywhere
    for path in {path for path, _, _ in everywhere}:
        owner = claimant(path)
        of_owner = tips.get(owner, own)
        if path in of_owner:
            expected = (blob_id(of_owner[path]), labels.get(owner, ""))
        else:
            expected = min((oid, label) for p, oid, label in everywhere if p == path)
        assert (view.files[path].oid, view.source_of(path)) == expected
