"""Nobody speaks for all: what could be taken for the name of the commons is found, and printed nowhere."""

from datetime import date

import pytest
from press import press
from support import article, commons

from newsrepo.checks import run
from newsrepo.filters import FilterError, select
from newsrepo.ids import FilterId

TODAY = date(2026, 6, 1)
DAILY = FilterId("abc/daily")


def speaking(view) -> list[tuple[str, str]]:
    return [(str(f.location), f.message) for f in run(view) if f.rule == "speaks-for-all"]


def test_a_title_a_byline_and_a_name_are_found_where_they_stand() -> None:
    view = press(
        {
            "abc/2026/plain": article("The test commons", more="authors: [Ann]\n"),
            "lmn/2026/byline": article("Peace", more="authors: [Ann, 'T\u0435st  Commons']\n"),
            "xyz/2026/fine": article("The Test Commons at ten", more="authors: [Ann]\n"),
        },
        contingents={"lmn": "", "abc": ""},
    )
    assert [place for place, _ in speaking(view)] == [
        "articles/abc/2026/plain/index.md:2:8",
        "articles/lmn/2026/byline/index.md:5:16",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "title: The Test Commons\n",
        "title: Daily\nedition: {title: TEST COMMONS}\n",
        "title: Daily\nedition: {sections: [{title: 'Test-Commons', select: 'by:abc'}]}\n",
    ],
)
def test_an_edition_under_the_name_of_the_commons_is_a_fault_and_is_not_made(line: str) -> None:
    view = commons({"contingents/abc.yaml": "name: abc\n", "filters/abc/daily.yaml": f'{line}select: ""\n'})
    assert [m for _, m in speaking(view) if "Test" in m or "TEST" in m]
    with pytest.raises(FilterError, match="could be taken for the name of the commons"):
        select(view, DAILY, TODAY)


def test_a_work_that_seems_to_speak_for_all_is_left_out_and_stops_nothing() -> None:
    view = press(
        {"abc/2026/one": article("One"), "xyz/2026/mine": article("Test C\u043emmons")},
        filters={"abc/daily": 'select: ""\ninclude: [xyz/2026/mine]\n'},
    )
    assert [item.work for item in select(view, DAILY, TODAY).items] == ["abc/2026/one"]


def test_without_a_charter_there_is_no_name_to_guard() -> None:
    view = commons({"articles/abc/2026/one/index.md": article("The Test Commons")}, charter=False)
    assert speaking(view) == []
