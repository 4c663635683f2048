"""Who an author is: accounts and repositories, exactly, by the pins of the base alone."""

import pytest
from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.porcelain.authorship import Named, author, hosted, named
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.types import Charter, Contingent
from tests.support import CHARTER

HOME = "https://github.com/harbour/commons"


def book(**pins: Contingent) -> dict[ContingentId, Contingent]:
    return {ContingentId(c): record for c, record in pins.items()}


def charter(home: str | None = HOME) -> Charter:
    text = (f"home: {home}\n" if home else "") + CHARTER
    record = parse(Kind.CHARTER, text.encode(), "newsrepo.yaml").record
    assert isinstance(record, Charter)
    return record


def who(text: str, home: str | None = HOME, **pins: Contingent) -> set[str]:
    return set(author(text, book(**pins), charter(home)).contingents)


def writes(*writers: str, home: str | None = None) -> Contingent:
    return Contingent(name="X", writers=writers, home=home)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann", Named("", "ann")),
        ("Ann-Lee", Named("", "ann-lee")),
        ("github:Ann", Named("github", "ann")),
        ("github.com:ann", Named("github", "ann")),
        ("Git.Example.ORG:ann", Named("git.example.org", "ann")),
        ("renovate[bot]", Named("", "renovate[bot]")),
        ("gitlab:group/sub", Named("gitlab", "group/sub")),
        ("abc/news", Named("", "abc", "news")),
        ("https://github.com/ABC/News.git", Named("github", "abc", "news")),
        ("https://github.com/abc/news/", Named("github", "abc", "news")),
        ("https://github.com/ann", Named("github", "ann")),
        ("https://x:y@codeberg.org/abc/news", Named("codeberg", "abc", "news")),
        ("https://git.example.org:8443/a/b/c", Named("git.example.org", "a/b", "c")),
        ("ssh://git@gitlab.com/abc/news.git", Named("gitlab", "abc", "news")),
        ("git@github.com:abc/news.git", Named("github", "abc", "news")),
    ],
)
def test_what_names_an_author(text: str, expected: Named) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", " ", "ann lee", "ann\n", "ann\x00", "-ann", "https://", "https://github.com/", "https://h/..", "../x",
     "a/../b", "github:", ":ann", "a//b", "ann?", "https://github.com/ann/news?x", "https://github.com/ann/news#x",
     "ext::sh -c x", "file:///etc/passwd", "\u0430nn", "ann\u202e", "x" * 101, "github:ann:bo"],
)  # fmt: skip
def test_what_names_nobody_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        named(text)


@pytest.mark.parametrize(
    ("text", "writer", "home", "match"),
    [
        ("github:ann", "github:ann", HOME, True),
        ("github:ANN", "GitHub:Ann", HOME, True),
        ("ann", "github:ann", HOME, True),
        ("github:ann", "ann", HOME, True),
        ("ann", "ann", HOME, True),
        ("ann", "ann", None, True),
        ("github:ann", "ann", None, True),
        ("ann", "github:ann", None, False),
        ("gitlab:ann", "github:ann", HOME, False),
        ("gitlab:ann", "ann", HOME, False),
        ("ann", "gitlab:ann", HOME, False),
        ("github:ann", "github:anna", HOME, False),
        ("github:anna", "github:ann", HOME, False),
        ("github:ann", "github:ann/news", HOME, False),
        ("github:ann", "https://github.com/ann", HOME, True),
        ("https://github.com/ann/fork", "github:ann", HOME, True),
        ("https://github.com/ann", "github:ann", HOME, True),
        ("ann/fork", "ann", HOME, True),
        ("https://gitlab.com/ann/fork", "github:ann", HOME, False),
        ("https://gitlab.com/group/ann/fork", "gitlab:ann", HOME, False),
        ("https://gitlab.com/group/ann/fork", "gitlab:group/ann", HOME, True),
        ("github:ann", "Ann Lee of the ABC", HOME, False),
        ("github:ann", "*", HOME, False),
    ],
)
def test_accounts_against_writers(text: str, writer: str, home: str | None, match: bool) -> None:
    assert who(text, home, abc=writes(writer)) == ({"abc"} if match else set())


@pytest.mark.parametrize(
    ("text", "pinned", "match"),
    [
        ("https://github.com/abc/news", "https://github.com/abc/news", True),
        ("https://github.com/abc/news", "git@github.com:ABC/news.git", True),
        ("abc/news", "https://github.com/abc/news", True),
        ("abc/news", "https://gitlab.com/abc/news", False),
        ("https://github.com/abc/news2", "https://github.com/abc/news", False),
        ("https://github.com/abc", "https://github.com/abc/news", False),
        ("github:abc", "https://github.com/abc/news", False),
        ("https://evil.example/github.com/abc/news", "https://github.com/abc/news", False),
        ("https://github.com.evil.example/abc/news", "https://github.com/abc/news", False),
        ("https://github.com@evil.example/abc/news", "https://github.com/abc/news", False),
    ],
)
def test_repositories_against_homes(text: str, pinned: str, match: bool) -> None:
    assert who(text, abc=writes(home=pinned)) == ({"abc"} if match else set())


def test_one_author_may_write_for_several() -> None:
    found = who("github:ann", abc=writes("ann"), lmn=writes("github:ann"), xyz=writes("bo"))
    assert found == {"abc", "lmn"}


def test_who_is_hosted() -> None:
    pins = book(abc=writes(), lmn=writes(home="https://github.com/lmn/news"), xyz=writes(home=f"{HOME}.git"))
    assert hosted(pins, charter()) == {"abc", "xyz"}
    assert hosted(pins, charter(None)) == {"abc"}
    assert hosted(pins, charter(None), "git@github.com:lmn/news.git") == {"abc", "lmn"}
    assert hosted(pins, replace(charter(None), hosted=("lmn",))) == {"abc", "lmn"}
    assert hosted(pins, None) == {"abc"}
    assert isinstance(pins[ContingentId("abc")], t.Contingent)
