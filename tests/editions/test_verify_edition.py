"""An edition is what its tips make, or it is said where it is not; whatever lies in the folder."""

import hashlib
import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from signers import Signer
from support import CHARTER, article
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app
from newsrepo.editions import differences, manifest
from newsrepo.editions.differences import Way
from newsrepo.editions.manifest import NAME, SIGNATURE
from newsrepo.signing import EDITION

ABC, EVE = Signer("abc"), Signer("eve")
FILES = {
    "newsrepo.yaml": CHARTER,
    "contingents/abc.yaml": f"name: ABC\nkeys:\n  - {ABC.line}\n",
    "contingents/lmn.yaml": "name: LMN\n",
    "articles/abc/2026/strike/index.md": article(
        "The dock strike ends", date="2026-04-03", more="license: CC0-1.0\n"
    ),
    "articles/lmn/2026/port/index.md": article(
        "A port at work", date="2026-04-03", more="license: CC0-1.0\n"
    ),
    "filters/abc/all.yaml": "title: All of it\nselect: 'by:abc'\n",
    "filters/lmn/own.yaml": "title: LMN\nselect: 'by:lmn'\n",
}


def newsrepo(where: Path, *args: str) -> Result:
    result = CliRunner().invoke(app, ["-C", str(where), *args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def commons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("verify") / "commons"
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main", "--template=")
    put(root, FILES)
    commit_all(root)
    return root


@pytest.fixture(scope="module")
def published(commons: Path) -> Path:
    out = commons.parent / "site"
    assert newsrepo(commons, "build", "--all", "-o", str(out)).exit_code == 0
    return out


@pytest.fixture
def site(published: Path, tmp_path: Path) -> Path:
    """All editions, to do harm to."""
    return Path(shutil.copytree(published, tmp_path / "site", symlinks=True))


Verify = Callable[..., Result]


@pytest.fixture
def verify(commons: Path) -> Verify:
    return lambda folder, *more: newsrepo(commons, "verify-edition", str(folder), *more)


def told(result: Result) -> list[tuple[str, str]]:
    """Every difference in the answer: in which way, where."""
    editions = json.loads(result.stdout)["editions"]
    return [(found["way"], found["path"]) for one in editions for found in one["differences"]]


def test_what_was_built_is_verified_each_edition_and_the_page_over_them(site: Path, verify: Verify):
    result = verify(site)
    assert result.exit_code == 0, result.output
    heads = [line.partition(" of ")[0] for line in result.stdout.splitlines() if line[0] != " "]
    assert heads == ["abc/all", "lmn/own", "the page that lists the editions"]
    assert result.stdout.count(": verified, ") == 3
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    assert verify(site / "abc/all").exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_a_changed_text_is_told_by_file_and_line(site: Path, verify: Verify):
    page = site / "abc/all/articles/abc/2026/strike.html"
    page.write_text(page.read_text().replace("Some words.", "Some lies."))
    result = verify(site)
    assert result.exit_code == 1
    line = 1 + page.read_text().partition("Some lies.")[0].count("\n")
    assert f"  changed  articles/abc/2026/strike.html:{line}\n" in result.stdout
    assert "Some lies." in result.stdout
    assert "Some words." in result.stdout


def test_every_byte_counts(site: Path, commons: Path, tmp_path: Path):
    """A byte is turned in each file of an edition, at the ends and in the middle; none goes unseen."""
    folder, chance = site / "abc/all", random.Random(6)
    right = shutil.copytree(folder, tmp_path / "right")
    said = manifest.read_manifest(right)
    assert said is not None
    assert len(said.files) > 15
    for path in said.files:
        data = (right / path).read_bytes()
        for at in {0, len(data) - 1, chance.randrange(len(data))}:
            (folder / path).write_bytes(
                data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
            )
            found = differences.against_rebuilt(folder, said, right, said)
            assert [(one.way, one.path) for one in found] == [(Way.CHANGED, path)]
        (folder / path).write_bytes(data)
    assert differences.against_rebuilt(folder, said, right, said) == []


def test_a_manifest_with_any_byte_turned_is_never_verified(site: Path, verify: Verify):
    target = site / "lmn/own" / NAME
    data, chance = target.read_bytes(), random.Random(7)
    head = data.index(b'"files"')
    for at in [*chance.sample(range(head), 12), *chance.sample(range(head, len(data)), 3)]:
        target.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert verify(site / "lmn/own").exit_code in (1, 3), data[at - 20 : at + 20]


def test_a_forger_who_mends_the_manifest_too_is_found(site: Path, verify: Verify):
    page, target = site / "abc/all/index.html", site / "abc/all" / NAME
    old = hashlib.sha256(page.read_bytes()).hexdigest()
    page.write_bytes(page.read_bytes().replace(b"dock", b"duck"))
    new = hashlib.sha256(page.read_bytes()).hexdigest()
    target.write_text(target.read_text().replace(old, new))
    assert ("changed", "index.html") in told(verify(site / "abc/all", "--json"))


def test_what_is_missing_or_does_not_belong_is_named_and_never_followed(
    site: Path, verify: Verify, tmp_path: Path
):
    folder = site / "abc/all"
    (folder / "404.html").unlink()
    (folder / "style.css").unlink()
    (folder / "style.css").symlink_to(tmp_path / "secret")
    (folder / "extra\x1b[31m.html").write_text("x")
    (folder / "way").symlink_to("/")
    os.mkfifo(folder / "pipe")
    with (folder / "index.html").open("r+b") as file:
        file.truncate(1 << 40)  # a hole of a terabyte: its size tells enough
    shutil.rmtree(folder / "articles")
    (folder / "articles").symlink_to(site / "lmn/own/articles")
    result = verify(folder, "--json")
    assert result.exit_code == 1
    found = told(result)
    assert ("missing", "404.html") in found
    assert ("missing", "articles/abc/2026/strike.html") in found
    assert {p for way, p in found if way == "extra"} == {"articles", "extra\x1b[31m.html", "pipe", "way"}
    assert {p for way, p in found if way == "changed"} == {"index.html", "style.css"}
    assert "\x1b" not in verify(folder).stdout


def test_a_site_with_an_edition_lost_swapped_or_added_differs(site: Path, verify: Verify):
    shutil.move(site / "lmn/own", site / "lmn/gone")
    shutil.copytree(site / "abc/all", site / "lmn/own")
    found = told(verify(site, "--json"))
    assert ("changed", NAME) in found  # it is of abc/all, and is listed as lmn/own
    assert ("extra", "lmn/gone/index.html") in found
    shutil.rmtree(site / "lmn/own")
    assert "it is not there" in verify(site).stdout


def changed(folder: Path, **values: object) -> None:
    data = json.loads((folder / NAME).read_text())
    (folder / NAME).write_text(json.dumps({**data, **values}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"sources": [{"ref": "HEAD", "commit": "1" * 40, "tree": "2" * 40}]}, "not in this clone"),
        ({"sources": [{"ref": "HEAD", "commit": "--all", "tree": None}]}, "not in this clone"),
        ({"sources": []}, "lists no tip"),
        ({"pins": {"terms": [{"owner": "abc"}, {"owner": "abc"}]}}, "names somebody twice"),
        ({"generator": "newsrepo 9.9"}, "made by 'newsrepo 9.9'"),
        ({"version": 99}, "later version"),
        ({"without": ["search"]}, "made without the extra 'search'"),
        ({"unverifiable": "made from files that were not committed"}, "not committed"),
        ({"shard": {"number": 1, "of": 3, "plan": "", "keys": {}}}, "part 1 of 3"),
    ],
)
def test_what_cannot_be_made_anew_is_said_to_be_so(
    site: Path, verify: Verify, values: dict[str, object], words: str
):
    changed(site / "lmn/own", **values)
    result = verify(site / "lmn/own")
    assert (result.exit_code, "cannot be verified" in result.stdout) == (3, True)
    assert words in result.stderr
    assert "hint: " in result.stderr
    if "version" not in values:  # it still has to be what its own manifest lists
        (site / "lmn/own/index.html").write_text("x")
        assert verify(site / "lmn/own").exit_code == 1


def test_a_tip_that_is_said_to_be_anothers_was_seen_at_their_home(site: Path, commons: Path, verify: Verify):
    """Nobody can put words into another's mouth by naming a commit of their own as the other's."""
    commit = run_git(commons, "rev-parse", "HEAD")
    data = json.loads((site / "lmn/own" / NAME).read_text())
    forged = {
        "ref": f"eve@{commit[:8]}",
        "commit": commit,
        "tree": run_git(commons, "rev-parse", "HEAD^{tree}"),
    }
    put(commons, {"contingents/eve.yaml": "name: Eve\nhome: https://eve.example/news.git\n"})
    try:
        changed(site / "lmn/own", sources=[*data["sources"], forged], pins={"terms": []})
        result = verify(site / "lmn/own")
        assert result.exit_code == 3
    finally:
        (commons / "contingents/eve.yaml").unlink()


def test_no_edition_is_a_matter_of_usage(commons: Path, verify: Verify, tmp_path: Path):
    assert verify(tmp_path).exit_code == 2
    assert verify(tmp_path / "nowhere").exit_code == 2
    (tmp_path / NAME).symlink_to("/etc/passwd")
    assert verify(tmp_path).exit_code == 2


# --- derived files ----------------------------------------------------------------------------------


def made(*files: tuple[str, bytes, str]) -> manifest.Manifest:
    """A manifest of files that tools made: path, content, tool."""
    text = {"version": 1, "generator": "newsrepo test", "filter": None, "filter_version": None,
            "today": "2026-05-01", "sources": [], "content": "", "files": {},
            "derived": {path: {"sha256": hashlib.sha256(data).hexdigest(), "tools": [tool]}
                        for path, data, tool in files}}  # fmt: skip
    found = manifest.parse_manifest(json.dumps(text).encode())
    assert found is not None
    return found


def test_what_other_versions_of_tools_make_proves_nothing(tmp_path: Path):
    (tmp_path / "a.webp").write_bytes(b"a")
    old, new, b_new = ("a.webp", b"a", "p 1"), ("a.webp", b"b", "p 2"), ("b.webp", b"b", "p 2")

    def ways(said: manifest.Manifest, here: manifest.Manifest) -> list[tuple[Way, str]]:
        return [(d.way, d.path) for d in differences.against_rebuilt(tmp_path, said, tmp_path, here)]

    assert ways(made(old), made(old)) == []
    assert ways(made(old), made(("a.webp", b"a", "p 2"))) == []  # the same content
    assert ways(made(old), made(new)) == [(Way.UNPROVEN, "a.webp")]
    assert ways(made(old), made(b_new)) == [(Way.UNPROVEN, "a.webp"), (Way.UNPROVEN, "b.webp")]
    assert ways(made(old), made(("a.webp", b"b", "p 1"))) == [(Way.CHANGED, "a.webp")]
    assert ways(made(("a.webp", b"c", "p 1")), made(new)) == [(Way.CHANGED, "a.webp")]  # not what it lists
    assert ways(made(), made(old)) == []  # that it is not listed shows in the manifest
    assert ways(made(old), made(old, ("b.webp", b"b", "p 1"))) == [(Way.MISSING, "b.webp")]
    assert ways(made(old), made(("b.webp", b"b", "p 1"))) == [(Way.EXTRA, "a.webp"), (Way.MISSING, "b.webp")]


def test_a_page_called_derived_is_compared_all_the_same(site: Path, verify: Verify):
    data = json.loads((site / "lmn/own" / NAME).read_text())
    (site / "lmn/own/index.html").write_text("another")
    sha256 = hashlib.sha256(b"another").hexdigest()
    del data["files"]["index.html"]
    data["derived"]["index.html"] = {"sha256": sha256, "tools": ["magic 1"]}
    (site / "lmn/own" / NAME).write_text(json.dumps(data))
    assert verify(site / "lmn/own").exit_code == 1


# --- signatures -------------------------------------------------------------------------------------


@pytest.fixture
def signed(site: Path) -> Callable[[bytes], Path]:
    def sign(signature: bytes) -> Path:
        (site / "lmn/own" / SIGNATURE).write_bytes(signature)
        return site / "lmn/own"

    return sign


def test_a_signature_is_checked_against_the_pinned_keys(
    site: Path, verify: Verify, signed: Callable[[bytes], Path]
):
    data = (site / "lmn/own" / NAME).read_bytes()
    cases = [
        (ABC.sign(data, EDITION), 0, "signed by abc, and not by lmn, whose filter it is"),
        (EVE.sign(data, EDITION), 0, "signed by a key that nobody in the address book has"),
        (ABC.sign(data + b" ", EDITION), 1, "its signature is BAD"),
        (ABC.sign(data, "contingent.v1@newsrepo"), 1, "its signature is BAD"),
        (b"", 1, "its signature is BAD"),
    ]
    for signature, code, words in cases:
        result = verify(signed(signature))
        assert (result.exit_code, words in result.stdout) == (code, True), words
    assert "not signed" in verify(site / "abc/all").stdout


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
def test_build_signs_once_and_an_older_signature_never_outlives_its_manifest(tmp_path: Path):
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key], check=True)
    root, out = tmp_path / "commons", tmp_path / "out"
    root.mkdir()
    run_git(root, "init", "-q", "-b", "main", "--template=")
    put(
        root, {**FILES, "contingents/abc.yaml": f"name: ABC\nkeys:\n  - {(tmp_path / 'key.pub').read_text()}"}
    )
    commit_all(root)
    how = ["--as", "abc", "build", "abc/all", "-o", str(out), "--sign", "--key", str(key)]
    assert newsrepo(root, *how).exit_code == 0
    assert "signed by abc (SHA256:" in newsrepo(root, "verify-edition", str(out)).stdout
    before = (out / SIGNATURE).stat().st_mtime_ns
    assert newsrepo(root, *how).exit_code == 0
    assert newsrepo(root, "build", "abc/all", "-o", str(out)).exit_code == 0
    assert (out / SIGNATURE).stat().st_mtime_ns == before
    commit_all(root, "Another tip")
    assert newsrepo(root, "build", "abc/all", "-o", str(out)).exit_code == 0
    assert not (out / SIGNATURE).exists()
    assert "none that the address book has" in newsrepo(root, *how[:-1], str(_another(tmp_path))).stderr


def _another(folder: Path) -> Path:
    path = folder / "another.pub"
    path.write_text(EVE.line + "\n")
    return path
