"""Every overlay of the corpus, and every case of ours, built by kustomize itself: the same objects, or our word that we cannot tell."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from gitops_lint.files import Files
from gitops_lint.merge.kustomize.kustomization import NAMES
from gitops_lint.merge.kustomize.reaching import reach, references
from gitops_lint.merge.kustomize.site import Site
from gitops_lint.node import Map
from gitops_lint.reader.document import read_unmasked
from gitops_lint.trees.memory import MemoryTree
from tests.merge.kustomize.cases import Case, Key, built, cases, objects

pytestmark = pytest.mark.oracle

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOWHERE = {"http_proxy": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1", "GIT_ALLOW_PROTOCOL": "none"}
SECONDS = 20
SHARE = 0.99


class Outcome(NamedTuple):
    """`equal`, `hazy`, `refused` by both, or what is wrong: `accepted` by us alone, `different`."""

    folder: str
    verdict: str
    detail: str = ""


def kustomize() -> str:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if not folder:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    return str(Path(folder) / "kustomize")


def run(program: str, folder: Path, *, restricted: bool = True) -> bytes | None:
    """What kustomize prints, None if it refuses."""
    restrictions = "LoadRestrictionsRootOnly" if restricted else "LoadRestrictionsNone"
    command = [program, "build", "--load-restrictor", restrictions, str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, env={**os.environ, **NOWHERE}, check=False)
    return done.stdout if done.returncode == 0 else None


def judge(folder: str, printed: bytes | None, ours: dict[Key, Map], faults: list[str]) -> Outcome:
    if printed is None:
        return Outcome(folder, "refused" if faults else "accepted")
    if faults:
        return Outcome(folder, "hazy", faults[0])
    theirs = objects(printed, read_unmasked)
    wrong = [str(k) for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k)]
    return Outcome(folder, "different" if wrong else "equal", ", ".join(wrong[:3]))


def repository(program: str, root: Path, *, restricted: bool) -> list[Outcome]:
    held = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    files = Files(MemoryTree(held), read_unmasked)
    folders = sorted({path.rpartition("/")[0] for path in files.names if path.rpartition("/")[2] in NAMES})
    near = [folder for folder in folders if not _remote(files, folder)]
    with ThreadPoolExecutor(2) as pool:
        printed = list(pool.map(lambda folder: run(program, root / folder, restricted=restricted), near))
    known = Site(files, restricted)
    return [judge(f"{root.name}/{folder}", text, *built(known, folder)) for folder, text in zip(near, printed, strict=True)]


def _remote(files: Files, folder: str) -> bool:
    """Something that the folder is built of would have to be fetched."""
    return any(references(files, path.rpartition("/")[0]).remote for path in reach(files, folder) if path.rpartition("/")[2] in NAMES)


@pytest.mark.parametrize("restricted", [True, False], ids=["as kubectl", "as Flux"])
def test_every_overlay_of_the_corpus(restricted: bool) -> None:  # noqa: FBT001  a parameter of the test
    program = kustomize()
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    outcomes = [
        outcome for root in sorted(CORPUS.iterdir()) if root.is_dir() for outcome in repository(program, root, restricted=restricted)
    ]
    count = Counter(outcome.verdict for outcome in outcomes)
    print(dict(count), *(o for o in outcomes if o.verdict in ("hazy", "different", "accepted")), sep="\n")  # noqa: T201  the figures
    built_by_both = count["equal"] + count["hazy"] + count["different"]
    assert not [outcome for outcome in outcomes if outcome.verdict in ("different", "accepted")]
    assert built_by_both > 0
    assert count["equal"] >= SHARE * built_by_both


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_the_cases_say_what_kustomize_says(case: Case, tmp_path: Path) -> None:
    for path, text in case.files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    printed = run(kustomize(), tmp_path / case.root)
    assert printed == (None if case.expected is None else case.expected.encode())


def test_the_names_of_the_oracle() -> None:
    done = subprocess.run([kustomize(), "version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"v5\.8\.\d+", done.stdout.strip())
