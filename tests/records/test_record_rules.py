"""The rules that hold within one record: each has an example that breaks it, at its place."""

import pytest

from newsrepo.ids import Kind
from newsrepo.records import parse

V, W = "a" * 40, "b" * 40
S, S2 = "c" * 64, "d" * 64
K1, K2 = "ssh-ed25519 AAAA1", "ssh-ed25519 AAAA2"
RULE = "rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}\n"
ARTICLE = "---\ntitle: x\ndate: 2026-05-03\nlang: en\n%s---\nText\n"
AXES = "axes:\n  line: {title: t, min: -2, neutral: 0, max: 2, low: l, high: h}\n"
CHARTER = "name: C\n" + RULE + AXES + "licenses: [CC0-1.0]\n"
OPENING = f"""commons: {S}
epoch: {S}
statement: statement:abc/peace
title: Peace
lang: en
text: {S}
roll:
  - {{voter: abc, keys: [{K1}], votes: 1}}
  - {{voter: lmn, keys: [{K2}], votes: 1}}
{RULE}tellers:
  - {{teller: abc, keys: [{K1}]}}
  - {{teller: lmn, keys: [{K2}]}}
threshold: 2
opens: 2026-05-01
closes: 2026-05-10
"""
CLOSING = (
    f"commons: {S}\nstatement: statement:abc/peace\nopening: {S}\nteller: abc\nround: 1\ndate: 2026-05-11\n"
)


def test_the_examples_are_in_order() -> None:
    for kind, data in [
        (Kind.ARTICLE, ARTICLE % ""),
        (Kind.CHARTER, CHARTER),
        (Kind.OPENING, OPENING),
        (Kind.CLOSING, CLOSING),
    ]:
        assert parse(kind, data.encode(), "f").findings == ()


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Kind.CHALLENGE, "title: x\nto: [a]\n"),
        (Kind.ANSWER, f"question: {S}\nkind: decline\n"),
    ],
)
def test_a_tombstone_needs_no_text_and_no_reason(kind: Kind, fields: str) -> None:
    text = f"---\n{fields}date: 2026-05-01\nlang: en\nstatus: withdrawn\n---\n"
    assert parse(kind, text.encode(), "f").findings == ()
    assert parse(kind, text.replace("withdrawn", "usable").encode(), "f").findings


@pytest.mark.parametrize(
    ("kind", "text", "left_out"),
    [
        (Kind.CHARTER, CHARTER, "licenses: [CC0-1.0]\n"),
        (Kind.CHARTER, CHARTER, "compare: at-least, "),
        (Kind.CHARTER, CHARTER, ", compare: more-than"),
        (Kind.OPENING, OPENING, "compare: at-least, "),
        (Kind.OPENING, OPENING, ", compare: more-than"),
        (Kind.ROLL, "voters: []\n", "voters: []\n"),
    ],
)
def test_nothing_that_decides_a_vote_has_a_default(kind: Kind, text: str, left_out: str) -> None:
    assert parse(kind, text.encode(), "f").findings == ()
    less = parse(kind, text.replace(left_out, "", 1).encode(), "f")
    assert [finding.rule for finding in less.findings] == ["missing-key"]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        (Kind.CHARTER, CHARTER.replace("min: -2", "min: 2"), ("bad-axis", 4, 25)),
        (Kind.CHARTER, CHARTER.replace("neutral: 0", "neutral: 3"), ("bad-axis", 4, 38)),
        (Kind.CHARTER, CHARTER.replace("  line:", "  fade:"), ("bad-axis", 4, 3)),
        (Kind.CHARTER, CHARTER.replace("  line:", "  abc/line:"), ("bad-value", 4, 3)),
        (Kind.CHARTER, CHARTER.replace("[CC0-1.0]", "[]"), ("empty-list", 5, 1)),
        (Kind.CHARTER, CHARTER + "tellers: [a, b, a]\n", ("duplicate-item", 6, 17)),
        (
            Kind.CHARTER,
            CHARTER.replace("2/3, of: cast, compare: at-least", "1/1, of: cast, compare: more-than"),
            ("impossible-rule", 2, 15),
        ),
        (Kind.CHARTER, CHARTER.replace("1/2", "1/1"), ("impossible-rule", 2, 65)),
        (Kind.CHARTER, CHARTER.replace("2/3", "67%"), ("bad-value", 2, 15)),
        (Kind.CHARTER, CHARTER.replace("2/3", "3/2"), ("bad-value", 2, 15)),
        (
            Kind.ROLL,
            f"voters:\n- {{voter: a, keys: [{K1}], votes: 1}}\n- {{voter: b, keys: [{K1} me], votes: 1}}\n",
            ("duplicate-key-holder", 3, 21),
        ),
        (
            Kind.ROLL,
            f"voters:\n- {{voter: a, keys: [{K1}], votes: 1}}\n- {{voter: a, keys: [{K2}], votes: 1}}\n",
            ("duplicate-voter", 3, 11),
        ),
        (Kind.ROLL, "voters:\n- {voter: a, keys: [], votes: 1}\n", ("missing-keys", 2, 14)),
        (Kind.ROLL, f"voters:\n- {{voter: a, keys: [{K1}], votes: 0}}\n", ("out-of-range", 2, 48)),
        (Kind.CONTINGENT, f"name: x\nkeys: ['{K1}', '{K1} again']\n", ("duplicate-item", 2, 29)),
        (Kind.ARTICLE, ARTICLE % "media: [{sha256: %s}]\n" % S, ("media-place", 5, 9)),
        (Kind.ARTICLE, ARTICLE % "media:\n- alt: A quay\n  file: a.png\n", ("media-hash", 6, 3)),
        (
            Kind.ARTICLE,
            ARTICLE % "media: [{file: a.png, url: 'https://a.b', sha256: %s}]\n" % S,
            ("media-place", 5, 9),
        ),
        (
            Kind.ARTICLE,
            ARTICLE % f"based_on:\n- {{article: a/2026/b, version: {V}, relation: rewrite}}\n"
            f"- {{article: a/2026/c, version: {V}, relation: translation}}\n",
            ("several-parents", 7, 84),
        ),
        (
            Kind.ARTICLE,
            ARTICLE % f"based_on:\n- {{article: a/2026/b, version: {V}, relation: quote}}\n"
            f"- {{article: a/2026/b, version: {V}, relation: quote}}\n",
            ("duplicate-item", 7, 3),
        ),
        (Kind.COMMENT, "---\non: a/2026/b\ndate: 2026-05-01\nlang: en\n---\n\n", ("empty-body", 2, 1)),
        (
            Kind.RATINGS,
            f"ratings:\n- {{article: a/2026/b, version: {V}, date: 2026-05-01, values: {{}}}}\n",
            ("empty-rating", 2, 92),
        ),
        (
            Kind.RATINGS,
            "ratings:\n" + f"- {{article: a/2026/b, version: {V}, date: 2026-05-01, values: {{x: 1}}}}\n" * 2,
            ("duplicate-rating", 3, 13),
        ),
        (Kind.FILTER, "title: x\nlead: [a/2026/b]\nexclude: [a/2026/b]\n", ("contradiction", 3, 11)),
        (Kind.FILTER, "title: x\norder: {fade: 3}\n", ("bad-value", 2, 15)),
        (Kind.FILTER, "title: x\norder: {newsworthy: 3d}\n", ("bad-value", 2, 21)),
        (Kind.FILTER, "title: x\ntrust: {abc: 2}\n", ("bad-value", 2, 14)),
        (Kind.FILTER, "title: x\ntrust: {abc: -0.5}\n", ("bad-value", 2, 14)),
        (
            Kind.CHALLENGE,
            "---\ntitle: x\nto: []\ndate: 2026-05-01\nlang: en\n---\nWhy?\n",
            ("empty-list", 3, 1),
        ),
        (
            Kind.CHALLENGE,
            "---\ntitle: x\nto: [a]\ndate: 2026-05-01\ndue: 2026-04-01\nlang: en\n---\nWhy?\n",
            ("dates-reversed", 5, 6),
        ),
        (
            Kind.CHALLENGE,
            "---\ntitle: x\nto: [a]\ndate: 2026-05-01\nlang: en\nstatus: withheld\n---\nWhy?\n",
            ("bad-value", 6, 9),
        ),
        (
            Kind.COMMENT,
            f"---\non: a/2026/b\nversion: {V}\ndate: 2026-05-01\nlang: en\nverdict: evaded\n---\nNo.\n",
            ("bad-value", 6, 10),
        ),
        (
            Kind.COMMENT,
            "---\non: answer:a/b/c\ndate: 2026-05-01\nlang: en\nverdict: evaded\n---\nNo.\n",
            ("missing-key", 5, 10),
        ),
        (
            Kind.ANSWER,
            f"---\ndate: 2026-05-01\nquestion: {S}\nkind: decline\nlang: en\n---\n",
            ("missing-reason", 4, 7),
        ),
        (Kind.STATEMENT, "---\ntitle: x\ndate: 2026-05-01\nlang: en\n---\n", ("empty-body", 2, 1)),
        (Kind.DISSENT, "---\ndate: 2026-05-01\nlang: en\n---\n", ("empty-body", 2, 1)),
        (Kind.OPENING, OPENING.replace("threshold: 2", "threshold: 1"), ("bad-threshold", 14, 12)),
        (Kind.OPENING, OPENING.replace("threshold: 2", "threshold: 3"), ("bad-threshold", 14, 12)),
        (Kind.OPENING, OPENING.replace("teller: lmn", "teller: abc"), ("duplicate-teller", 13, 14)),
        (Kind.OPENING, OPENING.replace("2026-05-10", "2026-04-10"), ("dates-reversed", 16, 9)),
        (Kind.CLOSING, CLOSING + f"seen: [{S}]\n", ("bad-round", 7, 1)),
        (Kind.CLOSING, CLOSING.replace("round: 1", "round: 2"), ("bad-round", 5, 8)),
        (
            Kind.CLOSING,
            CLOSING + "ballots:\n" + f"- {{voter: a, number: 1, ballot: {S2}}}\n" * 2,
            ("duplicate-item", 9, 3),
        ),
    ],
)
def test_broken(kind: Kind, data: str, expected: tuple[str, int, int]) -> None:
    parsed = parse(kind, data.encode(), "f")
    assert parsed.record is None
    assert expected in [(f.rule, f.location.line, f.location.col) for f in parsed.findings]


def test_quotes_and_compilations_credit_any_number() -> None:
    rows = "".join(
        f"- {{article: a/2026/{slug}, version: {V}, relation: {relation}}}\n"
        for slug, relation in [("b", "quote"), ("c", "quote"), ("d", "compilation"), ("e", "rewrite")]
    )
    assert parse(Kind.ARTICLE, (ARTICLE % f"based_on:\n{rows}").encode(), "f").record is not None


def test_a_percentage_is_refused_with_the_fraction_to_write() -> None:
    (finding,) = parse(Kind.CHARTER, CHARTER.replace("2/3", "67%").encode(), "f").findings
    assert "write 2/3" in finding.hint


MEDIA = "media:\n- {file: a.png, sha256: x}\n- {file: b.png}\n"


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        # A fault of one field hides none of another.
        (
            Kind.CHARTER,
            CHARTER.replace("2/3", "67%").replace("min: -2", "min: 2").replace("[CC0-1.0]", "[]"),
            [("bad-value", 2, 15), ("bad-axis", 4, 25), ("empty-list", 5, 1)],
        ),
        # Entries keep their places although one before them was left out.
        (
            Kind.ARTICLE,
            ARTICLE % MEDIA,
            [("bad-value", 6, 25), ("media-hash", 7, 3)],
        ),
        # What hangs on something that is not known is not judged.
        (Kind.CHARTER, CHARTER.replace("[CC0-1.0]", "['!']"), [("bad-value", 5, 12)]),
        (Kind.ARTICLE, ARTICLE % "media:\n- {fille: a.png}\n", [("unknown-key", 6, 4)]),
        (Kind.OPENING, OPENING.replace("threshold: 2", "threshold: two"), [("bad-value", 14, 12)]),
        (Kind.OPENING, OPENING.replace("teller: lmn", "teller: L"), [("bad-value", 13, 14)]),
        (Kind.CLOSING, CLOSING.replace("round: 1\n", "") + f"seen: [{S}]\n", [("missing-key", 1, 1)]),
        (
            Kind.CHALLENGE,
            "---\ntitle: x\nto: [A]\ndate: May\ndue: 2026-04-01\nlang: en\n---\nWhy?\n",
            [("bad-value", 3, 6), ("bad-value", 4, 7)],
        ),
        (
            Kind.ANSWER,
            f"---\ndate: 2026-05-01\nquestion: {S}\nkind: partial\nreason: ''\nlang: en\n---\n",
            [("empty-value", 5, 9)],
        ),
        # Of what is nested, all that is sound.
        (
            Kind.FILTER,
            "title: x\nlimit: -3\nedition: {url: '', formats: [web, web]}\n",
            [("out-of-range", 2, 8), ("empty-value", 3, 16), ("duplicate-item", 3, 35)],
        ),
    ],
)
def test_one_fault_hides_no_other_and_makes_none(
    kind: Kind, data: str, expected: list[tuple[str, int, int]]
) -> None:
    parsed = parse(kind, data.encode(), "f")
    assert parsed.record is None
    assert parsed.partial is not None
    assert [(f.rule, f.location.line, f.location.col) for f in parsed.findings] == expected
