"""The orders of promotion that repositories declare."""

from __future__ import annotations

import pytest

from gitops_lint import reader
from gitops_lint.discovery.order import orders

KARGO = """
apiVersion: kargo.akuity.io/v1alpha1
kind: Stage
metadata: {name: NAME, namespace: shop}
spec:
  requestedFreight:
    - origin: {kind: Warehouse, name: w}
      sources: SOURCES
  TEMPLATE
"""


def stage(name: str, sources: str, template: str = "promotionTemplate: {spec: {steps: []}}") -> str:
    return KARGO.replace("NAME", name).replace("SOURCES", sources).replace("TEMPLATE", template)


def found(text: str) -> list[tuple[tuple[str, ...], ...]]:
    return [order.steps for order in orders([reader.read(text.encode(), "x.yaml")])]


def test_kargo_stages_follow_one_another() -> None:
    text = "---".join(
        [
            stage("prod-eu", "{stages: [gate]}"),
            stage("prod-us", "{stages: [gate]}"),
            stage("gate", "{stages: [staging]}", "shard: x"),
            stage("dev", "{direct: true}"),
            stage("staging", "{stages: [dev]}"),
        ]
    )
    assert found(text) == [(("dev",), ("staging",), ("prod-eu", "prod-us"))]


def test_a_circle_is_no_order() -> None:
    assert found(stage("a", "{stages: [b]}") + "---" + stage("b", "{stages: [a]}")) == []


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            """
apiVersion: promoter.argoproj.io/v1alpha1
kind: PromotionStrategy
spec:
  environments:
    - branch: environment/dev
    - branch: environment/prod
      autoMerge: false
""",
            [(("dev",), ("prod",))],
        ),
        (
            """
apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
spec:
  triggerEnvironment: dev
  steps:
    - environment: qa
    - environment: prod
      dependsOn: [qa]
""",
            [(("dev",), ("qa",), ("prod",))],
        ),
        (
            """
apiVersion: core.jenkins-x.io/v4beta1
kind: Requirements
spec:
  environments:
    - key: dev
    - key: staging
    - key: canary
      promotionStrategy: Never
    - key: production
      promotionStrategy: Manual
""",
            [(("staging",), ("production",))],
        ),
        (
            """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  strategy:
    type: RollingSync
    rollingSync:
      steps:
        - matchExpressions: [{key: env, operator: In, values: [dev]}]
        - matchExpressions: [{key: env, operator: In, values: [eu, us]}]
          maxUpdate: 0
""",
            [(("dev",), ("eu", "us"))],
        ),
        (
            """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  strategy:
    rollingSync:
      steps:
        - matchExpressions: [{key: env, operator: In, values: [dev]}]
        - matchExpressions: [{key: region, operator: In, values: [eu]}]
""",
            [],
        ),
        ("apiVersion: example.org/v1\nkind: Stage\n", []),
        ("- a list\n", []),
    ],
)
def test_declared_order(text: str, steps: list[tuple[tuple[str, ...], ...]]) -> None:
    assert found(text) == steps


def test_the_evidence_says_where() -> None:
    text = (
        "a: 1\n---\napiVersion: promoter.argoproj.io/v1alpha1\nkind: PromotionStrategy\nspec: {environments: [{branch: a}, {branch: b}]}\n"
    )
    (order,) = orders([reader.read(text.encode(), "x.yaml")])
    assert order.names == ("a", "b")
    assert (order.evidence.path, order.evidence.line, order.evidence.declared) == ("x.yaml", 3, True)
