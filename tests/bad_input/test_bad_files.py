"""Cases 16-25, 34-48, 57, 61-66 and 95 of the table of bad input: what may lie in the files of a commons.

Each case is laid into a sound commons beside another faulty file, the canary. The whole program then has to name the
fault at its place with a way out, still tell of the canary, publish what is sound, and leave every byte as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from bad_input_desk import (
    CANARY,
    WITNESS,
    Content,
    Fifo,
    Grove,
    Link,
    more,
    newsrepo,
    pages,
    picture_of,
    places,
    png,
)
from datablocks import without_data_blocks
from hermetic import commit_all
from lxml import html

HERE = "articles/abc/2026/bad/index.md"
RATINGS = "ratings/abc/ann/2026-04.yaml"
FILTER = "filters/abc/odd.yaml"


@dataclass(frozen=True)
class Case:
    """One row: its number in docs/security.md, what goes in, and what has to be said."""

    number: int
    sentence: str
    files: Mapping[str, Content]
    rule: str
    place: str
    says: tuple[str, ...] = ()
    committable: bool = True
    also: str = ""


def front(*lines: str) -> str:
    """An article whose front matter has these lines from its third line on."""
    return (
        "---\ntitle: Bad\n"
        + "\n".join(lines)
        + "\ndate: 2026-04-20\nlang: en\nlicense: CC0-1.0\n---\n\nWords.\n"
    )


def rating(value: str) -> str:
    return f"ratings:\n  - {{article: abc/2026/good, version: {'a' * 40}, date: 2026-04-21, values: {{newsworthy: {value}}}}}\n"


def filter_with(line: str) -> str:
    return f"title: Odd\ntrust: {{abc: 1}}\n{line}\n"


JPEG_CUT = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xc0\0\x11\x08\0\x20\0\x20\3\1\x11\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0\x12\x34"
)

LAUGHS = ["extra:", "  a: &a [x, x]"] + [
    f"  {b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
]
MERGES = ["extra:", "  a: &a {x: y}"] + [
    f"  k{n}: &k{n} {{<<: [*{'a' if n == 0 else f'k{n - 1}'}, *{'a' if n == 0 else f'k{n - 1}'}]}}"
    for n in range(22)
]

CASES = [
    Case(18, "a symbolic link in place of an article", {HERE: Link("/etc/passwd")}, "symlink", f"{HERE}:1:1"),
    Case(18, "a folder that is a link", {"articles/abc/2027": Link("/etc")}, "symlink", "articles/abc/2027:1:1"),
    Case(19, "a pipe", {HERE: Fifo()}, "special-file", f"{HERE}:1:1", committable=False),
    Case(
        20, "two names that differ in case", {"comments/abc/2026/A.md": "x", "comments/abc/2026/a.md": "x"},
        "twin-names", "comments/abc/2026/A.md:1:1", ('"A.md"', '"a.md"'), also="missing-front-matter",
    ),
    Case(
        21, "two names that differ in Unicode form",
        {"comments/abc/2026/\u00e9.md": "x", "comments/abc/2026/e\u0301.md": "x"},
        "twin-names", "comments/abc/2026/e\u0301.md:1:1", ("U+00E9", "U+0301"), also="bad-path",
    ),
    Case(22, "a line feed in a name", {"comments/abc/2026/a\nb.md": "x"}, "bad-file-name", "comments/abc/2026/a\\x0ab.md:1:1", ("U+000A",)),
    Case(23, "an escape sequence in a name", {"comments/abc/2026/a\x1b[2Jb.md": "x"}, "bad-file-name", "comments/abc/2026/a\\x1b[2Jb.md:1:1", ("U+001B",)),
    Case(24, "a path of another system in a name", {"comments/abc/2026/..\\..\\x": "x"}, "bad-file-name", "comments/abc/2026/..\\x5c..\\x5cx:1:1"),
    Case(24, "a stream of another system in a name", {"comments/abc/2026/a.md:stream": "x"}, "bad-file-name", "comments/abc/2026/a.md:stream:1:1"),
    Case(34, "front matter without an end", {HERE: "---\ntitle: Bad\n\nWords.\n"}, "unclosed-front-matter", f"{HERE}:1:1"),
    Case(35, "a tag that would run a command", {HERE: front("extra:", "  x: !!python/object/apply:os.system [touch marker]")}, "yaml-tag", f"{HERE}:4:6"),
    Case(36, "nine levels of aliases", {HERE: front(*LAUGHS)}, "yaml-alias", f"{HERE}:5:10", also="yaml-anchor"),
    Case(37, "twenty-two levels of merge keys", {HERE: front(*MERGES)}, "merge-key", f"{HERE}:5:12", also="yaml-anchor yaml-alias"),
    Case(38, "an anchor that holds itself", {HERE: front("extra: &a {x: *a}")}, "yaml-anchor", f"{HERE}:3:8", also="yaml-alias"),
    Case(39, "2,000 lists in one another", {HERE: front("extra: {x: " + "[" * 2000 + "]" * 2000 + "}")}, "too-deep", f"{HERE}:3:26"),
    Case(39, "600 mappings in one another", {HERE: front("extra: " + "{a: " * 600 + "x" + "}" * 600)}, "too-deep", f"{HERE}:3:68"),
    Case(40, "a key twice", {HERE: front("summary: One", "summary: Two")}, "duplicate-key", f"{HERE}:4:1", ("line 3",)),
    Case(41, "a licence that YAML would read as false", {HERE: more("Bad").replace("CC0-1.0", "no")}, "license-not-accepted", f"{HERE}:5:10", ("no",)),
    Case(43, "a date that is none", {HERE: more("Bad").replace("2026-04-20", "2024-13-45")}, "bad-value", f"{HERE}:3:7", ("2024-13-45",)),
    Case(44, "a number of 5,000 digits", {FILTER: filter_with("limit: " + "9" * 5000)}, "bad-value", f"{FILTER}:3:8"),
    Case(45, "a NUL written as an escape", {HERE: more('"a\\0b"')}, "control-character", f"{HERE}:2:8", ("U+0000",)),
    Case(45, "half a character written as an escape", {HERE: more('"a\\ud800b"')}, "surrogate", f"{HERE}:2:10", ("U+D800",)),
    Case(45, "a control that turns text around", {HERE: more('"a\\u202eb"')}, "bidi-control", f"{HERE}:2:8", ("U+202E",)),
    Case(46, "bytes that are not UTF-8", {HERE: more("Bad").encode().replace(b"words", b"w\xffrds")}, "not-utf-8", f"{HERE}:8:7", ("0xff",)),
    Case(46, "UTF-16", {HERE: more("Bad").encode("utf-16")}, "not-utf-8", f"{HERE}:1:1", ("byte 0",)),
    Case(46, "a byte order mark", {HERE: "\ufeff" + more("Bad")}, "byte-order-mark", f"{HERE}:1:1"),
    Case(47, "line ends of another system", {HERE: more("Bad").replace("\n", "\r\n")}, "carriage-return", f"{HERE}:1:4"),
    Case(48, "front matter of 65 KiB", {HERE: front("summary: " + "x" * (65 << 10))}, "front-matter-too-large", f"{HERE}:1:1"),
    Case(57, "an SVG picture", {HERE: more("Bad"), "articles/abc/2026/bad/map.svg": "<svg onload='x()'/>"}, "active-content", "articles/abc/2026/bad/map.svg:1:1"),
    Case(61, "a theme that is a template", {FILTER: filter_with("edition: {title: Odd, theme: \"{{ ''.__class__ }}\"}")}, "wrong-shape", f"{FILTER}:3:30"),
    Case(61, "a colour that is a template", {FILTER: filter_with("edition: {title: Odd, theme: {accent: \"{{ 7*7 }}\"}}")}, "bad-value", f"{FILTER}:3:39"),
    Case(62, "a pattern that takes for ever", {FILTER: filter_with("select: title:/(a+)+$/")}, "unknown-key", f"{FILTER}:3:9"),
    Case(63, "a query nested 500 deep", {FILTER: filter_with("select: " + "(" * 500 + "x" + ")" * 500)}, "query-too-deep", f"{FILTER}:3:408"),
    Case(63, "an unknown field", {FILTER: filter_with("slect: x")}, "unknown-key", f"{FILTER}:3:1", ("select",)),
    Case(63, "a value of another kind", {FILTER: filter_with("limit: many")}, "bad-value", f"{FILTER}:3:8"),
    Case(63, "a list in place of a query", {FILTER: filter_with("select: [x]")}, "wrong-shape", f"{FILTER}:3:9"),
    Case(64, "a picture that would fill the memory", {HERE: more("Bad"), "articles/abc/2026/bad/a.png": png(200_000, 200_000)}, "too-many-pixels", "articles/abc/2026/bad/a.png:1:1", also="unlisted-media"),
    Case(65, "HTML that calls itself a picture", {HERE: more("Bad"), "articles/abc/2026/bad/a.png": "<!doctype html><script>x()</script>"}, "content-does-not-match", "articles/abc/2026/bad/a.png:1:1", also="unlisted-media"),
    Case(66, "a picture that ends too early", {HERE: more("Bad"), "articles/abc/2026/bad/a.jpg": JPEG_CUT}, "truncated-media", "articles/abc/2026/bad/a.jpg:1:1", also="unlisted-media"),
    Case(95, "a rating beyond the axis", {RATINGS: rating("9")}, "rating-out-of-range", f"{RATINGS}:2:120", also="dangling-version"),
    Case(95, "a rating that is no number", {RATINGS: rating(".nan")}, "bad-value", f"{RATINGS}:2:120"),
    Case(95, "a rating with a fraction", {RATINGS: rating("1.5")}, "bad-value", f"{RATINGS}:2:120"),
]  # fmt: skip


def name(case: Case) -> str:
    return f"{case.number} {case.sentence}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_bad_files(case: Case, with_files: Callable[..., Path], tmp_path: Path) -> None:
    """Cases 18-24, 34-41, 43-48, 57, 61-66 and 95."""
    root = with_files({**case.files, CANARY: "---\ntitle: Canary\n---\n\nWords.\n"})
    before = picture_of(root)

    said = newsrepo(root, "check", "--json")
    assert said.code == 1
    found = {(f["rule"], f"{f['path']}:{f['line']}:{f['col']}"): f for f in said.findings}
    assert ("missing-key", f"{CANARY}:2:1") in found, "another file was not checked"
    assert (case.rule, case.place) in found, sorted(found)
    told = found[case.rule, case.place]
    assert told["hint"], "no way out"
    assert {rule for rule, _ in found} == {case.rule, "missing-key", *case.also.split()}
    for words in case.says:
        assert words in told["message"] + told["hint"]

    text = newsrepo(root, "check")
    assert text.code == 1
    assert (case.rule, case.place) in places(text.out)
    assert len(places(text.out)) == len(said.findings), "a finding takes more or less than its line"

    built = newsrepo(root, "build", "abc/daily", "-o", str(tmp_path / "out"))
    assert built.code == 0, built.err
    front_page = (tmp_path / "out/index.html").read_bytes()
    assert "The strike ends" in html.fromstring(front_page).text_content()
    assert WITNESS.encode() in (tmp_path / "out/articles/abc/2026/good.html").read_bytes()
    for path, data in pages(tmp_path / "out").items():
        assert b"root:x:" not in data, path
        text = data.decode("utf-8", "replace")
        assert "<script" not in (without_data_blocks(text) if path.endswith(".html") else text), path
    assert picture_of(root) == before, "the working tree was touched"

    if case.committable:
        commit_all(root)
        committed = newsrepo(root, "check", "--json", "--at", "main")
        assert committed.code == 1
        rules = {f["rule"] for f in committed.findings}
        assert {case.rule, "missing-key"} <= rules


TREES = [
    (16, "a submodule", "comments/abc/2026", "160000", b"x.md", "submodule", "comments/abc/2026/x.md"),
    (17, "a symbolic link", "comments/abc/2026", "120000", b"x.md", "symlink", "comments/abc/2026/x.md"),
    (17, "a link in place of a folder", "articles", "120000", b"zzz", "symlink", "articles/zzz"),
    (
        22,
        "a line feed",
        "comments/abc/2026",
        "100644",
        b"a\nb.md",
        "bad-file-name",
        "comments/abc/2026/a\\x0ab.md",
    ),
    (
        23,
        "an escape",
        "comments/abc/2026",
        "100644",
        b"\x1b[2J",
        "bad-file-name",
        "comments/abc/2026/\\x1b[2J",
    ),
    (
        24,
        "a path",
        "comments/abc/2026",
        "100644",
        b"..\\..\\x",
        "bad-file-name",
        "comments/abc/2026/..\\x5c..\\x5cx",
    ),
    (
        25,
        "5,000 bytes",
        "comments/abc/2026",
        "100644",
        b"x" * 5000,
        "bad-file-name",
        "comments/abc/2026/" + "x" * 120 + "…",
    ),
]


@pytest.mark.parametrize("row", TREES, ids=lambda row: f"{row[0]} {row[1]}")
def test_bad_trees(row: tuple[int, str, str, str, bytes, str, str], commons: Path, tmp_path: Path) -> None:
    """Cases 16, 17 and 22-25 as a fork may send them, in a tree that no file system need be able to hold."""
    _, _, where, mode, name_, rule, path = row
    grove = Grove(commons)
    oid = grove.blob(b"/etc/passwd")
    fork = grove.graft(where, (mode, name_, oid))
    before = picture_of(commons)

    said = newsrepo(commons, "check", "--json", "--at", fork)
    assert said.code == 1
    (found,) = said.findings
    assert (found["rule"], found["path"], found["line"], found["col"]) == (rule, path, 1, 1)
    assert found["source"] == "fork"
    assert found["hint"]
    (line, hint) = newsrepo(commons, "check", "--at", fork).out.splitlines()
    assert line.startswith(f"fork:{path}:1:1: {rule}: ")
    assert hint.startswith("  hint: ")

    built = newsrepo(commons, "build", "abc/daily", "--at", fork, "-o", str(tmp_path / "out"))
    assert built.code == 0
    made = pages(tmp_path / "out")
    assert WITNESS.encode() in made["articles/abc/2026/good.html"]
    assert not any(b"root:" in page or b"/etc/passwd" in page for page in made.values())
    assert picture_of(commons) == before


def test_a_tree_bomb(commons: Path) -> None:
    """Case 26: twelve objects that unfold to ten thousand million paths are told of in a moment."""
    grove = Grove(commons)
    tree = grove.tree(*(("100644", b"f%d.md" % n, grove.blob()) for n in range(10)))
    for _ in range(9):
        tree = grove.tree(*(("40000", b"d%d" % n, tree) for n in range(10)))
    fork = grove.graft("articles/abc/2026", ("40000", b"bomb", tree))
    said = newsrepo(commons, "check", "--json", "--at", fork)
    assert said.code == 1
    assert {f["rule"] for f in said.findings} & {"too-deep", "too-many-entries"}


def test_what_yaml_would_guess_stays_as_written(with_files: Callable[..., Path]) -> None:
    """Case 42: 010 is no eight, 12:30:45 no number of seconds and 1_000 no thousand."""
    guesses = ["010", "12:30:45", "1_000", "1e3", ".inf", "no", "2026-05-03", "0x1F", "~x", "yes"]
    files: dict[str, Content] = {
        f"articles/abc/2026/guess-{n}/index.md": more(text, f"Text {n}.") for n, text in enumerate(guesses)
    }
    root = with_files(files)
    assert newsrepo(root, "check").code == 0
    for n, text in enumerate(guesses):
        assert newsrepo(root, "show", f"abc/2026/guess-{n}", "--json").json["record"]["title"] == text


def test_no_command_from_a_file_runs(
    with_files: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Case 35 once more: the marker that the tag would have made is not there."""
    tags = [
        "!!python/object/apply:os.system [touch marker]",
        "!!python/name:os.system",
        "!!binary aGk=",
        "!x y",
    ]
    root = with_files(
        {
            f"articles/abc/2026/tag-{n}/index.md": more("Bad", f"Text {n}.", f"summary: {tag}\n")
            for n, tag in enumerate(tags)
        }
    )
    monkeypatch.chdir(root)
    said = newsrepo(root, "check", "--json")
    assert {f["path"] for f in said.findings if f["rule"] == "yaml-tag"} == {
        f"articles/abc/2026/tag-{n}/index.md" for n in range(len(tags))
    }
    assert not (root / "marker").exists()


def test_templates_of_a_fork_are_not_used(with_files: Callable[..., Path], tmp_path: Path) -> None:
    """Case 61: what lies in a commons' own ``templates/`` is neither run nor published."""
    root = with_files(
        {
            f"templates/{name}": "{{ ''.__class__ }} PWNED"
            for name in ("article.html", "base.html", "style.css", "front.html")
        }
    )
    assert newsrepo(root, "check").code == 0
    assert newsrepo(root, "build", "--all", "-o", str(tmp_path / "out")).code == 0
    assert not any(b"PWNED" in page for page in pages(tmp_path / "out").values())
