"""A query in words says what the query does."""

import pytest

from newsrepo.filters import parse_query
from newsrepo.filters.words import Names, in_words

NAMES = Names(
    axis=lambda axis: {"newsworthy": "Newsworthy", "abc/line": "Our line"}[axis],
    contingent=lambda c: {"abc": "ABC", "lmn": "LMN"}[c],
    article=lambda a: f"\u201c{a}\u201d",
    day=lambda when: str(when.when),
)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ()),
        ("dock", ("has \u201cdock\u201d in its text",)),
        ('-"on strike"', ("does not have \u201con strike\u201d in its text",)),
        (
            "abc/line>=1 -topic:sea-trade",
            (
                "is rated at least 1 for Our line by those whom this filter trusts",
                "is not about the topic \u201csea trade\u201d",
            ),
        ),
        # A negated comparison still asks for a rating: so it is told as the opposite comparison.
        ("-newsworthy@lmn>=3", ("is rated less than 3 for Newsworthy by LMN",)),
        ("newsworthy@lmn/ann!=-2", ("is rated anything but \u22122 for Newsworthy by ann of LMN",)),
        ("unrated:newsworthy", ("is not rated for Newsworthy by those whom this filter trusts",)),
        ("since:30d", ("is dated 30d or later",)),
        ("-until:2026-05-01", ("is dated after 2026-05-01",)),
        ("is:original OR is:rewrite", ("is based on no other article, or is a rewrite",)),
        ("-(by:abc OR lang:ar)", ("is not by ABC, and is not in the language \u201car\u201d",)),
        (
            "in:abc/daily (by:abc OR (by:lmn -is:quote))",
            ("is selected by the filter abc/daily", "is by ABC, or (is by LMN, and quotes no other article)"),
        ),
        ("-based-on:abc/2026/x", ("is not based on \u201cabc/2026/x\u201d",)),
        ("author:Ann place:Hull", ("is signed by \u201cAnn\u201d", "is about the place \u201cHull\u201d")),
    ],
)
def test_queries_in_words(query: str, words: tuple[str, ...]) -> None:
    assert in_words(parse_query(query), NAMES) == words
