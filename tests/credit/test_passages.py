"""Two texts passage by passage: what is told, that it is all told, and that no text makes it slow."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.credit.aligning import Meter, align
from newsrepo.credit.passages import STEPS, STEPS_PER_WORD, Comparison, Fate, Piece, compare, passages, tokens

OLD = "The first.\n\nThe second.\n\nThe cat sat on the mat.\n\nA passage that moves about.\n\nAll gone now.\n\nThe last."


def fates(found: Comparison) -> list[str]:
    return [f"{p.fate} {p.old_at}>{p.new_at}" for p in found.passages]


def plain(text: str) -> str:
    return " ".join(text.split())


class TestCompare:
    def test_nothing_and_nothing(self) -> None:
        assert compare("", "") == Comparison((), 0)
        assert compare("", "").same

    def test_a_text_from_nothing_is_added_and_back_is_dropped(self) -> None:
        assert fates(compare("", "One.\n\nTwo.")) == ["added 0>1", "added 0>2"]
        assert fates(compare("One.\n\nTwo.", "")) == ["dropped 1>0", "dropped 2>0"]

    def test_new_line_folding_and_blank_lines_change_nothing(self) -> None:
        assert compare("One two\nthree.\n\n\nFour.\n", "\nOne\ntwo three.\n\nFour.").same

    def test_in_code_blanks_count(self) -> None:
        assert not compare("```\na  b\n```", "```\na b\n```").same

    def test_a_fenced_block_is_one_passage(self) -> None:
        assert passages("Before.\n\n```\none\n\ntwo\n```\n\nAfter.") == (
            "Before.",
            "```\none\n\ntwo\n```",
            "After.",
        )

    def test_each_fate(self) -> None:
        new = (
            "A passage that moves about.|The first.|The second.|The dog sat on the mat.|New it is.|The last."
        )
        found = compare(OLD, new.replace("|", "\n\n"))
        assert fates(found) == [
            "moved 4>1", "same 1>2", "same 2>3", "changed 3>4", "dropped 5>0", "added 0>5", "same 6>6",
        ]  # fmt: skip
        assert found.passages[3].pieces == (
            Piece(Fate.SAME, "The "),
            Piece(Fate.DROPPED, "cat"),
            Piece(Fate.ADDED, "dog"),
            Piece(Fate.SAME, " sat on the mat."),
        )
        assert found.words == (4, 4)
        assert [found.count(fate) for fate in Fate] == [3, 1, 1, 1, 1]

    def test_moved_and_changed(self) -> None:
        new = "The cat sat down on the mat.|The first.|The second.|A passage that moves about.|The last."
        (moved,) = [p for p in compare(OLD, new.replace("|", "\n\n")).passages if p.fate is Fate.MOVED]
        assert (moved.old_at, moved.new_at) == (3, 1)
        assert [p.text for p in moved.pieces if p.fate is Fate.ADDED] == ["down "]

    def test_changed_words_side_by_side_are_one_change(self) -> None:
        (passage,) = compare(
            "We sent nine men to the old port.", "We sent two women to the old port."
        ).passages
        assert [p.text for p in passage.pieces] == ["We sent ", "nine men", "two women", " to the old port."]

    def test_what_has_little_in_common_is_not_called_changed(self) -> None:
        assert fates(compare("Ships lie still.", "The moon is round tonight.")) == [
            "dropped 1>0",
            "added 0>1",
        ]

    def test_a_passage_stands_for_another_once_only(self) -> None:
        assert fates(compare("x y z.", "x y z.\n\nx y z.\n\nx y z.")) == [
            "same 1>1",
            "added 0>2",
            "added 0>3",
        ]

    def test_scripts_without_spaces_are_compared_by_letter(self) -> None:
        (passage,) = compare("罷工在星期日結束了", "罷工在星期六結束了").passages
        assert [p.text for p in passage.pieces if p.fate is not Fate.SAME] == ["日", "六"]

    def test_vowel_signs_are_no_marks_of_punctuation(self) -> None:
        assert tokens("हिन्दी, عَرَبِيّ!") == ["हिन्दी", ",", " ", "عَرَبِيّ", "!"]


WORDS = st.sampled_from(["a", "b", "c,", "d.", "e!", "The", "the", "é", "日本", "  ", "\n", "```", "* "])
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=8).map("\n\n".join)


class TestProperties:
    @settings(deadline=None, max_examples=300)
    @given(TEXTS, TEXTS)
    def test_both_texts_can_be_read_back(self, old: str, new: str) -> None:
        found = compare(old, new).passages
        before = sorted((p.old_at, p.old) for p in found if p.old_at)
        after = [(p.new_at, p.new) for p in found if p.new_at]
        assert before == list(enumerate(passages(old), 1))
        assert after == list(enumerate(passages(new), 1))
        for passage in found:
            if passage.pieces:
                for side, text in ((Fate.DROPPED, passage.old), (Fate.ADDED, passage.new)):
                    read = "".join(p.text for p in passage.pieces if p.fate in (Fate.SAME, side))
                    assert plain(read) == plain(text)

    @settings(deadline=None, max_examples=100)
    @given(TEXTS, TEXTS)
    def test_the_same_again_and_nothing_against_itself(self, old: str, new: str) -> None:
        assert compare(old, new) == compare(old, new)
        assert compare(old, old).same
        assert compare(old, new).same == compare(new, old).same

    @settings(deadline=None, max_examples=200)
    @given(
        st.lists(st.integers(0, 5), max_size=40),
        st.lists(st.integers(0, 5), max_size=40),
        st.integers(0, 400),
    )
    def test_aligned_items_are_equal_and_in_order(self, a: list[int], b: list[int], limit: int) -> None:
        pairs = align(a, b, Meter(limit))
        assert all(a[i] == b[j] for i, j in pairs)
        assert all(x < i and y < j for (x, y), (i, j) in pairwise(pairs))

    @settings(deadline=None, max_examples=200)
    @given(st.text(max_size=60))
    def test_tokens_lose_nothing(self, text: str) -> None:
        assert "".join(tokens(text)) == text


MANY = 20_000
HOSTILE = {
    "one passage over and over": ("x\n\n" * MANY, "x\n\n" * (MANY // 2)),
    "two by turns": ("a\n\nb\n\n" * MANY, "b\n\na\n\n" * MANY),
    "backwards": ("\n\n".join(map(str, range(MANY))), "\n\n".join(map(str, range(MANY, 0, -1)))),
    "all alike, none equal": (
        "\n\n".join(f"a b c d {n} e f g h" for n in range(MANY)),
        "\n\n".join(f"a b c d x{n} e f g h" for n in range(MANY)),
    ),
    "one endless passage": ("word " * MANY * 5, "word two " * MANY * 5),
    "words backwards": (" ".join(map(str, range(MANY))), " ".join(map(str, range(MANY, 0, -1)))),
    "three without an anchor": (
        "\n\n".join("abc"[n * n % 7 % 3] for n in range(MANY)),
        "\n\n".join("abc"[n * n % 11 % 3] for n in range(MANY)),
    ),
    "nothing but marks": ("." * 10 * MANY, "!." * 5 * MANY),
    "a fence never closed": ("```\n\n" + "x\n\n" * MANY, "x\n\n" * MANY),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_is_bounded(name: str) -> None:
    old, new = HOSTILE[name]
    words = len(old.split()) + len(new.split())
    size = len(tokens(old)) + len(tokens(new))
    found = compare(old, new)
    assert found.work <= STEPS + STEPS_PER_WORD * words + 4 * size
    assert [p.new for p in found.passages if p.new_at] == list(passages(new))
