"""The commands of docs/together.md, with the real ``ssh-keygen``: a move that it signed is followed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hermetic import commit_all
from network import Network, described, rules

from newsrepo.signing import CONTINGENT

PAGE = Path(__file__).parents[2] / "docs/together.md"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_a_move_signed_as_the_page_says(network: Network, tmp_path: Path):
    network.join("abc")
    network.sync()
    abc = network["abc"]
    key = tmp_path / "id_ed25519"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "abc's key", "-f", str(key)], check=True
    )
    line = key.with_suffix(".pub").read_text().split(" ")
    public = f"{line[0]} {line[1]}"
    network.pin("abc", described("Abc", abc.home, public))
    abc.describe(described("Abc", abc.home, public))
    assert rules(network.sync()["abc"]) == []
    abc.bare("new.git")
    (abc.work / "contingents/abc.yaml").write_text(described("Abc", network.server.url("new.git"), public))
    (command,) = set(re.findall(r"ssh-keygen -Y sign .*", PAGE.read_text()))
    assert CONTINGENT in command
    words = command.replace("~/.ssh/id_ed25519", str(key)).split()
    subprocess.run(words, cwd=abc.work, check=True, capture_output=True)
    commit_all(abc.work)
    abc.push(abc.place)
    abc.push("new.git")
    assert network.sync()["abc"]["home"] == network.server.url("new.git")
