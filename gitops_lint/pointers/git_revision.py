"""Git revisions as Argo CD and Flux resolve them.

Sources: argo-cd util/git/client.go (`lsRemote`) and util/versions/tags.go, 3.6.0-dev; Flux source-controller api/v1/gitrepository_types.go.
A tag can be moved and should not be, a branch is made to move. A bare name may be either; what looks like a version is taken for a tag.
"""

from __future__ import annotations

import re

from gitops_lint.pointer import Motion
from gitops_lint.pointers.placeholder import to_do
from gitops_lint.pointers.version_range import constraint, loose_version
from gitops_lint.regex import regex

_LONGEST = 255
_TIP = "the tip of a branch"

# The first that the whole revision fits decides.
_FORMS = tuple(
    (regex(pattern, re.IGNORECASE), motion, reason)
    for pattern, motion, reason in (
        (r"HEAD|", Motion.MOVING, "the tip of the default branch"),
        (r"[0-9a-f]{40}|[0-9a-f]{64}", Motion.COMMIT, "a commit"),
        (r"refs/tags/.+", Motion.VERSION, "a tag"),
        (
            r"(?:refs/heads/)?(?:env|environment|environments|stage|rendered|hydrated)/.+",
            Motion.UNKNOWN,
            "a branch of rendered manifests, which a tool writes",
        ),
        (r"refs/heads/.+|release[-_/]v?\d+(?:\.\d+)?", Motion.MOVING, _TIP),
        (r"(?=[0-9a-f]*[0-9])[0-9a-f]{7,39}", Motion.COMMIT, "a shortened commit"),
        (r"(?:[a-z][\w.-]*[-_/@])?v?\d+(?:\.\d+)+(?:[-+._]\w[\w.+-]*)?|v\d+", Motion.VERSION, "a tag"),
        (r"(?:[\w.-]+-)?\d{4}[-.]?\d\d[-.]?\d\d(?:[-.T]?\d+)*", Motion.VERSION, "a tag"),
    )
)


def judge(text: str) -> tuple[Motion, str]:
    """Whether a git revision moves, and why; the empty one is the tip of the default branch."""
    if len(text) > _LONGEST:
        return Motion.UNKNOWN, "too long to be a revision"
    if to_do(text):
        return Motion.UNKNOWN, "a placeholder"
    for form, motion, reason in _FORMS:
        if form.fullmatch(text):
            return motion, reason
    if loose_version(text):
        return Motion.VERSION, "a tag"
    if constraint(text):
        return Motion.MOVING, "a range, which selects the newest tag that fits"
    return Motion.MOVING, _TIP
