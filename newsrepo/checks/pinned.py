"""``new-pins``: merging a change pins whose word counts as a contingent's: its home, keys and writers."""

from collections.abc import Iterator, Sequence

from newsrepo.checks.changes import ChangeRule, Changeset, Described
from newsrepo.checks.model import Fault
from newsrepo.location import Severity
from newsrepo.records import types as t
from newsrepo.signing.keys import parse_key
from newsrepo.signing.refusal import RefusedError

_NAMED = 5


def _find(changeset: Changeset) -> Iterator[Fault]:
    if changeset.author is None:
        return
    for file in changeset.described:
        new = _said(file)
        if file.before is None:
            fact = f"merging this admits {file.owner}: {'; '.join(new) or 'no home, keys or writers'}"
        elif new:
            fact = f"merging this pins for {file.owner}: {'; '.join(new)}"
        else:
            continue
        yield Fault(
            file.path,
            fact,
            f"make sure that it is {file.owner} who says so: from then on it is believed",
            severity=Severity.NOTE,
        )


def _said(file: Described) -> list[str]:
    """What is other than before of all that decides who speaks for the contingent, in words."""
    before, after = file.before or t.Contingent(name="nobody"), file.after
    said = []
    if (before.home, before.branch) != (after.home, after.branch):
        branch = f" (branch {_short(after.branch)})" if after.branch else ""
        said.append(f"home {_short(after.home)}{branch}" if after.home else "no home")
    if set(before.keys) != set(after.keys):
        said.append(f"keys {_listed([_fingerprint(key) for key in after.keys])}")
    if set(before.writers) != set(after.writers):
        said.append(f"writers {_listed([_short(writer) for writer in after.writers])}")
    return said


def _listed(words: Sequence[str]) -> str:
    more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
    return ", ".join(words[:_NAMED]) + more if words else "none"


def _short(text: str) -> str:
    return repr(text if len(text) <= 100 else f"{text[:99]}…")


def _fingerprint(line: str) -> str:
    try:
        return parse_key(line).fingerprint
    except RefusedError:
        return "one that is not accepted"


RULE = ChangeRule("new-pins", "Merging a change pins a contingent's home, keys or writers.", _find)
