"""What the wheel holds. That it works alone is tested with the sites: it needs a package registry."""

import re
import zipfile
from pathlib import Path

import pytest
from wheels import PROJECT, build_wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_pages_about_rules(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    pages = {path.name for path in (PROJECT / "docs" / "rules").iterdir()}
    assert {Path(n).name for n in names if n.startswith("newsrepo/_rules/")} == pages


def test_the_wheel_holds_the_package_and_its_theme(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    theme = {path.name for path in (PROJECT / "templates").iterdir() if path.name != "__pycache__"}
    assert {Path(n).name for n in names if n.startswith("newsrepo/_templates/")} == theme
    assert "newsrepo/py.typed" in names
    assert not [n for n in names if not re.match(r"newsrepo(-[^/]+\.(dist-info|data))?/", n)]


def test_the_wheel_holds_a_manual_page_for_every_verb(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shared = {n.partition(".data/data/")[2] for n in names if ".data/" in n}
    reference = (PROJECT / "docs/cli.md").read_text(encoding="utf-8")
    verbs = re.findall(r"^### newsrepo (\S+)$", reference, re.MULTILINE)
    assert shared == {"share/man/man1/newsrepo.1", *(f"share/man/man1/newsrepo-{v}.1" for v in verbs)}


def test_the_wheel_holds_what_a_commons_ships_for_its_forge(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    shipped = PROJECT / "newsrepo" / "_forge"
    wanted = {str(path.relative_to(PROJECT)) for path in shipped.rglob("*") if path.is_file()}
    assert {n for n in names if n.startswith("newsrepo/_forge/")} == wanted
    assert "newsrepo/_forge/gitlab/gitlab-ci.yml" in wanted
