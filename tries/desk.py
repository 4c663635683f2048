"""An editor's round at the desk, by keys alone, on a network of six contingents.

What is new, reading, rating, why, questions, votes, search, taking a rating back, leaving; then what was written, and what
the desk remembers the next time.
"""

import time

from trying import Try, Typing, main

ENTER, ESCAPE, DOWN, LEAVE = "\r", "\x1b", "\x1b[B", "\x11"
FIRST, SECOND = "A newspaper for which one had to work with one's hands", "What does a civilised man cost?"
THIRD = "Twenty-one demands on two boards"


class Sitting:
    """Somebody at the desk: presses keys that the documentation names, one after another as people do."""

    def __init__(self, trial: Try, shell: Typing) -> None:
        self._try, self._shell = trial, shell

    def sits_down(self, command: str) -> None:
        self._try.told(command)
        print(f"$ {command}", flush=True)
        self._shell.type(f"{command}\r")

    def presses(self, key: str, name: str, shows: str) -> None:
        """Press a key, called ``name`` in the table of keys, until ``shows`` is on the screen."""
        self._try.has_key(name)
        self._shell.type(key)
        self.sees(shows, f"[{name}] ")

    def writes(self, text: str) -> None:
        for letter in text:
            self._shell.type(letter)
            time.sleep(0.02)

    def sees(self, text: str, after: str = "") -> None:
        self._shell.shows(text)
        print(f"   ✓ {after}{text}", flush=True)

    def pictured(self, name: str) -> None:
        self._try.picture(self._shell, name)


def part(trial: Try) -> None:
    trial.say(
        "A network of the sample: six contingents with homes of their own, and a clone in which lamp writes"
    )
    trial.run("newsrepo", "demo", "harbour", cwd=trial.home)
    clone = trial.home / "harbour/clones/lamp"
    with trial.shell(clone, 100, 30) as shell:
        shell.types("git config newsrepo.rater ann")
        shell.types("newsrepo sync --allow-local")
        desk = Sitting(trial, shell)
        desk.sits_down("newsrepo desk --filter lamp/daily")
        desk.sees("First time here: all")
        desk.sees(FIRST)
        reads_and_rates(desk)
        looks_around(desk)
        leaves(shell)
        (written,) = clone.glob("ratings/lamp/ann/*.yaml")
        text = written.read_text("utf-8")
        trial.holds(
            "commonpress/2026/latelier" in text and "accurate: 4" in text and "newsworthy: 5" in text,
            "the rating is in lamp's own file",
        )
        trial.holds("exchange/2026/harvester-1907" not in text, "the one taken back is not")
        shell.types("newsrepo check")
        trial.say("The next day")
        shell.clear()
        desk.sits_down("newsrepo desk --filter lamp/daily")
        desk.sees("new or changed of")
        desk.sees(THIRD)
        trial.holds(
            FIRST not in shell.screen and SECOND not in shell.screen, "what was read is not new any more"
        )
        leaves(shell)


def reads_and_rates(desk: Sitting) -> None:
    desk.presses(ENTER, "Enter", "hidden until you have, too")
    desk.presses("r", "r", "▸ Accurate (accurate): no value")
    desk.presses("4", "0 to 9", "▸ Newsworthy (newsworthy): no value")
    desk.pictured("try-desk-rating")
    desk.presses("5", "0 to 9", "▸ Our side of the bench (lamp/line): no value")
    desk.presses("-", "-", "You rated: accurate=4 newsworthy=5")
    desk.sees("u takes it back.")
    desk.presses("w", "w", "The query, clause by clause")
    desk.sees("lamp/ann 5 trusted with lamp")
    desk.presses(ESCAPE, "Esc q Backspace", "You rated: accurate=4")


def looks_around(desk: Sitting) -> None:
    desk.presses("n", "n", "Will you print what the judge took")
    desk.presses("n", "n", SECOND)
    desk.presses("r", "r", "▸ Accurate (accurate): no value")
    desk.presses("1", "0 to 9", "▸ Newsworthy (newsworthy): no value")
    desk.presses(ENTER, "Enter", "You rated: accurate=1")
    desk.presses("u", "u", "hidden until you have, too")
    desk.presses("4", "4", "wait for an answer; the day is when it is due.")
    desk.sees("overdue commonpress asks:")
    desk.presses("5", "5", "certified A vote for the translators")
    desk.presses("2", "2", "The Lamp")
    desk.presses("/", "/", "Write a query and press Enter")
    desk.writes("topic:press-history")
    desk.presses(ENTER, "Enter", "From strike sheet to two million")


def leaves(shell: Typing) -> None:
    start = len(shell.said)
    shell.type(LEAVE)
    shell.until(lambda: "133;D;0" in shell.said[start:], "the shell")
    print("   ✓ [Ctrl+Q] the shell is back", flush=True)


if __name__ == "__main__":
    main(part, "desk.md", "rating.md", "together.md", "checking.md")
