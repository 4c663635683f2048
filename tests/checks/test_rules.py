"""Every rule of ``newsrepo.checks``: what it finds, where, and what it leaves alone."""

from collections.abc import Collection, Mapping
from hashlib import sha256

import pytest

from newsrepo.checks import RULES, run
from newsrepo.checks.places import within
from newsrepo.commons import Index, open_commons
from newsrepo.gitstore.snapshot import MemorySnapshot, blob_id
from newsrepo.ids import Oid
from newsrepo.location import Finding, Severity

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000005000165a8a2ba0000000049454e44ae426082"
)
SHA = sha256(PNG).hexdigest()
GONE = "0123456789abcdef0123456789abcdef01234567"

CHARTER = """\
name: The Commons
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: not at all, high: very}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
licenses: [CC0-1.0]
"""


def post(body: str = "Text.\n", **fields: str) -> str:
    lines = {"title": "A", "date": "2026-05-01", "lang": "en", "license": "CC0-1.0", **fields}
    return "---\n" + "".join(f"{k}: {v}\n" for k, v in lines.items() if v) + f"---\n\n{body}"


MEDIA = f"\n  - file: p.png\n    sha256: {SHA}\n    alt: A quay\n    creator: Ann\n    license: CC0-1.0"
ONE = post()
V1 = blob_id(ONE.encode())

ASKED = "---\ntitle: Q\nto: [lmn]\ndate: 2026-05-03\nlang: en\n---\n\nWhy?\n"
ANSWERED = f"---\ndate: 2026-05-01\nquestion: {sha256(ASKED.encode()).hexdigest()}\nlang: en\n---\n\nSo.\n"


def rating(
    article: str = "abc/2026/one", version: str = V1, day: str = "2026-05-02", values: str = "newsworthy: 3"
) -> str:
    return f"ratings:\n  - {{article: {article}, version: {version}, date: {day}, values: {{{values}}}}}\n"


def commons(**extra: str | bytes | None) -> dict[str, bytes]:
    files: dict[str, str | bytes | None] = {
        "newsrepo.yaml": CHARTER,
        "contingents/abc.yaml": "name: ABC\n",
        "contingents/lmn.yaml": "name: LMN\n",
        "articles/abc/2026/one/index.md": ONE,
        **extra,
    }
    return {
        path: data.encode() if isinstance(data, str) else data
        for path, data in files.items()
        if data is not None
    }


def check(
    files: Mapping[str, bytes], paths: list[str] | None = None, known: Collection[str] = ()
) -> tuple[Finding, ...]:
    view = open_commons(MemorySnapshot(files), Index.memory())
    return run(view, paths, lambda oids: [oid for oid in oids if oid in known])


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(f.rule, str(f.location)) for f in findings]


def test_an_empty_commons_lacks_only_its_charter() -> None:
    assert told(check({})) == [("missing-charter", "newsrepo.yaml:1:1")]


def test_a_sound_commons_has_no_findings() -> None:
    copy = post("The first.\n")
    version = blob_id(copy.encode())
    based = f"\n  - article: abc/2026/one\n    version: {version}\n    relation: rewrite"
    files = commons(
        **{
            "articles/lmn/2026/two/index.md": post(
                "See [it](article:abc/2026/one) and [then](article:abc/2026/one@"
                + V1
                + ").\n\n![A quay](p.png)\n",
                based_on=based,
                media=MEDIA,
            ),
            f"articles/lmn/2026/two/sources/{version}.md": copy,
            "articles/lmn/2026/two/p.png": PNG,
            "ratings/lmn/ann/2026-05.yaml": rating(),
            "filters/lmn/daily.yaml": "title: Daily\ntrust:\n  lmn: 1\nselect: newsworthy>=1\ninclude:\n  - abc/2026/one\n",
            "comments/lmn/2026/well.md": f"---\non: abc/2026/one\nversion: {V1}\ndate: 2026-05-03\nlang: en\n---\n\nWell.\n",
        }
    )
    assert told(check(files)) == []


ARTICLE = "articles/abc/2026/two/index.md"
RATED = "ratings/lmn/ann/2026-05.yaml"
COMMENT = "comments/abc/2026/c.md"

# Files added to a sound commons, and all that is found then.
CASES: list[tuple[str, dict[str, str | bytes | None], list[tuple[str, str]]]] = [
    (
        "dangling based_on",
        {ARTICLE: post(based_on=f"\n  - article: abc/2026/on\n    version: {V1}\n    relation: rewrite")},
        [("dangling-id", f"{ARTICLE}:7:14"), ("unkept-source", f"{ARTICLE}:8:14")],
    ),
    (
        "kept source of a home out of reach",
        {
            ARTICLE: post(based_on=f"\n  - article: xyz/2026/far\n    version: {V1}\n    relation: rewrite"),
            f"articles/abc/2026/two/sources/{V1}.md": ONE,
        },
        [],
    ),
    (
        "dangling version",
        {ARTICLE: post(based_on=f"\n  - article: abc/2026/one\n    version: {GONE}\n    relation: quote")},
        [("dangling-version", f"{ARTICLE}:8:14"), ("unkept-source", f"{ARTICLE}:8:14")],
    ),
    ("rated nothing", {RATED: rating("abc/2026/none")}, [("dangling-id", f"{RATED}:2:15")]),
    ("rated no version", {RATED: rating(version=GONE)}, [("dangling-version", f"{RATED}:2:38")]),
    ("rated on no axis", {RATED: rating(values="newsworthi: 3")}, [("unknown-axis", f"{RATED}:2:119")]),
    ("rated too high", {RATED: rating(values="newsworthy: 6")}, [("rating-out-of-range", f"{RATED}:2:119")]),
    ("rated in another month", {RATED: rating(day="2026-06-01")}, [("wrong-month", f"{RATED}:2:86")]),
    ("rated by hand", {RATED: rating() + "\n"}, [("not-canonical", f"{RATED}:1:1")]),
    (
        "comment on nothing",
        {COMMENT: "---\non: abc/2026/none\nreply_to: comment:abc/2026/x\ndate: 2026-05-03\nlang: en\n---\n\nWell.\n"},
        [("dangling-id", f"{COMMENT}:2:5"), ("dangling-id", f"{COMMENT}:3:11")],
    ),
    (
        "comment on no version",
        {COMMENT: f"---\non: abc/2026/one\nversion: {GONE}\ndate: 2026-05-03\nlang: en\n---\n\nWell.\n"},
        [("dangling-version", f"{COMMENT}:3:10")],
    ),
    (
        "vouches",
        {"contingents/lmn.yaml": "name: LMN\nvouches:\n  abd: 1\n  lmn: 0.5\n"},
        [("unknown-contingent", "contingents/lmn.yaml:3:8"), ("self-vouch", "contingents/lmn.yaml:4:8")],
    ),
    (
        "nobody's files",
        {"articles/xyz/2026/a/index.md": post("x\n"), "articles/xyz/2026/b/index.md": post("y\n")},
        [("missing-contingent", "articles/xyz/2026/a/index.md:1:1")],
    ),
    (
        "charter names nobody",
        {"newsrepo.yaml": CHARTER + "tellers: [abc, who]\nhosted: [what]\n"},
        [("unknown-contingent", "newsrepo.yaml:6:16"), ("unknown-contingent", "newsrepo.yaml:7:10")],
    ),
    ("no licence", {ARTICLE: post("B\n", license="")}, [("missing-license", f"{ARTICLE}:1:1")]),
    ("other licence", {ARTICLE: post("B\n", license="CC-BY-4.0")}, [("license-not-accepted", f"{ARTICLE}:5:10")]),
    ("tombstone", {ARTICLE: post("B\n", license="", status="withdrawn")}, []),
    ("same bytes", {ARTICLE: ONE}, [("identical-text", f"{ARTICLE}:1:1")]),
    ("dangling link", {ARTICLE: post("\nx [y](article:abc/2026/non)\n")}, [("dangling-link", f"{ARTICLE}:9:3")]),
    ("bad link", {ARTICLE: post("[y](article:x)\n")}, [("bad-article-link", f"{ARTICLE}:8:1")]),
    (
        "link to no version",
        {ARTICLE: post(f"[y](article:abc/2026/one@{GONE})\n")},
        [("dangling-version", f"{ARTICLE}:8:1")],
    ),
    ("remote picture", {ARTICLE: post("![x](https://e.example/p.png)\n")}, [("remote-image", f"{ARTICLE}:8:1")]),
    ("missing picture", {ARTICLE: post("a\n![x](p.png)\n")}, [("missing-picture", f"{ARTICLE}:9:1")]),
    ("raw HTML", {ARTICLE: post("a <b>x</b>\n")}, [("raw-html", f"{ARTICLE}:8:3"), ("raw-html", f"{ARTICLE}:8:7")]),
    (
        "script in a link of a comment",
        {COMMENT: "---\non: abc/2026/one\ndate: 2026-05-03\nlang: en\n---\n[x](javascript:a)\n"},
        [("forbidden-link", f"{COMMENT}:6:1")],
    ),
    (
        "picture without an entry",
        {ARTICLE: post("![x](p.png)\n"), "articles/abc/2026/two/p.png": PNG},
        [("unlisted-image", f"{ARTICLE}:8:1"), ("unlisted-media", "articles/abc/2026/two/p.png:1:1")],
    ),
    ("entry without a file", {ARTICLE: post(media=MEDIA)}, [("missing-media", f"{ARTICLE}:7:11")]),
    (
        "changed file",
        {ARTICLE: post(media=MEDIA.replace(SHA, "0" * 64)), "articles/abc/2026/two/p.png": PNG},
        [("changed-media", f"{ARTICLE}:8:13")],
    ),
    (
        "uncredited picture",
        {
            ARTICLE: post(media=f"\n  - file: p.png\n    sha256: {SHA}"),
            "articles/abc/2026/two/p.png": PNG,
        },
        [("missing-alt", f"{ARTICLE}:7:5"), ("missing-credit", f"{ARTICLE}:7:5")],
    ),
    (
        "big picture",
        {
            "newsrepo.yaml": CHARTER + "media_limit: 10\n",
            ARTICLE: post(media=MEDIA),
            "articles/abc/2026/two/p.png": PNG,
        },
        [("media-too-large", "articles/abc/2026/two/p.png:1:1")],
    ),
    (
        "circle",
        {
            ARTICLE: post(based_on=f"\n  - article: abc/2026/two\n    version: {V1}\n    relation: quote"),
            f"articles/abc/2026/two/sources/{V1}.md": ONE,
        },
        [("derivation-cycle", f"{ARTICLE}:7:14"), ("wrong-version", f"{ARTICLE}:8:14")],
    ),
    (
        "orphans",
        {"articles/abc/2026/two/p.png": PNG, "articles/abc/2026/two/sources/" + V1 + ".md": ONE},
        [
            ("orphan-file", "articles/abc/2026/two/p.png:1:1"),
            ("orphan-file", f"articles/abc/2026/two/sources/{V1}.md:1:1"),
        ],
    ),
    (
        "forged source",
        {
            ARTICLE: post(based_on=f"\n  - article: abc/2026/one\n    version: {GONE}\n    relation: quote"),
            f"articles/abc/2026/two/sources/{GONE}.md": ONE,
        },
        [
            ("dangling-version", f"{ARTICLE}:8:14"),
            ("source-does-not-hash", f"articles/abc/2026/two/sources/{GONE}.md:1:1"),
        ],
    ),
    (
        "answer of somebody else, to a question that changed",
        {
            "challenges/abc/q/challenge.md": "---\ntitle: Q\nto: [abc, who]\ndate: 2026-05-01\nlang: en\n---\n\nWhy?\n",
            "challenges/abc/q/answers/lmn.md": f"---\ndate: 2026-05-02\nquestion: {'0' * 64}\nlang: en\n---\n\nSo.\n",
        },
        [
            ("unasked-answer", "challenges/abc/q/answers/lmn.md:1:1"),
            ("stale-answer", "challenges/abc/q/answers/lmn.md:3:11"),
            ("edited-question", "challenges/abc/q/challenge.md:1:1"),
            ("self-challenge", "challenges/abc/q/challenge.md:3:6"),
            ("unknown-contingent", "challenges/abc/q/challenge.md:3:11"),
        ],
    ),
    (
        "answer dated before its question, and praised by whoever gave it",
        {
            "challenges/abc/q/challenge.md": ASKED,
            "challenges/abc/q/answers/lmn.md": ANSWERED,
            "comments/lmn/2026/well.md": "---\non: answer:abc/q/lmn\nversion: "
            f"{blob_id(ANSWERED.encode())}\ndate: 2026-05-04\nlang: en\nverdict: answered\n---\n\nSo.\n",
        },
        [
            ("early-answer", "challenges/abc/q/answers/lmn.md:2:7"),
            ("own-verdict", "comments/lmn/2026/well.md:6:10"),
        ],
    ),
    (
        "answer that was given the night before, west of the date line, to a question that is withdrawn now",
        {
            "challenges/abc/q/challenge.md": ASKED.replace("lang: en", "lang: en\nstatus: withdrawn"),
            "challenges/abc/q/answers/lmn.md": ANSWERED.replace("2026-05-01", "2026-05-02"),
        },
        [],
    ),
    (
        "filter",
        {"filters/abc/f.yaml": "title: F\nselect: newsworthy>=1 nonsense:3\n"},
        [("unknown-key", "filters/abc/f.yaml:2:23")],
    ),
    ("nothing to read", {ARTICLE: post("\n \n")}, [("empty-body", f"{ARTICLE}:6:1")]),
    ("nothing to read yet", {ARTICLE: post("", status="withheld")}, []),
    ("nothing to read any more", {ARTICLE: post("", status="withdrawn")}, []),
    ("nothing but a picture", {ARTICLE: post("", media=MEDIA), "articles/abc/2026/two/p.png": PNG}, []),
    (
        "filter with a fault of form and one of meaning",
        {"filters/abc/f.yaml": 'title: F\nlimit: -3\nselect: "foo:bar OR"\ntrust: {who: 1}\n'},
        [
            ("out-of-range", "filters/abc/f.yaml:2:8"),
            ("unknown-key", "filters/abc/f.yaml:3:10"),
            ("unknown-contingent", "filters/abc/f.yaml:4:14"),
        ],
    ),
    (
        "sections keep their places",
        {"filters/abc/f.yaml": "title: F\nedition:\n  sections:\n  - title: x\n  - {title: y, select: by:who}\n"},
        [("missing-key", "filters/abc/f.yaml:4:5"), ("unknown-contingent", "filters/abc/f.yaml:5:27")],
    ),
    (
        "bad date and other licence",
        {ARTICLE: post(date="May", license="CC-BY-4.0")},
        [("bad-value", f"{ARTICLE}:3:7"), ("license-not-accepted", f"{ARTICLE}:5:10")],
    ),
    (
        "bad date and an uncredited picture that is not there, behind an entry with a fault",
        {ARTICLE: post(date="May", media=f"\n  - file: ../q\n  - file: p.png\n    sha256: {SHA}\n    alt: A")},
        [
            ("bad-value", f"{ARTICLE}:3:7"),
            ("bad-value", f"{ARTICLE}:7:11"),
            ("missing-credit", f"{ARTICLE}:8:5"),
            ("missing-media", f"{ARTICLE}:8:11"),
        ],
    ),
    (
        "bad date of what was taken back",
        {ARTICLE: post(date="May", license="CC-BY-4.0", status="withdrawn")},
        [("bad-value", f"{ARTICLE}:3:7")],
    ),
    ("misplaced", {"articles/abc/readme.txt": "x"}, [("misplaced-file", "articles/abc/readme.txt:1:1")]),
    ("broken record", {ARTICLE: "no front matter"}, [("missing-front-matter", f"{ARTICLE}:1:1")]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_found_and_where(
    files: dict[str, str | bytes | None], expected: list[tuple[str, str]]
) -> None:
    found = check(commons(**files))
    assert told(found) == expected
    assert all(f.message and (f.hint or f.severity is not Severity.ERROR) for f in found)


def test_a_broken_record_still_exists_for_those_who_name_it() -> None:
    files = commons(**{ARTICLE: "no front matter", RATED: rating("abc/2026/two")})
    assert told(check(files)) == [("missing-front-matter", f"{ARTICLE}:1:1")]


def test_versions_that_the_repository_knows_are_no_fault() -> None:
    files = commons(**{RATED: rating(version=GONE)})
    assert check(files, known=[Oid(GONE)]) == ()


def test_paths_narrow_what_is_told_and_not_what_is_known() -> None:
    files = commons(
        **{
            ARTICLE: post("[y](article:abc/2026/non) [z](article:abc/2026/one)\n"),
            "articles/lmn/2026/x/index.md": post("b <b>\n"),
            COMMENT: "broken",
        }
    )
    assert len(check(files)) == 3
    assert told(check(files, [ARTICLE])) == [("dangling-link", f"{ARTICLE}:8:1")]
    assert told(check(files, ["articles/abc/"])) == [("dangling-link", f"{ARTICLE}:8:1")]
    assert told(check(files, ["comments", "articles/lmn"])) == [
        ("raw-html", "articles/lmn/2026/x/index.md:8:3"),
        ("missing-front-matter", f"{COMMENT}:1:1"),
    ]
    assert check(files, ["articles/ab"]) == ()


def test_a_thousand_faults_are_all_told_in_order() -> None:
    lines = "".join(
        f"  - {{article: abc/2026/n{n:04}, version: {V1}, date: 2026-05-02, values: {{newsworthy: 3}}}}\n"
        for n in range(500)
    )
    files = commons(**{RATED: "ratings:\n" + lines})
    files |= {f"articles/abc/2026/a{n:03}/index.md": post(f"{n} <b>\n").encode() for n in range(500)}
    found = check(files)
    assert len(found) == 1000
    assert [f.order for f in found] == sorted(f.order for f in found)
    assert [f.location.line for f in found if f.rule == "dangling-id"] == list(range(2, 502))


def test_rules_have_names_of_their_own_and_a_sentence() -> None:
    names = [name for rule in RULES for name in (rule.id, *rule.others)]
    assert len(set(names)) == len(names)
    assert all(rule.sentence.endswith(".") for rule in RULES)


def test_a_ring_of_many_is_found_without_recursion() -> None:
    size = 3000
    files = commons(
        **{
            f"articles/abc/2026/r{n}/index.md": post(
                f"{n}\n",
                based_on=f"\n  - article: abc/2026/r{(n + 1) % size}\n    version: {V1}\n    relation: quote",
            )
            for n in range(size)
        }
    )
    assert sum(f.rule == "derivation-cycle" for f in check(files)) == size


def test_findings_say_which_ref_they_are_of() -> None:
    files = commons(**{ARTICLE: post("a <b>\n"), RATED: rating("abc/2026/none"), COMMENT: "broken"})
    view = open_commons(MemorySnapshot(files, label="abc"), Index.memory())
    found = run(view)
    assert len(found) == 3
    assert {f.location.source for f in found} == {"abc"}


def test_many_wrong_names_cost_little() -> None:
    vouches = "".join(f"  v{n}: 1\n" for n in range(2000))
    files = commons(**{"contingents/lmn.yaml": f"name: LMN\nvouches:\n{vouches}"})
    assert sum(f.rule == "unknown-contingent" for f in check(files)) == 2000


def test_names_that_could_be_taken_for_each_other_are_told_of_both() -> None:
    files = commons(
        **{
            "contingents/lmn.yaml": "name: Harbour Press\n",
            "contingents/xyz.yaml": 'name: "H\\u0430rbour  PRESS"\n',
            "contingents/uvw.yaml": "name: Harbour Press of the South Side\n",
        }
    )
    named = [f for f in check(files) if f.rule == "same-name"]
    assert [(f.location.path, f.severity) for f in named] == [
        ("contingents/lmn.yaml", Severity.WARNING),
        ("contingents/xyz.yaml", Severity.WARNING),
    ]
    assert "that of xyz" in named[0].message


def test_an_answer_to_what_was_never_asked_is_told_from_one_to_what_was_changed() -> None:
    files = {
        "challenges/abc/q/challenge.md": ASKED.replace("Why?", "Why not?").encode(),
        "challenges/abc/q/answers/lmn.md": ANSWERED.replace("05-01", "05-04").encode(),
    }
    view = open_commons(MemorySnapshot({**commons(), **files}), Index.memory())
    was = sha256(ASKED.encode()).hexdigest()

    def rules(told: frozenset[str] | None) -> list[tuple[str, str]]:
        found = run(view, wordings=lambda path: told if path == "challenges/abc/q/challenge.md" else None)
        return [(f.rule, f.severity.value) for f in found if f.location.path.startswith("challenges/")]

    changed = [("stale-answer", "warning"), ("edited-question", "warning")]
    assert rules(frozenset([was])) == changed
    assert rules(None) == changed  # its history is not at hand
    assert rules(frozenset(["0" * 64])) == [("unbound-answer", "error")]


@pytest.mark.parametrize(
    ("line", "at", "stands"),
    [
        ("select: topc:x", 1, "t"),
        ("select: a topc:x", 3, "t"),
        ('select: "topc:x"', 1, "t"),
        ('select: "\\"b\\" \\u00e9 topc:x"', 7, "t"),
        ("select: 'it''s topc:x'", 6, "t"),
        ("select: 'abc'", 9, "'"),
    ],
)
def test_a_place_in_a_value_is_told_as_it_is_written(line: str, at: int, stands: str) -> None:
    column = within(line, 9, at)
    assert line[column - 1] == stands
    assert stands == "'" or line[column - 1 :].startswith("topc")
