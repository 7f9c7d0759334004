"""What a key is about: environment variables, secrets, scaling, … The category decides how much a difference between environments means.

The shares behind it were measured on the histories of public repositories: differences in scaling, resources, schedules, alerts and
annotations are almost always meant, forgotten keys are mostly environment variables, secrets and identities.
"""

from __future__ import annotations

import re
from functools import cache

from gitops_lint.keypath import KeyPath, of_kustomization
from gitops_lint.regex import regex

TUNING = frozenset({"scaling", "resources", "schedule", "alerts", "metadata"})
USER_NAMED = frozenset({"env-var", "secret", "identity", "allowlist"})

_SEGMENTS = (
    ("env-var", r"(extra)?env|envs|env(ironment)?_?(config|vars?|variables)|extraenvvars?|environment|envfrom|config(map)?s?|literals"),
    ("secret", r".*secrets?|(env_?)?secrets?(data|env|config|refs?)?|encrypteddata|stringdata|.*secretkeyref"),
    ("scaling", r".*replicas?|replica_?count|autoscal(e|ing|er)|hpa|poddisruptionbudget|pdb|keda"),
    ("resources", r"resources?|limits|requests|tolerations|node_?selector|affinity|priority_?class.*|topologyspread.*|memory.*|cpu.*"),
    ("schedule", r".*schedules?|.*cron.*|scheduled_?downtime|suspend|startup|shutdown|sync_?policy"),
    ("alerts", r".*alert.*|.*prometheus.*|monitoring|businesshoursonly|dashboards?|(service|pod)monitor|metrics|observability"),
    ("metadata", r"(pod|common|match)?_?(annotations?|labels)|(pod_?|label_?)?selector|metadata"),
    ("identity", r"service_?accounts?(_?name)?|irsa|.*role_?arn|(workload_?)?identity|iam.*"),
    ("allowlist", r".*allow_?lists?|white_?lists?|ip_?allow.*"),
    ("ingress", r"ingress(es)?|hosts?|tls|routes?|gateway|domain.*|host_?name.*"),
    ("image", r".*images?|(image_?)?tag|version|repository|digest"),
    ("storage", r"persistence|volumes?|volume_?mounts?|storage.*|pvc|.*bucket.*"),
)
_PATTERNS = tuple((name, regex(pattern)) for name, pattern in _SEGMENTS)
_LAST_WINS = ("scaling", "resources", "schedule", "alerts", "metadata", "secret", "identity", "allowlist", "env-var")
_OBJECTS = {
    "ConfigMap": "env-var",
    "ExternalSecret": "secret",
    "HorizontalPodAutoscaler": "scaling",
    "PodDisruptionBudget": "scaling",
    "PodMonitor": "alerts",
    "PrometheusRule": "alerts",
    "ScaledObject": "scaling",
    "SealedSecret": "secret",
    "Secret": "secret",
    "ServiceAccount": "identity",
    "ServiceMonitor": "alerts",
}
_FIELDS = {  # of a kustomization whose entries are no resources, but settings and how things are sized and marked
    **dict.fromkeys(("vars", "configMapGenerator", "secretGenerator"), "env-var"),
    **dict.fromkeys(("labels", "commonLabels", "commonAnnotations", "buildMetadata", "generatorOptions"), "metadata"),
    "replicas": "scaling",
}
_TRIAL = regex(
    r"(?:^|[-_./\[])(?:debug|swagger(?:[-_]?ui)?|open_?api|api[-_]?docs|log(?:ging|s)?[-_]?level|logging|show[-_]?sql|mail(?:dev|hog|pit|catcher)"
    r"|mock(?:s|ed)?|fakes?|stubs?|seed(?:s|er|ing)?|localstack|tests?)(?=$|[-_.:\]])",
    re.IGNORECASE,
)
_SHOUTED = regex(r"[A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+|[A-Z]{2}[A-Z0-9]*")


@cache
def of_segment(segment: str) -> str:
    """The category of one segment by itself, `other` if it says nothing."""
    word = segment.strip("[]").lower()
    return next((name for name, pattern in _PATTERNS if pattern.fullmatch(word)), "other")


def category(path: KeyPath) -> str:
    """The category of a key path; `other` where nothing tells."""
    if not path:
        return "other"
    subject = path[0].partition("/")[0] if path[0].endswith(":") else ""
    inside = path[1:] if subject else path
    if of_kustomization(path[0]):
        return _FIELDS.get(inside[0], "resource-list") if inside else "resource-list"
    found = [of_segment(segment) for segment in inside]
    for name in _LAST_WINS:
        if name in found:
            return "env-var" if name == "secret" and found[-1] == "env-var" else name
    named = _OBJECTS.get(subject.rstrip(":"))
    if named and (len(inside) == 0 or inside[0] in ("data", "stringData", "spec", "binaryData") or named != "env-var"):
        return named
    if inside and _SHOUTED.fullmatch(inside[-1].strip("[]")):
        return "env-var"
    return next((name for name in reversed(found) if name != "other"), "other")


def is_trial(path: KeyPath) -> bool:
    """Whether a key says that it is for trying things out and looking closely: `debug`, `LOG_LEVEL`, `swagger`, a mail catcher."""
    return any(_TRIAL.search(segment) for segment in path[-2:])


def is_user_named(path: KeyPath) -> bool:
    """Whether the last key stands in a map whose keys people choose: environment variables, secret mappings, identities, allow lists."""
    if len(path) < 2:  # noqa: PLR2004  a parent and a key
        return bool(path) and _SHOUTED.fullmatch(path[-1]) is not None
    return category(path[:-1]) in USER_NAMED or (category(path) in USER_NAMED and _SHOUTED.fullmatch(path[-1].strip("[]")) is not None)
