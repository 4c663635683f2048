"""Many faults at once: all are told, in order, with a count; and no bytes anywhere end in a bug."""

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from bad_input_desk import Content, clone_of, more, newsrepo, picture_of, places, sound
from hermetic import put, run_git

ROOTS = ("articles", "challenges", "comments", "contingents", "filters", "ratings", "statements")
SAMPLE = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("NEWSREPO_TEST_ROUNDS", "12"))
FILES = 40


TEN_FAULTS = """\
---
datum: x
titel: x
lang: 7
status: maybe
topics: x
license: ;
summary:
title: Bad
---

[x](//y) and ![y](https://z.example/{n})
"""


def test_a_thousand_faults(with_files: Callable[..., Path]) -> None:
    """All thousand are told, ordered by path, line and column, and counted."""
    files: dict[str, Content] = {
        f"articles/{c}/2026/bad-{n}/index.md": TEN_FAULTS.replace("{n}", str(n))
        for n in range(50)
        for c in ("abc", "lmn")
    }
    root = with_files(files)
    before = picture_of(root)
    said = newsrepo(root, "check", "--json")
    assert said.code == 1
    assert said.json["errors"] == len(said.findings) == 1000
    assert said.json["files"] == 107
    keys = [(f["path"], f["line"], f["col"], f["rule"]) for f in said.findings]
    assert keys == sorted(keys)
    assert len(set(keys)) == 1000
    assert {f["path"] for f in said.findings} == set(files)
    assert all(f["hint"] and f["message"] for f in said.findings)

    text = newsrepo(root, "check")
    assert places(text.out) == [(rule, f"{path}:{line}:{col}") for path, line, col, rule in keys]
    assert len(text.out.splitlines()) == 2000, "a finding and its way out take a line each"
    assert text.err == "1000 errors in 107 files\n"

    noted = newsrepo(root, "check", "--format", "github")
    lines = noted.out.splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10, "a forge shows no more of one level"
    assert sum(line.startswith("  articles/") for line in lines) == 990, "and the log tells all the others"
    some = newsrepo(root, "check", "articles/lmn/2026/bad-7", "--json")
    assert len(some.findings) == 10
    assert picture_of(root) == before


def test_more_faults_than_anybody_reads_in_one_file(with_files: Callable[..., Path]) -> None:
    """A file with thousands of faults tells the first thousand and counts the rest."""
    keys = "".join(f"k{n}: x\n" for n in range(3000))
    root = with_files({"articles/abc/2026/bad/index.md": more("Bad", front=keys)})
    said = newsrepo(root, "check", "--json")
    assert said.code == 1
    assert 1000 <= len(said.findings) <= 1002
    assert {f["rule"] for f in said.findings} == {"unknown-key", "too-many-faults"}


def seeds() -> list[tuple[str, bytes]]:
    """Files of the project's own commons, of every kind."""
    listed = run_git(SAMPLE, "ls-files", "-z", "--", "newsrepo.yaml", *ROOTS).split("\0")
    found = [
        (path, (SAMPLE / path).read_bytes()) for path in sorted(listed) if path and (SAMPLE / path).is_file()
    ]
    return [(path, data) for path, data in found if len(data) < 100_000]


ODD = [
    b"", b"\0", b"\n", b"---", b"---\n---\n", b": ", b"- ", b"{", b"[", b"&a ", b"*a", b"!!x ", b"<<: ", b"\xff\xfe", b"\xef\xbb\xbf",
    b"\r", b"\t", b"'", b'"', b"\\u202e", b"\x1b]8;;", b"%YAML 1.1", b"|\n", b">-\n", b"? ", b"#", b"999999999999999999999",
    b"-1", b"1e309", b".nan", b"2026-02-30", b"2026-13", b"article:", b"[x](article:", b"![](", b"<script>", b"\xf0\x9f\x98\x80",
    b"\xed\xa0\x80", b"\xc3", b"\xcc\x81", b"(((", b"-(-(", b"OR", b"since:", b"in:abc/daily", b"newsworthy>=", b"abc/2026/good",
]  # fmt: skip


def mutate(dice: random.Random, data: bytes, others: list[tuple[str, bytes]]) -> bytes:
    """Other bytes that still look somewhat like a record."""
    for _ in range(dice.randint(1, 4)):
        at, end = sorted((dice.randint(0, len(data)), dice.randint(0, len(data))))
        match dice.randrange(7):
            case 0:
                data = data[:at] + dice.choice(ODD) + data[at:]
            case 1:
                data = data[:at] + data[min(end, at + 40) :]
            case 2:
                data = data[:at] + dice.randbytes(dice.randint(1, 8)) + data[at:]
            case 3:
                data = data[:at] + data[at : at + 60] * dice.choice([2, 50]) + data[at + 60 :]
            case 4:
                lines = data.split(b"\n")
                dice.shuffle(lines)
                data = b"\n".join(lines)
            case 5:
                other = dice.choice(others)[1]
                data = data[:at] + other[len(other) // 2 :]
            case _:
                values = list(re.finditer(rb": ([^\n]+)", data))
                if values:
                    value = dice.choice(values)
                    data = data[: value.start(1)] + dice.choice(ODD) + data[value.end(1) :]
    return data


def somewhere(dice: random.Random, path: str) -> str:
    """The path of a record, or one like it."""
    parts = path.split("/")
    match dice.randrange(6):
        case 0:
            parts[dice.randrange(len(parts))] = dice.choice(
                ["X", "-", "a b", "con", "é", "a" * 100, "a\nb", "..a", "%2e", "2026"]
            )
        case 1:
            parts.insert(dice.randrange(len(parts)) + 1, "more")
        case 2:
            parts = [dice.choice(ROOTS), *parts[1:]]
        case _:
            pass
    return "/".join(parts)


def lay_some(root: Path, files: list[tuple[str, bytes]]) -> None:
    """Put as many of the files as can lie beside each other."""
    for path, data in files:
        try:
            put(root, {path: data})
        except OSError:
            continue  # a file where a folder would have to be, or a name that is too long


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_any_bytes_anywhere(round_: int, base: Path, tmp_path: Path) -> None:
    """No mutation of a record, in its place or another, makes any verb end in a bug, a hang or a change."""
    dice = random.Random(round_)
    known = [*seeds(), *((path, text.encode()) for path, text in sound().items())]
    root = clone_of(base, tmp_path / "repo")
    if round_ % 2:
        lay_some(root, known)
    files = []
    for _ in range(FILES):
        path, data = dice.choice(known)
        body = dice.randbytes(dice.randint(0, 300)) if dice.random() < 0.15 else mutate(dice, data, known)
        files.append((somewhere(dice, path), body))
    lay_some(root, files)
    if round_ % 4 == 3:
        put(root, {"newsrepo.yaml": mutate(dice, (root / "newsrepo.yaml").read_bytes(), known)})
    before = picture_of(root)

    said = newsrepo(root, "check", "--json")
    assert said.code in {0, 1}
    assert said.code == (1 if said.json["errors"] else 0)
    for finding in said.findings:
        assert finding["line"] >= 1
        assert finding["col"] >= 1
        assert finding["message"]
    found = newsrepo(root, "find", "-topic:x since:30d OR strike newsworthy>=1", "--json")
    assert found.code in {0, 1, 2}
    if found.code == 2:
        assert re.search(r"^  hint: .*[\w`]", found.err, re.MULTILINE), found.err
    listed = newsrepo(root, "find", "--json").json["works"]
    for path, _ in files[:6]:
        parts = path.split("/")
        assert newsrepo(root, "show", "/".join(parts[1:4])).code in {0, 1, 2}
    for work in listed[:5]:
        assert newsrepo(root, "show", work["id"]).code in {0, 1}
    built = newsrepo(root, "build", "--all", "-o", str(tmp_path / "out"))
    assert built.code in {0, 1, 2, 3}, built.err
    if built.code:
        assert "hint:" in built.err
    assert picture_of(root) == before
