"""What Lighthouse says of front and article pages: accessibility 100, best practices 100, performance 95 or more.

    python benchmarks/bench_lighthouse.py [--rounds 3]

Needs Chromium, Node and npm; installs Lighthouse from the lock beside it. The sample's editions are served on this
machine without compression. A phone is one as Lighthouse imagines it (slow network, slow processor). Each score is
the median of its rounds; the exit code is 1 where one misses its goal.
"""

import argparse
import functools
import http.server
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "sites"))

from quiet import Quiet  # noqa: E402 - the path to it is set above
from site_commons import build_sample  # noqa: E402 - likewise

TOOL = HERE / "lighthouse"
GOALS = {"accessibility": 100, "best-practices": 100, "performance": 95}
PAGES = (
    "lamp/daily/index.html",
    "exchange/weekly/index.html",
    "jisr/arabic/index.html",
    "lamp/daily/articles/commonpress/2026/factory-gate-film.html",
    "jisr/broad/articles/exchange/2026/seattle-bill.html",
    "jisr/arabic/articles/jisr/2025/matchwomen-ar.html",
)


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    browsers = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    chromium = next(browsers, None)
    if chromium is None:
        raise SystemExit("no Chromium here")
    if not (TOOL / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--no-progress", "--loglevel=error"], cwd=TOOL, check=True)
    with tempfile.TemporaryDirectory() as temporary:
        build_sample(Path(temporary))
        handler = functools.partial(Quiet, directory=f"{temporary}/site")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            base = f"http://127.0.0.1:{server.server_port}/"
            job = {"base": base, "pages": PAGES, "rounds": rounds, "chromium": chromium}
            done = subprocess.run(
                ["node", "measure.mjs"],
                cwd=TOOL,
                input=json.dumps(job),
                capture_output=True,
                text=True,
                check=False,
            )
            server.shutdown()
    if done.returncode:
        raise SystemExit(done.stderr[-3000:])
    return show(json.loads(done.stdout))


def show(runs: list[dict]) -> int:
    """Print the medians; 1 where a goal is missed."""
    missed = 0
    print(f"{'page':62} {'device':8} " + " ".join(f"{goal:>14}" for goal in GOALS) + "   paint   bytes")
    for path, device in dict.fromkeys((run["path"], run["device"]) for run in runs):
        mine = [run for run in runs if (run["path"], run["device"]) == (path, device)]
        if any(run.get("error") for run in mine):
            raise SystemExit(next(run["error"] for run in mine if run.get("error")))
        medians = {goal: statistics.median(run["scores"][goal] for run in mine) for goal in GOALS}
        paint = statistics.median(run["paint"] for run in mine) / 1000
        lost = sorted({audit for run in mine for audit in run["lost"]})
        marks = " ".join(f"{medians[goal]:>14g}" for goal in GOALS)
        print(f"{path:62} {device:8} {marks} {paint:5.2f} s {mine[0]['weight']:7.0f} {' '.join(lost)}")
        missed |= any(medians[goal] < least for goal, least in GOALS.items())
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
