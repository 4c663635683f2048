"""Questions to a person: only on a terminal, so that a script is told which option it lacks instead."""

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import typer

from newsrepo.cli.session import Session
from newsrepo.errors import UnableError, UsageError
from newsrepo.ids import IdError


def answer(
    session: Session,
    question: str,
    option: str,
    default: str = "",
    accept: Callable[[str], object] | None = None,
) -> str:
    """The person's answer, or the default. Raises UsageError naming ``option`` where nobody can be asked.

    What ``accept`` refuses with an IdError is asked for again, so that no earlier answer is lost.
    """
    if not session.interactive:
        if default:
            return default
        raise UsageError(f"{option} is missing", f"give {option}, or run this on a terminal to be asked")
    while True:
        text: str = typer.prompt(question, default=default or None, err=True).strip()
        try:
            if accept is not None:
                accept(text)
        except IdError as error:
            session.out.warn(str(error), "such as abc, or port-history; please answer again")
        else:
            return text


def edit(session: Session, path: Path) -> None:
    """Open a file in the user's editor and wait. Raises UnableError when the editor fails."""
    command = session.editor()
    if not command:
        session.out.word("set EDITOR to have new files opened")
        return
    try:
        code = subprocess.call([*shlex.split(command), str(path)])  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:
        raise UnableError(
            f"could not start the editor {command!r}: {error}", f"the file is written: {path}"
        ) from None
    if code != 0:
        raise UnableError(f"the editor {command!r} ended with {code}", f"the file is written: {path}")
