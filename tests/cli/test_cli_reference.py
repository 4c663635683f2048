"""The command reference says what the program says."""

from pathlib import Path

from newsrepo.cli.main import VERBS
from newsrepo.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), "python -m newsrepo.cli.reference > docs/cli.md"


def test_every_verb_has_its_section() -> None:
    text = reference()
    for verb in (verb for panel in VERBS.values() for verb in panel):
        assert f"\n### newsrepo {verb}\n" in text
    for leaf in ("new article", "new comment", "new contingent", "new filter", "import markdown"):
        assert f"\n#### newsrepo {leaf}\n" in text
