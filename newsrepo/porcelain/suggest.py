"""What might have been meant: the nearest known name, and the verb that lists them."""

from collections.abc import Iterable


def near(given: str, known: Iterable[str], verb: str = "") -> str:
    """A hint for a name that is not known: ``did you mean 'x'?``, else where to look; may be empty."""
    import difflib

    names = sorted(known)
    found = difflib.get_close_matches(given, names, n=1, cutoff=0.6) if len(names) <= 20_000 else []
    if found:
        return f"did you mean {found[0]!r}?"
    if verb:
        return f"`newsrepo {verb}` lists them"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 20 else ""
