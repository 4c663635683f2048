"""``credits``: the derivation drawn both ways, as rows, and as a graph; hostile words stay words."""

import json
import re
from pathlib import Path

import pytest

from newsrepo.cli.present.credits import DEEP, dot_text
from newsrepo.gitstore.snapshot import blob_id
from tests.cli.conftest import STRIKE, Run
from tests.conftest import put

A = "abc/2026/dock-strike"
B = "lmn/2026/port"
C = "xyz/2026/hafen"
VA = blob_id(STRIKE.encode())


def derived(source: str, version: str, relation: str, title: str, lang: str = "en") -> str:
    head = f"title: {json.dumps(title)}\ndate: 2026-05-04\nauthors:\n  - Bo\nlang: {lang}\nlicense: CC0-1.0\n"
    head += f"based_on:\n  - article: {source}\n    version: {version}\n    relation: {relation}\n"
    return f"---\n{head}---\n\nThe cranes moved.\n"


TEXT_B = derived(A, VA, "rewrite", "The port")
VB = blob_id(TEXT_B.encode())
TEXT_C = derived(B, VB, "translation", "Der Hafen", "de")
VC = blob_id(TEXT_C.encode())


@pytest.fixture
def chain(commons: Path) -> Path:
    """A rewritten by B, B translated by C."""
    put(
        commons,
        {
            "contingents/lmn.yaml": "name: Lmn Press\n",
            f"articles/{B}/index.md": TEXT_B,
            f"articles/{B}/sources/{VA}.md": STRIKE,
            f"articles/{C}/index.md": TEXT_C,
            f"articles/{C}/sources/{VB}.md": TEXT_B,
        },
    )
    return commons


def test_the_middle_of_a_chain_sees_both_ends(chain: Path, run: Run) -> None:
    result = run("credits", B, cwd=chain)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout
        == f"""\
{B}@{VB[:8]}
  The port · Bo · Lmn Press (lmn) · CC0-1.0

based on
└── rewrite of {A}@{VA[:8]}
        The dock strike ends · Ann Lee · ABC (abc) · CC0-1.0

used by
└── translation in {C}@{VC[:8]}
        Der Hafen · Bo · xyz · CC0-1.0
"""
    )


def test_the_whole_chain_and_its_ends(chain: Path, run: Run) -> None:
    up = run("credits", C, cwd=chain).stdout.splitlines()
    assert up[3:] == [
        "based on",
        f"└── translation of {B}@{VB[:8]}",
        "    │   The port · Bo · Lmn Press (lmn) · CC0-1.0",
        f"    └── rewrite of {A}@{VA[:8]}",
        "            The dock strike ends · Ann Lee · ABC (abc) · CC0-1.0",
        "",
        "used by nothing in view",
    ]
    assert "based on nothing in this commons" in run("credits", A, cwd=chain).stdout


def test_a_revised_or_vanished_source_is_told(chain: Path, run: Run) -> None:
    put(chain, {f"articles/{A}/index.md": STRIKE.replace("nine", "ten")})
    assert f"rewrite of {A}@{VA[:8]}, since revised\n" in run("credits", B, cwd=chain).stdout
    (chain / f"articles/{A}/index.md").unlink()
    assert f"rewrite of {A}@{VA[:8]}, not in view\n" in run("credits", B, cwd=chain).stdout
    (chain / f"articles/{B}/sources/{VA}.md").unlink()
    assert f"rewrite of {A}@{VA[:8]}, not in view\n" in run("credits", B, cwd=chain).stdout  # history has it
    (chain / f"articles/{C}/sources/{VB}.md").unlink()
    (chain / f"articles/{B}/index.md").unlink()
    gone = f"translation of {B}@{VB[:8]}, not in view, never was a version of it\n"
    assert gone in run("credits", C, cwd=chain).stdout


def test_an_older_version_that_is_kept_can_be_asked_for(chain: Path, run: Run) -> None:
    put(
        chain,
        {f"articles/{B}/index.md": TEXT_B.replace("The port", "The new port").replace(A, "abc/2026/none")},
    )
    assert f"└── rewrite of {A}@" in run("credits", f"{B}@{VB}", cwd=chain).stdout
    gone = run("credits", f"{B}@{'0' * 40}", cwd=chain)
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert "was ever seen here" in gone.stderr


def test_json_has_every_line_as_a_row(chain: Path, run: Run) -> None:
    answer = json.loads(run("credits", C, "--json", cwd=chain).stdout)
    assert answer["work"]["article"] == C
    assert answer["used_by"] == []
    rows = answer["based_on"]
    assert [(r["depth"], r["under"], r["relation"], r["article"], r["article_version"]) for r in rows] == [
        (1, None, "translation", B, VB),
        (2, 0, "rewrite", A, VA),
    ]
    assert (rows[1]["contingent_name"], rows[1]["license"], rows[1]["notes"]) == ("ABC", "CC0-1.0", [])


def test_a_graph_has_each_work_and_each_derivation_once(chain: Path, run: Run) -> None:
    lines = run("credits", B, "--dot", cwd=chain).stdout.splitlines()
    assert (lines[0], lines[-1]) == ("digraph credits {", "}")
    assert [line for line in lines if "->" in line] == [
        f'  "{A}" -> "{B}" [label="rewrite\\n@{VA[:8]}"];',
        f'  "{B}" -> "{C}" [label="translation\\n@{VB[:8]}"];',
    ]
    assert f'  "{B}" [label="The port\\nLmn Press\\nCC0-1.0", penwidth=3];' in lines


HOSTILE = 'x"];evil[label="\\N\\G <b>&amp;</b>'


def test_hostile_titles_stay_inside_their_quotes(chain: Path, run: Run) -> None:
    put(chain, {f"articles/{B}/index.md": derived(A, VA, "rewrite", HOSTILE)})
    lines = run("credits", B, "--dot", cwd=chain).stdout.splitlines()
    quoted = r'"(?:[^"\\]|\\\\|\\"|\\n)*"'
    shape = re.compile(rf"  {quoted}(?: -> {quoted})? \[label={quoted}(?:, penwidth=3)?\];")
    assert [line for line in lines[4:-1] if not shape.fullmatch(line)] == []
    assert "&amp;amp;" in "".join(lines)


def test_a_quoted_string_can_be_read_back() -> None:
    for text in ("", "\\", '"', '\\"', "a\\N", "&lt;", "a\nb"):
        inner = dot_text(text)[1:-1].replace("\\n", "\n")
        inner = re.sub(r'\\(["\\])', r"\1", inner)
        for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            inner = inner.replace(entity, char)
        assert inner == text


def test_circles_are_drawn_and_end(commons: Path, run: Run) -> None:
    other = derived(B, "0" * 40, "rewrite", "Round")
    put(
        commons,
        {f"articles/{B}/index.md": derived(C, "0" * 40, "rewrite", "One"), f"articles/{C}/index.md": other},
    )
    text = run("credits", B, cwd=commons).stdout
    assert text.count("a circle") == 2
    assert run("credits", B, "--json", cwd=commons).exit_code == 0


def test_a_long_chain_is_cut_on_the_screen_and_nowhere_else(commons: Path, run: Run) -> None:
    files = {}
    version = VA
    source = A
    for n in range(60):
        text = derived(source, version, "rewrite", f"Part {n}")
        source, version = f"lmn/2026/part-{n}", blob_id(text.encode())
        files[f"articles/{source}/index.md"] = text
    put(commons, files)
    lines = run("credits", source, cwd=commons).stdout.splitlines()
    (cut,) = [line for line in lines if "more" in line]
    assert cut.lstrip() == f"└── … and {60 - DEEP} more"
    assert len(json.loads(run("credits", source, "--json", cwd=commons).stdout)["based_on"]) == 60


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("abc/2026/dock-strik", f"did you mean '{A}'?"),
        ("abc/daily", "is no article"),
        ("../x", "no such record"),
    ],
)
def test_what_is_no_article_has_no_credits(commons: Path, run: Run, what: str, said: str) -> None:
    result = run("credits", what, cwd=commons)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_an_article_with_faults_is_named(commons: Path, run: Run) -> None:
    put(commons, {f"articles/{A}/index.md": "broken"})
    result = run("credits", A, cwd=commons)
    assert result.exit_code == 3
    assert f"newsrepo check articles/{A}/index.md" in result.stderr


def test_one_form_at_a_time(commons: Path, run: Run) -> None:
    assert run("credits", A, "--json", "--dot", cwd=commons).exit_code == 2
