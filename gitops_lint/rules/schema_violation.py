"""An environment's values break the schema of their chart.

## Why

Helm refuses to install or render a chart whose values break its `values.schema.json`. It looks at the values of one environment, when that
is deployed; here all of them are looked at.

Schemas that the configuration names are applied to the effective values of the applications that they are for, whatever deploys those; the
schemas of unpacked sub-charts are applied to what stands below their names. Nothing is fetched: a schema that refers to another one
elsewhere, or that would take long, is said to be unchecked.

## Example

`Chart.yaml`:

```yaml
apiVersion: v2
name: shop
version: 1.0.0
```

`values.schema.json`:

```json
{"properties": {"replicas": {"type": "integer"}}}
```

`values-dev.yaml`:

```yaml
replicas: 1
```

`values-prod.yaml`:

```yaml
replicas: "3" # error: [schema-violation] "`replicas` has to be integer in prod, says `values.schema.json`"
```

## How to fix

Give the value the form that the chart asks for, or correct the chart's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gitops_lint import lacking
from gitops_lint.extract.deployed import Deployed
from gitops_lint.finding import Finding
from gitops_lint.keypath import KeyPath, dotted
from gitops_lint.model import Environment
from gitops_lint.node import Location, Map, Seq, Value, item_location, key_location
from gitops_lint.rule import rule
from gitops_lint.schema_check import SchemaError, Violation, violations
from gitops_lint.severity import Severity


@dataclass(frozen=True, slots=True)
class Schema:
    """A JSON schema, by its path in the repository, and the applications whose values it is for, as globs."""

    schema: str
    applications: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class Options:
    """`schemas` are applied beside the `values.schema.json` of charts."""

    schemas: tuple[Schema, ...] = ()


@rule(Deployed, category="layering", options=Options)
def check(chart: Deployed, _options: Options) -> Iterator[Finding]:
    """Yield a finding for each key that breaks a schema, naming the environments in which it does."""
    if chart.absent:
        where = chart.environments[0].evidence
        message = f"the schema `{chart.absent}`, which the configuration names, is not there, or is no schema"
        yield Finding(message, at=Location(where.path, where.line), severity=Severity.WARNING, subject=chart.absent)
    for below, schema in chart.schemas.items():
        found: dict[Violation, list[Environment]] = {}
        for environment in chart.environments:
            if environment.hazy:
                continue
            try:
                for violation in violations(schema, _at(environment.values, below)):
                    found.setdefault(violation, []).append(environment)
            except SchemaError as error:
                yield _unchecked(schema, error)
                break
        for violation, environments in found.items():
            yield _finding(schema, below, violation, environments)


def _at(values: Value, below: KeyPath) -> Value:
    for segment in below:
        values = values.get(segment, Map()) if isinstance(values, Map) else Map()
    return values


def _unchecked(schema: Map, error: SchemaError) -> Finding:
    message = f"the values cannot be checked against `{schema.path}`: {error}"
    return Finding(message, at=Location(schema.path), severity=Severity.WARNING, subject="unchecked")


def _finding(schema: Map, below: KeyPath, violation: Violation, environments: list[Environment]) -> Finding:
    names = tuple(dict.fromkeys(env.name for env in environments))
    extra = violation.names[:1] if violation.keyword == "additionalProperties" else ()
    at, path = _place(environments[0].values, (*below, *violation.path, *extra))
    return Finding(
        f"{_said(dotted(path), violation)} in {lacking.listed(names)}, says `{schema.path}`",
        at=at or (environments[0].own or environments[0].layers[-1]).location,
        key=path,
        application=environments[0].application,
        environments=names,
        subject=f"{violation.keyword} {' '.join(violation.names)}",
    )


def _said(key: str, violation: Violation) -> str:
    subject = f"`{key}`" if key else "the whole of the values"
    if violation.keyword == "type":
        return f"{subject} has to be {' or '.join(violation.names)}"
    if violation.keyword == "required":
        return f"{subject} has to have {lacking.listed(f'`{name}`' for name in violation.names)}"
    if violation.keyword == "additionalProperties":
        return f"{subject} is not known to the chart"
    return f"{subject} does not meet `{violation.keyword}`"


def _place(values: Value, steps: tuple[str | int, ...]) -> tuple[Location | None, KeyPath]:
    """Where the value at the end of some steps is written, and the key path to it."""
    at: Location | None = None
    path: KeyPath = ()
    for step in steps:
        if isinstance(values, Map) and isinstance(step, str) and step in values:
            at, values, path = key_location(values, step), values[step], (*path, step)
        elif isinstance(values, Seq) and isinstance(step, int) and step < len(values):
            at, values, path = item_location(values, step), values[step], (*path, f"[{step}]")
    return at, path
