"""The fields that kustomize's transformers know of themselves.

Source: kustomize api/internal/konfig/builtinpluginconsts, v5.8.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from gitops_lint.merge.kustomize.fields import Field, Fields, Reference, rank, split

_POD = {  # where a kind has its pod
    "Pod": "spec",
    "PodTemplate": "template/spec",
    "Deployment": "spec/template/spec",
    "ReplicaSet": "spec/template/spec",
    "DaemonSet": "spec/template/spec",
    "StatefulSet": "spec/template/spec",
    "Job": "spec/template/spec",
    "CronJob": "spec/jobTemplate/spec/template/spec",
}
_NAMED_PODS = {kind: path for kind, path in _POD.items() if kind not in ("ReplicaSet", "PodTemplate")} | {
    "ReplicationController": "spec/template/spec"
}
_CONTAINERS = ("containers", "initContainers")


def _f(path: str, kind: str = "", group: str = "", version: str = "", *, create: bool = False) -> Field:
    return Field(split(path), kind, group, version, create)


def _metadata_labels() -> Iterator[Field]:
    yield _f("metadata/labels", create=True)
    for kind, group, version in (
        ("ReplicationController", "", "v1"),
        ("Deployment", "", ""),
        ("ReplicaSet", "", ""),
        ("DaemonSet", "", ""),
        ("StatefulSet", "apps", ""),
        ("Job", "batch", ""),
    ):
        yield _f("spec/template/metadata/labels", kind, group, version, create=True)
    yield _f("spec/volumeClaimTemplates[]/metadata/labels", "StatefulSet", "apps", create=True)
    yield _f("spec/jobTemplate/metadata/labels", "CronJob", "batch", create=True)
    yield _f("spec/jobTemplate/spec/template/metadata/labels", "CronJob", "batch", create=True)


def _selectors() -> Iterator[Field]:
    yield _f("spec/selector", "Service", version="v1", create=True)
    yield _f("spec/selector", "ReplicationController", version="v1", create=True)
    for kind, group in (("Deployment", ""), ("ReplicaSet", ""), ("DaemonSet", ""), ("StatefulSet", "apps")):
        yield _f("spec/selector/matchLabels", kind, group, create=True)
    for kind in ("Deployment", "StatefulSet"):
        for affinity in ("podAffinity", "podAntiAffinity"):
            base = f"spec/template/spec/affinity/{affinity}"
            yield _f(f"{base}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels", kind, "apps")
            yield _f(f"{base}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels", kind, "apps")
        yield _f("spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels", kind, "apps")
    yield _f("spec/selector/matchLabels", "Job", "batch")
    yield _f("spec/jobTemplate/spec/selector/matchLabels", "CronJob", "batch")
    yield _f("spec/selector/matchLabels", "PodDisruptionBudget", "policy")
    for path in ("podSelector", "ingress/from/podSelector", "egress/to/podSelector"):
        yield _f(f"spec/{path}/matchLabels", "NetworkPolicy", "networking.k8s.io")


def _annotations() -> Iterator[Field]:
    yield _f("metadata/annotations", create=True)
    for kind, group, version in (
        ("ReplicationController", "", "v1"),
        ("Deployment", "", ""),
        ("ReplicaSet", "", ""),
        ("DaemonSet", "", ""),
        ("StatefulSet", "", ""),
        ("Job", "batch", ""),
    ):
        yield _f("spec/template/metadata/annotations", kind, group, version, create=True)
    yield _f("spec/jobTemplate/metadata/annotations", "CronJob", "batch", create=True)
    yield _f("spec/jobTemplate/spec/template/metadata/annotations", "CronJob", "batch", create=True)


def _in_pods(pods: dict[str, str], *paths: str) -> Iterator[Field]:
    for kind, base in pods.items():
        for path in paths:
            yield _f(f"{base}/{path}", kind)


def _config_maps() -> Iterator[Field]:
    paths = [f"{box}/{path}" for box in _CONTAINERS for path in ("env/valueFrom/configMapKeyRef/name", "envFrom/configMapRef/name")]
    yield from _in_pods(_POD, "volumes/configMap/name", "volumes/projected/sources/configMap/name", *paths)
    yield _f("spec/configSource/configMap", "Node")
    yield _f("rules/resourceNames", "Role")
    yield _f("rules/resourceNames", "ClusterRole")
    yield _f(r"metadata/annotations/nginx.ingress.kubernetes.io\/fastcgi-params-configmap", "Ingress")


def _secrets() -> Iterator[Field]:
    paths = [f"{box}/{path}" for box in _CONTAINERS for path in ("env/valueFrom/secretKeyRef/name", "envFrom/secretRef/name")]
    yield from _in_pods(_POD, "volumes/secret/secretName", "volumes/projected/sources/secret/name", "imagePullSecrets/name", *paths)
    yield _f("spec/tls/secretName", "Ingress")
    for name in ("ingress.kubernetes.io", "nginx.ingress.kubernetes.io"):
        yield _f(rf"metadata/annotations/{name}\/auth-secret", "Ingress")
    yield _f(r"metadata/annotations/nginx.ingress.kubernetes.io\/auth-tls-secret", "Ingress")
    yield _f("imagePullSecrets/name", "ServiceAccount")
    for name in ("secretName", "adminSecretName", "userSecretName", "secretRef"):
        yield _f(f"parameters/{name}", "StorageClass")
    yield _f("rules/resourceNames", "Role")
    yield _f("rules/resourceNames", "ClusterRole")
    yield _f("spec/template/spec/containers/env/valueFrom/secretKeyRef/name", "Service", "serving.knative.dev", "v1")
    yield _f("spec/azureFile/secretName", "PersistentVolume")


def _services() -> Iterator[Field]:
    yield _f("spec/serviceName", "StatefulSet", "apps")
    for path in ("rules/http/paths/backend/serviceName", "backend/serviceName", "rules/http/paths/backend/service/name"):
        yield _f(f"spec/{path}", "Ingress")
    yield _f("spec/defaultBackend/service/name", "Ingress")
    yield _f("spec/service/name", "APIService", "apiregistration.k8s.io")
    for kind in ("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        yield _f("webhooks/clientConfig/service", kind, "admissionregistration.k8s.io")


def _references() -> Iterator[Reference]:
    rbac = "rbac.authorization.k8s.io"
    for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"):
        yield Reference(kind, (_f("spec/scaleTargetRef/name", "HorizontalPodAutoscaler"),))
    yield Reference("ConfigMap", tuple(_config_maps()), version="v1")
    yield Reference("Secret", tuple(_secrets()), version="v1")
    yield Reference("Service", tuple(_services()), version="v1")
    yield Reference("Role", (_f("roleRef/name", "RoleBinding", rbac),), rbac)
    yield Reference("ClusterRole", (_f("roleRef/name", "RoleBinding", rbac), _f("roleRef/name", "ClusterRoleBinding", rbac)), rbac)
    subjects = (_f("subjects", "RoleBinding", rbac), _f("subjects", "ClusterRoleBinding", rbac))
    yield Reference("ServiceAccount", (*subjects, *_in_pods(_NAMED_PODS, "serviceAccountName")), version="v1")
    yield Reference("PersistentVolumeClaim", tuple(_in_pods(_NAMED_PODS, "volumes/persistentVolumeClaim/claimName")), version="v1")
    volume = (_f("spec/volumeName", "PersistentVolumeClaim"), _f("rules/resourceNames", "ClusterRole"))
    yield Reference("PersistentVolume", volume, version="v1")
    classes = [_f("spec/storageClassName", kind) for kind in ("PersistentVolume", "PersistentVolumeClaim")]
    claims = _f("spec/volumeClaimTemplates/spec/storageClassName", "StatefulSet")
    yield Reference("StorageClass", (*classes, claims), "storage.k8s.io", "v1")
    yield Reference("PriorityClass", tuple(_in_pods(_NAMED_PODS, "priorityClassName")), "scheduling.k8s.io", "v1")
    policy = "admissionregistration.k8s.io"
    yield Reference("ValidatingAdmissionPolicy", (_f("spec/policyName", "ValidatingAdmissionPolicyBinding", policy),), policy)


def _variables() -> Iterator[Field]:
    pods = {kind: path for kind, path in _POD.items() if kind != "PodTemplate"}
    paths = [f"{box}/{path}" for box in _CONTAINERS for path in ("args", "command", "env/value", "volumeMounts/mountPath")]
    yield from _in_pods(pods, *paths)
    yield from _in_pods({kind: path for kind, path in pods.items() if kind not in ("CronJob", "StatefulSet")}, "volumes/nfs/server")
    yield _f("spec/jobTemplate/spec/template/volumes/nfs/server", "CronJob")
    yield _f("spec/template/metadata/annotations", "Deployment")
    for path in ("rules/host", "tls/hosts", "tls/secretName"):
        yield _f(f"spec/{path}", "Ingress")
    yield _f("spec/ports/port", "Service")
    yield _f("spec/ports/targetPort", "Service")
    yield _f("spec/volumeClaimTemplates/spec/nfs/server", "StatefulSet")
    yield _f("spec/nfs/server", "PersistentVolume")
    yield _f("metadata/labels")
    yield _f("metadata/annotations")


@cache
def builtin() -> Fields:
    """Kustomize's own tables."""
    images = ("containers[]/image", "initContainers[]/image", "volumes[]/image/reference")
    labels = tuple(_metadata_labels())
    return Fields(
        namePrefix=(_f("metadata/name"),),
        nameSuffix=(_f("metadata/name"),),
        namespace=(
            _f("metadata/name", "Namespace", create=True),
            _f("spec/service/namespace", "APIService", "apiregistration.k8s.io", create=True),
            _f("spec/conversion/webhook/clientConfig/service/namespace", "CustomResourceDefinition", "apiextensions.k8s.io"),
        ),
        commonLabels=(*_selectors(), *labels),
        templateLabels=labels,
        commonAnnotations=tuple(_annotations()),
        varReference=tuple(_variables()),
        images=tuple(_f(f"{base}/{path}", create=True) for base in ("spec", "spec/template/spec") for path in images),
        replicas=tuple(
            _f("spec/replicas", kind, create=True) for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")
        ),
        nameReference=tuple(sorted(_references(), key=rank)),
    )
