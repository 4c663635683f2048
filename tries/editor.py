"""Somebody without git writes in the browser: a story, a version of another's, a comment; each save is a commit.

The editor runs in a terminal, the browser is Chromium, and both are driven by keys and clicks alone.
"""

import re

from trying import Try, main


def part(trial: Try) -> None:
    trial.say("A friend has laid out a clone of the commons on this machine, and said whose it is")
    trial.commons("harbour/news", home=False)
    clone = trial.home / "news"
    trial.run("git", "clone", "-q", "https://github.com/harbour/news", str(clone), cwd=trial.home)
    (clone / "contingents/zoe.yaml").write_text("name: Zoe of the ferry\n")
    trial.run("git", "add", ".", cwd=clone)
    trial.run("git", "commit", "-q", "-m", "Zoe", cwd=clone)

    with trial.shell(clone) as shell:
        trial.say("She starts the editor, and opens the address that it prints")
        print("$ newsrepo editor --as zoe", flush=True)
        trial.told("newsrepo editor --as zoe")
        shell.type("newsrepo editor --as zoe\r")
        shell.until(
            lambda: re.search(r"http://127\.0\.0\.1:\d+/admin/\?key=\S+\r?\n", shell.said), "the address", 180
        )
        found = re.search(r"http://127\.0\.0\.1:\d+/admin/\?key=[^\s\x1b]+", shell.said)
        assert found is not None
        shell.shows("open this address in a browser on this machine")
        report = trial.node(
            "editor.mjs", {"url": found[0], "steps": steps(trial), "picture": str(trial.home / "stopped.png")}
        )
        trial.holds("stopped" not in report, f"every click found what it was for {report.get('stopped', '')}")
        trial.holds(
            [code for code, _ in report["told"]] == [200, 200, 200], f"all three were saved: {report['told']}"
        )
        trial.holds(
            (report["outside"], report["failed"], report["errors"]) == ([], [], []),
            "nothing outside was asked, nothing failed",
        )
        trial.keep(trial.home / "try-editor.png", "try-editor")
        shell.shows("saved comments/zoe/")
        trial.picture(shell, "try-editor-saved")
        shell.type("\x03")
        shell.until(lambda: shell.screen.endswith("$"), "the prompt")
        print(shell.screen)

        trial.say("What she saved are commits of hers, and pass the check")
        log = trial.run("git", "log", "-3", "--format=%an: %s", cwd=clone)
        for added in ("Add comment:zoe/", "Add zoe/", "Add zoe/"):
            line, _, log = log.partition("\n")
            trial.holds(line.startswith(f"Ann: {added}"), line)
        shell.types("newsrepo check")
    (story,) = clone.glob("articles/zoe/20*/the-last-ferry-goes-at-nine/index.md")
    text = story.read_text("utf-8")
    trial.holds(
        text.endswith("---\n\nThe timetable was put up on Thursday.\n"), "the story is hers, word for word"
    )
    trial.holds(
        "authors:\n  - Zoe\n" in text and "topics:\n  - ferries\n  - labour\n" in text, "so are its facts"
    )
    base = trial.run("git", "ls-files", "-s", "articles/harbour", cwd=clone).split()[1]
    for pattern in ("articles/zoe/20*/nine-days-shorter/index.md", "comments/zoe/20*/*.md"):
        (file,) = clone.glob(pattern)
        trial.holds(
            f"version: {base}" in file.read_text("utf-8"),
            f"{file.name} names the exact text that it is about",
        )
    trial.holds(trial.run("git", "status", "--porcelain", cwd=clone) == "", "nothing is left over")


def steps(trial: Try) -> list[list[str]]:
    return [
        ["open", "articles/new"],
        ["fill", "Title", "The last ferry goes at nine"],
        ["fill", "Summary", "From December on nobody gets home from the late shift by water."],
        ["write", "The timetable was put up on Thursday."],
        ["add", "Add author"],
        ["fill", "Name", "Zoe"],
        ["fill", "Topics", "Ferries, labour"],
        ["shoot", str(trial.home / "try-editor.png")],
        ["save"],
        ["open", "articles/new"],
        ["fill", "Title", "Nine days, shorter"],
        ["write", "They stood still for nine days."],
        ["add", "Add article"],
        ["choose", "Article", "The cranes move again"],
        ["choose", "What you made of it", "Abridgement"],
        ["save"],
        ["open", "comments/new"],
        ["choose", "On", "The cranes move again"],
        ["write", "I saw them turn."],
        ["save"],
    ]


if __name__ == "__main__":
    main(part, "editor.md", "checking.md")
