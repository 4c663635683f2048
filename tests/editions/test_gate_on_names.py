"""Nobody speaks for all: a name that could be taken for the commons' stands over no page and beside no text."""

from datetime import date
from pathlib import Path

import pytest
from press import based_on, press
from support import article

from newsrepo.commons import Commons
from newsrepo.editions.build import build_edition
from newsrepo.filters import FilterError
from newsrepo.ids import FilterId

TODAY = date(2026, 6, 1)
DAILY = FilterId("abc/daily")
FILTER = 'select: "-by:xyz"\nedition: {url: "https://example.org/d/"}\n'
USURPED = "T\u0435st C\u043emmons"
"""Two of its letters are Cyrillic."""


def built(view: Commons, out: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    result = build_edition(view, DAILY, out, today=TODAY)
    texts = {p.relative_to(out).as_posix(): p.read_text() for p in out.rglob("*") if p.is_file()}
    return texts, tuple(f"{w.rule} {w.location.path} {w.message}" for w in result.warnings)


def story(title: str = USURPED, more: str = "") -> Commons:
    """Two versions of a story, the second by xyz, whom the filter leaves out, and a text based on that."""
    return press(
        {
            "abc/2026/one": article("One"),
            "xyz/2026/other": article(title, more=more + based_on("abc/2026/one")),
            "lmn/2026/third": article("Third", more=based_on("xyz/2026/other")),
        },
        filters={"abc/daily": FILTER},
    )


@pytest.mark.parametrize(
    "view",
    [story(), story("Peace", f"authors: [Ann, '{USURPED}']\n")],
    ids=["title", "byline"],
)
def test_another_version_that_seems_to_speak_for_all_is_shown_by_its_owner_alone(
    view: Commons, tmp_path: Path
) -> None:
    files, warnings = built(view, tmp_path / "site")
    assert "articles/xyz/2026/other.html" not in files
    assert not any(USURPED in text for text in files.values())
    page = files["stories/abc/2026/one.html"]
    assert "left out: its title or byline could be taken for the name of the commons" in page
    assert "The xyz contingent of The Test Commons" in page
    assert "xyz/2026/other" in files["articles/lmn/2026/third.html"]
    (warning,) = [w for w in warnings if w.startswith("speaks-for-all")]
    assert warning == (
        "speaks-for-all articles/xyz/2026/other/index.md "
        "1 work is left out, as the title or byline could be taken for the name of the commons: xyz/2026/other"
    )


def test_where_nobody_does_there_is_no_warning(tmp_path: Path) -> None:
    files, warnings = built(story("Peace"), tmp_path / "site")
    assert "articles/xyz/2026/other.html" in files
    assert not [w for w in warnings if w.startswith("speaks-for-all")]


def test_a_contingent_called_like_the_commons_publishes_no_edition(tmp_path: Path) -> None:
    view = press(["abc/2026/one"], filters={"abc/daily": FILTER}, contingents={"xyz": ""})
    assert built(view, tmp_path / "fine")
    view = renamed("abc")
    with pytest.raises(FilterError, match="could be taken for the name of the commons") as caught:
        build_edition(view, DAILY, tmp_path / "site", today=TODAY)
    assert "contingent abc" in caught.value.message
    assert "contingents/abc.yaml" in caught.value.hint
    assert not (tmp_path / "site").exists()


def renamed(who: str) -> Commons:
    from support import commons

    names = {c: "The Test-Commons" if c == who else f"{c} desk" for c in ("abc", "lmn", "xyz")}
    return commons(
        {
            "filters/abc/daily.yaml": f"title: Daily\n{FILTER}",
            "articles/abc/2026/one/index.md": article("One"),
            "articles/lmn/2026/two/index.md": article("Two"),
            **{f"contingents/{c}.yaml": f"name: {name}\n" for c, name in names.items()},
        }
    )


def test_another_contingent_called_so_is_called_by_its_id(tmp_path: Path) -> None:
    files, _ = built(renamed("lmn"), tmp_path / "site")
    assert not any("Test-Commons" in text for text in files.values())
    assert "The lmn contingent of The Test Commons" in files["articles/lmn/2026/two.html"]
    assert "<bdi>lmn</bdi>" in files["contingents/index.html"]


def test_a_comment_under_that_name_keeps_only_its_signature_line(tmp_path: Path) -> None:
    from press import blob
    from support import commons

    text = article("One")
    comment = (
        f"---\non: abc/2026/one\nversion: {blob(text.encode())}\ndate: 2026-05-04\nauthors: [The Test Commons]\n"
        "lang: en\n---\n\nWe all agree.\n"
    )
    view = commons(
        {
            "filters/abc/daily.yaml": f"title: Daily\n{FILTER}",
            "articles/abc/2026/one/index.md": text,
            "comments/lmn/2026/all.md": comment,
            **{f"contingents/{c}.yaml": f"name: {c} desk\n" for c in ("abc", "lmn", "xyz")},
        }
    )
    files, _ = built(view, tmp_path / "site")
    page = files["discussion/abc/2026/one.html"]  # nobody of lmn is trusted to speak beneath the text
    assert "We all agree." in page
    assert "<bdi>The Test Commons</bdi>" not in page
    assert "The lmn desk contingent of The Test Commons" in page
