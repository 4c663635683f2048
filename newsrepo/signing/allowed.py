"""The same keys in OpenSSH's own form, so that anybody can check signatures without newsrepo."""

from collections.abc import Iterable, Sequence

from newsrepo.signing.keys import Key


def allowed_signers(signers: Iterable[tuple[str, Iterable[Key]]], namespaces: Sequence[str]) -> str:
    """The text of an ``allowed_signers`` file: each name may sign with each of its keys for ``namespaces``.

    Names must be ids: OpenSSH would read ``*``, ``?``, ``!`` and ``,`` in them as patterns.
    """
    granted = ",".join(namespaces)
    lines = [
        f'{name} namespaces="{granted}" {line}\n'
        for name, keys in sorted(signers)
        for line in sorted(key.line for key in keys)
    ]
    return "".join(lines)
