"""The opinion map in editions of the sample: there, remembered, and deaf to whoever has no say."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from support import commons

import newsrepo.scores.opinion as drawer
from newsrepo.commons import Commons
from newsrepo.editions import site
from newsrepo.editions.build import prepare
from newsrepo.editions.context import Context
from newsrepo.editions.page import Page
from newsrepo.errors import UnableError
from newsrepo.gitstore.snapshot import RECORD_ROOTS
from newsrepo.ids import FilterId
from newsrepo.scores.opinion import Whose

PROJECT = Path(__file__).parents[2]
TODAY = date(2026, 11, 1)
BOTH = FilterId("tally/both")


@pytest.fixture(scope="module")
def sample() -> dict[str, str | bytes]:
    """The sample's records as they lie in the checkout, its pictures left out."""
    roots = (PROJECT / name for name in RECORD_ROOTS)
    files = (f for root in roots for f in ([root] if root.is_file() else sorted(root.rglob("*"))))
    return {f.relative_to(PROJECT).as_posix(): f.read_bytes() for f in files if f.suffix in (".md", ".yaml")}


@pytest.fixture(scope="module")
def view(sample: dict[str, str | bytes]) -> Commons:
    return commons(sample)


def context(view: Commons, name: FilterId = BOTH) -> Context:
    return prepare(view, name, TODAY)


def room(ctx: Context) -> tuple[Page, str]:
    """The page of the map as planned, and its HTML."""
    (page,) = (page for page in site.plan(ctx) if page.path == "opinion/index.html")
    return page, page.render({}).decode()


def test_every_edition_of_the_sample_has_its_map(view: Commons, monkeypatch: pytest.MonkeyPatch) -> None:
    page, html = room(context(view))
    assert page.derived
    assert "Two poles, clearly apart" in html
    assert "2 raters stand between" in html
    assert "What most divides A and B" in html
    assert "What all groups value" in html
    assert 'href="../articles/exchange/2026/dock-strike-port.html"' in html  # printed here
    assert "with a vote in this commons" in html
    assert "<script" not in html
    assert "<style" not in html
    monkeypatch.setattr(drawer, "chart", None)  # what was drawn once is not drawn again
    for name in view.filters:
        sketch = context(view, name).sketched.sketch
        assert sketch is not None
        assert (sketch.say.whose, sketch.chart.verdict.poles) == (Whose.ROLL, 2)
        assert len(sketch.dividing) == len(set(sketch.dividing)) > 3
        assert len(sketch.valued) > 3
        assert not {*sketch.dividing[:3]} & {*sketch.valued[:3]}


def test_invented_contingents_change_no_byte_of_it(sample: dict[str, str | bytes], view: Commons) -> None:
    ratings = next(data for path, data in sample.items() if path.startswith("ratings/exchange/"))
    crowd: dict[str, str | bytes] = {}
    for n in range(60):
        crowd[f"contingents/ring{n}.yaml"] = f"name: Ring {n}\nvouches: {{ring{(n + 1) % 60}: 1}}\n"
        crowd[f"ratings/ring{n}/r/2026-05.yaml"] = ratings
    before, after = context(view), context(commons(sample | crowd))
    assert room(after)[1] == room(before)[1]
    assert after.sketched.sketch == before.sketched.sketch


def test_without_a_roll_whom_the_filter_trusts_draw_it(sample: dict[str, str | bytes]) -> None:
    bare = commons({path: data for path, data in sample.items() if path != "statements/roll.yaml"})
    few = context(bare).sketched.sketch  # three contingents
    assert few is not None
    assert (few.say.whose, few.chart.verdict.poles, few.dividing) == (Whose.TRUST, None, ())
    _, html = room(context(bare))
    assert "Too little data" in html
    assert "4 contingents that rate (there are 3)" in html
    assert context(bare, FilterId("jisr/broad")).sketched.sketch.chart.verdict.poles == 2  # type: ignore[union-attr]


def test_without_the_extra_the_publisher_is_told_and_no_page_lies(
    sample: dict[str, str | bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise UnableError("the opinion map needs numpy, which is not installed", "install the extra `map`")

    monkeypatch.setattr(drawer, "chart", missing)
    ctx = context(commons(sample))
    assert not any(page.path.startswith("opinion/") for page in site.plan(ctx))
    (told,) = (f for f in site.warnings(ctx) if f.rule == "no-opinion-map")
    assert "numpy" in told.message


def test_nobody_rates_and_there_is_no_map(sample: dict[str, str | bytes]) -> None:
    silent = commons({path: data for path, data in sample.items() if not path.startswith("ratings/")})
    ctx = context(silent)
    assert ctx.sketched.sketch is None
    assert not any(f.rule == "no-opinion-map" for f in site.warnings(ctx))


def test_planning_loads_no_numpy_of_itself() -> None:
    code = "import newsrepo.editions.site, newsrepo.editions.sketch, sys; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
