"""Tables of a union: each row names the ref that it was read from."""

import json
from pathlib import Path

from network import Network
from test_verbs_on_union import label

from newsrepo.records import blob_id


def test_every_row_names_the_ref_it_was_read_from(network: Network, tmp_path: Path) -> None:
    network.join("abc")
    text = (network.clone / "articles/rdr/2026/own/index.md").read_bytes()
    rating = (
        f"{{article: rdr/2026/own, version: {blob_id(text)}, date: 2026-05-04, values: {{newsworthy: 3}}}}"
    )
    network["abc"].publish({"ratings/abc/ann/2026-05.yaml": f"ratings:\n  - {rating}\n"})
    network.sync()
    done = network.run("export", "json", "-o", str(tmp_path / "data"))
    assert done.exit_code == 0, done.stderr
    abc = label(network, "abc")

    def sources(table: str) -> dict[str, str | None]:
        rows = [json.loads(line) for line in (tmp_path / "data" / f"{table}.jsonl").read_text().splitlines()]
        return {row.get("id") or row["rater"]: row["source"] for row in rows}

    assert sources("articles") == {"abc/2026/first": abc, "rdr/2026/own": None}
    assert sources("contingents") == {"abc": abc, "rdr": None}
    assert sources("filters") == {"abc/all": abc, "rdr/all": None}
    assert sources("ratings") == {"abc/ann": abc}
    told = json.loads((tmp_path / "data/export.json").read_text())
    assert [source["ref"] for source in told["sources"]] == ["HEAD", abc]
