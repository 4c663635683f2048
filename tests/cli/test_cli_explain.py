"""``explain``: every rule's page, the list of all, and the nearest name for a wrong one."""

import io
import json
from pathlib import Path

import pytest

from newsrepo.checks import RULES
from newsrepo.cli.present import rules as present
from newsrepo.cli.present.out import Out
from newsrepo.porcelain import explain as pages
from tests.cli.conftest import Run

DOCS = Path(__file__).parents[2] / "docs" / "rules"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_rule_gives_its_own_page(run: Run) -> None:
    for name in (name for rule in RULES for name in (rule.id, *rule.others)):
        result = run("explain", name)
        assert (result.exit_code, result.stdout) == (0, (DOCS / f"{name}.md").read_text(encoding="utf-8"))


def test_without_a_rule_all_are_listed_with_a_sentence(run: Run) -> None:
    lines = [line.split("\t") for line in run("explain").stdout.splitlines()]
    assert {name for name, _ in lines} == {path.stem for path in DOCS.glob("*.md")} - {"README"}
    assert all(sentence.endswith(".") for _, sentence in lines)


def test_json(run: Run) -> None:
    one = json.loads(run("explain", "derivation-cycle", "--json").stdout)
    assert one == {
        "version": 1,
        "verb": "explain",
        "rule": "derivation-cycle",
        "sentence": "Works are based on each other in a circle.",
        "subject": "References",
        "page": (DOCS / "derivation-cycle.md").read_text(encoding="utf-8"),
    }
    assert len(json.loads(run("explain", "--json").stdout)["rules"]) == len(pages.rules())


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("derivation-cycl", "did you mean 'derivation-cycle'?"),
        ("zzzz", "`newsrepo explain` lists them"),
        ("../../README", "`newsrepo explain` lists them"),
        ("README", "`newsrepo explain` lists them"),
        ("\x1b[2J", "`newsrepo explain` lists them"),
    ],
)
def test_an_unknown_rule_suggests_the_nearest(run: Run, given: str, hint: str) -> None:
    result = run("explain", given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"  hint: {hint}\n" in result.stderr
    assert "\x1b" not in result.stderr


def test_a_terminal_gets_folded_text_without_marks() -> None:
    screen = Terminal()
    present.as_text(Out(screen, screen), pages.explain("license-not-accepted"))
    text = screen.getvalue()
    assert "\nWhy. Everyone relies on it" in text
    assert "\n```yaml\nlicense: CC-BY-NC-4.0\n```\n" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_terminal_gets_the_list_by_subject() -> None:
    screen = Terminal()
    present.as_list(Out(screen, screen), pages.rules())
    assert "\n\nReferences\n  dangling-id: A record names another that does not exist.\n" in screen.getvalue()
