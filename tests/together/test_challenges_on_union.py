"""Questions, answers and promises speak from their owners' homes; a rewritten home puts nobody in debt."""

import json
from hashlib import sha256
from typing import Any

from hermetic import run_git
from network import Network, described

ASKED = "challenges/abc/paid/challenge.md"
ANSWER = "challenges/abc/paid/answers/lmn.md"


def question(text: str) -> str:
    return (
        f"---\ntitle: Who paid?\nto:\n  - lmn\ndate: 2026-05-01\ndue: 2026-05-15\nlang: en\n---\n\n{text}\n"
    )


def answer(to: str, text: str = "We did.") -> str:
    digest = sha256(to.encode()).hexdigest()
    return f"---\ndate: 2026-05-10\nquestion: {digest}\nlang: en\n---\n\n{text}\n"


def entry(network: Network) -> dict[str, Any]:
    result = network.run("--today", "2026-06-01", "challenges", "--json")
    (found,) = json.loads(result.stdout)["entries"]
    return found


def test_everybody_speaks_from_their_own_home(network: Network):
    network.join("abc", "lmn")
    first, second = question("Who paid for the ship?"), question("Who paid for both ships?")
    promising = described("Lmn", network["lmn"].home, *network["lmn"].keys, more="promises: [answers]\n")
    network["lmn"].describe(promising)
    # abc cannot answer for lmn, whatever lies in its own home
    network["abc"].publish({ASKED: first, ANSWER: answer(first, "Put into their mouth.")})
    network.sync()
    assert (entry(network)["state"], entry(network)["promised"]) == ("overdue", "yes")

    network["lmn"].publish({ANSWER: answer(first)})
    network["abc"].publish({ASKED: second})
    network["lmn"].describe(network["lmn"].page)
    network.sync()
    found = entry(network)
    assert (found["state"], found["answer"]["binds"], found["promised"]) == (
        "question-changed",
        "earlier",
        "once",
    )
    assert "stale-answer" in network.run("check", "--json").stdout

    # abc makes a history in which it never asked anything else
    run_git(network["abc"].work, "checkout", "--quiet", "--orphan", "clean")
    network["abc"].publish({}, force=True)
    network.sync(code=1)
    found = entry(network)
    assert (found["state"], found["answer"]["binds"]) == ("question-changed", "unknown")
    told = [
        f
        for f in json.loads(network.run("check", "--json").stdout)["findings"]
        if f["rule"] == "unbound-answer"
    ]
    assert [one["severity"] for one in told] == ["warning"]
