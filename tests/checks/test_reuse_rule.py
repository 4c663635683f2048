"""``uncredited-reuse`` as it is told: both places, the share, who was likely first, and the lines that mend it."""

from collections.abc import Mapping, Sequence

import pytest
from support import article, commons

from newsrepo.checks import run
from newsrepo.commons import Index
from newsrepo.commons.model import Work
from newsrepo.credit.origin import Past, Pasts
from newsrepo.gitstore.history import Revision
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Oid
from newsrepo.location import Finding, Severity

PASSAGE = (
    "Dockers said on Monday that they would not load another ship until the company had paid the wages it "
    "owes them since March, and the port stood still."
)
CC0 = "license: CC0-1.0\n"
QUAY = "articles/abc/2026/quay/index.md"
HARBOUR = "articles/def/2026/harbour/index.md"
BASE = {"contingents/abc.yaml": "name: A\n", "contingents/def.yaml": "name: D\n"}


def texts(
    *, quay: str = PASSAGE, harbour: str = PASSAGE, more: str = "", date: str = "2026-05-04"
) -> dict[str, str]:
    return {
        **BASE,
        QUAY: article(body=f"Here is how it began.\n\n{quay}\n\nThe end.", more=CC0),
        HARBOUR: article(body=f"Something else, by us.\n\n**Now:** {harbour}", more=CC0 + more, date=date),
    }


def told(
    files: Mapping[str, str],
    pasts: Pasts | None = None,
    index: Index | None = None,
    paths: Sequence[str] = (),
) -> list[Finding]:
    found = run(commons(dict(files), index=index), paths or None, None, pasts)
    return [finding for finding in found if finding.rule == "uncredited-reuse"]


def test_the_finding_says_all_that_is_needed_to_judge_and_to_mend() -> None:
    files = texts()
    (finding,) = told(files)
    version = blob_id(files[QUAY].encode())
    assert finding.severity is Severity.WARNING
    assert str(finding.location) == f"{HARBOUR}:10:10"
    assert finding.message == (
        "28 words (84 % of this text) stand word for word in abc/2026/quay too, and neither credits the other: "
        "'Dockers said on Monday that they would not load another ship until the company had paid the wages it "
        f"owes them since Ma…'; there at {QUAY}:10:1. Who had it first is not known; by the dates that the two "
        "state, abc/2026/quay"
    )
    lines = finding.hint.split("\n")
    assert lines[1:4] == ["  - article: abc/2026/quay", f"    version: {version}", "    relation: rewrite"]


def test_what_the_hint_says_mends_it() -> None:
    files = texts()
    (finding,) = told(files)
    front = "based_on:\n" + "\n".join(finding.hint.split("\n")[1:4]) + "\n"
    assert told(texts(more=front)) == []


def test_a_little_of_a_text_is_a_quote() -> None:
    (finding,) = told(texts(harbour=f"{PASSAGE} {'and other things of our own ' * 20}"))
    assert "    relation: quote" in finding.hint


def test_the_later_by_its_own_date_is_asked_where_nothing_better_is_known() -> None:
    (finding,) = told(texts(date="2026-01-01"))
    assert finding.location.path == QUAY
    (finding,) = told(texts(date="2026-05-03"))
    assert finding.message.endswith("Who had it first is not known")


def test_a_link_without_marks_and_marks_without_a_link_are_not_enough() -> None:
    link = "\n\nSee [them](article:abc/2026/quay)."
    assert len(told(texts(harbour=PASSAGE + link))) == 1
    assert len(told(texts(harbour=f"“{PASSAGE}”"))) == 1
    assert told(texts(harbour=f"“{PASSAGE}”{link}")) == []


def test_a_withdrawn_work_is_left_alone() -> None:
    assert told(texts(more="status: withdrawn\n")) == []


def test_paths_narrow_what_is_told_to_either_side() -> None:
    assert len(told(texts(), paths=[HARBOUR])) == 1
    assert told(texts(), paths=["contingents"]) == []


def test_an_index_answers_the_second_time_from_what_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.memory()
    first = told(texts(), index=index)
    monkeypatch.setattr("newsrepo.credit.winnowing.fingerprints", None)
    monkeypatch.setattr("newsrepo.checks.reuse.reuses", None)
    assert told(texts(), index=index) == first


def test_each_text_is_fingerprinted_once_whatever_view_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from newsrepo.credit import winnowing

    index = Index.memory()
    seen: list[str] = []
    plain = winnowing.fingerprints

    def counting(text: str) -> bytes:
        seen.append(text)
        return plain(text)

    monkeypatch.setattr("newsrepo.credit.winnowing.fingerprints", counting)
    told(texts(), index=index)
    told(texts(harbour="Quite another text this time."), index=index)
    assert len(seen) == 3


class Times:
    """A history: for each path the seconds at which it got which text."""

    def __init__(self, **pasts: Sequence[tuple[int, str]]) -> None:
        self.pasts = pasts
        self.cut: frozenset[Oid] = frozenset()

    def __call__(self, work: Work) -> Past | None:
        rows = self.pasts.get(work.owner)
        if rows is None:
            return None
        return Past([Revision(version, Oid(f"{at:040x}"), at, "x") for at, version in rows], self.cut)


DAY = 86400


def test_history_goes_before_stated_dates() -> None:
    files = texts(date="2026-01-01")
    quay, harbour = (blob_id(files[path].encode()) for path in (QUAY, HARBOUR))
    times = Times(abc=[(20_000 * DAY, quay)], **{"def": [(20_001 * DAY, harbour)]})
    (finding,) = told(files, times)
    assert finding.location.path == HARBOUR
    assert finding.message.endswith(
        "Likely abc/2026/quay had it first: in the history at hand since 2024-10-04, here since 2024-10-05"
    )


def test_a_passage_counts_from_the_revision_that_brought_it() -> None:
    files = texts()
    quay, harbour = (blob_id(files[path].encode()) for path in (QUAY, HARBOUR))
    files["articles/abc/2026/old/index.md"] = article(body="Nothing of it yet.", more=CC0)
    old = blob_id(files["articles/abc/2026/old/index.md"].encode())
    times = Times(abc=[(DAY, old), (30 * DAY, quay)], **{"def": [(10 * DAY, harbour)]})
    (finding,) = told(files, times)
    assert finding.location.path == QUAY
    assert "Likely def/2026/harbour had it first" in finding.message


def test_what_is_not_committed_is_later() -> None:
    files = texts(date="2026-01-01")
    times = Times(abc=[(DAY, blob_id(files[QUAY].encode()))], **{"def": []})
    (finding,) = told(files, times)
    assert finding.message.endswith("since 1970-01-02, here in no commit yet")


def test_history_that_is_cut_off_or_missing_or_even_says_nothing() -> None:
    files = texts()
    quay, harbour = (blob_id(files[path].encode()) for path in (QUAY, HARBOUR))
    cut = Times(abc=[(DAY, quay)], **{"def": [(9 * DAY, harbour)]})
    cut.cut = frozenset([Oid(f"{9 * DAY:040x}")])
    even = Times(abc=[(DAY, quay)], **{"def": [(DAY, harbour)]})
    half = Times(abc=[(DAY, quay)])
    for times in (cut, even, half):
        assert "Who had it first is not known" in told(files, times)[0].message


def test_several_passages_are_told_with_their_places() -> None:
    runs = [" ".join(f"word{n}x{k}" for k in range(20 + n)) for n in range(5)]
    (finding,) = told(
        texts(quay="\n\nOther.\n\n".join(runs), harbour="\n\nAnd then.\n\n".join(reversed(runs)))
    )
    assert "stand word for word" in finding.message
    assert finding.message.count(f" there at {QUAY}:") == 3
    assert "; and 2 more passages. " in finding.message


@pytest.mark.parametrize(("limit", "value"), [("suspects.MAX_PAIRS", 0), ("reuse.MAX_WORDS", -1)])
def test_what_was_not_compared_is_told(limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"newsrepo.credit.{limit}", value)
    (finding,) = told(texts())
    assert finding.severity is Severity.NOTE
    assert finding.location.path == "contingents/def.yaml"
    assert finding.message == (
        "1 more pair of works of abc and def may share passages, and was not compared: there are too many"
    )
