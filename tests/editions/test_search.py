"""The search: what is indexed under which key, what Pagefind is shown, and the one order of what it makes."""

import gzip
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import cbor2
import pytest
from editions_fake import Fake, article, printed, with_article
from msgspec import structs

from newsrepo.editions import search, site
from newsrepo.editions.bundle import ordered
from newsrepo.editions.page import Page
from newsrepo.errors import UnableError
from newsrepo.records import types as t
from newsrepo.records.scalars import Moment

OLD, NEW = "abc/2025/lamp", "abc/2026/strike"


@pytest.fixture
def fake() -> Fake:
    made = with_article(Fake(), OLD, article("The lamp", date=Moment.parse("2025-02-03"), topics=("light",)))
    made = with_article(made, NEW, article("The strike", body="On **strike** & out.\n\nAgain <b>.\n"))
    formats = (t.Format.WEB, t.Format.SEARCH)
    recipe = structs.replace(made.filter, edition=structs.replace(made.filter.edition, formats=formats))
    return replace(made, filter=recipe)


def plan(fake: Fake, folder: Path | None = None) -> dict[str, Page]:
    ctx = fake.context()
    blobs = ctx.commons.blobs
    finder = search.Finder(folder, lambda oids: ((oid, blobs[oid]) for oid in oids))
    return {page.path: page for page in site.plan(replace(ctx, finder=finder))}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """What the indexer was shown, a folder each time; it makes one file out of each folder."""
    seen: list[dict[str, str]] = []

    def run(place: Path, out: Path, lang: str, _: str) -> None:
        seen.append({p.relative_to(place).as_posix(): p.read_text() for p in place.rglob("*.html")})
        out.mkdir()
        (out / "pagefind.js").write_text(f"{lang} {len(seen[-1])}")
        (out / "pagefind-ui.js").write_text("not wanted")

    monkeypatch.setattr(search, "_run", run)
    monkeypatch.setattr("newsrepo.editions.bundle.ordered", dict)
    return seen


def test_a_year_is_indexed_once_and_again_when_one_of_its_articles_changes(
    fake: Fake, shown: list[dict[str, str]], tmp_path: Path
) -> None:
    first = plan(fake, tmp_path)
    made = sorted(path for path in first if path.startswith("search/"))
    assert made == [
        "search/2025/pagefind.js",
        "search/2026/pagefind.js",
        "search/index.html",
        "search/search.css",
        "search/search.js",
    ]
    assert [sorted(one) for one in shown] == [[f"articles/{OLD}.html"], [f"articles/{NEW}.html"]]
    assert (
        plan(fake, tmp_path)["search/2026/pagefind.js"].identity == first["search/2026/pagefind.js"].identity
    )
    assert len(shown) == 2
    again = plan(with_article(fake, NEW, article("The strike ends")), tmp_path)
    assert len(shown) == 3
    assert again["search/2025/pagefind.js"].identity == first["search/2025/pagefind.js"].identity
    assert again["search/2026/pagefind.js"].identity != first["search/2026/pagefind.js"].identity
    assert again["search/2026/pagefind.js"].derived[0].startswith("pagefind ")
    # A damaged memory is made anew.
    (tmp_path / "2025").write_bytes(b"junk")
    assert plan(fake, tmp_path)["search/2025/pagefind.js"].render({}) == b"en 1"


def test_nothing_of_an_article_is_markup_for_the_indexer(fake: Fake, shown: list[dict[str, str]]) -> None:
    odd = '"><script>alert(1)</script><i data-pagefind-filter="topic:x">'
    names = {"abc": t.Contingent(name=odd), "lmn": t.Contingent(name="LMN")}
    hostile = article(odd, summary=odd, body=f"{odd}\n\n港湾 strike\n", authors=(t.Author(name=odd),))
    plan(replace(with_article(fake, NEW, hostile), contingents=names))
    text = shown[-1][f"articles/{NEW}.html"]
    assert set(re.findall(r"<([a-z0-9]+)", text)) == {"html", "head", "title", "body", "span", "h1", "p"}
    assert len(
        re.findall(
            r"<span data-pagefind-(?:filter|sort|meta)=\"[a-z]+\[data-v\]\" data-v=\"[^\"<>]*\">", text
        )
    ) == (text.count("<span"))
    assert " 港  湾  strike" in text


def test_the_page_alone_may_run_the_script_and_does_without(fake: Fake, shown: list[dict[str, str]]) -> None:
    pages = plan(fake)
    blobs = fake.context().commons.blobs
    texts = {p: page.render({need: blobs[need] for need in page.needs}).decode() for p, page in pages.items()}
    with_script = [
        path for path, text in texts.items() if re.search(r"script-src|<script(?! type=\"application)", text)
    ]
    assert with_script == ["search/index.html"]
    page = texts["search/index.html"]
    assert "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; " in page
    assert page.count("<script") == 1
    assert 'data-years="2026 2025"' in page
    assert '<form hidden role="search"' in page
    assert 'href="../archive/index.html">Archive</a></li>' in page
    assert "innerHTML = text; // only its text is read" in texts["search/search.js"]
    assert texts["search/search.js"].count("innerHTML") == 1


def test_an_edition_without_it_has_none(fake: Fake) -> None:
    assert not [page for page in site.plan(fake.context()) if page.path.startswith("search/")]
    rules = [finding.rule for finding in site.warnings(fake.context())]
    assert "no-search" in rules
    assert not [
        p for p in plan(Fake(items=(printed(NEW),), articles={NEW: article()})) if p.startswith("search/")
    ]


def packed(value: object) -> bytes:
    return gzip.compress(b"pagefind_dcd" + cbor2.dumps(value))


def bundle(dice: random.Random) -> dict[str, bytes]:
    """An index as Pagefind makes it: values, filters and names in an order of their own in each run."""
    values = {"topic": [["strikes", [1, 2]], ["law", [0]], ["women", [0, 1]]], "author": [["Ann", [0]]]}
    files = {"fragment/en_1.pf_fragment": b"one", "pagefind.js": b"js"}
    filters = []
    for name, entries in dice.sample(sorted(values.items()), 2):
        made = f"en_{dice.getrandbits(28):07x}"
        files[f"filter/{made}.pf_filter"] = packed([name, dice.sample(entries, len(entries))])
        filters.append([name, made])
    hashed = f"en_{dice.getrandbits(40):010x}"
    sorts = dice.sample([["date", [0, 1]], ["a", [1, 0]]], 2)
    files[f"pagefind.{hashed}.pf_meta"] = packed(
        ["1.5.2", [["en_1", 3]], [["a", "z", "en_2"]], filters, sorts, ["title"]]
    )
    entry = {"version": "1.5.2", "languages": {"en": {"hash": hashed, "wasm": "en", "page_count": 3}}}
    files["pagefind-entry.json"] = json.dumps(entry).encode()
    return files


def test_the_same_index_has_the_same_bytes_whatever_order_it_was_made_in() -> None:
    dice = random.Random(5)
    made = [ordered(bundle(dice)) for _ in range(8)]
    assert all(one == made[0] for one in made)
    # It is whole: every name leads to a file, and every file holds what it held.
    entry = json.loads(made[0]["pagefind-entry.json"])
    meta = cbor2.loads(gzip.decompress(made[0][f"pagefind.{entry['languages']['en']['hash']}.pf_meta"])[12:])
    assert meta[:3] == ["1.5.2", [["en_1", 3]], [["a", "z", "en_2"]]]
    assert [name for name, _ in meta[3]] == ["author", "topic"]
    topics = cbor2.loads(gzip.decompress(made[0][f"filter/{meta[3][1][1]}.pf_filter"])[12:])
    assert topics == ["topic", [["law", [0]], ["strikes", [1, 2]], ["women", [0, 1]]]]
    assert len(made[0]) == 6


@pytest.mark.parametrize("harm", ["pagefind-entry.json", "meta", "filter"])
def test_an_index_of_another_form_is_refused_in_words(harm: str) -> None:
    files = bundle(random.Random(1))
    path = next(path for path in files if harm in path)
    files[path] = b"\x1f\x8bjunk"
    with pytest.raises(UnableError, match="of another form than expected"):
        ordered(files)
