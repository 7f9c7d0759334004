"""A secret stands in the repository as plain text.

## Why

Who can read the repository, its forks, its clones and its history can read the secret. Base64, as in a Secret's `data`, hides nothing.
What is reported: entries of a Secret and literals of a `secretGenerator` that are named like secrets, values that have the shape of a
credential (a private key, a cloud key, a password in a URL), and generated-looking values under names such as `password` or `apiToken`.
Empty values, placeholders and references (`ENC[…]`, `<path:…>`, `ref+…`, `vault:…`, `${…}`) are no secrets. The value is never shown.

## Example

`values-dev.yaml`:

```yaml
database:
  password: ${DB_PASSWORD}
```

`values-prod.yaml`:

```yaml
database:
  password: gW4tz9QpL2xV7c # warning: [plaintext-secret] "`database.password` looks like a secret in plain text"
```

## How to fix

Replace the secret where it is used, since it has been seen, and keep the new one in a store or encrypted: SOPS, a SealedSecret, an
ExternalSecret.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator

from gitops_lint.extract.walk import Place, places
from gitops_lint.finding import Finding
from gitops_lint.kept import credential, elsewhere, plain, secretive
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Document
from gitops_lint.node import Map, Opaque, Seq, Value, item_location, key_location
from gitops_lint.rule import rule
from gitops_lint.severity import Severity

_LISTED = 3  # names of entries that a message gives

_KEY_ID = re.compile(r"(?:access_?key_?id|user(?:_?name)?)$", re.IGNORECASE)  # which key it is, not the key
_SHORTEST = 12  # code points of what has the shape of a credential: `ab://c:defg@h`


@rule(Document, category="secrets")
def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for each Secret with plain entries, and for each other value that is a secret."""
    if document.encrypted or document.templated:
        return
    for number, root in enumerate(document.roots):
        if not _suspicious(root.value):
            continue
        secrets: list[KeyPath] = []
        for place in places(root.value):
            if place.node.get("kind") == "Secret" and place.node.get("apiVersion") == "v1":
                secrets.append(place.path)
                yield from _secret(place, number)
            elif place.parent != "encryptedData" and not any(place.path[: len(path)] == path for path in secrets):
                yield from _generated(place, number)
                yield from _values(place)


def _suspicious(root: Value) -> bool:
    """Whether anything below may be a secret: few documents need to be walked with their paths."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is str:
            if (len(node) >= _SHORTEST and credential(node)) or ("=" in node and secretive(node.partition("=")[0])):
                return True
        elif type(node) is Map:
            name = node.get("name")
            if any(map(secretive, node)) or node.get("kind") == "Secret" or (isinstance(name, str) and "value" in node and secretive(name)):
                return True
            waiting += node.values()
        elif type(node) is Seq:
            waiting += node
    return False


def _secret(place: Place, number: int) -> Iterator[Finding]:
    for field in ("data", "stringData"):
        entries = place.node.get(field)
        if isinstance(entries, Map):
            names = [key for key, value in entries.items() if _exposed(key, _decoded(value) if field == "data" else value)]
            if names:
                metadata = place.node.get("metadata")
                name = metadata.get("name") if isinstance(metadata, Map) else None
                yield Finding(
                    f"Secret `{name}` holds {_listed(names)} in plain text",
                    at=key_location(entries, names[0]),
                    key=(*place.path, field),
                    subject=f"{number} {name}",
                )


def _exposed(key: str, value: Value) -> bool:
    """Whether an entry is a secret: much of what Secrets hold is configuration, and names of users and hosts."""
    return isinstance(value, str) and not elsewhere(value) and (secretive(key) or credential(value))


def _decoded(value: Value) -> Value:
    """What the base64 of a Secret's `data` says; the text itself if it is none, or binary."""
    if not isinstance(value, str) or isinstance(value, Opaque):
        return value
    try:
        return b64decode(value, validate=True).decode()
    except (NotBase64, ValueError):
        return value


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more


def _generated(place: Place, number: int) -> Iterator[Finding]:
    """Literals of a kustomization's `secretGenerator`."""
    literals = place.node.get("literals")
    if place.parent != "secretGenerator" or not isinstance(literals, Seq):
        return
    for index, literal in enumerate(literals):
        key, _, value = literal.partition("=") if isinstance(literal, str) else ("", "", "")
        if _exposed(key, value.strip("'\"")):
            message = f"the generated Secret `{place.node.get('name')}` holds `{key}` in plain text"
            yield Finding(message, at=item_location(literals, index), key=(*place.path, f"[{key}]"), subject=f"{number} {key}")


def _values(place: Place) -> Iterator[Finding]:
    name = place.node.get("name")
    for key, value in place.node.items():
        named = name if key == "value" and isinstance(name, str) else key
        sure = isinstance(value, str) and credential(value) and not _KEY_ID.search(key)
        if sure or plain(named, value):
            what = "holds a credential" if sure else "looks like a secret"
            yield Finding(
                f"`{dotted((*place.path, key))}` {what} in plain text",
                at=key_location(place.node, key),
                key=(*place.path, key),
                severity=Severity.ERROR if sure else Severity.WARNING,
            )
