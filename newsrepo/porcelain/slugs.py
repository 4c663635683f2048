"""From a title to a slug: Latin letters lose their marks; other scripts need a slug from their author."""

import re
import unicodedata

from newsrepo.errors import UsageError
from newsrepo.ids import MAX_SLUG, is_name

_SPECIAL = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ŋ": "ng",
        "ŧ": "t",
        "ə": "e",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{MODIFIER LETTER TURNED COMMA}": "",
        "\N{MODIFIER LETTER APOSTROPHE}": "",
        "\N{LEFT SINGLE QUOTATION MARK}": "",
        "\N{RIGHT SINGLE QUOTATION MARK}": "",
        "'": "",
    }
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_RUN = re.compile(r"[^a-z0-9]+")


def slug_of(title: str, lang: str = "") -> str:
    """A slug of at most 80 characters for ``title``, cut at a word. Raises UsageError where none can be made.

    >>> slug_of("Déjà vu: the Łódź strikers' “no”")
    'deja-vu-the-lodz-strikers-no'
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    if lang.partition("-")[0] == "de":
        text = text.translate(_GERMAN)
    text = "".join(
        c for c in unicodedata.normalize("NFKD", text.translate(_SPECIAL)) if not unicodedata.combining(c)
    )
    text = text.casefold().translate(_SPECIAL)
    letters = [c for c in text if c.isalnum()]
    latin = [c for c in letters if c.isascii()]
    if not latin or len(latin) * 2 < len(letters):
        raise UsageError(
            f"no slug can be made from the title {title!r}", "give one in plain letters: --slug SLUG"
        )
    return clip(_RUN.sub("-", text).strip("-"))


def clip(slug: str, limit: int = MAX_SLUG) -> str:
    """``slug`` cut to ``limit`` characters, at a hyphen where there is one; never a Windows device name."""
    if len(slug) > limit:
        head, _, _ = slug[: limit + 1].rpartition("-")
        slug = head or slug[:limit]
    return slug if is_name(slug, limit) else f"{slug}-1"
