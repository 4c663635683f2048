"""The command line's front door: global options, the table of verbs, and the one boundary to exit codes.

Nothing below imports a verb before it is called: starting costs little more than typer itself.
"""

import copy
import gc
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command as build_command

from newsrepo.cli.session import Session
from newsrepo.cli.wording import plain, reword
from newsrepo.errors import Exit, NewsrepoError

VERBS: dict[str, dict[str, str]] = {
    "Start and write": {
        "init": "Start a new commons, or add what its forge needs.",
        "new": "Write a new article, comment, challenge, answer, contingent or filter.",
        "rewrite": "Start your own version of an article, with credit and source in place.",
        "rate": "Rate an article, or one after another, or what a table lists.",
        "desk": "Sit down at a full-screen desk: read what is new, rate, compare, ask why.",
        "import": "Bring in articles from elsewhere.",
        "editor": "Write in the browser: every save is a commit.",
        "intake": "Turn an issue form into a file, for a forge's runner.",
        "submit": "Check, commit and push what you changed, and ask for it to be taken in.",
    },
    "Look": {
        "find": "Find articles with a query.",
        "ratings": "Show who gave an article what.",
        "show": "Show one record.",
        "versions": "List all versions of a story: its works, and each work's revisions.",
        "diff": "Show two versions of an article passage by passage.",
        "why": "Say why an article is on a front page or is not, and what would turn that round.",
        "compare": "Compare two front pages: what both print, only one, or neither, and why.",
        "credits": "Draw what an article is based on, and what is based on it.",
        "challenges": "Say who was asked what, who answered, and who did not.",
        "map": "Place raters by how they rate, and say how many poles there are.",
    },
    "Together": {
        "sync": "Fetch what everybody else has published.",
        "contingents": "List who belongs and who might, admit somebody, pin a new home or key.",
        "demo": "Make a small network of the sample commons, to try things on.",
    },
    "Decide": {
        "statement": "Propose a text in everybody's name, vote on it, count and close the vote.",
    },
    "Prove": {
        "check": "Check every file and say what is wrong, where, and what to do.",
        "audit": "Report what nobody may do quietly, with evidence.",
        "verify-edition": "Make an edition anew from its tips and say what differs.",
        "explain": "Explain a rule of check: why it is there and what to do.",
    },
    "Publish": {
        "build": "Build editions: complete static sites.",
        "export": "Hand an edition, or all data, to other programs.",
        "print": "Print an edition as a leaflet or a newspaper.",
        "serve": "Preview an edition on this machine, rebuilt on every change.",
    },
}
"""Every verb by panel with the line that the list of verbs shows; its module has its name (``import_``)."""

_GLOBAL = ("chdir", "as_", "today", "quiet", "no_color")


class Verbs(TyperGroup):
    """The verbs, each imported when it is called; global options are taken before and after the verb."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is typer's
        return [verb for panel in VERBS.values() for verb in panel]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if not any(cmd_name in panel for panel in VERBS.values()):
            return None
        name = "import_" if cmd_name == "import" else cmd_name.replace("-", "_")
        module = importlib.import_module(f"newsrepo.cli.{name}")
        command = build_command(module.app)
        command.name = cmd_name
        reword(command)
        _take_globals(command, [p for p in self.get_params(ctx) if p.name in _GLOBAL])
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - the signature is typer's
        for panel, verbs in VERBS.items():
            with formatter.section(panel):
                formatter.write_dl(list(verbs.items()))

    def invoke(self, ctx: Any) -> Any:
        with boundary():
            try:
                return super().invoke(ctx)
            except typer.BadParameter as error:
                plain(error)
                raise
            finally:
                if isinstance(ctx.obj, Session):
                    ctx.obj.tell_notes()


def _take_globals(command: Any, options: list[Any]) -> None:
    """Let ``command`` and everything under it take the global options too, without listing them again."""
    if isinstance(command, TyperGroup):
        for child in command.commands.values():
            _take_globals(child, options)
        if not command.invoke_without_command:
            return
    elif not isinstance(command, TyperCommand):
        raise TypeError(f"{command!r} is no verb of ours")
    for option in options:
        if any(own.name == option.name for own in command.params):
            raise TypeError(f"{command.name}: {option.name} is a global option")
        if any(set(own.opts) & set(option.opts) for own in command.params):
            continue  # `print --as leaflet` means its own; the global one may stand before the verb
        twin = copy.copy(option)
        twin.hidden = True
        twin.expose_value = False
        twin.callback = _later
        command.params.append(twin)


def _later(ctx: Any, param: Any, value: Any) -> None:
    """A global option given after the verb replaces the one before it."""
    if value:
        ctx.obj.given(param.name, value)


@contextmanager
def boundary() -> Iterator[None]:
    """Turn what stops a verb into one message and an exit code; typer's own exceptions pass."""
    try:
        yield
    except NewsrepoError as error:
        _stop(error.exit, error.message, error.hint)
    except BrokenPipeError:
        raise
    except OSError as error:
        from newsrepo.cli.oserrors import explain

        message, hint = explain(error)
        _stop(Exit.UNABLE, message, hint)


def _stop(code: Exit, message: str, hint: str) -> NoReturn:
    from newsrepo.cli.present.encode import error_text

    print_error(error_text(message, hint))
    raise typer.Exit(int(code))


def print_error(text: str) -> None:
    """Write words to standard error; a reader that went away loses them and nothing else."""
    try:
        sys.stdout.flush()
    except OSError:
        _silence(sys.stdout)
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)


def _silence(stream: Any) -> None:
    from newsrepo.cli.present.out import silence

    silence(stream)


app = typer.Typer(
    name="newsrepo",
    cls=Verbs,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    subcommand_metavar="VERB [ID] [OPTIONS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 yes, 1 the answer is no, 2 usage, 3 could not do it, 4 a bug, 75 locked, "
    "130 interrupted. Help for one verb: newsrepo VERB --help",
)


def _version(value: bool) -> None:
    if value:
        from newsrepo import __version__

        typer.echo(f"newsrepo {__version__}")
        raise typer.Exit


def _contingents(ctx: typer.Context, incomplete: str) -> list[str]:
    from newsrepo.cli.complete import contingents

    return contingents(ctx, incomplete)


@app.callback()
def newsrepo(
    ctx: typer.Context,
    chdir: Annotated[
        str, typer.Option("-C", metavar="DIR", help="Work as if started in DIR.", show_default=False)
    ] = "",
    as_: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="CONTINGENT",
            autocompletion=_contingents,
            help="Speak for this contingent of yours.",
            show_default=False,
        ),
    ] = "",
    today: Annotated[
        str,
        typer.Option(
            "--today", metavar="DATE", help="Work as if on this day (YYYY-MM-DD).", show_default=False
        ),
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say no words, only print answers.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Print without colour.")] = False,
    version: Annotated[  # noqa: ARG001 - answered by its callback
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """A git-backed, public-domain news commons: credit, ratings, filters and static editions.

    The global options below may stand before or after the verb.
    """
    session = Session()
    given = {"chdir": chdir, "as_": as_, "today": today, "quiet": quiet, "no_color": no_color}
    for name, value in given.items():
        if value:
            session.given(name, value)
    ctx.obj = session


def _end_well_on_signals() -> None:
    """Let Ctrl-C and SIGTERM unwind this process; processes forked from it just end, without a word."""
    main = os.getpid()

    def end(signum: int, _frame: object) -> NoReturn:
        if os.getpid() != main:
            os._exit(128 + signum)
        if signum == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + signum)

    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like stay in force
            signal.signal(number, end)


def run() -> NoReturn:
    """Run the command line and leave with its exit code: the entry point of the package."""
    _end_well_on_signals()
    # A command makes many values that live until it ends and few cycles; looking for these over and over
    # costs a fifth of a build.
    gc.set_threshold(50_000, 20, 20)
    code = int(Exit.BUG)
    try:
        app(windows_expand_args=False)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        code = int(Exit.INTERRUPTED)
    except BaseException:  # noqa: BLE001 - the outermost edge: whatever arrives here is a bug of ours
        import traceback

        from newsrepo.cli.present.encode import bug_text

        print_error(bug_text(traceback.format_exc()))
    if code == Exit.INTERRUPTED:
        print_error("interrupted")
    try:
        sys.stdout.flush()
    except OSError:
        _silence(sys.stdout)
    sys.exit(code)
