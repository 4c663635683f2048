"""What licences are called on the web, and what they ask of whoever prints a text again."""

import re

from newsrepo.credit.licences import PUBLIC_DOMAIN

_CC = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.[05])")
_KNOWN = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC-PDM-1.0": "https://creativecommons.org/publicdomain/mark/1.0/",
    "PDDL-1.0": "https://opendatacommons.org/licenses/pddl/1-0/",
    "Unlicense": "https://unlicense.org/",
}


def address(licence: str) -> str:
    """Where the deed of a licence stands; empty for one that is not known here."""
    found = _CC.fullmatch(licence)
    if found is not None:
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return _KNOWN.get(licence, "")


def terms(licence: str) -> str:
    """What a licence asks of whoever prints the text again, in one sentence."""
    if not licence:
        return "This article states no licence: ask its contingent before you print it."
    if licence == "CC-PDM-1.0":
        return "As far as its contingent knows, nobody holds a copyright in this article."
    if licence in PUBLIC_DOMAIN:
        return f"This article is free to print, change and sell. Its licence, {licence}, asks nothing of you."
    return f"This article comes under {licence}: what that asks of you, it says itself."
