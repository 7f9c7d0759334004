"""A kustomization that the deploying tool edits before it builds: the tree as it is then, with all still known that stays the same."""

from __future__ import annotations

from dataclasses import replace

from gitops_lint.merge.kustomize.kustomization import Kustomization
from gitops_lint.merge.kustomize.site import Site
from gitops_lint.merge.kustomize.work import Gathered, Memo


def amended(site: Site, memo: Memo, made: Kustomization) -> tuple[Site, Memo]:
    """The site with `made` in place of its folder's kustomization, and what was built without that folder."""
    kept: Memo = {path: done for path, done in memo.items() if isinstance(done, Gathered) and made.folder not in done.roots}
    # inline patches are known by their place, and what stands there depends on the variables of whoever builds it
    return replace(site, kustomizations={**site.kustomizations, made.folder: made}, patches=dict(site.patches)), kept
