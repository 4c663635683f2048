"""The path grammar: every row of the format's path table, and what is refused with which way out."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.ids import Kind
from newsrepo.location import Finding
from newsrepo.records import Place, path_of, place

V = "3f2a9c1d" * 5

ROWS = [
    ("newsrepo.yaml", Kind.CHARTER, None, "", ""),
    ("statements/roll.yaml", Kind.ROLL, None, "", ""),
    ("contingents/abc.yaml", Kind.CONTINGENT, "abc", "abc", "abc"),
    ("contingents/abc.yaml.sig", Kind.SIGNATURE, "abc", "contingents/abc.yaml", None),
    ("articles/abc/2026/x/index.md", Kind.ARTICLE, "abc", "abc/2026/x", None),
    ("articles/abc/2026/x/quay-2.jpg", Kind.MEDIA, "abc", "abc/2026/x/quay-2.jpg", None),
    (f"articles/abc/2026/x/sources/{V}.md", Kind.SOURCE, "abc", f"abc/2026/x/{V}", None),
    ("comments/abc/2026/x.md", Kind.COMMENT, "abc", "comment:abc/2026/x", None),
    ("ratings/abc/ann/2026-05.yaml", Kind.RATINGS, "abc", "abc/ann", "abc/ann/2026-05"),
    ("filters/abc/daily.yaml", Kind.FILTER, "abc", "filter:abc/daily", None),
    ("challenges/abc/why/challenge.md", Kind.CHALLENGE, "abc", "challenge:abc/why", None),
    ("challenges/abc/why/answers/lmn.md", Kind.ANSWER, "lmn", "answer:abc/why/lmn", None),
    ("statements/abc/peace/statement.md", Kind.STATEMENT, "abc", "statement:abc/peace", None),
    ("statements/abc/peace/opening.yaml", Kind.OPENING, "abc", "opening:abc/peace", None),
    (
        "statements/abc/peace/opening.yaml.sig",
        Kind.SIGNATURE,
        "abc",
        "statements/abc/peace/opening.yaml",
        None,
    ),
    ("statements/abc/peace/ballots/lmn/3.yaml", Kind.BALLOT, "lmn", "ballot:abc/peace/lmn/3", None),
    (
        "statements/abc/peace/ballots/lmn/3.yaml.sig",
        Kind.SIGNATURE,
        "lmn",
        "statements/abc/peace/ballots/lmn/3.yaml",
        None,
    ),
    ("statements/abc/peace/closings/lmn/1.yaml", Kind.CLOSING, "lmn", "closing:abc/peace/lmn/1", None),
    (
        "statements/abc/peace/closings/lmn/1.yaml.sig",
        Kind.SIGNATURE,
        "lmn",
        "statements/abc/peace/closings/lmn/1.yaml",
        None,
    ),
    ("statements/abc/peace/dissents/lmn.md", Kind.DISSENT, "lmn", "dissent:abc/peace/lmn", None),
    ("statements/abc/peace/enacts/newsrepo.yaml", Kind.ENACTS, "abc", "enacts:abc/peace/charter", None),
    ("statements/abc/peace/enacts/roll.yaml", Kind.ENACTS, "abc", "enacts:abc/peace/roll", None),
]


@pytest.mark.parametrize(("path", "kind", "owner", "identifier", "name"), ROWS)
def test_every_row(path: str, kind: Kind, owner: str | None, identifier: str, name: str | None) -> None:
    assert place(path) == Place(path, kind, owner, identifier)
    assert path_of(kind, identifier if name is None else name) == path
    if ":" in identifier:
        assert path_of(kind, identifier.partition(":")[2]) == path


def test_every_kind_has_a_row() -> None:
    assert {kind for _, kind, _, _, _ in ROWS} == set(Kind) - {Kind.IGNORED}


@pytest.mark.parametrize(
    "path", ["README.md", "templates/a.html", "articles/.gitkeep", "statements/x/.gitkeep", ""]
)
def test_not_ours(path: str) -> None:
    assert place(path) == Place(path, Kind.IGNORED, None, "")


@pytest.mark.parametrize(
    ("path", "rule", "hint"),
    [
        ("articles", "misplaced-file", "articles/CONTINGENT"),
        ("newsrepo.yaml/x", "misplaced-file", "newsrepo.yaml"),
        ("articles/abc/2026/x.md", "misplaced-file", "index.md"),
        ("articles/abc/2026/x/notes.md", "misplaced-file", "png"),
        ("articles/abc/2026/x/a.svg", "active-content", "PNG"),
        ("articles/abc/2026/x/a.html", "active-content", "remove"),
        ("articles/abc/2026/x/IMG 01.JPG", "bad-path", "img-01.jpg"),
        ("articles/abc/2026/x/con.png", "bad-path", "rename"),
        ("articles/Abc/2026/x/index.md", "bad-path", "abc"),
        ("articles/abc/2026/Dock Strike/index.md", "bad-path", "dock-strike"),
        ("articles/abc/26/x/index.md", "misplaced-file", "YEAR"),
        ("articles/con/2026/x/index.md", "bad-path", "rename"),
        (f"articles/abc/2026/{'a' * 81}/index.md", "bad-path", "rename"),
        ("articles/abc/2026/x/sources/abc.md", "misplaced-file", ""),
        ("articles/abc/2026/a--b/index.md", "bad-path", "a-b"),
        ("articles/abc/2026/x/../index.md", "bad-path", ""),
        ("articles/..\\..\\x", "bad-path", ""),
        ("articles/abc/2026/x/a.md:stream", "misplaced-file", ""),
        ("articles/abc/2026/x/a\n.png", "bad-path", ""),
        ("articles/abc/2026/x/\x1b[2J.png", "bad-path", ""),
        ("articles/abc/2026/" + "x" * 5000, "bad-path", ""),
        ("contingents/abc.yml", "misplaced-file", "rename"),
        (f"contingents/{'a' * 61}.yaml", "misplaced-file", ""),
        ("ratings/abc/ann/2026-13.yaml", "misplaced-file", "YYYY-MM"),
        ("statements/abc/peace/ballots/lmn/0.yaml", "misplaced-file", ""),
        ("statements/abc/peace/ballots/lmn/01.yaml", "misplaced-file", ""),
        ("comments/abc/2026/x.md\n", "bad-path", ""),
    ],
)
def test_refused(path: str, rule: str, hint: str) -> None:
    found = place(path)
    assert isinstance(found, Finding)
    assert found.rule == rule
    assert found.location.path == path
    assert hint in found.hint
    assert found.hint
    assert found.message.isprintable()
    assert len(found.message) < 300


@pytest.mark.parametrize(
    ("kind", "identifier"),
    [(Kind.ARTICLE, "abc/x"), (Kind.ARTICLE, "../2026/x"), (Kind.RATINGS, "abc/ann"), (Kind.IGNORED, ""),
     (Kind.CONTINGENT, ""), (Kind.CHARTER, "x"), (Kind.CONTINGENT, "a/b")],
)  # fmt: skip
def test_no_such_id(kind: Kind, identifier: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        path_of(kind, identifier)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([row[0] for row in ROWS]), st.integers(0, 40), st.integers(0, 3), st.text(max_size=3))
def test_total_and_own_inverse(path: str, at: int, cut: int, put: str) -> None:
    changed = path[:at] + put + path[at + cut :]
    found = place(changed)
    if isinstance(found, Place) and found.kind not in (Kind.IGNORED, Kind.RATINGS):
        assert path_of(found.kind, found.id) == changed


def test_quick_enough_for_a_hundred_thousand() -> None:
    paths = [f"articles/abc/2026/some-slug-{n}/index.md" for n in range(10_000)]
    start = time.process_time()
    for path in paths:
        place(path)
    assert time.process_time() - start < 1  # ten times what it takes
