"""Which differences between environments are about the entries of secrets: their names can be compared, whatever hides their values."""

from __future__ import annotations

from gitops_lint.model import Difference

_KINDS = ("SealedSecret/", "ExternalSecret/", "Secret/")
_FIELDS = frozenset({"data", "stringData", "encryptedData", "dataFrom"})


def concerns(difference: Difference) -> bool:
    """Whether what is missing is an entry of a secret object, or a key of a file that SOPS has encrypted."""
    path = difference.path
    if path[0].startswith(_KINDS) and not _FIELDS.isdisjoint(path[1:-1]):
        return True
    return all(
        any(layer.document.encrypted == "sops" and layer.path == s.location.path for layer in s.environment.layers) for s in difference.have
    )
