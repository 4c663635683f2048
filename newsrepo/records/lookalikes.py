"""Whether a text could be taken for a name, whatever its case, spaces, accents or look-alike letters.

After the skeletons of Unicode Technical Standard 39, section 4 (confusable detection), with its own table.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import msgspec

_ARTICLES = frozenset(
    (
        "the", "a", "an", "der", "die", "das", "den", "dem", "ein", "eine", "le", "la", "les",
        "l", "un", "une", "el", "los", "las", "il", "lo", "i", "gli", "o", "os", "as", "um",
        "uma", "de", "het", "een", "det", "en", "et", "ett", "al", "ha", "ال",
    )
)  # fmt: skip
"""What a language may put before a name without making it another: leading words that do not count."""

_AND = str.maketrans({"&": " and ", "+": " and ", "\uff06": " and "})
_KEPT = frozenset("LN")
_LONGEST_ARTICLE = max(map(len, _ARTICLES))
_EVERYDAY = re.compile(r"[\x00-\u01bf\u2010-\u2027\u2030-\u205e]*")
_LATIN = re.compile(r"[0-9A-Za-z\u00c0-\u01bf]")


class Guard:
    """Watches over one name: tells quickly of each of many texts whether it could be taken for it."""

    def __init__(self, name: str) -> None:
        self._readings = readings(name)
        self._longest = max(map(len, self._readings), default=0) + _LONGEST_ARTICLE

    def takes(self, text: str) -> bool:
        """As ``could_be_taken_for``."""
        # Each Latin letter is read as one at least, so most texts are too long; reading them would cost more.
        if _EVERYDAY.fullmatch(text) and len(_LATIN.findall(text)) > self._longest:
            return False
        return not self._readings.isdisjoint(readings(text))


def could_be_taken_for(text: str, name: str) -> bool:
    """Whether a reader could take ``text`` for ``name``; a name without any letter is taken for nothing.

    >>> could_be_taken_for("The lNK & bread", "Ink and Bread")
    True
    >>> could_be_taken_for("Ink and Paper", "Ink and Bread")
    False
    """
    return Guard(name).takes(text)


def edition() -> str:
    """By which tables texts are read: of equal ones every answer here is the same."""
    from confusable_homoglyphs import __version__

    return f"{__version__} {unicodedata.unidata_version}"


@lru_cache(maxsize=4096)
def readings(text: str) -> frozenset[str]:
    """The ways in which ``text`` may be read at a glance; texts with a reading in common are look-alikes.

    There are several because letters look alike in one case and not in the other: a capital I as a small L.
    """
    plain = _stripped(text.translate(_AND))
    words = plain.split()
    forms = {" ".join(words)}
    if len(words) > 1 and words[0].casefold() in _ARTICLES:
        forms.add(" ".join(words[1:]))
    found = set()
    for form in forms:
        for read in (_look(form).casefold(), _look(form.casefold()), _look(form.upper()).casefold()):
            letters = "".join(c for c in _look(read) if unicodedata.category(c)[0] in _KEPT)
            if letters:
                found.add(letters)
    return frozenset(found)


def _stripped(text: str) -> str:
    """Without accents and what cannot be seen; everything that is no letter or digit is a space."""
    kept = []
    for char in unicodedata.normalize("NFKD", text):
        category = unicodedata.category(char)
        if category[0] in _KEPT:
            kept.append(char)
        elif category[0] != "M" and category != "Cf":
            kept.append(" " if not _letter(char) else char)
    return "".join(kept)


def _letter(char: str) -> bool:
    """Whether a sign that is no letter looks like one: a vertical bar, say."""
    look = _table().get(ord(char), "")
    return bool(look) and all(unicodedata.category(c)[0] in _KEPT for c in look)


def _look(text: str) -> str:
    return unicodedata.normalize("NFKD", text).translate(_table())


@cache
def _table() -> dict[int, str]:
    """For each character that looks like another, the one that stands for all of them.

    The package lists pairs in both directions. What many characters look like has many partners and
    stands for itself; of a pair of which each knows only the other, the longer text stands for both, else
    the ASCII one.
    """
    # The package's own module reads a second table besides, and libraries that fetch both anew.
    import confusable_homoglyphs

    data = Path(confusable_homoglyphs.__file__).with_name("confusables.json").read_bytes()
    confusables_data = msgspec.json.decode(data, type=dict[str, list[dict[str, str]]])
    marks = dict.fromkeys(map(ord, "\u200e\u200f"))
    found = {}
    for char, partners in confusables_data.items():
        if len(char) != 1 or len(partners) != 1:
            continue
        other = partners[0]["c"].translate(marks)
        back = confusables_data.get(partners[0]["c"], ())
        if len(back) > 1 or _prototype(char, other) == other:
            found[ord(char)] = other
    return found


def _prototype(one: str, other: str) -> str:
    return min((one, other), key=lambda text: (-len(text), not text.isascii(), text))
