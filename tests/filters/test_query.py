"""The query language: what it reads, how it writes it back, and what it says of mistakes."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Lark, UnexpectedInput

from newsrepo.filters import QueryError, caret, parse_query
from newsrepo.filters.query import generate
from newsrepo.filters.query.syntax import (
    EVERYTHING,
    And,
    AxisRef,
    Comparison,
    Key,
    Node,
    Not,
    Op,
    Or,
    Phrase,
    State,
    Tag,
    Unrated,
    When,
    Word,
    conjunction,
    disjunction,
)
from newsrepo.ids import AxisId, ContingentId, RaterId
from newsrepo.location import Location
from newsrepo.records.scalars import Day, Decimal, Span

READ = [
    ("", EVERYTHING, ""),
    (" \n ", EVERYTHING, ""),
    ("strike", Word("strike"), "strike"),
    ("dock strike", And((Word("dock"), Word("strike"))), "dock strike"),
    ('"dock strike"', Phrase("dock strike"), '"dock strike"'),
    (r'"a \"b\" \\ c"', Phrase('a "b" \\ c'), r'"a \"b\" \\ c"'),
    ("Strike! 50% C++ don't", And((Word("Strike!"), Word("50%"), Word("C++"), Word("don't"))), None),
    ("sea-trade", Word("sea-trade"), "sea-trade"),
    ("-sport", Not(Word("sport")), "-sport"),
    ("--sport", Not(Not(Word("sport"))), "--sport"),
    ("a OR b c", Or((Word("a"), And((Word("b"), Word("c"))))), "a OR b c"),
    ("(a OR b) c", And((Or((Word("a"), Word("b"))), Word("c"))), "(a OR b) c"),
    ("((a) (b c))", And((Word("a"), Word("b"), Word("c"))), "a b c"),
    ("a OR (b OR c)", Or((Word("a"), Word("b"), Word("c"))), "a OR b OR c"),
    ("-(a b)", Not(And((Word("a"), Word("b")))), "-(a b)"),
    ("(a)OR(b)", Or((Word("a"), Word("b"))), "a OR b"),
    ("or ORder", And((Word("or"), Word("ORder"))), "or ORder"),
    ('"OR"', Phrase("OR"), '"OR"'),
    ("topic:sport", Tag(Key.TOPIC, "sport"), "topic:sport"),
    ("topic:Sport", Tag(Key.TOPIC, "sport"), "topic:sport"),
    ('author:"Rosa Luxemburg"', Tag(Key.AUTHOR, "Rosa Luxemburg"), 'author:"Rosa Luxemburg"'),
    ('author:"Rosa"', Tag(Key.AUTHOR, "Rosa"), "author:Rosa"),
    ("place:São", Tag(Key.PLACE, "São"), "place:São"),
    ("in:filter:lmn/daily", Tag(Key.IN, "lmn/daily"), "in:lmn/daily"),
    ("since:30d", When(Key.SINCE, Span(30)), "since:30d"),
    ("until:2026-01-31", When(Key.UNTIL, Day.parse("2026-01-31")), "until:2026-01-31"),
    ("unrated:abc/line", Unrated(AxisRef(AxisId("abc/line"))), "unrated:abc/line"),
    (
        "newsworthy>=3",
        Comparison(AxisRef(AxisId("newsworthy")), Op.AT_LEAST, Decimal(3_000_000)),
        "newsworthy>=3",
    ),
    (
        "abc/line@lmn/ann != -1.50",
        Comparison(
            AxisRef(AxisId("abc/line"), ContingentId("lmn"), RaterId("lmn/ann")),
            Op.OTHER,
            Decimal(-1_500_000),
        ),
        "abc/line@lmn/ann!=-1.5",
    ),
]


@pytest.mark.parametrize(("text", "root", "canonical"), READ, ids=[text for text, _, _ in READ])
def test_reads(text: str, root: Node, canonical: str | None) -> None:
    query = parse_query(text)
    assert query.root == root
    assert str(query) == (text if canonical is None else canonical)


@pytest.mark.parametrize("op", list(Op))
def test_every_comparison(op: Op) -> None:
    assert str(parse_query(f"newsworthy {op} 3")) == f"newsworthy{op}3"


@pytest.mark.parametrize("state", list(State))
def test_every_state(state: State) -> None:
    assert parse_query(f"is:{state}").root == Tag(Key.IS, state)


WRONG = [
    ("topc:x", 1, "unknown-key", "no such key: 'topc:'", "did you mean 'topic'?"),
    (
        "a b https://x.org",
        5,
        "unknown-key",
        "no such key: 'https:'",
        'put text with a colon in quotes: "like: this"',
    ),
    ("a topc: b", 3, "unknown-key", "no such key: 'topc:'", "did you mean 'topic'?"),
    ("topic:", 1, "query-syntax", "no value after 'topic:'", "write topic:shipping with no space in between"),
    ("topic: x", 1, "query-syntax", "no value after 'topic:'", None),
    ('author:""', 1, "query-syntax", "no value after 'author:'", None),
    (": x", 1, "query-syntax", "a colon with no key before it", None),
    ("(a", 1, "query-syntax", "this parenthesis is never closed", "add )"),
    ("((a) b", 1, "query-syntax", "this parenthesis is never closed", None),
    ("a)", 2, "query-syntax", "this parenthesis was never opened", None),
    ("a ()", 3, "query-syntax", "nothing stands between these parentheses", None),
    ("a OR", 3, "query-syntax", "OR needs something on both sides", None),
    ("OR a", 1, "query-syntax", "OR needs something on both sides", None),
    ("a OR OR b", 6, "query-syntax", "OR needs something on both sides", None),
    ("a AND b", 3, "query-syntax", "AND is not a word to search for", None),
    ("NOT b", 1, "query-syntax", "NOT is not a word to search for", None),
    ("a - b", 3, "query-syntax", "a minus sign with a space after it", None),
    ("a % b", 3, "query-syntax", "'%' has no letter or digit to search for", None),
    ('"..."', 1, "query-syntax", "'...' has no letter or digit to search for", None),
    ('a "b', 3, "query-syntax", "this quotation mark is never closed", None),
    ('author:"b', 8, "query-syntax", "this quotation mark is never closed", None),
    ('""', 1, "query-syntax", "an empty phrase", None),
    (r'"a\b"', 3, "query-syntax", "a backslash that escapes nothing", None),
    (">=3", 1, "query-syntax", "'>=' has no axis before it", None),
    ("newsworthy>=", 11, "query-syntax", "no number after '>='", None),
    ("newsworthy>=)", 11, "query-syntax", "no number after '>='", None),
    ("newsworthy>=many", 13, "bad-number", "'many' is not a number", None),
    ("newsworthy>=3<5", 13, "bad-number", "'3<5' is not a number", None),
    ("newsworthy>=0.1234567", 13, "bad-number", "'0.1234567' is not a number", None),
    ("News>=3", 1, "bad-axis", "not an axis: axis name 'News' is not", None),
    ("newsworthy@LMN>=3", 12, "bad-axis", "contingent id 'LMN' is not lower-case", None),
    ("since:30", 7, "bad-date", "'30' is not a date", None),
    ("since:2026-02-30", 7, "bad-date", "there is no day '2026-02-30'", None),
    ("until:yesterday", 7, "bad-date", "'yesterday' is not a length of time", None),
    ("is:rewite", 4, "unknown-state", "no such state: 'is:rewite'", "did you mean 'rewrite'?"),
    ("by:A", 4, "bad-id", "contingent id 'A' is not lower-case", None),
    ("in:abc", 4, "bad-id", "filter id 'abc' is not of the form", "write in:abc/daily"),
    ("based-on:abc", 10, "bad-id", "article id 'abc' is not of the form", None),
    ('topic:"sea trade"', 7, "bad-id", "'sea trade' is not a topic", None),
    ("lang:english", 6, "bad-id", "'english' is not a language", None),
    ("a\x07b", 2, "query-syntax", "the character U+0007 cannot stand in a query", None),
    ("a \u202e b", 3, "query-syntax", "the character U+202E cannot stand in a query", None),
    ("a" * 4001, 4001, "query-too-long", "the query is 4001 characters long", None),
    ("(" * 101 + "a" + ")" * 101, 1, "query-too-deep", "more than 100", None),
    ("-" * 101 + "a", 1, "query-too-deep", "more than 100", None),
    ("x " + "-(" * 60 + "a" + ")" * 60, 22, "query-too-deep", "more than 100", None),
]


@pytest.mark.parametrize(
    ("text", "column", "rule", "fact", "hint"), WRONG, ids=[ascii(row[0][:20]) for row in WRONG]
)
def test_says_what_is_wrong(text: str, column: int, rule: str, fact: str, hint: str | None) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    error = caught.value
    assert error.fact.startswith(fact)
    assert (error.column, error.rule) == (column, rule)
    assert error.message == f"in the query at column {column}: {error.fact}"
    assert error.hint
    if hint is not None:
        assert error.hint == hint
    finding = error.finding(Location("filters/abc/daily.yaml", 4, 9))
    assert finding.location == Location("filters/abc/daily.yaml", 4, 9 + column - 1)
    assert (finding.rule, finding.message) == (rule, error.fact)


@pytest.mark.parametrize(
    "start", ["by:", "in:", "based-on:", "is:", "since:", "lang:", "topic:", "a@", "a>", "x:", "A>1 "]
)
def test_messages_stay_short_and_printable(start: str) -> None:
    long = start + "A/é_" * 900 + (">1" if start == "a@" else "")
    with pytest.raises(QueryError) as caught:
        parse_query(long)
    assert len(caught.value.message) < 250
    assert caught.value.message.isprintable()


def test_as_deep_and_as_long_as_allowed() -> None:
    deep = "(" * 50 + "-" * 50 + "a" + ")" * 50
    assert str(parse_query(deep)) == "-" * 50 + "a"
    wide = "(a OR -(b " * 33 + "c" + "))" * 33
    query = parse_query(wide)
    assert parse_query(str(query)) == query
    long = ("ab " * 1334)[:4000]
    assert len(parse_query(long).leaves()) == 1334


def test_the_longest_queries_take_no_time() -> None:
    start = time.process_time()
    for text in ("a " * 2000, "a OR " * 799 + "b", "(a)" * 1333, "-" * 100 + "a", "a>1 " * 1000):
        parse_query(text)
    assert time.process_time() - start < 2


def test_leaves_know_their_columns() -> None:
    query = parse_query('a (topic:b OR -"c d") newsworthy >= 3')
    assert [(str(leaf), column) for leaf, column in query.leaves()] == [
        ("a", 1),
        ("topic:b", 4),
        ('"c d"', 16),
        ("newsworthy>=3", 23),
    ]


def test_caret_stands_under_the_fault() -> None:
    assert caret("a topc:x", 3) == "a topc:x\n  ^"
    assert caret("日本 x:y", 4) == "日本 x:y\n     ^"
    assert caret("a\tb\x1b[31m!", 5) == "a·b·[31m!\n    ^"
    line, under = caret("word " * 500 + "topc:x", 2501).split("\n")
    assert len(line) <= 76
    assert line[len(under) - 1 :] == "topc:x"
    assert caret("", 1) == "\n^"


# -- properties ------------------------------------------------------------------------------------------

names = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,3})?", fullmatch=True).filter(
    lambda n: n not in ("con", "prn", "aux", "nul") and n[:3] not in ("com", "lpt")
)
prose = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=20)
axes = st.builds(
    lambda parts, voice: AxisRef(
        AxisId("/".join(parts)),
        ContingentId(voice[0]) if voice else None,
        RaterId("/".join(voice)) if len(voice) == 2 else None,
    ),
    st.lists(names, min_size=1, max_size=2),
    st.lists(names, max_size=2),
)
numbers = st.integers(-(10**12) + 1, 10**12 - 1).map(Decimal)
bare = st.from_regex(r"[a-zé日0-9!%+'@/.][-a-zé日0-9!%+'@/.]{0,8}", fullmatch=True)
words = bare.filter(lambda w: any(c.isalnum() for c in w)).map(Word)
leaves = st.one_of(
    words,
    prose.filter(lambda p: any(c.isalnum() for c in p)).map(Phrase),
    names.map(lambda n: Tag(Key.TOPIC, n)),
    names.map(lambda n: Tag(Key.BY, n)),
    prose.filter(str.strip).map(lambda p: Tag(Key.AUTHOR, p)),
    prose.filter(str.strip).map(lambda p: Tag(Key.PLACE, p)),
    st.builds(lambda a, b: Tag(Key.IN, f"{a}/{b}"), names, names),
    st.builds(lambda a, b: Tag(Key.BASED_ON, f"{a}/2026/{b}"), names, names),
    st.sampled_from(State).map(lambda s: Tag(Key.IS, s)),
    st.sampled_from(["en", "pt-BR", "zh-Hant"]).map(lambda v: Tag(Key.LANG, v)),
    st.builds(When, st.sampled_from([Key.SINCE, Key.UNTIL]), st.dates().map(Day)),
    st.builds(When, st.just(Key.SINCE), st.builds(Span, st.integers(1, 999_999), st.sampled_from("dwmy"))),
    axes.map(Unrated),
    st.builds(Comparison, axes, st.sampled_from(Op), numbers),
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: conjunction(tuple(parts))),
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: disjunction(tuple(parts))),
    ),
    max_leaves=12,
)


@given(nodes)
@settings(max_examples=300, deadline=None)
def test_canonical_text_reads_back(root: Node) -> None:
    text = str(root)
    query = parse_query(text)
    assert query.root == root
    assert str(query) == text
    assert [leaf for leaf, _ in query.leaves()] == [leaf for leaf, _ in parse_query(f" {text} ").leaves()]


pieces = st.sampled_from(
    [*'() -":@=!\\3é', "OR", "AND", "topic:", "by:", "since:", "is:", "a", "b/c", ">=", "30d"]
)


@given(st.lists(pieces, max_size=30).map("".join) | st.text(max_size=40))
@example("a OR(b)-c")
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_query_or_an_error_with_a_place(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as caught:
        error = caught
    else:
        assert parse_query(str(query)) == query
        return
    assert 1 <= error.column <= len(text) + 1
    caret(text, error.column)


# -- the grammar and the tables made of it -----------------------------------------------------------------


def test_tables_are_those_of_the_grammar() -> None:
    """Run ``python -m newsrepo.filters.query.generate`` when this fails."""
    assert generate.TABLES.read_text("utf-8") == generate.tables()


REFERENCE = Lark(generate.GRAMMAR.read_text("utf-8"), parser="lalr")


@given(nodes)
@settings(max_examples=100, deadline=None)
def test_lark_reads_what_we_write(root: Node) -> None:
    tree = REFERENCE.parse(str(root))
    terms = list(tree.scan_values(lambda t: t.type in ("WORD", "PHRASE", "FIELD")))
    assert len(terms) == len(parse_query(str(root)).leaves())


@given(st.lists(pieces, max_size=20).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_lark_refuses_we_refuse(text: str) -> None:
    try:
        REFERENCE.parse(text)
    except UnexpectedInput:
        with pytest.raises(QueryError):
            parse_query(text)
