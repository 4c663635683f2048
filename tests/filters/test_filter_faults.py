"""What ``check`` hears about a filter: every fault, with the field and the column it stands in."""

import time

import pytest
from press import based_on, press
from support import article

from newsrepo.filters import Problem, check_filter
from newsrepo.ids import FilterId
from newsrepo.location import Severity

WORKS = {
    "abc/2026/one": article("One"),
    "abc/2026/two": article("Two", more=based_on("abc/2026/one")),
    "abc/2026/gone": article("Gone", more="status: withdrawn\n"),
}


def faults(text: str, **more: str) -> list[tuple[str, str, int, str]]:
    filters = {"abc/daily": text, **{k.replace("__", "/"): v for k, v in more.items()}}
    view = press(WORKS, [], filters, {"lmn": ""})
    return [(p.rule, ".".join(p.field), p.column, p.hint) for p in check_filter(view, FilterId("abc/daily"))]


def test_a_good_filter_has_none() -> None:
    assert (
        faults(
            "trust: {abc: 1, abc/ann: 0.5}\nselect: newsworthy>=3 in:lmn/b\norder: {accurate: 1, fade: 3d}\n"
            "include: [abc/2026/one]\nversions: {prefer: [lmn]}\n",
            lmn__b="select: by:abc\n",
        )
        == []
    )


def test_all_faults_are_found_at_once() -> None:
    text = (
        "trust: {abx: 1, lmm/ann: 1}\n"
        "prior: -1\n"
        "select: newsworty>=3 by:lmm in:lmn/c based-on:abc/2026/on unrated:accurat\n"
        "order: {newswrthy: 1}\n"
        "include: [abc/2026/on]\n"
        "lead: [abc/2026/gone, abc/2026/one, abc/2026/two]\n"
        "versions: {prefer: [lmo]}\n"
        "edition:\n  sections:\n  - {title: A, select: 'topc:x'}\n  - {title: B, select: 'a (b'}\n"
    )
    assert faults(text, lmn__b="") == [
        ("unknown-key", "edition.sections.0.select", 1, "did you mean 'topic'?"),
        ("query-syntax", "edition.sections.1.select", 3, "add )"),
        ("unknown-article", "include.0", 0, "did you mean 'abc/2026/one'?"),
        ("unprintable-pick", "lead.0", 0, "take it out; only usable works are printed"),
        ("same-story-lead", "lead.2", 0, "one version of a story leads: take one of them out"),
        ("unknown-axis", "order.newswrthy", 0, "did you mean 'newsworthy'?"),
        ("bad-prior", "prior", 0, "write 0.5, or leave it out"),
        ("unknown-axis", "select", 1, "did you mean 'newsworthy'?"),
        ("unknown-contingent", "select", 17, "did you mean 'lmn'?"),
        ("unknown-filter", "select", 24, "did you mean 'lmn/b'?"),
        ("unknown-article", "select", 39, "did you mean 'abc/2026/one'?"),
        ("unknown-axis", "select", 59, "did you mean 'accurate'?"),
        ("unknown-contingent", "trust.abx", 0, "did you mean 'abc'?"),
        ("unknown-contingent", "trust.lmm/ann", 0, "did you mean 'lmn'?"),
        ("unknown-contingent", "versions.prefer.0", 0, "did you mean 'lmn'?"),
    ]


@pytest.mark.parametrize(
    ("text", "field"),
    [("trust: {abc: 0.4, abc/ann: 0.5}\n", "abc"), ("trust: {abc/ann: 1, abc/bob: 0.1}\n", "abc/ann")],
)
def test_raters_given_more_than_their_contingent_are_a_warning(text: str, field: str) -> None:
    view = press(WORKS, [], {"abc/daily": text})
    assert check_filter(view, FilterId("abc/daily")) == (
        Problem(
            "trust-over-total",
            ("trust", field),
            "the raters of abc are given more together than abc has: each counts less",
            "give abc more, or its raters less",
            severity=Severity.WARNING,
        ),
    )


def test_a_circle_is_a_fault_of_every_filter_that_leads_into_it() -> None:
    ring = {"lmn__b": "select: in:lmn/c\n", "lmn__c": "select: one OR in:lmn/b\n"}
    assert faults("select: two in:lmn/b\n", **ring) == [
        ("filter-cycle", "select", 5, "take one in: out of the circle"),
    ]
    view = press(WORKS, [], {"abc/daily": "select: in:abc/daily\n"})
    (problem,) = check_filter(view, FilterId("abc/daily"))
    assert problem.message == "filters build on each other in a circle: abc/daily -> abc/daily"


def test_a_number_that_no_score_reaches_is_a_warning() -> None:
    assert faults("select: newsworthy>=6 accurate@lmn<-3 newsworthy>=5\n") == [
        ("out-of-range", "select", 1, "values on newsworthy go from 0 to 5"),
        ("out-of-range", "select", 15, "values on accurate go from -2 to 2"),
    ]


def test_a_text_full_of_faults_is_cheap() -> None:
    works = {f"abc/2026/work-{n}": article(str(n)) for n in range(2000)}
    text = "select: '" + "based-on:abc/2026/x OR " * 170 + "a'\n"
    view = press(works, [], {"abc/daily": text})
    start = time.process_time()
    assert len(check_filter(view, FilterId("abc/daily"))) == 170
    assert time.process_time() - start < 3
