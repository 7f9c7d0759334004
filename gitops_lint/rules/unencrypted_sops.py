"""A file that SOPS is to encrypt is committed as plain text, in whole or in part.

## Why

`.sops.yaml` says which files hold secrets. One that was created by another tool, or saved by an editor after `sops --decrypt`, looks like
its encrypted siblings in every listing. An entry added to an encrypted file by hand stays plain, and SOPS refuses the file at deployment,
since its checksum is wrong.

## Example

`.sops.yaml`:

```yaml
creation_rules:
  - path_regex: secrets-[a-z]+.yaml$
    age: age1qqqq
```

`secrets-dev.yaml`:

```yaml
password: ENC[AES256_GCM,data:Zm9v,iv:YQ==,tag:Yg==,type:str]
sops:
  mac: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:Yg==,type:str]
  version: 3.9.0
```

`secrets-prod.yaml`:

```yaml
# error: [unencrypted-sops] "`.sops.yaml` says that this file is encrypted, and it is not"
password: hunter2
```

## How to fix

Encrypt it, and replace the secret where it is used: the history keeps the plain text.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.extract.sops import Guarded
from gitops_lint.extract.walk import is_object, places
from gitops_lint.finding import Finding, Related
from gitops_lint.kept import elsewhere
from gitops_lint.model import Document
from gitops_lint.node import Location, Map, Seq, key_location
from gitops_lint.rule import rule

_ENCRYPTED_OBJECTS = frozenset({"Secret", "ConfigMap"})  # those of the kinds of Kubernetes that SOPS is used for


@rule(Guarded, category="secrets")
def check(guarded: Guarded) -> Iterator[Finding]:
    """Yield a finding for a file without SOPS's block, or for each entry of a Secret that is plain in a file that has it."""
    document = guarded.document
    if document.encrypted == "sops":
        yield from _plain_entries(document, guarded.rule)
    elif not (document.encrypted or document.error or document.templated) and _holds_text(document):
        yield Finding(
            f"`{guarded.rule.path}` says that this file is encrypted, and it is not",
            at=Location(document.path),
            related=(Related(guarded.rule, "says so"),),
        )


def _holds_text(document: Document) -> bool:
    """Whether there is anything to encrypt: a text that is no reference, outside objects that hold no secrets."""
    for root in document.roots:
        if is_object(root.value) and isinstance(root.value, Map) and root.value["kind"] not in _ENCRYPTED_OBJECTS:
            continue
        texts = (
            text for place in places(root.value) for value in place.node.values() for text in (value if isinstance(value, Seq) else [value])
        )
        if any(not elsewhere(text) for text in texts):
            return True
    return False


def _plain_entries(document: Document, said: Location) -> Iterator[Finding]:
    for root in document.roots:
        if not (isinstance(root.value, Map) and root.value.get("kind") == "Secret"):
            continue
        for field in ("data", "stringData"):
            entries = root.value.get(field)
            if isinstance(entries, Map):
                for key in [key for key, value in entries.items() if not elsewhere(value)]:
                    message = f"`{field}.{key}` is plain text in a file that SOPS has encrypted"
                    yield Finding(message, at=key_location(entries, key), key=(field, key), related=(Related(said, "says so"),))
