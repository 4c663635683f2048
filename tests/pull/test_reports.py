"""Reports for machines: each its own form, whole, the same each time, and inert whatever stands in the findings."""

import json
import re
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest
from pull_desk import obeyed

from newsrepo.cli.present import annotations, findings, gitlab, junit, sarif
from newsrepo.cli.present.encode import json_text, markdown, neutral
from newsrepo.location import Finding, Location, Severity
from newsrepo.porcelain.check import Checked, Near, Since

EVIL = "::error file=a::x\r\n##[error]y\x1b]8;;https://e\x07\u202e<b>&amp;]]>\"'`*_[z](http://w)%0A\ud800\ufffe\x00,:|"
FOUND = (
    Finding("dangling-id", Location("articles/abc/2026/a/index.md", 3, 7), "there is no x", "say y"),
    Finding("dangling-id", Location("articles/abc/2026/a/index.md", 9, 1), "there is no x"),
    Finding(EVIL, Location(f"articles/{EVIL}", 2, 1), EVIL, EVIL, Severity.WARNING),
    Finding("empty-body", Location("a b/ü%#?.md", 1, 1), "x", severity=Severity.NOTE),
    Finding("bad-path", Location("articles/lmn/x", 1, 1, "lmn@01234567"), "theirs"),
)
DONE = Checked(FOUND, 7, "", theirs=frozenset(["lmn@01234567"]))
NONE = Checked((), 7, "")


def since(*near: Near) -> Since:
    return Since(
        base=None,
        near=near,
        added=1,
        changed=0,
        removed=0,
        hidden=dict.fromkeys(Severity, 0),
        whole=True,
        owners=(),
        others=tuple(f"{EVIL}{n}" for n in range(7)),
        cut=True,
        author=None,
    )


def reports() -> dict[str, str]:
    return {
        "gitlab": gitlab.report(DONE),
        "junit": junit.report(DONE),
        "sarif": sarif.report(DONE, {}),
        "json": json_text(findings.answer(DONE)),
        "text": "\n".join(neutral(line) for line in findings.lines(FOUND)),
        "summary": annotations.summary(DONE),
    }


@pytest.mark.parametrize("name", sorted(reports()))
def test_inert_and_the_same_each_time(name: str) -> None:
    report = reports()[name]
    assert report == reports()[name]
    assert obeyed(report) == []
    assert all(c == "\n" or c.isprintable() for c in report)


def test_annotations() -> None:
    commands = obeyed("\n".join(annotations.commands(DONE, "token")))
    assert [c.name for c in commands] == ["error", "error", "warning", "notice", "error"]
    assert commands[0].properties == {
        "file": "articles/abc/2026/a/index.md", "line": "3", "col": "7", "title": "dangling-id",
    }  # fmt: skip
    assert commands[0].data == "there is no x\nhint: say y"
    assert set(commands[2].properties) == {"file", "line", "col", "title"}
    assert commands[3].properties["file"] == "a b/ü%#?.md"
    assert commands[4].properties == {"title": "bad-path"}, "no file of ours is marked for another's"
    assert commands[4].data.startswith("lmn@01234567:articles/lmn/x")


def test_ten_of_a_level_and_the_rest_while_nothing_is_obeyed() -> None:
    many = tuple(
        Finding("x-y", Location(f"f{n:02}"), EVIL, severity=severity)
        for severity in (Severity.WARNING, Severity.ERROR)
        for n in range(15)
    )
    log = "\n".join(annotations.commands(Checked(many, 30, ""), "0123"))
    assert [c.name for c in obeyed(log)] == ["warning"] * 10 + ["error"] * 10
    rest = log[log.index("::stop-commands::0123") :]
    assert "10 more findings" in rest
    assert all(f"f{n}" in rest for n in range(10, 15))
    assert rest.endswith("::0123::")
    assert all(line.startswith("  ") for line in rest.split("\n")[1:-1])


def test_summary_holds_no_markup_but_ours() -> None:
    page = annotations.summary(DONE)
    assert page.startswith("### newsrepo check\n\n- ")
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", page)
    assert not re.search(r"[<>\[\]`#|&@]|://|::", bare.removeprefix("### "))
    assert bare.count("**") == 2 * len(FOUND)
    many = Checked(tuple(Finding("x-y", Location(f"f{n}"), EVIL * 9) for n in range(500)), 500, "")
    assert "and 400 more, in the log" in annotations.summary(many)
    assert len(annotations.summary(many)) < 1 << 20


def test_summary_of_a_change_names_few_of_the_other_files() -> None:
    page = annotations.summary(Checked(FOUND[:1], 1, "", since(Near.LINE)))
    assert "and 2 more\\, at least" in page
    assert obeyed(page) == []


def test_gitlab() -> None:
    issues = json.loads(gitlab.report(DONE))
    assert [i["severity"] for i in issues] == ["major", "major", "minor", "info", "major"]
    assert issues[0]["location"] == {"path": "articles/abc/2026/a/index.md", "lines": {"begin": 3}}
    assert issues[4]["location"]["path"] == "lmn@01234567:articles/lmn/x"
    prints = [i["fingerprint"] for i in issues]
    assert len(set(prints)) == len(prints)
    moved = Checked(
        (Finding("dangling-id", Location(FOUND[0].location.path, 99, 1), "there is no x"),), 1, ""
    )
    assert json.loads(gitlab.report(moved))[0]["fingerprint"] == prints[0]
    assert json.loads(gitlab.report(NONE)) == []
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()


def test_junit() -> None:
    root = ET.fromstring(junit.report(DONE))
    assert root.attrib == {"tests": "5", "failures": "2", "errors": "0"}
    cases = list(root.iter("testcase"))
    assert len(cases) == 5
    assert [c.find("failure") is not None for c in cases] == [True, True, False, False, False]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.attrib == {"message": "there is no x", "type": "dangling-id"}
    assert failure.text == "articles/abc/2026/a/index.md:3:7: there is no x\nhint: say y"
    empty = ET.fromstring(junit.report(NONE))
    assert (empty.attrib["tests"], empty.attrib["failures"]) == ("1", "0")


def test_sarif() -> None:
    log = json.loads(sarif.report(DONE, {"dangling-id": "A record names another that does not exist."}))
    assert (log["version"], list(log)) == ("2.1.0", ["$schema", "version", "runs"])
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [r["id"] for r in rules] == sorted(r["id"] for r in rules)
    assert rules[[r["id"] for r in rules].index("dangling-id")]["shortDescription"]["text"].endswith(
        "not exist."
    )
    assert run["columnKind"] == "unicodeCodePoints"
    for finding, result in zip(FOUND, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        (place,) = result["locations"]
        artifact = place["physicalLocation"]["artifactLocation"]
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", artifact["uri"])
        assert ("uriBaseId" in artifact) is (not finding.location.source)
        region = place["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (finding.location.line, finding.location.col)
        assert list(result["partialFingerprints"]) == [sarif.NAME]
    assert (
        unquote(run["results"][3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
        == "a b/ü%#?.md"
    )
    assert json.loads(sarif.report(NONE, {}))["runs"][0]["results"] == []


@pytest.mark.parametrize(
    "line", ["::error::x", " \t::error::x", "\u3000::error::x", "a ##[error]x", "###[error]x", "##[ERROR x]"]
)
def test_neutral(line: str) -> None:
    assert obeyed(neutral(line)) == []


@pytest.mark.parametrize("line", ["a::b", "std::vector", "# [x]", "## [x]", "plain"])
def test_neutral_leaves_what_is_harmless(line: str) -> None:
    assert neutral(line) == line


def test_markdown_is_words() -> None:
    assert markdown("a_b <x> [y](z) `c`\n#d") == r"a\_b \<x\> \[y\]\(z\) \`c\`\\u\{a\}\#d"
