"""``compare`` from the command line: lines, table, JSON and the page, on real repositories."""

import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from newsrepo.cli.present import compare as present
from newsrepo.cli.present.out import Out
from newsrepo.porcelain.compare import compare
from newsrepo.porcelain.workspace import Workspace
from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put, run_git

EVIL = '</style><script>alert("x")</script>'


def work(title: str, topic: str, lang: str = "en") -> str:
    text = STRIKE.replace("The dock strike ends", json.dumps(title)).replace("- labour", f"- {topic}")
    return text.replace("lang: en", f"lang: {lang}")


@pytest.fixture
def fronts(commons: Path) -> Path:
    """Two editions, one of them right to left, of four stories; committed on 2026-05-20."""
    put(
        commons,
        {
            "contingents/lmn.yaml": "name: LMN\n",
            "articles/abc/2026/bread/index.md": work("Bread", "food"),
            "articles/lmn/2026/mill/index.md": work("طاحونة", "mill", "ar"),
            "articles/lmn/2026/owl/index.md": work(EVIL, "owl"),
            "filters/abc/daily.yaml": (
                "title: Daily\nselect: topic:labour OR topic:mill\nedition:\n  sections:\n"
                "    - title: Work & pay\n      select: topic:labour\n"
            ),
            "filters/lmn/daily.yaml": (
                "title: يومية\nselect: topic:owl OR topic:labour\nlead:\n  - lmn/2026/owl\n"
                "edition:\n  lang: ar\n  theme:\n    accent: '#1f4e5f'\n"
            ),
        },
    )
    commit_all(commons, GIT_COMMITTER_DATE="2026-05-20T12:00:00Z")
    return commons


def test_a_pipe_gets_a_story_a_line(fronts: Path, run: Run) -> None:
    result = run("compare", "abc/daily", "filter:lmn/daily", cwd=fronts)
    assert result.exit_code == 0
    strike, mill, owl = "abc/2026/dock-strike", "lmn/2026/mill", "lmn/2026/owl"
    assert result.stdout.splitlines() == [
        f"both\t{strike}\tselect\t1\t0\t{strike}\tWork & pay\tselect\t2\t0\t{strike}\t-\tThe dock strike ends",
        f"first\t{mill}\tselect\t2\t0\t{mill}\t-\tquery\t-\t-\t-\t-\tطاحونة",  # noqa: RUF001 - Arabic is meant
        f"second\t{owl}\tquery\t-\t-\t-\t-\tlead\t1\t0\t{owl}\t-\t{EVIL}",
    ]
    assert "1 story in both, 1 only in abc/daily, 1 only in lmn/daily, 1 in neither" in result.stderr, (
        "what neither prints is counted"
    )
    assert "neither\tabc/2026/bread\t" in run("compare", "abc/daily", "lmn/daily", "--all", cwd=fronts).stdout


def test_a_terminal_gets_tables_with_either_signature(fronts: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    found = compare(Workspace.discover(fronts), "abc/daily", "lmn/daily", today=None, clock=date(2026, 6, 1))
    shown = Terminal()
    present.as_text(Out(shown, io.StringIO()), found, every=True)
    text = shown.getvalue()
    assert "The ABC contingent of Harbour commons" in text
    assert "The LMN contingent of Harbour commons" in text
    assert "1 story in neither" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_json_tells_everything(fronts: Path, run: Run) -> None:
    answer = json.loads(run("compare", "abc/daily", "lmn/daily", "--json", cwd=fronts).stdout)
    assert (answer["version"], answer["verb"]) == (1, "compare")
    assert (answer["day"], answer["day_from"]) == ("2026-05-20", "commit")
    assert [side["filter"] for side in answer["filters"]] == ["abc/daily", "lmn/daily"]
    assert answer["filters"][0]["signature"] == "The ABC contingent of Harbour commons"
    (both,) = answer["both"]
    assert both["first"] == {
        "printed": True,
        "why": "select",
        "place": 1,
        "work": "abc/2026/dock-strike",
        "others": [],
        "points": 0.0,
        "points_exact": "0",
        "section": "Work & pay",
        "clauses": [],
    }
    assert answer["only_second"][0]["second"]["why"] == "lead"
    assert answer["only_first"][0]["second"]["clauses"] == [
        {"text": "topic:owl", "truth": "false"},
        {"text": "topic:labour", "truth": "false"},
    ]
    assert [row["story"] for row in answer["neither"]] == ["abc/2026/bread"]
    assert answer["alike"] is False
    own = json.loads(run("compare", "abc/daily", "abc/daily", "--json", cwd=fronts).stdout)
    assert own["alike"] is True
    later = json.loads(
        run("--today", "2026-05-02", "compare", "abc/daily", "lmn/daily", "--json", cwd=fronts).stdout
    )
    assert (later["day"], later["day_from"], later["both"]) == ("2026-05-02", "option", [])
    assert {row["first"]["why"] for row in later["neither"]} == {"early", "query"}


def test_the_page_holds_both_fronts_and_nothing_from_elsewhere(fronts: Path, run: Run) -> None:
    page = run("compare", "abc/daily", "lmn/daily", "--html", "-", cwd=fronts).stdout
    assert "<script" not in page
    assert page.count("</style>") == 1
    assert "&lt;/style&gt;&lt;script&gt;" in page
    assert "default-src 'none'; style-src 'sha256-" in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert 'class="sheet one" dir="ltr"' in page
    assert 'class="sheet other" dir="rtl"' in page
    fronts_of = page.partition('class="sheet other"')
    assert "The ABC contingent of Harbour commons</p>\n<h2" in fronts_of[0]
    assert "The LMN contingent of Harbour commons</p>\n<h2" in fronts_of[2]
    assert 'href="#other-2"' in page
    assert 'id="other-2"' in page
    assert "Work &amp; pay" in page
    assert "as it fails <code>topic:owl</code>, <code>topic:labour</code>" in page
    assert "Bread" not in page
    assert "Bread" in run("compare", "abc/daily", "lmn/daily", "--all", "--html", "-", cwd=fronts).stdout
    assert page == run("compare", "abc/daily", "lmn/daily", "--html", "-", cwd=fronts).stdout


def test_each_front_keeps_the_colour_of_its_edition(fronts: Path, run: Run) -> None:
    page = run("compare", "abc/daily", "lmn/daily", "--html", "-", cwd=fronts).stdout
    assert ".one{--accent-light:#8c1c13;" in page
    assert ".other{--accent-light:#1f4e5f;" in page


def test_a_page_replaces_an_earlier_one_and_no_other_file(fronts: Path, run: Run) -> None:
    for _ in range(2):
        result = run("compare", "abc/daily", "lmn/daily", "--html", "page.html", cwd=fronts)
        assert result.exit_code == 0
        assert result.stderr.startswith("wrote page.html")
    put(fronts, {"mine.html": "<p>my own"})
    result = run("compare", "abc/daily", "lmn/daily", "--html", "mine.html", cwd=fronts)
    assert result.exit_code == 2
    assert "was not written by `newsrepo compare`" in result.stderr
    assert (fronts / "mine.html").read_text() == "<p>my own"
    assert run("diff", "abc/2026/bread", "abc/2026/bread", "--html", "page.html", cwd=fronts).exit_code == 2


def test_a_name_that_could_be_taken_for_the_commons_stands_above_no_front(fronts: Path, run: Run) -> None:
    put(fronts, {"contingents/lmn.yaml": "name: Harbour commons\n"})
    page = run("compare", "abc/daily", "lmn/daily", "--html", "-", cwd=fronts).stdout
    assert "The lmn contingent of Harbour commons" in page


def test_an_earlier_state_is_compared_by_its_ref(fronts: Path, run: Run) -> None:
    put(fronts, {"filters/abc/daily.yaml": "title: Daily\nselect: -is:usable\n"})
    commit_all(fronts, GIT_COMMITTER_DATE="2026-05-21T12:00:00Z")
    before = run_git(fronts, "rev-parse", "HEAD~1").strip()
    assert run("compare", "abc/daily", "lmn/daily", cwd=fronts).stdout.startswith("second\t")
    assert run("compare", "abc/daily", "lmn/daily", "--at", before, cwd=fronts).stdout.startswith("both\t")


def test_what_is_asked_wrongly_is_said(fronts: Path, run: Run) -> None:
    assert run("compare", "abc/daily", "lmn/daily", "--json", "--html", "-", cwd=fronts).exit_code == 2
    unknown = run("compare", "abc/daily", "abc/dayly", cwd=fronts)
    assert unknown.exit_code == 2
    assert "no such filter: 'abc/dayly'" in unknown.stderr
    assert "abc/daily" in unknown.stderr
