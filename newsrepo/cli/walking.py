"""The talk of ``rate --next``: plain lines only, one key an axis on a terminal, one line an axis elsewhere.

No cursor is moved and nothing is drawn twice, so that it reads the same over ssh, on paper and aloud.
"""

import os
import select
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from newsrepo.cli.present.encode import terminal
from newsrepo.cli.present.out import Out
from newsrepo.commons.model import Given
from newsrepo.errors import UsageError
from newsrepo.ids import AxisId
from newsrepo.porcelain.rate import Rated, mark_of
from newsrepo.porcelain.rating_walk import Scale, Walk
from newsrepo.records import types as t

LEAVE, SKIP, UNDO, QUIT, NOTE, HELP = "-", "s", "u", "q", "n", "?"
_MOST = 9
"""How many values an axis may have for one key to be enough."""

COMMANDS = "- leaves an axis out, s skips the work, u undoes, n adds a note, q ends, ? explains"

LONGEST = 2000
"""How many characters a note may have."""

MANY = 8
"""How many other works of the same story are named."""

Read = Callable[[bool], str | None]
"""Asks for one key (true) or one line (false); None is the end of what is typed."""


def talk(out: Out, walk: Walk, read: Read, *, keys: bool) -> None:
    """Walk until nothing is left, or the person ends it."""
    out.line(f"{walk.rater}: {_works(len(walk))} to rate. {COMMANDS}.")
    while (work := walk.current) is not None:
        out.line()
        out.line(f"Work {walk.place + 1} of {len(walk)}: {terminal(work.title)}")
        own = ", your own contingent's" if work.owner == walk.rater.partition("/")[0] else ""
        out.line(f"{work.id}@{work.version[:8]}, {work.date.day}, {work.lang}, {work.words} words{own}")
        if work.summary:
            out.line(terminal(work.summary))
        versions = walk.versions()
        for other in versions[:MANY]:
            out.line(f"Also: {other.id}: {terminal(other.title)}")
        if len(versions) > MANY:
            out.line(f"Also: {len(versions) - MANY} more; `newsrepo versions {work.id}` lists all.")
        if not _one(out, walk, read, keys=keys):
            break
    else:
        out.line()
        out.line("Nothing is left to rate.")
    left = len(walk) - walk.place
    out.line(f"{walk.given} rated. {_works(left)} left; `newsrepo rate --next` goes on from here.")
    out.flush()


def _one(out: Out, walk: Walk, read: Read, *, keys: bool) -> bool:
    """Ask for one work's values and go on, or back. False ends the walk."""
    values: dict[AxisId, int] = {}
    note = ""
    at = 0
    while at < len(walk.scales):
        scale = walk.scales[at]
        one = keys and is_short(scale.axis)
        text = _answer(out, question(scale, keys=keys), read, one=one, echo=keys)
        if text is None or text == QUIT:
            return False
        if text == SKIP:
            walk.skip()
            out.line("Skipped.")
            return True
        if text == UNDO:
            if at:
                at -= 1
                values.pop(walk.scales[at].id, None)
                continue
            _undo(out, walk)
            return True
        if text == NOTE:
            said = _answer(out, "Note, in one line:", read, one=False, echo=keys) or note
            if len(said) > LONGEST or not said.isprintable():
                out.line(f"A note is one line of at most {LONGEST} characters; this one was not taken.")
            else:
                note = said
            continue
        if text == HELP:
            _explain(out, walk.scales, keys=keys)
            continue
        if text not in (LEAVE, ""):
            try:
                values[scale.id] = value_of(scale, text, key=one)
            except UsageError as error:
                out.line(f"{terminal(error.message)}. {COMMANDS}.")
                continue
        at += 1
    if values:
        done, others = walk.give(values, note)
        _tell(out, done, others)
    else:
        walk.skip()
        out.line("Skipped: no value was given.")
    return True


def question(scale: Scale, *, keys: bool) -> str:
    """What is asked for one axis: its name, and which keys or numbers mean what."""
    axis = scale.axis
    low, high = f"{axis.min} {terminal(axis.low)}", f"{axis.max} {terminal(axis.high)}"
    if not keys or not is_short(axis) or _is_digits(axis):
        how = "key" if keys and is_short(axis) else "number"
        return f"{scale.id}, {how} {axis.min} to {axis.max} ({low}; {high}):"
    pairs = " ".join(f"{n}={value}" for n, value in enumerate(range(axis.min, axis.max + 1), 1))
    return f"{scale.id}, key=value {pairs} ({low}; {high}):"


def value_of(scale: Scale, text: str, *, key: bool) -> int:
    """What a key or a number means on an axis. Raises UsageError."""
    axis = scale.axis
    if not key or _is_digits(axis):
        return mark_of(scale.id, axis, text)
    last = axis.max - axis.min + 1
    if text.isascii() and text.isdigit() and 1 <= int(text) <= last:
        return axis.min + int(text) - 1
    raise UsageError(f"{scale.id}: {text!r} is no key from 1 to {last}")


def is_short(axis: t.Axis) -> bool:
    """Whether one key is enough for any value of the axis."""
    return _is_digits(axis) or axis.max - axis.min < _MOST


def _is_digits(axis: t.Axis) -> bool:
    return axis.min >= 0 and axis.max <= _MOST


def _answer(out: Out, prompt: str, read: Read, *, one: bool, echo: bool) -> str | None:
    out.data(prompt + " ")
    out.flush()
    text = read(one)
    if one or not echo or text is None:
        # where nobody's terminal has echoed the answer, or only a key was pressed, it is said back
        out.line(terminal(text or "") if text is not None else "")
    return text.strip() if text is not None else None


def _undo(out: Out, walk: Walk) -> None:
    try:
        back = walk.undo()
    except UsageError as error:
        out.line(f"{terminal(error.message)}.")
    else:
        out.line(f"Taken back: {back.article} {_marks(back.values)}" if back else "Back.")


def _tell(out: Out, done: Rated, others: Sequence[Given]) -> None:
    out.line(f"Rated: {done.article}@{done.version[:8]} {_marks(done.values)}")
    if not others:
        out.line("Nobody else has rated it.")
    last: tuple[object, ...] = ()
    line = ""
    for given in others:
        key = (given.rater, given.day, given.version)
        if key != last:
            if line:
                out.line(line)
            old = "" if given.version == done.version else f" (of {given.version[:8]})"
            own = " (own work)" if _contingent(given.rater) == _contingent(done.article) else ""
            line, last = f"Others: {given.rater}{own}{old}", key
        line += f" {given.axis}={given.value}"
    if line:
        out.line(line)


def _explain(out: Out, axes: Sequence[Scale], *, keys: bool) -> None:
    out.line("- or Enter  no value on this axis")
    out.line("s           skip this work; it comes again next time")
    out.line("u           back by one axis; at the first axis, take back the work before this one")
    out.line("n           add a note, in one line")
    out.line("q           end; what was rated is written, this work is not")
    for scale in axes:
        out.line(f"{terminal(scale.axis.title)}: {question(scale, keys=keys).removesuffix(':')}")


def _contingent(identity: str) -> str:
    return identity.partition("/")[0]


def _marks(values: Mapping[str, int]) -> str:
    return " ".join(f"{axis}={value}" for axis, value in values.items())


def _works(number: int) -> str:
    return "1 work" if number == 1 else f"{number} works"


def lines() -> Read:
    """Answers line by line, as a pipe or a file gives them."""

    def read(_: bool) -> str | None:
        line = sys.stdin.readline(4096)
        return line.removesuffix("\n") if line else None

    return read


@contextmanager
def pressed() -> Iterator[Read]:
    """Answers by single keys from the terminal on standard input, which is left as it was found."""
    import termios
    import tty

    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)

    def line() -> str | None:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
        try:
            parts = []
            while (byte := os.read(number, 1)) not in (b"", b"\n"):
                parts.append(byte)
            return b"".join(parts).decode(errors="replace") if byte or parts else None
        finally:
            tty.setcbreak(number, termios.TCSADRAIN)

    def read(one: bool) -> str | None:
        if not one:
            return line()
        byte = os.read(number, 1)
        if byte in (b"", b"\x04"):
            return None
        if (
            byte == b"\x1b" or byte[0] >= 0x80
        ):  # an arrow key, or a letter of several bytes: one key, not ours
            if select.select([number], [], [], 0.05)[0]:
                os.read(number, 16)
            return "no key"
        return byte.decode()

    tty.setcbreak(number, termios.TCSADRAIN)
    try:
        yield read
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
