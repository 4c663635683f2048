"""What programs read of an edition: JSON-LD, Open Graph, feeds with the whole credit, lists and sitemaps."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import jsonschema
import pytest
from editions_fake import TODAY, Fake, article, built, derive, planned, printed, version_of, with_article
from lxml import html
from msgspec import structs

from newsrepo.editions.metadata import script_json
from newsrepo.editions.sitemaps import language
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

URL = "https://daily.example.org/x/"
OLD, PARENT, WORK = "lmn/2026/old", "lmn/2026/strike", "abc/2026/strike"
ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = Path(__file__).parent.parent / "sites" / "jsonfeed.schema.json"
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><x y='1'/>",
    '"},{"a":"b',
    "\u2028\u2029 \\ &lt; &amp; \U0001f600",
    "\x08\x1f\ufffe end",
)


def edition(title: str = "ABC daily") -> t.Filter:
    sections = (
        t.Section(title="Work & more", select="topic:labour"),
        t.Section(title="Else", select="topic:x"),
    )
    return t.Filter(
        title="f", select="newsworthy>=1", edition=t.Edition(url=URL, title=title, sections=sections)
    )


def chained(name: str = "Third") -> Fake:
    """A work based on a work that is based on another, with an outside source, in the first of two sections."""
    fake = with_article(Fake(filter=edition()), OLD, article("First", authors=(t.Author(name="Cy"),)))
    fake = with_article(
        fake,
        PARENT,
        article("Second", based_on=(derive(fake, OLD, changes="All of it."),), topics=("labour",)),
    )
    work = article(
        name,
        date=Moment.parse(TODAY.isoformat()),
        authors=(t.Author(name="Ann", url="https://ann.example/"),),
        summary="In short.",
        topics=("labour",),
        places=("Port Ness",),
        based_on=(derive(fake, PARENT, "translation"),),
        credits=(t.Credit(name="Board minutes", url="https://board.example/", license="CC-BY-4.0"),),
    )
    fake = with_article(fake, WORK, work)
    return replace(fake, items=(printed(WORK, PARENT, OLD, section=0),))


def data_of(page: bytes) -> dict[str, object]:
    (block,) = html.fromstring(page.decode()).xpath("//script[@type='application/ld+json']/text()")
    found = json.loads(block)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("text", HOSTILE)
def test_a_block_of_data_ends_where_it_should_and_says_what_was_said(text: str) -> None:
    encoded = str(script_json({"headline": text, "list": [text]}))
    assert not re.search(r"[<>&\u2028\u2029]", encoded)
    assert json.loads(encoded) == {"headline": text, "list": [text]}


@pytest.mark.parametrize("text", HOSTILE[:4])
def test_a_hostile_title_stays_a_title_everywhere(text: str) -> None:
    files = built(chained(text))
    page = files[f"articles/{WORK}.html"]
    tree = html.fromstring(page.decode())
    assert len(tree.xpath("//script")) == 1
    assert data_of(page)["headline"] == text
    assert tree.xpath("//meta[@property='og:title']/@content") == [text]
    for path, data in files.items():
        if path.endswith((".xml", ".opml")):
            ET.fromstring(data)
    assert json.loads(files["feed.json"])["items"][0]["title"] == text
    assert files["news-sitemap.xml"].count(b"<news:title>") == 1


def test_json_ld_names_what_a_work_rests_on_and_cites() -> None:
    fake = chained()
    data = data_of(built(fake)[f"articles/{WORK}.html"])
    assert (data["@context"], data["@type"]) == ("https://schema.org", "NewsArticle")
    assert data["url"] == f"{URL}articles/{WORK}.html"
    assert data["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert data["publisher"]["name"] == "The ABC contingent of Free News"
    assert data["author"] == [{"@type": "Person", "name": "Ann", "url": "https://ann.example/"}]
    assert [(one["name"], one["version"]) for one in data["isBasedOn"]] == [
        ("Second", version_of(fake, PARENT)),
        ("First", version_of(fake, OLD)),
    ]
    assert data["isBasedOn"][0]["sourceOrganization"]["name"] == "The LMN contingent of Free News"
    (cited,) = data["citation"]
    assert cited["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["identifier"] == f"{WORK}@{version_of(fake, WORK)}"
    assert data["inLanguage"] == "en"
    assert data["timeRequired"] == "PT1M"


def test_without_an_address_nothing_absolute_is_claimed() -> None:
    plain = structs.replace(edition(), edition=t.Edition())
    fake = replace(chained(), filter=plain, items=(printed(WORK, PARENT, OLD),))
    files = built(fake)
    page = files[f"articles/{WORK}.html"].decode()
    assert "og:url" not in page
    assert "url" not in data_of(page.encode())
    assert sorted(p for p in files if "feed" in p) == ["feed.json", "feed.xml", "feeds/index.html"]
    assert not {"sitemap.xml", "news-sitemap.xml", "feeds/contingents.opml"} & files.keys()


def test_a_revision_moves_the_day_of_change_and_not_that_of_publication() -> None:
    fake = chained()
    before = structs.replace(fake.articles[WORK], body="Old.\n", date=Moment.parse("2026-05-01"))
    now = structs.replace(fake.articles[WORK], date=Moment.parse("2026-05-01"))
    files = built(replace(with_article(fake, WORK, now), past={WORK: (before, now)}))
    assert data_of(files[f"articles/{WORK}.html"])["dateModified"] == "2026-05-02T00:00:00Z"
    assert data_of(files[f"articles/{WORK}.html"])["datePublished"] == "2026-05-01T00:00:00Z"
    (entry,) = feedparser.parse(files["feed.xml"]).entries
    assert (entry.published, entry.updated) == ("2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z")
    (item,) = json.loads(files["feed.json"])["items"]
    assert item["date_modified"] == "2026-05-02T00:00:00Z"


def test_feeds_carry_the_whole_chain_of_credit() -> None:
    files = built(chained())
    (entry,) = feedparser.parse(files["feed.xml"]).entries
    via = [link.href for link in entry.links if link.rel == "via"]
    assert via == [f"{URL}articles/{PARENT}.html", f"{URL}articles/{OLD}.html"]
    assert [link.href for link in entry.links if link.rel == "related"] == ["https://board.example/"]
    text = entry.content[0].value
    assert text.index("Second") < text.index("First") < text.index("Cy") < text.index("Board minutes")
    (item,) = json.loads(files["feed.json"])["items"]
    assert [(line["depth"], line["title"]) for line in item["_newsrepo"]["credit"]] == [
        (0, "Second"),
        (1, "First"),
    ]


def test_the_json_feed_is_what_jsonfeed_org_says() -> None:
    schema = json.loads(SCHEMA.read_text())
    checker = jsonschema.Draft202012Validator(schema)
    checker.check_schema(schema)
    for fake in (chained(), Fake(articles={WORK: article()})):
        checker.validate(json.loads(built(fake)["feed.json"]))
    assert not checker.is_valid(
        {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{"id": "1"}]}
    )


def test_sections_and_contingents_have_feeds_that_their_pages_name() -> None:
    files = built(chained())
    section = feedparser.parse(files["feeds/sections/work-more.xml"])
    assert [entry.title for entry in section.entries] == ["Third"]
    assert section.feed.title == "ABC daily: Work & more"
    assert feedparser.parse(files["feeds/sections/else.xml"]).entries == []
    lmn = feedparser.parse(files["feeds/contingents/lmn.xml"])
    assert sorted(entry.title for entry in lmn.entries) == ["First", "Second"]
    assert {entry.source.id for entry in lmn.entries} == {lmn.feed.id}
    assert lmn.entries[0].source.links[0].href == f"{URL}feeds/contingents/lmn.xml"
    abc = feedparser.parse(files["feeds/contingents/abc.xml"])
    assert "source" not in abc.entries[0]
    for page, feed in (("sections/work-more", "sections/work-more"), ("contingents/lmn", "contingents/lmn")):
        assert f'href="../feeds/{feed}.xml"' in files[f"{page}.html"].decode()
    outlines = ET.fromstring(files["feeds/contingents.opml"]).findall("body/outline")
    assert [o.get("xmlUrl") for o in outlines] == [f"{URL}feeds/contingents/{c}.xml" for c in ("abc", "lmn")]
    index = files["feeds/index.html"].decode()
    assert all(
        f'href="../{path}"' in index
        for path in files
        if path.startswith("feeds/") and path != "feeds/index.html"
    )


def test_news_are_of_the_last_two_days_of_the_edition_and_sitemaps_list_pages_alone() -> None:
    fake = Fake(filter=edition("A & B"))
    for back in range(4):
        day = TODAY - timedelta(days=back)
        fake = with_article(
            fake,
            f"abc/2026/n{back}",
            article(f"N<{back}", date=Moment.parse(day.isoformat()), lang="zh-Hant"),
        )
    files = built(fake)
    news = files["news-sitemap.xml"].decode()
    ET.fromstring(news)
    assert re.findall(r"articles/abc/2026/(n\d)", news) == ["n0", "n1"]
    assert "<news:name>A &amp; B</news:name>" in news
    assert "<news:language>zh-tw</news:language>" in news
    places = re.findall(r"<loc>([^<]*)</loc>", files["sitemap.xml"].decode())
    assert all(place.endswith(".html") for place in places)
    assert len(places) == sum(path.endswith(".html") for path in files) - 1
    later = built(replace(fake, today=TODAY + timedelta(days=9)))
    assert "news-sitemap.xml" not in later


@pytest.mark.parametrize(
    ("tag", "said"), [("en-GB", "en"), ("zh", "zh-cn"), ("zh-Hant-HK", "zh-tw"), ("ar", "ar")]
)
def test_languages_are_named_as_news_sitemaps_want_them(tag: str, said: str) -> None:
    assert language(tag) == said


def test_another_article_leaves_the_other_contingents_feed_alone() -> None:
    fake = chained()
    more = with_article(fake, "abc/2026/zzz", article("News"))
    more = replace(more, items=(*(fake.items or ()), printed("abc/2026/zzz")))
    before, after = planned(fake), planned(more)
    assert before["feeds/contingents/lmn.xml"].key == after["feeds/contingents/lmn.xml"].key
    assert before["feeds/contingents/abc.xml"].key != after["feeds/contingents/abc.xml"].key
    assert before["feed.xml"].key != after["feed.xml"].key
