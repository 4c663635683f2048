"""The words of a text as reuse compares them: what a copyist changes without a thought is folded away.

Case, accents, punctuation, blanks, Markdown's marks, addresses of links and code make no difference. Of
scripts that write no spaces each letter is a word, as in the text search. Folding looks at one character at
a time, so that where a word stood in the file can be told afterwards, for the few words that are shown.
"""

import re
import unicodedata
from functools import cache

from newsrepo.commons.words import spaced

_CYRILLIC = (
    "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445"
    "\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
)
_GREEK = "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7"
_LOOKS_LIKE = dict(zip(_CYRILLIC + _GREEK, "abekmhopctyxijshdqwabezhikmnoptyx", strict=True))
"""Letters that pass for Latin ones, small or as capitals: no reader sees the difference, so it makes none.
Within Cyrillic and within Greek no two letters become one."""


class _Fold(dict[int, str]):
    """What a character becomes: letters and digits, nothing (accents, invisible marks), or a blank."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = []
    for part in plain:
        kind = unicodedata.category(part)
        if kind[0] in "LN":
            kept.append(spaced(_LOOKS_LIKE.get(part, part)))
        elif kind[0] != "M" and kind != "Cf":
            kept.append(" ")
    return "".join(kept)


_FOLD = _Fold({code: _folded(chr(code)) for code in range(128)})
_BEYOND = re.compile(r"[^\x00-\x7f]+")

# Each begins with something rare, so that most texts are passed over at the speed of a search for it; none
# can look at a character more than a few times, whatever the text.
_FENCE = re.compile(
    r"^[ ]{0,3}(`{3,}|~{3,})[^\n]*(?:\n(?:.*?^[ ]{0,3}\1[`~]*[ \t]*$|.*)|\Z)", re.MULTILINE | re.DOTALL
)
_MARKUP = (
    ("`", re.compile(r"`[^`\n]+`")),
    ("](", re.compile(r"\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)?\)")),
    ("]:", re.compile(r"\[[^\[\]\n]{1,200}\]:[ \t]*(?:<[^<>\n]*>|[a-z]+://[!-;=?-~]+)")),
    ("<", re.compile(r"<[A-Za-z/!?][^<>\n]*>")),
    ("://", re.compile(r"https?://[!-;=?-~]+")),
    ("&", re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")),
)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def prose(text: str) -> str:
    """A Markdown text with blanks in the place of code, of addresses and of tags; as long as before."""
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(_blank, text)
    for sign, pattern in _MARKUP:
        if sign in text:
            text = pattern.sub(_blank, text)
    return text


def folded(text: str) -> str:
    """The folded words of a Markdown text, with blanks between. Equal on every machine."""
    text = prose(text)
    if not text.isascii():
        text = _BEYOND.sub(lambda run: run[0].translate(_FOLD), text)
    return text.translate(_FOLD)


def words(text: str) -> list[str]:
    """The folded words of a Markdown text, one by one."""
    return folded(text).split()


@cache
def _letter(char: str) -> str:
    return char.translate(_FOLD) if char.isascii() else char.translate(_FOLD).translate(_FOLD)


_WORD = re.compile(r"\S+")


def places(text: str) -> list[tuple[int, int]]:
    """Where each of ``words(text)`` begins and ends in the text, in characters."""
    letters = []
    origin = []
    for at, char in enumerate(prose(text)):
        made = _letter(char)
        letters.append(made)
        origin += [at] * len(made)
    return [(origin[m.start()], origin[m.end() - 1] + 1) for m in _WORD.finditer("".join(letters))]
