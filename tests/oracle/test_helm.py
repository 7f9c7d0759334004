from __future__ import annotations

import base64
import gzip
import io
import json
import os
import random
import re
import shutil
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitops_lint.blueprint import Blueprint, Source
from gitops_lint.files import Files
from gitops_lint.merge.evaluated import Evaluated
from gitops_lint.merge.helm import evaluate
from gitops_lint.merge.strvals import SetError, apply, parsed
from gitops_lint.model import Evidence, Role
from gitops_lint.node import Map
from gitops_lint.reader import read
from gitops_lint.trees.memory import MemoryTree

pytestmark = pytest.mark.oracle

Stack = tuple[dict[str, bytes], list[str]]  # the files of a tree whose chart is in `top/`, and the values files, lowest first
SETS = [
    "a.b=1",
    "a.b[0].c=x",
    "a[1]=x,a[0].b=2",
    "l={1,true,null,x y}",
    "l={}",
    "l[0].a=",
    "k[1].a=",
    "k[5].a=",
    "l[0][0].a=",
    "l[2].a=1",
    "l[0][1]=x",
    "a=,b=",
    "a.b=null",
    "a\\.b=1,b\\,c=2",
    "a=1\\,2",
    "a=007,b=-0,c=+5,d=1.5,e=1e3,f=TRUE,g=0",
    "a=99999999999999999999",
    "=1",
    "a.=1",
    "a..b=1",
    "a",
    "a=1,",
    "a,b=1",
    "a[",
    "a[x]=1",
    "a[-1]=1",
    "a[+1]=1",
    "a[65536]=1",
    "a[65537]=1",
    "a[0]b=1",
    "l={a}b=c",
    "l={a",
    "m.x=1",
    "s.x=1",
    "n.x=1",
    "s[0]=1",
    "k[0].z=1",
    "k[3]=1",
    "m[0]=1",
    "a=b=c",
    "a={x",
    "a=x}",
    "a= b",
    " a=b",
    ".".join("abcdefghijklmnopqrstuvwxyzabcd") + "=1",
    ".".join("abcdefghijklmnopqrstuvwxyzabcdefgh") + "=1",
]
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
PRINTER = b"""apiVersion: v1
kind: ConfigMap
metadata: {name: values}
data: {values: {{ .Values | toJson | b64enc | quote }}}
"""


@pytest.fixture(scope="module")
def helm() -> str:
    folder = os.environ.get("GITOPS_LINT_ORACLES")
    if folder is None:
        pytest.skip("GITOPS_LINT_ORACLES is not set")
    found = shutil.which("helm", path=folder)
    assert found, "helm is not there: run tests/oracle/build.sh"
    return found


def rendered(helm: str, stack: Stack, folder: Path, *options: str) -> object | None:
    """What `.Values` is in the stack's chart; None where Helm refuses."""
    files, layers = stack
    for path, data in {**files, "top/templates/values.yaml": PRINTER}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    arguments = [argument for layer in layers for argument in ("-f", layer)] + list(options)
    done = subprocess.run([helm, "template", "r", "top", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    shutil.rmtree(folder)
    found = re.search(r'values: "(.*)"', done.stdout)
    if found is None:
        assert done.returncode, done.stderr
        return None
    return json.loads(base64.b64decode(found[1]))  # type: ignore[no-any-return]


def evaluated(stack: Stack) -> Evaluated:
    files, layers = stack
    sources = tuple(Source(layer, Role.OWN) for layer in layers)
    return evaluate(Blueprint("top", "dev", "dev", "helm", Evidence("a test"), sources, root="top"), Files(MemoryTree(files), read))


def plain(value: object) -> object:
    """Numbers as Go's JSON has them, and no list or map of our own."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return ("number", float(value))
    return value


def compare(helm: str, stacks: list[Stack], folder: Path) -> int:
    """How many of the stacks Helm renders; each of them has to give the same here."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda job: rendered(helm, job[1], folder / str(job[0])), enumerate(stacks)))
    for number, (stack, answer) in enumerate(zip(stacks, answers, strict=True)):
        ours = evaluated(stack)
        shown = "\n".join(f"--- {path}\n{data[:3000].decode(errors='replace')}" for path, data in stack[0].items())
        if answer is None:
            assert ours.hazy, f"stack {number} is refused by Helm\n{shown}"
        else:
            assert plain(ours.values) == plain(answer), f"stack {number}\n{shown}"
            assert not ours.hazy, f"stack {number}: {ours.hazy}\n{shown}"
    return sum(answer is not None for answer in answers)


@pytest.mark.parametrize("option", ["--set", "--set-string"])
def test_set(helm: str, tmp_path: Path, option: str) -> None:
    base = b'{"s": "x", "n": null, "m": {"y": 1}, "k": [1, {"w": 2}]}'
    files = {"top/Chart.yaml": b"{apiVersion: v2, name: top, version: 1.0.0}", "base.yaml": base}

    def answer(job: tuple[int, str]) -> object | None:
        return rendered(helm, (files, ["base.yaml"]), tmp_path / str(job[0]), option, job[1])

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(answer, enumerate(SETS)))
    for text, theirs in zip(SETS, answers, strict=True):
        document = read(base, "base.yaml")
        ours: object = document.roots[0].value
        try:
            for setting in parsed(text, as_string=option == "--set-string"):
                assert isinstance(ours, Map)
                ours = apply(ours, setting, ours, 0)
        except SetError:
            ours = None
        assert plain(ours) == plain(theirs), text


class Generator:
    """Charts, sub-charts and values files whose keys often meet."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.files: dict[str, bytes] = {}

    def stack(self) -> Stack:
        self.chart("top", "top", 0)
        layers = [f"values-{number}.yaml" for number in range(self.random.randint(0, 3))]
        for layer in layers:
            documents = [self.values(["s0", "s1", "s2", "al0", "al1"], 3) for _ in range(self.random.choice([1, 1, 1, 2]))]
            self.files[layer] = "\n---\n".join(json.dumps(document) for document in documents).encode()
        return self.files, layers

    def scalar(self) -> object:
        return self.random.choice([None, None, True, False, 1, 2.5, "x", "", "y", [], [1], [{"a": None}]])

    def mapping(self, depth: int) -> dict[str, object]:
        count = self.random.choice([0, 1, 2, 3])
        return {key: self.value(depth) for key in self.random.sample(["a", "b", "c", "on"], count)}

    def value(self, depth: int) -> object:
        return self.mapping(depth - 1) if depth and self.random.random() < 0.55 else self.scalar()

    def values(self, parts: list[str], depth: int) -> dict[str, object]:
        out = self.mapping(depth)
        for part in parts:
            if self.random.random() < 0.5:
                out[part] = self.values(parts if depth > 2 else [], depth - 1) if self.random.random() < 0.95 else self.scalar()
        if self.random.random() < 0.6:
            out["global"] = self.mapping(3) if self.random.random() < 0.95 else self.scalar()
        if self.random.random() < 0.4:
            out["tags"] = {tag: self.random.choice([True, False, "no"]) for tag in self.random.sample(["t", "u"], 1)}
        if self.random.random() < 0.3:
            out["exports"] = {"e": self.mapping(2)}
        return out

    def chart(self, folder: str, name: str, level: int) -> None:
        meta: dict[str, object] = {"apiVersion": "v2", "name": name, "version": f"1.{level}.0"}
        parts = [f"s{number}" for number in range(self.random.randint(0, 2))] if level < 2 else []
        dependencies = [self.dependency(part, number, level) for number, part in enumerate(parts)]
        if parts and self.random.random() < 0.3:
            dependencies.append({**self.dependency("s0", 9, level), "alias": "s2"})
        if dependencies:
            meta["dependencies"] = dependencies
        if level < 2 and self.random.random() < 0.1:
            parts.append("al1")  # vendored, and no dependency asks for it
        self.files[f"{folder}/Chart.yaml"] = json.dumps(meta).encode()
        if self.random.random() < 0.9:
            self.files[f"{folder}/values.yaml"] = json.dumps(self.values([*parts, "al0"], 3)).encode()
        for part in parts:
            self.chart(f"{folder}/charts/{part}", part, level + 1)
            if self.random.random() < 0.2:
                self.pack(f"{folder}/charts/{part}", part)

    def dependency(self, name: str, number: int, level: int) -> dict[str, object]:
        out: dict[str, object] = {
            "name": name,
            "version": self.random.choice(["*", "1.x", f"~1.{level + 1}", ">=1.0.0", ">1"]),
            "repository": "",
        }
        if self.random.random() < 0.3:
            out["alias"] = f"al{number}"
        if self.random.random() < 0.4:
            out["condition"] = self.random.choice(["a.on", f"{name}.on", "on", f"missing,{name}.a.on", "global.on", "a.on, on"])
        if self.random.random() < 0.3:
            out["tags"] = self.random.choice([["t"], ["u"], ["t", "u"]])
        if self.random.random() < 0.25:
            out["import-values"] = [self.random.choice(["e", {"child": "a", "parent": "b"}, {"child": "a.b", "parent": "n.m"}])]
        return out

    def pack(self, folder: str, name: str) -> None:
        out = io.BytesIO()
        with gzip.GzipFile(fileobj=out, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
            for path in [path for path in self.files if path.startswith(folder + "/")]:
                member = tarfile.TarInfo(name + path.removeprefix(folder))
                member.size = len(self.files[path])
                archive.addfile(member, io.BytesIO(self.files.pop(path)))
        self.files[f"{folder}-1.0.0.tgz"] = out.getvalue()


def test_generated_stacks(helm: str, tmp_path: Path) -> None:
    assert compare(helm, [Generator(seed).stack() for seed in range(600)], tmp_path) >= 500


class Awkward(Generator):
    """Null where it hurts: above and below maps and lists, in globals, tags and exports; imports and conditions that lead nowhere."""

    def scalar(self) -> object:
        edges: list[object] = [None, None, None, 0, -1, 1e21, "null", "~", [None], [{}], {}, {"a": None}, {"a": {"b": None}}, {"a": {}}]
        return self.random.choice([super().scalar(), *edges])

    def mapping(self, depth: int) -> dict[str, object]:
        count = self.random.randint(0, 4)
        return {key: self.value(depth) for key in self.random.sample(["a", "b", "c", "on", "global", "s0"], count)}

    def values(self, parts: list[str], depth: int) -> dict[str, object]:
        out = super().values(parts, depth)
        odd: dict[str, list[object]] = {
            "global": [None, {}, {"a": None}, {"a": {"b": 1}}, {"s0": {"a": 1}}, "x", [1]],
            "tags": [None, {}, "x", {"t": None}, {"t": "false"}, {"t": 0}],
            "exports": [None, {}, "x", {"e": None}, {"e": "x"}, {"e": {"global": {"a": 1}}}],
            **{key: [None, {}, {"global": None}, {"a": None}, "x", [1], True] for key in parts},
        }
        return out | {key: self.random.choice(held) for key, held in odd.items() if self.random.random() < 0.15}

    def dependency(self, name: str, number: int, level: int) -> dict[str, object]:
        out = super().dependency(name, number, level)
        imports = ["nope", {"child": "a", "parent": "."}, {"child": "exports.e", "parent": "a"}, {"child": "a"}, {"parent": "b"}, None, 7]
        conditions = ["", ",", "a", name, f"{name}.global.on", "tags.t", "on.", "..", " on"]
        if number == 0 and self.random.random() < 0.25:  # two imports into one place change what is imported from, see `imported`
            out["import-values"] = [self.random.choice(imports)]
        if self.random.random() < 0.15:
            out["condition"] = self.random.choice(conditions)
        return out


def test_awkward_stacks(helm: str, tmp_path: Path) -> None:
    assert compare(helm, [Awkward(seed).stack() for seed in range(300)], tmp_path) >= 150


def families(repository: Path) -> list[Stack]:
    """A repository's charts with the values files beside, above or below them: alone, and over a common one."""
    out: list[Stack] = []
    for meta in sorted(repository.rglob("Chart.yaml")):
        folder = meta.parent
        around = sorted({*folder.glob("*.y*ml"), *folder.glob("*/*.y*ml"), *folder.parent.glob("*.y*ml")})
        usable = [path for path in around if "values" in path.name.lower() and "templates" not in path.parts and is_values(path)]
        if folder / "values.yaml" in usable:
            usable.remove(folder / "values.yaml")
            out += [real(folder / "values.yaml", usable[0], path) for path in usable[:4]]
    return out


def alone(repository: Path) -> list[Stack]:
    """The values files that share a directory, without a chart: each over the first."""
    out: list[Stack] = []
    for folder in sorted({path.parent for path in repository.rglob("*.y*ml")}):
        named = [path for path in sorted(folder.glob("*.y*ml")) if "values" in path.name.lower() or folder.name in ("config", "values")]
        usable = [path for path in named if "templates" not in path.parts and is_values(path)]
        out += [real(usable[0], usable[1], path) for path in usable[1:3]]
    return out


def is_values(path: Path) -> bool:
    document = read(path.read_bytes(), path.name)
    return (
        not document.error
        and not document.templated
        and not document.encrypted
        and all(isinstance(root.value, dict) for root in document.roots)
    )


def real(defaults: Path, *layers: Path) -> Stack:
    values = {f"{number}.yaml": layer.read_bytes() for number, layer in enumerate(dict.fromkeys(layers))}
    chart = {"top/Chart.yaml": b"apiVersion: v2\nname: top\nversion: 1.0.0\n", "top/values.yaml": defaults.read_bytes()}
    return {**chart, **values}, sorted(values)


def test_real_stacks(helm: str, tmp_path: Path) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not there")
    repositories = [path for path in sorted(CORPUS.iterdir()) if path.is_dir()]
    stacks = [stack for path in repositories for stack in [*families(path)[:12], *alone(path)[:8]]]
    assert compare(helm, stacks, tmp_path) >= 100
