"""Every article that the sample's editions and those of a real blog print, as ninjs, held against its schema."""

import json
from pathlib import Path

import jsonschema
import pytest
from site_commons import DAY
from site_support import NEWSREPO, run

SCHEMA = Path(__file__).parent / "ninjs.schema.json"
NINJS = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))


@pytest.mark.parametrize("source", ["sample", "blog_site"])
def test_every_printed_article_is_ninjs(source: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    site: Path = request.getfixturevalue(source)
    root = site.parent / "commons"
    filters = sorted(path.parent.relative_to(site).as_posix() for path in site.glob("*/*/manifest.json"))
    assert len(filters) >= 2
    for name in filters:
        out = tmp_path / f"{name.replace('/', '-')}.jsonl"
        run(NEWSREPO, "--today", DAY, "export", "ninjs", name, "-o", str(out), cwd=root)
        items = [json.loads(line) for line in out.read_text().splitlines()]
        assert items
        assert [e.message for item in items for e in NINJS.iter_errors(item)][:5] == []
        for item in items:
            article = item["altIds"][0]["value"].partition("@")[0]
            assert (site / name / "articles" / f"{article}.html").is_file()
