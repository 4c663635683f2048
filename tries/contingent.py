"""A contingent forks, brings its WordPress site, and publishes its own edition by the forge's workflow.

With ``--whole`` newsrepo is installed as a user and as the workflow install it: from its wheel, and from the pinned
libraries by hash, which needs a package registry. Without, all use the newsrepo of this environment.
"""

import os
import shutil
import sys
from pathlib import Path

from trying import PROJECT, Try, Typing, main

HERE = Path(__file__).parent
PICTURE = PROJECT / "articles/lamp/2025/dock-strike-1889/tanner.png"
SITE = "https://lmn.github.io/news"


def part(trial: Try) -> None:
    trial.say("There is a commons at a forge; LMN has pressed Fork, and WordPress has exported its site")
    trial.commons("harbour/news", home=False)
    trial.fork("harbour/news", "lmn/news")
    shutil.copy(HERE / "harbour-blog.xml", trial.home)
    uploads = trial.home / "uploads/2016/04"
    uploads.mkdir(parents=True)
    shutil.copy(PICTURE, uploads / "badge.png")
    whole = "--whole" in sys.argv[1:]
    if whole:
        trial.say("newsrepo, as pipx would install it")
        installed(trial)
    with trial.shell(trial.home) as shell:
        joins(shell)
        brings(trial, shell)
        edits(trial, shell)
        publishes(shell)
        site = by_workflow(trial, whole=whole)
        trial.say("What the workflow published is what the files say; anybody can tell")
        printed = shell.types(f"newsrepo verify-edition {site}")
        trial.holds("lmn/daily of" in printed and ": verified," in printed, "the edition is verified")
        front = site / "lmn/daily/index.html"
        shell.types(f"sed -i 's/nine/ten/' {front}")
        printed = shell.types(f"newsrepo verify-edition {site}", code=1)
        trial.holds("changed" in printed and "index.html" in printed, "one word changed by the host is found")
        shell.types(f"sed -i 's/ten/nine/' {front}")
    shown(trial, site)


def joins(shell: Typing) -> None:
    shell.types("git clone -q https://github.com/lmn/news")
    shell.types("cd news")
    shell.types('newsrepo new contingent lmn --name "LMN of the docks" --home https://github.com/lmn/news')
    shell.types("git config newsrepo.contingent lmn")


def brings(trial: Try, shell: Typing) -> None:
    trial.say("It brings what it has")
    clone = trial.home / "news"
    command = (
        "newsrepo import wordpress ../harbour-blog.xml --license CC0-1.0"
        ' --media ../uploads --media-creator "Jon Reed" --media-license CC0-1.0'
    )
    printed = shell.types(f"{command} --dry-run")
    trial.holds("3 articles, 1 picture, 1 comment" in printed, "the report counts what will come")
    trial.holds(not list(clone.glob("articles/lmn")), "a dry run writes nothing")
    shell.types(command)
    again = shell.types(command)
    trial.holds("nothing to do" in again, "a second run finds nothing to do")
    cranes = (clone / "articles/lmn/2016/cranes/index.md").read_text("utf-8")
    for text in ("Lea Moor", "2016-04-01", "https://blog.example/2016/04/cranes/", "| North", "strikes"):
        trial.holds(text in cranes, f"the article has kept {text!r}")
    (picture,) = clone.glob("articles/lmn/2016/cranes/*.png")
    trial.holds(picture.read_bytes() == PICTURE.read_bytes(), "its picture lies beside it")
    turn = (clone / "articles/lmn/2016/turn/index.md").read_text("utf-8")
    trial.holds("article:lmn/2016/cranes" in turn, "a link to the old site leads to the article")
    found = "".join(p.read_text("utf-8") for p in clone.rglob("*.md") if ".git" not in p.parts)
    trial.holds("@" not in found and "192.0.2.7" not in found, "no mail address and no IP came along")


def edits(trial: Try, shell: Typing) -> None:
    trial.say("It writes, and rates")
    shell.types(
        'newsrepo new article --title "The last ferry goes at nine" --topic transport'
        ' --summary "From December on nobody gets home from the late shift by water."'
        ' --text "The timetable was put up on Thursday."'
    )
    ferry = next((trial.home / "news").glob("articles/lmn/20*/the-last-ferry-goes-at-nine")).parts[-2]
    shell.types(f"newsrepo rate lmn/{ferry}/the-last-ferry-goes-at-nine newsworthy=5 --rater desk")
    shell.types("newsrepo rate lmn/2016/cranes newsworthy=4 --rater desk")
    shell.types("newsrepo rate lmn/2016/turn newsworthy=4 --rater desk")
    shell.types("newsrepo rate lmn/2017/shelves newsworthy=0 --rater desk")
    shell.types("newsrepo check")
    shell.types('newsrepo submit -m "LMN joins" --no-push')


def publishes(shell: Typing) -> None:
    shell.types('newsrepo new filter daily --title "LMN daily" --trust lmn=1 --select "by:lmn newsworthy>=3"')
    shell.types("newsrepo init --forge github --host lmn")
    shell.types("newsrepo check")
    shell.types("git add .")
    shell.types('git commit -q -m "An edition of our own"')
    shell.types("git push -q origin HEAD:main")


def by_workflow(trial: Try, *, whole: bool) -> Path:
    """What the forge's machine does upon the push: the steps of the shipped workflow. Gives the site."""
    trial.say("The forge's machine runs the workflow that came with it")
    runner = trial.home / "runner"
    trial.run("git", "clone", "-q", "-b", "main", "https://github.com/lmn/news", str(runner), cwd=trial.home)
    trial.runs(runner, "pages", only="" if whole else "Build")
    return trial.home / "temp/site"


def shown(trial: Try, site: Path) -> None:
    trial.say("It stands on the web")
    front = (site / "lmn/daily/index.html").read_text("utf-8")
    for title in ("The last ferry goes at nine", "The cranes stand still", "They turn again"):
        trial.holds(title in front, f"the front page has {title!r}")
    trial.holds("Our new shelves" not in front, "what it rated at nothing is not on it")
    article = (site / "lmn/daily/articles/lmn/2016/cranes.html").read_text("utf-8")
    trial.holds(
        "Not one. I looked." in article and "Lea Moor" in article, "the comment and the author are shown"
    )
    trial.photograph((site / "lmn/daily/index.html").as_uri(), "start-contingent", 900, 780)


def installed(trial: Try) -> None:
    """A wheel of this newsrepo where pip looks, and an environment that has it and its pinned libraries."""
    wheels, tool = trial.home / "wheels", trial.home / "tool"
    trial.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels), cwd=PROJECT)
    trial.env["PIP_FIND_LINKS"] = f"{os.environ.get('PIP_FIND_LINKS', '')} {wheels}".strip()
    trial.run(sys.executable, "-m", "venv", str(tool), cwd=trial.home)
    pins = PROJECT / "newsrepo/_forge/newsrepo.lock"
    pip = [str(tool / "bin/pip"), "install", "--quiet", "--no-deps"]
    trial.run(*pip, "--require-hashes", "-r", str(pins), cwd=trial.home)
    trial.run(*pip, *map(str, wheels.glob("*.whl")), cwd=trial.home)
    trial.env["PATH"] = f"{tool / 'bin'}:{os.environ['PATH']}"


if __name__ == "__main__":
    main(
        part, "start/contingents.md", "start/editors.md", "start/publishers.md", "import.md", "publishing.md",
    )  # fmt: skip
