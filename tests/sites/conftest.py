"""Editions built once for all site tests: the sample's, and two of a real blog of 509 posts."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from site_commons import BLOG, build_blog, build_sample
from site_support import Once


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
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """``once(name, make)`` gives a folder that the first of all workers to ask for it has ``make`` fill."""
    top = tmp_path_factory.getbasetemp()
    shared = top if worker_id == "master" else top.parent

    def get(name: str, make: Callable[[Path], None]) -> Path:
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                half = shared / f"{name}.half"
                shutil.rmtree(half, ignore_errors=True)
                half.mkdir()
                half.rename(folder)
                try:
                    make(folder)
                except BaseException:
                    shutil.rmtree(folder, ignore_errors=True)
                    raise
        return folder

    return get


@pytest.fixture(scope="session")
def sample(once: Once) -> Path:
    """The editions of the sample and of what it lacks, with the page over them; beside it, single pages."""
    return once("sample", build_sample) / "site"


@pytest.fixture(scope="session")
def blog(once: Once) -> Path:
    """A commons made of the 509 posts, rated by a seeded script; returns its folder."""
    if not BLOG.exists():
        pytest.skip(f"the corpus is not at {BLOG}; say where with NEWSREPO_TEST_CORPORA")
    return once("blog", build_blog) / "commons"


@pytest.fixture(scope="session")
def blog_site(blog: Path) -> Path:
    """Both editions of the blog."""
    return blog.parent / "site"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("no Chromium here, and tests/sites/setup should have installed it", pytrace=False)
