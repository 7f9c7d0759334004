"""The evidence that our own engine has about labelled incidents: keys that were completed late, some of them forgotten."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from gitops_lint import engine, gate, reader
from gitops_lint.discovery import ignored
from gitops_lint.files import Files
from gitops_lint.finding import Finding
from gitops_lint.grade import evidence
from gitops_lint.keypath import dotted
from gitops_lint.settings import Settings
from gitops_lint.trees.memory import MemoryTree

LABELS = ("omission", "staged-rollout", "env-specific-tuning", "refactor-or-new-env")
BENCH = Path(__file__).parents[1] / ".." / "shared" / "bench" / "incidents.py"  # which says when a finding is about an incident
Record = dict[str, Any]


class Row(NamedTuple):
    """A finding about the key of an incident; `at` is `rest` or `gate`. Without evidence nothing was found."""

    repository: str
    incident: str
    at: str
    omission: bool
    how: str
    key: str
    severity: int
    evidence: tuple[str, ...]


class Source:
    """The files of incidents, from the archive or from mirrors."""

    def __init__(self, archive: zipfile.ZipFile, mirror: Path | None) -> None:
        self._archive = archive
        self._trees = json.loads(archive.read("trees.json"))
        self._members = set(archive.namelist())
        self._mirror = mirror

    def files(self, record: Record, state: str) -> Files | None:
        """The files of one of an incident's states (`parent`, `before`, `intro`); None if they are not to be had."""
        snapshot = self._trees.get(record["id"], {}).get(state)
        found = self._stored(snapshot) if snapshot else self._mirrored(record, state)
        return Files(MemoryTree(found), reader.read, skip=ignored.excluded(Settings())) if found else None

    def _stored(self, snapshot: dict[str, str]) -> dict[str, bytes]:
        return {path: self._archive.read(blob) for path, blob in snapshot.items() if blob in self._members}

    def _mirrored(self, record: Record, state: str) -> dict[str, bytes]:
        folder = self._mirror / record["repo"].replace("/", "+") / "repo" if self._mirror else None
        revision = _revision(record, state)
        if folder is None or not folder.is_dir() or not revision:
            return {}
        packed = subprocess.run(["git", "-C", str(folder), "archive", revision], capture_output=True, check=False)
        if packed.returncode:
            return {}
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            members = [member for member in archive if member.isfile()]
            return {member.name: file.read() for member in members if (file := archive.extractfile(member)) is not None}


def _revision(record: Record, state: str) -> str:
    if state == "parent":
        return str(record["parent"])
    intro = next((key["intro_commit"] for key in record["keys"] if key.get("intro_commit")), "")
    return f"{intro}^" if intro and state == "before" else str(intro)


@cache
def _bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("incidents", BENCH)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(BENCH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reported(finding: Finding) -> Record:
    """A finding as the report has it, as far as it says what it is about."""
    return {
        "key": dotted(finding.key),
        "aliases": list(finding.aliases),
        "environments": list(finding.environments),
        "path": finding.at.path,
        "related": [{"path": related.at.path} for related in finding.related],
    }


def rows(record: Record, source: Source) -> Iterator[Row]:
    """The evidence about each key of an incident, at rest and in the gate."""
    parent = source.files(record, "parent")
    if parent is None:
        return
    yield from told(record, "rest", engine.run(parent, Settings()).findings, record["keys"])
    due = [key for key in record["keys"] if key["path"] in (record.get("gate") or ())]
    before, intro = (source.files(record, state) for state in ("before", "intro")) if due else (None, None)
    if before is not None and intro is not None:
        yield from told(record, "gate", [f for f in gate.judge(before, intro, Settings()).findings if f.new], due)


def told(record: Record, at: str, findings: Iterable[Finding], keys: Iterable[Record]) -> Iterator[Row]:
    """What findings say about keys: of several the most severe."""
    bench = _bench()
    among = [(f, reported(f)) for f in findings if f.facts is not None]
    among = [(f, said) for f, said in among if bench.located(said, record["group"])]
    for key in keys:
        meant = (f for f, said in among if bench.about(said, key["path"]) and bench.lacks(said, key))
        found = max(meant, key=lambda f: f.severity, default=None)
        seen = evidence(found.facts, found.grade or 0) if found is not None and found.facts is not None else ()
        severity = int(found.severity) if found is not None else 0
        yield Row(record["repo"], record["id"], at, record["label"] == "omission", record["how"], key["path"], severity, seen)


def gathered(source: Source, facts: Path) -> list[Row]:
    """The rows of every labelled incident whose files are here."""
    out: list[Row] = []
    for line in facts.read_text().splitlines():
        record = json.loads(line)
        if record["type"] == "key" and record["label"] in LABELS:
            out += rows(record, source)
            print(f"\r{len(out)} rows", end="", file=sys.stderr)
    print(file=sys.stderr)
    return out
