"""Feeds of every shape: what each says of its items comes into the articles."""

import json
from pathlib import Path

import pytest
from items_support import OPEN, Done, feed

from newsrepo.errors import UsageError
from newsrepo.importers.feeds import Feeds
from newsrepo.importers.items import moment, person
from newsrepo.records import types as t

RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>The Quay &amp; Docks</title><link>https://quay.example/</link><language>en-gb</language>
<atom:link rel="self" href="https://quay.example/feed"/>
<item><title>Dock &lt;i&gt;strike&lt;/i&gt;</title><link>/2024/strike/</link><guid isPermaLink="false">q1</guid>
<pubDate>Tue, 02 Jan 2024 10:00:00 EST</pubDate><dc:creator>Ann Example</dc:creator><dc:creator>Bo</dc:creator>
<category>The Docks</category><category>Порт</category><description>Short.</description>
<content:encoded><![CDATA[<p>See <a href="/2024/other/#c">other</a> &amp; <img src="pic.jpg" alt="A quay"></p>
<iframe src="//player.example/v/1"></iframe><script>x()</script>]]></content:encoded>
<enclosure url="https://quay.example/a.mp3" type="audio/mpeg" length="1"/>
<media:group><media:content url="/m.jpg"><media:description>The quay</media:description></media:content></media:group>
<source url="https://wire.example/rss">The Wire</source></item>
<item><title>Other</title><link>https://quay.example/2024/other/</link><pubDate>Wed, 3 Jan 24 10:00:00 +0200</pubDate>
<author>bo@quay.example.org (Bo Example)</author><description>It goes on and […]</description></item>
</channel></rss>"""


def test_rss(tmp_path: Path) -> None:
    done = feed(tmp_path, RSS)
    strike, other = done.articles["2024/dock-strike"], done.articles["2024/other"]
    assert (strike.title, str(strike.date), strike.lang) == ("Dock strike", "2024-01-02T15:00:00Z", "en-gb")
    assert [a.name for a in strike.authors] == ["Ann Example", "Bo"]
    assert (strike.topics, strike.summary) == (("the-docks",), "Short.")
    assert strike.body == (
        "See [other](article:abc/2024/other) & [A quay](https://quay.example/2024/strike/pic.jpg)\n\n"
        "[Embedded page at player.example](https://player.example/v/1)\n"
    )
    assert [(m.url, m.caption) for m in strike.media] == [
        ("https://quay.example/a.mp3", None),
        ("https://quay.example/m.jpg", "The quay"),
    ]
    assert strike.credits == (
        t.Credit(
            name="The Quay & Docks", url="https://quay.example/2024/strike/", what="first published here"
        ),
        t.Credit(name="The Wire", url="https://wire.example/rss", what="the source that it names"),
    )
    assert (other.authors, str(other.date)) == ((t.Author(name="Bo Example"),), "2024-01-03T08:00:00Z")
    assert done.places("import-topic") == [("feed.xml", 6)]
    assert done.places("import-html") == [("feed.xml", 10)]
    assert done.places("import-remote-picture") == [("feed.xml", 9)]
    assert done.places("import-summary-only") == [("feed.xml", 14)]
    assert not done.errors


def test_rss_091_with_a_document_type_and_named_characters(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "file:///etc/passwd">
<rss version="0.91"><channel><title>Old</title><link>http://old.example</link><language>de</language>
<item><title>Caf\xe9 &eacute;t&eacute;&nbsp;!</title><link>http://old.example/a</link><pubDate>1999-05-01</pubDate>
<description>W&ouml;rter</description></item></channel></rss>""".encode("latin-1")
    done = feed(tmp_path, text)
    (article,) = done.articles.values()
    assert (article.title, article.body, article.lang) == ("Café été !", "Wörter\n", "de")


def test_rss_10(tmp_path: Path) -> None:
    text = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:d="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://r.example/"><title>R</title>
<link>http://r.example/</link><d:language>fr</d:language></channel>
<item rdf:about="http://r.example/1"><title>Un</title><link>http://r.example/1</link><d:date>2003-05-01T10:00+02:00</d:date>
<d:creator>Flo</d:creator><d:subject>News</d:subject><description>Vieux.</description></item></rdf:RDF>"""
    done = feed(tmp_path, text)
    (article,) = done.articles.values()
    assert (article.title, str(article.date), article.lang, article.topics) == (
        "Un",
        "2003-05-01T08:00:00Z",
        "fr",
        ("news",),
    )
    assert (article.authors, article.credits[0].name) == ((t.Author(name="Flo"),), "R")


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://at.example/x/" xml:lang="de">
<title>At</title><link href="/"/><author><name>Cy</name><email>cy@at.example.org</email></author>
<entry><id>tag:at.example,2024:1</id><title type="html">Eins &amp;amp; &lt;b&gt;zwei&lt;/b&gt;</title><link href="eins"/>
<published>2024-02-01T00:00:00.5Z</published><updated>2024-02-02T00:00:00Z</updated><category term="t1" label="Thema"/>
<link rel="enclosure" href="/a.mp3"/><link rel="via" title="Woanders" href="https://via.example/"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hallo <em>Welt</em> <img src="img/a.png" alt="&quot;a"/></p>
<script>x</script></div></content></entry>
<entry xml:lang="en"><id>tag:at.example,2024:2</id><title>Two &lt;b&gt;</title><link href="https://at.example/two"/>
<updated>2024-02-03T00:00:00+01:00</updated><summary>Only &lt;b&gt;
short</summary><author><name>Di</name><uri>https://di.example</uri></author></entry>
<entry><id>tag:at.example,2024:3</id><title>Plain</title><updated>2024-02-04T00:00:00Z</updated>
<content>a &lt; b

c *d*</content></entry></feed>"""


def test_atom(tmp_path: Path) -> None:
    done = feed(tmp_path, ATOM)
    one, two, plain = (done.articles[f"2024/{name}"] for name in ("eins-zwei", "two-b", "plain"))
    assert (one.title, str(one.date), one.lang, one.topics) == (
        "Eins & zwei",
        "2024-02-01T00:00:00Z",
        "de",
        ("thema",),
    )
    assert one.authors == (t.Author(name="Cy"),)
    assert one.body == 'Hallo *Welt* ["a](https://at.example/x/img/a.png)\n'
    assert one.media == (t.Media(url="https://at.example/a.mp3"),)
    assert [(c.name, c.url) for c in one.credits] == [
        ("At", "https://at.example/x/eins"),
        ("Woanders", "https://via.example/"),
    ]
    assert (two.title, two.lang, two.authors) == (
        "Two <b>",
        "en",
        (t.Author(name="Di", url="https://di.example"),),
    )
    assert two.body == "Only \\<b>\\\nshort\n"
    assert plain.body == "a \\< b\n\nc \\*d\\*\n"
    assert done.places("import-summary-only") == [("feed.xml", 8)]
    assert b"@" not in b"".join(done.files.values())


JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J",
    "home_page_url": "https://j.example/",
    "language": "fr",
    "authors": [{"name": "Eve", "url": "https://eve.example/"}],
    "items": [
        {
            "id": "1",
            "url": "https://j.example/1",
            "external_url": "https://far.example/",
            "content_html": "<p>Bonjour <a href='2'>x</a></p>",
            "summary": "Sommaire",
            "date_published": "2024-03-01T12:00:00-05:00",
            "tags": ["Un", "Deux"],
            "image": "/i.png",
            "attachments": [{"url": "/a.mp3", "mime_type": "audio/mpeg", "title": "Voix"}],
        },
        {
            "id": 2,
            "url": "https://j.example/2",
            "content_text": "Deux <b>\n\nlignes",
            "date_modified": "2024-03-02",
            "title": "Deux",
        },
        {"id": "3", "url": "https://j.example/3", "title": "Sans date"},
        "no item",
    ],
}


def test_json_feed(tmp_path: Path) -> None:
    done = feed(tmp_path, json.dumps(JSON, indent=0), "feed.json")
    one, two = done.articles["2024/bonjour-x"], done.articles["2024/deux"]
    assert (one.title, str(one.date), one.summary, one.topics) == (
        "Bonjour x",
        "2024-03-01T17:00:00Z",
        "Sommaire",
        ("un", "deux"),
    )
    assert one.authors == (t.Author(name="Eve", url="https://eve.example/"),)
    assert one.body == "Bonjour [x](article:abc/2024/deux)\n"
    assert [(m.url, m.caption) for m in one.media] == [
        ("https://j.example/i.png", None),
        ("https://j.example/a.mp3", "Voix"),
    ]
    assert one.credits[1].url == "https://far.example/"
    assert (two.body, two.lang) == ("Deux \\<b>\n\nlignes\n", "fr")
    assert [rule for rule, _ in done.errors] == ["import-undated", "import-unreadable"]


def test_a_folder_of_feeds_is_one_source_and_an_item_in_two_of_them_comes_in_once(tmp_path: Path) -> None:
    (tmp_path / "b.xml").write_text(RSS)
    (tmp_path / "a.xml").write_text(RSS.replace("Short.", "Shorter."))
    (tmp_path / "feed.json").write_text(json.dumps(JSON))
    (tmp_path / "other.json").write_text(
        json.dumps({**JSON, "title": "K", "home_page_url": "https://k.example/"})
    )
    (tmp_path / "readme.txt").write_text("no feed")
    source = Feeds(tmp_path)
    done = Done(source, OPEN)
    assert source.passed == ("readme.txt",)
    assert [a.summary for name, a in done.articles.items() if name == "2024/dock-strike"] == ["Shorter."]
    assert {a.credits[0].name for a in done.articles.values()} == {"The Quay & Docks", "J", "K"}
    assert len(done.articles) == 2 + 2 + 2  # ids that are no addresses are good within their feed only


def test_the_language_of_one_feed_is_not_claimed_for_another(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(RSS.replace("<language>en-gb</language>", ""))
    (tmp_path / "b.json").write_text(json.dumps({**JSON, "language": "fr"}))
    found = Done(Feeds(tmp_path), OPEN).articles
    assert found["2024/dock-strike"].lang == "und"
    assert "fr" in {article.lang for article in found.values()}


def test_what_is_no_feed_is_said_to_be_none(tmp_path: Path) -> None:
    assert feed(tmp_path, "<html><body>x</body></html>").errors == [("import-unreadable", 1)]
    assert feed(tmp_path, "words").errors == [("import-unreadable", 1)]
    assert feed(tmp_path, "").errors == [("import-unreadable", 1)]
    assert feed(tmp_path, '{"a": [1, 2]}').errors == [("import-unreadable", 1)]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UsageError, match="no feed"):
        Feeds(empty)
    with pytest.raises(UsageError, match="is a WordPress export"):
        feed(
            tmp_path,
            "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><wp:wxr_version>1</wp:wxr_version></channel></rss>",
        )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Tue, 02 Jan 2024 10:00:00 GMT", "2024-01-02T10:00:00Z"),
        ("2 Jan 2024 10:00 -0500", "2024-01-02T15:00:00Z"),
        ("Tue, 02 Jan 24 10:00:00 PST", "2024-01-02T18:00:00Z"),
        ("Tue, 02 Jan 2024 10:00:00 CEST", "2024-01-02T08:00:00Z"),
        ("Tue, 02 Jan 2024 10:00:00 IST", "2024-01-02"),
        ("Tue, 02 Jan 2024 10:00:00", "2024-01-02"),
        ("Tue, 02 Jan 2024", "2024-01-02"),
        ("2024-01-02T10:00:00+02:00", "2024-01-02T08:00:00Z"),
        ("2024-01-02T10:00:00.123Z", "2024-01-02T10:00:00Z"),
        ("20240102T100000Z", "2024-01-02T10:00:00Z"),
        ("2024-01-02", "2024-01-02"),
        ("January 2nd, 2024", "2024-01-02"),
        ("2 January 2024 um 10", "2024-01-02"),
        ("2024-01", None),
        ("2024-13-40", None),
        ("0000-00-00 00:00:00", None),
        ("yesterday", None),
        ("", None),
        ("Mon, 99 Jan 2024 10:00:00 GMT", None),
    ],
)
def test_dates_in_every_spelling(text: str, wanted: str | None) -> None:
    found = moment(text)
    assert (str(found) if found else None) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("ann@a.example.org (Ann Example)", "Ann Example"),
        ("Ann Example <ann@a.example.org>", "Ann Example"),
        ("ann@a.example.org", None),
        ("<b>Ann</b> &amp; Bo", "Ann & Bo"),
        ("Ann (Quay News)", "Ann (Quay News)"),
        ("  ", None),
    ],
)
def test_names_without_mail_addresses(text: str, wanted: str | None) -> None:
    found = person(text)
    assert (found.name if found else None) == wanted
