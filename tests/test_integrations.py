"""The files for CI systems are valid, and their shell parts do what they say, with the variables that those systems set."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SHELLS = ["bash", "dash"] if shutil.which("dash") else ["bash"]


def load(name: str) -> Any:  # noqa: ANN401  YAML
    return list(yaml.safe_load_all((ROOT / name).read_text(encoding="utf-8")))[-1]


def tool(name: str) -> str:
    found = BIN / name
    path = str(found) if found.exists() else shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def validated(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_action_is_valid_and_safe() -> None:
    validated(tool("check-jsonschema"), "--builtin-schema", "vendor.github-actions", str(ROOT / "action.yml"))
    validated(tool("zizmor"), "--offline", "--quiet", str(ROOT / "action.yml"))


def test_workflow_is_valid_and_safe() -> None:
    workflow = str(ROOT / "contrib" / "github" / "gitops-lint.yml")
    validated(tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", workflow)
    validated(tool("zizmor"), "--offline", "--quiet", workflow)


def test_gitlab_component_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "templates" / "gitops-lint.yml").read_text(encoding="utf-8")
    header, body = text.split("\n---\n")
    inputs = yaml.safe_load(header)["spec"]["inputs"]
    used = {name.split("]]")[0].strip() for name in body.split("$[[ inputs.")[1:]}
    assert used == set(inputs)
    (tmp_path / "body.yml").write_text(body, encoding="utf-8")
    validated(tool("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci", str(tmp_path / "body.yml"))


def test_nothing_from_outside_is_pasted_into_a_script() -> None:
    scripts = [step["run"] for step in load("action.yml")["runs"]["steps"] if "run" in step]
    scripts += load("templates/gitops-lint.yml")["gitops-lint"]["script"]
    scripts.append(load("contrib/tekton/gitops-lint.yaml")["spec"]["steps"][0]["script"])
    scripts.append(load("contrib/argo-workflows/gitops-lint.yaml")["spec"]["templates"][0]["script"]["source"])
    for script in scripts:
        assert not any(mark in script for mark in ("${{", "$[[", "$(params", "{{"))


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def values(folder: Path, **environments: str) -> None:
    (folder / "shop").mkdir(exist_ok=True)
    for name, text in environments.items():
        (folder / "shop" / f"values-{name}.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "x")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository whose branch `change` adds a key to dev and qa only, on top of an old difference."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "config", "uploadpack.allowAnySHA1InWant", "true")
    old = "replicas: 1\nold:\n  key: 1\n"
    values(folder, dev=old, qa=old, prod="replicas: 3\nold: {}\n")
    git(folder, "switch", "--quiet", "-c", "change")
    new = old + "cache:\n  ttl: 60\n"
    values(folder, dev=new, qa=new, prod="replicas: 3\nold: {}\ncache: {}\n")
    return folder


def clone(origin: Path, folder: Path, branch: str) -> Path:
    command = ["git", "clone", "--quiet", "--depth", "1", "--branch", branch, origin.as_uri(), str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def run(shell: str, script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
        **variables,
    }
    return subprocess.run([shell, "-e", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("shell", SHELLS)
def test_gitlab_job_judges_the_change_in_a_shallow_clone(origin: Path, tmp_path: Path, shell: str) -> None:
    folder = clone(origin, tmp_path / "clone", "change")
    script = load("templates/gitops-lint.yml")["gitops-lint"]["script"][0]
    variables = {
        "GITOPS_LINT_INSTALL": "",
        "GITOPS_LINT_PATH": ".",
        "GITOPS_LINT_FAIL_ON": "error",
        "CI_PROJECT_DIR": str(folder),
        "CI": "true",
    }
    done = run(shell, script, folder, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(origin, "rev-parse", "main"), **variables)
    assert done.returncode == 1, done.stderr
    assert "cache.ttl" in done.stdout
    assert "old.key" not in done.stdout
    assert json.loads((folder / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert (folder / "gitops-lint-junit.xml").exists()
    assert (folder / "gitops-lint.html").exists()
    unknown = run(shell, script, folder, CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 39 + "1", **variables)
    assert unknown.returncode > 1
    everything = run(shell, script, folder, **variables)
    assert everything.returncode == 1
    assert "old.key" in everything.stdout


def test_github_action_finds_the_base_of_a_pull_request(origin: Path, tmp_path: Path) -> None:
    git(origin, "switch", "--quiet", "--detach", "main")
    git(origin, "merge", "--quiet", "--no-ff", "-m", "merge", "change")
    git(origin, "branch", "merged")
    folder = clone(origin, tmp_path / "clone", "merged")
    binaries = tmp_path / "gitops-lint" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "gitops-lint").symlink_to(BIN / "gitops-lint")
    script = next(step["run"] for step in load("action.yml")["runs"]["steps"] if step.get("id") == "check")
    files = {name: str(tmp_path / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    variables = {
        "RUNNER_TEMP": str(tmp_path),
        "LINT_PATH": ".",
        "FAIL_ON": "error",
        "BASE": "",
        "EVENT_BASE": "0" * 40,
        "CI": "true",
        **files,
    }
    done = run("bash", script, folder, GITHUB_ACTIONS="true", **variables)
    assert done.returncode == 1, done.stdout + done.stderr
    commands = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert commands
    assert all("cache" in line for line in commands)
    assert "cache.ttl" in Path(files["GITHUB_STEP_SUMMARY"]).read_text(encoding="utf-8")
    outputs = dict(line.split("=") for line in Path(files["GITHUB_OUTPUT"]).read_text(encoding="utf-8").split())
    assert json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert Path(outputs["html"]).exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_tekton_task_says_its_status(origin: Path, tmp_path: Path, shell: str) -> None:
    folder = clone(origin, tmp_path / "clone", "change")
    script = load("contrib/tekton/gitops-lint.yaml")["spec"]["steps"][0]["script"]
    variables = {"LINT_PATH": ".", "BASE": "", "FAIL_ON": "error", "REPORTS": str(tmp_path / "reports"), "STATUS": str(tmp_path / "status")}
    done = run(shell, script, folder, **variables)
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "status").read_text(encoding="utf-8") == "1"
    assert (tmp_path / "reports" / "report.sarif").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_argo_workflow_writes_its_page(origin: Path, tmp_path: Path, shell: str) -> None:
    folder = clone(origin, tmp_path / "clone", "change")
    script = load("contrib/argo-workflows/gitops-lint.yaml")["spec"]["templates"][0]["script"]["source"]
    done = run(shell, script.replace("/reports/", f"{tmp_path}/"), folder, BASE="", FAIL_ON="error")
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "report.html").exists()


def test_lefthook_jobs_run_whatever_is_staged() -> None:
    for hook in load("contrib/lefthook/gitops-lint.yml").values():
        for job in hook["jobs"]:
            assert job["run"].startswith("gitops-lint check")
            assert not {"glob", "files", "file_types"} & set(job)


def test_the_container_is_built_of_files_that_exist() -> None:
    lines = (ROOT / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert copied
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists(), name
    assert any(line.startswith("USER 65532") for line in lines)
