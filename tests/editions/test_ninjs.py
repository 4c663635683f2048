"""Articles as ninjs: what the schema allows and no more, with the whole credit, harmless whatever they say."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from editions_fake import Fake, article, derive, png, printed, with_article
from test_paper import HOSTILE

from newsrepo.editions.edition import Edition
from newsrepo.editions.ninjs.item import Maker, uri
from newsrepo.editions.theme import default_theme
from newsrepo.records import types as t

SCHEMA = Path(__file__).parent.parent / "sites" / "ninjs.schema.json"
VALID = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
URL = "https://e.org/"


def items(fake: Fake) -> dict[str, Any]:
    ctx = fake.context()
    maker = Maker(Edition(ctx, default_theme()))
    made = {str(work): maker.item(work, ctx.commons.blobs) for work in maker.works}
    for item in made.values():
        if not isinstance(item, str):
            VALID.validate(json.loads(json.dumps(item)))
    return made


@pytest.fixture(scope="module")
def chained() -> Fake:
    media = (
        t.Media(
            file="quay.png",
            alt="The <quay>",
            caption="At night",
            creator="Ann",
            license="CC0-1.0",
            source="https://a.org/q",
        ),
        t.Media(url="https://films.org/\u00fc x", poster="quay.png", alt="A film", duration=90),
    )
    fake = Fake(
        {"lmn/2026/first": article("First", authors=(t.Author(name="Bo"),), body="One.\n")},
        pictures={"abc/2026/third/quay.png": png(30, 20)},
        filter=t.Filter(title="Daily", edition=t.Edition(url=URL)),
    )  # fmt: skip
    second = article("Second", lang="de", based_on=(derive(fake, "lmn/2026/first", "translation"),))
    fake = with_article(fake, "lmn/2026/second", second)
    third = article(
        "Third",
        authors=(t.Author(name="Cy", url="https://e.org/\u00e9%zz"),),
        summary="In short.",
        topics=("dock-work",),
        places=("Harbour Quay",),
        media=media,
        credits=(t.Credit(name="An archive", url="https://archive.org/x", what="dates"),),
        based_on=(
            derive(fake, "lmn/2026/second", "rewrite", "Shorter."),
            derive(fake, "lmn/2026/first", "quote"),
        ),
        body="See ![](quay.png) and [first](article:lmn/2026/first).\n",
    )
    fake = with_article(fake, "abc/2026/third", third)
    shown = printed("abc/2026/third", "lmn/2026/second", "lmn/2026/first")
    return replace(fake, items=(shown,), past={"abc/2026/third": [article("Earlier"), third]})


def test_every_printed_version_is_an_item_in_the_order_of_the_page(chained: Fake) -> None:
    assert list(items(chained)) == ["abc/2026/third", "lmn/2026/second", "lmn/2026/first"]


def test_an_item_carries_text_dates_and_the_whole_chain(chained: Fake) -> None:
    item = items(chained)["abc/2026/third"]
    assert (item["standard"]["version"], item["language"]) == ("3.3", "en")
    assert (item["firstCreated"], item["versionCreated"]) == ("2026-05-03T00:00:00Z", "2026-05-03T00:00:00Z")
    assert item["by"] == "Cy, The ABC contingent of Free News"
    assert item["people"] == [{"name": "Cy", "rel": "author", "uri": "https://e.org/%C3%A9%25zz"}]
    assert item["subjects"] == [{"name": "dock work", "rel": "about", "literal": "dock-work"}]
    html, text, credit, plain = (body["value"] for body in item["bodies"])
    assert f'href="{URL}articles/lmn/2026/first.html"' in html
    assert "<img" not in html
    assert "[quay.png: The &lt;quay&gt;]" in html
    assert "[quay.png: The <quay>]" in text
    for given in (credit, plain):
        assert all(said in given for said in ("Third", "Second", "First", "An archive"))
    sources = [(s.get("literal", s["name"]).partition("@")[0], s["role"]) for s in item["infoSources"]]
    assert sources == [
        ("lmn/2026/second", "rewrite"), ("lmn/2026/first", "translation"), ("lmn/2026/first", "quote"),
        ("An archive", "dates"),
    ]  # fmt: skip


def test_associations_tell_what_it_rests_on_and_its_media(chained: Fake) -> None:
    item = items(chained)["abc/2026/third"]
    *basis, picture, film = item["associations"]
    assert [(a["name"], a["rel"]) for a in basis] == [
        ("Second", "isBasedOn"), ("First", "isBasedOn/1"), ("First", "citation"),
    ]  # fmt: skip
    works = chained.context().commons.works
    assert basis[0]["version"] == works["lmn/2026/second"].version
    assert basis[0]["descriptions"][0]["value"] == "rewrite: Shorter."
    (main,) = picture["renditions"]
    assert (picture["type"], picture["rel"], picture["by"]) == ("picture", "lead", "Ann")
    assert main == {
        "name": "main", "href": f"{URL}articles/abc/2026/third/quay.png", "title": "quay.png",
        "contentType": "image/png", "width": 30, "height": 20, "sizeInBytes": len(png(30, 20)),
    }  # fmt: skip
    assert [(r["name"], r["href"]) for r in film["renditions"]] == [
        ("poster", main["href"]),
        ("away", "https://films.org/%C3%BC%20x"),
    ]


def test_an_edition_without_an_address_claims_none(chained: Fake) -> None:
    bare = replace(chained, filter=t.Filter(title="Daily"))
    made = items(bare)["abc/2026/third"]
    assert "renditions" not in made
    assert made["uri"] == items(chained)["abc/2026/third"]["uri"]
    assert f"{URL}articles" not in json.dumps(made)


def test_hostile_texts_stay_words() -> None:
    body = f"{HOSTILE}\n\n<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>\n"
    made = items(
        Fake(
            {
                "abc/2026/one": article(
                    "One <b>& \u202e\u0001", body=body, summary="<i>", places=("</script>",),
                    authors=(t.Author(name="<x>\u202e"),), credits=(t.Credit(name="[a](b)"),),
                ),
                "abc/2026/bare": article(
                    "\ue000", summary="\ue000", places=("\ue000",), authors=(t.Author(name="\ue000"),),
                    credits=(t.Credit(name="\ue000"),),
                ),
                "abc/2026/deep": article("Deep", body="> " * 3000 + "x\n"),
            }
        )
    )  # fmt: skip
    item = made["abc/2026/one"]
    assert "<script" not in item["bodies"][0]["value"]
    assert 'href="javascript' not in item["bodies"][0]["value"]
    assert "<img" not in item["bodies"][0]["value"]
    assert "\u202e" not in json.dumps(item, ensure_ascii=False)
    assert isinstance(made["abc/2026/deep"], str)


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("https://e.org/a?b=c&d#e", "https://e.org/a?b=c&d#e"),
        ("https://e.org/%7e%zz%", "https://e.org/%7e%25zz%25"),
        ("https://\u00fc.org/[x]{y}|`^", "https://%C3%BC.org/%5Bx%5D%7By%7D%7C%60%5E"),
        ("https://e.org/#a#b##", "https://e.org/#a%23b%23%23"),
        ("", ""),
    ],
)
def test_an_address_is_made_a_uri(address: str, made: str) -> None:
    assert uri(address) == made


def test_the_schema_refuses_what_the_standard_refuses(chained: Fake) -> None:
    item = items(chained)["lmn/2026/first"]
    for wrong in ({"nonsense": 1}, {"uri": "no uri"}, {"type": "article"}, {"versionCreated": "today"}):
        assert not VALID.is_valid({**item, **wrong})
    assert not VALID.is_valid({**item, "associations": [{"uri": "urn:x"}]})
    assert not VALID.is_valid({**item, "associations": [{"uri": "urn:x", "name": "x", "rel": "y", "z": 1}]})
