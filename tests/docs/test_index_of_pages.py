"""Every page of the documentation is on a list that leads to it, and the site is laid out from these lists."""

import re
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "tools"))

from docs_site import INDEX, OUTSIDE, laid_out, navigation, pages  # noqa: E402 - the tools are no package

LISTS = [PROJECT / INDEX, PROJECT / "docs/rules/README.md", PROJECT / "docs/decisions/README.md"]


def listed(index: Path) -> set[str]:
    """The pages that an index has on a line of a list, from the root of the project."""
    found = re.findall(r"^- \[[^\]]+\]\(([^)#]+)\)", index.read_text("utf-8"), re.MULTILINE)
    return {(index.parent / path).resolve().relative_to(PROJECT).as_posix() for path in found}


def test_every_page_is_listed() -> None:
    reached = set().union(*(listed(index) for index in LISTS)) | {INDEX}
    assert set(pages()) - reached == set(), "give it a line in docs/README.md"


def test_the_site_has_them_in_the_same_order() -> None:
    sections = navigation((PROJECT / INDEX).read_text("utf-8"), pages())
    entries = [
        path for section in sections[1:] for page in next(iter(section.values())) for path in page.values()
    ]
    assert set(entries) == {pages()[name] for name in listed(PROJECT / INDEX)}
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize(
    ("written", "there"),
    [
        ("[a](../format.md#x)", "[a](../format.md#x)"),
        ("[a](../../README.md)", "[a](../tour.md)"),
        ("![a](../pictures/front.png)", "![a](../pictures/front.png)"),
        ("[`schemas/`](../../schemas)", "`schemas/`"),
        ("[a test](../../tests/x.py)", "a test (`tests/x.py`)"),
        ("[test_a](../../tests/x.py)", "`tests/x.py::test_a`"),
        ("[a\nb](../format.md)", "[a\nb](../format.md)"),
        ("`[a](../../gone)`", "`[a](../../gone)`"),
        ("[a](https://e.example/x) [b](#c)", "[a](https://e.example/x) [b](#c)"),
        (
            "```yaml a/b.yaml\n[a](../../gone)\n```\n",
            '``` { .yaml title="a/b.yaml" }\n[a](../../gone)\n```\n',
        ),
    ],
)
def test_links_and_fences(written: str, there: str) -> None:
    assert laid_out(written, "docs/start/editors.md", pages()) == there


def test_the_tour_leads_into_the_site() -> None:
    assert laid_out("[a](docs/format.md) [b](docs/rules/README.md)", "README.md", pages() | OUTSIDE) == (
        "[a](format.md) [b](rules/README.md)"
    )
