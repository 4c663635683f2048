"""The real blog of 509 posts: everything that is there arrives, and what is missing is named by place."""

import json
import re
from pathlib import Path

from site_support import NEWSREPO, run


def test_all_posts_arrive(blog: Path) -> None:
    posts = sorted(blog.parent.glob("18f-blog/content/posts/*.md"))
    assert len(posts) == 509
    articles = sorted(blog.glob("articles/blog/*/*/index.md"))
    assert len(articles) == len(posts)
    found = json.loads(run(NEWSREPO, "find", "", "--json", cwd=blog))
    assert len(found["works"]) == len(posts)
    assert all(work["date"] and work["authors"] for work in found["works"])
    names = {author["name"] for work in found["works"] for author in work["authors"]}
    assert len(names) > 200


def test_check_names_each_missing_picture_by_place(blog: Path) -> None:
    again = run(NEWSREPO, "import", "markdown", str(blog.parent / "18f-blog"), "--as", "blog",
        "--license", "CC0-1.0", "--lang", "en", "--json", cwd=blog)  # fmt: skip
    imported = json.loads(again)
    assert (imported["written"], imported["kept"]) == ([], [])
    told = [finding for finding in imported["findings"] if finding["rule"] == "import-missing-picture"]
    said = run(NEWSREPO, "check", cwd=blog, ok=(1,))
    missing = [line for line in said.splitlines() if " missing-picture: " in line]
    assert len(missing) == len(told) == imported["counts"]["missing pictures"] > 500
    places = {line.partition(" ")[0] for line in missing}
    assert len(places) == len(missing)
    for line in missing:
        place = re.match(r"(articles/blog/\d{4}/[a-z0-9-]+/index\.md):(\d+):(\d+): ", line)
        assert place is not None, line
        assert (blog / place[1]).is_file()


def test_two_filters_print_two_different_editions(blog_site: Path) -> None:
    fronts = [(blog_site / f"blog/{camp}/index.html").read_text() for camp in ("useful", "bold")]
    listed = [re.findall(r'href="(articles/[^"]+)"', front) for front in fronts]
    assert listed[0]
    assert listed[1]
    assert listed[0] != listed[1]
