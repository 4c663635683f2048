"""Torn, lying and hostile feeds and exports: what can be read comes in, the rest is told of by line."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from items_support import OPEN, export, feed

from newsrepo.ids import ContingentId
from newsrepo.importers import xmlread
from newsrepo.importers.classic import Library, as_shown
from newsrepo.importers.feeds import Feeds
from newsrepo.importers.items import Item
from newsrepo.importers.links import Shown
from newsrepo.importers.planning import Known, Plan
from newsrepo.importers.webtext import Asked, markdown_of
from newsrepo.location import Severity
from newsrepo.records.markup import problems

HEAD = "<rss version='2.0'><channel><title>F</title><link>https://f.example</link>\n"
TAIL = "</channel></rss>"


def item(name: str, text: str = "Words.") -> str:
    return (
        f"<item><title>{name}</title><link>https://f.example/{name}</link>"
        f"<pubDate>Tue, 02 Jan 2024 10:00:00 GMT</pubDate><description>{text}</description></item>\n"
    )


GOOD = item("one")
LAST = item("two")


@pytest.mark.parametrize(
    ("broken", "fact"),
    [
        (item("bad", "a & b"), "not well-formed"),
        (item("bad", "<b>x"), "mismatched tag"),
        (item("bad", "x").replace("</title>", "<title>"), "mismatched tag"),
        (item("bad", "a <3 b"), "not well-formed"),
        (item("bad", '<a href="x>y</a>'), "not well-formed"),
        (item("bad", "x" + "<i>" * 300 + "</i>" * 300), "deep in one another"),
    ],
)
def test_an_item_that_is_no_xml_is_left_out_and_told_of_by_its_line(
    tmp_path: Path, broken: str, fact: str
) -> None:
    done = feed(tmp_path, HEAD + GOOD + broken + LAST + TAIL)
    assert set(done.articles) == {"2024/one", "2024/two"}
    ((rule, line),) = done.errors
    assert (rule, line) == ("import-unreadable", 3)
    assert [f.message for f in done.findings if fact in f.message]


@pytest.mark.parametrize(
    "cut", [len(HEAD) + len(GOOD) + 40, len(HEAD) + len(GOOD), len(HEAD + GOOD + LAST) + 4]
)
def test_a_file_that_was_cut_off_gives_the_items_before(tmp_path: Path, cut: int) -> None:
    done = feed(tmp_path, (HEAD + GOOD + LAST + TAIL)[:cut])
    assert "2024/one" in done.articles
    assert len(done.errors) == 1


def test_cdata_in_odd_shapes(tmp_path: Path) -> None:
    inside = "<![CDATA[<p>a ]]]]><![CDATA[> b</p>]]> &lt;p&gt;c&lt;/p&gt;<![CDATA[]]>"
    done = feed(tmp_path, HEAD + item("one", inside) + item("two", "<![CDATA[ <item> never ends") + TAIL)
    assert done.articles["2024/one"].body == "a ]]> b\n\nc\n".replace("]", "\\]")
    assert [rule for rule, _ in done.errors] == ["import-unreadable"]


@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % a SYSTEM "http://f.example/x.dtd"> %a;]>',
        "<!DOCTYPE rss [<!ATTLIST item a CDATA 'x'>]>",
    ],
)
def test_what_declares_entities_is_refused_whole(tmp_path: Path, kind: str) -> None:
    done = feed(tmp_path, f"<?xml version='1.0'?>\n{kind}\n{HEAD}{item('one', '&a;&c;')}{TAIL}")
    assert not done.files
    assert done.errors == [("import-unreadable", 2)]
    assert export(tmp_path, f"{kind}<rss/>").errors == [("import-unreadable", 1)]


def test_a_document_type_elsewhere_is_never_fetched(tmp_path: Path) -> None:
    (tmp_path / "x.dtd").write_text('<!ENTITY a "from the file">')
    text = f"<!DOCTYPE rss SYSTEM '{(tmp_path / 'x.dtd').as_uri()}'>{HEAD}{item('one', 'x &a; &copy;')}{TAIL}"
    done = feed(tmp_path, text)
    assert done.articles["2024/one"].body == "x &a ©\n"


@pytest.mark.parametrize(
    ("declared", "codec", "told"),
    [
        ("utf-8", "cp1252", True),
        ("iso-8859-1", "cp1252", False),
        ("windows-1251", "cp1251", False),
        ("utf-16", "utf-16", False),
        ("UTF-8", "utf-8-sig", False),
        ("zlib", "utf-8", True),
        ("utf-16", "utf-8", False),
        ("koi8-r", "koi8-r", False),
    ],
)
def test_encodings_that_are_true_and_that_are_not(
    tmp_path: Path, declared: str, codec: str, told: bool
) -> None:
    word = "слово" if codec in ("cp1251", "koi8-r") else "Café “x”"
    text = f"<?xml version='1.0' encoding='{declared}'?>{HEAD}{item('one', word)}{TAIL}"
    done = feed(tmp_path, text.encode(codec))
    assert done.articles["2024/one"].body == f"{word}\n"
    assert bool(done.places("import-text-mended")) is told
    assert not done.errors


def test_characters_that_no_text_may_hold_are_taken_out(tmp_path: Path) -> None:
    done = feed(tmp_path, HEAD + item("one", "a\x08b&#x1;c&#8;\u202ed\ufffe") + TAIL)
    assert done.articles["2024/one"].body == "abcd\n"
    assert done.places("import-text-mended") == [("feed.xml", 2)]


def test_an_item_without_bound_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlread, "MAX_ITEM", 1000)
    monkeypatch.setattr(xmlread, "MAX_NODES", 50)
    done = feed(tmp_path, HEAD + item("big", "x" * 2000) + item("many", "<b/>" * 100) + item("one") + TAIL)
    assert set(done.articles) == {"2024/one"}
    assert [line for _, line in done.errors] == [2, 3]


def test_faults_without_end_are_not_told_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlread, "MAX_FAULTS", 10)
    done = feed(tmp_path, HEAD + item("bad", "&") * 50 + TAIL)
    assert len(done.errors) == 11


def test_items_without_a_date_stay_out_unless_one_is_given(tmp_path: Path) -> None:
    from msgspec.structs import replace

    text = (
        HEAD
        + GOOD.replace("Tue, 02 Jan 2024 10:00:00 GMT", "")
        + LAST.replace("Tue, 02 Jan 2024 10:00:00 GMT", "soon")
        + TAIL
    )
    done = feed(tmp_path, text)
    assert (done.errors, done.files) == ([("import-undated", 2), ("import-bad-date", 3)], {})
    from newsrepo.records.scalars import Moment

    done = feed(tmp_path, text, choice=replace(OPEN, undated=Moment.parse("2020-01-01")))
    assert {str(a.date) for a in done.articles.values()} == {"2020-01-01"}


WHOLE = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J",
    "items": [
        {"id": "https://j.example/1", "content_text": "a", "title": "One", "date_published": "2024-01-01"},
        {"id": "https://j.example/2", "content_text": "b", "title": "Two", "date_published": "2024-01-01"},
    ],
}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (json.dumps(WHOLE)[:-30], {"2024/one"}),
        (json.dumps(WHOLE)[:-2], {"2024/one", "2024/two"}),
        (json.dumps(WHOLE).replace('"b"', "[" * 100_000), {"2024/one"}),
        (json.dumps(WHOLE).replace('"b"', "1" * 5000), {"2024/one"}),
        (json.dumps(WHOLE).replace('"b", "title"', '"b" "title"'), {"2024/one"}),
        (json.dumps(WHOLE).replace('"b"', "tru"), {"2024/one"}),
        ("\ufeff" + json.dumps(WHOLE), {"2024/one", "2024/two"}),
    ],
)
def test_torn_json_gives_the_items_before_the_fault(tmp_path: Path, text: str, names: set[str]) -> None:
    done = feed(tmp_path, text, "f.json")
    assert set(done.articles) == names
    assert [rule for rule, _ in done.errors] == ([] if text.startswith("\ufeff") else ["import-unreadable"])


@given(
    st.lists(
        st.sampled_from(
            [
                "<item>",
                "</item>",
                "<title>a",
                "</title>",
                "<",
                ">",
                "&",
                "&amp;",
                "]]>",
                "<![CDATA[",
                "<!--",
                "-->",
                "<?x ?>",
                "é",
                "\0",
                "\n",
                "<rss>",
                "</rss>",
                "<!DOCTYPE a>",
                "<a xmlns='x'>",
                "<b:c>",
                '"',
                "x" * 40,
            ]
        ),
        max_size=30,
    ),
    st.integers(1, 20),
)
@settings(deadline=None, max_examples=150)
def test_whatever_stands_there_reading_ends_and_gives_the_same_in_pieces_of_any_size(
    parts: list[str], size: int
) -> None:
    data = (HEAD + GOOD + "".join(parts)).encode()

    def read(piece: int) -> list[tuple[str, int, str]]:
        found: list[tuple[str, int, str]] = []

        def told(rule: str, line: int, fact: str) -> None:
            found.append((rule, line, fact))

        try:
            found.extend(
                (node.name, node.line, node.text) for node in xmlread.nodes(_Slow(data, piece), told)
            )
        except xmlread.RefusedError as error:
            found.append(("refused", error.line, ""))
        return found

    whole = read(1 << 20)
    assert [each for each in whole if each[0] == "item"] == [each for each in read(size) if each[0] == "item"]
    assert all(1 <= line <= data.count(b"\n") + 1 for _, line, _ in whole)


class _Slow(io.BytesIO):
    def __init__(self, data: bytes, piece: int) -> None:
        super().__init__(data)
        self.piece = piece

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.piece)


HTML = st.lists(
    st.sampled_from(
        [
            *(
                "<div>",
                "</div>",
                "<b>",
                "</b>",
                "<br>",
                "<table>",
                "<tr><td>",
                "</td></tr>",
                "</table>",
                "<p",
                ">",
                "<",
                "<p>",
            ),
            *(
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "<a href='/x'>",
                "</a>",
                "<img src='p.png' alt='a]b'>",
                "<x-y>",
                "<figure>",
            ),
            *(
                "<pre>",
                "</pre>",
                "<ul><li>",
                "</li></ul>",
                "<iframe src='//e.example/v'></iframe>",
                "<dl><dt>",
                "<dd>",
                "</figure>",
            ),
            *(
                "<video src=v.mp4>",
                "<object data='javascript:x'>",
                "<embed src='data:x'>",
                "<figcaption>",
                "<svg onload=x>",
                "<h2>",
            ),
            *(
                "<a href='javascript:x()'>",
                "<a href='https://e.example/a b)(['>",
                "<img src='https://e.example/a)b.png'>",
                "<code>",
            ),
            *(
                "[a](javascript:x)",
                "![p](p.png)",
                "<https://e.example>",
                "&lt;b&gt;",
                "&#60;script&#62;",
                "\\",
                "`",
                "```\n",
                "    ",
            ),
            *(
                "> ",
                "- ",
                "1. ",
                "| a | b |\n|---|---|\n",
                "# ",
                "*",
                "_",
                "~~",
                "\n",
                "\n\n",
                " ",
                "a",
                "é",
                "&amp;",
                "[^1]: x",
                "===",
            ),
            *(
                "[b]: /c\n",
                "<textarea>",
                "<noscript>",
                "<blockquote>",
                "</blockquote>",
                "<td rowspan=3 colspan=99999>",
                "<ol start=x><li>",
            ),
        ]
    ),
    max_size=25,
).map("".join)


@settings(deadline=None, max_examples=200)
@given(HTML)
def test_whatever_html_becomes_no_page_would_refuse_it(text: str) -> None:
    asked = Asked(
        picture=lambda url, *_: Shown(link=url if url.startswith("https://") else ""),
        link=lambda url, _: url if url.startswith("https://e.example/") and " " not in url else "",
        tell=lambda *_: None,
    )
    body = markdown_of(text, "https://e.example/x/", 1, asked)
    assert {p.rule for p in problems(body, frozenset())} <= {"text-too-complex"}, body


def test_a_hundred_thousand_items_are_planned_in_the_memory_of_a_few(tmp_path: Path) -> None:
    """In proportion: a hundredth of them here, and no item is held on to but for its name."""
    import tracemalloc

    path = tmp_path / "big.xml"

    def peak(number: int) -> int:
        with path.open("w") as file:
            file.write(HEAD)
            file.writelines(item(f"n{n}", "word " * 200) for n in range(number))
            file.write(TAIL)
        tracemalloc.start()
        plan = Plan(ContingentId("abc"), OPEN, Known())
        plan.read(Feeds(path))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(plan.places) == number
        assert not [f for f in plan.findings if f.severity is Severity.ERROR]
        return most

    small, large = peak(50), peak(250)
    assert large - small < 200 * 2500  # a name, an id and a digest each; the texts alone have 1000 bytes


@pytest.mark.parametrize(
    "text",
    [
        *("a" + " " * 100_000 + "b", "<pre>a" + " " * 100_000 + "b</pre>", "[ab]" * 20_000, "<!--" * 20_000),
        *("<!-- wp:a {" * 10_000, "<p>x" * 2000, "<b>" * 20_000, "\n x\n" * 2000),
    ],
)
def test_no_text_takes_more_than_its_length_in_time(text: str) -> None:
    """Each of these took minutes where a pattern tried every blank, bracket or bracketed word anew."""
    import time

    done = Asked(picture=lambda *_: Shown(), link=lambda *_: "", tell=lambda *_: None)
    whole = Item(file="f", line=1, key="k", html=text, html_line=1, classic=True)
    began = time.process_time()
    markdown_of(as_shown(whole, Library(()), lambda *_: None), "", 1, done)
    assert time.process_time() - began < 5
