"""How long a text takes to read: words where words are parted by blanks, characters where they are not.

Speeds are those of adults who read silently, rounded, from the texts made to compare languages by Trauzettel-
Klosinski and Dietz (Standardized Assessment of Reading Performance, 2012): some 230 words a minute in English
and its kin, 255 characters in Chinese and 357 in Japanese. Scripts of syllables written without blanks, such
as Thai, run to about a thousand characters a minute, as do the letters of English.
"""

import re

WORDS = 230
SIGNS = 300
LETTERS = 1000

_DENSE = re.compile("[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Kana and Chinese characters."""
_UNPARTED = re.compile("[\u0e01-\u0e5b\u0e81-\u0edf\u0f40-\u0fbc\u1000-\u109f\u1780-\u17e9]")
"""Thai, Lao, Tibetan, Burmese and Khmer."""


def seconds(text: str, words: int) -> int:
    """How long ``text`` takes, which has ``words`` words between blanks."""
    if text.isascii():
        return words * 60 // WORDS
    signs, bare = 0, text
    if found := _DENSE.findall(text):
        signs = len(found)
        bare = _DENSE.sub(" ", bare)
    letters = 0
    if found := _UNPARTED.findall(bare):
        letters = len(found)
        bare = _UNPARTED.sub(" ", bare)
    if signs or letters:
        words = len(bare.split())
    return words * 60 // WORDS + signs * 60 // SIGNS + letters * 60 // LETTERS


def minutes(text: str, words: int) -> int:
    """The same in whole minutes, rounded up from a half; never less than one."""
    return max(1, (seconds(text, words) + 30) // 60)
