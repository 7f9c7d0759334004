"""The promotion tool takes versions through the stages in another order than the linter assumes.

## Why

Which environment lacks what, what is ahead and what was skipped: all of that depends on the order of the stages. Where Kargo, GitOps
Promoter, Codefresh, Jenkins X or a rolling ApplicationSet is told another order than the stages' names suggest or the configuration says,
one of the two is wrong, and findings about promotion mean the opposite of what they say.

## Example

`promotion.yaml`:

```yaml
# warning: [order-contradicted] "`prod` comes before `qa` in the order declared by a PromotionStrategy"
apiVersion: promoter.argoproj.io/v1alpha1
kind: PromotionStrategy
metadata: {name: shop}
spec:
  environments:
    - {branch: env/prod}
    - {branch: env/qa}
```

`values-qa.yaml`:

```yaml
replicas: 1
```

`values-prod.yaml`:

```yaml
replicas: 3
```

## How to fix

Say the order in the configuration, `environments: [dev, prod, qa]`, or correct the promotion tool's.
"""

from __future__ import annotations

from collections.abc import Iterator

from gitops_lint.finding import Finding
from gitops_lint.node import Location
from gitops_lint.precedence import Precedence
from gitops_lint.rule import rule
from gitops_lint.severity import Severity


@rule(Precedence, category="promotion", severity=Severity.WARNING)
def check(step: Precedence) -> Iterator[Finding]:
    """Compare a declared step with the ranks of its two stages."""
    first, second = step.ranks
    if first > second:
        evidence = step.evidence
        yield Finding(
            f"`{step.earlier}` comes before `{step.later}` in the order {evidence.text}, and after it in the order of environments here",
            at=Location(evidence.path, evidence.line, 1, evidence.line, 1),
            environments=(step.earlier, step.later),
            subject=f"{step.earlier} before {step.later}",
            help="say the order of `environments` in the configuration",
        )
