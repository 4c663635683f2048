"""Editions built once for all site tests: the sample's, and two of a real blog of 509 posts."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest
from site_support import CORPUS, NEWSREPO, PROJECT, rate, run

from newsrepo.gitstore.snapshot import RECORD_ROOTS


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the word of ``make test-sites`` nothing here runs: the tools may be absent, and it takes minutes."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.site)
            if not os.environ.get("NEWSREPO_TEST_SITES"):
                item.add_marker(
                    pytest.mark.skip(reason="needs Node, Java and Chromium: run `make test-sites`")
                )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample commons' editions, with the page over them, made in a clone that knows whose votes count."""
    base = tmp_path_factory.mktemp("sample")
    root, out = base / "commons", base / "site"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run("git", "init", "-q", "-b", "main", cwd=root)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "The sample", cwd=root)
    run(NEWSREPO, "init", "--pin", cwd=root)
    run(NEWSREPO, "build", "--all", "-o", str(out), "--today", "2026-11-20", cwd=root)
    assert (out / "lamp/daily/statements/index.html").is_file()
    return out


@pytest.fixture(scope="session")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commons made of the 509 posts, rated by a seeded script; returns its folder."""
    archive = CORPUS / "18f-blog" / "18f-blog.tar.gz"
    if not archive.exists():
        pytest.skip(f"the corpus is not at {archive}; say where with NEWSREPO_TEST_CORPORA")
    base = tmp_path_factory.mktemp("blog")
    with tarfile.open(archive) as tar:
        # Python before 3.11.4 has no filters.
        tar.extractall(base, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    root = base / "commons"
    run(NEWSREPO, "init", str(root), "--name", "Digital Commons", "--contingent", "blog",
        "--contingent-name", "Blog", cwd=base)  # fmt: skip
    run(NEWSREPO, "import", "markdown", str(base / "18f-blog"), "--as", "blog", "--license", "CC0-1.0",
        "--lang", "en", cwd=root)  # fmt: skip
    rate(root)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "Import and rate", cwd=root)
    return root


@pytest.fixture(scope="session")
def blog_site(blog: Path) -> Path:
    """Both editions of the blog."""
    out = blog.parent / "site"
    run(NEWSREPO, "build", "blog/useful", "blog/bold", "-o", str(out), cwd=blog)
    return out


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("no Chromium here, and tests/sites/setup should have installed it", pytrace=False)
