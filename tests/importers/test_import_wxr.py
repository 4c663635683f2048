"""WordPress exports of our own making: what becomes of each part, and of a second run."""

from pathlib import Path

import pytest
from items_support import OPEN, export
from msgspec.structs import replace

from newsrepo.errors import UsageError
from newsrepo.importers.shelf import Shelf
from newsrepo.importers.wxr import Export
from newsrepo.records import types as t

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Quay</title><link>https://quay.example</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://quay.example</wp:base_blog_url>
<wp:author><wp:author_login>ann</wp:author_login><wp:author_email>ann@quay.example.org</wp:author_email>
<wp:author_display_name><![CDATA[Ann Example]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def item(number: int, title: str, text: str = "Words.", more: str = "", **fields: str) -> str:
    given = {
        "post_type": "post",
        "status": "publish",
        "post_name": title.lower().replace(" ", "-"),
        "post_date": "2024-03-01 12:00:00",
        "post_date_gmt": "2024-03-01 11:00:00",
        **fields,
    }
    rows = "".join(f"<wp:{key}>{value}</wp:{key}>" for key, value in given.items())
    return f"""<item><title>{title}</title><link>https://quay.example/{number}/</link><dc:creator>ann</dc:creator>
<guid isPermaLink="false">https://quay.example/?p={number}</guid><wp:post_id>{number}</wp:post_id>{rows}{more}
<content:encoded><![CDATA[{text}]]></content:encoded></item>
"""


def comment(
    number: int, text: str, parent: int = 0, *, approved: str = "1", kind: str = "", who: str = "Lu Reader"
) -> str:
    return f"""<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[{who}]]></wp:comment_author>
<wp:comment_author_email>lu@mail.example.org</wp:comment_author_email><wp:comment_author_IP>192.0.2.7</wp:comment_author_IP>
<wp:comment_date_gmt>2024-03-0{number} 10:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"""


def attachment(number: int, url: str, parent: int, alt: str = "") -> str:
    more = f"""<wp:post_parent>{parent}</wp:post_parent><wp:attachment_url>{url}</wp:attachment_url>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>{alt}</wp:meta_value></wp:postmeta>"""
    return item(number, f"File {number}", "", more, post_type="attachment", status="inherit")


def test_a_post_keeps_who_when_what_and_where_from(tmp_path: Path) -> None:
    more = """<category domain="category" nicename="docks"><![CDATA[The Docks]]></category>
<category domain="post_tag" nicename="port"><![CDATA[Порт]]></category><category domain="post_format" nicename="x">X</category>
<excerpt:encoded><![CDATA[In <b>short</b>.]]></excerpt:encoded>
<wp:postmeta><wp:meta_key>_edit_lock</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>"""
    done = export(
        tmp_path, HEAD + item(7, "Dock strike &amp; more", more=more, post_name="dock-strike") + TAIL
    )
    article = done.articles["2024/dock-strike"]
    assert article.title == "Dock strike & more"
    assert article.authors == (t.Author(name="Ann Example"),)
    assert (str(article.date), article.lang) == ("2024-03-01T11:00:00Z", "en-GB")
    assert article.summary == "In short."
    assert article.topics == ("the-docks", "port")
    assert (article.license, article.status) == ("CC0-1.0", t.Status.USABLE)
    assert article.credits == (
        t.Credit(name="The Quay", url="https://quay.example/7/", what="first published here"),
    )
    assert article.body == "Words.\n"
    assert article.extra["origin"]["id"] == "https://quay.example/?p=7"
    assert done.counts["meta:_edit_lock"] == done.counts["taxonomy:post_format"] == 1


def test_without_a_licence_all_is_withheld_and_none_is_claimed(tmp_path: Path) -> None:
    done = export(
        tmp_path, HEAD + item(1, "A", more=comment(1, "Hm.")) + TAIL, choice=replace(OPEN, license=None)
    )
    assert {(a.license, a.status) for a in done.articles.values()} == {(None, t.Status.WITHHELD)}
    assert {c.status for c in done.comments.values()} == {t.Status.WITHHELD}
    assert done.places("import-unlicensed")


def test_pages_drafts_and_other_types_stay_out_with_their_lines_unless_asked_for(tmp_path: Path) -> None:
    states = ["draft", "pending", "private", "future", "trash"]
    rows = [item(n, f"S {s}", status=s) for n, s in enumerate(states, 1)]
    rows += [
        item(8, "Page", post_type="page"),
        item(9, "Film", post_type="film"),
        item(10, "Locked", post_password="x"),
    ]
    rows += [item(11, "Empty", status="auto-draft"), item(12, "Post")]
    text = HEAD + "".join(rows) + TAIL
    done = export(tmp_path, text)
    assert set(done.articles) == {"2024/post"}
    lines = [line for line, row in enumerate(text.split("\n"), 1) if row.startswith("<item>")]
    assert [line for _, line in done.places("import-left-out")] == lines[:-1]
    everything = replace(OPEN, drafts=True, kinds=frozenset(["post", "page", "film"]))
    done = export(tmp_path, text, choice=everything)
    assert len(done.articles) == 9
    withheld = {name for name, a in done.articles.items() if a.status is t.Status.WITHHELD}
    assert withheld == {*(f"2024/s-{s}" for s in states), "2024/locked"}


def test_comments_come_as_comments_with_threads_and_without_private_data(tmp_path: Path) -> None:
    said = [
        comment(1, "First, write me: me@home.example.org\nnow"),
        comment(2, "A <b>reply</b> <a href='mailto:x@y.example.org'>here</a>", 1, who="lu@mail.example.org"),
        comment(3, "Buy!", approved="spam"),
        comment(4, "Soon", approved="0"),
        comment(5, "Ping", kind="pingback"),
    ]
    done = export(tmp_path, HEAD + item(1, "A", more="".join(said)) + TAIL)
    first, reply = done.comments["2024/a-1"], done.comments["2024/a-2"]
    assert first.authors == (t.Author(name="Lu Reader"),)
    assert first.on == "abc/2024/a"
    assert first.body == "First, write me: (mail address left out)\\\nnow\n"
    assert reply.reply_to == "comment:abc/2024/a-1"
    assert reply.authors == ()
    assert reply.body == "A **reply** here\n"
    assert len(done.comments) == 2
    assert done.counts["left:comment"] == 3
    assert not [data for data in done.files.values() if b"@" in data or b"192.0.2.7" in data]


def test_links_between_posts_and_to_attachments_lead_to_what_became_of_them(tmp_path: Path) -> None:
    text = '<a href="/2/">b</a> <a href="https://www.quay.example/?p=2">b2</a> <a href="?attachment_id=3#x">f</a> <a href="javascript:x()">j</a>'
    rows = (
        item(1, "A", text)
        + item(2, "B")
        + attachment(3, "https://quay.example/f.pdf", 1).replace("/3/", "/1/?attachment_id=3")
    )
    done = export(tmp_path, HEAD + rows + TAIL)
    assert done.articles["2024/a"].body == (
        "[b](article:abc/2024/b) [b2](article:abc/2024/b) [f](https://quay.example/f.pdf) j\n"
    )
    assert done.places("import-link")


SHORT = """[caption id="a" width="3"]<a href="https://quay.example/wp-content/uploads/a.png"><img src="/wp-content/uploads/a-300x200.png" alt="A"></a> Below a[/caption]

[gallery ids="5,6"]

[embed]https://video.example/1[/embed]
[youtube abc_DEF]
[sourcecode]x[0] = <1>[/sourcecode]

[contact-form-7 id="1"] [odd thing="1"] [[gallery]] [sic]

https://video.example/2

<!--more-->
Line
break"""


def test_shortcodes_show_what_they_showed_or_are_told_of(tmp_path: Path) -> None:
    rows = item(1, "A", SHORT) + "".join(
        attachment(n, f"https://quay.example/{n}.png", 1, f"alt {n}") for n in (5, 6)
    )
    done = export(tmp_path, HEAD + rows + TAIL)
    article = done.articles["2024/a"]
    assert article.body == (
        "[A](https://quay.example/wp-content/uploads/a.png)\n\nBelow a\n\n"
        "[alt 5](https://quay.example/5.png)\n\n[alt 6](https://quay.example/6.png)\n\n"
        "[https://video.example/1](https://video.example/1)\n\n"
        "[https://www.youtube.com/watch?v=abc\\_DEF](https://www.youtube.com/watch?v=abc_DEF)\n\n"
        "```\nx[0] = <1>\n```\n\n"
        '\\[odd thing="1"\\] \\[gallery\\] \\[sic\\]\n\n'
        "[https://video.example/2](https://video.example/2)\n\nLine\\\nbreak\n"
    )
    assert len(done.places("import-shortcode")) == 2
    assert article.media == ()


def test_blocks_are_read_by_their_html_and_dynamic_ones_told_of_by_line(tmp_path: Path) -> None:
    text = """<!-- wp:paragraph -->
<p>One
line</p>
<!-- /wp:paragraph -->
<!-- wp:latest-posts {"n":3} /-->
<!-- wp:table --><figure><table><tbody><tr><td>a</td><td>b|c</td></tr></tbody></table><figcaption>T</figcaption></figure><!-- /wp:table -->
<!-- wp:embed {"url":"https://v.example/1"} --><figure><div>
https://v.example/1
</div></figure><!-- /wp:embed -->"""
    done = export(tmp_path, HEAD + item(1, "A", text) + TAIL)
    assert done.articles["2024/a"].body == (
        "One\nline\n\n| a | b\\|c |\n| --- | --- |\n\nT\n\n[https://v.example/1](https://v.example/1)\n"
    )
    assert done.places("import-shortcode") == [("export.xml", HEAD.count("\n") + 3 + 4)]


def test_pictures_at_hand_come_along_with_caption_and_hash(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads/2024/03"
    uploads.mkdir(parents=True)
    (uploads / "Quay Side.png").write_bytes(PNG)
    (uploads / "lead.png").write_bytes(PNG + b"1")
    text = '<figure><img src="https://quay.example/wp-content/uploads/2024/03/Quay%20Side-300x200.png" alt="Quay"><figcaption>By night</figcaption></figure>'
    meta = (
        "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>9</wp:meta_value></wp:postmeta>"
    )
    lead = attachment(9, "https://quay.example/wp-content/uploads/2024/03/lead.png", 0, "The lead")
    shelf = Shelf(tmp_path / "uploads", 1000)
    done = export(tmp_path, HEAD + lead + item(1, "A", text, meta) + TAIL, shelf=shelf)
    article = done.articles["2024/a"]
    assert article.body == "![The lead](lead.png)\n\n![Quay](quay-side.png)\n"
    assert {(m.file, m.alt, m.caption) for m in article.media} == {
        ("quay-side.png", "Quay", "By night"),
        ("lead.png", "The lead", None),
    }
    assert done.files["articles/abc/2024/a/quay-side.png"] == PNG
    assert list(done.steps[1].files)[-1].endswith("index.md")  # an article that is there is there whole


def test_attachments_of_a_post_are_kept_by_address_and_those_of_nothing_are_told_of(tmp_path: Path) -> None:
    rows = (
        attachment(5, "https://quay.example/5.png", 1, "five")
        + attachment(6, "https://quay.example/6.png", 0)
        + item(1, "A")
    )
    done = export(tmp_path, HEAD + rows + TAIL)
    assert done.articles["2024/a"].media == (t.Media(url="https://quay.example/5.png", alt="five"),)
    assert [f.message for f in done.findings if f.rule == "import-left-out"] == [
        "the attachment 'https://quay.example/6.png' was left out: no article that came in shows it or owns it"
    ]


def test_a_second_run_brings_only_what_is_new_and_tells_what_changed(tmp_path: Path) -> None:
    first = export(tmp_path, HEAD + item(1, "A", more=comment(1, "Hm.")) + item(2, "B") + TAIL)
    later = (
        HEAD
        + item(1, "A", more=comment(1, "Hm.") + comment(2, "New", 1))
        + item(2, "B", "Other words.")
        + item(3, "A")
        + TAIL
    )
    second = export(tmp_path, later, known=first.known)
    assert set(second.files) == {"articles/abc/2024/a-2/index.md", "comments/abc/2024/a-2.md"}
    assert second.comments["2024/a-2"].reply_to == "comment:abc/2024/a-1"
    assert [step.same for step in second.steps] == [("articles/abc/2024/a/index.md",), (), ()]
    assert [step.changed for step in second.steps] == [(), ("articles/abc/2024/b/index.md",), ()]
    assert len(second.places("import-changed")) == 1


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    text = (
        HEAD
        + "".join(
            item(n, "Same title", f"See <a href='/{n + 1}/'>x</a>", comment(1, "c")) for n in range(1, 6)
        )
        + TAIL
    )
    whole = export(tmp_path, text)
    for done in range(1, 5):
        part = export(tmp_path, text)
        part.articles = dict(list(part.articles.items())[:done])
        part.comments = dict(list(part.comments.items())[: done - 1])
        rest = export(tmp_path, text, known=part.known)
        there = {f"articles/abc/{name}/index.md" for name in part.articles} | {
            f"comments/abc/{n}.md" for n in part.comments
        }
        assert rest.files == {path: data for path, data in whole.files.items() if path not in there}


def test_ids_that_are_met_twice_lose_nothing(tmp_path: Path) -> None:
    rows = item(1, "A", "one") + item(1, "B", "two") + item(1, "A", "one") + item(1, "A", "three")
    done = export(tmp_path, HEAD + rows + TAIL)
    assert set(done.articles) == {"2024/a", "2024/b"}
    assert len({a.extra["origin"]["id"] for a in done.articles.values()}) == 2
    assert len(done.places("import-same-id")) == 1
    assert len(done.places("import-left-out")) == 2


@pytest.mark.parametrize(
    ("gmt", "local", "published", "wanted"),
    [
        ("0000-00-00 00:00:00", "2024-05-06 23:30:00", "Thu, 01 Jan 1970 00:00:00 +0000", "2024-05-06"),
        (
            "0000-00-00 00:00:00",
            "2024-05-06 23:30:00",
            "Mon, 06 May 2024 21:30:00 +0000",
            "2024-05-06T21:30:00Z",
        ),
        ("2024-05-06 21:30:00", "2024-05-06 23:30:00", "", "2024-05-06T21:30:00Z"),
    ],
)
def test_the_moment_is_that_of_greenwich_and_else_only_the_day(
    tmp_path: Path, gmt: str, local: str, published: str, wanted: str
) -> None:
    more = f"<pubDate>{published}</pubDate>"
    done = export(tmp_path, HEAD + item(1, "A", more=more, post_date_gmt=gmt, post_date=local) + TAIL)
    assert [str(a.date) for a in done.articles.values()] == [wanted]


def test_several_authors_of_one_post_are_all_credited(tmp_path: Path) -> None:
    more = '<category domain="author" nicename="cap-ann">Ann Example</category><category domain="author" nicename="cap-bo">Bo Example</category>'
    done = export(tmp_path, HEAD + item(1, "A", more=more) + TAIL)
    assert [a.name for a in done.articles["2024/a"].authors] == ["Ann Example", "Bo Example"]


def test_a_plain_feed_is_no_export(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(
        "<rss version='2.0'><channel><title>F</title><item><title>A</title></item></channel></rss>"
    )
    with pytest.raises(UsageError, match="no WordPress export"):
        list(Export(path).items(lambda _: None))
