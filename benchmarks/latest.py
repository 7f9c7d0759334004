"""Side by side with kube-linter and conftest in the largest repository of the corpus: images found, wrong verdicts, and the time of each.

Usage: python benchmarks/latest.py

All are asked which images can be another one tomorrow, kube-linter by its check `latest-tag`, conftest by `latest.rego`. `latest.tsv` has
every image of the repository of which one of them said so, or a search by hand for `:latest`, for no tag and for tags that are words, with
the verdict of a person who read the file and the kustomizations above it. The programs are looked for in PATH and in GITOPS_LINT_ORACLES:
`go install github.com/open-policy-agent/conftest@v0.69.0` and `go install golang.stackrox.io/kube-linter/cmd/kube-linter@v0.7.6`.
Exit status 1 if ours has a wrong verdict.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, TypeAlias

from scratch import BIN, CORPUS, Scratch

from gitops_lint import modelled
from gitops_lint.cli import opening
from gitops_lint.extract.collect import joined
from gitops_lint.pointer import Motion, Pointer, PointerKind

HERE = Path(__file__).parent
CHECKS = """
checks: {doNotAutoAddDefaults: true, include: [latest-tag, every-image]}
customChecks:
  - {name: every-image, template: latest-tag, params: {blockList: [".*"]}, scope: {objectKinds: [DeploymentLike]}}
"""
Image: TypeAlias = tuple[str, str]  # path and text


class Seconds(NamedTuple):
    """On the wall, and of all processors together, which others on the machine do not make longer."""

    wall: float
    cpu: float


class Told(NamedTuple):
    """What a tool says: the images that it sees, those that move, what a person has to know, and the time that it takes."""

    seen: Counter[Image]
    moving: set[Image]
    note: str
    seconds: Seconds


def program(name: str) -> str | None:
    """Where a tool is; None if it is not here."""
    return shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), os.environ.get("GITOPS_LINT_ORACLES", ""))))


def timed(*words: str, folder: Path) -> tuple[str, str, Seconds]:
    """What a program prints on stdout and stderr, and its time."""
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return done.stdout, done.stderr, Seconds(time.perf_counter() - start, used)


def ours(root: Path, _: str) -> Told:
    """Whatever a run finds; the time is that of all rules, with nothing remembered."""
    begun = opening.begin(str(root))
    pointers = joined(modelled.build(begun.files, begun.settings).pointers)
    images = {(p.at, p.text): p for p in pointers if p.kind is PointerKind.IMAGE}.values()
    others = Counter(str(p.kind) for p in {(p.at, p.text): p for p in pointers if p.kind is not PointerKind.IMAGE}.values())
    moving = {_image(p) for p in images if p.motion is Motion.MOVING}
    seconds = timed(str(BIN / "gitops-lint"), "check", "--no-cache", "--exit-zero", folder=root)[2]
    return Told(Counter(map(_image, images)), moving, "and " + ", ".join(f"{n} {kind}" for kind, n in sorted(others.items())), seconds)


def _image(pointer: Pointer) -> Image:
    return pointer.at.path, pointer.text


def kube_linter(root: Path, tool: str) -> Told:
    """By its own check, and by one of the same template that blocks every tag, to see what it sees."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
        config.write(CHECKS)
        config.flush()
        printed, _, seconds = timed(tool, "lint", "--config", config.name, "--format", "json", str(root), folder=root)
    said: dict[str, list[Image]] = {"latest-tag": [], "every-image": []}
    for report in json.loads(printed)["Reports"]:
        path = str(Path(report["Object"]["Metadata"]["FilePath"]).relative_to(root))
        text = report["Diagnostic"]["Message"].partition("invalid container image, ")[2].split('"')[1]
        said[report["Check"]].append((path, text))
    seen = Counter(image for image in said["every-image"] if image[1])
    return Told(seen, set(said["latest-tag"]), "containers of deployments and the like", seconds)


def conftest(root: Path, tool: str) -> Told:
    """Of the files that it can read: it gives up at the first that is none, which is then left out."""
    files = [str(path.relative_to(root)) for path in sorted(root.rglob("*")) if path.suffix in (".yaml", ".yml") and path.is_file()]
    count = len(files)
    while True:
        policy = ("--policy", str(HERE / "latest.rego"), "--parser", "yaml", "--output", "json", "--no-fail")
        printed, failed, seconds = timed(tool, "test", *policy, *files, folder=root)
        bad = re.search(r"path: (\S+)", failed)
        if bad is None:
            break
        files.remove(bad[1])
    results = json.loads(printed)
    seen = Counter((r["filename"], w["msg"]) for r in results for w in r.get("warnings", ()))
    moving = {(r["filename"], f["msg"]) for r in results for f in r.get("failures", ())}
    return Told(seen, moving, f"containers; {count - len(files)} files are templates, and had to be left out", seconds)


def verdicts() -> dict[Image, str]:
    """What a person says of each image."""
    rows = [line.split("\t") for line in (HERE / "latest.tsv").read_text().splitlines() if not line.startswith("#")]
    return {(path, text): verdict for path, text, verdict, _ in rows}


def compared(name: str, told: Told, labels: dict[Image, str]) -> bool:
    """Print a tool's line, and whether none of its verdicts is wrong."""
    so = {image for image, verdict in labels.items() if verdict == "moving"}
    wrong = told.moving - so
    why = Counter(labels.get(image, "no image there" if not image[1] else "not labelled") for image in wrong)
    false = f"{len(wrong):3} wrong" + (f" ({', '.join(f'{n} {text}' for text, n in why.most_common())})" if why else "")
    files = {path for path, _ in told.seen}
    took = f"{told.seconds.cpu:6.2f} s of processor, {told.seconds.wall:6.2f} s on the wall"
    print(f"{name:12} {took}; {sum(told.seen.values())} images in {len(files)} files, {told.note}")
    print(f"{'':12} {len(told.moving):3} said to move: {len(told.moving & so)} of {len(so)} that do, {false}")
    listed(sorted(wrong) if name == "gitops-lint" else (), "wrong")
    listed(sorted(so - told.moving) if name == "gitops-lint" else (), "missed")
    return not wrong and so <= told.moving


def listed(images: Iterable[Image], word: str) -> None:
    """Name images."""
    for path, text in images:
        print(f"  {word}: {path}: {text}")


def main() -> int:
    """Run all that are here; the exit status."""
    if not CORPUS.is_dir():
        print("SKIPPED: the corpus is not beside this checkout")
        return 0
    labels = verdicts()
    rivals: dict[str, Callable[[Path, str], Told]] = {"kube-linter": kube_linter, "conftest": conftest}
    with tempfile.TemporaryDirectory() as name:
        root = Scratch(Path(name)).copied(CORPUS).root
        right = compared("gitops-lint", ours(root, ""), labels)
        for rival, ask in rivals.items():
            tool = program(rival)
            if tool is None:
                print(f"{rival:12} SKIPPED: it is neither in PATH nor in GITOPS_LINT_ORACLES, see {Path(__file__).name}")
            else:
                compared(rival, ask(root, tool), labels)
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())
