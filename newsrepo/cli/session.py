"""What one run was told and where it runs: options, clock, environment and terminal, read here alone."""

import os
import sys
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsrepo.errors import UsageError

if TYPE_CHECKING:
    from newsrepo.cli.present.out import Out
    from newsrepo.porcelain.workspace import Workspace


def parse_day(text: str, option: str) -> date:
    """A day given on the command line. Raises UsageError."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{option}: {text!r} is not a date", "write it as YYYY-MM-DD, such as 2026-05-03")


class Session:
    """The global options of one run, and what the surroundings say where they are silent."""

    def __init__(self) -> None:
        self.directory = Path()
        self.as_ = ""
        self.day: date | None = None
        self.quiet = False
        self.no_color = False
        self._workspaces: list[Workspace] = []

    def given(self, name: str, value: Any) -> None:
        """Take a global option. A ``-C`` after another is relative to it, as with git and make."""
        if name == "chdir":
            self.directory /= value
            if not self.directory.is_dir():
                raise UsageError(f"-C: no such directory: {value!r}")
        elif name == "today":
            self.day = parse_day(value, "--today")
        elif name == "as_":
            self.as_ = value
        elif name == "quiet":
            self.quiet = True
        elif name == "no_color":
            self.no_color = True
        else:
            raise AssertionError(name)

    @property
    def today(self) -> date:
        """The day of this run: ``--today``, else today in UTC."""
        return self.day or datetime.now(UTC).date()

    @property
    def now(self) -> datetime:
        """The moment of this run in UTC: now, else the first second of ``--today``."""
        return datetime.now(UTC) if self.day is None else datetime.combine(self.day, time(), UTC)

    @property
    def contingent(self) -> str:
        """Whom the run speaks for, as far as options and environment say; empty: ask the repository."""
        return self.as_ or os.environ.get("NEWSREPO_CONTINGENT", "")

    @property
    def rater(self) -> str:
        return os.environ.get("NEWSREPO_RATER", "")

    @property
    def home(self) -> Path | None:
        """The user's home directory, where there is one."""
        try:
            return Path.home()
        except RuntimeError:
            return None

    @property
    def interactive(self) -> bool:
        """Whether there is a person to ask: input and words both on a terminal."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @cached_property
    def out(self) -> "Out":
        from newsrepo.cli.present.out import Out

        dumb = os.environ.get("TERM", "") == "dumb"
        plain = self.no_color or bool(os.environ.get("NO_COLOR")) or dumb
        return Out(
            sys.stdout,
            sys.stderr,
            color=not plain and sys.stdout.isatty(),
            progress=not self.quiet and not dumb and sys.stderr.isatty(),
            quiet=self.quiet,
            ci=bool(os.environ.get("GITHUB_ACTIONS")),
        )

    def workspace(self) -> "Workspace":
        """The repository that the run works in. Raises UnableError when there is none."""
        from newsrepo.porcelain.workspace import Workspace

        found = Workspace.discover(self.directory, contingent=self.contingent, rater=self.rater)
        self._workspaces.append(found)
        return found

    def tell_once(self) -> None:
        """Tell whoever writes in this clone for the first time that git does not forget; unless quiet."""
        if self.quiet or not self._workspaces:
            return
        from newsrepo.porcelain.firstword import first_word

        word = first_word(self._workspaces[-1])
        if word:
            self.out.word(word)

    def tell_notes(self) -> None:
        """Warn of what was odd in the surroundings of the run."""
        for workspace in self._workspaces:
            for note in workspace.notes:
                self.out.warn(note.message, note.hint)

    def editor(self) -> str:
        """The user's editor, as git would choose it; empty when none is set."""
        for name in ("GIT_EDITOR", "VISUAL", "EDITOR"):
            if value := os.environ.get(name, ""):
                return value
        return ""
