"""The ratings that count are those that a plain reading of the rules gives, whatever the order of edits."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press import press
from support import article, commons, files

from newsrepo.commons import Index, open_commons, ratings
from newsrepo.commons.counting import mean
from newsrepo.gitstore.snapshot import MemorySnapshot, blob_id
from newsrepo.ids import ArticleId
from newsrepo.records.scalars import MILLION
from newsrepo.records.types import Day, Rating, Ratings

WORKS = ("abc/2026/one", "abc/2026/two", "xyz/2026/three")
RATERS = ("abc/ann", "abc/bob", "xyz/ann", "lmn/x-y", "lmn/x")
OWN = "name: ABC\naxes:\n  line: {title: Line, min: -3, max: 3, neutral: 0, low: left, high: right}\n"
AXES = ("newsworthy", "accurate", "abc/line", "unheard-of")
RANGES = {"newsworthy": (0, 5), "accurate": (-2, 2), "abc/line": (-3, 3)}


@pytest.mark.parametrize(
    ("total", "count", "expected"),
    [(1, 3, 333_333), (2, 3, 666_667), (-1, 3, -333_333), (-2, 3, -666_667), (7, 1, 7 * MILLION), (0, 9, 0)],
)
def test_means_are_in_millionths(total, count, expected):
    assert mean(total, count) == expected


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**7))
def test_means_are_rounded_half_to_even(total, count):
    assert mean(total, count) == round(Fraction(total * MILLION, count))


def rating(work, version, day, **values):
    names = {key.replace("__", "/").replace("_", "-"): value for key, value in values.items()}
    return Rating(article=work, version=version, date=Day.parse(day), values=names)


def text(work, edition=0):
    return article(f"Work {work}", f"Edition {edition}.")


def version(work, edition=0):
    return blob_id(text(work, edition).encode())


def world(books, editions=None):
    editions = dict.fromkeys(WORKS, 0) if editions is None else editions
    content = {"contingents/abc.yaml": OWN}
    content |= {f"articles/{w}/index.md": text(w, e) for w, e in editions.items()}
    content |= {f"ratings/{name}.yaml": Ratings(ratings=tuple(rows)) for name, rows in books.items()}
    return content


def one(view, axis="newsworthy", work=WORKS[0]):
    return [
        (s.contingent, s.mean, s.raters, s.carried)
        for s in view.ratings.standings(axis, None)
        if s.work == work
    ]


NOW = version(WORKS[0])
OLD = version(WORKS[0], 1)


def test_no_ratings_at_all():
    view = commons(world({}))
    assert list(view.ratings.standings("newsworthy", None)) == []
    assert list(view.ratings.sums("newsworthy", {"abc": MILLION}, 0)) == []
    assert view.ratings.given(WORKS[0]) == ()


def test_a_contingent_speaks_with_the_mean_of_its_raters():
    view = commons(
        world(
            {
                "abc/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=5)],
                "abc/bob/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=4)],
                "xyz/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=1)],
            }
        )
    )
    assert one(view) == [("abc", 4_500_000, 2, False), ("xyz", MILLION, 1, False)]
    assert [s.contingent for s in view.ratings.standings("newsworthy", frozenset(["xyz"]))] == ["xyz"]


def test_the_latest_counts_across_months_and_replaces_whole():
    view = commons(
        world(
            {
                "abc/ann/2026-05": [rating(WORKS[0], NOW, "2026-06-02", newsworthy=5)],
                "abc/ann/2026-06": [rating(WORKS[0], NOW, "2026-06-01", newsworthy=1, accurate=2)],
            }
        )
    )
    assert one(view) == [("abc", 5 * MILLION, 1, False)]
    assert one(view, "accurate") == []


def test_of_the_same_day_the_larger_blob_id_counts():
    books = {
        "abc/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=5)],
        "abc/ann/2026-06": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=1)],
    }
    ids = {blob_id(data): path for path, data in files(world(books)).items() if path.startswith("ratings")}
    value = 5 if ids[max(ids)].endswith("05.yaml") else 1
    assert one(commons(world(books))) == [("abc", value * MILLION, 1, False)]


def test_other_versions_are_carried_only_where_nobody_rated_this_one():
    old = {"abc/ann/2026-05": [rating(WORKS[0], OLD, "2026-05-01", newsworthy=5, accurate=1)]}
    assert one(commons(world(old))) == [("abc", 5 * MILLION, 1, True)]
    both = old | {"abc/bob/2026-05": [rating(WORKS[0], NOW, "2026-04-01", newsworthy=2)]}
    assert one(commons(world(both))) == [("abc", 2 * MILLION, 1, False)]
    assert one(commons(world(both)), "accurate") == [("abc", MILLION, 1, True)]


def test_carried_is_each_raters_latest_of_any_version():
    older = "0" * 40
    view = commons(
        world(
            {
                "abc/ann/2026-05": [
                    rating(WORKS[0], OLD, "2026-05-02", newsworthy=4),
                    rating(WORKS[0], older, "2026-05-01", newsworthy=1),
                ],
                "abc/bob/2026-05": [rating(WORKS[0], older, "2026-05-03", newsworthy=3)],
            }
        )
    )
    assert one(view) == [("abc", 3_500_000, 2, True)]


def test_values_out_of_range_or_on_unknown_axes_and_unknown_works_do_not_count():
    view = commons(
        world(
            {
                "abc/ann/2026-05": [
                    rating(WORKS[0], NOW, "2026-05-01", newsworthy=6, unheard_of=1, accurate=2),
                    rating("abc/2020/gone", NOW, "2026-05-01", newsworthy=2),
                ]
            }
        )
    )
    assert list(view.ratings.standings("newsworthy", None)) == []
    assert list(view.ratings.standings("unheard-of", None)) == []
    assert one(view, "accurate") == [("abc", 2 * MILLION, 1, False)]
    assert [g.axis for g in view.ratings.given(WORKS[0])] == ["accurate"]


def test_sums_weigh_carried_standings_less():
    view = commons(
        world(
            {
                "abc/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=4)],
                "xyz/ann/2026-05": [rating(WORKS[0], OLD, "2026-05-01", newsworthy=1)],
                "lmn/x/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=5)],
            }
        )
    )
    weights = {"abc": MILLION, "xyz": 500_000, "lmn": 0}
    assert list(view.ratings.sums("newsworthy", weights, 400_000)) == [
        (WORKS[0], 10**12 + 2 * 10**11, 4 * 10**18 + 2 * 10**17, 2, 2)
    ]
    assert list(view.ratings.sums("newsworthy", {"xyz": MILLION}, 0)) == []


def test_single_raters_and_notes():
    noted = Rating(
        article=WORKS[0],
        version=NOW,
        date=Day.parse("2026-05-01"),
        values={"newsworthy": 4},
        note="Why: it is.",
    )
    books = {"lmn/x/2026-05": [noted], "lmn/x-y/2026-05": [rating(WORKS[0], OLD, "2026-05-02", newsworthy=1)]}
    view = commons(world(books))
    (given_,) = view.ratings.of_raters("newsworthy", frozenset(["lmn/x"]))
    assert (given_.rater, given_.value, given_.note) == ("lmn/x", 4, "Why: it is.")
    assert given_.path == "ratings/lmn/x/2026-05.yaml"
    ((rater, standing),) = view.ratings.rater_standings("newsworthy", frozenset(["lmn/x-y", "no/body"]))
    assert (rater, standing.contingent, standing.mean, standing.carried) == ("lmn/x-y", "lmn", MILLION, True)


def test_without_those_who_rated_this_version_the_others_are_carried():
    view = commons(
        world(
            {
                "abc/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=0)],
                "abc/bob/2026-05": [rating(WORKS[0], OLD, "2026-05-01", newsworthy=5)],
                "xyz/ann/2026-05": [rating(WORKS[0], NOW, "2026-05-01", newsworthy=1)],
            }
        )
    )

    def others(contingents, raters):
        found = view.ratings.standings_without("newsworthy", frozenset(contingents), frozenset(raters))
        return sorted((s.contingent, s.mean, s.raters, s.carried) for s in found)

    assert others(["abc"], ["abc/ann"]) == [("abc", 5 * MILLION, 1, True)]
    assert others(["abc"], ["abc/bob"]) == [("abc", 0, 1, False)]
    assert others(["abc"], ["abc/bob", "abc/ann"]) == []
    assert others(["abc", "xyz", "lmn"], ["abc/ann", "lmn/x"]) == [
        ("abc", 5 * MILLION, 1, True),
        ("xyz", MILLION, 1, False),
    ]
    assert others([], ["abc/ann"]) == []


# -- against a plain reading of the rules ----------------------------------------------------------------


def naive(books, editions):
    """Standings by (axis, work, contingent), straight from the sentences of the design."""
    counting = {}
    for name, rows in books.items():
        rater = name.rpartition("/")[0]
        oid = blob_id(files({f"ratings/{name}.yaml": Ratings(ratings=tuple(rows))})[f"ratings/{name}.yaml"])
        for place, row in enumerate(rows):
            key = (rater, row.article, row.version)
            rank = (row.date.date, oid, place)
            if key not in counting or rank > counting[key][0]:
                counting[key] = (rank, row.values)
    answer = {}
    for axis, (low, high) in RANGES.items():
        for work in editions:
            for contingent in sorted({rater.partition("/")[0] for rater in RATERS}):
                now, then = {}, {}
                for (rater, about, seen), (rank, values) in counting.items():
                    if about != work or rater.partition("/")[0] != contingent or axis not in values:
                        continue
                    if not low <= values[axis] <= high:
                        continue
                    if seen == version(work, editions[work]):
                        now[rater] = values[axis]
                    then.setdefault(rater, []).append((rank[0], rank[1], seen, values[axis]))
                said = list(now.values()) or [max(found)[3] for found in then.values()]
                if said:
                    exact = round(Fraction(sum(said) * MILLION, len(said)))
                    answer[axis, work, contingent] = (exact, len(said), not now)
    return answer


def answer_of(standings):
    return {
        (axis, s.work, s.contingent): (s.mean, s.raters, s.carried)
        for axis, found in standings.items()
        for s in found
    }


versions = st.sampled_from([0, 1, 2])
rows = st.builds(
    lambda work, edition, day, values: Rating(
        article=work, version=version(work, edition), date=Day.parse(f"2026-05-0{day}"), values=values
    ),
    st.sampled_from(WORKS),
    versions,
    st.integers(1, 3),
    st.dictionaries(st.sampled_from(AXES), st.integers(-3, 6), min_size=1, max_size=3),
)


def canonical(found):
    """At most one rating of an article, version and day, in the order of the canonical form."""
    return [*{(r.article, r.version, str(r.date)): r for r in found}.values()]


book = st.lists(rows, max_size=6).map(
    lambda found: sorted(canonical(found), key=lambda r: (r.article, r.version, str(r.date)))
)
names = st.sampled_from([f"{rater}/2026-0{month}" for rater in RATERS for month in (5, 6)])
edit = st.one_of(
    st.tuples(st.just("book"), names, book),
    st.tuples(st.just("drop"), names, st.just(None)),
    st.tuples(st.just("work"), st.sampled_from(WORKS), versions | st.none()),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(edit, min_size=1, max_size=12), st.frozensets(st.sampled_from(RATERS), max_size=3))
def test_after_any_edits_the_index_says_what_the_files_say(edits, silent):
    index = Index.memory()
    books, editions = {}, dict.fromkeys(WORKS, 0)
    for what, name, value in edits:
        if what == "book":
            books[name] = value
        elif what == "drop":
            books.pop(name, None)
        elif value is None:
            editions.pop(name, None)
        else:
            editions[name] = value
        snapshot = MemorySnapshot(files(world(books, editions)))
        view = open_commons(snapshot, index)
        expected = naive(books, editions)
        assert answer_of({axis: view.ratings.standings(axis, None) for axis in AXES}) == expected
        heard = {name: rows for name, rows in books.items() if name.rpartition("/")[0] not in silent}
        groups = frozenset(rater.partition("/")[0] for rater in RATERS)
        for _ in range(2):  # counted, then as kept
            others = {axis: view.ratings.standings_without(axis, groups, silent) for axis in AXES}
            assert answer_of(others) == naive(heard, editions)
        weights = {"abc": MILLION, "lmn": 300_001, "xyz": 7}
        for axis in RANGES:
            sums = {}
            for (on, work, contingent), (value, raters, carried) in expected.items():
                if on == axis:
                    each = weights[contingent] * (250_000 if carried else MILLION)
                    old = sums.get(work, (0, 0, 0, 0))
                    sums[work] = tuple(map(sum, zip(old, (each, each * value, raters, 1), strict=True)))
            assert list(view.ratings.sums(axis, weights, 250_000)) == list(
                view.ratings.sums(axis, weights, 250_000)
            )
            found = list(view.ratings.sums(axis, weights, 250_000))
            assert {row[0]: row[1:] for row in found} == sums
            assert [row[0] for row in found] == sorted(sums)
        everyone = frozenset(RATERS)
        for work in editions:
            by_rater = [
                g for axis in RANGES for g in view.ratings.of_raters(axis, everyone) if g.work == work
            ]
            by_work = view.ratings.given(work)
            assert sorted(by_rater, key=repr) == sorted(by_work, key=repr)
            assert by_work == tuple(sorted(by_work, key=lambda g: (g.axis, g.rater, g.day, g.version)))
        fresh = open_commons(snapshot, Index.memory())
        assert list(fresh.works.values()) == list(view.works.values())
        assert fresh.findings == view.findings == ()


def test_a_works_ratings_are_the_same_read_alone_or_with_others(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"abc/2026/w{n}" for n in range(12)]
    said = [(f"lmn/r{n}", work, {"newsworthy": n}) for n in range(3) for work in names]
    works = {work: article(work) for work in names}
    alone = {work: press(works, said).ratings.given(ArticleId(work)) for work in names[:4]}
    monkeypatch.setattr(ratings, "HELD_RATINGS", 24)  # blocks of four works
    monkeypatch.setattr(ratings, "_ALONE", 2)
    view = press(works, said)
    for work in (*names, *names[::-1], *names[::5] * 3, *names):
        found = view.ratings.given(ArticleId(work))
        assert {one.work for one in found} == {work}
        assert found == alone.get(work, found)
