"""`gitops-lint fix`: make the edits that findings bring along, safe ones only unless asked for the others."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path  # noqa: TID251  writes into the work tree, which is what it is for

import click

from gitops_lint import engine
from gitops_lint.cli import against, completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.select import Selection
from gitops_lint.files import YAML
from gitops_lint.finding import Finding, Fix
from gitops_lint.fixes.nodes import UnfixableError
from gitops_lint.fixes.verify import apply
from gitops_lint.reporters.escape import show as escaped
from gitops_lint.trees.open import index_tree
from gitops_lint.trees.protocol import Tree, TreeError, UnreadableError


@click.command("fix")
@click.argument("path", default=".", type=click.Path())
@click.option("--unsafe", is_flag=True, help="Make the edits too that change what is deployed, or may.")
@click.option("--diff", "shown", is_flag=True, help="Show what would be edited, and edit nothing.")
@click.option("--select", multiple=True, metavar="NAME", shell_complete=completing.rules, help="Only for this rule or category.")
@click.option("--staged", is_flag=True, help="Edit only staged files, and exit with 1 if any was: for hooks.")
@parameters.config
def command(path: str, *, unsafe: bool, shown: bool, staged: bool, select: tuple[str, ...], config: str | None) -> int:  # noqa: PLR0913  one each
    """Edit files so that findings go away. Each edit is made on the exact text, read again and compared; one that fails is not made."""
    paths = _staged(path) if staged else None
    if paths is not None and not any(name.endswith(YAML) for name in paths):
        return 0  # nothing that has edits is staged, and a hook is not to be waited for
    begun = opening.begin(path, config=config, caching=True)
    names = Selection.of({"select": select, "ignore": ()})
    names.applied(begun.settings, None)
    findings = engine.run(begun.files, begun.settings).findings
    mendable = [f for f in findings if f.fix is not None and names.has(f.rule, f.category)]
    if paths is not None:
        mendable = _within(mendable, paths)
    wanted = [f for f in mendable if unsafe or (f.fix is not None and f.fix.safe)]
    edited = dict(_edited(wanted, begun.tree))
    for name, (old, new) in edited.items():
        if shown:
            click.echo("".join(diff(name, old, new)), nl=False)
        else:
            write(Path(begun.tree.root) / name, old, new)
    left = len(mendable) - len(wanted)
    more = f"; {left} more with --unsafe" if left else ""
    click.echo(f"{'would edit' if shown else 'edited'} {len(edited)} file{'' if len(edited) == 1 else 's'}{more}", err=True)
    return 1 if staged and edited else 0


def _staged(path: str) -> frozenset[str]:
    """The files that the next commit adds or changes. Raises Failure outside a repository."""
    base = against.find(path, None, staged=True)
    known = base.tree.names() if base is not None else {}
    try:
        return frozenset(name for name, entry in index_tree(path).names().items() if name not in known or known[name].blob != entry.blob)
    except TreeError as error:
        raise Failure(str(error)) from error


def _within(findings: Iterable[Finding], paths: frozenset[str]) -> list[Finding]:
    """The findings whose edits touch no other files than these."""
    return [f for f in findings if f.fix is not None and all(edit.path in paths for edit in f.fix.edits)]


def _edited(findings: Iterable[Finding], tree: Tree) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
    """Each file that changes, before and after; a fix that does not work out is told and left."""
    after: dict[str, bytes] = {}
    before: dict[str, bytes] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None:
            continue
        try:
            for name, data in _applied(fix, after, tree).items():
                before.setdefault(name, tree.read(name))
                after[name] = data
        except (UnfixableError, UnreadableError, UnicodeDecodeError) as error:
            place = f"{escaped(finding.at.path)}:{finding.at.line}"
            click.echo(f"{place}: not fixed [{finding.rule}]: {escaped(str(error))}", err=True)
    yield from ((name, (before[name], data)) for name, data in sorted(after.items()) if data != before[name])


def _applied(fix: Fix, after: dict[str, bytes], tree: Tree) -> dict[str, bytes]:
    """The files that a fix changes; all of its edits, or an error."""
    out: dict[str, bytes] = {}
    for edit in fix.edits:
        data = out.get(edit.path) or after.get(edit.path) or tree.read(edit.path)
        out[edit.path] = apply(data, (edit,), edit.path)
    return out


def diff(name: str, old: bytes, new: bytes) -> Iterator[str]:
    """The lines of a unified diff of a file, each ended."""
    before, after = (data.decode("utf-8").splitlines(keepends=True) for data in (old, new))
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def write(target: Path, old: bytes, new: bytes) -> None:
    """Put the new bytes in the place of the old ones, whole or not at all. Raises Failure: changed meanwhile, linked, not writable."""
    try:
        if target.is_symlink() or target.stat().st_nlink > 1:
            raise Failure(f"`{target.name}` is a link; edit what it leads to")
        if target.read_bytes() != old:
            raise Failure(f"`{target.name}` has changed meanwhile; run again")
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).chmod(target.stat().st_mode & 0o7777)
            Path(unfinished).replace(target)
        finally:
            Path(unfinished).unlink(missing_ok=True)
    except OSError as error:
        raise Failure(f"cannot write `{target.name}`: {error.strerror}") from error
