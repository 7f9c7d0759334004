"""A secret has an entry in some environments that it lacks in another.

## Why

The program of the environment that lacks it fails at its first use, and nobody who reads the diff of another environment can see it. The
values are encrypted, or elsewhere; the names are not: they are compared for SealedSecrets, ExternalSecrets, Secrets and for files that SOPS
has encrypted. How bad it is follows from who has the entry, as for `missing-key`, whose place this rule takes.

## Example

`dev/secret.yaml`:

```yaml
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db}
spec:
  encryptedData:
    PASSWORD: AgBy3i4OJSWK0PiTySYZZA9rO43cGDEq
    USER: AgBy3i4OJSWK0PiTySYZZA9rO43cGDEr
```

`prod/secret.yaml`:

```yaml
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db}
spec:
  encryptedData: # error: [missing-secret-key] "the secret entry `SealedSecret/db:spec.encryptedData.USER` is in dev, and missing in prod"
    PASSWORD: AgBy3i4OJSWK0PiTySYZZA9rO43cGDEs
```

## How to fix

Seal, encrypt or reference the value for the environment that lacks it, or say that its absence is meant:
`# gitops-lint: only[dev] reason` where the entry is set, or a clause of the contract in the configuration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gitops_lint import lacking, secret_entries
from gitops_lint.finding import Finding
from gitops_lint.keypath import dotted
from gitops_lint.model import Application
from gitops_lint.rule import rule


@rule(Application, category="consistency")
def check(application: Application) -> Iterator[Finding]:
    """Yield a finding for each missing entry of a secret; a fix would have to know its value, so there is none."""
    for comparison in application.comparisons:
        wholesale = lacking.wholesale(comparison)
        for difference in comparison.differences:
            if difference.kind == "missing" and secret_entries.concerns(difference):
                having = lacking.listed(s.environment.name for s in difference.have)
                without = lacking.listed(gap.environment.name for gap in difference.lack)
                message = f"the secret entry `{dotted(difference.path)}` is in {having}, and missing in {without}"
                found = replace(lacking.finding(application, comparison, difference, message), fix=None)
                yield lacking.marked(found, "many") if lacking.lacking(difference) in wholesale else found
