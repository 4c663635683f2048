"""Which parts of a Markdown text are marked as others' words: block quotes, and quote marks that close.

What is marked is told by the text alone; whether it also says whose words these are is for the caller.
"""

import re
from collections.abc import Iterator

_BLOCK = re.compile(r"^ {0,3}>.*(?:\n(?![ \t]*$).+)*", re.MULTILINE)
_PARAGRAPH = re.compile(r"(?:^(?![ \t]*$).+(?:\n|\Z))+", re.MULTILINE)

_CLOSED_BY = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«»",
    "\u2039": "\u203a",
    "「": "」",
    "『": "』",
    "《": "》",
    '"': '"',
}
_MARK = re.compile('[“”„«»\u2039\u203a「」『』《》"]')
_CARRIES_ON = "“«"


def marked(text: str) -> list[tuple[int, int]]:
    """Stretches in characters, rising and apart. A mark that nothing closes in its paragraph marks nothing,
    unless the next paragraph opens with it again, as quotations of several paragraphs are set."""
    found = [match.span() for match in _BLOCK.finditer(text)]
    found += _between_marks(text)
    found.sort()
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _between_marks(text: str) -> Iterator[tuple[int, int]]:
    if _MARK.search(text) is None:
        return
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text)]
    for number, (start, end) in enumerate(paragraphs):
        opened, since = "", 0
        for match in _MARK.finditer(text, start, end):
            mark = match[0]
            if opened:
                if mark in _CLOSED_BY[opened]:
                    yield since, match.end()
                    opened = ""
            elif mark in _CLOSED_BY:
                opened, since = mark, match.start()
        if opened and opened in _CARRIES_ON and number + 1 < len(paragraphs):
            after = paragraphs[number + 1][0]
            if text.startswith(opened, after):
                yield since, end
