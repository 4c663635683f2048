"""Which licence a work made from another may carry: a small table, of licences that texts come under.

Sources: the legal codes themselves, and what Creative Commons says of them under "If I derive or adapt
material offered under a Creative Commons license, which CC license(s) can I use?" (its FAQ) and "Compatible
Licenses". BY-SA and BY-NC-SA 2.0 and later: the same elements in the same or a later version; 1.0: in 1.0
only; ND: nothing. On the list that BY-SA 4.0 refers to stand the Free Art License 1.3 (both ways, 2014) and
the GPL 3.0 (one way, no later version, 2015). The Open Government Licence 3.0 names CC-BY 4.0. GFDL: the same
version or, with "or-later", a later one.
"""

import re

PUBLIC_DOMAIN = frozenset(["CC0-1.0", "CC-PDM-1.0", "PDDL-1.0", "Unlicense", "0BSD", "MIT-0"])
"""Texts under these may become anything."""

_CC = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.[05])(?:-[A-Z]{2,3})?")
_GFDL = re.compile(r"GFDL-(1\.[1-3])(?:-no-invariants|-invariants)?(-only|-or-later)?")

_ALSO = {
    "CC-BY-SA-4.0": frozenset(["LAL-1.3", "GPL-3.0-only"]),
    "LAL-1.3": frozenset(["CC-BY-SA-4.0"]),
    "OGL-UK-3.0": frozenset(["CC-BY-4.0"]),
}
"""Named by the licences themselves, or by lists that these refer to."""


def allows(source: str, made: str) -> bool | None:
    """Whether a work under the licence ``source`` may be adapted into one under ``made``, both SPDX ids.

    None when the table does not know; an empty ``source`` (no licence) allows nothing.
    """
    if not source:
        return False
    if source in PUBLIC_DOMAIN:
        return True
    if made in _ALSO.get(source, ()):
        return True
    old, new = _CC.fullmatch(source), _CC.fullmatch(made)
    if old is not None:
        return _cc_allows(old, new, made)
    if source == made:
        return True
    if made in PUBLIC_DOMAIN and (source in _ALSO or _GFDL.fullmatch(source)):
        return False
    return _gfdl_allows(source, made)


def _cc_allows(old: re.Match[str], new: re.Match[str] | None, made: str) -> bool | None:
    elements, version = old[1], old[2]
    if elements.endswith("ND"):
        return False
    if new is None:
        # Whoever asks for credit or more is not served by giving everything away.
        return False if made in PUBLIC_DOMAIN or elements.endswith("SA") else None
    if elements.endswith("SA"):
        same = new[1] == elements
        return same and (new[2] == version if version == "1.0" else new[2] >= version)
    return "NC" not in elements or "NC" in new[1]


def _gfdl_allows(source: str, made: str) -> bool | None:
    old, new = _GFDL.fullmatch(source), _GFDL.fullmatch(made)
    if old is None:
        return None
    if new is None:
        return False
    return new[1] == old[1] or (old[2] == "-or-later" and new[1] > old[1])
