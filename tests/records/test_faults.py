"""Every kind of bad text is told at its place with a way out, and all faults of a file at once."""

import time

import pytest

from newsrepo.ids import Kind
from newsrepo.location import Finding
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.text import MAX_FAULTS

GOOD = """---
title: Dock strike
date: 2026-05-03
lang: en
---

Text.
"""
RATING = "ratings:\n  - {article: a/2026/b, version: " + "a" * 40 + ", date: 2026-05-01, values: {x: %s}}\n"


def told(data: bytes | str, kind: Kind = Kind.ARTICLE) -> list[tuple[int, int, str]]:
    raw = data.encode() if isinstance(data, str) else data
    parsed = parse(kind, raw, "f")
    assert parsed.record is None
    assert all(isinstance(f, Finding) and f.message and f.hint for f in parsed.findings)
    return [(f.location.line, f.location.col, f.rule) for f in parsed.findings]


def article(line: str) -> str:
    return GOOD.replace("lang: en\n", f"lang: en\n{line}\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # security cases 35 to 46
        ("summary: !!python/object/apply:os.system [x]", (5, 10, "yaml-tag")),
        ("summary: !x y", (5, 10, "yaml-tag")),
        ("summary: ! y", (5, 10, "yaml-tag")),
        ("extra: {a: &a x, b: c}", (5, 12, "yaml-anchor")),
        ("extra: &a {b: c}", (5, 8, "yaml-anchor")),
        ("extra: {a: *b}", (5, 12, "yaml-alias")),
        ("extra: {a: {<<: b}}", (5, 13, "merge-key")),
        ("extra: {[a]: b}", (5, 9, "complex-key")),
        ("? {a: b}\n: c", (5, 3, "complex-key")),
        ("title: again", (5, 1, "duplicate-key")),
        ("extra: {a: b, a: c}", (5, 15, "duplicate-key")),
        ('summary: "a\\0b"', (5, 10, "control-character")),
        ('summary: "a\\ud800b"', (5, 12, "surrogate")),
        ('summary: "a\\U00110000"', (5, 12, "surrogate")),
        ('summary: "a\\u202eb"', (5, 10, "bidi-control")),
        ('summary: "a\\ufdd0b"', (5, 10, "noncharacter")),
        ('summary: "a\\ufeffb"', (5, 10, "byte-order-mark")),
        ('summary: "e\\u0301"', (5, 10, "not-nfc")),
        ('extra: {"e\\u0301": x}', (5, 9, "not-nfc")),
        ("summary: e\u0301", (5, 10, "not-nfc")),
        ("summary: a\u202eb", (5, 11, "bidi-control")),
        ("summary: a\x1bb", (5, 11, "control-character")),
        ("summary: a\x9bb", (5, 11, "control-character")),
        ("summary: a\u2028b", (5, 11, "control-character")),
        ("summary: a\ufffeb", (5, 11, "noncharacter")),
        ("summary: a\tb", (5, 11, "yaml-syntax")),
        ("\tsummary: a", (5, 1, "yaml-syntax")),
        ("summary: a: b", (5, 11, "yaml-syntax")),
        ("summary: [a", (6, 1, "yaml-syntax")),
        ("summary: 'a", (6, 1, "yaml-syntax")),
        ("summary: @a", (5, 10, "yaml-syntax")),
        ("summary: %a", (5, 10, "yaml-syntax")),
        ("...\nmore: x", (6, 1, "yaml-syntax")),
        ("--- a", (5, 1, "several-documents")),
        ("... # end\n--- a", (6, 1, "several-documents")),
        ("topcis: [a]", (5, 1, "unknown-key")),
        ("body: text", (5, 1, "unknown-key")),
        ("license: no licence", (5, 10, "bad-value")),
        ("status: withdrawm", (5, 9, "bad-value")),
        ("summary:", (5, 9, "empty-value")),
        ("summary: ''", (5, 10, "empty-value")),
        ("topics:", (5, 8, "empty-value")),
        ("topics: sport", (5, 9, "wrong-shape")),
        ("topics: {a: b}", (5, 9, "wrong-shape")),
        ("topics: [Port News]", (5, 10, "bad-value")),
        ("topics: [a, a]", (5, 13, "duplicate-item")),
        ("summary: [a]", (5, 10, "wrong-shape")),
        ("extra: a", (5, 8, "wrong-shape")),
        (f"summary: {'x' * 2001}", (5, 10, "too-long")),
        (f"extra: {{{'k' * 201}: v}}", (5, 9, "key-too-long")),
        ("credits: [{name: a, url: 'javascript:x'}]", (5, 26, "bad-value")),
        ("credits: [{url: 'https://a.b'}]", (5, 11, "missing-key")),
        ("media: [{file: ../x.png, sha256: a}]", (5, 16, "bad-value")),
        ("media: [{file: x.svg, sha256: a}]", (5, 16, "bad-value")),
        ("authors: [{name: A, mail: b}]", (5, 21, "unknown-key")),
        ("authors: [[A]]", (5, 11, "wrong-shape")),
        ("authors: ['']", (5, 11, "empty-value")),
    ],
)
def test_one_fault(line: str, expected: tuple[int, int, str]) -> None:
    assert expected in told(article(line))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("2026-05-03", "2024-13-45", (3, 7, "bad-value")),
        ("2026-05-03", "2026-02-30", (3, 7, "bad-value")),
        ("2026-05-03", "May 3", (3, 7, "bad-value")),
        ("2026-05-03", "", (3, 6, "empty-value")),
        ("2026-05-03", "null", (3, 7, "bad-value")),
        ("2026-05-03", "2026-05-03T25:61:61Z", (3, 7, "bad-value")),
        ("2026-05-03", "2026-05-03T10:00:00+99:99", (3, 7, "bad-value")),
        ("2026-05-03", "0001-01-01T00:00:00+14:00", (3, 7, "bad-value")),
        ("title: Dock strike\n", "", (2, 1, "missing-key")),
        ("Dock strike", '"a\\nb"', (2, 8, "bad-value")),
        ("lang: en", "lang: English please", (4, 7, "bad-value")),
    ],
)
def test_one_changed_value(old: str, new: str, expected: tuple[int, int, str]) -> None:
    assert expected in told(GOOD.replace(old, new))


def test_words_and_numbers_stay_text() -> None:
    """Security cases 41 and 42: nothing is guessed."""
    record = parse(
        Kind.ARTICLE,
        article(
            "extra: {a: no, b: 010, c: 12:30:45, d: 1_000, e: null, f: ~, g: .nan, h: }\nsummary: null"
        ).encode(),
        "f",
    ).record
    assert isinstance(record, t.Article)
    assert record.extra == {
        "a": "no", "b": "010", "c": "12:30:45", "d": "1_000", "e": "null", "f": "~", "g": ".nan", "h": "",
    }  # fmt: skip
    assert record.summary == "null"


@pytest.mark.parametrize(
    "text", ["1e3", " 5", "+5", "05", "5.0", "5_0", "٣", "-0", "null", "~", "0x5", "9" * 5000, "5 0"]
)
def test_only_plain_digits_are_numbers(text: str) -> None:
    """Security cases 44 and 95."""
    data = RATING % f"'{text}'"
    found = parse(Kind.RATINGS, data.encode(), "f").findings
    assert [(f.rule, f.location.line) for f in found] == [("bad-value", 2)]
    assert "from -1000 to 1000" in found[0].hint or "leave the whole line out" in found[0].hint
    assert len(found[0].message) < 200


@pytest.mark.parametrize("text", ["1001", "-1001", "999999999"])
def test_numbers_have_bounds(text: str) -> None:
    data = RATING % text
    assert [f.rule for f in parse(Kind.RATINGS, data.encode(), "f").findings] == ["out-of-range"]


@pytest.mark.parametrize("text", ["yes", "1", "True", "on", "null", ""])
def test_only_true_and_false_are_truth_values(text: str) -> None:
    data = f"---\non: a/2026/b\ndate: 2026-05-01\nlang: en\npinned: {text}\n---\nHello\n"
    assert [(f.location.line) for f in parse(Kind.COMMENT, data.encode(), "f").findings] == [5]
    assert (
        parse(Kind.COMMENT, data.replace(f"pinned: {text}", "pinned: true").encode(), "f").record is not None
    )


def test_a_tag_is_named_as_the_file_writes_it() -> None:
    for tag, named in (("!!str", "'!!str'"), ("!own", "'!own'"), ("!<tag:yaml.org,2002:int>", "'!!int'")):
        (finding,) = parse(Kind.ARTICLE, article(f"summary: {tag} x").encode(), "f").findings
        assert (finding.rule, finding.message) == ("yaml-tag", f"the tag {named} is not allowed")


def test_duplicate_key_names_both_lines() -> None:
    """Security case 40."""
    (finding,) = parse(Kind.ARTICLE, article("title: again").encode(), "f").findings
    assert "line 2" in finding.message
    assert "line 5" in finding.message


def test_bytes_that_are_no_text() -> None:
    """Security case 46."""
    (bad,) = parse(Kind.ARTICLE, GOOD.encode().replace(b"Text", b"T\xffxt"), "f").findings
    assert (bad.rule, bad.location.line, bad.location.col) == ("not-utf-8", 7, 2)
    assert f"byte {GOOD.index('Text') + 1} " in bad.message
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        (wide,) = parse(Kind.ARTICLE, GOOD.encode(codec), "f").findings
        assert wide.rule == "not-utf-8"
        assert "UTF-16" in wide.message
    assert told(b"\xef\xbb\xbf" + GOOD.encode()) == [(1, 1, "byte-order-mark")]
    assert told(b"\xef\xbb\xbf") == [(1, 1, "byte-order-mark")]


def test_carriage_returns_are_one_fault_and_hide_no_other() -> None:
    data = article("topcis: [a]").replace("\n", "\r\n")
    parsed = parse(Kind.ARTICLE, data.encode(), "f")
    assert [(f.location.line, f.rule) for f in parsed.findings] == [
        (1, "carriage-return"),
        (5, "unknown-key"),
    ]
    assert "LF" in parsed.findings[0].hint
    assert "8 of them" in parsed.findings[0].message


def test_body_passes_the_same_gate() -> None:
    assert told(GOOD + "a\u202eb\n") == [(8, 2, "bidi-control")]
    assert told(GOOD + "caf e\u0301\n") == [(8, 5, "not-nfc")]
    assert parse(Kind.ARTICLE, (GOOD + "a\tb \u200f \u200e é\n").encode(), "f").record is not None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("", (1, 1, "missing-front-matter")),
        ("Text only.\n", (1, 1, "missing-front-matter")),
        ("---\ntitle: x\n", (1, 1, "unclosed-front-matter")),
        ("---\n", (1, 1, "unclosed-front-matter")),
        ("---", (1, 1, "unclosed-front-matter")),
        ("--- \ntitle: x\n---\n", (1, 4, "front-matter-marker")),
        ("---\n---\n", (2, 1, "missing-key")),
        ("---\n- a\n---\n", (2, 1, "wrong-shape")),
        ("---\nfoo\n---\n", (2, 1, "wrong-shape")),
    ],
)
def test_front_matter(data: str, expected: tuple[int, int, str]) -> None:
    assert expected in told(data)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2000 + "]" * 2000,
        "[" * 20000,
        "{a: " * 600 + "}" * 600,
        "\n" + "".join(" " * n + "a:\n" for n in range(1, 300)),
        "- " * 500,
    ],
)
def test_nesting_is_stopped_early(text: str) -> None:
    """Security case 39, and the input that crashes a C loader."""
    start = time.perf_counter()
    assert "too-deep" in {rule for _, _, rule in told(f"extra: {text}\n", Kind.CONTINGENT)} | {
        rule for _, _, rule in told(f"extra:\n  a: {text}\n", Kind.CONTINGENT)
    } | {rule for _, _, rule in told(text, Kind.CONTINGENT)}
    assert time.perf_counter() - start < 2


def test_sixteen_deep_is_deep_enough() -> None:
    for depth, well in [(15, True), (16, False)]:
        data = f"name: x\nextra: {'{a: ' * depth}b{'}' * depth}\n".encode()
        assert (parse(Kind.CONTINGENT, data, "f").record is not None) is well


def test_alias_and_merge_bombs_cost_nothing() -> None:
    """Security cases 36 to 38."""
    laughs = "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    merges = "m0: &m0 {a: b}\n" + "".join(
        f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}]}}\n" for n in range(1, 23)
    )
    for bomb, rule in [(laughs, "yaml-alias"), (merges, "merge-key"), ("a: &a [*a]\n", "yaml-alias")]:
        start = time.perf_counter()
        assert rule in {r for _, _, r in told(bomb, Kind.CONTINGENT)}
        assert time.perf_counter() - start < 1


def test_sizes() -> None:
    """Security case 48, and the caps around it."""
    filler = "".join(f"# {'x' * 70}\n" for _ in range(1000))
    assert told(GOOD.replace("lang:", f"{filler}lang:")) == [(1, 1, "front-matter-too-large")]
    assert told(GOOD + "x" * (1 << 20)) == [(1, 1, "text-too-large")]
    fits = GOOD + "x" * ((1 << 20) - len(GOOD))
    assert parse(Kind.ARTICLE, fits.encode(), "f").record is not None


def test_a_hundred_typos_are_a_hundred_findings() -> None:
    lines = "\n".join(f"titel{n}: x" for n in range(100))
    found = told(article(lines))
    assert [(line, rule) for line, _, rule in found] == [(line, "unknown-key") for line in range(5, 105)]


def test_faults_beyond_the_cap_are_counted() -> None:
    data = "name: x\n" + "".join(f"k{n}: x\n" for n in range(MAX_FAULTS + 5))
    findings = parse(Kind.CONTINGENT, data.encode(), "f").findings
    assert len(findings) == MAX_FAULTS + 1
    assert findings[-1].rule == "too-many-faults"
    assert findings[-1].message.startswith("5 more")


@pytest.mark.parametrize(
    "data",
    [
        "\x01" * (1 << 20),
        "\u202e\n" * (1 << 18),
        "\r" * (1 << 20),
        "\t\n" * (1 << 19),
        "".join(f"k{n}: x\n" for n in range(90_000)),
        "name: x\nhome: " + "k" * 1_000_000,
        "promises: [" + "k" * 1_000_000 + "]",
        "promises: [" + "credlts, " * 100_000 + "]",
        "keys: [" + "a, " * 100_000 + "]",
        "name: &a x\n" * 90_000,
        "extra:\n" + "  a: b\n" * 140_000,
        "e\u0301 " * 200_000,
    ],
    ids=range(12),
)
def test_no_file_takes_long(data: str) -> None:
    start = time.process_time()
    findings = parse(Kind.CONTINGENT, data.encode()[: 1 << 20], "f").findings
    assert 1 <= len(findings) <= MAX_FAULTS + 1
    assert time.process_time() - start < 10  # most take well under one second; none may grow with the square


def test_many_faults_of_many_sorts_at_once() -> None:
    data = """---
titel: Dock strike
date: 2026-13-03
lang: en
media:
  - file: a.exe
    sha256: 12
authors: Ann
status: gone
extra: {a: &x b}
---

a\u202eb
"""
    assert told(data) == [
        (2, 1, "missing-key"),
        (2, 1, "unknown-key"),
        (3, 7, "bad-value"),
        (6, 11, "bad-value"),
        (7, 13, "bad-value"),
        (8, 10, "wrong-shape"),
        (9, 9, "bad-value"),
        (10, 12, "yaml-anchor"),
        (13, 2, "bidi-control"),
    ]


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("topcis: [a]", "did you mean 'topics'?"),
        ("Summary: a", "did you mean 'summary'?"),
        ("based-on: []", "did you mean 'based_on'?"),
        ("zzzzz: a", "known keys here: title, date, authors"),
        ("status: Withdrawn", "did you mean 'withdrawn'?"),
        ("topics: sport", "[sport]"),
        ("license:", "leave the whole line out"),
    ],
)
def test_the_way_out(line: str, hint: str) -> None:
    (finding,) = parse(Kind.ARTICLE, article(line).encode(), "f").findings
    assert hint in finding.hint


def test_file_text_in_messages_is_escaped_and_short() -> None:
    (finding,) = parse(Kind.ARTICLE, article(f'status: "{"x" * 999}"').encode(), "f").findings
    assert len(finding.message) < 160
    (finding,) = parse(Kind.ARTICLE, article('status: "a\\nb\\u200b"').encode(), "f").findings
    assert "\\n" in finding.message
    assert finding.message.isprintable()


def test_places_of_fields() -> None:
    data = article(
        "media:\n  - url: https://a.b/c\n    sha256: " + "a" * 64 + "\ncredits:\n  - name: A\n    for: b"
    ).encode()
    parsed = parse(Kind.ARTICLE, data, "f")
    assert parsed.record is not None
    assert parsed.at("title") == (2, 8)
    assert parsed.at("media") == (5, 1)
    assert parsed.at("media", 0) == (6, 5)
    assert parsed.at("media", 0, "sha256") == (7, 13)
    assert parsed.at("media", 0, "alt") == (6, 5)
    assert parsed.at("media", 7) == (5, 1)
    assert parsed.at("credits", 0, "for") == (10, 10)
    assert parsed.at("nothing", "there") == (2, 1)
    assert parsed.at() == (2, 1)
    assert str(parsed.location("lang")) == "f:4:7"
