"""``why``: the answer first, exit codes, JSON, published editions, hostile words, what is no answer at all."""

import json
from pathlib import Path

import pytest

from newsrepo.gitstore.snapshot import blob_id
from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put

STRIKE_ID = "abc/2026/dock-strike"
FILTER = """\
title: ABC daily
trust: {abc: 1}
trust_through: {hops: 1, factor: 0.5}
select: newsworthy>=3 topic:labour
order: {newsworthy: 1, fade: 10d}
"""


def rating(value: int) -> str:
    version = blob_id(STRIKE.encode())
    given = f"article: {STRIKE_ID}, version: {version}, date: 2026-05-04, values: {{newsworthy: {value}}}"
    return f"ratings:\n- {{{given}}}\n"


@pytest.fixture
def rated(commons: Path) -> Path:
    """The strike, rated 4 by abc/ann and 5 by lmn/lea, for whom abc vouches; and the filter abc/daily."""
    put(
        commons,
        {
            "contingents/abc.yaml": "name: ABC\nvouches: {lmn: 0.8}\n",
            "contingents/lmn.yaml": "name: LMN\n",
            "ratings/abc/ann/2026-05.yaml": rating(4),
            "ratings/lmn/lea/2026-05.yaml": rating(5),
            "filters/abc/daily.yaml": FILTER,
        },
    )
    commit_all(commons, GIT_COMMITTER_DATE="2026-05-10T12:00:00Z")
    return commons


def test_the_whole_account_of_a_work_that_is_in(rated: Path, run: Run) -> None:
    result = run("--today", "2026-05-13", "why", STRIKE_ID, "--filter", "abc/daily", cwd=rated)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
{STRIKE_ID}: The dock strike ends
IN: “ABC daily” (abc/daily) prints it on 2026-05-13, 1st of 1 story.
The query selects it. What decides: newsworthy>=3, topic:labour.

The query, clause by clause
  yes  newsworthy>=3  it has 3.6842…
  yes  topic:labour

Who rated it
  newsworthy:
    abc/ann  4  trusted with abc, whose raters share 1
    lmn/lea  5  trusted through others: abc (1) vouches 0.8 for lmn, whose
        raters share 0.4

How its scores are summed
  newsworthy = (1 \u00d7 4 + 0.4 \u00d7 5 + 0.5 \u00d7 2) / (1 + 0.4 + 0.5) = 3.6842…
    1 \u00d7 4    abc: 1 rater
    0.4 \u00d7 5  lmn: 1 rater, through abc
    0.5 \u00d7 2  the neutral value of the axis

Its place
  It is 1st of 1 that the filter selects.
  points: 1 \u00d7 newsworthy 3.6842… - 10 days / 10 = 2.6842…
  above: nothing
  below: nothing

What would leave it out
  - with 3.69 instead of 3 in the clause newsworthy>=3
  - with trust of 0.27 in abc instead of 1
  - had abc/ann given 2 for newsworthy instead of 4
  - had lmn/lea given 1 for newsworthy instead of 5
  Nothing else does, alone: dropping newsworthy>=3, topic:labour; more or less
        trust in lmn; the absence of any one of 2 ratings.
"""
    )


def test_a_work_that_is_out_exits_with_1(rated: Path, run: Run) -> None:
    put(rated, {"filters/abc/daily.yaml": FILTER.replace(">=3", ">=4")})
    result = run("why", STRIKE_ID, "--filter", "abc/daily", "--today", "2026-05-13", cwd=rated)
    assert result.exit_code == 1
    assert "OUT: “ABC daily” (abc/daily) does not print it on 2026-05-13." in result.stdout
    assert "The query does not select it. What decides: newsworthy>=4." in result.stdout
    assert "What would bring it in" in result.stdout
    assert "without the clause newsworthy>=4" in result.stdout


def test_json_has_exact_numbers_and_all_knobs(rated: Path, run: Run) -> None:
    result = run("why", STRIKE_ID, "--filter", "abc/daily", "--json", "--today", "2026-05-13", cwd=rated)
    told = json.loads(result.stdout)
    assert (told["version"], told["verb"], told["in"], told["reason"]) == (1, "why", True, "select")
    assert told["scores"][0]["score"] == {"num": 70, "den": 19}
    assert told["ratings"][1]["hops"] == [
        {"contingent": "abc", "weight": {"num": 1, "den": 1}, "vouches": {"num": 4, "den": 5}}
    ]
    turned = {(k["kind"], k["of"]): k["turned_by"] for k in told["knobs"]}
    assert turned["trust", "abc"] == "0.27"
    assert turned["trust", "lmn"] is None
    assert all(k["every_setting_tried"] for k in told["knobs"])


def test_what_is_no_question(rated: Path, run: Run) -> None:
    for args in (
        ("abc/2026/nothing", "--filter", "abc/daily"),
        (STRIKE_ID, "--filter", "abc/nothing"),
        (STRIKE_ID,),
        (STRIKE_ID, "--filter", "abc/daily", "--edition", "site"),
        (STRIKE_ID, "--edition", "nowhere"),
    ):
        result = run("why", *args, cwd=rated)
        assert result.exit_code == 2, args
        assert "error:" in result.stderr


def test_a_work_that_cannot_be_read_or_was_removed_is_told_so(rated: Path, run: Run) -> None:
    path = rated / f"articles/{STRIKE_ID}/index.md"
    commit_all(rated)
    path.write_text("---\ntitle: [\n")
    broken = run("why", STRIKE_ID, "--filter", "abc/daily", cwd=rated)
    assert broken.exit_code == 3
    assert "cannot be read" in broken.stderr
    path.unlink()
    commit_all(rated)
    gone = run("why", STRIKE_ID, "--filter", "abc/daily", cwd=rated)
    assert gone.exit_code == 2
    assert "was here, and commit" in gone.stderr


def test_a_filter_with_a_fault_is_told_and_no_guess_made(rated: Path, run: Run) -> None:
    put(rated, {"filters/abc/daily.yaml": FILTER.replace("topic:", "topc:")})
    result = run("why", STRIKE_ID, "--filter", "abc/daily", cwd=rated)
    assert result.exit_code == 3
    assert "topc" in result.stderr


@pytest.mark.parametrize(
    "page", [f"articles/{STRIKE_ID}.html", f"https://x.example/articles/{STRIKE_ID}.html#a"]
)
def test_a_published_edition_is_asked_with_its_own_day(
    rated: Path, run: Run, tmp_path: Path, page: str
) -> None:
    site = tmp_path / "site"
    assert run("build", "abc/daily", "-o", str(site), cwd=rated).exit_code == 0
    result = run("why", page, "--edition", str(site), cwd=rated)
    assert result.exit_code == 0, result.output
    assert "prints it on 2026-05-10" in result.stdout
    assert "was made from HEAD " in " ".join(result.stdout.split())
    assert "in another state" not in result.stdout
    put(rated, {"ratings/lmn/lea/2026-05.yaml": rating(0)})
    later = run("why", page, "--edition", str(site), "--json", cwd=rated)
    told = json.loads(later.stdout)["edition"]
    assert (told["same_content"], told["same_filter"]) == (False, True)
    assert told["page"] == f"articles/{STRIKE_ID}.html"
    put(rated, {"filters/abc/daily.yaml": FILTER.replace(">=3", ">=1")})
    assert "the filter has changed" in " ".join(
        run("why", page, "--edition", str(site), cwd=rated).stdout.split()
    )


def test_pages_of_no_article_and_lists_of_editions_are_refused(rated: Path, run: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert run("build", "--all", "-o", str(site), cwd=rated).exit_code == 0
    assert run("why", STRIKE_ID, "--edition", str(site), cwd=rated).exit_code == 2
    inner = str(site / "abc/daily")
    assert run("why", "topics/labour.html", "--edition", inner, cwd=rated).exit_code == 2
    assert run("why", STRIKE_ID, "--edition", inner, "--today", "2026-05-01", cwd=rated).exit_code == 2


def test_hostile_words_stay_words(rated: Path, run: Run) -> None:
    put(rated, {"filters/abc/daily.yaml": FILTER.replace("ABC daily", '"ABC \\e[2J daily"')})
    result = run("why", STRIKE_ID, "--filter", "abc/daily", cwd=rated)
    assert "\x1b" not in result.stdout
