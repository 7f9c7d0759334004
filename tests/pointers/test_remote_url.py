from __future__ import annotations

import pytest

from gitops_lint.pointer import Motion
from gitops_lint.pointers.remote_url import normal, parse

SHA = "d473880110e912553b46d0071bccec8470f5f747"
RAW = "raw.githubusercontent.com"
DIGEST = "sha256:" + "f" * 64


@pytest.mark.parametrize(
    ("url", "name", "revision", "motion"),
    [
        # kustomize api/internal/git/repospec_test.go, v5.8.1: the forms of a repository
        ("https://github.com/org/repo", "github.com/org/repo", "", Motion.MOVING),
        ("https://github.com/org/repo//path?ref=v1", "github.com/org/repo//path", "v1", Motion.VERSION),
        ("https://github.com/org/repo.git//path?version=v1.0.0", "github.com/org/repo//path", "v1.0.0", Motion.VERSION),
        ("https://github.com/org/repo?ref=main&version=v1", "github.com/org/repo", "main", Motion.MOVING),
        ("https://github.com/org/repo?submodules=false&timeout=30s", "github.com/org/repo", "", Motion.MOVING),
        (f"github.com/org/repo/path?ref={SHA}", "github.com/org/repo/path", SHA, Motion.COMMIT),
        ("github.com/org/plugin/overlays/install", "github.com/org/plugin/overlays/install", "", Motion.MOVING),
        ("git@github.com:org/repo.git//path?ref=develop", "github.com:org/repo//path", "develop", Motion.MOVING),
        ("git@gitlab2.sqtools.ru:infra/kubernetes.git", "gitlab2.sqtools.ru:infra/kubernetes", "", Motion.MOVING),
        ("ssh://git@ssh.github.com:443/org/repo?ref=v1.2.3", "ssh.github.com:443/org/repo", "v1.2.3", Motion.VERSION),
        ("git::https://git.acme.example/org/repo.git/dir?ref=staging", "git.acme.example/org/repo.git/dir", "staging", Motion.MOVING),
        ("https://dev.azure.com/org/project/_git/repo/path?version=v1.2.3",
         "dev.azure.com/org/project/_git/repo/path", "v1.2.3", Motion.VERSION),
        ("git+https://github.com/org/repo@charts?ref=v1.0.0", "github.com/org/repo@charts", "v1.0.0", Motion.VERSION),
        # single files and archives
        (f"https://{RAW}/org/repo/main/f.yaml", f"{RAW}/org/repo", "main", Motion.MOVING),
        (f"https://{RAW}/org/repo/refs/heads/master/f.yaml", f"{RAW}/org/repo", "refs/heads/master", Motion.MOVING),
        (f"https://{RAW}/org/repo/refs/tags/v1/f.yaml", f"{RAW}/org/repo", "refs/tags/v1", Motion.VERSION),
        (f"https://{RAW}/argoproj/argo-cd/stable/manifests/install.yaml", f"{RAW}/argoproj/argo-cd", "stable", Motion.MOVING),
        (f"https://{RAW}/org/repo/{SHA}/f.yaml", f"{RAW}/org/repo", SHA, Motion.COMMIT),
        (f"https://{RAW}/org/repo/v2.1.0/f.yaml", f"{RAW}/org/repo", "v2.1.0", Motion.VERSION),
        ("https://github.com/org/repo/raw/main/f.json", "github.com/org/repo", "main", Motion.MOVING),
        ("https://github.com/org/repo/releases/download/v1.11.0/install.yaml?timeout=90", "github.com/org/repo", "v1.11.0", Motion.VERSION),
        ("https://github.com/org/repo/releases/latest/download/install.yaml", "github.com/org/repo", "latest", Motion.MOVING),
        ("https://github.com/org/repo/archive/refs/tags/v1.2.3.tar.gz", "github.com/org/repo", "refs/tags/v1.2.3", Motion.VERSION),
        ("https://github.com/org/repo/archive/main.zip", "github.com/org/repo", "main", Motion.MOVING),
        (f"https://gist.githubusercontent.com/u/0aa25/raw/{SHA}/k.yaml", "gist.githubusercontent.com/u/0aa25", SHA, Motion.COMMIT),
        ("https://gist.githubusercontent.com/u/0aa25/raw/k.yaml", "gist.githubusercontent.com/u/0aa25", "", Motion.MOVING),
        ("https://gitlab.com/group/sub/proj/-/raw/v1.0.0/f.yaml", "gitlab.com/group/sub/proj", "v1.0.0", Motion.VERSION),
        ("https://gitlab.com/group/proj/-/archive/main/proj.tar.gz", "gitlab.com/group/proj", "main", Motion.MOVING),
        ("https://bitbucket.org/org/repo/raw/master/f.yaml", "bitbucket.org/org/repo", "master", Motion.MOVING),
        ("https://cdn.jsdelivr.net/gh/org/repo@1.2.3/f.yaml", "cdn.jsdelivr.net/gh/org/repo", "1.2.3", Motion.VERSION),
        ("https://infra.tekton.dev/tekton-releases/operator/previous/v0.79.0/release.yaml",
         "infra.tekton.dev/tekton-releases/operator/previous/v0.79.0/release.yaml", "v0.79.0", Motion.VERSION),
        ("https://storage.example/tekton/latest/release.yaml", "storage.example/tekton/latest/release.yaml", "", Motion.MOVING),
        # artifacts
        ("oci://ghcr.io/org/manifests:1.2.3", "oci://ghcr.io/org/manifests", "1.2.3", Motion.VERSION),
        ("oci://ghcr.io/org/manifests:latest", "oci://ghcr.io/org/manifests", "latest", Motion.MOVING),
        ("oci://ghcr.io/org/manifests", "oci://ghcr.io/org/manifests", "", Motion.MOVING),
        (f"oci://localhost:5000/org/manifests@{DIGEST}", "oci://localhost:5000/org/manifests", DIGEST, Motion.DIGEST),
        # filled in by somebody else
        ("https://github.com/org/repo?ref=${REF}", "github.com/org/repo", "${REF}", Motion.UNKNOWN),
        ("https://github.com/org/${REPO}/x", "github.com/org/${REPO}/x", "", Motion.UNKNOWN),
    ],
)  # fmt: skip
def test_parse(url: str, name: str, revision: str, motion: Motion) -> None:
    found = parse(url)
    assert found is not None
    assert found[:3] == (name, revision, motion), found.reason


@pytest.mark.parametrize(
    "path", ["../base", "./x.yaml", "deployment.yaml", "/etc/x", "file:///srv/repo", "charts/shop", "github.community/x"]
)
def test_local_paths(path: str) -> None:
    assert parse(path) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/Acme/Shop.git",
        "git@github.com:acme/shop",
        "ssh://git@github.com/acme/shop.git",
        "https://user@github.com/acme/shop/",
    ],
)
def test_normal(url: str) -> None:
    assert normal(url) == "github.com/acme/shop"
