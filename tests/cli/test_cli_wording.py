"""Help speaks to people: no braces around what must be given, no inequalities for ranges."""

import doctest
import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from newsrepo.cli import main, wording

VERBS = [verb for panel in main.VERBS.values() for verb in panel]


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_plain_and_fits_eighty_columns(verb: str) -> None:
    group = get_command(main.app)
    command = group.get_command(group.make_context("newsrepo", ["x"], resilient_parsing=True), verb)
    for name in [(), *((child,) for child in getattr(command, "commands", {}))]:
        text = CliRunner().invoke(main.app, [verb, *name, "--help"], terminal_width=80).stdout
        assert not re.search(r"[{}]|\[\[", text.splitlines()[0]), text
        assert not re.search(r"\bx *[<>]=|[<>]=x\b", text), text
        assert max(map(len, text.splitlines())) <= 80


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(wording).failed == 0
