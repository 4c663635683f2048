"""The glance that spares most texts from being parsed never overlooks what parsing would find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.checks.scope import Whole
from newsrepo.checks.texts import _is_sound
from newsrepo.commons import Index, open_commons
from newsrepo.gitstore.snapshot import MemorySnapshot
from newsrepo.records.markup import article_links, problems

SCOPE = Whole(
    open_commons(
        MemorySnapshot({"articles/abc/2026/a/index.md": b"unreadable, and yet it exists"}), Index.memory()
    ),
    None,
    None,
)
PIECES = st.sampled_from(
    [
        *("[", "]", "(", ")", "](", "a", " ", "\n", "\n\n", "\\", "`", "*", "_", "> ", "- ", "&#106;", "&colon;", "&"),
        *("https://e.example", "https://e.example/x?a=b&c", "http:", "//e.example", "article:abc/2026/a", "@3f2a9c1d"),
        *("article:abc/2026/b", "javascript:x", '"t"', "[a]: /x", "[^1]", "#f", "x.png", "!", "<b>", "|-", "|\n", "\t"),
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=500)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_a_text_that_passes_at_a_glance_has_no_fault(text: str) -> None:
    if _is_sound(SCOPE, text):
        assert problems(text, frozenset()) == ()
        assert set(article_links(text)) <= {"abc/2026/a"}


def test_ordinary_texts_pass_at_a_glance() -> None:
    assert _is_sound(SCOPE, "Plain *text*, a [link](https://e.example/x) and [one](article:abc/2026/a).\n")
    assert not _is_sound(SCOPE, "[one](article:abc/2026/b)")
    assert not _is_sound(SCOPE, "[one](/x)")
