"""Polis exports come in whole, twice the same, and the map of a real one finds its published groups."""

import csv
import os
import random
import shutil
import sys
from pathlib import Path

import pytest
from hermetic import put, run_git

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.importers.polis import Options, import_conversation
from newsrepo.importers.reading import Folder
from newsrepo.porcelain.imports import import_polis
from newsrepo.porcelain.opinion import opinion_map
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse
from newsrepo.records import types as t

sys.path.insert(0, str(Path(__file__).parents[1] / "opinion"))
from opinions import rand_index

CORPORA = Path(os.environ.get("NEWSREPO_CORPORA", Path(__file__).parents[2].parent / "shared" / "corpora"))
EXPORT = CORPORA / "polis-brexit-consensus"
real = pytest.mark.skipif(
    not EXPORT.is_dir(), reason=f"no {EXPORT.name}: set NEWSREPO_CORPORA to the folder of the corpora"
)

CHARTER = """\
name: The Commons
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: nobody need know, high: all must know}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""
COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,x,0,0,1,1,1,"Say *yes*, <b>now</b>, or [no](x)."
1500000001000,x,1,1,0,0,-1,Out with it
1500000002000,x,2,1,0,1,1,1. First things first
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1500000003000,x,0,0,-1
1502700000000,x,0,0,1
1500000004000,x,2,7,-1
"""
MATRIX = """\
participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
0,1,1,2,1,0,1,0,
7,,0,1,0,1,,,-1
"""


def export(root: Path, **changed: str) -> Path:
    tables = {"comments": COMMENTS, "votes": VOTES, "participants-votes": MATRIX, **changed}
    put(root, {f"{name}.csv": text for name, text in tables.items()})
    return root


def commons(root: Path) -> Workspace:
    put(root, {"newsrepo.yaml": CHARTER})
    run_git(root, "init", "--quiet", ".")
    return Workspace.discover(root, contingent="town")


def test_statements_and_votes_become_articles_and_ratings(tmp_path: Path) -> None:
    found = import_conversation(Folder(export(tmp_path)), ContingentId("town"), Options(lang="en"))
    assert dict(found.counts) == {"articles": 2, "moderated out": 1, "raters": 2, "ratings": 2}
    assert list(found.files) == [
        "articles/town/2017/polis-0/index.md",
        "articles/town/2017/polis-2/index.md",
        "ratings/town/p0/2017-08.yaml",
        "ratings/town/p7/2017-07.yaml",
    ]
    article = parse(Kind.ARTICLE, found.files["articles/town/2017/polis-0/index.md"], "x").record
    assert isinstance(article, t.Article)
    assert article.title == "Say *yes*, <b>now</b>, or [no](x)."
    assert article.body == "Say \\*yes\\*, \\<b\\>now\\</b\\>, or \\[no\\](x).\n"
    assert article.status is t.Status.WITHHELD
    assert article.credits[1].name == "The Computational Democracy Project"
    second = parse(Kind.ARTICLE, found.files["articles/town/2017/polis-2/index.md"], "x").record
    assert isinstance(second, t.Article)
    assert second.body == "1\\. First things first\n"
    ratings = parse(Kind.RATINGS, found.files["ratings/town/p0/2017-08.yaml"], "x").record
    assert isinstance(ratings, t.Ratings)
    assert [(r.article, str(r.date), r.values) for r in ratings.ratings] == [
        ("town/2017/polis-0", "2017-08-14", {"town/agree": 1})
    ]


def test_the_contingent_declares_the_axis_and_a_second_run_does_nothing(tmp_path: Path) -> None:
    source = export(tmp_path / "export")
    work = commons(tmp_path / "commons")
    done = import_polis(work, source, source_license="CC-BY-4.0")
    assert done.complete
    assert "contingents/town.yaml" in done.written
    again = import_polis(Workspace.discover(work.root, contingent="town"), source, source_license="CC-BY-4.0")
    assert (again.written, again.kept) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        "name: Town\n",
        "# ours\nname: Town\n",
        "name: Town\naxes:\n  line: {title: L, min: 0, max: 2, neutral: 1, low: a, high: b}\n",
    ],
)
def test_a_file_that_is_there_is_added_to(tmp_path: Path, text: str) -> None:
    work = commons(tmp_path / "commons")
    put(work.root, {"contingents/town.yaml": text})
    if text.startswith("name: Town\naxes"):  # not in canonical form, and the axis would have to go amidst it
        with pytest.raises(UsageError, match="does not declare the axis"):
            import_polis(work, export(tmp_path / "export"))
        return
    import_polis(work, export(tmp_path / "export"))
    data = (work.root / "contingents/town.yaml").read_bytes()
    record = parse(Kind.CONTINGENT, data, "contingents/town.yaml").record
    assert isinstance(record, t.Contingent)
    assert set(record.axes) == {"agree"}
    assert data.startswith(text.encode())


def test_an_axis_that_means_something_else_is_left_alone(tmp_path: Path) -> None:
    work = commons(tmp_path / "commons")
    axis = "name: Town\naxes:\n  agree:\n    title: A\n    min: 0\n    max: 2\n    neutral: 1\n    low: a\n    high: b\n"
    put(work.root, {"contingents/town.yaml": axis})
    with pytest.raises(UsageError, match="goes from 0 to 2"):
        import_polis(work, export(tmp_path / "export"))


def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    bad = MATRIX + "x,1,0,0,0,0,1,,\n9,1,0,0,0,0,2,,\n"
    found = import_conversation(
        Folder(export(tmp_path, **{"participants-votes": bad})), ContingentId("town"), Options()
    )
    assert [(f.rule, f.location.line) for f in found.findings] == [
        ("import-refused", 4),
        ("import-refused", 5),
    ]
    assert found.counts["ratings"] == 2


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00\n", "timestamp\n" + "x" * 200_000])
def test_a_table_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        import_conversation(Folder(export(tmp_path, comments=text)), ContingentId("town"), Options())


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no comments\.csv"):
        import_conversation(Folder(tmp_path), ContingentId("town"), Options())


def groups_of(export: Path) -> dict[str, str]:
    with (export / "participants-votes.csv").open() as file:
        return {row["participant"]: row["group-id"] for row in csv.DictReader(file) if row["group-id"]}


def agreement(work: Workspace, known: dict[str, str], **options: str) -> tuple[float, float]:
    """With the published groups: of all whom these place, and of those whom both place."""
    found = {spot.rater.rpartition("/p")[2]: spot.group for spot in opinion_map(work, **options).chart.raters}
    whole = [(known[who], str(found.get(who))) for who in sorted(known)]
    both = [pair for pair in whole if pair[1] != "None"]
    return tuple(rand_index([a for a, _ in some], [b for _, b in some]) for some in (whole, both))  # type: ignore[arg-type, return-value]


@real
def test_a_real_conversation_falls_into_its_published_groups(tmp_path: Path) -> None:
    work = commons(tmp_path / "commons")
    done = import_polis(work, EXPORT, source_license="CC-BY-4.0", lang="en")
    assert dict(done.counts) == {"articles": 50, "moderated out": 0, "raters": 204, "ratings": 5303}
    whole, both = agreement(work, groups_of(EXPORT), weight="rater")
    assert whole >= 0.85
    assert both >= 0.85
    assert opinion_map(work).chart == opinion_map(work, weight="rater").chart


@real
@pytest.mark.parametrize("seed", range(3))
def test_a_real_conversation_shuffled_has_one_group(tmp_path: Path, seed: int) -> None:
    source = tmp_path / "export"
    shutil.copytree(EXPORT, source)
    with (source / "participants-votes.csv").open() as file:
        rows = list(csv.DictReader(file))
    chance = random.Random(seed)
    for column in [name for name in rows[0] if name.isdigit()]:
        there = [row for row in rows if row[column]]
        values = [row[column] for row in there]
        chance.shuffle(values)
        for row, value in zip(there, values, strict=True):
            row[column] = value
    chance.shuffle(rows)
    os.chmod(source / "participants-votes.csv", 0o644)
    with (source / "participants-votes.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    work = commons(tmp_path / "commons")
    import_polis(work, source)
    found = opinion_map(work).chart
    assert found.verdict.poles == 1
    assert {spot.group for spot in found.raters} <= {0, None}
