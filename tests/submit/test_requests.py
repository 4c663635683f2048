"""The page that opens a request, on each forge."""

import pytest

from newsrepo.porcelain.forge import Forge
from newsrepo.porcelain.requests import Spot, address, forge_of, request_text, spot

GITLAB_NEW = "https://gitlab.com/team/ann/news/-/merge_requests/new"
INTO_MAIN = "merge_request%5Btarget_branch%5D=main"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://github.com/xyz/news.git", Spot("github.com", "xyz/news")),
        ("https://token@GitHub.com/xyz/news", Spot("github.com", "xyz/news")),
        ("git@codeberg.org:xyz/news.git", Spot("codeberg.org", "xyz/news")),
        ("ssh://git@forge.example:2222/a/b/news.git", Spot("forge.example", "a/b/news")),
        ("https://forge.example:8443/xyz/news", Spot("forge.example:8443", "xyz/news")),
        ("/srv/git/news.git", None),
        ("file:///srv/git/news.git", None),
        ("https://example.org", None),
        ("", None),
    ],
)
def test_where_an_address_leads(url: str, found: Spot | None) -> None:
    assert spot(url) == found


@pytest.mark.parametrize(
    ("host", "files", "forge"),
    [
        ("github.com", (), Forge.GITHUB),
        ("gitlab.example.org", (), Forge.GITLAB),
        ("codeberg.org", (".github",), Forge.FORGEJO),
        ("git.example.org", (".github", ".forgejo"), Forge.FORGEJO),
        ("git.example.org", (".gitlab-ci.yml", ".github"), Forge.GITLAB),
        ("git.example.org", (), None),
    ],
)
def test_which_forge_it_is(host: str, files: tuple[str, ...], forge: Forge | None) -> None:
    assert forge_of(host, files) is forge


@pytest.mark.parametrize(
    ("forge", "upstream", "fork", "page"),
    [
        (
            Forge.GITHUB,
            "https://github.com/xyz/news",
            "git@github.com:ann/news.git",
            "https://github.com/xyz/news/compare/main...ann:abc/my%23story?expand=1",
        ),
        (
            Forge.GITHUB,
            "https://github.com/xyz/news",
            "git@github.com:ann/my-news.git",
            "https://github.com/xyz/news/compare/main...ann:my-news:abc/my%23story?expand=1",
        ),
        (
            Forge.GITHUB,
            "https://github.com/xyz/news",
            "git@github.com:xyz/news.git",
            "https://github.com/xyz/news/compare/main...abc/my%23story?expand=1",
        ),
        (
            Forge.FORGEJO,
            "https://codeberg.org/xyz/news",
            "https://codeberg.org/ann/news",
            "https://codeberg.org/xyz/news/compare/main...ann:abc/my%23story",
        ),
        (
            Forge.GITLAB,
            "https://gitlab.com/xyz/news",
            "https://gitlab.com/team/ann/news",
            f"{GITLAB_NEW}?merge_request%5Bsource_branch%5D=abc%2Fmy%23story&{INTO_MAIN}",
        ),
        (Forge.GITHUB, "https://github.com/xyz/news", "https://codeberg.org/ann/news", None),
        (Forge.GITHUB, "/srv/news", "https://github.com/ann/news", None),
    ],
)
def test_the_page_that_opens_a_request(forge: Forge, upstream: str, fork: str, page: str | None) -> None:
    assert address(forge, upstream, "main", fork, "abc/my#story") == page


def test_the_text_for_those_without_a_forge() -> None:
    text = request_text(
        "1" * 40, "https://git.example.org/ann.git", "mine", "2" * 40, "Tell it\n\nMore", ["b", "a"]
    )
    assert text == (
        f"The following changes since commit {'1' * 40}:\n\n"
        "are available in the git repository at:\n\n  https://git.example.org/ann.git mine\n\n"
        f"for you to fetch changes up to {'2' * 40}:\n\n  Tell it\n\n{'-' * 64}\n  a\n  b\n"
    )
