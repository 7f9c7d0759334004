"""`gitops-lint pin`: turn tags into the digests that a registry has for them, in place."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path  # noqa: TID251  reads the user's Docker configuration, writes into the work tree

import click

from gitops_lint import modelled
from gitops_lint.cli import choose, completing, opening, parameters
from gitops_lint.cli.failure import Failure
from gitops_lint.cli.fix import diff, write
from gitops_lint.docker_config import Credentials, RegistryError, docker_credentials
from gitops_lint.extract.collect import joined
from gitops_lint.finding import Replace
from gitops_lint.fixes.nodes import UnfixableError
from gitops_lint.fixes.splice import offset
from gitops_lint.fixes.verify import apply
from gitops_lint.node import Location
from gitops_lint.pointer import Motion, Pointer, PointerKind
from gitops_lint.pointers import image as grammar
from gitops_lint.pointers.image import Image
from gitops_lint.reporters.escape import show as escaped
from gitops_lint.trees.protocol import Tree, UnreadableError


@click.command("pin")
@click.argument("path", default=".", type=click.Path())
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    shell_complete=completing.environments,
    help="Of this environment, instead of all protected ones.",
)
@click.option("--diff", "shown", is_flag=True, help="Show what would be edited, and edit nothing.")
@click.option("--timeout", default=10.0, show_default=True, type=click.FloatRange(min=0.1), help="Seconds to wait for a registry.")
@parameters.config
def command(path: str, environments: tuple[str, ...], timeout: float, config: str | None, *, shown: bool) -> int:
    """Write `tag@digest` for each tag of an image, as its registry has it today; if one cannot be had, nothing is written.

    Credentials are those of the Docker configuration, helper programs included. Exit status 1 if a tag was left as it is, because it does
    not stand in its file in one piece.
    """
    if find_spec("dxf") is None:
        raise Failure("`pin` needs the extra `registry`: pip install 'gitops-lint[registry]'")
    begun = opening.begin(path, config=config)
    repository = modelled.build(begun.files, begun.settings)
    choose.check(repository.applications, environments)
    chosen = [pointer for pointer in joined(repository.pointers) if _wanted(pointer, environments)]
    found = _resolved(chosen, _credentials(), timeout)
    left: list[str] = []
    edited = dict(_edited(chosen, found, begun.tree, left))
    for name, (old, new) in edited.items():
        if shown:
            click.echo("".join(diff(name, old, new)), nl=False)
        else:
            write(Path(begun.tree.root) / name, old, new)
    for told in left:
        click.echo(told, err=True)
    click.echo(f"{'would edit' if shown else 'edited'} {len(edited)} file{'' if len(edited) == 1 else 's'}", err=True)
    return 1 if left else 0


def _wanted(pointer: Pointer, environments: Sequence[str]) -> bool:
    """Whether a pointer is an image with a tag and no digest, in one of the environments."""
    if pointer.kind is not PointerKind.IMAGE or pointer.digest or pointer.fault or not pointer.version or not pointer.name:
        return False
    here = bool(set(environments) & set(pointer.environments)) if environments else pointer.protected
    return here and pointer.motion in (Motion.VERSION, Motion.MOVING)


def _credentials() -> Credentials:
    folder = os.environ.get("DOCKER_CONFIG") or str(Path.home() / ".docker")
    try:
        return docker_credentials((Path(folder) / "config.json").read_bytes())
    except OSError:
        return docker_credentials(b"")
    except RegistryError as error:
        raise Failure(str(error)) from error


def _resolved(pointers: Iterable[Pointer], credentials: Credentials, timeout: float) -> dict[str, str]:
    """The digest of each image by its text. Raises Failure if one of them cannot be had, after all have been tried."""
    from gitops_lint.registry import digest  # noqa: PLC0415  with the extra only

    found: dict[str, str] = {}
    failed = []
    for text in sorted({_text(pointer) for pointer in pointers}):
        try:
            found[text] = digest(_normalized(text), credentials, timeout)
        except RegistryError as error:
            failed.append(f"`{escaped(text)}`: {error}")
    if failed:
        raise Failure("nothing was edited: " + "; ".join(failed))
    return found


def _text(pointer: Pointer) -> str:
    return f"{pointer.name}:{pointer.version}"


def _normalized(text: str) -> Image:
    try:
        return grammar.normalized(text)
    except grammar.ImageError as error:
        raise RegistryError(str(error)) from error


def _edited(pointers: Iterable[Pointer], digests: dict[str, str], tree: Tree, left: list[str]) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
    """Each file that changes, before and after; from its end to its start, so that no edit moves another's place. What is left is told."""
    places: dict[str, dict[Location, Pointer]] = {}
    for pointer in pointers:
        places.setdefault(pointer.at.path, {})[pointer.at] = pointer
    for path, found in sorted(places.items()):
        old = new = tree.read(path)
        for at, pointer in sorted(found.items(), reverse=True):
            try:
                new = apply(new, (_edit(new.decode("utf-8"), at, pointer, digests[_text(pointer)]),), path)
            except (UnfixableError, UnreadableError, UnicodeDecodeError) as error:
                left.append(f"{escaped(path)}:{at.line}: not pinned: {error}")
        if new != old:
            yield path, (old, new)


def _edit(text: str, at: Location, pointer: Pointer, found: str) -> Replace:
    """The tag with its digest behind it. Raises UnfixableError where the tag does not stand there as a plain or quoted text."""
    start = offset(text, at.line, at.column)
    quoted = text[start : start + 1] in ("'", '"')
    start += quoted
    written = next((said for said in (pointer.text, _text(pointer), pointer.version) if text.startswith(said, start)), "")
    rest = text[start + len(written) : start + len(written) + 1]
    if not written or rest not in ("", "\n", "\r", " ", ",", "}", "]", *(("'", '"') if quoted else ())):
        raise UnfixableError("the tag does not stand there in one piece")
    column = at.column + quoted
    return Replace(at.path, Location(at.path, at.line, column, at.line, column + len(written)), written, f"{written}@{found}")
