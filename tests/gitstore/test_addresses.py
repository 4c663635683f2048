"""Which addresses and branches git is told about: a closed grammar, and refusals that repeat no secret."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsrepo.errors import Exit
from newsrepo.gitstore.addresses import (
    Address,
    AddressError,
    check_branch,
    is_local,
    parse_address,
    same_place,
    shown,
)

TAKEN = [
    "https://example.org/abc/news.git",
    "https://example.org:8443/abc/news",
    "https://[2001:db8::1]/abc",
    "https://example.org/~ann/a%20b/@c",
    "ssh://git@example.org/abc/news.git",
    "ssh://example.org:2222/~/news",
    "git@example.org:abc/news.git",
    "git@example.org:/srv/news.git",
    "my_host:news",
]

REFUSED = [
    ("ext::sh -c touch% marker", "helper 'ext'"),
    ("fd::17/x", "helper 'fd'"),
    ("--upload-pack=touch marker", "hyphen"),
    ("-x@example.org:y", "hyphen"),
    ("file:///etc", "this machine"),
    ("/etc", "not the address of a repository elsewhere"),
    ("../other", "not the address"),
    ("~/news", "not the address"),
    ("C:\\news", "not the address"),
    ("C:/news", "not the address"),
    ("", "not the address"),
    ("ssh://-oProxyCommand=x/y", "hyphen"),
    ("ssh://git@-oProxyCommand=x/y", "hyphen"),
    ("ssh://%2doProxyCommand=x/y", "malformed"),
    ("ssh://-user@example.org/y", "malformed"),
    ("http://example.org/x", "reached by http"),
    ("http://127.0.0.1/x", "reached by http"),
    ("git://example.org/x", "reached by git"),
    ("rsync://example.org/x", "'rsync'"),
    ("HTTPS://example.org/x", "'HTTPS'"),
    ("https+ext://example.org/x", "'https+ext'"),
    ("https://ann:hunter2@example.org/x", "a user or a password"),
    ("https://hunter2@example.org/x", "a user or a password"),
    ("ssh://ann:hunter2@example.org/x", "a user or a password"),
    ("ann:hunter2@example.org:x", "a password"),
    ("https://example.org/x?token=hunter2", "a query"),
    ("https://example.org/x#hunter2", "a query"),
    ("https://example.org/x\nhttps://other.org/y", "U+000A"),
    ("https://example.org/x\0", "U+0000"),
    ("https://example.org/\u202egro.live", "U+202E"),
    ("https://example.org/%0a", "escape for a control"),
    ("https://example.org/%00", "escape for a control"),
    ("https://example.org/%7f", "escape for a control"),
    ("https://example.org/%", "escape for a control"),
    ("https://example.org/a b", "malformed"),
    ("https://exämple.org/x", "malformed"),
    ("https://example.org", "malformed"),
    ("https://example.org:0/x", "malformed"),
    ("https://example.org:65536/x", "port"),
    ("https://example.org/a/../b", "`..`"),
    ("git@example.org:-x", "not the address"),
    ("git@example.org:../x", "`..`"),
    ("host::x", "helper 'host'"),
    ("https://example.org/" + "x" * 400, "characters"),
]


@pytest.mark.parametrize("url", TAKEN)
def test_what_is_taken_stays_as_written(url: str) -> None:
    assert parse_address(url, "main") == Address(url, "main")
    assert not is_local(url)
    assert same_place(url, url)


@pytest.mark.parametrize(("url", "says"), REFUSED, ids=[repr(url)[:40] for url, _ in REFUSED])
def test_what_is_refused(url: str, says: str) -> None:
    with pytest.raises(AddressError) as error:
        parse_address(url)
    said = f"{error.value.message} {error.value.hint}"
    assert says in error.value.message
    assert error.value.hint
    assert error.value.exit is Exit.USAGE
    assert said.isprintable()
    assert "hunter2" not in said
    assert "\u202e" not in said
    assert len(said) < 500


def test_https_is_the_way_out() -> None:
    for url in ("http://example.org/x", "git://example.org/x"):
        with pytest.raises(AddressError) as error:
            parse_address(url)
        assert error.value.hint == "use https"


def test_local_places_by_their_own_option_only() -> None:
    for url in (
        "/srv/news.git",
        "file:///srv/a b",
        "http://127.0.0.1:8000/x",
        "http://localhost/x",
        "http://[::1]/x",
    ):
        with pytest.raises(AddressError):
            parse_address(url)
        assert parse_address(url, local=True) == Address(url)
        assert is_local(url)
    for url in (
        "http://example.org/x",
        "http://127.0.0.1.example.org/x",
        "relative",
        "/srv/../etc",
        "ext::x",
    ):
        with pytest.raises(AddressError):
            parse_address(url, local=True)


@pytest.mark.parametrize("name", ["main", "Zeitung/2026", "JIRA-12", "v1.2_x", "a" * 100, "9"])
def test_branches(name: str) -> None:
    check_branch(name)


@pytest.mark.parametrize(
    "name",
    [
        "--output=x", "-x", "a..b", "x.lock", "a.lock/b", "@{1}", "a@{1}", "@", "a//b", "/a", "a/", ".a", "a/.b", "a.",
        "a b", "a~1", "a^", "a:b", "a?", "a*", "a[b", "a\\b", "a\nb", "a\0", "a\u202eb", "ä", "a" * 101, "HEAD",
        "refs/heads/main", "",
    ],
)  # fmt: skip
def test_no_branches(name: str) -> None:
    with pytest.raises(AddressError) as error:
        check_branch(name)
    assert error.value.message.isprintable()
    assert error.value.hint
    if name:
        with pytest.raises(AddressError):
            parse_address("https://example.org/x", name)


def test_a_hidden_character_is_shown_by_its_number() -> None:
    with pytest.raises(AddressError, match=r"\\u\{202e\}"):
        check_branch("a\u202eb")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("git@example.org:abc/news.git", "https://Example.org/abc/news", True),
        ("https://example.org/abc/news/", "https://example.org:443/abc/news.git", True),
        ("ssh://git@example.org:2222/abc/news", "https://example.org/abc/news", True),
        ("https://ann:pw@example.org/abc/news", "https://example.org/abc/news", True),
        ("file:///srv/news.git", "/srv/news", True),
        ("https://example.org/abc/News", "https://example.org/abc/news", False),
        ("http://127.0.0.1:8001/abc", "http://127.0.0.1:8002/abc", False),
        ("https://example.org/abc", "https://example.com/abc", False),
        ("", "", False),
        ("ext::x", "ext::x", False),
    ],
)
def test_one_place_by_several_ways(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same
    assert same_place(other, one) is same


@given(st.text(max_size=60), st.text(max_size=20))
@example("https://a@b@c/d", "")
@settings(deadline=None, max_examples=200)
def test_any_text_is_an_address_or_refused(url: str, branch: str) -> None:
    try:
        address = parse_address(url, branch)
    except AddressError as error:
        said = error.message
    else:
        said = ""
        assert address == Address(url, branch)
    if said:
        assert said.isprintable()
        return
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert not url.startswith("-")
    assert "::" not in url.partition("[")[0]


@given(
    st.text(alphabet="ab:@/.-", min_size=1, max_size=30), st.text(alphabet="xyz789", min_size=6, max_size=9)
)
@settings(deadline=None, max_examples=200)
def test_no_password_is_ever_shown(place: str, secret: str) -> None:
    for url in (
        f"https://u:{secret}@{place}",
        f"{secret}@{place}",
        f"u:{secret}@{place}",
        f"https://h/?{secret}",
    ):
        assert secret not in shown(url)
