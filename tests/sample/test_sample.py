"""The commons in this repository is whole, canonical, credited and as varied as it is meant to be."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from newsrepo import checks, credit
from newsrepo.commons import Commons, Index, open_commons
from newsrepo.filters import select
from newsrepo.filters.fronts import Cause, fronts
from newsrepo.filters.model import Selection
from newsrepo.gitstore.snapshot import RECORD_ROOTS, MemorySnapshot
from newsrepo.ids import ArticleId, FilterId, Kind
from newsrepo.records import Place, blob_id, is_canonical, parse, place
from newsrepo.records import types as t

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 20)
MINE = ("lamp/daily", "exchange/weekly", "jisr/broad", "distaff/women")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    paths = [ROOT / "newsrepo.yaml"]
    for root in RECORD_ROOTS:
        paths += (p for p in (ROOT / root).rglob("*") if p.is_file())
    return {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in sorted(paths)}


@pytest.fixture(scope="module")
def places(files: Mapping[str, bytes]) -> dict[str, Place]:
    found = {path: place(path) for path in files}
    strays = [where for where in found.values() if not isinstance(where, Place)]
    assert strays == []
    return {path: where for path, where in found.items() if isinstance(where, Place)}


@pytest.fixture(scope="module")
def commons(files: Mapping[str, bytes]) -> Commons:
    return open_commons(MemorySnapshot(files), Index.memory())


@pytest.fixture(scope="module")
def articles(files: Mapping[str, bytes], places: Mapping[str, Place]) -> dict[str, t.Article]:
    found = {}
    for path, where in places.items():
        if where.kind is Kind.ARTICLE:
            record = parse(Kind.ARTICLE, files[path], path).record
            assert isinstance(record, t.Article)
            found[where.id] = record
    return found


def _records(
    files: Mapping[str, bytes], places: Mapping[str, Place], kind: Kind
) -> list[tuple[Place, t.Record]]:
    found = []
    for path, where in places.items():
        if where.kind is kind:
            record = parse(kind, files[path], path).record
            assert record is not None, path
            found.append((where, record))
    return found


@pytest.fixture(scope="module")
def selections(commons: Commons) -> dict[str, Selection]:
    return {name: select(commons, FilterId(name), TODAY) for name in MINE}


def _printed(selection: Selection) -> list[ArticleId]:
    return [item.work for item in selection.items]


def test_every_file_reads_without_a_fault_and_in_canonical_form(
    files: Mapping[str, bytes], places: Mapping[str, Place]
) -> None:
    faults = [
        finding for path, where in places.items() for finding in parse(where.kind, files[path], path).findings
    ]
    assert faults == []
    loose = [
        path
        for path, where in places.items()
        if where.kind not in (Kind.MEDIA, Kind.SOURCE, Kind.SIGNATURE)
        and not is_canonical(Kind.ROLL if where.kind is Kind.ENACTS else where.kind, files[path])
    ]
    assert loose == []


def test_all_rules_find_it_well(commons: Commons) -> None:
    assert checks.run(commons) == ()


def test_there_are_enough_articles_by_enough_contingents(articles: Mapping[str, t.Article]) -> None:
    usable = {name for name, work in articles.items() if work.status is t.Status.USABLE}
    assert len(usable) >= 18
    owners = Counter(name.partition("/")[0] for name in usable)
    assert len(owners) >= 5
    assert min(owners.values()) >= 2
    states = Counter(work.status for work in articles.values())
    assert states[t.Status.WITHDRAWN] == 1
    assert states[t.Status.WITHHELD] == 1
    assert {"en", "ar", "de"} <= {work.lang for work in articles.values()}
    assert len({topic for work in articles.values() for topic in work.topics}) >= 8


def test_every_article_is_credited_dated_and_of_newspaper_length(articles: Mapping[str, t.Article]) -> None:
    for name, work in articles.items():
        assert work.license == "CC0-1.0", name
        assert work.credits, name
        assert work.authors, name
        assert work.summary, name
        assert work.topics, name
        assert name.split("/")[1] == str(work.date.day.year), name
        assert work.date.day <= TODAY, name
        if work.status is t.Status.USABLE:
            assert 180 <= len(work.body.split()) <= 700, (name, len(work.body.split()))


def test_works_are_derived_in_every_way_but_one(articles: Mapping[str, t.Article]) -> None:
    ways = Counter(d.relation for work in articles.values() for d in work.based_on)
    assert ways[t.Relation.REWRITE] >= 4
    assert ways[t.Relation.CORRECTION] >= 3
    assert ways[t.Relation.TRANSLATION] == 2
    assert ways[t.Relation.SUMMARY] == 1
    assert ways[t.Relation.QUOTE] == 2
    assert ways[t.Relation.COMPILATION] >= 6


def test_what_a_work_is_based_on_is_kept_beside_it(
    files: Mapping[str, bytes], places: Mapping[str, Place], articles: Mapping[str, t.Article]
) -> None:
    kept = {path: where for path, where in places.items() if where.kind is Kind.SOURCE}
    for path in kept:
        assert Path(path).stem == blob_id(files[path]), path
    for name, work in articles.items():
        for derivation in work.based_on:
            assert f"articles/{name}/sources/{derivation.version}.md" in kept
    assert len(kept) == sum(len({d.version for d in work.based_on}) for work in articles.values())


def test_an_older_version_is_cited_after_its_article_was_corrected(
    files: Mapping[str, bytes], articles: Mapping[str, t.Article]
) -> None:
    now = {name: blob_id(files[f"articles/{name}/index.md"]) for name in articles}
    old = {d.article for w in articles.values() for d in w.based_on if d.version != now[d.article]}
    assert old == {
        "commonpress/2025/peterloo-papers",
        "lamp/2025/lawrence-1912",
        "lamp/2025/matchwomen-1888",
    }


def test_one_story_has_five_versions_that_differ(commons: Commons) -> None:
    stories = credit.stories(commons.works)
    root = ArticleId("lamp/2025/matchwomen-1888")
    members = stories.members(root)
    assert len(members) == 5
    assert len({member.partition("/")[0] for member in members}) == 5


def test_a_quoted_passage_stands_in_what_it_quotes(articles: Mapping[str, t.Article]) -> None:
    work = articles["tally/2026/what-a-number-is-for"]
    sources = " ".join(articles[d.article].body for d in work.based_on)
    quoted = [line[2:] for line in work.body.splitlines() if line.startswith("> ") and "article:" not in line]
    assert len(quoted) == 2
    assert all(line in sources for line in quoted)


def test_links_between_articles_lead_somewhere(articles: Mapping[str, t.Article]) -> None:
    links = [m for work in articles.values() for m in re.findall(r"\]\(article:([^)]+)\)", work.body)]
    assert len(links) >= 20
    assert set(links) <= set(articles)


def test_pictures_are_ours_hashed_and_described(
    files: Mapping[str, bytes], articles: Mapping[str, t.Article]
) -> None:
    pictures = [
        (f"articles/{name}/{medium.file}", medium)
        for name, work in articles.items()
        for medium in work.media
        if medium.file is not None
    ]
    assert len(pictures) >= 16
    for path, medium in pictures:
        assert sha256(files[path]).hexdigest() == medium.sha256, path
        assert len(files[path]) < 200_000, path
        assert medium.alt, path
        assert medium.creator == "newsrepo contributors", path
        assert medium.license == "CC0-1.0", path


def test_a_film_stands_by_reference_with_a_still_and_a_credit(
    files: Mapping[str, bytes], articles: Mapping[str, t.Article]
) -> None:
    name = "commonpress/2026/factory-gate-film"
    (film,) = [medium for work in articles.values() for medium in work.media if medium.url is not None]
    assert film in articles[name].media
    assert film.url
    assert film.url.startswith("https://commons.wikimedia.org/")
    assert film.url.endswith(".webm")
    assert film.file is film.sha256 is None
    assert f"articles/{name}/{film.poster}" in files
    assert film.alt
    assert (film.creator, film.license, film.duration) == ("Louis Lumière", "CC-PDM-1.0", 46)


def test_each_contingent_has_an_axis_and_raters_who_use_it(
    commons: Commons, files: Mapping[str, bytes]
) -> None:
    assert len(commons.contingents) == 6
    for name, contingent in commons.contingents.items():
        assert len(contingent.axes) == 1, name
        (axis,) = contingent.axes
        own = [data.decode() for path, data in files.items() if path.startswith(f"ratings/{name}/")]
        assert len(own) >= 3, name
        assert sum(text.count(f"{name}/{axis}: ") for text in own) >= 10, name
        assert sum(text.count("newsworthy: ") for text in own) >= 10, name
    assert any(contingent.vouches for contingent in commons.contingents.values())
    assert any("answers" not in contingent.promises for contingent in commons.contingents.values())


def test_ratings_disagree_where_the_contingents_do(
    files: Mapping[str, bytes], places: Mapping[str, Place]
) -> None:
    marks: dict[tuple[str, str], list[int]] = {}
    notes = 0
    for where, record in _records(files, places, Kind.RATINGS):
        assert isinstance(record, t.Ratings)
        for rating in record.ratings:
            notes += rating.note is not None
            if "newsworthy" in rating.values:
                marks.setdefault((rating.article, str(where.owner)), []).append(rating.values["newsworthy"])
    mean = {key: sum(values) / len(values) for key, values in marks.items()}
    for work in ("exchange/2026/seattle-bill", "exchange/2025/matchwomen-the-firm"):
        assert mean[work, "exchange"] - mean[work, "lamp"] >= 3
        assert mean[work, "lamp"] < mean[work, "jisr"] < mean[work, "exchange"]
    for work in ("commonpress/2026/seattle-1919", "commonpress/2026/haymarket"):
        assert mean[work, "commonpress"] - mean[work, "exchange"] >= 3
    liked = "commonpress/2025/rochdale-1844"
    assert min(mean[liked, "commonpress"], mean[liked, "exchange"]) >= 4, "both sides value one work"
    assert notes >= 10


def test_discussion_has_threads_a_pinned_question_and_a_summary(
    files: Mapping[str, bytes], places: Mapping[str, Place]
) -> None:
    found = {where.id: record for where, record in _records(files, places, Kind.COMMENT)}
    comments = {name: c for name, c in found.items() if isinstance(c, t.Comment)}
    assert len(comments) >= 8
    assert any(c.pinned and c.kind is t.CommentKind.QUESTION for c in comments.values())
    assert any(c.kind is t.CommentKind.SUMMARY for c in comments.values())
    replies = [c for c in comments.values() if c.reply_to is not None]
    assert len(replies) >= 5
    for reply in replies:
        first = comments[str(reply.reply_to)]
        assert (first.on, first.version) == (reply.on, reply.version)
        assert first.date <= reply.date


def test_challenges_are_answered_overdue_and_open(
    files: Mapping[str, bytes], places: Mapping[str, Place]
) -> None:
    asked = {where.id: record for where, record in _records(files, places, Kind.CHALLENGE)}
    answered = {}
    for where, record in _records(files, places, Kind.ANSWER):
        assert isinstance(record, t.Answer)
        name = where.id.partition(":")[2].rpartition("/")[0]
        question = files[f"challenges/{name}/challenge.md"]
        assert record.question == sha256(question).hexdigest()
        answered[f"challenge:{name}"] = record
    state = {}
    for name, challenge in asked.items():
        assert isinstance(challenge, t.Challenge)
        assert challenge.due is not None
        state[name] = "answered" if name in answered else "overdue" if challenge.due.date < TODAY else "open"
    assert Counter(state.values()) == {"answered": 1, "overdue": 1, "open": 1}


def test_front_pages_differ(selections: Mapping[str, Selection]) -> None:
    pages = {name: _printed(selection) for name, selection in selections.items()}
    assert all(len(page) >= 5 for page in pages.values())
    assert len({page[0] for page in pages.values()}) >= 3
    assert len({tuple(page[:3]) for page in pages.values()}) == len(pages)
    lamp, exchange = set(pages["lamp/daily"]), set(pages["exchange/weekly"])
    assert len(lamp & exchange) <= len(lamp | exchange) // 3


def test_a_rival_version_leads_in_a_rival_edition(selections: Mapping[str, Selection]) -> None:
    leads = {name: {i.story: i.work for i in s.items} for name, s in selections.items()}
    story = ArticleId("lamp/2025/matchwomen-1888")
    assert leads["lamp/daily"][story] == "lamp/2025/matchwomen-1888"
    assert leads["exchange/weekly"][story] == "exchange/2025/matchwomen-the-firm"
    assert leads["distaff/women"][story] == "distaff/2025/matchwomen-led-themselves"


def test_one_edition_prints_what_two_that_agree_on_little_both_select(
    commons: Commons, selections: Mapping[str, Selection]
) -> None:
    shared = select(commons, FilterId("tally/both"), TODAY)
    assert shared.selected == selections["lamp/daily"].selected & selections["exchange/weekly"].selected
    assert len(shared.items) >= 5
    assert {item.section for item in shared.items} == {0, 1}


def test_front_pages_differ_for_reasons_that_can_be_told(commons: Commons) -> None:
    found = fronts(commons, FilterId("lamp/daily"), FilterId("exchange/weekly"), TODAY)
    assert found.recast >= 4, "rival versions lead"
    assert found.swapped > found.pairs // 2
    causes = Counter(
        row.one.cause for row in (*found.both, *found.only_one, *found.only_other, *found.neither)
    )
    assert {Cause.LEAD, Cause.INCLUDE, Cause.SELECT, Cause.LIMIT, Cause.EXCLUDE} <= set(causes)


def test_nothing_withheld_or_withdrawn_is_printed(selections: Mapping[str, Selection]) -> None:
    printed = {work for selection in selections.values() for work in _printed(selection)}
    assert not printed & {"lamp/2026/bisbee-draft", "commonpress/2025/peterloo-papers"}


@pytest.mark.parametrize("days", [0, 30, 400])
def test_front_pages_stand_on_later_days(commons: Commons, days: int) -> None:
    for name in MINE:
        later = select(commons, FilterId(name), TODAY + timedelta(days=days))
        assert len(later.items) >= 5
        assert later.early == ()


def test_sections_hold_something(commons: Commons, selections: Mapping[str, Selection]) -> None:
    for name, selection in selections.items():
        sections = commons.filters[FilterId(name)].edition.sections
        held = {item.section for item in selection.items}
        assert set(range(len(sections))) <= held, name


def test_no_rater_is_without_a_contingent(places: Mapping[str, Place], commons: Commons) -> None:
    owners = {str(where.owner) for where in places.values() if where.owner is not None}
    assert owners == {str(name) for name in commons.contingents}
