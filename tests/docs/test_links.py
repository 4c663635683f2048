"""Every link of the documentation that leads into this repository leads to a file and a heading that exist."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from newsrepo.records.markup import pointers

PROJECT = Path(__file__).parents[2]
PAGES = [PROJECT / "README.md", *sorted(PROJECT.glob("docs/**/*.md"))]

_FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)\s*?$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)?$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@cache
def anchors(page: Path) -> frozenset[str]:
    """The names that a forge gives the headings of a page: the second of one name has ``-1`` after it."""
    found: dict[str, int] = {}
    names = set()
    for title in _HEADING.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        words = _LINK.sub(r"\1", title).lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = found.get(name, 0)
        found[name] = number + 1
        names.add(f"{name}-{number}" if number else name)
    return frozenset(names)


def dead(page: Path) -> list[str]:
    """The relative links and pictures of a page, with their lines, that lead nowhere."""
    lost = []
    for pointer in pointers(page.read_text(encoding="utf-8")):
        if pointer.kind not in ("link", "image") or re.match(
            r"[a-z][a-z0-9+.-]*:|//", pointer.dest, re.IGNORECASE
        ):
            continue
        path, _, anchor = unquote(pointer.dest).partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target.is_relative_to(PROJECT) and target.exists()
        known = not anchor or (inside and target.suffix == ".md" and anchor in anchors(target))
        if not inside or not known:
            lost.append(f"{page.relative_to(PROJECT)}:{pointer.line}: {pointer.dest}")
    return lost


def test_the_pages_are_there() -> None:
    assert len(PAGES) > 100
    assert sum(len(pointers(page.read_text(encoding="utf-8"))) for page in PAGES) > 100


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert dead(page) == []


def test_a_dead_link_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PROJECT", tmp_path)
    page = tmp_path / "a.md"
    page.write_text(
        "# One *two*: three\n\n## Same\n\n## Same\n\n```\n# none\n```\n"
        "[ok](#one-two-three) [ok](a.md#same-1) [ok](https://e.example/x)\n"
        "[no](b.md) [no](#none) [no](a.md#same-2) ![no](p.png) [no](../x.md)\n"
    )
    assert [line.rpartition(" ")[2] for line in dead(page)] == [
        "b.md",
        "#none",
        "a.md#same-2",
        "p.png",
        "../x.md",
    ]
