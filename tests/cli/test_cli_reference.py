"""The command reference says what the program says."""

import re
from pathlib import Path

import pytest

from newsrepo.cli.main import VERBS
from newsrepo.cli.reference import reference
from tests.cli.conftest import Run

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "python -m newsrepo.cli.reference > docs/cli.md"


def test_the_help_speaks_no_python_and_cuts_no_sentence() -> None:
    page = reference()
    text = page[page.index("## Global options") :]
    assert not re.search(r"<(?:str|int|float|list|bool|path)\b", text)
    assert "..." not in re.sub(r"[\]}A-Z]\.\.\.", "", text)
    assert "…" not in text


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["check", "--format", "xml"],
            "'--format': 'xml' is not one of 'text', 'json', 'github', 'gitlab', 'junit', 'sarif'.",
        ),
        (["find", "--limit", "many"], "'--limit': it is not a whole number"),
        (["find", "--limit", "0"], "'--limit': it must be at least 1"),
        (["serve", "abc/daily", "--port", "70000"], "'--port': it must be at most 65535"),
    ],
)
def test_a_value_that_is_refused_is_refused_in_plain_words(run: Run, args: list[str], said: str) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_every_verb_has_its_section() -> None:
    text = reference()
    for verb in (verb for panel in VERBS.values() for verb in panel):
        assert f"\n### newsrepo {verb}\n" in text
    for leaf in ("new article", "new comment", "new contingent", "new filter", "import markdown"):
        assert f"\n#### newsrepo {leaf}\n" in text
