"""The importer on a real site of hundreds of posts, where it is at hand: nothing refused, nothing lost."""

import os
import tarfile
from pathlib import Path

import pytest

from newsrepo.ids import ContingentId, Kind
from newsrepo.importers.markdown import Imported, Options, import_site
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.markup import problems

CORPORA = Path(os.environ.get("NEWSREPO_CORPORA", Path(__file__).parents[2].parent / "shared" / "corpora"))
ARCHIVE = CORPORA / "18f-blog" / "18f-blog.tar.gz"
POSTS = 509  # and one LICENSE.md, which is no post

pytestmark = pytest.mark.skipif(
    not ARCHIVE.is_file(), reason=f"no {ARCHIVE.name}: set NEWSREPO_CORPORA to the folder of the corpora"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    with tarfile.open(ARCHIVE) as archive:
        # Python before 3.11.4 has no filters.
        archive.extractall(root, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return root / "18f-blog"


@pytest.fixture(scope="module")
def imported(site: Path) -> Imported:
    options = Options(license="CC0-1.0", lang="en", url="https://18f.gsa.gov")
    return import_site(site, ContingentId("gov"), options)


@pytest.fixture(scope="module")
def articles(imported: Imported) -> dict[str, t.Article]:
    found = {}
    for path, data in imported.files.items():
        if path.endswith("/index.md"):
            parsed = parse(Kind.ARTICLE, data, path)
            assert parsed.findings == ()
            assert isinstance(parsed.record, t.Article)
            found[path] = parsed.record
    return found


def test_every_post_comes_in(articles: dict[str, t.Article], imported: Imported, site: Path) -> None:
    assert len(list((site / "content/posts").glob("*.md"))) == POSTS
    assert len(articles) == POSTS == imported.counts["articles"]
    assert "refused" not in imported.counts
    assert not [f for f in imported.findings if f.rule in ("import-unreadable", "import-refused")]


def test_authors_dates_topics_and_summaries_are_kept(articles: dict[str, t.Article]) -> None:
    assert len({author.name for a in articles.values() for author in a.authors}) == 273
    assert all(a.authors and a.topics and a.summary for a in articles.values())
    assert all(path.split("/")[2] == f"{a.date.day.year:04}" for path, a in articles.items())


def test_every_address_is_kept_as_a_credit(articles: dict[str, t.Article]) -> None:
    urls = {a.credits[0].url for a in articles.values()}
    assert len(urls) == POSTS
    assert "https://18f.gsa.gov/2014/03/12/coming-soon/" in urls


def test_no_text_holds_what_no_page_can_show_but_missing_pictures(articles: dict[str, t.Article]) -> None:
    for path, article in articles.items():
        files = frozenset(m.file for m in article.media if m.file)
        told = {p.rule for p in problems(article.body, files)}
        assert told <= {"unlisted-image"}, path


def test_each_missing_picture_is_told_and_stands_in_the_text(
    articles: dict[str, t.Article], imported: Imported
) -> None:
    missing = [f for f in imported.findings if f.rule == "import-missing-picture"]
    assert len(missing) == imported.counts["missing pictures"] > 500
    assert all(f.location.path.startswith("content/posts/") and f.location.line > 1 for f in missing)
    shown = sum(
        problem.rule == "unlisted-image"
        for a in articles.values()
        for problem in problems(a.body, frozenset(m.file for m in a.media if m.file))
    )
    assert shown == len(missing)


def test_links_between_posts_lead_to_articles_that_exist(articles: dict[str, t.Article]) -> None:
    from newsrepo.records.markup import article_links

    ids = {path.removeprefix("articles/").removesuffix("/index.md") for path in articles}
    linked = [link for a in articles.values() for link in article_links(a.body)]
    assert len(linked) > 400
    assert set(linked) <= ids


def test_pictures_come_with_their_bytes(imported: Imported, articles: dict[str, t.Article]) -> None:
    from hashlib import sha256

    for path, article in articles.items():
        for media in article.media:
            data = imported.files[path.replace("index.md", media.file or "")]
            assert sha256(data).hexdigest() == media.sha256
