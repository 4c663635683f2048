"""The search of real editions, in a browser: it finds, filters, orders, asks nobody else, and can be done without."""

import functools
import http.server
import json
import subprocess
import threading
from pathlib import Path
from urllib.request import urlopen

from quiet import Quiet
from site_support import NEWSREPO, run

HERE = Path(__file__).parent


def searched(site: Path, chromium: str, asked: list[dict]) -> list[dict]:
    """What the browser reports of each thing asked for, the site being served on this machine."""
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        job = {"base": f"http://127.0.0.1:{server.server_port}/", "chromium": chromium, "asked": asked}
        done = subprocess.run(
            ["node", "search.mjs"],
            cwd=HERE,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=True,
        )
        report = json.loads(done.stdout)
        for found in report:
            for link in found["links"]:
                with urlopen(link) as answer:
                    assert answer.status == 200
        server.shutdown()
    return report


def test_it_finds_and_filters_and_asks_nobody_else(sample: Path, chromium: str) -> None:
    words, topic, nothing, without = searched(
        sample,
        chromium,
        [
            {"edition": "lamp/daily", "query": "matchwomen", "script": True},
            {"edition": "jisr/broad", "filter": ["topic", "women"], "script": True},
            {"edition": "lamp/daily", "query": "xyzzyplugh", "script": True},
            {"edition": "lamp/daily", "script": False},
        ],
    )
    for report in (words, topic, nothing, without):
        assert report["outside"] == report["failed"] == report["console"] == []
    assert "The matchwomen led themselves" in words["titles"]
    assert words["address"].endswith("?q=matchwomen")
    assert topic["told"] == f"{len(topic['titles'])} articles"
    assert len(topic["titles"]) >= 2
    assert nothing["told"] == "0 articles"
    assert (words["form"], words["without"]) == (True, False)
    assert (without["form"], without["without"]) == (False, True)


def test_hostile_titles_and_texts_are_found_as_text(tmp_path: Path, chromium: str) -> None:
    root = tmp_path / "commons"
    run(NEWSREPO, "init", str(root), "--name", "Free News", "--contingent", "abc", "--contingent-name", "ABC",
        cwd=tmp_path)  # fmt: skip
    (root / "filters/abc/daily.yaml").write_text(
        "title: Daily\nselect: ''\nedition:\n  lang: zh\n  formats:\n    - web\n    - search\n"
    )
    title, text = "<img src=x onerror=alert(1)> lamp", "A lamp &amp; `<b>bold</b>` <script>alert(2)</script>"
    run(NEWSREPO, "new", "article", "--title", title, "--slug", "odd", "--text", text, "--no-edit", cwd=root)
    run(NEWSREPO, "new", "article", "--title", "港湾ストライキ終結", "--lang", "ja", "--slug", "harbour",
        "--text", "九日間の港湾ストライキが終わった。", "--no-edit", cwd=root)  # fmt: skip
    run("git", "add", "-A", cwd=root)
    run("git", "commit", "-q", "-m", "Start", cwd=root)
    run(
        NEWSREPO,
        "build",
        "abc/daily",
        "--today",
        "2031-01-01",
        "-o",
        str(tmp_path / "site/abc/daily"),
        cwd=root,
    )
    odd, dense = searched(
        tmp_path / "site",
        chromium,
        [
            {"edition": "abc/daily", "query": "lamp", "script": True},
            {"edition": "abc/daily", "query": "ストライキ", "script": True},
        ],
    )
    assert odd["titles"] == [title]
    assert odd["markup"] == 0
    assert odd["console"] == odd["outside"] == []
    assert dense["titles"] == ["港湾ストライキ終結"]
    assert "港湾ストライキが終わった" in dense["texts"][0]
