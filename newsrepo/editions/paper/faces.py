"""Which faces a text is set in, and which of its characters no face at hand can show.

Typst sets what it has no glyph for as empty boxes, or refuses without saying where. So every character is
looked up here first, in the character maps of the fonts themselves. Families are named one by one, best
first; a face that nobody named is never used.
"""

import os
import sys
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from newsrepo.editions import names
from newsrepo.errors import UnableError

TEXT = "Libertinus Serif"
"""The family that comes inside Typst: Latin, Greek, Cyrillic and Hebrew look alike on every machine."""

MONO = "DejaVu Sans Mono"

_BUILT_IN = (
    "20-7e a0-17f 1dd 1e2-1e3 1fc-1fd 218-21b 226 228-229 22e 237 249 250 254 263 266 268 26f 279 27b "
    "281 295 29c 2b0-2e4 2ec-2ee 300-331 338 342-343 351 357-363 374-375 384-38a 38c 38e-3a1 3a3-3ce "
    "3d0-3d1 3d5 3f0 401 403-40c 40f-44f 451 453 455-458 45c 45e 4d4-4d5 5b0-5c3 5c6 5d0-5ea 5f0-5f4 "
    "1d43-1d44 1d47-1d4a 1d4d 1d4f-1d50 1d52-1d53 1d56-1d58 1d5a-1d5b 1d9c 1da0 1da4 1dbb 1e00-1e9b "
    "1e9e 1ea0-1ef9 1f00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d "
    "1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-2027 202f-2037 "
    "2039-203e 2042 2044 2047-204b 204f 2070-2071 2074-208e 2090-2094 20a2-20a4 20a7-20a8 20ab-20ac "
    "20af 20b1 20bf 2100-2103 2105-2106 2109 210c-210f 2111 2113 2115-2116 2119-211a 211c-211d 2120 "
    "2122 2124 2126-2127 212e 2135-2139 2153-2184 2190-219b 21a8 21ae 21bc-21bd 21c0-21c1 21cb-21d9 "
    "2200-220d 220f-221c 221e-221f 2223-222b 2236 223c 2241 2245 2248-2249 2259 2260-2262 2264-2265 "
    "226a-226b 226e-2271 2282-2285 2295-2298 22c5 22ef 2302-2303 2310 2320-2321 2329-232a 23d3 "
    "25a0-25a1 25b2-25b3 25b6-25b7 25bc-25bd 25c0-25c1 25c6-25c7 25c9-25cc 25cf-25d7 2605 2619 261b "
    "261e 2627 262f 2639-2653 2660 2663 2665-2666 2669-266c 2695 2698 26a2-26a4 2767 27e6-27e7 "
    "2c60-2c6c 2c74-2c77 a71b-a71d a720-a721 a789-a78c fb29-fb36 fb38-fb3c fb3e fb40-fb41 fb43-fb44 "
    "fb46-fb4e fffd 1d106-1d107 "
)  # fmt: skip
"""What all upright and slanted, regular and bold faces of ``TEXT`` can show, in hexadecimal."""

_HAN = frozenset(("Hani", "Hira", "Kana", "Hang", "Bopo"))
_CJK = {"zh": "SC", "zh-hant": "TC", "zh-tw": "TC", "zh-hk": "HK", "zh-mo": "HK", "yue": "HK",
        "ja": "JP", "ko": "KR"}  # fmt: skip
_LIKED: Mapping[str, tuple[str, ...]] = {
    "Arab": ("Noto Naskh Arabic", "Amiri", "Scheherazade New", "Noto Sans Arabic", "DejaVu Sans"),
    "Hebr": ("Noto Serif Hebrew", "Frank Ruhl Libre", "Noto Sans Hebrew", TEXT),
    "Zyyy": ("Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Symbols 2", "Noto Sans Math",
             "Noto Music", "DejaVu Sans", "Noto Emoji", "Symbola", "Noto Color Emoji"),
}  # fmt: skip
_SIMPLE = ("Noto Serif", "Noto Sans", "DejaVu Serif", "DejaVu Sans")
_LEFTWARD = frozenset(("Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"))
"""Scripts whose own faces come before all others in a text of theirs: their blanks, figures and stops are cut
to stand among its letters."""

_UNSEEN = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))


class Missing(NamedTuple):
    """Characters of one script that no face at hand can show, in order."""

    script: str
    characters: str
    package: str


class Choice(NamedTuple):
    """The families of a text, best first, and what none of them shows."""

    families: tuple[str, ...]
    missing: tuple[Missing, ...]


def default_folders(home: Path | None) -> tuple[Path, ...]:
    """Where fonts lie by custom on this system; only folders that are there."""
    if sys.platform == "darwin":
        places = [Path("/Library/Fonts"), Path("/System/Library/Fonts")]
        own = ["Library/Fonts"]
    elif sys.platform == "win32":
        places, own = [Path("C:/Windows/Fonts")], ["AppData/Local/Microsoft/Windows/Fonts"]
    else:
        places = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
        own = [".local/share/fonts", ".fonts"]
    places += [home / name for name in own] if home is not None else []
    return tuple(place for place in places if place.is_dir())


class Faces:
    """The fonts in some folders. Maps of characters are read when a character is first looked for.

    Raises UnableError when the extra ``print`` is not installed.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = tuple(os.fspath(folder) for folder in folders)
        typst, self._unicode = _libraries()
        found = typst.Fonts(include_system_fonts=False, font_paths=list(self.folders)).fonts()
        files: dict[str, list[tuple[tuple[Any, ...], str, int]]] = {}
        for face in found:
            if face.path is not None:
                order = (face.style != "normal", abs(face.weight - 400), face.path, face.index)
                files.setdefault(face.family, []).append((order, face.path, face.index))
        self._files = {family: min(faces)[1:] for family, faces in files.items()}
        self.families = frozenset(self._files) | {TEXT}
        self._shown = lru_cache(maxsize=None)(self._read)

    def shows(self, family: str) -> Collection[int]:
        """The code points that a family can show; none of a family that is not there or cannot be read."""
        return self._shown(family)

    def versions(self, families: Iterable[str]) -> Iterator[str]:
        """Each of these families that is not part of Typst, with the version that its font tells."""
        from fontTools.ttLib import TTFont, TTLibError

        for family in families:
            known = self._files.get(family)
            if known is None:
                continue
            try:
                with TTFont(known[0], fontNumber=known[1], lazy=True) as font:
                    told = (font["name"].getDebugName(5) or "").partition(";")[0]
            except (TTLibError, OSError, ValueError, KeyError, AssertionError):
                told = ""
            yield f"{family} {' '.join(told.split())[:60]}".rstrip()

    def _read(self, family: str) -> Collection[int]:
        if family == TEXT:
            return _built_in()
        known = self._files.get(family)
        if known is None:
            return frozenset()
        from fontTools.ttLib import TTFont, TTLibError

        try:
            with TTFont(known[0], fontNumber=known[1], lazy=True) as font:
                return frozenset(font.getBestCmap() or ())
        except (TTLibError, OSError, ValueError, KeyError, AssertionError):
            return frozenset()

    def choose(self, characters: Collection[str], lang: str) -> Choice:
        """The families for a text in ``lang`` that holds these characters."""
        wanted: dict[str, set[int]] = {}
        for char in sorted(characters):
            if unicodedata.category(char) not in _UNSEEN and not _varies(char):
                wanted.setdefault(self._unicode.script(char), set()).add(ord(char))
        chosen: list[str] = [TEXT]
        own: list[str] = []
        missing: list[Missing] = []
        # What stands in no script of its own is taken from the faces of the scripts around it first.
        for script in sorted(wanted, key=lambda s: (s in ("Zyyy", "Zinh", "Zzzz"), s)):
            left = wanted[script]
            known = [] if script in _LEFTWARD else chosen
            for family in (*known, *self._candidates(script, lang)):
                if not left:
                    break
                if found := left & frozenset(self.shows(family)):
                    left = left - found
                    if family not in chosen:
                        chosen.append(family)
                    if script in _LEFTWARD and family not in own:
                        own.append(family)
            if left:
                name = self._unicode.script_name(script, default=script).replace("_", " ")
                named = "symbols" if script in ("Zyyy", "Zinh") else name
                missing.append(Missing(named, "".join(map(chr, sorted(left))), _package(script, left)))
        first = own if names.direction(lang) == "rtl" else []
        return Choice(tuple(dict.fromkeys([*first, *chosen])), tuple(missing))

    def _candidates(self, script: str, lang: str) -> Iterator[str]:
        seen = set()
        for family in (*self._liked(script, lang), *_SIMPLE, *self._rest):
            if family not in seen and family in self.families:
                seen.add(family)
                yield family

    def _liked(self, script: str, lang: str) -> Iterator[str]:
        if script == "Arab" and lang.partition("-")[0] == "ur":
            yield "Noto Nastaliq Urdu"
        yield from _LIKED.get(script, ())
        if script in _HAN or lang.partition("-")[0] in ("zh", "ja", "ko", "yue"):
            region = _CJK.get(lang.lower(), _CJK.get(lang.lower().partition("-")[0], "SC"))
            region = "KR" if script == "Hang" else "JP" if script in ("Hira", "Kana") else region
            for family in ("Noto Serif CJK", "Noto Sans CJK"):
                yield f"{family} {region}"
        name = self._unicode.script_name(script, default="").replace("_", " ")
        yield f"Noto Serif {name}"
        yield f"Noto Sans {name}"

    @property
    def _rest(self) -> Iterator[str]:
        """All families, those for one purpose last."""
        odd = ("Mono", "Display", "Kufi", "Looped", "Rashi", "Last Resort", "Icons")
        return iter(sorted(self._files, key=lambda f: (any(word in f for word in odd), f)))


def _varies(char: str) -> bool:
    """Whether a character only says how the one before it is drawn."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@lru_cache(maxsize=1)
def _built_in() -> frozenset[int]:
    found: set[int] = set()
    for part in "".join(_BUILT_IN).split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)


def _package(script: str, left: Collection[int]) -> str:
    """The Debian package whose fonts most likely show these characters."""
    if script in _HAN or any(0x3000 <= code < 0x3100 or 0xFE30 <= code < 0xFFF0 for code in left):
        return "fonts-noto-cjk"
    if any(0x1F000 <= code < 0x20000 for code in left):
        return "fonts-noto-color-emoji"
    return "fonts-noto-core"


def _libraries() -> tuple[Any, Any]:
    try:
        import segno  # noqa: F401 - only to tell before the work that it is not installed
        import typst
        from fontTools import unicodedata as scripts
    except ImportError:
        raise UnableError(
            "printing needs the extra `print`: typst, segno and fonttools", "pip install 'newsrepo[print]'"
        ) from None
    return typst, scripts
