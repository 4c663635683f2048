"""The network of a demonstration, and what to try in it."""

from shlex import quote
from typing import TYPE_CHECKING

from newsrepo.cli.present.encode import terminal

if TYPE_CHECKING:
    from newsrepo.cli.present.out import Out
    from newsrepo.porcelain.demo import Network


def as_text(out: "Out", made: "Network") -> None:
    """What stands where on standard error; the commands to try, ready to paste, on standard output."""
    out.word(f"in {made.root}:")
    width = max(len(repository.path) for repository in made.repositories)
    for repository in made.repositories:
        out.word(f"  {repository.path:{width}}  {repository.what}")
    out.word("\nTry, in this order:")
    out.line(terminal(f"cd {quote(made.reader)}"))
    for command in made.commands:
        out.line(terminal(command))
