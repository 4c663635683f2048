"""The quick reading of plain YAML gives what the builder gives, or declines; and it takes what people write."""

import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from record_strategies import RECORDS, texts
from test_agreement import mutated

from newsrepo.ids import Kind
from newsrepo.records import write
from newsrepo.records.builder import plain
from newsrepo.records.lines import plain_lines
from newsrepo.records.parse import _split_text
from newsrepo.records.shape import MARKDOWN
from newsrepo.records.text import decode_clean

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def agree(text: str) -> None:
    """Never another answer, never an answer where the builder has none."""
    if decode_clean(text.encode("utf-8", "surrogatepass")) is None:
        return
    quick = plain_lines(text)
    if quick is not None:
        assert quick == plain(text), text
        assert list(quick) == list(plain(text) or ())


def front(kind: Kind, data: bytes) -> str:
    """The YAML of a file, or the whole of it."""
    text = data.decode("utf-8", "surrogatepass")
    halves = _split_text(text) if kind in MARKDOWN else None
    return text if halves is None else halves[0]


@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(RECORDS)
def test_canonical_files_read_alike(case: tuple[Kind, object]) -> None:
    kind, record = case
    agree(front(kind, write(record)))


@settings(max_examples=300, deadline=None, suppress_health_check=SLOW)
@given(mutated())
def test_mutated_files_read_alike(case: tuple[Kind, bytes]) -> None:
    agree(front(*case))


ODD_TEXTS = r"""
a¦b c¦-¦--¦-5¦- a¦- - a¦?¦? a¦:¦a:¦a: b¦a :b¦a:b¦a :¦#¦#a¦a #b¦a#b¦a# b¦&a¦*a¦!a¦! a¦>¦>-¦
'¦''¦'a'¦'a''b'¦'a' b¦'a'#¦'a: b'¦"¦""¦"a"¦"a\n"¦"a" b¦"a'"¦[¦[]¦[ ]¦[a]¦[a, b]¦[a,b]¦
[a , b]¦[a,]¦[,a]¦[a b, c]¦[a: b]¦[[a]]¦[a]]¦[a] b¦[-1]¦['a']¦[a'b]¦[a?]¦[a #b]¦[a#b]¦
[a  b]¦{¦{}¦{ }¦{a}¦{a: b}¦{}}¦]¦}¦,¦a, b¦@¦`¦%¦%a¦---¦...¦..¦~¦null¦<<¦=¦<¦\¦\n¦é¦ש¦日¦😀¦
(a)¦«a»¦a  b¦ a¦a ¦  ¦|¦a|b¦| a
"""
ODD = st.sampled_from(
    [
        *ODD_TEXTS[1:-1].replace("¦\n", "¦").split("¦"),
        "\u00a0",
        "\u00a0a",
        "a\u00a0",
        "a\u00a0#b",
        "a:\u00a0b",
        "\u3000",
        "\u200b",
        "\t",
        "a\tb",
    ]
)
LINE = st.builds(
    lambda indent, dash, key, colon, value: f"{indent}{dash}{key}{colon}{value}",
    st.sampled_from(["", "", "", " ", "  ", "  ", "   ", "    ", "      "]),
    st.sampled_from(["", "", "", "- ", "- ", "-", "-  ", "- - "]),
    st.sampled_from(["", "a", "b", "on", "b-c", "x/y", "1", "'a'", '"a"', "<<", "a b", "é", "?", "[a]"]),
    st.sampled_from(["", ": ", ": ", ": ", ":", ":", ":  ", " : "]),
    st.one_of(st.just(""), ODD, texts(0, 8)),
)


@settings(max_examples=600, deadline=None, suppress_health_check=SLOW)
@given(st.lists(LINE, min_size=1, max_size=7).map("\n".join), st.sampled_from(["\n", "\n", "\n", "", "\n\n"]))
def test_odd_lines_read_alike(text: str, end: str) -> None:
    agree(text + end)


# Lines that mostly fit each other, so that deep structures come up too.
FITTING = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.booleans(),
        st.sampled_from(["", "a", "b", "c", "d"]),
        st.sampled_from(["", "x"]),
    ).map(
        lambda part: (
            f"{'  ' * part[0]}{'- ' if part[1] else ''}{part[2]}{':' if part[2] else ''}"
            f"{' ' if part[2] and part[3] else ''}{part[3]}\n"
        )
    ),
    min_size=1,
    max_size=9,
).map("".join)


@settings(max_examples=600, deadline=None, suppress_health_check=SLOW)
@given(FITTING)
def test_nested_lines_read_alike(text: str) -> None:
    agree(text)


@settings(max_examples=500, deadline=None)
@given(st.text("ab:- #'\"[]{},\n\t?|>&*!%@\\.é", max_size=30))
def test_random_texts_read_alike(text: str) -> None:
    agree(text)
    agree(text + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title: Dock strike\n",
        "a: it's 5 o'clock, isn't it? (yes)#1 a:b http://x.y/z#w\n",
        "a: 'it''s: b'\nb: \"it's: c\"\nc: ''\nd: \"\"\n",
        "a: []\nb: {}\nc: [x, y z]\nd: -5\ne: …\n",
        "authors:\n- Ann\n- name: Bo\n  url: https://a.b/c\ntopics:\n  - x\n  - y\n",
        "extra:\n  a:\n    b:\n      - c\n      - d: e\n        f:\n        - g\n      - h\n  i: j\nk: l\n",
    ],
)
def test_what_people_write_is_read_at_once(text: str) -> None:
    assert plain_lines(text) == plain(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a: b: c\n",
        "a: b #c\n",
        "a: b \n",
        "a:\n",
        "a: b\na: c\n",
        "a: b\n  c\n",
        "a: b\n c: d\n",
        "- a\n",
        "a\n",
        "a: b",
        "a: |\n  b\n",
        "a: 'b\n  c'\n",
        "a: 'b' c\n",
        'a: "\\n"\n',
        "a: &b c\n",
        "<<: b\n",
        "a:\n  - b\n c: d\n",
        "a:\n  - b\n  c: d\n",
        "a:\n- b\n  - c\n",
        "a: [b, [c]]\n",
        "a: [b: c]\n",
        "a:\tb\n",
        "---\na: b\n",
        "a: b\n...\n",
        "\n",
        "# a\n",
    ],
)
def test_what_is_not_sure_is_left_to_the_builder(text: str) -> None:
    assert plain_lines(text) is None


def test_a_long_header_takes_no_time_beyond_its_length() -> None:
    """Nothing in the pattern goes back and forth: texts that nearly match are declined in one pass."""
    for text in (
        "a: " + "a, " * 20_000,
        "a: [" + "a, " * 20_000,
        "a: " + "a:" * 30_000,
        "a: " + " " * 60_000,
    ):
        assert plain_lines(text + "\n") is None
    assert plain_lines("a: '" + "''" * 30_000 + "\n") is None
    assert plain_lines(textwrap.dedent("a: " + "b:c#d" * 12_000) + "\n") is not None
