"""Which lists of the built-in Kubernetes types merge by key, and which types have no namespace.

The facts are the `x-kubernetes-patch-strategy`, `-patch-merge-key` and `-list-map-keys` of the OpenAPI document (Kubernetes 1.21) that
kustomize 5.8 is built with. A type that is not here is a custom one: its lists replace each other.
"""

from __future__ import annotations

from typing import NamedTuple


class Listing(NamedTuple):
    """A list that merges: the fields that identify an item (none for a list of scalars), and the type of its items."""

    keys: tuple[str, ...]
    item: str = ""


# type -> field -> the field's type, or how its list merges; only what leads to a merging list is here
TYPES: dict[str, dict[str, str | Listing]] = {
    "": {},
    "ObjectMeta": {"finalizers": Listing(()), "ownerReferences": Listing(("uid",))},
    "Object": {"metadata": "ObjectMeta"},
    "Container": {
        "env": Listing(("name",)),
        "ports": Listing(("containerPort", "protocol")),
        "volumeDevices": Listing(("devicePath",)),
        "volumeMounts": Listing(("mountPath",)),
    },
    "EphemeralContainer": {
        "env": Listing(("name",)),
        "volumeDevices": Listing(("devicePath",)),
        "volumeMounts": Listing(("mountPath",)),
    },
    "PodSpec": {
        "containers": Listing(("name",), "Container"),
        "initContainers": Listing(("name",), "Container"),
        "ephemeralContainers": Listing(("name",), "EphemeralContainer"),
        "hostAliases": Listing(("ip",)),
        "imagePullSecrets": Listing(("name",)),
        "topologySpreadConstraints": Listing(("topologyKey", "whenUnsatisfiable")),
        "volumes": Listing(("name",), "Volume"),
    },
    "Volume": {"ephemeral": "EphemeralVolumeSource"},
    "EphemeralVolumeSource": {"volumeClaimTemplate": "Object"},
    "PodTemplateSpec": {"metadata": "ObjectMeta", "spec": "PodSpec"},
    "Conditions": {"conditions": Listing(("type",))},
    "Pod": {"metadata": "ObjectMeta", "spec": "PodSpec", "status": "PodStatus"},
    "PodStatus": {"conditions": Listing(("type",)), "podIPs": Listing(("ip",))},
    "PodTemplate": {"metadata": "ObjectMeta", "template": "PodTemplateSpec"},
    "WorkloadSpec": {"template": "PodTemplateSpec"},
    "Workload": {"metadata": "ObjectMeta", "spec": "WorkloadSpec", "status": "Conditions"},
    "JobTemplateSpec": {"metadata": "ObjectMeta", "spec": "WorkloadSpec"},
    "CronJobSpec": {"jobTemplate": "JobTemplateSpec"},
    "CronJob": {"metadata": "ObjectMeta", "spec": "CronJobSpec"},
    "ServiceSpec": {"ports": Listing(("port", "protocol"))},
    "Service": {"metadata": "ObjectMeta", "spec": "ServiceSpec", "status": "Conditions"},
    "ServiceAccount": {"metadata": "ObjectMeta", "secrets": Listing(("name",))},
    "NodeSpec": {"podCIDRs": Listing(())},
    "NodeStatus": {"addresses": Listing(("type",)), "conditions": Listing(("type",))},
    "Node": {"metadata": "ObjectMeta", "spec": "NodeSpec", "status": "NodeStatus"},
    "WithConditions": {"metadata": "ObjectMeta", "status": "Conditions"},
    "ComponentStatus": {"metadata": "ObjectMeta", "conditions": Listing(("type",))},
    "Webhooks": {"metadata": "ObjectMeta", "webhooks": Listing(("name",))},
    "CSINodeSpec": {"drivers": Listing(("name",))},
    "CSINode": {"metadata": "ObjectMeta", "spec": "CSINodeSpec"},
}

_SPECIAL = {
    "Pod": "Pod",
    "PodTemplate": "PodTemplate",
    "ReplicationController": "Workload",
    "Deployment": "Workload",
    "DaemonSet": "Workload",
    "ReplicaSet": "Workload",
    "StatefulSet": "Workload",
    "Job": "Workload",
    "CronJob": "CronJob",
    "Service": "Service",
    "ServiceAccount": "ServiceAccount",
    "Node": "Node",
    "Namespace": "WithConditions",
    "PersistentVolumeClaim": "WithConditions",
    "PodDisruptionBudget": "WithConditions",
    "APIService": "WithConditions",
    "ComponentStatus": "ComponentStatus",
    "MutatingWebhookConfiguration": "Webhooks",
    "ValidatingWebhookConfiguration": "Webhooks",
    "CSINode": "CSINode",
}

# apiVersion -> (kinds in a namespace, kinds without one)
_KINDS = {
    "v1": (
        (
            "Binding ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret"
            " Service ServiceAccount"
        ),
        "ComponentStatus Namespace Node PersistentVolume",
    ),
    "admissionregistration.k8s.io/v1": ("", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
    "admissionregistration.k8s.io/v1beta1": ("", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"),
    "apiextensions.k8s.io/v1": ("", "CustomResourceDefinition"),
    "apiextensions.k8s.io/v1beta1": ("", "CustomResourceDefinition"),
    "apiregistration.k8s.io/v1": ("", "APIService"),
    "apiregistration.k8s.io/v1beta1": ("", "APIService"),
    "apps/v1": ("ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""),
    "authentication.k8s.io/v1": ("TokenRequest TokenReview", ""),
    "authentication.k8s.io/v1beta1": ("TokenReview", ""),
    "authorization.k8s.io/v1": ("LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview", ""),
    "authorization.k8s.io/v1beta1": ("LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview", ""),
    "autoscaling/v1": ("HorizontalPodAutoscaler Scale", ""),
    "autoscaling/v2beta1": ("HorizontalPodAutoscaler", ""),
    "autoscaling/v2beta2": ("HorizontalPodAutoscaler", ""),
    "batch/v1": ("CronJob Job", ""),
    "batch/v1beta1": ("CronJob", ""),
    "certificates.k8s.io/v1": ("", "CertificateSigningRequest"),
    "certificates.k8s.io/v1beta1": ("", "CertificateSigningRequest"),
    "coordination.k8s.io/v1": ("Lease", ""),
    "coordination.k8s.io/v1beta1": ("Lease", ""),
    "discovery.k8s.io/v1": ("EndpointSlice", ""),
    "discovery.k8s.io/v1beta1": ("EndpointSlice", ""),
    "events.k8s.io/v1": ("Event", ""),
    "events.k8s.io/v1beta1": ("Event", ""),
    "extensions/v1beta1": ("Ingress", ""),
    "flowcontrol.apiserver.k8s.io/v1beta1": ("", "FlowSchema PriorityLevelConfiguration"),
    "networking.k8s.io/v1": ("Ingress NetworkPolicy", "IngressClass"),
    "networking.k8s.io/v1beta1": ("Ingress", "IngressClass"),
    "node.k8s.io/v1": ("", "RuntimeClass"),
    "node.k8s.io/v1beta1": ("", "RuntimeClass"),
    "policy/v1": ("PodDisruptionBudget", ""),
    "policy/v1beta1": ("PodDisruptionBudget", "PodSecurityPolicy"),
    "rbac.authorization.k8s.io/v1": ("Role RoleBinding", "ClusterRole ClusterRoleBinding"),
    "rbac.authorization.k8s.io/v1beta1": ("Role RoleBinding", "ClusterRole ClusterRoleBinding"),
    "scheduling.k8s.io/v1": ("", "PriorityClass"),
    "scheduling.k8s.io/v1beta1": ("", "PriorityClass"),
    "storage.k8s.io/v1": ("", "CSIDriver CSINode StorageClass VolumeAttachment"),
    "storage.k8s.io/v1beta1": ("CSIStorageCapacity", "CSIDriver CSINode StorageClass VolumeAttachment"),
}

ROOTS = {(version, kind): _SPECIAL.get(kind, "Object") for version, scopes in _KINDS.items() for scope in scopes for kind in scope.split()}
CLUSTER_SCOPED = frozenset((version, kind) for version, (_, kinds) in _KINDS.items() for kind in kinds.split())


def type_of(api_version: str, kind: str) -> str | None:
    """The type at the root of such an object, None for one that is not built in."""
    return ROOTS.get((api_version, kind))
