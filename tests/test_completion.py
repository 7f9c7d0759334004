"""What shells offer for a word that is begun, asked of the shells themselves."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.trees.scratch import repository

BIN = Path(sys.executable).parent
FILES = {
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "charts/shop/values.yaml": "cache: {ttl: 1}\n",
    "charts/shop/values-dev.yaml": "cache: {ttl: 60}\nhost: a\n",
    "charts/shop/values-prod.yaml": "cache: {ttl: 60}\nhost: b\n",
    "charts/$(touch x)/Chart.yaml": "apiVersion: v2\nname: evil\nversion: 1.0.0\n",
    "charts/$(touch x)/values-dev.yaml": "a: 1\n",
    "charts/$(touch x)/values-prod.yaml": "a: 1\n",
}
CASES = [
    ("gitops-lint ex", ["explain"]),
    ("gitops-lint check --stat", ["--statistics"]),
    ("gitops-lint check --format js", ["json"]),
    ("gitops-lint check --fail-on w", ["warning"]),
    ("gitops-lint check --select misp", ["misplaced-key"]),
    ("gitops-lint check --ignore missing-key,immutabil", ["missing-key,immutability"]),
    ("gitops-lint explain missing-d", ["missing-digest"]),
    ("gitops-lint rules sec", ["secrets"]),
    ("gitops-lint show ", ["charts/shop"]),
    ("gitops-lint show charts/shop ", ["dev", "prod"]),
    ("gitops-lint show charts/shop dev ca", ["cache.ttl"]),
    ("gitops-lint diff charts/shop dev p", ["prod"]),
    ("gitops-lint matrix charts/s", ["charts/shop"]),
    ("gitops-lint chek --fo", []),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("completion") / "repo", FILES)


def shell(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def environment(root: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "_GITOPS_LINT"))}
    return {**clean, "PATH": f"{BIN}:{clean['PATH']}", "HOME": str(root.parent), "TERM": "dumb"}


def ran(root: Path, *words: str) -> list[str]:
    done = subprocess.run(words, cwd=root, env=environment(root), capture_output=True, text=True, check=True, timeout=60)
    assert not done.stderr
    return done.stdout.splitlines()


_ASKED = r"""
eval "$(_GITOPS_LINT_COMPLETE=bash_source gitops-lint)"
complete -p gitops-lint >/dev/null || exit 1
read -ra COMP_WORDS <<< "$1"
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_gitops_lint_completion gitops-lint
printf '%s\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize(("line", "offered"), CASES)
def test_bash(root: Path, line: str, offered: list[str]) -> None:
    assert ran(root, shell("bash"), "--norc", "-c", _ASKED, "bash", line) == (offered or [""])


@pytest.mark.parametrize(
    ("line", "offered"), [case for case in CASES if "," not in case[0]][::2]
)  # click's script for fish splits at commas
def test_fish(root: Path, line: str, offered: list[str]) -> None:
    script = "env _GITOPS_LINT_COMPLETE=fish_source gitops-lint | source; complete -C $argv[1]"
    assert [text.partition("\t")[0] for text in ran(root, shell("fish"), "--no-config", "-c", script, line)] == offered


def test_zsh(root: Path) -> None:
    """Typed into a terminal, since zsh completes nowhere else."""
    program = shell("zsh")
    ours, theirs = pty.openpty()
    with subprocess.Popen([program, "-f", "-i"], cwd=root, env=environment(root), stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        begin = 'autoload -U compinit; compinit -u; eval "$(_GITOPS_LINT_COMPLETE=zsh_source gitops-lint)"; print READY$((1+1))\n'
        os.write(ours, begin.encode())
        assert "READY2" in told(ours, "READY2")
        os.write(ours, b"gitops-lint explain missing-dig\t")
        assert "missing-digest" in told(ours, "missing-digest")
        os.write(ours, b"\x15gitops-lint show charts/shop pr\t")
        assert "shop prod" in told(ours, "shop prod")
        process.kill()
    os.close(ours)


def told(terminal: int, wanted: str) -> str:
    """What a terminal shows until it shows what is wanted, or for half a minute."""
    seen = ""
    end = time.monotonic() + 30
    while wanted not in seen and time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            seen += os.read(terminal, 4096).decode("utf-8", "replace")
    return seen


def test_a_hostile_name_is_offered_to_nobody(root: Path) -> None:
    known = ran(root, str(BIN / "gitops-lint"), "show")
    assert any("touch" in line for line in known)
    assert ran(root, shell("bash"), "--norc", "-c", _ASKED, "bash", "gitops-lint show charts/") == ["charts/shop"]


def test_outside_a_repository_nothing_is_offered_and_nothing_said(tmp_path: Path) -> None:
    assert ran(tmp_path, shell("bash"), "--norc", "-c", _ASKED, "bash", "gitops-lint show ") == [""]
    (tmp_path / ".gitops-lint.yaml").write_text("nonsense: [\n")
    assert ran(tmp_path, shell("bash"), "--norc", "-c", _ASKED, "bash", "gitops-lint show ") == [""]
