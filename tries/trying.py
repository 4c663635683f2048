"""What the four tries share: a place of their own, the pages they go by, a shell to type in, facts, and pictures.

A try types what a new user would, into a real shell, and knows nothing but some pages of the documentation: a
verb or an option that stands on none of them ends it.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from terminal import Shell, Terminal

PROJECT = Path(__file__).resolve().parents[1]
DOCS = PROJECT / "docs"
SITES = PROJECT / "tests" / "sites"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Unmet(AssertionError):  # noqa: N818 - what did not hold is no fault of the program that says so
    """Something is not as the documentation promises."""


class Try:
    """One part: a folder as home, the pages of the documentation that it may know, and what was seen so far.

    ``https://github.com/…`` is a folder of bare repositories, by the user's own git settings: there is no network.
    """

    def __init__(self, base: Path, pages: tuple[str, ...], pictures: Path | None) -> None:
        self.home, self.pictures = base, pictures
        self.forge = base / "forge"
        self.forge.mkdir()
        self._known = "\n".join((DOCS / page).read_text("utf-8") for page in pages)
        tools = sysconfig.get_path("scripts")
        self.env = {
            **_registries(),
            "PATH": f"{tools}:{os.environ['PATH']}",
            "HOME": str(base),
            "LC_ALL": "C.UTF-8",
        }
        (base / ".gitconfig").write_text(
            f"[user]\n\tname = Ann\n\temail = ann@example.org\n[init]\n\tdefaultBranch = main\n"
            f'[url "{self.forge.as_uri()}/"]\n\tinsteadOf = https://github.com/\n[protocol "file"]\n\tallow = always\n'
        )

    def say(self, text: str) -> None:
        """Tell what comes next."""
        print(f"\n== {text}", flush=True)

    def holds(self, fact: object, text: str) -> None:
        """Go on if ``fact`` is so."""
        if not fact:
            raise Unmet(f"it does not hold that {text}")
        print(f"   ✓ {text}", flush=True)

    def told(self, command: str) -> None:
        """Whether the pages name the verb and every option of a line that calls newsrepo."""
        words = shlex.split(command)
        if words[0] != "newsrepo":
            return
        verb = next(word for word in words[1:] if not word.startswith("-"))
        for word in [verb, *(word.partition("=")[0] for word in words if re.match("--?[a-z]", word))]:
            if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self._known):
                raise Unmet(f"no page that a newcomer reads names {word!r}: {command}")

    def has_key(self, key: str) -> None:
        """Whether the pages name a key."""
        if f"`{key}`" not in self._known:
            raise Unmet(f"no page that a newcomer reads names the key {key!r}")

    def shell(self, where: Path, columns: int = 100, rows: int = 30) -> "Typing":
        return Typing(self, where, columns, rows)

    def run(self, *command: str, cwd: Path, **env: str) -> str:
        """What happens elsewhere: at a forge, at whoever keeps the commons. Gives what it printed."""
        done = subprocess.run(
            command, cwd=cwd, env={**self.env, **env}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Unmet(f"{shlex.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def passes(self, text: str, *command: str, cwd: Path) -> None:
        """Go on if a command ends well."""
        self.run(*command, cwd=cwd)
        self.holds(True, f"{text}: {shlex.join(command)}")

    def runs(self, clone: Path, workflow: str, *, only: str = "", **env: str) -> None:
        """What the forge's machine does: the steps of a GitHub workflow of the clone's own, or ``only`` the one of that name."""
        whole = yaml.safe_load((clone / f".github/workflows/{workflow}.yml").read_text("utf-8"))
        job = next(iter(whole["jobs"].values()))
        temp = self.home / "temp"
        temp.mkdir(exist_ok=True)
        steps = [step for step in job["steps"] if "run" in step and only in ("", step["name"])]
        if not steps:
            raise Unmet(f"{workflow}.yml has no step {only!r}")
        told = {"RUNNER_TEMP": str(temp), "PINS": str(clone / ".github"), "GITHUB_ACTIONS": "true", **env}
        for step in steps:
            print(f"   {workflow}.yml: {step['name']}", flush=True)
            where = temp if "runner.temp" in step.get("working-directory", "") else clone
            bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            self.run(*bash, cwd=where, **told)

    def commons(self, path: str, *, home: bool = True) -> Path:
        """A commons of one contingent and one story at ``path`` of the forge; its hosts' own clone of it.

        With ``home`` its charter says where it is.
        """
        keep = self.home / "keepers"
        address = f"https://github.com/{path}"
        self.run(
            "newsrepo", "init", str(keep), "--name", "Harbour Commons", "--contingent", "harbour",
            "--contingent-name", "The harbour desk", *(["--home", address] if home else []), cwd=self.home,
        )  # fmt: skip
        story = ["--title", "The cranes move again", "--text", "They had stood still for nine days."]
        self.run("newsrepo", "new", "article", *story, cwd=keep)
        self.run("git", "add", ".", cwd=keep)
        self.run("git", "commit", "-q", "-m", "Start the commons", cwd=keep)
        (self.forge / path).parent.mkdir(parents=True)
        self.run("git", "clone", "-q", "--bare", str(keep), f"{self.forge / path}.git", cwd=self.home)
        self.run("git", "remote", "add", "origin", address, cwd=keep)
        return keep

    def fork(self, path: str, copy: str) -> None:
        """What the forge's button *Fork* does."""
        (self.forge / copy).parent.mkdir(parents=True)
        self.run(
            "git",
            "clone",
            "-q",
            "--bare",
            f"{self.forge / path}.git",
            f"{self.forge / copy}.git",
            cwd=self.home,
        )

    def picture(self, terminal: Terminal, name: str) -> None:
        """Photograph a terminal; kept among the documentation's pictures if these are made."""
        text, wide, high = terminal.page()
        page = self.home / f"{name}.html"
        page.write_text(text, encoding="utf-8")
        self.photograph(page.as_uri(), name, wide, high)

    def photograph(self, address: str, name: str, wide: int, high: int) -> Path:
        """Photograph a page in Chromium."""
        target = self.home / f"{name}.png"
        shot = {"name": name, "path": "", "width": wide, "height": high, "scheme": "light"}
        self.node("pictures.mjs", {"base": address, "folder": str(self.home), "shots": [shot]})
        self.holds(target.stat().st_size > 3000, f"there is a picture: {name}.png")
        self.keep(target, name)
        return target

    def keep(self, picture: Path, name: str) -> None:
        """Put a picture among the documentation's, with few colours so that it is small."""
        if self.pictures is not None:
            from PIL import Image

            with Image.open(picture) as image:
                image.convert("RGB").quantize(96).save(self.pictures / f"{name}.png", optimize=True)

    def node(self, script: str, job: dict[str, Any]) -> dict[str, Any]:
        """Have a script of the site tests drive Chromium. Gives what it reports."""
        done = subprocess.run(
            ["node", script], cwd=SITES, env=self.env, input=json.dumps({**job, "chromium": browser()}),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise Unmet(f"{script}: {done.stderr}")
        report: dict[str, Any] = json.loads(done.stdout or "{}")
        return report


def _registries() -> dict[str, str]:
    """How this machine's pip and npm are set up to look for packages; nothing else of its user is passed on."""
    wanted = re.compile(r"(?i)(?:pip|npm_config)_.*|https?_proxy|no_proxy|ssl_cert_file")
    found = {name: value for name, value in os.environ.items() if wanted.fullmatch(name)}
    home = Path.home()
    for name, path in (
        ("npm_config_userconfig", home / ".npmrc"),
        ("npm_config_cache", home / ".npm"),
        ("PIP_CONFIG_FILE", home / ".config/pip/pip.conf"),
    ):
        if path.exists():
            found.setdefault(name, str(path))
    return found


class Typing(Shell):
    """A shell whose lines are printed, answered for, and told of in the documentation."""

    def __init__(self, trial: Try, where: Path, columns: int, rows: int) -> None:
        super().__init__(where, trial.env, columns, rows)
        self._try = trial

    def types(self, command: str, *, code: int = 0) -> str:
        """Type a line that ends with exit code ``code``. Gives what it printed."""
        self._try.told(command)
        print(f"$ {command}", flush=True)
        ended, printed = self.line(command)
        print("".join(f"  {line}\n" for line in printed.splitlines()), end="", flush=True)
        if ended != code:
            raise Unmet(f"{command}: exit {ended}, not {code}")
        return printed


def browser() -> str:
    """Where Chromium is."""
    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise Unmet("there is no Chromium here: tests/sites/setup installs it")
    return found


def main(part: Callable[[Try], None], *pages: str) -> None:
    """Play ``part`` in a folder that goes afterwards. ``--pictures`` puts its pictures into docs/pictures."""
    pictures = DOCS / "pictures" if "--pictures" in sys.argv[1:] else None
    print(f"Going by {', '.join(f'docs/{page}' for page in pages)} and nothing else.")
    with tempfile.TemporaryDirectory(prefix="newsrepo-try-", ignore_cleanup_errors=True) as folder:
        try:
            part(Try(Path(folder).resolve(), pages, pictures))
        except (Unmet, TimeoutError) as error:
            traceback.print_tb(error.__traceback__, limit=-1)
            sys.exit(f"✗ {error}")
    print("\nAll of it held.")
