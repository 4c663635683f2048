"""``intake``: an issue form, as a forge's event holds it, becomes one new file in a contingent's folders.

Whoever opened the issue may be anybody, and the form is theirs to write as they please. So every value is
taken as text, the file is made as ``new`` makes it, and checked as it would stand; what holds faults is not
written. Nothing here is run, fetched, or named after what the form says but the file itself.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from newsrepo.errors import UnableError, UsageError
from newsrepo.gitstore.files import read_plain, unable
from newsrepo.location import Severity
from newsrepo.porcelain import new
from newsrepo.porcelain.pull import check_change
from newsrepo.porcelain.slugs import slug_of
from newsrepo.porcelain.workspace import Workspace

LIMIT: Final = 4 << 20
"""Bytes of an event's file; forges send less."""

_NOTHING: Final = "_No response_"
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "story": ("Title", "Summary", "Language", "Your name", "Licence", "Text"),
    "question": ("Title", "To", "About", "Language", "Question"),
    "answer": ("Question", "Kind", "Reason", "Language", "Answer"),
}
"""What each form asks, in its order; the last answer takes all that follows, whatever headings are in it."""


class _Issue(Struct, frozen=True):
    number: Annotated[int, Meta(ge=1, le=10**9)]
    title: Annotated[str, Meta(max_length=2000)]
    body: Annotated[str, Meta(max_length=LIMIT)] | None = None


class _Event(Struct, frozen=True):
    issue: _Issue


class Taken(Struct, frozen=True):
    """What came of an issue: the file that was written, or the faults for which none was."""

    form: str
    number: int
    id: str
    path: str
    faults: tuple[str, ...]


def intake(work: Workspace, event: Path, *, today: date) -> Taken:
    """Write what the issue of an event sends in, in the name of the clone's contingent, dated ``today``.

    Raises UnableError for a file that cannot be read or is no issue's event, UsageError for an issue that is
    none of our forms and where nobody is known in whose name it is to be written.
    """
    try:
        data = read_plain(event, LIMIT)
    except OSError as error:
        raise unable("read", event, error, "nothing was written") from error
    try:
        issue = msgspec.json.decode(data, type=_Event).issue
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnableError(
            f"{str(event)!r} is no event of an issue: {error}", "give the file that the forge's runner names"
        ) from None
    work.writer()
    form = next((name for name in FORMS if issue.title.startswith(f"[{name}]")), "")
    said = _sections(issue.body or "", FORMS.get(form, ()))
    if not said:
        raise UsageError(
            f"issue #{issue.number} is none of our forms", f"its title begins with [{'], ['.join(FORMS)}]"
        )
    try:
        made = _make(work, form, said, issue.number, today)
    except UsageError as error:  # of what the form says: told to whoever sent it
        return Taken(form, issue.number, "", "", (f"{error.message}. {error.hint}".strip(" ."),))
    faults = _faults(work, made.path)
    if faults:
        (work.root / made.path).unlink()
        return Taken(form, issue.number, "", "", faults)
    return Taken(form, issue.number, made.id, made.path, ())


def _sections(body: str, labels: tuple[str, ...]) -> dict[str, str]:
    """What stands under each heading, in the form's order; nothing where one is missing."""
    text = "\n" + body.replace("\r\n", "\n")
    found: dict[str, str] = {}
    at = 0
    for number, label in enumerate(labels):
        start = text.find(f"\n### {label}\n", at)
        if start < 0:
            return {}
        at = start + len(label) + 5
        last = number == len(labels) - 1
        end = len(text) if last else text.find(f"\n### {labels[number + 1]}\n", at)
        value = text[at : end if end >= 0 else len(text)].strip()
        found[label] = "" if value == _NOTHING else value
    return found


def _make(work: Workspace, form: str, said: Mapping[str, str], number: int, today: date) -> new.Made:
    """The file, as ``new`` writes it. Raises UsageError."""
    lang = said["Language"]
    if form == "story":
        if not said["Licence"].lower().startswith("- [x] "):
            raise UsageError("the text is not given to everybody", "tick the box under Licence")
        return new.article(
            work,
            title=said["Title"],
            today=today,
            lang=lang,
            slug=_slug(said["Title"], lang, number),
            summary=said["Summary"],
            authors=[said["Your name"]] if said["Your name"] else [],
            body=said["Text"],
        )
    if form == "question":
        return new.challenge(
            work,
            title=said["Title"],
            to=_listed(said["To"]),
            today=today,
            about=_listed(said["About"]),
            lang=lang,
            slug=_slug(said["Title"], lang, number),
            body=said["Question"],
        )
    return new.answer(
        work,
        question=said["Question"],
        today=today,
        kind=said["Kind"],
        reason=said["Reason"],
        lang=lang,
        body=said["Answer"],
    )


def _slug(title: str, lang: str, number: int) -> str:
    try:
        return slug_of(title, lang)
    except UsageError:  # a title without Latin letters
        return f"issue-{number}"


def _listed(text: str) -> list[str]:
    return [one for one in (part.strip() for part in text.split(",")) if one]


def _faults(work: Workspace, path: str) -> tuple[str, ...]:
    """What ``check`` finds wrong with the new file."""
    checked = check_change(work, work.snapshot(alone=True), "", (path,))
    errors = [f for f in checked.findings if f.severity is Severity.ERROR]
    return tuple(f"{f.message}. {f.hint}".strip(" .") for f in errors)


def reply(taken: Taken) -> bytes:
    """A comment for the issue, as forges' interfaces take it: the faults, as text that can do nothing."""
    told = "\n".join(f"    {_calm(fault)}" for fault in taken.faults)
    body = (
        f"This could not be turned into a request yet:\n\n{told}\n\n"
        "Please open it anew with that mended; an issue that is edited is not read again."
    )
    return json.dumps({"body": body}).encode()


def _calm(text: str) -> str:
    """Text for one line of a code block: no line break ends it, no name in it calls anybody."""
    return "".join(c if c.isprintable() else " " for c in text).replace("@", "(at)")[:500]
