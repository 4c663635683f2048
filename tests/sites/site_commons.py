"""The commons whose editions are tested and pictured: the sample with what it lacks, and a real blog."""

import shutil
import sys
import tarfile
from pathlib import Path

from site_support import CORPUS, NEWSREPO, PROJECT, rate, run

from newsrepo.gitstore.snapshot import RECORD_ROOTS

HERE = Path(__file__).parent
DAY = "2026-11-20"
BLOG = CORPUS / "18f-blog" / "18f-blog.tar.gz"
REVISED = "articles/jisr/2026/harbour-ru/index.md"
COMPARED = ("exchange/weekly", "jisr/arabic")
PARENT, CHILD = "lamp/2025/matchwomen-1888", "distaff/2025/matchwomen-led-themselves"


def grow_sample(root: Path) -> None:
    """The sample in a repository of its own at ``root``, with ``additions`` and a revision, its genesis pinned."""
    root.mkdir(parents=True)
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    shutil.copytree(HERE / "additions", root, dirs_exist_ok=True)
    run("git", "init", "-q", "-b", "main", cwd=root)
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "The sample", cwd=root)
    revised = root / REVISED
    text = revised.read_text()
    assert " 84 " in text
    revised.write_text(text.replace(" 84 ", " 86 "))
    run("git", "commit", "-q", "-a", "-m", "Count the hands again", cwd=root)
    run(NEWSREPO, "init", "--pin", cwd=root)


def build_sample(base: Path) -> None:
    """In ``base``: the commons, its editions as ``site``, single pages, a book, and the ``templates`` used."""
    root, pages = base / "commons", base / "pages"
    grow_sample(root)
    pages.mkdir()

    def verb(*args: str) -> str:
        noted = (sys.executable, str(HERE / "recorded.py"), str(base / "templates"))
        return run(*noted, "--today", DAY, *args, cwd=root)

    verb("build", "--all", "-o", str(base / "site"))
    assert (base / "site/lamp/daily/statements/index.html").is_file()
    for other in COMPARED:
        page = str(pages / f"compare-{other.rpartition('/')[2]}.html")
        verb("compare", "lamp/daily", other, "--all", "--html", page)
    verb("diff", PARENT, CHILD, "--html", str(pages / "diff.html"))
    (pages / "map.html").write_text(verb("map", "--html"))
    verb("export", "epub", "lamp/daily", "-o", str(base / "lamp.epub"))


def build_blog(base: Path) -> None:
    """In ``base``: a commons made of the posts, and two editions of it as ``site``."""
    with tarfile.open(BLOG) as tar:
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
    run(NEWSREPO, "build", "blog/useful", "blog/bold", "-o", str(base / "site"), cwd=root)
