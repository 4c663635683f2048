"""Makes the pictures of the documentation: editions of the sample as screenshots, and what is printed of them.

``python pictures.py FOLDER`` builds everything anew in a temporary folder and writes 8-bit PNG files to FOLDER.
The same sample, program, fonts and browser make the same pictures; other fonts make others.
"""

import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageOps
from quiet import Quiet
from site_commons import DAY, build_sample
from site_support import NEWSREPO, run

HERE = Path(__file__).parent
COLOURS = 128
"""A page has a handful of colours and the shades between them; pictures in it lose nothing that one sees."""

LIMIT = 3 << 20
"""Bytes that all pictures together may take."""

GAP = 24
GROUND = (222, 218, 210)


@dataclass(frozen=True)
class Shot:
    """One screenshot: ``from`` names the element that it begins at, ``search`` what is typed first."""

    name: str
    path: str
    width: int = 1280
    height: int = 1400
    scheme: str = "light"
    search: str = ""
    start: str = ""


PHONE = {"width": 390, "height": 844}
STORY = "lamp/daily/stories/lamp/2025/matchwomen-1888.html"
ARTICLE = "lamp/daily/articles/commonpress/2026/factory-gate-film.html"
SCRIPTS = ("ar", "he", "zh", "hi", "ru")

SHOTS = (
    Shot("front", "site/lamp/daily/index.html"),
    Shot("front-dark", "site/exchange/weekly/index.html", height=1100, scheme="dark"),
    Shot("front-arabic", "site/jisr/arabic/index.html", height=1100),
    Shot("front-arabic-phone", "site/jisr/arabic/index.html", **PHONE, scheme="dark"),
    Shot("article", "site/jisr/broad/articles/exchange/2026/seattle-bill.html"),
    Shot("article-phone", ARTICLE, **PHONE),
    Shot("story", STORY),
    Shot("story-columns", STORY, height=1000, start="#abreast"),
    Shot("ledger", "site/lamp/daily/challenges/index.html", height=1100),
    Shot("ledger-phone", "site/lamp/daily/challenges/index.html", **PHONE, scheme="dark"),
    Shot("statement", "site/lamp/daily/statements/distaff/no-name-left-out.html", height=1300),
    Shot("map", "site/lamp/daily/opinion/index.html", height=1200),
    Shot("map-phone", "site/lamp/daily/opinion/index.html", **PHONE, scheme="dark"),
    Shot("search", "site/lamp/daily/search/index.html", height=900, search="strike"),
    Shot("compare", "pages/compare-weekly.html", height=1000),
    *(
        Shot(
            f"script-{lang}",
            f"site/jisr/scripts/articles/jisr/2026/harbour-{lang}.html",
            **PHONE,
            start="article",
        )
        for lang in SCRIPTS
    ),
)


def main(folder: Path) -> None:
    """Write every picture to ``folder``; ends with an error if they take more room than they may."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        sys.exit("no Chromium here: run tests/sites/setup")
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary)
        build_sample(base)
        raw = base / "raw"
        raw.mkdir()
        photograph(base, raw, chromium)
        join(raw, "screens", [f"script-{lang}" for lang in SCRIPTS])
        paper(base, raw, "leaflet", "lamp/daily", ["--as", "leaflet"], 2)
        paper(base, raw, "newspaper", "lamp/daily", ["--as", "newspaper", "--pages", "4"], 2)
        paper(base, raw, "newspaper-arabic", "jisr/arabic", ["--as", "newspaper", "--pages", "4"], 2)
        paper(base, raw, "scripts", "jisr/scripts", ["--as", "newspaper", "--pages", "2"], 1)
        form(base, raw, chromium)
        made = sorted(path for path in raw.glob("*.png") if not path.name.startswith("script-"))
        for path in made:
            with Image.open(path) as image:
                squeeze(image.convert("RGB"), folder / path.name)
    size = sum((folder / path.name).stat().st_size for path in made)
    print(f"{len(made)} pictures, {size:,} bytes")
    if size > LIMIT:
        sys.exit(f"that is more than {LIMIT:,} bytes")


def photograph(base: Path, folder: Path, chromium: str) -> None:
    """The screenshots of SHOTS, the pages being served on this machine."""
    handler = functools.partial(Quiet, directory=str(base))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        shots = [{**asdict(shot), "from": shot.start} for shot in SHOTS]
        address = f"http://127.0.0.1:{server.server_port}/"
        job = {"base": address, "folder": str(folder), "chromium": chromium, "shots": shots}
        subprocess.run(["node", "pictures.mjs"], cwd=HERE, input=json.dumps(job), text=True, check=True)
        server.shutdown()


def form(base: Path, folder: Path, chromium: str) -> None:
    """An article in the browser editor, opened and left as it is."""
    root = base / "commons"
    for key, value in (("user.name", "Ann"), ("user.email", "ann@example.org")):
        run("git", "config", key, value, cwd=root)
    run(NEWSREPO, "editor", "--fetch", cwd=root)
    with subprocess.Popen(
        [NEWSREPO, "--quiet", "editor", "--as", "lamp"], cwd=root, stdout=subprocess.PIPE, text=True
    ) as editor:
        assert editor.stdout is not None
        address = editor.stdout.readline().strip()
        steps = [
            ["open", "articles/entries/2026/durban-1973/index"],
            ["shoot", str(folder / "editor.png")],
        ]
        job = {"url": address, "chromium": chromium, "steps": steps, "picture": str(folder / "editor.png")}
        command = ["node", "editor.mjs"]
        done = subprocess.run(
            command, cwd=HERE, input=json.dumps(job), stdout=subprocess.PIPE, text=True, check=True
        )
        editor.terminate()
    if "stopped" in json.loads(done.stdout):
        sys.exit(f"the editor could not be photographed: {done.stdout}")


def paper(base: Path, folder: Path, name: str, edition: str, options: list[str], pages: int) -> None:
    """The first pages of a print edition, side by side."""
    out = base / f"{name}.pdf"
    run(NEWSREPO, "--today", DAY, "print", edition, *options, "-o", str(out), cwd=base / "commons", ok=(0, 1))
    run("pdftoppm", "-r", "84", "-png", "-l", str(pages), str(out), str(folder / f"script-{name}"), cwd=base)
    join(folder, name, sorted(path.stem for path in folder.glob(f"script-{name}-*.png")))


def join(folder: Path, name: str, parts: list[str]) -> None:
    """Put pictures side by side on one ground, each with a thin edge."""
    images = []
    for part in parts:
        with Image.open(folder / f"{part}.png") as image:
            images.append(ImageOps.expand(image.convert("RGB"), 1, (170, 166, 158)))
    size = (sum(i.width for i in images) + GAP * (len(images) + 1), max(i.height for i in images) + 2 * GAP)
    sheet = Image.new("RGB", size, GROUND)
    across = GAP
    for image in images:
        sheet.paste(image, (across, GAP))
        across += image.width + GAP
    sheet.save(folder / f"{name}.png")


def squeeze(image: Image.Image, path: Path) -> None:
    """Write a picture in few colours, without dithering, as small as PNG goes."""
    few = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
