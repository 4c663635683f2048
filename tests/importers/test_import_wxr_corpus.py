"""A real WordPress export, where it is at hand: counted by another parser, nothing of it is lost."""

import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urljoin

import pytest
from items_support import OPEN, Done
from lxml import etree, html
from msgspec.structs import replace

from newsrepo.importers.wxr import Export
from newsrepo.records.markup import pointers

CORPORA = Path(os.environ.get("NEWSREPO_CORPORA", Path(__file__).parents[2].parent / "shared" / "corpora"))
EXPORT = CORPORA / "import" / "pelican-wordpressexport.xml"

pytestmark = pytest.mark.skipif(
    not EXPORT.is_file(), reason=f"no {EXPORT.name}: set NEWSREPO_CORPORA to the folder of the corpora"
)

NAMES = {
    "wp": "http://wordpress.org/export/1.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
ALL = replace(OPEN, drafts=True, kinds=frozenset(["post", "page", "custom1", "custom2"]))


def items() -> list[etree._Element]:
    tree = etree.parse(EXPORT, etree.XMLParser(resolve_entities=False, no_network=True))
    return [i for i in tree.iterfind(".//item") if i.findtext("wp:post_type", None, NAMES) != "attachment"]


@pytest.fixture(scope="module")
def done() -> Done:
    return Done(Export(EXPORT), ALL)


def test_every_item_comes_in_and_no_fault_is_met(done: Done) -> None:
    assert len(done.articles) == len(items()) == 16
    assert not done.errors
    assert len(done.comments) == 3
    assert [f.message for f in done.findings if "comment" in f.message] == [
        "a comment was left out: it is a pingback"
    ]


def test_authors_and_dates_are_those_of_the_export(done: Done) -> None:
    names = {"bob": "Bob", "jonh": "Jonh"}
    wanted = Counter(names.get(login := i.findtext("dc:creator", "", NAMES), login) for i in items())
    assert Counter(a.name for article in done.articles.values() for a in article.authors) == wanted
    days = Counter()
    for item in items():
        gmt, local = item.findtext("wp:post_date_gmt", "", NAMES), item.findtext("wp:post_date", "", NAMES)
        days[f"{gmt.replace(' ', 'T')}Z" if not gmt.startswith("0000") else local[:10]] += 1
    assert Counter(str(article.date) for article in done.articles.values()) == days


def test_categories_and_tags_links_and_pictures_are_there(done: Done) -> None:
    topics = Counter()
    links: set[str] = set()
    pictures: set[str] = set()
    for item in items():
        topics.update({re.sub(r"\W+", "-", c.text.lower()) for c in item.iterfind("category")})
        text = item.findtext("content:encoded", "", NAMES)
        if text.strip():
            page = html.fragment_fromstring(text, create_parent="div")
            links |= {a.get("href") for a in page.iter("a")} | {f.get("src") for f in page.iter("iframe")}
            pictures |= {f"http://thisisa.test{i.get('src')}" for i in page.iter("img")}
    assert Counter(t for article in done.articles.values() for t in article.topics) == topics
    shown = {p.dest for article in done.articles.values() for p in pointers(article.body)}
    assert len(links) == 2
    assert len(pictures) == 2
    assert {urljoin("http://thisisa.test/", link) for link in links} | pictures <= shown
    addresses = {m.url for article in done.articles.values() for m in article.media}
    assert addresses >= {
        "http://thisurlisinvalid.notarealdomain",
        "http://en.wikipedia.org/wiki/File:Pelikan_Walvis_Bay.jpg",
    }


def test_mail_addresses_and_ips_stay_out(done: Done) -> None:
    text = EXPORT.read_text()
    written = b"".join(done.files.values()).decode()
    private = set(re.findall(r"[\w.]+@[\w.]+", text)) | set(re.findall(r"comment_author_IP>([^<]+)<", text))
    assert private
    assert not [each for each in private if each in written]
