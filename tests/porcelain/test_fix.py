"""``--fix`` on real repositories: what it writes, what it leaves, and that a second run finds nothing to do."""

import hashlib
import random
import struct
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from support import CHARTER, article

from newsrepo.errors import LockedError, UnableError, UsageError
from newsrepo.gitstore.files import Lock
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Kind
from newsrepo.porcelain import fix as module
from newsrepo.porcelain.check import check
from newsrepo.porcelain.fix import Fixed, fix
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, write

Make = Callable[..., Path]
FREE = "license: CC0-1.0\nauthors: [Ann Example]\n"
A, B, C = "lmn/2026/quay", "xyz/2026/kai", "abc/2026/dock"


def png() -> bytes:
    """One white point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\xff"))
        + chunk(b"IEND", b"")
    )


def derived(source: str, text: str, relation: str) -> str:
    based = (
        f"based_on:\n  - article: {source}\n    version: {blob_id(text.encode())}\n    relation: {relation}\n"
    )
    return article(f"After {source}", more=FREE + based)


TEXT_A = article("The quay", more=FREE)
TEXT_B = derived(A, TEXT_A, "rewrite")
TEXT_C = derived(B, TEXT_B, "summary")


def kept(work: str, *texts: str) -> dict[str, str]:
    return {f"articles/{work}/sources/{blob_id(text.encode())}.md": text for text in texts}


SOUND: Mapping[str, str | bytes] = {
    "newsrepo.yaml": CHARTER,
    **{f"contingents/{c}.yaml": f"name: The {c}\n" for c in ("abc", "lmn", "xyz")},
    f"articles/{A}/index.md": TEXT_A,
    f"articles/{B}/index.md": TEXT_B,
    **kept(B, TEXT_A),
    f"articles/{C}/index.md": TEXT_C,
    **kept(C, TEXT_B),
}


def run(root: Path, *, dry: bool = False, who: str = "abc") -> Fixed:
    work = Workspace.discover(root, contingent=who)
    return fix(work, check(work, start=root), dry=dry)


def tree(root: Path) -> dict[str, bytes]:
    found = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}
    return {path: data for path, data in found.items() if not path.startswith(".git/")}


def told(fixed: Fixed) -> list[tuple[str, str]]:
    return [(wrote.path, done.rule) for wrote in fixed.written for done in wrote.done]


def findings(root: Path) -> list[tuple[str, str]]:
    found = check(Workspace.discover(root, contingent="abc"), start=root).findings
    return [(f.location.path, f.rule) for f in found]


def test_a_sound_commons_is_not_touched(make_repo: Make) -> None:
    root = make_repo(SOUND)
    assert findings(root) == []
    assert run(root) == Fixed((), (), (), dry=False)
    assert tree(root) == {
        path: data.encode() if isinstance(data, str) else data for path, data in SOUND.items()
    }


def test_damage_to_our_files_is_undone_and_a_second_run_does_nothing(make_repo: Make) -> None:
    root = make_repo(SOUND)
    whole = tree(root)
    path = f"articles/{C}/index.md"
    put(root, {path: b"\xef\xbb\xbf" + whole[path].replace(b"\n", b"\r\n")})
    source = next(iter(kept(C, TEXT_B)))
    (root / source).unlink()
    fixed = run(root)
    # The lost source is seen only when the article can be read again.
    assert told(fixed) == [(path, "byte-order-mark"), (path, "carriage-return"), (source, "unkept-source")]
    assert tree(root) == whole
    assert findings(root) == []
    assert run(root) == Fixed((), (), (), dry=False)


def test_a_dry_run_writes_nothing_and_shows_what_it_would(make_repo: Make) -> None:
    root = make_repo({**SOUND, f"articles/{C}/index.md": TEXT_C.replace("\n", "\r\n")})
    before = tree(root)
    fixed = run(root, dry=True)
    assert fixed.dry
    assert tree(root) == before
    lines = list(fixed.diff())
    assert lines[:2] == [f"--- a/articles/{C}/index.md", f"+++ b/articles/{C}/index.md"]
    assert "-Some words.\r" in lines
    assert "+Some words." in lines
    assert fixed.written == run(root).written


def test_nobody_elses_file_is_touched(make_repo: Make) -> None:
    damaged = {path: text.replace("\n", "\r\n") for path, text in SOUND.items() if isinstance(text, str)}
    root = make_repo({**SOUND, **damaged})
    run(root)
    changed = {path for path, data in tree(root).items() if b"\r" not in data}
    assert changed == {
        "contingents/abc.yaml",
        f"articles/{C}/index.md",
    }  # a kept source is believed or not: never mended


def test_what_is_theirs_is_named(make_repo: Make) -> None:
    root = make_repo(
        {**SOUND, "contingents/lmn.yaml": "name: LMN\r\n", "newsrepo.yaml": CHARTER.replace("\n", "\r\n")}
    )
    fixed = run(root)
    assert fixed.written == ()
    assert [f.location.path for f in fixed.theirs] == ["contingents/lmn.yaml", "newsrepo.yaml"]


def test_lost_credit_is_mended_by_a_copy_and_no_line_is_written_for_the_author(make_repo: Make) -> None:
    deep = derived(C, TEXT_C, "quote")
    root = make_repo({**SOUND, "articles/abc/2026/deep/index.md": deep, **kept("abc/2026/deep", TEXT_C)})
    assert [rule for _, rule in findings(root)] == ["dropped-credit"]
    fixed = run(root)
    assert told(fixed) == [(path, "dropped-credit") for path in kept("abc/2026/deep", TEXT_B)]
    assert findings(root) == []
    assert (root / "articles/abc/2026/deep/index.md").read_text() == deep


def test_a_cited_text_is_taken_from_history(make_repo: Make) -> None:
    root = make_repo({path: text for path, text in SOUND.items() if path not in kept(C, TEXT_B)})
    put(root, {f"articles/{B}/index.md": TEXT_B.replace("Some words.", "Other words.")})
    commit_all(root)
    fixed = run(root)
    assert told(fixed) == [(path, "unkept-source") for path in kept(C, TEXT_B)]
    assert (root / fixed.written[0].path).read_text() == TEXT_B


def test_a_text_that_is_nowhere_is_said_to_be(make_repo: Make) -> None:
    files = {path: text for path, text in SOUND.items() if path not in kept(C, TEXT_B)}
    files[f"articles/{B}/index.md"] = TEXT_B.replace("Some words.", "Other words.")
    root = make_repo(files)
    (left,) = run(root).left
    assert (left.finding.rule, left.why) == ("unkept-source", f"the text of {B} is not at hand")


def test_no_blob_but_an_article_is_ever_copied(make_repo: Make) -> None:
    secret = "not for everybody\n"
    root = make_repo({**SOUND, "notes/secret.txt": secret})
    put(root, {"articles/abc/2026/odd/index.md": derived(A, secret, "quote")})
    fixed = run(root)
    assert fixed.written == ()
    assert fixed.left[0].finding.rule == "unkept-source"


def test_a_picture_is_pinned_only_if_it_is_one(make_repo: Make) -> None:
    media = "media:\n  - file: quay.png\n    alt: A quay\n    creator: Ann\n    license: CC0-1.0\n"
    files = {
        "articles/abc/2026/pic/index.md": article(more=FREE + media),
        "articles/abc/2026/pic/quay.png": png(),
    }
    root = make_repo({**SOUND, **files})
    assert told(run(root)) == [("articles/abc/2026/pic/index.md", "media-hash")]
    assert findings(root) == []
    assert hashlib.sha256(png()).hexdigest() in (root / "articles/abc/2026/pic/index.md").read_text()
    put(root, {**files, "articles/abc/2026/pic/quay.png": b"no picture"})
    assert [left.finding.rule for left in run(root).left] == ["media-hash"]


@pytest.mark.parametrize(
    ("beside", "why"),
    [("challenges/abc/why/answers/lmn.md", "answered"), ("contingents/abc.yaml.sig", "signed")],
)
def test_what_others_bind_is_left_as_it_is(make_repo: Make, beside: str, why: str) -> None:
    question = "---\r\ntitle: Why?\r\nto: [lmn]\r\ndate: 2026-05-03\r\nlang: en\r\n---\r\nWhy?\r\n"
    root = make_repo(
        {
            **SOUND,
            "challenges/abc/why/challenge.md": question,
            "contingents/abc.yaml": "name: A\r\n",
            beside: "x",
        }
    )
    assert [left.why for left in run(root).left if why in left.why]


def test_a_merge_in_progress_is_left_alone(make_repo: Make) -> None:
    text = f"<<<<<<< HEAD\n{TEXT_C}=======\n>>>>>>> theirs\n".replace("\n", "\r\n")
    root = make_repo({**SOUND, f"articles/{C}/index.md": text})
    fixed = run(root)
    assert fixed.written == ()
    assert "conflict" in fixed.left[0].why


def test_only_the_working_tree_is_mended(make_repo: Make) -> None:
    root = make_repo(SOUND)
    work = Workspace.discover(root, contingent="abc")
    for found in (check(work, start=root, at="HEAD"), check(work, start=root, staged=True)):
        with pytest.raises(UsageError, match="working tree"):
            fix(work, found, dry=False)
    assert run_git(root, "status", "--porcelain") == ""


def test_another_writer_is_waited_for_and_a_changed_file_left(
    make_repo: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"articles/{C}/index.md"
    root = make_repo({**SOUND, path: TEXT_C.replace("\n", "\r\n")})
    work = Workspace.discover(root, contingent="abc")
    found = check(work, start=root)
    with Lock(work.repository.state_dir / "write.lock"), pytest.raises(LockedError):
        fix(work, found, dry=False)
    monkeypatch.setattr(module, "read_plain", lambda path: b"somebody's new words")
    with pytest.raises(UnableError, match="changed meanwhile"):
        fix(work, found, dry=False)
    assert b"\r" in (root / path).read_bytes()


RATING = (
    "  - {article: abc/2026/dock, version: VERSION, date: 2026-05-04, values: {newsworthy: 4}, note: 'caf\u00e9'}\n"
    "  - {article: lmn/2026/quay, version: SOURCE, date: 2026-05-04, values: {newsworthy: 3}}\n"
)


def canonical(text: str) -> bytes:
    record = parse(Kind.RATINGS, text.encode(), "x").record
    assert record is not None
    return write(record)


def scrambled(data: bytes) -> bytes:
    """Ratings in another order, one over several lines: not canonical."""
    head, first, second = data.decode().splitlines()
    loose = first.replace(", date:", ",\n    date:")
    return f"{head}\n{second}\n{loose}\n".encode()


DAMAGE: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: b"\xef\xbb\xbf" + data,
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: data.replace(b"\n", b"\r"),
    lambda data: unicodedata.normalize("NFD", data.decode()).encode(),
    lambda data: data.replace(b"---\n", b"---\t\n", 1),
)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_form_is_lost_comes_back_to_the_byte_and_brings_no_finding(
    make_repo: Make, seed: int
) -> None:
    chance = random.Random(seed)
    ratings = RATING.replace("VERSION", blob_id(TEXT_C.encode())).replace("SOURCE", blob_id(TEXT_A.encode()))
    files = {
        **SOUND,
        "contingents/abc.yaml": "name: The abc\nabout: A caf\u00e9 and its quay\n",
        "ratings/abc/ann/2026-05.yaml": canonical(f"ratings:\n{ratings}"),
        "comments/abc/2026/well.md": f"---\non: {A}\ndate: 2026-05-04\nlang: en\nauthors: [Zo\u00eb]\n---\nIndeed.\n",
    }
    root = make_repo(files)
    assert findings(root) == []
    whole = tree(root)
    ours = sorted(path for path in whole if "/abc" in path and "/sources/" not in path)
    for path in chance.sample(ours, k=3):
        for damage in chance.sample(DAMAGE, k=2):
            (root / path).write_bytes(damage((root / path).read_bytes()))
    if chance.random() < 0.5:
        path = "ratings/abc/ann/2026-05.yaml"
        (root / path).write_bytes(scrambled(whole[path]))
    if chance.random() < 0.5:
        (root / next(iter(kept(C, TEXT_B)))).unlink()
    before = findings(root)
    run(root)
    after = findings(root)
    assert before
    assert tree(root) == whole, after
    assert run(root) == Fixed((), (), (), dry=False)
