"""A file that a tool wrote when it decrypted a secret is committed.

## Why

`helm secrets decrypt` writes `secrets.yaml.dec` beside `secrets.yaml`, and editors and scripts write `secrets.dec.yaml`. They are meant to
be deleted or ignored; once committed, what they hold is known to everyone who can read the repository, and to its history.

## Example

> error: [decrypted-file] "is what a tool wrote when it decrypted `secrets-prod.yaml`"

`secrets-prod.yaml`:

```yaml
password: ENC[AES256_GCM,data:Zm9v,iv:YQ==,tag:Yg==,type:str]
```

`secrets-prod.yaml.dec`:

```yaml
password: hunter2
```

## How to fix

Remove the file, add its name to `.gitignore`, and replace the secrets in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.model import Repository
from gitops_lint.node import Location
from gitops_lint.rule import rule

_SUFFIX = re.compile(r"(?P<name>.+\.(?:ya?ml|json|env|ini|properties|txt))\.(?:dec|decrypted|plain(?:text)?|clear(?:text)?)")
_INFIX = re.compile(r"(?P<stem>.+)[._-](?:dec|decrypted)\.(?P<end>ya?ml|json|env)")


@rule(Repository, category="secrets")
def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each path that has the form of a decrypted copy."""
    present = frozenset(repository.paths)
    for path in repository.paths:
        folder, slash, name = path.rpartition("/")
        source = next((folder + slash + word for word in _sources(name)), "")
        if source:
            beside = f"`{source}`" if source in present else "an encrypted file"
            yield Finding(f"`{path}` is what a tool wrote when it decrypted {beside}", at=Location(path), subject=path)


def _sources(name: str) -> Iterator[str]:
    """The name of what was decrypted; `x.dec.yaml` may also be an abbreviation for December, or a decoder's, and needs a secret's name."""
    if found := _SUFFIX.fullmatch(name):
        yield found["name"]
    elif (found := _INFIX.fullmatch(name)) and re.search("secret|credential|password|decrypted", name, re.IGNORECASE):
        yield f"{found['stem']}.{found['end']}"
