"""Somebody with git sends a story to a commons that knows them, by ``submit``, and it is taken in."""

from trying import Try, Unmet, main

BRANCH = "zoe/the-last-ferry-goes-at-nine"


def part(trial: Try) -> None:
    trial.say("There is a commons at a forge, Zoe is in its address book, and has pressed Fork")
    keepers = trial.commons("harbour/news")
    trial.run("newsrepo", "init", "--forge", "github", "--host", "ann", cwd=keepers)
    (keepers / "contingents/zoe.yaml").write_text(
        "name: Zoe of the ferry\nhome: https://github.com/zoe/news\n"
    )
    trial.run("git", "add", ".", cwd=keepers)
    trial.run("git", "commit", "-q", "-m", "Take Zoe in", cwd=keepers)
    trial.run("git", "push", "-q", "origin", "main", cwd=keepers)
    trial.fork("harbour/news", "zoe/news")

    with trial.shell(trial.home) as shell:
        trial.say("She clones her fork and says who she is")
        shell.types("git clone -q https://github.com/zoe/news")
        shell.types("cd news")
        shell.types("git config newsrepo.contingent zoe")
        clone = trial.home / "news"

        trial.say("She writes; and she has a file of her own lying about, staged")
        story, wrote = shell.types(
            'newsrepo new article --title "The last ferry" --topic transport --text "It goes at nine."'
        ).splitlines()[:2]
        trial.holds((clone / story).is_file(), "the file that it names is there")
        article = wrote.removeprefix("wrote ")
        shell.types(f"sed -i 's/^title: /titel: /' {story}")
        shell.types("echo 'Bring milk.' > notes.txt")
        shell.types("git add notes.txt")

        trial.say("A slip of the pen is found before anything is committed")
        before = trial.run("git", "rev-parse", "HEAD", cwd=clone)
        printed = shell.types('newsrepo submit -m "The last ferry goes at nine" --allow-local', code=1)
        trial.holds(f"{story}:" in printed and "titel" in printed, "the place and the word are named")
        trial.holds(trial.run("git", "rev-parse", "HEAD", cwd=clone) == before, "nothing was committed")
        trial.holds(trial.run("git", "branch", "--show-current", cwd=clone) == "main\n", "no branch was made")

        trial.say("Mended, it goes out")
        shell.types(f"sed -i 's/^titel: /title: /' {story}")
        shell.clear()
        printed = shell.types('newsrepo submit -m "The last ferry goes at nine" --allow-local')
        trial.picture(shell, "try-submit")
    address = f"https://github.com/harbour/news/compare/main...zoe:{BRANCH}?expand=1"
    trial.holds(printed.splitlines()[-1] == address, "the last line is the page that opens the request")
    trial.holds(
        trial.run("git", "show", "--format=%s", "--name-only", "HEAD", cwd=clone).split("\n")
        == ["The last ferry goes at nine", "", story, ""],
        "the commit has her story and nothing else",
    )
    trial.holds(
        trial.run("git", "status", "--porcelain", cwd=clone) == "A  notes.txt\n",
        "her other file is staged as it was",
    )
    pushed = trial.run("git", "ls-remote", "https://github.com/zoe/news", BRANCH, cwd=clone)
    trial.holds(
        pushed.split() == [trial.run("git", "rev-parse", "HEAD", cwd=clone).strip(), f"refs/heads/{BRANCH}"],
        "the branch at her fork is that commit",
    )

    trial.say("The forge checks the request; those who keep the commons take it in")
    trial.run("git", "fetch", "-q", "https://github.com/zoe/news", BRANCH, cwd=keepers)
    trial.run("git", "merge", "-q", "--no-ff", "-m", "Take in the last ferry", "FETCH_HEAD", cwd=keepers)
    trial.runs(keepers, "check", only="Check", BASE="HEAD^1", AUTHOR="https://github.com/zoe/news")
    try:
        trial.runs(keepers, "check", only="Check", BASE="HEAD^1", AUTHOR="https://github.com/stranger/news")
    except Unmet as refused:
        trial.holds("edited-elsewhere" in str(refused), "in a stranger's name the same request is refused")
    else:
        raise Unmet("a stranger may write in Zoe's name")
    trial.holds(
        "It goes at nine." in trial.run("newsrepo", "show", article, cwd=keepers), "the commons has the story"
    )


if __name__ == "__main__":
    main(part, "submit.md")
