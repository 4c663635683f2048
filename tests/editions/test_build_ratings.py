"""The ratings on an article's page are those that its score counts, rater by rater where the filter says so."""

from datetime import date
from pathlib import Path

from lxml import html
from press import press

from newsrepo.editions.build import build_edition
from newsrepo.ids import FilterId

WORK = "abc/2026/strike"
RATINGS = [
    ("lmn/ann", WORK, {"newsworthy": 5}),
    ("lmn/bob", WORK, {"newsworthy": 3}),
    ("lmn/cat", WORK, {"newsworthy": 1}),
    ("xyz/dan", WORK, {"newsworthy": 0}),
    ("abc/eve", WORK, {"newsworthy": 5}),
]


def table(tmp_path: Path, trust: str) -> list[str]:
    """The rows of the score table of the one article, their cells apart by a bar."""
    commons = press([WORK], RATINGS, {"abc/daily": f"trust: {trust}\nselect: newsworthy>=0\n"})
    build_edition(commons, FilterId("abc/daily"), tmp_path, today=date(2026, 11, 20))
    page = html.parse(str(tmp_path / f"articles/{WORK}.html"))
    rows = page.xpath("//section[@aria-label='Ratings']//tr[td]")
    return [" | ".join(" ".join(cell.itertext()).strip() for cell in row) for row in rows]


def test_contingents_speak_as_one(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 1, xyz: 0.5}")
    assert [" ".join(row.split()) for row in rows] == [
        "lmn | 3 3 raters",
        "xyz | 0 1 rater",
        "Score in this edition | 2",
    ]


def test_a_contingent_that_rates_its_own_work_is_marked(tmp_path: Path) -> None:
    rows = table(tmp_path, "{abc: 1, abc/eve: 0.5, lmn: 1}")
    assert [" ".join(row.split()) for row in rows[:-1]] == [
        "abc: eve (own work) | 5 1 rater",
        "lmn | 3 3 raters",
    ]


def test_a_named_rater_speaks_apart(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 1, lmn/ann: 0.5}")
    assert [" ".join(row.split()) for row in rows[:2]] == ["lmn | 2 2 raters", "lmn: ann | 5 1 rater"]


def test_a_rater_without_a_voice_is_left_out(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 1, lmn/ann: 0}")
    assert [" ".join(row.split()) for row in rows[:-1]] == ["lmn | 2 2 raters"]


def test_only_the_named_rater_is_heard(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn/ann: 0.5}")
    assert [" ".join(row.split()) for row in rows[:-1]] == ["lmn: ann | 5 1 rater"]
