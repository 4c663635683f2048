"""The one call that may use a transport: what it sees, what it may cost, and how it ends."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hermetic import run_git
from servers import git_server

from newsrepo.errors import UnableError
from newsrepo.gitstore import far
from newsrepo.gitstore.addresses import Address
from newsrepo.gitstore.children import SlowError
from newsrepo.gitstore.far import Limits
from newsrepo.gitstore.homestore import HomeStore
from newsrepo.gitstore.outcomes import Outcome, Wanted
from newsrepo.gitstore.repository import Repository
from newsrepo.gitstore.runner import Git, quoted

SOON = Limits(seconds=20)


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Git]:
    """A git of our own making that answers ``version`` well and does ``script`` otherwise."""

    def make(script: str) -> Git:
        program = tmp_path / "bin/git"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\ncase "$1" in version) echo git version 2.50.0; exit;; esac\n{script}\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return Git(str(tmp_path))

    return make


def test_what_it_sees_of_the_users_environment() -> None:
    user = {
        "https_proxy": "http://proxy:3128",
        "NO_PROXY": "localhost",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "GIT_SSL_CAINFO": "/etc/ca.pem",
        "SSH_AUTH_SOCK": "/run/agent",
        "GIT_SSL_NO_VERIFY": "1",
        "GIT_SSH": "/evil",
        "GIT_SSH_COMMAND": "/evil",
        "GIT_PROXY_COMMAND": "/evil",
        "GIT_ASKPASS": "/evil",
        "SSH_ASKPASS": "/evil",
        "GIT_ALLOW_PROTOCOL": "ext",
        "GIT_TRACE": "/evil",
        "HTTP_PROXY": "http://evil",
    }
    env = far.environment(user, "/usr/bin/ssh", local=False)
    assert env["GIT_ALLOW_PROTOCOL"] == "https:ssh"
    assert env["GIT_SSH_COMMAND"].startswith("/usr/bin/ssh -oBatchMode=yes ")
    assert set(env) == {
        "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "GIT_SSL_CAINFO", "SSH_AUTH_SOCK",
        "GIT_ALLOW_PROTOCOL", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT",
    }  # fmt: skip
    assert "/evil" not in env.values()


def test_the_path_of_ssh_is_one_word() -> None:
    env = far.environment({}, "/opt/my tools/ssh; touch x", local=True)
    assert env["GIT_SSH_COMMAND"].startswith("'/opt/my tools/ssh; touch x' -o")
    assert env["GIT_ALLOW_PROTOCOL"] == "https:ssh:file:http"


@pytest.mark.parametrize(
    "url", ["ext::sh -c 'touch marker'", "file:///nowhere", "http://127.0.0.1:9/x", "git://127.0.0.1:9/x"]
)
def test_transports_that_are_not_allowed_do_not_run_even_past_the_grammar(url: str, tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet", "--bare")
    code, _, said = Git(str(tmp_path), str(tmp_path)).reach("ls-remote", "--", url, limits=SOON)
    assert code == 128
    assert b"not allowed" in said
    assert not list(tmp_path.rglob("marker"))


def test_limits_hold_for_it_and_its_children(fake: Callable[[str], Git]) -> None:
    git = fake("sh -c 'ulimit -f; ulimit -v; ulimit -t'")
    code, out, _ = git.reach("fetch", limits=Limits(pack_bytes=1 << 20, memory_bytes=1 << 30, cpu_seconds=7))
    assert code == 0
    assert out.split() == [b"2048", b"1048576", b"7"]


def test_a_limit_that_is_stricter_already_stays() -> None:
    """Nobody but root may lift one."""
    command = far.limited(["/bin/sh", "-c", "ulimit -f"], Limits(pack_bytes=1 << 30))
    strict = ["/bin/sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *command]
    done = subprocess.run(strict, capture_output=True, check=True)
    assert done.stdout.strip() in ((b"100",) if os.geteuid() else (b"100", b"2097152"))


def test_our_own_limits_stay_as_they_are(fake: Callable[[str], Git]) -> None:
    before = [resource.getrlimit(n) for n in (resource.RLIMIT_FSIZE, resource.RLIMIT_AS, resource.RLIMIT_CPU)]
    fake("exit 0").reach("fetch", limits=Limits(pack_bytes=1 << 20))
    assert [
        resource.getrlimit(n) for n in (resource.RLIMIT_FSIZE, resource.RLIMIT_AS, resource.RLIMIT_CPU)
    ] == before


def test_arguments_are_no_script(fake: Callable[[str], Git], tmp_path: Path) -> None:
    git = fake('printf "%s\\n" "$@"')
    odd = "$(touch marker); `touch marker` 'x\" *"
    _, out, _ = git.reach("fetch", "--", odd, limits=SOON)
    assert out.decode().splitlines()[-2:] == ["--", odd]
    assert not list(tmp_path.rglob("marker"))


def test_in_time_it_is_ended_with_all_its_children(fake: Callable[[str], Git], tmp_path: Path) -> None:
    git = fake(f"(sleep 60; touch {tmp_path}/late) & echo $! > {tmp_path}/child; wait")
    begun = time.monotonic()
    with pytest.raises(SlowError):
        git.reach("fetch", limits=Limits(seconds=0.5))
    assert time.monotonic() - begun < 5
    _is_gone(int((tmp_path / "child").read_text()))


def test_children_that_outlive_it_are_ended_too(fake: Callable[[str], Git], tmp_path: Path) -> None:
    git = fake(f"sleep 60 & echo $! > {tmp_path}/child; exit 0")
    with pytest.raises(SlowError):
        git.reach("fetch", limits=Limits(seconds=0.5))
    _is_gone(int((tmp_path / "child").read_text()))


def _is_gone(pid: int) -> None:
    """Nobody waits for an orphan here, so that it may stay as a zombie."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state in "ZX":
            return
        time.sleep(0.02)
    raise AssertionError(f"{pid} is in state {state}")


def test_it_can_be_stopped(fake: Callable[[str], Git]) -> None:
    git, stop = fake("exec sleep 60"), threading.Event()
    threading.Timer(0.3, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(UnableError, match="stopped"):
        git.reach("fetch", limits=SOON, stop=stop)
    assert time.monotonic() - begun < 5


def test_of_long_talk_the_beginning_and_the_end_are_heard(fake: Callable[[str], Git]) -> None:
    _, _, said = fake("(echo first; head -c 1000000 /dev/zero; echo; echo last) >&2").reach(
        "fetch", limits=SOON
    )
    assert said.startswith(b"first\n")
    assert said.endswith(b"\nlast\n")
    assert len(said) < 200_000


def test_the_user_is_asked_nothing(fake: Callable[[str], Git]) -> None:
    _, out, _ = fake("cat; if (: < /dev/tty) 2>/dev/null; then echo tty; fi").reach("fetch", limits=SOON)
    assert out == b""


@pytest.mark.parametrize(
    ("path", "said"),
    [("/a b", "/a b"), ("/a:b", '"/a:b"'), ('"a', '"\\"a"'), ("/a:\\", '"/a:\\\\"'), ("/a\nb", '"/a\\nb"')],
)
def test_paths_in_a_list(path: str, said: str) -> None:
    assert quoted(path) == said


SSH = """#!/bin/sh
printf '%s\\n' "$@" "agent=$SSH_AUTH_SOCK" > {log}
for last; do :; done
case "$*" in *unknown-host*) echo 'Host key verification failed.' >&2; exit 255;; esac
exec sh -c "$last"
"""


def test_by_ssh(make_repo: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, clone = make_repo({"a": "b"}, name="home"), make_repo({"c": "d"}, name="clone")
    log = tmp_path / "log"
    program = tmp_path / "bin" / "ssh"
    program.parent.mkdir()
    program.write_text(SSH.format(log=log))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("GIT_SSH_COMMAND", "touch marker")
    monkeypatch.setenv("SSH_AUTH_SOCK", "/run/agent")
    with Repository.discover(clone) as repository, HomeStore.create(repository) as store, store.lock():
        for url in (f"git@example.org:{home}", f"ssh://git@example.org:2222{home}"):
            (done,) = store.fetch([Wanted("abc", Address(url, "main"))])
            assert done.trouble is None
            said = log.read_text().splitlines()
            assert "-oBatchMode=yes" in said
            assert "-oForwardAgent=no" in said
            assert "git@example.org" in said
            assert "agent=/run/agent" in said
        (done,) = store.fetch([Wanted("lmn", Address(f"git@unknown-host:{home}"))])
        assert done.outcome is Outcome.UNREACHABLE
        assert done.trouble is not None
        assert "ssh does not know its host's key" in done.trouble.message
    assert not list(tmp_path.rglob("marker"))


def test_settings_of_the_user_and_of_the_repository_lead_nowhere(
    make_repo: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither file may lead an address elsewhere, run a program, or offer a helper for passwords."""
    home, other = make_repo({"a": "b"}, name="home"), make_repo({"a": "other"}, name="other")
    clone = make_repo({"c": "d"}, name="clone")
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/marker\n")
    evil.chmod(0o755)
    with git_server(tmp_path) as server:
        for key, value in (
            (f"url.{server.url('other')}.insteadOf", server.url("home")),
            ("core.sshCommand", str(evil)),
            ("credential.helper", str(evil)),
            ("core.fsmonitor", str(evil)),
            ("uploadpack.packObjectsHook", str(evil)),
            ("core.alternateRefsCommand", str(evil)),
            ("core.gitProxy", str(evil)),
            ("fetch.fsckObjects", "false"),
        ):
            run_git(clone, "config", "--file", str(tmp_path / "gitconfig"), key, value)
            run_git(clone, "config", key, value)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
        with Repository.discover(clone) as repository, HomeStore.create(repository) as store, store.lock():
            (done,) = store.fetch([Wanted("abc", Address(server.url("home"), "main"))], local=True)
    assert done.tip is not None
    assert done.tip.commit == run_git(home, "rev-parse", "HEAD") != run_git(other, "rev-parse", "HEAD")
    assert not (tmp_path / "marker").exists()
