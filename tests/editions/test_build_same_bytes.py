"""The same commons gives the same bytes, whoever builds it, where, when and with how many processes."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from hermetic import commit_all, run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app
from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).parents[2]
NEWSREPO = Path(sysconfig.get_path("scripts")) / "newsrepo"


def build(commons: Path, out: Path, *options: str, **env: str) -> str:
    done = subprocess.run(
        [NEWSREPO, "-C", commons, "build", "--all", "-o", out, *options],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def tree(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module")
def commons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("same") / "commons"
    root.mkdir()
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    return root


@pytest.fixture(scope="module")
def first(commons: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("first") / "site"
    build(commons, out, "--jobs", "1")
    return tree(out)


def test_zone_locale_hash_seed_jobs_and_place_change_nothing(
    commons: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere" / "with a space"
    other.parent.mkdir()
    run_git(tmp_path, "clone", "-q", "--no-hardlinks", str(commons), str(other))
    env = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "77"}
    build(other, tmp_path / "out", "--jobs", "3", **env)
    again = tree(tmp_path / "out")
    assert list(again) == list(first)
    assert [path for path in first if first[path] != again[path]] == []


def test_eight_parts_are_the_whole(commons: Path, first: dict[str, bytes], tmp_path: Path) -> None:
    """One of the sample's editions, in this process; ``test_shards`` does all of a smaller commons."""
    whole = {path: data for path, data in first.items() if path.startswith("tally/both/")}
    for number in range(1, 9):
        part = str(tmp_path / str(number))
        said = CliRunner().invoke(
            app, ["-C", str(commons), "build", "tally/both", "--shard", f"{number}/8", "-o", part]
        )
        assert said.exit_code == 0, said.output
    parts = [str(tmp_path / str(number)) for number in (5, 2, 8, 1, 7, 3, 6, 4)]
    out = tmp_path / "out/tally/both"
    said = CliRunner().invoke(app, ["-C", str(commons), "build", "--merge", *parts, "-o", str(out)])
    assert said.exit_code == 0, said.output
    assert tree(tmp_path / "out") == whole


def test_a_ref_gives_what_its_checkout_gives(commons: Path, first: dict[str, bytes], tmp_path: Path) -> None:
    build(commons, tmp_path / "out", "--at", "main")
    assert tree(tmp_path / "out") == first


def test_building_on_an_older_edition_gives_the_same_as_building_anew(commons: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    run_git(tmp_path, "clone", "-q", str(commons), str(work))
    build(work, tmp_path / "grown")
    path = work / "articles/lamp/2025/dock-strike-1889/index.md"
    path.write_text(path.read_text().replace("title: ", "title: Again, ", 1))
    (work / "articles/distaff/2025/iceland-1975/index.md").unlink()
    shutil.rmtree(work / "ratings/jisr")
    commit_all(work, "A title, a loss and fewer voices")
    build(work, tmp_path / "grown")
    shutil.rmtree(work / ".git/newsrepo")
    build(work, tmp_path / "anew")
    grown, anew = tree(tmp_path / "grown"), tree(tmp_path / "anew")
    assert [path for path in sorted(grown.keys() | anew.keys()) if grown.get(path) != anew.get(path)] == []
    assert b"Again, " in b"".join(anew.values())


def test_the_manifest_names_what_it_was_made_from(commons: Path, first: dict[str, bytes]) -> None:
    manifest = json.loads(first["lamp/daily/manifest.json"])
    assert manifest["sources"] == [
        {
            "ref": "HEAD",
            "commit": run_git(commons, "rev-parse", "HEAD"),
            "tree": run_git(commons, "rev-parse", "HEAD^{tree}"),
        }
    ]
    assert manifest["today"] == "2026-05-01"
    assert manifest["filter_version"] == run_git(commons, "rev-parse", "HEAD:filters/lamp/daily.yaml")
    assert "unverifiable" not in manifest or manifest["unverifiable"] == ""
    made = manifest["derived"]
    assert made["opinion/index.html"]["tools"][0].startswith("numpy ")
    listed = {f"lamp/daily/{path}" for path in (*manifest["files"], *made)} | {"lamp/daily/manifest.json"}
    assert listed == {path for path in first if path.startswith("lamp/daily/")}


def test_an_uncommitted_change_says_unverifiable(commons: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    run_git(tmp_path, "clone", "-q", str(commons), str(work))
    (work / "comments/lamp/2025/late.md").write_text(
        "---\non: lamp/2025/dock-strike-1889\ndate: 2025-09-01\nlang: en\n---\n\nA word.\n"
    )
    build(work, tmp_path / "out")
    manifest = json.loads((tmp_path / "out/lamp/daily/manifest.json").read_text())
    assert manifest["unverifiable"] == "made from files that were not committed"


def test_a_shallow_clone_says_unverifiable(commons: Path, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (commons / "note.txt").write_text("outside the records\n")
    commit_all(commons, "Another commit")
    run_git(tmp_path, "clone", "-q", "--depth", "1", commons.as_uri(), str(work), GIT_ALLOW_PROTOCOL="file")
    build(work, tmp_path / "out")
    manifest = json.loads((tmp_path / "out/lamp/daily/manifest.json").read_text())
    assert manifest["unverifiable"] == "made from a shallow clone"


def test_one_broken_filter_does_not_stop_the_others(commons: Path, tmp_path: Path) -> None:
    """Only what builds on it, ``tally/both``, fails along with it."""
    work = tmp_path / "work"
    run_git(tmp_path, "clone", "-q", str(commons), str(work))
    (work / "filters/lamp/daily.yaml").write_text("title: Daily\nselect: nosuchaxis>=1\n")
    (work / "filters/lamp/torn.yaml").write_text("title: [\n")
    done = subprocess.run(
        [NEWSREPO, "-C", work, "build", "--all", "-o", tmp_path / "out", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    answer = json.loads(done.stdout)
    assert [edition["filter"] for edition in answer["editions"]] == [
        "distaff/women", "exchange/weekly", "jisr/broad",
    ]  # fmt: skip
    assert [failed["filter"] for failed in answer["failed"]] == ["lamp/daily", "lamp/torn", "tally/both"]
    assert "nosuchaxis" in answer["failed"][0]["message"]
    assert not (tmp_path / "out/lamp").exists()
