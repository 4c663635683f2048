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
        "lmn counts 1 | 3 3 raters",
        "xyz counts 0.5 | 0 1 rater",
        "Neutral value counts 0.5 | 2",
        "Score in this edition | 2",
    ]


def test_a_contingent_that_rates_its_own_work_is_marked(tmp_path: Path) -> None:
    rows = table(tmp_path, "{abc: 1, abc/eve: 0.5, lmn: 1}")
    assert [" ".join(row.split()) for row in rows[:-2]] == [
        "abc: eve (own work) counts 0.5 | 5 1 rater",
        "lmn counts 1 | 3 3 raters",
    ]


def test_a_named_rater_speaks_apart(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 1, lmn/ann: 0.5}")
    assert [" ".join(row.split()) for row in rows[:2]] == [
        "lmn counts 0.5 | 2 2 raters",
        "lmn: ann counts 0.5 | 5 1 rater",
    ]


def test_a_rater_without_a_voice_is_left_out(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 1, lmn/ann: 0}")
    assert [" ".join(row.split()) for row in rows[:-2]] == ["lmn counts 1 | 2 2 raters"]


def test_only_the_named_rater_is_heard(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn/ann: 0.5}")
    assert [" ".join(row.split()) for row in rows[:-2]] == ["lmn: ann counts 0.5 | 5 1 rater"]


def test_trust_that_came_through_others_says_so(tmp_path: Path) -> None:
    text = "trust: {abc: 1}\ntrust_through: {hops: 1, factor: 0.5}\nselect: newsworthy>=0\n"
    commons = press([WORK], RATINGS, {"abc/daily": text}, {"abc": "vouches: {lmn: 0.8}\n"})
    build_edition(commons, FilterId("abc/daily"), tmp_path, today=date(2026, 11, 20))
    page = html.parse(str(tmp_path / f"articles/{WORK}.html"))
    (cells,) = page.xpath("//section[@aria-label='Ratings']//tbody/tr/th[a='lmn']")
    assert " ".join(" ".join(cells.itertext()).split()) == "lmn counts 0.4, trusted through abc"
    assert f"newsrepo why {WORK} --filter abc/daily" in page.xpath("//code/text()")


def test_a_contingent_whose_named_raters_take_all_its_trust_counts_nothing(tmp_path: Path) -> None:
    rows = table(tmp_path, "{lmn: 0.4, lmn/ann: 0.5}")
    assert [" ".join(row.split()) for row in rows[:2]] == [
        "lmn counts 0 | 2 2 raters",
        "lmn: ann counts 0.4 | 5 1 rater",
    ]
