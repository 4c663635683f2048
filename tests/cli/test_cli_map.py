"""``map`` as people and scripts see it, and its picture."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from newsrepo.editions.opinion import page, picture
from newsrepo.records import blob_id
from newsrepo.scores.opinion import Chart, Counts, Spot, Verdict, Weight
from tests.cli.conftest import STRIKE, Run
from tests.conftest import put

SVG = "{http://www.w3.org/2000/svg}"
SIDES: Sequence[int | None] = (1, 1, 1, -1, -1, -1, None)


@pytest.fixture
def divided(commons: Path) -> Path:
    """Six contingents of two camps, two raters each, who quarrel over 24 articles; and one that is of none."""
    works = []
    for n in range(24):
        text = STRIKE.replace("The dock strike ends", f"Article <{n}>")
        put(commons, {f"articles/abc/2026/w{n:02d}/index.md": text})
        works.append((f"abc/2026/w{n:02d}", blob_id(text.encode())))
    for c, side in enumerate(SIDES):
        put(commons, {f"contingents/c{c}.yaml": f"name: C{c}\n"})
        for r in range(2):
            lines = []
            for n, (name, version) in enumerate(works):
                lean = side if side is not None else (1 if n % 4 < 2 else -1)
                mark = 5 if n < 3 else max(0, min(5, 2 + 2 * lean * (1 if n % 2 else -1) + (n * (r + c)) % 2))
                day = f"2026-05-{1 + n % 9:02d}"
                lines.append(
                    f"  - {{article: {name}, version: {version}, date: {day}, values: {{newsworthy: {mark}}}}}\n"
                )
            put(commons, {f"ratings/c{c}/r{r}/2026-05.yaml": "ratings:\n" + "".join(lines)})
    return commons


def test_the_answer_for_people_fits_eighty_columns(divided: Path, run: Run) -> None:
    result = run("map", "--drift", cwd=divided)
    assert result.exit_code == 0
    lines = result.stdout.split("\n")
    assert lines[0].startswith("Two poles, clearly apart: 14 raters of 7 contingents")
    assert max(map(len, lines)) <= 80
    assert "What most divides A and B:" in lines
    assert "What all groups value:" in lines
    assert any(line.startswith("2026-05  A") for line in lines)
    assert any("c6/r0" in line for line in lines if line.startswith("no group"))


def test_the_answer_for_scripts(divided: Path, run: Run) -> None:
    found = json.loads(run("map", "--json", cwd=divided).stdout)
    assert (found["version"], found["verb"], found["verdict"]["poles"]) == (1, "map", 2)
    sides = {spot["rater"]: spot["group"] for spot in found["raters"]}
    assert [sides[f"c{n}/r0"] for n in range(7)] == [0, 0, 0, 1, 1, 1, None]
    assert all(spot["x"] == round(spot["x"], 3) for spot in found["raters"])
    assert {"c0", "c1", "c2"} == set(found["groups"][0]["contingents"])
    assert found["bridges"][0]["work"] in {"abc/2026/w00", "abc/2026/w01", "abc/2026/w02"}
    assert json.loads(run("map", "--json", cwd=divided).stdout) == found


def test_options_that_go_together_and_not(divided: Path, run: Run) -> None:
    one = json.loads(run("map", "--axis", "newsworthy", "--weight", "rater", "--json", cwd=divided).stdout)
    assert (one["axes"], one["weight"], one["verdict"]["poles"]) == (["newsworthy"], "rater", 2)
    turned = json.loads(run("map", "--anchor", "c0", "--json", cwd=divided).stdout)
    assert next(spot["x"] for spot in turned["raters"] if spot["rater"] == "c0/r0") > 0
    later = json.loads(run("map", "--since", "2027-01-01", "--json", cwd=divided).stdout)
    assert later["verdict"]["poles"] is None
    assert later["verdict"]["missing"]
    for wrong in (
        ("--axis", "newsworth"),
        ("--weight", "heavy"),
        ("--anchor", "nobody"),
        ("--since", "May"),
        ("--json", "--svg"),
        ("--anchor", "c0", "--anchor", "c1", "--anchor", "c2"),
    ):
        assert run("map", *wrong, cwd=divided).exit_code == 2, wrong


def test_the_roll_decides_where_four_of_it_rate_and_other_lists_if_asked(divided: Path, run: Run) -> None:
    voters = "".join(
        f"- {{voter: c{n}, votes: 1, keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'A' * 42}{'AEIMQUYc'[n]}]}}\n"
        for n in (0, 1, 3, 4)
    )
    put(divided, {"statements/roll.yaml": f"voters:\n{voters}"})
    put(divided, {"filters/c0/f.yaml": "title: F\ntrust: {c0: 1, c1: 1, c2: 1, c3: 0.5, c4: 0.5}\n"})
    found = json.loads(run("map", "--json", cwd=divided).stdout)
    assert found["say"] == {"whose": "roll", "filter": None, "silent": ["c2", "c5", "c6"]}
    assert {spot["rater"][:2] for spot in found["raters"]} == {"c0", "c1", "c3", "c4"}
    assert "Everybody with a vote on the roll has a say; 3 contingents" in run("map", cwd=divided).stdout
    whole = json.loads(run("map", "--everyone", "--json", cwd=divided).stdout)
    assert (whole["say"]["whose"], len(whole["raters"])) == ("book", 14)
    trusted = json.loads(run("map", "--filter", "c0/f", "--json", cwd=divided).stdout)
    assert trusted["say"] == {"whose": "trust", "filter": "c0/f", "silent": ["c5", "c6"]}
    assert [group["share"] for group in trusted["groups"]] == [0.75, 0.25]
    for wrong in (("--everyone",), ("--weight", "rater")):
        assert run("map", "--filter", "c0/f", *wrong, cwd=divided).exit_code == 2
    assert run("map", "--filter", "c0/none", cwd=divided).exit_code == 2


def test_ratings_that_cannot_be_read_are_told(divided: Path, run: Run) -> None:
    put(divided, {"ratings/c0/r9/2026-05.yaml": "ratings: [\n"})
    result = run("map", cwd=divided)
    assert result.exit_code == 0
    assert "warning: ratings are missing from this map: ratings/c0/r9/2026-05.yaml" in result.stderr
    unread = json.loads(run("map", "--json", cwd=divided).stdout)["unread"]
    assert unread[0].startswith("ratings/c0/r9/2026-05.yaml")


def test_too_little_is_an_answer(commons: Path, run: Run) -> None:
    result = run("map", cwd=commons)
    assert result.exit_code == 0
    assert result.stdout.startswith("Too little data")
    assert "8 raters with ratings enough (there are 0)" in result.stdout
    assert b"Too little data" in run("map", "--svg", cwd=commons).stdout_bytes


def test_the_picture_is_sound_and_speaks(divided: Path, run: Run) -> None:
    data = run("map", "--svg", cwd=divided).stdout_bytes
    root = ElementTree.fromstring(data)
    assert root.get("role") == "img"
    told = root.find(f"{SVG}desc")
    assert told is not None
    assert "Group A to the left: 6 raters (c0 2, c1 2, c2 2)." in (told.text or "")
    assert b"prefers-color-scheme:dark" in data
    assert b"@media print" in data
    assert b"<script" not in data
    assert run("map", "--svg", cwd=divided).stdout_bytes == data
    # A mark for each rater, and one for each line of the legend.
    marks = [e for e in root.iter() if re.match(r"map-(dot|none)", e.get("class", ""))]
    assert len(marks) == 14 + 3


def test_the_page_holds_the_same_in_tables_and_escapes(divided: Path, run: Run) -> None:
    html = run("map", "--html", "--drift", cwd=divided).stdout
    assert "Article &lt;" in html
    assert "Article <" not in html
    assert html.count("<table>") == 5
    assert "default-src 'none'" in html
    assert html.count("'sha256-") == 2


def test_very_many_raters_make_a_small_picture() -> None:
    spots = tuple(
        Spot(f"c/r{n}", n % 2, ((n * 37) % 100 / 50 - 1), ((n * 61) % 97 / 50 - 1), 0.1, 9)  # type: ignore[arg-type]
        for n in range(20_000)
    )
    counts = Counts(20_000, 1, 9, 9, 20_000, 1, 9, 9)
    chart = Chart(("agree",), Weight.RATER, Verdict(2, "Two poles."), counts, spots)  # type: ignore[arg-type]
    assert len(picture(chart)) < 1_200_000
    assert "And 19800 more." in page("X", chart, {}).decode()
