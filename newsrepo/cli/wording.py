"""Plain words where typer speaks of Python: what an option takes, whole one-liners, what a value lacks."""

import re
from functools import partial
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

_TAKES = {
    "author": "NAME",
    "jobs": "N",
    "kind": "KIND",
    "lang": "LANG",
    "license": "LICENSE",
    "limit": "N",
    "name": "NAME",
    "place": "PLACE",
    "port": "N",
    "relation": "RELATION",
    "slug": "SLUG",
    "topic": "TOPIC",
}

_SAID = (
    (re.compile(r"^Value error, "), ""),
    (re.compile(r"^Input should be a valid integer.*", re.DOTALL), "it is not a whole number"),
    (re.compile(r"^Input should be greater than or equal to (-?\d+)$"), r"it must be at least \1"),
    (re.compile(r"^Input should be less than or equal to (-?\d+)$"), r"it must be at most \1"),
)


def reword(command: Any) -> None:
    """Let the help of ``command`` name what options take, and list what is under it in full sentences."""
    for param in command.params:
        if isinstance(param, (TyperArgument, TyperOption)):
            span = partial(_span, param.min, param.max)
            param._get_number_range_help_str = span  # type: ignore[method-assign]  # noqa: SLF001 - no other way in
        if isinstance(param, TyperArgument):
            param.display_type_rich = _nothing  # type: ignore[method-assign]  # its name says it already
            if param.required:
                name = f"{param.metavar or param.display_name_raw}{'...' if param.nargs != 1 else ''}"
                param.get_usage_pieces = partial(_pieces, name)  # type: ignore[method-assign]  # no {braces}
        elif isinstance(param, TyperOption) and not param.is_flag and param.metavar is None:
            choices = param.type_descriptor.choices
            param.metavar = "|".join(map(str, choices)) if choices else _TAKES.get(param.name or "", "TEXT")
    if isinstance(command, TyperGroup):
        for child in command.commands.values():
            if not child.short_help:
                child.short_help = " ".join((child.help or "").partition("\n\n")[0].split())
            reword(child)


def _nothing(*_: object, **__: object) -> None:
    return None


def _pieces(name: str, _: object) -> list[str]:
    return [name]


def _span(least: float | None, most: float | None) -> str | None:
    """What numbers are taken, in words.

    >>> _span(1, 64)
    '1 to 64'
    >>> _span(1, None)
    'at least 1'
    """
    if least is None:
        return None if most is None else f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"


def plain(error: typer.BadParameter) -> None:
    """Say what a value lacks without the words of the library that found out."""
    for pattern, words in _SAID:
        error.message = pattern.sub(words, error.message)
