"""What the rules found is remembered for the very same view, and never believed beyond that."""

from collections.abc import Collection

import pytest
from support import article, commons

from newsrepo import checks
from newsrepo.checks import memory, run
from newsrepo.commons import Index
from newsrepo.ids import Oid
from newsrepo.location import Finding

GONE = Oid("3" * 40)
FILES = {
    "contingents/abc.yaml": "name: A\n",
    "articles/abc/2026/quay/index.md": article(body="See [it](article:abc/2026/nowhere)."),
    "articles/abc/2026/pier/index.md": article(
        more=f"based_on:\n  - article: abc/2026/quay\n    version: {GONE}\n    relation: quote\n"
    ),
}


class Repository:
    """Which objects there are beyond the view."""

    def __init__(self, *there: Oid) -> None:
        self.there = frozenset(there)

    def known(self, oids: Collection[Oid]) -> Collection[Oid]:
        return self.there & frozenset(oids)


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def rules(*_: object) -> None:
        raise AssertionError("the rules ran again")

    monkeypatch.setattr(checks, "_told", rules)


def rules(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings}


def test_the_same_view_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.memory()
    first = run(commons(FILES, index=index), known=Repository().known, history="c1")
    assert {"dangling-link", "dangling-version", "missing-license"} <= rules(first)
    forbid(monkeypatch)
    assert run(commons(FILES, index=index), known=Repository().known, history="c1") == first


@pytest.mark.parametrize("what", ["files", "history", "objects", "program", "paths", "no name"])
def test_whatever_the_answer_rests_on_makes_it_anew(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.memory()
    run(commons(FILES, index=index), known=Repository().known, history="c1")
    files, repository, paths = dict(FILES), Repository(), ()
    name: str | None = "c1"
    if what == "files":
        files["contingents/abc.yaml"] = "name: B\n"
    elif what == "history":
        name = "c2"
    elif what == "objects":
        repository = Repository(GONE)
    elif what == "program":
        monkeypatch.setattr(memory, "program", lambda: "another")
    elif what == "paths":
        paths = ("articles",)
    elif what == "no name":
        name = None
    view = commons(files, index=index)
    with monkeypatch.context() as patch:
        forbid(patch)
        with pytest.raises(AssertionError, match="again"):
            run(view, paths, repository.known, history=name)
    found = run(view, paths, repository.known, history=name)
    assert ("dangling-version" in rules(found)) == (what != "objects")


def test_too_many_findings_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 1)
    index = Index.memory()
    run(commons(FILES, index=index), history="c1")
    forbid(monkeypatch)
    with pytest.raises(AssertionError, match="again"):
        run(commons(FILES, index=index), history="c1")
