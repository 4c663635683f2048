"""Behind the browser editor: what it may read, what it may write, and what a save makes of it."""

import base64
import hashlib
import json

import pytest
from editor_talk import FILES, FREE, QUESTION, Talk
from hermetic import commit_all, put, run_git

from newsrepo.editor.protocol import RefusedError
from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.check import check
from newsrepo.porcelain.editing import Desk
from newsrepo.porcelain.editing_paths import fit

FIRST = "articles/abc/2026/first/index.md"
FORM = """\
---
title: "Der Große Streik: v1.5"
date: 2026-11-22T19:54:00.000Z
authors:
  - name: Ann
    url: ""
lang: en
summary: ""
topics: [Port history, labour]
places: []
credits: []
media: null
status: usable
license: CC0-1.0
# a comment
---
They walked out.\r\nAt noon.

"""
PNG = base64.b64decode(
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def asset(name: str, data: bytes = PNG) -> dict[str, str]:
    return {"path": name, "content": base64.b64encode(data).decode(), "encoding": "base64"}


def test_a_form_becomes_a_canonical_file_and_a_commit_of_it_alone(talk: Talk) -> None:
    put(talk.root, {"notes.txt": "mine", "contingents/abc.yaml": "name: ABC\nlang: en\nabout: later\n"})
    talk.save("articles/abc/2026/der-große-streik:-v1-5/index.md", FORM)
    path = "articles/abc/2026/der-grosse-streik-v1-5/index.md"
    assert talk.read(path) == (
        "---\ntitle: 'Der Große Streik: v1.5'\ndate: 2026-11-22T19:54:00Z\nauthors:\n  - Ann\nlang: en\n"
        "topics:\n  - port-history\n  - labour\nlicense: CC0-1.0\n---\n\nThey walked out.\nAt noon.\n"
    )
    assert run_git(talk.root, "show", "--format=%s|%an|%at", "--name-only", "HEAD").split("\n") == [
        "Add abc/2026/der-grosse-streik-v1-5|Ann Author|1777896000",
        "",
        path,
    ]
    assert run_git(talk.root, "status", "--porcelain").split("\n") == [
        " M contingents/abc.yaml",
        "?? notes.txt",
    ]
    assert check(talk.work(), start=talk.root).sound
    assert talk.log == [f"{path}: {run_git(talk.root, 'rev-parse', 'HEAD')[:10]}"]


def test_an_edit_keeps_what_the_form_does_not_know(talk: Talk) -> None:
    shown = talk.ask("getEntry", path=FIRST)["data"]
    front, body = shown.removeprefix("---\n").split("\n---\n")
    tree = json.loads(front)
    assert (tree["title"], tree["extra"], body) == ("First light", {"desk": "7"}, "Some *words*.\n")
    before = run_git(talk.root, "rev-parse", f"HEAD:{FIRST}")
    tree["title"] = "First light, again"
    talk.save(FIRST, f"---\n{json.dumps(tree)}\n---\n{body}")
    assert talk.read(FIRST) == FILES[FIRST].replace("First light", "First light, again").replace("7", "'7'")
    assert run_git(talk.root, "rev-parse", f"HEAD:{FIRST}") != before
    assert run_git(talk.root, "log", "-1", "--format=%s") == "Revise abc/2026/first"


def test_nobody_saves_over_what_they_did_not_see(talk: Talk) -> None:
    assert "changed since" in talk.refused(FIRST, FILES[FIRST])
    talk.ask("getEntry", path=FIRST)
    put(talk.root, {FIRST: FILES[FIRST].replace("words", "others")})
    assert "changed since" in talk.refused(FIRST, FILES[FIRST])
    assert "others" in talk.read(FIRST)
    talk.ask("getEntry", path=FIRST)
    talk.save(FIRST, FILES[FIRST].replace("words", "sentences"))
    talk.save(FIRST, FILES[FIRST].replace("words", "paragraphs"))
    assert "paragraphs" in talk.read(FIRST)


def test_a_comment_an_answer_and_ratings_are_pinned_to_what_they_are_about(talk: Talk) -> None:
    version = run_git(talk.root, "rev-parse", "HEAD:articles/lmn/2026/harbour/index.md")
    head = "date: 2026-05-04T10:00:00.000Z\nlang: en\n"
    talk.save(
        "comments/abc/2026/on-lmn-2026-harbour.md", f"---\non: lmn/2026/harbour\n{head}---\nWell said.\n"
    )
    assert f"\nversion: {version}\n" in talk.read("comments/abc/2026/on-lmn-2026-harbour.md")
    answer = "challenges/lmn/who-paid/answers/abc.md"
    draft = talk.ask("getEntry", path=answer)["data"]
    assert draft == '---\n{"date": "2026-05-04", "kind": "answer", "lang": "en"}\n---\n'
    talk.save(answer, "---\ndate: 2026-05-04\nlang: en\nkind: answer\n---\nNobody did.\n")
    assert f"\nquestion: {hashlib.sha256(QUESTION.encode()).hexdigest()}\n" in talk.read(answer)
    month = "ratings/abc/ann/2026-05.yaml"
    values = "    values: {newsworthy: 4, accurate: null}\n"
    talk.save(month, f"ratings:\n  - article: lmn/2026/harbour\n    date: 2026-05-04\n{values}    note: ''\n")
    rating = f"{{article: lmn/2026/harbour, version: {version}, date: 2026-05-04, values: {{newsworthy: 4}}}}"
    assert talk.read(month) == f"ratings:\n  - {rating}\n"
    assert check(talk.work(), start=talk.root).sound


def test_a_rewrite_keeps_its_source_beside_it_and_credits_it(talk: Talk) -> None:
    source = "articles/lmn/2026/harbour/index.md"
    version = run_git(talk.root, "rev-parse", f"HEAD:{source}")
    based = "based_on:\n  - article: lmn/2026/harbour\n    relation: rewrite\n    changes: Shorter.\n"
    form = f"---\ntitle: Ships\ndate: 2026-05-04\nlang: en\n{FREE}{based}---\nThey came.\n"
    talk.save("articles/abc/2026/ships/index.md", form)
    assert f"    version: {version}\n" in talk.read("articles/abc/2026/ships/index.md")
    assert "credits:\n  - name: Bo\n" in talk.read("articles/abc/2026/ships/index.md")
    assert talk.read(f"articles/abc/2026/ships/sources/{version}.md") == FILES[source]
    assert len(run_git(talk.root, "show", "--format=", "--name-only", "HEAD").split("\n")) == 2
    assert check(talk.work(), start=talk.root).sound
    assert "no such article" in talk.refused(
        "articles/abc/2026/x/index.md", form.replace("harbour", "nowhere")
    )


def test_a_picture_goes_beside_its_text_with_its_hash(talk: Talk) -> None:
    entry = "media:\n  - file: quay.png\n    alt: The quay\n    creator: Ann\n    license: CC0-1.0\n"
    form = f"---\ntitle: Quay\ndate: 2026-05-04\nlang: en\n{FREE}{entry}---\n![The quay](quay.png)\n"
    path = "articles/abc/2026/quay/index.md"
    assert "has no creator" in talk.refused(path, form.replace("    creator: Ann\n", ""), [asset("quay.png")])
    assert not (talk.root / "articles/abc/2026/quay").exists()
    talk.save(path, form, [asset("articles/../../elsewhere/quay.png")])
    assert f"    sha256: {hashlib.sha256(PNG).hexdigest()}\n" in talk.read(path)
    (shown,) = talk.ask("getMedia", mediaFolder="articles/abc/2026/quay")
    assert (shown["name"], base64.b64decode(shown["content"])) == ("quay.png", PNG)
    assert talk.ask("getMediaFile", path=shown["path"]) == shown
    assert check(talk.work(), start=talk.root).sound
    for bad in ("x.svg", "x.html", "x.png.exe", "nothing"):
        assert "no picture" in talk.refused(path, form, [asset(bad)])
    assert "whole" in talk.refused(path, form, [{"path": "a.png", "content": "%%", "encoding": "base64"}])


NOT_ONES_OWN = [
    "articles/lmn/2026/harbour/index.md",
    "articles/abc/../lmn/2026/x/index.md",
    "articles/abc/2026/../index.md",
    "articles/abc/2026/./index.md",
    "articles/abc/2026/a\\..\\b/index.md",
    "articles/abc/2026/a\nb/index.md",
    "/etc/passwd",
    "../outside.md",
    ".git/config",
    "newsrepo.yaml",
    "contingents/abc.yaml",
    "filters/abc/daily.yaml",
    "statements/abc/x/statement.md",
    "challenges/lmn/who-paid/challenge.md",
    "challenges/lmn/who-paid/answers/lmn.md",
    "articles/abc/2026/first/sources/" + "a" * 40 + ".md",
    ".github/workflows/x.yml",
]


def test_what_is_not_ones_own_text_is_neither_read_nor_written(talk: Talk) -> None:
    before = run_git(talk.root, "rev-parse", "HEAD")
    for path in NOT_ONES_OWN:
        assert "no text of abc's" in talk.refused(path, FORM), path
        for action, params in (("getEntry", {"path": path}), ("entriesByFiles", {"files": [{"path": path}]})):
            with pytest.raises(RefusedError, match="no text of abc's"):
                talk.ask(action, **params)
    assert (run_git(talk.root, "rev-parse", "HEAD"), run_git(talk.root, "status", "--porcelain")) == (
        before,
        "",
    )


def test_folders_list_ones_own_texts_of_their_kind(talk: Talk) -> None:
    assert [e["file"]["path"] for e in talk.ask("entriesByFolder", folder="articles/abc")] == [FIRST]
    assert talk.ask("entriesByFolder", folder="comments/abc") == []
    for folder in ("articles/lmn", "articles", "contingents/abc", "..", "articles/abc/2026"):
        with pytest.raises(RefusedError, match="no folder"):
            talk.ask("entriesByFolder", folder=folder)


def test_a_fault_is_told_with_its_field_and_nothing_is_written(talk: Talk) -> None:
    path = "articles/abc/2026/new/index.md"
    said = talk.refused(path, FORM.replace("lang: en", "lang: English"))
    assert said.startswith("lang:")
    assert "such as en or pt-BR" in said
    assert "picture" in talk.refused(path, FORM.replace("At noon.", "![x](https://tracker.example/p.gif)"))
    assert "no key 'statsu'" in talk.refused(path, FORM.replace("status:", "statsu:"))
    assert "front matter" in talk.refused(path, "no front matter")
    assert "&a" in talk.refused(path, FORM.replace("places: []", "places: &a [x]"))
    assert run_git(talk.root, "status", "--porcelain") == ""
    put(talk.root, {"articles/abc/2026/broken/index.md": "---\ntitle: [\n---\n"})
    commit_all(talk.root)
    shown = talk.ask("getEntry", path="articles/abc/2026/broken/index.md")
    assert shown["data"] == "---\ntitle: [\n---\n"  # to be mended here


NEVER_SENT = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b"\xff", 400),
    (b'{"action": 1}', 400),
    (b'{"action": "' + b"x" * 100 + b'"}', 400),
    (b'{"action": "rm"}', 422),
    (b'{"action": "getEntry"}', 400),
    (b'{"action": "getEntry", "params": {"path": 7}}', 400),
    (b'{"action": "persistEntry", "params": {"dataFiles": [], "assets": []}}', 400),
    (b"[" * 100_000, 400),
    (b'{"action": "deleteFiles", "params": {"paths": ["newsrepo.yaml"]}}', 422),
    (b'{"action": "persistMedia", "params": {}}', 422),
]


def test_what_the_editor_never_sends_is_refused(talk: Talk) -> None:
    for body, status in NEVER_SENT:
        with pytest.raises(RefusedError) as error:
            talk.desk.answer(body)
        assert error.value.status == status, body[:80]
    assert (talk.root / "newsrepo.yaml").exists()


def test_there_is_nothing_unpublished(talk: Talk) -> None:
    assert talk.ask("unpublishedEntries") == []
    assert talk.ask("getDeployPreview") is None
    assert talk.ask("info")["publish_modes"] == ["simple"]


def test_a_save_needs_a_branch_a_name_and_a_contingent(talk: Talk) -> None:
    run_git(talk.root, "checkout", "--quiet", "--detach")
    assert "no branch" in talk.refused("articles/abc/2026/new/index.md", FORM)
    with pytest.raises(UnableError, match="no branch"):
        Desk(talk.work, lambda: pytest.fail("no clock is asked"))
    run_git(talk.root, "checkout", "--quiet", "main")
    with pytest.raises(UsageError, match="no such contingent"):
        Talk(talk.root, "xyz")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("articles/abc/2026/plain/index.md", "articles/abc/2026/plain/index.md"),
        ("articles/abc/2026/plain/index-2.md", "articles/abc/2026/plain-2/index.md"),
        ("challenges/abc/who/challenge-1.md", "challenges/abc/who-1/challenge.md"),
        ("articles/abc/2026/çà_et.là/index.md", "articles/abc/2026/ca-et-la/index.md"),
        ("comments/abc/2026/on-challenge:abc-x.md", "comments/abc/2026/on-challenge-abc-x.md"),
        ("articles/abc/2026/забастовка/index.md", "articles/abc/2026/text-9bc8f466/index.md"),
        ("articles/abc/2026/" + "a" * 90 + "/index.md", "articles/abc/2026/" + "a" * 80 + "/index.md"),
        ("elsewhere/Ä.md", "elsewhere/Ä.md"),
    ],
)
def test_names_of_the_editors_making_become_names_of_ours(given: str, meant: str) -> None:
    assert fit(given) == meant
    assert fit(meant) == meant
