"""The editor beside a site: its settings for each forge, and how it is told from anything else."""

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from editor_talk import Talk
from hermetic import run_git

from newsrepo.editor import page, vendor
from newsrepo.editor.hosts import settings
from newsrepo.errors import UnableError, UsageError
from newsrepo.porcelain.editing_program import program
from newsrepo.porcelain.editing_site import is_editor, put, site_config

PROGRAM = {"decap-cms.js": b"//", "7.decap-cms.js": b"//", "LICENSE": b"MIT"}


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor, "SERVED", vendor.print_of(PROGRAM))


def config_at(talk: Talk, home: str, **given: str) -> Any:
    run_git(talk.root, "config", "remote.origin.url", home)
    return yaml.safe_load(site_config(talk.work(), **given))


def test_each_forge_is_reached_in_its_own_way(talk: Talk) -> None:
    at_github = config_at(talk, "git@github.com:abc/news.git", login="https://login.example.org/oauth/start")
    assert at_github["backend"] == {
        "repo": "abc/news",
        "branch": "main",
        "name": "github",
        "open_authoring": True,
        "base_url": "https://login.example.org",
        "auth_endpoint": "oauth/start",
    }
    assert at_github["publish_mode"] == "editorial_workflow"
    at_codeberg = config_at(talk, "https://codeberg.org/abc/news.git", app="id")["backend"]
    assert (at_codeberg["name"], at_codeberg["api_root"]) == ("forgejo", "https://codeberg.org/api/v1")
    at_gitlab = config_at(talk, "https://gitlab.example.org/abc/sub/news", app="id")["backend"]
    assert (at_gitlab["name"], at_gitlab["auth_type"], at_gitlab["repo"]) == (
        "gitlab",
        "pkce",
        "abc/sub/news",
    )
    assert "open_authoring" not in at_gitlab


def test_a_forge_is_asked_for_nothing_that_only_our_own_editor_fills_in(talk: Talk) -> None:
    forms = {f["name"]: f for f in config_at(talk, "https://codeberg.org/abc/news", app="id")["collections"]}
    assert list(forms) == ["articles", "challenges", "answers", "comments"]
    asked = {field["name"] for field in forms["articles"]["fields"]}
    assert {"title", "body", "based_on"} <= asked
    assert "media" not in asked
    version = run_git(talk.root, "rev-parse", "HEAD:articles/lmn/2026/harbour/index.md")
    choice = {"label": "The harbour (lmn/2026/harbour)", "value": f"lmn/2026/harbour@{version}"}
    sources = next(field for field in forms["articles"]["fields"] if field["name"] == "based_on")
    assert choice in sources["fields"][0]["options"]
    assert choice in next(field for field in forms["comments"]["fields"] if field["name"] == "on")["options"]
    about = next(field for field in forms["challenges"]["fields"] if field["name"] == "about")
    assert not any("@" in choice["value"] for choice in about["options"])
    (answer,) = forms["answers"]["files"]
    hidden = next(field for field in answer["fields"] if field["name"] == "question")
    assert (hidden["widget"], len(hidden["default"])) == ("hidden", 64)


@pytest.mark.parametrize(
    "login", ["", "http://x.example", "https://", "https://u:p@x.example", "https://x.example?q"]
)
def test_github_is_never_left_to_a_helper_that_nobody_chose(login: str) -> None:
    with pytest.raises(UsageError, match="login helper"):
        settings("github", "github.com", "a/b", "main", login=login)


def test_what_is_missing_is_said(talk: Talk) -> None:
    with pytest.raises(UsageError, match="application"):
        config_at(talk, "https://codeberg.org/abc/news")
    with pytest.raises(UsageError, match="on no forge"):
        config_at(talk, "/srv/git/news.git")


@pytest.mark.usefixtures("pinned")
def test_an_editor_is_known_by_its_bytes(tmp_path: Path) -> None:
    assert put(tmp_path, PROGRAM, b"backend: {}\n") == len(PROGRAM) + len(page.FILES) + 1
    folder = tmp_path / "admin"
    assert is_editor(folder)
    assert put(tmp_path, PROGRAM, b"backend: {name: x}\n") == 1  # the configuration alone
    assert is_editor(folder)
    for name, data in (("evil.html", b"x"), ("index.html", b"x"), ("decap-cms.js", b"x"), ("sub/x.js", b"x")):
        before = (folder / name).read_bytes() if (folder / name).exists() else None
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        assert not is_editor(folder), name
        (folder / name).unlink()
        if before is None and "/" in name:
            (folder / "sub").rmdir()
        elif before is not None:
            assert not is_editor(folder)
            (folder / name).write_bytes(before)
    assert is_editor(folder)
    (folder / "link").symlink_to("index.html")
    assert not is_editor(folder)
    assert not is_editor(tmp_path / "nowhere")


@pytest.mark.usefixtures("pinned")
def test_nothing_that_is_no_editor_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "admin").mkdir()
    (tmp_path / "admin" / "mine.html").write_text("mine")
    with pytest.raises(UsageError, match="is no editor of ours"):
        put(tmp_path, PROGRAM, b"")
    assert [p.name for p in (tmp_path / "admin").iterdir()] == ["mine.html"]


def archive(**files: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return held.getvalue()


def test_only_the_pinned_archive_is_unpacked(
    monkeypatch: pytest.MonkeyPatch, talk: Talk, tmp_path: Path
) -> None:
    import base64
    import hashlib

    data = archive(
        **{
            "package/dist/decap-cms.js": b"one",
            "package/dist/7.decap-cms.js": b"two",
            "package/dist/decap-cms.js.map": b"map",
            "package/dist/../../evil.js": b"evil",
            "package/LICENSE": b"MIT",
        }
    )
    with pytest.raises(UnableError, match="their hash is another"):
        vendor.unpack(data)
    digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
    monkeypatch.setattr(vendor, "INTEGRITY", f"sha512-{digest}")
    assert vendor.unpack(data) == {"decap-cms.js": b"one", "7.decap-cms.js": b"two", "LICENSE": b"MIT"}
    (tmp_path / vendor.ARCHIVE).write_bytes(data)
    repository = talk.work().repository
    assert program(repository, tmp_path) == program(repository, tmp_path / vendor.ARCHIVE)
    with pytest.raises(UsageError, match="--decap"):
        program(repository, tmp_path / "nowhere.tgz")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnableError, match="npm is not here"):
        program(repository)
    npm = tmp_path / "npm"
    npm.write_text(f"#!/bin/sh\n/bin/cp '{tmp_path / vendor.ARCHIVE}' .\n")
    npm.chmod(0o755)
    assert program(repository)["LICENSE"] == b"MIT"
    npm.write_text("#!/bin/sh\nexit 1\n")
    assert program(repository)["LICENSE"] == b"MIT"  # kept, and asked for no more
    (repository.state_dir / "editor" / vendor.ARCHIVE).write_bytes(b"damaged")
    with pytest.raises(UnableError, match="could not fetch"):
        program(repository)
