"""A record that is named and is not in view: never fetched, gone from its home, or never there."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git

from newsrepo.gitstore.repository import Repository
from newsrepo.location import Finding, Severity
from newsrepo.porcelain.build import build
from newsrepo.porcelain.check import check
from newsrepo.porcelain.sync import sync
from newsrepo.porcelain.workspace import Workspace

CHARTER = """\
name: The Commons
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: not at all, high: very}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
licenses: [CC0-1.0]
"""
HEAD = "title: A\ndate: 2026-05-01\nlang: en\nlicense: CC0-1.0\nauthors: [Ann]\n"
REPLY = "---\non: lmn/2026/{0}\ndate: 2026-05-02\nlang: en\nauthors: [Bo]\n---\n\nWell told.\n"
NOW = datetime(2026, 5, 3, tzinfo=UTC)
WHERE = "comments/abc/2026/reply.md"


def repository(root: Path, files: dict[str, str]) -> Path:
    root.mkdir()
    run_git(root, "init", "--quiet", "--initial-branch=main", "--template=")
    put(root, files)
    commit_all(root)
    return root


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    pages = {
        f"articles/lmn/2026/{slug}/index.md": f"---\n{HEAD}---\n\nSome words.\n" for slug in ("quay", "port")
    }
    return repository(
        tmp_path / "lmn", {"newsrepo.yaml": CHARTER, "contingents/lmn.yaml": "name: LMN\n", **pages}
    )


@pytest.fixture
def ours(tmp_path: Path, theirs: Path) -> Path:
    """A clone of abc's that answers three articles of lmn's, of which lmn only ever wrote two."""
    files = {
        "newsrepo.yaml": CHARTER,
        "contingents/abc.yaml": "name: ABC\n",
        "contingents/lmn.yaml": f"name: LMN\nhome: {theirs}\nbranch: main\n",
        "comments/abc/2026/port.md": REPLY.format("port"),
        "comments/abc/2026/quay.md": REPLY.format("quay"),
        "comments/abc/2026/wharf.md": REPLY.format("wharf"),
        "articles/abc/2026/one/index.md": f"---\n{HEAD}---\n\nSee [it](article:lmn/2026/port).\n",
    }
    root = repository(tmp_path / "abc", files)
    run_git(root, "config", "newsrepo.contingent", "abc")
    return root


def told(root: Path) -> list[tuple[str, str, Severity]]:
    with Repository.discover(root) as found:
        findings = check(Workspace(found), start=root).findings
    return [(f.rule, Path(f.location.path).stem, f.severity) for f in findings if _absent(f)]


def _absent(finding: Finding) -> bool:
    return finding.rule in ("dangling-id", "dangling-link", "gone-record", "unseen-record")


def fetch(root: Path) -> None:
    with Repository.discover(root) as found:
        sync(Workspace(found), now=NOW, local=True)


def test_before_a_home_was_fetched_nobody_can_tell(ours: Path) -> None:
    assert told(ours) == [
        ("unseen-record", "index", Severity.WARNING),
        ("unseen-record", "port", Severity.WARNING),
        ("unseen-record", "quay", Severity.WARNING),
        ("unseen-record", "wharf", Severity.WARNING),
    ]


def test_once_it_was_what_is_there_is_there_and_what_never_was_is_named(ours: Path) -> None:
    fetch(ours)
    assert told(ours) == [("dangling-id", "wharf", Severity.WARNING)]
    put(ours, {"comments/abc/2026/self.md": REPLY.format("none").replace("lmn/", "abc/")})
    assert ("dangling-id", "self", Severity.ERROR) in told(ours)  # of what is homed here we can tell


def test_what_its_owner_dropped_is_no_error_of_those_who_name_it(ours: Path, theirs: Path) -> None:
    fetch(ours)
    assert told(ours) == [("dangling-id", "wharf", Severity.WARNING)]
    run_git(theirs, "rm", "-q", "-r", "articles/lmn/2026/port")
    commit_all(theirs, "Tidy up")
    fetch(ours)
    expected = [
        ("gone-record", "index", Severity.WARNING),
        ("gone-record", "port", Severity.WARNING),
        ("dangling-id", "wharf", Severity.WARNING),
    ]
    assert told(ours) == expected
    assert told(ours) == expected  # as remembered


def test_who_comes_after_it_was_dropped_finds_it_in_history(ours: Path, theirs: Path) -> None:
    run_git(theirs, "rm", "-q", "-r", "articles/lmn/2026/port")
    commit_all(theirs, "Tidy up")
    fetch(ours)
    assert [one[:2] for one in told(ours)] == [
        ("gone-record", "index"),
        ("gone-record", "port"),
        ("dangling-id", "wharf"),
    ]


def test_nobody_breaks_anothers_check_by_dropping_a_work_with_its_history(ours: Path, theirs: Path) -> None:
    put(
        ours,
        {
            "filters/abc/all.yaml": "title: All\nselect: 'based-on:lmn/2026/port OR newsworthy>=0'\n"
            "include: [lmn/2026/port]\nlead: [abc/2026/one]\n"
        },
    )
    run_git(theirs, "rm", "-q", "-r", "articles/lmn/2026/port")
    run_git(theirs, "commit", "-q", "--amend", "-m", "Nothing ever was")
    fetch(ours)
    with Repository.discover(ours) as found:
        done = check(Workspace(found), start=ours)
        assert done.sound, done.findings
        assert {f.rule for f in done.findings if "port" in f.message} == {
            "dangling-id",
            "dangling-link",
            "unknown-article",
        }
        out = ours.parent / "site"
        made = build(
            Workspace(found), ["abc/all"], every=False, out=out, start=ours, jobs=1, clock=NOW.date()
        )
        assert made


def test_in_a_checkout_of_the_commons_itself_what_it_hosts_is_missing_for_good(ours: Path) -> None:
    put(
        ours,
        {"contingents/lmn.yaml": "name: LMN\n", "newsrepo.yaml": f"home: https://example.org/c\n{CHARTER}"},
    )
    assert {(rule, severity) for rule, _, severity in told(ours)} == {
        ("dangling-id", Severity.ERROR),
        ("dangling-link", Severity.ERROR),
    }


def test_a_credited_passage_is_nobody_elses_when_its_source_was_dropped(ours: Path, theirs: Path) -> None:
    words = " ".join(f"The {n} dockers of the {n} quay said so." for n in range(20))
    put(theirs, {"articles/lmn/2026/port/index.md": f"---\n{HEAD}---\n\n{words}\n"})
    commit_all(theirs)
    version = run_git(theirs, "rev-parse", "HEAD:articles/lmn/2026/port/index.md").strip()
    based = f"based_on:\n  - article: lmn/2026/port\n    version: {version}\n    relation: rewrite\n"
    later = HEAD.replace("2026-05-01", "2026-05-09")
    put(
        ours,
        {
            "articles/abc/2026/mine/index.md": f"---\n{later}{based}---\n\n{words}\n",
            f"articles/abc/2026/mine/sources/{version}.md": f"---\n{HEAD}---\n\n{words}\n",
            "contingents/thief.yaml": "name: Thief\n",
            "articles/thief/2026/copy/index.md": f"---\n{HEAD}---\n\n{words}\n",
        },
    )
    commit_all(ours)

    def accused() -> list[tuple[str, bool]]:
        with Repository.discover(ours) as found:
            findings = check(Workspace(found), start=ours).findings
        return [
            (f.location.path.split("/")[1], "has it from a text that it credits" in f.message)
            for f in findings
            if f.rule == "uncredited-reuse"
        ]

    fetch(ours)
    assert [who for who, _ in accused()] == ["thief"]
    run_git(theirs, "rm", "-q", "-r", "articles/lmn/2026/port")
    commit_all(theirs, "Tidy up")
    fetch(ours)
    assert accused() == [("thief", True)]
