"""What is read at the desk, as lines: an article, any other record, a question with its answers, help.

The ratings of others are shown only where ``Reading.told`` says so: who has still to rate is not to be led.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from newsrepo.cli.present.encode import terminal_lines
from newsrepo.cli.present.out import Out
from newsrepo.commons.model import Given
from newsrepo.desk.lines import BLANK, Line, Run, Style, fold, line, run
from newsrepo.desk.prose import prose
from newsrepo.errors import NewsrepoError
from newsrepo.ids import owner
from newsrepo.ledger import Entry
from newsrepo.ledger.words import bound_words, how_due, promise_words, time_words
from newsrepo.porcelain.challenges import Listing
from newsrepo.porcelain.show import Shown
from newsrepo.records import types as t

WIDEST = 100
"""No line of a text is longer, however wide the screen is."""


class Reading(Struct, frozen=True):
    """A record that is being read. ``mine`` is what this rater gave that version, ``told`` whether others'
    ratings may be shown, ``rater`` who rates (empty: nobody says)."""

    shown: Shown
    mine: Mapping[str, int] = {}
    others: Sequence[Given] = ()
    told: bool = False
    rater: str = ""


def record_lines(reading: Reading, width: int) -> list[Line]:
    """Any record for a reader."""
    shown, width = reading.shown, min(width, WIDEST)
    if isinstance(shown.record, t.Article):
        return list(_article(reading, shown.record, width))
    body = getattr(shown.record, "body", "")
    lines = [line(f"{shown.kind.value} {shown.id or shown.path} @{shown.version[:8]}", Style.TITLE)]
    lines += _facts(shown, width)
    for finding in shown.findings:
        lines += fold([run(f"{finding.location}: {finding.message}", Style.WARNING)], width)
    return [*lines, BLANK, *prose(body, width)]


def _article(reading: Reading, article: t.Article, width: int) -> Iterator[Line]:
    shown = reading.shown
    yield from fold([run(article.title, Style.TITLE)], width)
    status = "" if article.status is t.Status.USABLE else article.status.value.upper()
    by = ", ".join(author.name for author in article.authors)
    said = (by, str(article.date), article.lang, article.license or "", status)
    yield from fold([run(" · ".join(part for part in said if part), Style.DIM)], width)
    past = ", not the text that stands now" if shown.past else f" from {shown.source}" if shown.source else ""
    yield line(f"{shown.id}@{shown.version[:8]}{past}", Style.DIM)
    if article.topics or article.places:
        tags = " ".join([*(f"#{topic}" for topic in article.topics), *article.places])
        yield from fold([run(tags, Style.DIM)], width)
    yield BLANK
    yield from _ratings(reading, width)
    if article.summary:
        yield from fold([run(article.summary, Style.STRONG)], width)
        yield BLANK
    yield from prose(article.body, width)
    yield BLANK
    yield from _behind(shown, article, width)


def _ratings(reading: Reading, width: int) -> Iterator[Line]:
    """What one gave oneself; what others gave only thereafter."""
    mine, others = reading.mine, reading.others
    if reading.mine:
        values = " ".join(f"{axis}={value}" for axis, value in sorted(mine.items()))
        yield from fold([run(f"You rated: {values}", Style.STRONG)], width)
    if reading.told:
        for rater, theirs in groupby(others, key=lambda g: (g.rater, g.version)):
            given = list(theirs)
            old = "" if rater[1] == reading.shown.version else f" (of {rater[1][:8]})"
            own = " (own work)" if owner(rater[0]) == owner(reading.shown.id) else ""
            values = " ".join(f"{g.axis}={g.value}" for g in given)
            note = f": {given[0].note}" if given[0].note else ""
            yield from fold([run(f"{rater[0]}{own}{old} {values}{note}")], width, (), (Run("  "),))
        if not others:
            yield line("Nobody else has rated it.", Style.DIM)
    elif others:
        people = len({given.rater for given in others})
        who = "1 other has" if people == 1 else f"{people} others have"
        how = "r rates" if reading.rater else "to rate, set git config newsrepo.rater"
        yield from fold([run(f"{who} rated it: hidden until you have, too ({how}).", Style.DIM)], width)
    if reading.mine or others or reading.told:
        yield BLANK


def _behind(shown: Shown, article: t.Article, width: int) -> Iterator[Line]:
    """What the article rests on, and what others made of it."""
    rows = [
        (f"{d.relation.value} of", f"{d.article}@{d.version[:8]} {d.changes or ''}") for d in article.based_on
    ]
    rows += [("credit", " ".join(part for part in (c.name, c.url, c.what) if part)) for c in article.credits]
    rows += [(f"{relation.value} in", other) for other, relation in shown.derived]
    rows += [("comment", comment) for comment in shown.comments]
    for label, text in rows:
        yield from fold([run(text)], width, (run(f"{label}  ", Style.DIM),), (Run("    "),))


def _facts(shown: Shown, width: int) -> Iterator[Line]:
    if shown.record is None:
        yield line(f"{len(shown.data)} bytes", Style.DIM)
        return
    from newsrepo.cli.present.record import as_text

    for text in told(lambda out: as_text(out, shown, width), width)[1:]:
        if not text:
            break  # the body follows, which is shown with its markup understood
        yield from fold([Run(text)], width, (), (Run("  "),))


# --- questions -----------------------------------------------------------------------------------------


def question_lines(listing: Listing, entry: Entry, width: int) -> list[Line]:
    """A question to one contingent: who is asked, until when, what they promised, and what they said."""
    width = min(width, WIDEST)
    asked = entry.question
    lines = fold([run(listing.titles.get(asked.id, asked.id), Style.TITLE)], width)
    facts = [
        asked.id,
        f"{listing.name(asked.by)} ({asked.by}) asks {listing.name(entry.to)} ({entry.to})",
        f"{entry.state.value}{': ' if time_words(entry) else ''}{time_words(entry)}",
        f"asked {entry.asked}, due {entry.due}, {how_due(entry)}",
        f"{entry.to} {promise_words(entry.promised)}" if entry.known else f"{entry.to} is no contingent here",
    ]
    if asked.record.about:
        facts.append(f"about {', '.join(asked.record.about)}")
    for fact in facts:
        lines += fold([run(fact, Style.DIM)], width)
    lines += [BLANK, *prose(asked.record.body, width), BLANK]
    reply = entry.reply
    if reply is None:
        command = f"newsrepo new answer {asked.id.removeprefix('challenge:')} --as {entry.to}"
        return [*lines, *fold([run(f"No answer yet. To answer: {command}", Style.STRONG)], width)]
    kind = "declined" if reply.record.kind is t.AnswerKind.DECLINE else reply.record.kind.value
    taken = ", withdrawn since" if entry.taken_back else ""
    lines += fold([run(f"{entry.to}, {reply.record.date}: {kind}{taken}", Style.TITLE)], width)
    for word in filter(None, (bound_words(entry.bound), reply.record.reason or "")):
        lines += fold([run(word)], width)
    return [*lines, BLANK, *prose(reply.record.body, width)]


# --- what the command line says ------------------------------------------------------------------------


class _Paper(Out):
    """An answer of the command line on paper of a given width."""

    def __init__(self, page: io.StringIO, width: int) -> None:
        super().__init__(page, io.StringIO(), quiet=True)
        self._width = width

    @property
    def width(self) -> int:
        return self._width


def told(say: Callable[[Out], None], width: int) -> list[str]:
    """The lines that a presenter of the command line says, which encodes them."""
    page = io.StringIO()
    say(_Paper(page, width))
    return terminal_lines(page.getvalue().removesuffix("\n"))


def said_lines(say: Callable[[Out], None], width: int) -> list[Line]:
    """The same as lines; those that begin a part stand out, what is too long is folded."""
    width = min(width, WIDEST)
    lines: list[Line] = []
    for text in told(say, width):
        indent = len(text) - len(text.lstrip(" "))
        style = Style.PLAIN if indent or not text else Style.STRONG
        rest = (Run(" " * min(indent + 2, width // 4)),)
        lines += fold([Run(text, style)], width, (), rest) if text else [BLANK]
    return lines


def error_lines(error: NewsrepoError, width: int) -> list[Line]:
    """What went wrong and the way out; places in a query keep their lines."""
    lines = [line(text, Style.WARNING) for text in error.message.split("\n")]
    if error.hint:
        lines += fold([run(error.hint)], width)
    return lines
