"""Kustomize, evaluated: what `kustomize build` would print of an overlay, each key with the place that set it."""

from __future__ import annotations

from gitops_lint.merge.kustomize.evaluating import evaluate
from gitops_lint.merge.kustomize.reaching import References, reach, references

__all__ = ["References", "evaluate", "reach", "references"]
