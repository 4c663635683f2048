"""``challenges``: the ledger of public questions in a view, as a list and as reminders."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind, Oid, owner
from newsrepo.ledger import WAITING, Entry, Ledger, Opinion, Question, Reply, State, ledger
from newsrepo.porcelain.wordings import Past, remembered
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import parse, path_of
from newsrepo.records import types as t
from newsrepo.records.text import MAX_TEXT

if TYPE_CHECKING:
    from newsrepo.commons import Commons
    from newsrepo.commons.groups import File


def in_view(work: Workspace, view: "Commons", today: date) -> Ledger:
    """The ledger of all questions in a view on ``today``. Raises UnableError when it cannot be read."""
    found = list(questions(view))
    past = remembered(work, view, found) if found else Past()
    worded = [
        msgspec.structs.replace(question, earlier=past.earlier.get(path_of(Kind.CHALLENGE, question.id), {}))
        for question in found
    ]
    return ledger(worded, view.contingents, today, once=past.once, cut=past.cut)


def questions(view: "Commons") -> Iterator[Question]:
    """Every readable question with its answers and what was said of these, in order of id."""
    asked: list[File] = []
    answers: dict[str, list[File]] = {}
    for path, file in view.files.items():
        if file.place.kind is Kind.CHALLENGE:
            asked.append(file)
        elif file.place.kind is Kind.ANSWER:
            answers.setdefault(f"{path.rpartition('/answers/')[0]}/challenge.md", []).append(file)
    if not asked:
        return
    replies: dict[str, list[Reply]] = {}
    given = [(path, file) for path, files in answers.items() for file in files]
    for (path, file), data in zip(given, _read(view, [file for _, file in given]), strict=True):
        record = parse(Kind.ANSWER, data or b"", file.place.path).record
        if isinstance(record, t.Answer) and file.place.owner is not None:
            replies.setdefault(path, []).append(Reply(file.place.owner, file.oid, record))
    said = _opinions(view)
    for file, data in zip(asked, _read(view, asked), strict=True):
        record = parse(Kind.CHALLENGE, data or b"", file.place.path).record
        if data is None or not isinstance(record, t.Challenge) or file.place.owner is None:
            continue  # which check tells
        yield Question(
            file.place.id,
            file.place.owner,
            file.oid,
            sha256(data).hexdigest(),
            record,
            tuple(replies.get(file.place.path, ())),
            tuple(said.get(file.place.id, ())),
        )


def _read(view: "Commons", files: "Sequence[File]") -> Iterator[bytes | None]:
    return (blob.data for blob in view.snapshot.read([file.oid for file in files], MAX_TEXT))


def _opinions(view: "Commons") -> dict[str, list[Opinion]]:
    """What comments say of answers, by question."""
    found: dict[str, list[Opinion]] = {}
    for remark in view.remarks:
        comment = remark.comment
        if comment.verdict is None or comment.version is None or comment.status is not t.Status.USABLE:
            continue
        question, _, of = comment.on.removeprefix("answer:").rpartition("/")
        found.setdefault(f"challenge:{question}", []).append(
            Opinion(
                owner(remark.id),
                remark.id,
                remark.version,
                comment.date,
                ContingentId(of),
                Oid(comment.version),
                comment.verdict,
            )
        )
    return found


# --- the verb --------------------------------------------------------------------------------------


class Listing(Struct, frozen=True):
    """The entries that were asked for, of how many, and their day.

    ``names`` are those of all who belong, by id; ``titles`` those of the questions listed. Whatever could be
    taken for the name of the commons is its id there. ``stale`` are homes never reached.
    """

    today: date
    commons: str
    entries: tuple[Entry, ...]
    asked: int
    early: tuple[str, ...]
    stale: tuple[ContingentId, ...]
    names: Mapping[str, str]
    titles: Mapping[str, str]

    @property
    def owed(self) -> tuple[Entry, ...]:
        """Those in which an answer is owed."""
        return tuple(entry for entry in self.entries if entry.state in WAITING)

    def name(self, who: str) -> str:
        """What a contingent is called, or its id."""
        return self.names.get(who, who)


_ORDER = {state: place for place, state in enumerate(State)}


def challenges(
    work: Workspace,
    today: date,
    *,
    to: Sequence[str] = (),
    by: Sequence[str] = (),
    states: Sequence[State] = (),
    at: str = "",
) -> Listing:
    """The entries to and from certain contingents, in certain states; what waits longest stands first.

    Of ``to``, ``by`` and ``states`` an empty one means any. Raises UsageError for an id that is none, and
    for a contingent that nobody here has ever named.
    """
    view = work.commons(work.snapshot(at=at))
    whole = in_view(work, view, today)
    known = {*view.contingents, *(e.to for e in whole.entries), *(e.question.by for e in whole.entries)}
    asked, asking = _named(to, known), _named(by, known)
    found = [
        entry
        for entry in whole.entries
        if (not asked or entry.to in asked)
        and (not asking or entry.question.by in asking)
        and (not states or entry.state in states)
    ]
    found.sort(key=lambda e: (_ORDER[e.state], e.due, e.question.id))
    return Listing(
        today,
        view.charter.name,
        tuple(found),
        len(whole.entries),
        whole.early,
        view.stale,
        *_called(view, whole.questions),
    )


def _called(view: "Commons", asked: Sequence[Question]) -> tuple[dict[str, str], dict[str, str]]:
    from newsrepo.filters.gate import guard

    gate = guard(view)

    def harmless(text: str, otherwise: str) -> str:
        return otherwise if gate is not None and gate.takes(text) else text

    return (
        {who: harmless(record.name, who) for who, record in view.contingents.items()},
        {question.id: harmless(question.record.title, question.id) for question in asked},
    )


def reminders(told: Listing) -> bytes:
    """An Atom feed of what is owed, of the entries that were asked for."""
    from newsrepo.editions.names import signature
    from newsrepo.editions.reminders import Reminder, feed
    from newsrepo.ledger.words import changed_on, how_due, promise_words

    def one(entry: Entry) -> Reminder:
        asked = entry.question
        about = ", ".join(asked.record.about)
        return Reminder(
            f"{asked.id} {entry.to}",
            f"{told.name(entry.to)} is asked: {told.titles[asked.id]}",
            f"Asked on {entry.asked}, due on {entry.due}, {how_due(entry)}. "
            f"{told.name(entry.to)} {promise_words(entry.promised)}."
            + (f" About {about}." if about else "")
            + f" To answer: newsrepo new answer {asked.id}",
            signature(told.name(asked.by), told.commons),
            changed_on(entry),
        )

    title = f"Answers owed in {told.commons}"
    author = f"newsrepo, from the ledger of {told.commons}"
    return feed(told.commons, "owed", title, author, map(one, told.owed), told.today)


def _named(given: Sequence[str], known: Iterable[str]) -> frozenset[str]:
    from newsrepo.porcelain.suggest import near

    everybody = sorted(known)
    for who in given:
        if who not in everybody:
            raise UsageError(f"no such contingent: {who!r}", near(who, everybody, "contingents"))
    return frozenset(given)
