"""``newsrepo import wordpress`` and ``import feed`` from the command line: dry run, twice, broken off, refused."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from newsrepo.porcelain import imports

HEAD = "<rss version='2.0'><channel><title>F</title><link>https://f.example</link><language>en</language>\n"
TAIL = "</channel></rss>"


def item(number: int, text: str = "Words.") -> str:
    return (
        f"<item><title>Item {number}</title><link>https://f.example/{number}</link><author>Ann Example</author>"
        f"<pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate><description>{text}</description></item>\n"
    )


def texts(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.glob("articles/**/*.md"))}


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_text(HEAD + "".join(item(n) for n in range(1, 5)) + TAIL)
    return path


def test_a_feed_comes_in_and_passes_check(run: Any, empty: Path, feed: Path) -> None:
    args = ("import", "feed", str(feed), "--license", "CC0-1.0")
    dry = run("--as", "abc", *args, "--dry-run", cwd=empty)
    assert dry.exit_code == 0
    assert "would write 4 files" in dry.output
    assert not texts(empty)
    done = run("--as", "abc", *args, "--json", cwd=empty)
    answer = json.loads(done.stdout)
    assert (answer["verb"], len(answer["written"]), answer["counts"]["articles"]) == ("import", 4, 4)
    assert set(answer["written"]) == set(texts(empty))
    checked = json.loads(run("check", "--json", cwd=empty).stdout)
    assert checked["errors"] == 0, checked["findings"]


def test_a_second_run_knows_what_was_moved_and_edited_and_touches_nothing(
    run: Any, empty: Path, feed: Path
) -> None:
    args = ("--as", "abc", "import", "feed", str(feed), "--license", "CC0-1.0")
    run(*args, cwd=empty)
    folder = empty / "articles/abc/2024"
    (folder / "item-1").rename(folder / "renamed")
    text = (
        (folder / "renamed/index.md")
        .read_text()
        .replace("title: Item 1", "title: Mine")
        .replace("Words.", "My words.")
    )
    (folder / "renamed/index.md").write_text(text)
    before = texts(empty)
    again = run(*args, cwd=empty)
    assert "nothing to do" in again.output
    assert texts(empty) == before
    feed.write_text(HEAD + item(1, "Changed there.") + item(2) + item(3) + item(4) + item(5) + TAIL)
    later = run(*args, "--json", cwd=empty)
    answer = json.loads(later.stdout)
    assert answer["written"] == ["articles/abc/2024/item-5/index.md"]
    assert answer["kept"] == ["articles/abc/2024/renamed/index.md"]
    assert [f["line"] for f in answer["findings"] if f["rule"] == "import-changed"] == [2]
    assert {path: texts(empty)[path] for path in before} == before


@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_import_that_was_broken_off_is_taken_up_again(
    run: Any, empty: Path, feed: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    args = ("--as", "abc", "import", "feed", str(feed), "--license", "CC0-1.0")
    write = imports.write_files
    left = [after]

    def torn(root: Path, files: Any) -> Any:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return write(root, files)

    with monkeypatch.context() as patched:
        patched.setattr(imports, "write_files", torn)
        run(*args, cwd=empty)
    assert len(texts(empty)) == after
    assert run(*args, cwd=empty).exit_code == 0
    assert set(texts(empty)) == {f"articles/abc/2024/item-{n}/index.md" for n in range(1, 5)}


def test_what_cannot_be_read_makes_the_answer_no_and_the_rest_comes_in(
    run: Any, empty: Path, feed: Path
) -> None:
    feed.write_text(HEAD + item(1) + item(2, "a & b") + item(3) + TAIL)
    done = run("--as", "abc", "import", "feed", str(feed), cwd=empty)
    assert done.exit_code == 1
    assert "import-unreadable (error): 1, such as feed.xml:3" in done.output
    assert len(texts(empty)) == 2


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("feed", "none.xml"), "there is no"),
        (("feed", "{feed}", "--license", "MIT"), "does not accept the licence 'MIT'"),
        (("feed", "{feed}", "--lang", "english!"), "is not a language tag"),
        (("feed", "{feed}", "--undated", "soon"), "is not a date"),
        (("feed", "{feed}", "--media", "none"), "is not a folder"),
        (("feed", "{feed}", "--media-license", "a b"), "is no licence id"),
        (("wordpress", "{feed}"), "is no WordPress export"),
    ],
)
def test_what_is_asked_wrongly_is_a_mistake_in_use(
    run: Any, empty: Path, feed: Path, args: tuple[str, ...], told: str
) -> None:
    done = run("--as", "abc", "import", *(a.format(feed=feed) for a in args), cwd=empty)
    assert done.exit_code == 2, done.output
    assert told in " ".join(done.output.split())
    assert not texts(empty)


def test_a_wordpress_export_brings_articles_and_comments(run: Any, empty: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(
        "<rss xmlns:wp='http://wordpress.org/export/1.2/' xmlns:content='http://purl.org/rss/1.0/modules/content/'>"
        "<channel><title>Q</title><language>en</language><item><title>A</title><link>https://q.example/a</link>"
        "<wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><wp:status>publish</wp:status>"
        "<wp:post_date_gmt>2024-01-02 10:00:00</wp:post_date_gmt><content:encoded>Words.</content:encoded>"
        "<wp:comment><wp:comment_id>4</wp:comment_id><wp:comment_author>Lu</wp:comment_author>"
        "<wp:comment_date_gmt>2024-01-03 10:00:00</wp:comment_date_gmt><wp:comment_approved>1</wp:comment_approved>"
        "<wp:comment_content>Hm.</wp:comment_content></wp:comment></item></channel></rss>"
    )
    done = run("--as", "abc", "import", "wordpress", str(path), "--license", "CC0-1.0", cwd=empty)
    assert done.exit_code == 0, done.output
    assert "1 article, 0 pictures, 1 comment" in done.output
    assert os.path.exists(empty / "comments/abc/2024/a-4.md")
    assert json.loads(run("check", "--json", cwd=empty).stdout)["errors"] == 0
    again = run(
        "--as", "abc", "import", "wordpress", str(path), "--license", "CC0-1.0", "--no-comments", cwd=empty
    )
    assert "nothing to do" in again.output
