"""``statement new``: a text proposed in everybody's name, with the charter or roll to change beside it."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.porcelain.init import valid
from newsrepo.porcelain.slugs import slug_of
from newsrepo.porcelain.statements.polls import Polls
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from newsrepo.records.paths import path_of
from newsrepo.records.scalars import Day

ENACTED: Mapping[t.Enacts, str] = {t.Enacts.CHARTER: "newsrepo.yaml", t.Enacts.ROLL: "roll.yaml"}
"""What the new charter or roll is called under ``enacts/``."""


class Proposed(Struct, frozen=True):
    """A new statement: its id, its text's path, and all that was written."""

    id: str
    path: str
    written: tuple[str, ...]


def propose(
    work: Workspace,
    *,
    title: str,
    today: date,
    body: str = "",
    lang: str = "",
    slug: str = "",
    authors: Iterable[str] = (),
    enacts: str = "",
) -> Proposed:
    """Write a statement of the clone's contingent, dated ``today``; and the file to edit, if it enacts one.

    That is a copy of the charter or roll in force by the chain. Raises UsageError.
    """
    owner = work.writer()
    what = _enacts(enacts)
    mine = work.here.contingents.get(ContingentId(owner))
    lang = lang or (mine.lang if mine else None) or work.here.charter.lang
    text = body.replace("\r\n", "\n").strip("\n")
    record = t.Statement(
        title=title,
        date=Day(today),
        lang=lang,
        authors=tuple(t.Author(name=name) for name in authors),
        enacts=what,
        body=f"{text}\n" if text else "",
    )
    name = f"statement:{owner}/{slug or slug_of(title, lang)}"
    try:
        path = path_of(Kind.STATEMENT, name)
    except ValueError:
        raise UsageError(
            f"--slug: not a slug: {slug!r}", "lower-case letters and digits, joined by single hyphens"
        ) from None
    files = {path: valid(Kind.STATEMENT, record, path)}
    if what is not None:
        force = Polls.of(work).chain.in_force
        data = force.charter_data if what is t.Enacts.CHARTER else force.roll_data
        files[path.replace("statement.md", f"enacts/{ENACTED[what]}")] = data
    return Proposed(name, path, work.create(files))


def _enacts(text: str) -> t.Enacts | None:
    if not text:
        return None
    try:
        return t.Enacts(text)
    except ValueError:
        raise UsageError(
            f"--enacts: {text!r} cannot be enacted", "only the charter or the roll: --enacts roll"
        ) from None
