"""How texts are cut into words, so that search and word counts also serve scripts that write no spaces.

SQLite's ``unicode61`` takes a run of Chinese, Japanese, Thai, Lao, Khmer or Burmese letters for one word.
We put spaces around each letter of these scripts, in texts and in queries alike, and ask for the letters of
a query as a phrase: an exact substring search there, whole words everywhere else.
"""

import re
import unicodedata

_DENSE = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_MARKS = re.compile("[\u3000-\u3004\u3008-\u303f\uff00-\uff65]+")
_WORD = re.compile(r"\w")


def spaced(text: str) -> str:
    """The text with spaces around each letter of a script that writes none."""
    return text if text.isascii() else _DENSE.sub(r" \g<0> ", text)


def count(text: str) -> int:
    """How many words a text has; of scripts without spaces each letter counts as one."""
    if text.isascii():
        return len(text.split())
    rest, letters = _DENSE.subn(" ", _MARKS.sub(" ", text))
    return letters + len(rest.split())


def expression(words: str, *, phrase: bool) -> str | None:
    """The FTS5 query for what a user typed; None if there is no word in it. Nothing in it is syntax.

    Not a phrase: each word must stand somewhere. A phrase: the words in this order, next to each other.
    """
    text = unicodedata.normalize("NFC", words.encode("utf-8", "replace").decode("utf-8"))
    text = text.replace("\0", " ").replace('"', " ")
    pieces = [p for p in ([text] if phrase else text.split()) if _WORD.search(p)]
    return " AND ".join(f'"{spaced(piece)}"' for piece in pieces) or None
