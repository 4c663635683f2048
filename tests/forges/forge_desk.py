"""Where the scripts of workflows are run: taken from the YAML, with a fake installer and a recording newsrepo."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from hermetic import commit_all, put, run_git
from support import article

from newsrepo.porcelain.forge import Forge
from newsrepo.porcelain.init import init

PROJECT = Path(__file__).parents[2]
SHIPPED = PROJECT / "newsrepo" / "_forge"
TOOL = Path(sys.executable).parent

MARK = "import pathlib, os; pathlib.Path(os.environ['MARKER']).write_text('run')\n"
FREE = "license: CC0-1.0\n"
HOME = "https://github.com/harbour/news"
TITLE = "::error file=x::smuggled in"


class Loader(yaml.SafeLoader):
    """YAML as forges read it: ``on`` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader)  # a safe loader, see above


def steps(path: Path) -> dict[str, dict[str, Any]]:
    """The steps of a workflow with one job (or of an action) that run something, by name."""
    whole = load(path)
    if "jobs" in whole:
        (job,) = whole["jobs"].values()
        return {step["name"]: {"job": job, **step} for step in job["steps"] if "run" in step}
    return {step["name"]: step for step in whole["runs"]["steps"]}


class Ran:
    """What one script did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def commands(self) -> list[str]:
        """The lines that a runner would take for commands to itself."""
        lines = (self.out + "\n" + self.err).splitlines()
        return [line for line in lines if line.lstrip().startswith(("::", "##["))]


class Desk:
    """A runner's machine: folders, a ``python3`` that installs stand-ins, and a record of what was called."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temp = root / "temp"
        self.bin = root / "bin"
        self.log = root / "calls"
        self.marker = root / "marker"
        self.python = sys.executable
        for folder in (self.temp, self.bin):
            folder.mkdir()
        self._script(
            self.bin / "python3",
            f"""
printf 'python3 %s\\n' "$*" >>{self.log}
{sys.executable} "$@" --without-pip
for venv; do :; done
cat >"$venv/bin/pip" <<'END'
#!/bin/sh
printf 'pip %s\\n' "$*" >>{self.log}
for file; do :; done
cat "$file" >>{self.log}
END
cat >"$venv/bin/newsrepo" <<'END'
#!/bin/sh
for word; do printf '%s\\0' "$word"; done >>{self.log}.argv
printf '\\n' >>{self.log}.argv
exec {TOOL}/newsrepo "$@"
END
chmod +x "$venv/bin/pip" "$venv/bin/newsrepo"
""",
        )

    @staticmethod
    def _script(path: Path, text: str) -> None:
        path.write_text("#!/bin/sh\nset -e\n" + text)
        path.chmod(0o755)

    def bash(self, script: str, cwd: Path, env: Mapping[str, str]) -> Ran:
        """Run a step's script as a runner does: from a file, stopping at the first failure."""
        file = self.root / "step.sh"
        file.write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=cwd,
            env={
                "PATH": f"{self.bin}:/usr/bin:/bin",
                "HOME": str(self.root),
                "LC_ALL": "C.UTF-8",
                "MARKER": str(self.marker),
                "RUNNER_TEMP": str(self.temp),
                "GITHUB_ACTIONS": "true",
                **{k: v for k, v in os.environ.items() if k.startswith("GIT_")},
                **env,
            },
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    @property
    def calls(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    @property
    def argv(self) -> list[list[str]]:
        """How newsrepo was called, each time."""
        path = Path(f"{self.log}.argv")
        text = path.read_text() if path.exists() else ""
        return [call.split("\0")[:-1] for call in text.split("\0\n")[:-1] for call in [call + "\0"]]


def commons(root: Path, *forges: str, home: str = "") -> Path:
    """A commons of abc with one article, equipped for ``forges`` with ann as its host, committed on main."""
    hosts = ["ann"] if forges else []
    known = [Forge(name) for name in forges]
    init(root, name="Harbour", contingent="abc", contingent_name="ABC", home=home, forges=known, hosts=hosts)
    put(root, {"articles/abc/2026/first/index.md": article("First light", date="2026-04-30", more=FREE)})
    commit_all(root, "Start")
    return root


HOSTILE = {
    "venv.py": MARK,
    "pip.py": MARK,
    "sitecustomize.py": MARK,
    "usercustomize.py": MARK,
    "newsrepo/__init__.py": MARK,
    "newsrepo/__main__.py": MARK,
    "git": "#!/bin/sh\n",
    "contingents/new.yaml": "name: The newcomers\n",
    "articles/new/2026/hello/index.md": article(f'"{TITLE}"', "A text.\n\n::error::in the body", more=FREE),
    "articles/abc/2026/first/index.md": article("First light", "What abc never wrote.", more=FREE),
    "articles/new/2026/hello/::error::in a name.md": "x",
    "articles/new/2026/line\n::error::after it/index.md": "x",
    "articles/new/2026/a,b:c%0A::error::d/index.md": "x",
    ".github/newsrepo.txt": "evil==1\n",
    ".github/newsrepo.lock": "evil==1 --hash=sha256:00\n",
    ".gitlab/newsrepo.txt": "evil==1\n",
    ".gitlab/newsrepo.lock": "evil==1 --hash=sha256:00\n",
    ".forgejo/newsrepo.txt": "evil==1\n",
    ".forgejo/newsrepo.lock": "evil==1 --hash=sha256:00\n",
}
"""What a stranger's pull request holds: another's article edited, a newcomer, traps for whoever runs any of it."""


def request(root: Path, files: Mapping[str, str]) -> tuple[str, str]:
    """Commit ``files`` on a branch of their own and merge it as a forge would. Gives the head and the merge."""
    run_git(root, "checkout", "--quiet", "-b", "request")
    put(root, files)
    head = commit_all(root, f"{TITLE}\n\n::error::in the message")
    run_git(root, "checkout", "--quiet", "main")
    put(root, {"articles/abc/2026/second/index.md": article("Second light", more=FREE)})
    commit_all(root, "Meanwhile on main")
    run_git(root, "checkout", "--quiet", "--detach")
    run_git(root, "merge", "--quiet", "--no-ff", "-m", "Merge", head)
    for key in ("newsrepo.contingent", "newsrepo.genesis"):  # a runner's clone says nothing of whose it is
        run_git(root, "config", "--unset", key)
    run_git(root, "remote", "add", "origin", HOME)
    return head, run_git(root, "rev-parse", "HEAD")
