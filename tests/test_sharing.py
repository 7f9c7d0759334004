from __future__ import annotations

from collections.abc import Callable

import pytest

from gitops_lint import engine, gate
from gitops_lint.cli.opening import files
from gitops_lint.files import Files
from gitops_lint.remembered import Piece, Remembered, Since
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree
from gitops_lint.watched import Watched

KUSTOMIZATION = "resources: [../../base]\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1}\n"
TREE = {
    "web/base/kustomization.yaml": "resources: [deployment.yaml]\n",
    "web/base/deployment.yaml": DEPLOYMENT,
    "web/overlays/dev/kustomization.yaml": KUSTOMIZATION,
    "web/overlays/prod/kustomization.yaml": KUSTOMIZATION,
    "shop/values.yaml": "common: 1\n",
    "shop/values-dev.yaml": "a: 1\nb: 1\n",
    "shop/values-prod.yaml": "a: 1\n",
}
SETTINGS = Settings()


def opened(tree: dict[str, str]) -> Files:
    return files(MemoryTree(tree), SETTINGS)


def shared(base: dict[str, str], head: dict[str, str]) -> set[str]:
    """The applications that are one and the same object in both states."""
    after = engine.survey(opened(head), SETTINGS)
    before = engine.survey(opened(base), SETTINGS, after.remembered)
    return {app.name for app in before.repository.applications if app in after.repository.applications}


def test_all_is_shared_where_nothing_differs() -> None:
    assert shared(TREE, TREE) == {"web", "shop"}


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"web/base/deployment.yaml": DEPLOYMENT + "# later\n"}, {"shop"}),
        ({"web/overlays/dev/kustomization.yaml": KUSTOMIZATION + "namePrefix: a-\n"}, {"shop"}),
        ({"shop/values.yaml": "common: 2\n"}, {"web"}),
        ({"shop/values-dev.yaml": "a: 1\n"}, {"web"}),
        ({"shop/values-qa.yaml": "a: 1\n"}, {"web"}),
        ({"web/overlays/qa/kustomization.yaml": KUSTOMIZATION}, {"shop"}),
        ({"unrelated.txt": "1\n"}, {"web", "shop"}),
    ],
)
def test_only_what_looked_at_nothing_else_is_shared(change: dict[str, str], kept: set[str]) -> None:
    assert shared(TREE, TREE | change) == kept


def test_sharing_changes_no_verdict() -> None:
    head = TREE | {"shop/values-dev.yaml": "a: 1\nb: 1\nc: 1\n"}
    before, after = (engine.survey(opened(tree), SETTINGS) for tree in (TREE, head))
    apart = gate.weigh(before, after, SETTINGS)
    assert gate.judge(opened(TREE), opened(head), SETTINGS).findings == apart.findings


@pytest.mark.parametrize(
    ("look", "change", "same"),
    [
        (lambda view: view.document("shop/values.yaml"), {"shop/values.yaml": "common: 2\n"}, False),
        (lambda view: view.document("shop/values.yaml"), {"shop/values-dev.yaml": "a: 2\n"}, True),
        (lambda view: view.tree.read("shop/values.yaml"), {"shop/values.yaml": "common: 2\n"}, False),
        (lambda view: "shop/absent.yaml" in view, {"shop/absent.yaml": "a: 1\n"}, False),
        (lambda view: view.under("web/overlays"), {"web/overlays/qa/kustomization.yaml": "a: 1\n"}, False),
        (lambda view: view.under("web/overlays"), {"web/overlays/dev/kustomization.yaml": "a: 1\n"}, True),
        (lambda view: view.names, {"unrelated.txt": "1\n"}, False),
        (lambda view: list(view.folders), {"unrelated.txt": "1\n"}, False),
        (lambda view: len(view.folders), {"unrelated.txt": "1\n"}, False),
        (lambda view: view.names, {}, True),
        (lambda view: view.folders.get("shop"), {"shop/values-qa.yaml": "a: 1\n"}, False),
        (lambda view: view.folders.get("shop"), {"shop/values-dev.yaml": "a: 2\n", "shop/deep/values.yaml": "a: 2\n"}, True),
        (lambda view: view.folders.get("other"), {"other/values.yaml": "a: 2\n"}, False),
        (lambda view: view.tree.names(), {"unrelated.txt": "1\n"}, False),
        (lambda view: view.kinds("web/base/deployment.yaml"), {"web/base/deployment.yaml": "kind: Pod\n"}, False),
    ],
)
def test_an_account_is_of_everything_that_was_looked_at(look: Callable[[Watched], object], change: dict[str, str], *, same: bool) -> None:
    files = opened(TREE)
    view = Watched(files)
    look(view)
    past = Remembered(tree=files)
    past.pieces["looked"] = Piece(view.account(), None)
    assert (Since(opened(TREE | change), past).held("looked") is not None) is same
