"""Whatever stands in a post, the importer makes a sound article of it or says why not; it never stops."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.ids import ContingentId, Kind
from newsrepo.importers.front import FrontError, split
from newsrepo.importers.markdown import Options, import_site
from newsrepo.importers.traced import Edit, Traced
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.markup import problems

PIECES = st.sampled_from(
    [
        *("<div>", "</div>", "<b>", "</b>", "<br>", "<table>", "<tr><td>", "</td></tr>", "</table>", "<p", ">", "<"),
        *("<script>", "</script>", "<!--", "-->", "<a href='/x'>", "</a>", "<img src='p.png' alt='a]b'>", "<x-y>"),
        *("<pre>", "</pre>", "<ul><li>", "</li></ul>", "<iframe src='//e.example/v'></iframe>", "<dl><dt>", "<dd>"),
        *("{{ 'a' | url }}", "{% raw %}", "{% endraw %}", "{% image 'p.png' 'x' %}", "{{ x }}", "{%", "%}", "{{", "}}"),
        *("{% highlight c %}", "{% endhighlight %}", "{{< figure src='p.png' >}}", "{{< /x >}}", "{: .x}", "{#i}"),
        *("[", "](", ")", "![", "[a][b]", "\n\n[b]: /c\n", "](/y)", "![p](p.png)", "[l](https://e.example/a b)"),
        *("<https://e.example>", "<javascript:x>", "<tel:1>", "\\", "`", "```\n", "    ", "> ", "- ", "1. ", "| a | b |\n"),
        *("|---|---|\n", "# ", "*", "_", "~~", "\n", "\n\n", " ", "a", "é", "&amp;", "&#60;b&#62;", "\u202e", "\r\n", "[^1]"),
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_every_text_comes_out_sound_or_is_refused(text: str) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "a.md").write_text(
            f"---\ntitle: A\ndate: 2020-01-01\n---\n{text}", encoding="utf-8", newline=""
        )
        options = Options(license="CC0-1.0", lang="en", url="https://e.example")
        imported = import_site(Path(folder), ContingentId("abc"), options)
        assert dict(import_site(Path(folder), ContingentId("abc"), options).files) == dict(imported.files)
    if "refused" in imported.counts:
        assert "import-refused" in {f.rule for f in imported.findings}
        return
    ((path, data),) = imported.files.items()
    record = parse(Kind.ARTICLE, data, path).record
    assert isinstance(record, t.Article)
    told = problems(record.body, frozenset())
    assert {p.rule for p in told} <= {"unlisted-image", "text-too-complex"}, record.body


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        st.text(max_size=80),
        st.text("-+ {}[]:\"'&*!|>a1\n,=#", max_size=60).map(lambda t: f"---\n{t}\n---\n"),
    )
)
def test_front_matter_is_read_or_refused(text: str) -> None:
    line = 1
    try:
        front = split(text)
        line = front.body_line if front is not None else 1
    except FrontError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + 2


@given(
    st.text("ab\n", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6), st.text("x\n", max_size=4)), max_size=5),
)
def test_a_text_under_repair_knows_where_its_characters_came_from(
    text: str, edits: list[tuple[int, int, str]]
) -> None:
    made = [Edit(min(at, len(text)), min(at + size, len(text)), new) for at, size, new in edits]
    once = Traced(text, 5).edit(made)
    twice = once.edit([Edit(0, 0, "yy\n")])
    lines = text.split("\n")
    for offset, char in enumerate(once.text):
        line, col = once.place(offset)
        assert twice.place(offset + 3) == (line, col)
        if char in "ab":
            assert lines[line - 5][col - 1] == char
