"""The same run again costs a look-up: a whole `check` is remembered by everything that its report depends on.

Imports nothing but what finds the tracked files and their blob ids, because a warm run takes little longer than Python takes to start.
A run that does something (writes, fixes) or that depends on more than is hashed here is not remembered, and neither is one that failed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator

from gitops_lint import words
from gitops_lint.cache import Cache, location, version
from gitops_lint.trees import disk
from gitops_lint.trees.checkout import Checkout, find
from gitops_lint.trees.entry import TreeError, UnreadableError
from gitops_lint.trees.surroundings import VARIABLES
from gitops_lint.trees.worktree import WorkTree, lent

Saved = tuple[int, bytes, bytes]  # exit status, stdout, stderr

CONFIGS = (".gitops-lint.yaml", ".gitops-lint.yml", ".gitops-lint.json")

_ENVIRONMENT = (
    "CI",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "NO_COLOR",
    "PRE_COMMIT",
    "TERM",
)
_SECTION = "runs"

_kept: list[tuple[str, ...]] = []  # what `keep` was told during the run under way


class Place:
    """Where a run is remembered: the cache and the key in it; what the key was made of but the files, and the tree that gave those."""

    __slots__ = ("around", "cache", "key", "tree")

    def __init__(self, cache: Cache | None = None, key: str = "", around: str = "", tree: WorkTree | None = None) -> None:
        self.cache = cache or Cache(None)
        self.key = key
        self.around = around
        self.tree = tree


def recall(place: Place) -> int | None:
    """Print what the same run printed before and give its exit status; None if it is not remembered."""
    saved = lookup(place)
    if saved is None:
        return None
    from gitops_lint import streams  # noqa: PLC0415  only a run that is remembered needs it

    return streams.replay(*saved)


def keep(*inputs: str) -> None:
    """Say, during a run, that its report depends on nothing but the work tree, HEAD, the base, the configuration and `inputs`.

    `inputs` are further files that were read, or looked for in vain, and need not be tracked: a baseline, for instance. Of a run that
    does not say it, nothing is remembered.
    """
    _kept.append(tuple(os.path.abspath(path) for path in inputs))


def record(place: Place, argv: list[str], main: Callable[[list[str]], int]) -> int:
    """Run `main(argv)`, give its exit status, and remember what it printed if it says `keep` and nothing changed while it ran.

    `place` is what `find_place(argv)` gave before the run.
    """
    if place.tree is None or sys.stdout is None or sys.stderr is None:
        return main(argv)
    from gitops_lint import streams  # noqa: PLC0415  as above

    _kept.clear()
    lent[place.tree.root] = place.tree
    try:
        with streams.Recording("stdout") as out, streams.Recording("stderr") as err:
            status = main(argv)
    finally:
        taken = lent.pop(place.tree.root, None) is None
    if _kept and status in {0, 1} and _still(place, argv, trusting=taken and not _helped()):
        inputs = tuple((path, _state(path)) for path in _kept[-1])
        place.cache.put(_SECTION, place.key, (status, bytes(out.copy), bytes(err.copy), inputs))
    return status


def _helped() -> bool:
    """Whether other processes have read files, of which we would not see that they changed meanwhile."""
    workers = sys.modules.get("gitops_lint.workers")
    return workers is not None and bool(workers.started)


def _still(place: Place, argv: list[str], *, trusting: bool) -> bool:
    """Whether a run's place is still the same; `trusting` if every file that it read was read through the place's own tree."""
    if trusting and place.tree is not None and not place.tree.doubtful:
        options = _options(argv)
        return options is not None and _around(argv, place.tree.checkout, options) == place.around
    return find_place(argv).key == place.key


def lookup(place: Place) -> Saved | None:
    """What the same run gave before, or None."""
    held = place.cache.get(_SECTION, place.key) if place.key else None
    if not (isinstance(held, tuple) and len(held) == 4):  # noqa: PLR2004  as `record` puts it
        return None
    status, out, err, inputs = held
    return (status, out, err) if all(_state(path) == state for path, state in inputs) else None


def find_place(argv: list[str]) -> Place:
    """Where a run is remembered: nowhere, if there is no key. `argv` is what follows the program's name."""
    options = _options(argv)
    try:
        path = str(options["path"]) if options is not None else ""
        checkout = find(path) if os.path.exists(path) else None
        root = location(os.environ, outside=checkout.root) if checkout is not None else None
        if options is None or checkout is None or root is None or os.path.exists(f"{checkout.common}/reftable"):
            return Place()
        around = _around(argv, checkout, options)
        tree = WorkTree(checkout)
        facts = "\0\n".join([around, *_files(tree)])
    except (OSError, TreeError, ValueError):
        return Place()  # the run itself will say what is wrong
    key = hashlib.blake2b(facts.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
    return Place(Cache(root), key, around, tree)


def _around(argv: list[str], checkout: Checkout, options: words.Options) -> str:
    """Everything that a run depends on but the tracked files. Raises ValueError for a revision that is no plain name."""
    return "\0\n".join([*_surroundings(argv), *_configuration(checkout, options), *_revisions(checkout, options)])


def _options(argv: list[str]) -> words.Options | None:
    """The options of a `check`; None if it has one that we do not know, or that makes it no run to be remembered."""
    options = words.read(argv[1:]) if argv[:1] == ["check"] else None
    return None if options is None or options["staged"] or options["no_cache"] or options["outputs"] else options


def _surroundings(argv: list[str]) -> Iterator[str]:
    """The program, how it was called, and the day: reasons expire."""
    yield version()
    yield repr(argv)
    yield os.getcwd()
    yield time.strftime("%Y-%m-%d", time.gmtime())
    for name in sorted(os.environ):
        if name in _ENVIRONMENT or name in VARIABLES or name.startswith("GITOPS_LINT_"):
            yield f"{name}={os.environ[name]}"
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and stream.isatty():
            yield f"terminal {stream.encoding} {os.get_terminal_size(stream.fileno()).columns}"
        else:
            yield f"file {stream.encoding}" if stream is not None else "closed"


def _configuration(checkout: Checkout, options: words.Options) -> Iterator[str]:
    named = (str(options["config"] or ""), os.environ.get("GITHUB_EVENT_PATH", ""))
    for path in (*(f"{checkout.root}/{name}" for name in CONFIGS), *named):
        yield _state(path) if path else ""


def _revisions(checkout: Checkout, options: words.Options) -> Iterator[str]:
    """What HEAD and every revision that is named anywhere lead to. Raises ValueError for one that is no plain name."""
    head = _text(f"{checkout.git}/HEAD")
    yield head
    yield _text(f"{checkout.common}/{head.removeprefix('ref: ').strip()}") if head.startswith("ref: refs/") else ""
    for place in ("packed-refs", "shallow", "info/grafts"):
        yield _stat(f"{checkout.common}/{place}")
    for name in (str(options["base"] or ""), *(os.environ.get(name, "") for name in VARIABLES)):
        if name and not name.startswith("/"):
            if ".." in name or not name.replace("/", "").replace(".", "").replace("-", "").replace("_", "").isalnum():
                raise ValueError(name)
            for place in ("", "refs/heads/", "refs/remotes/", "refs/remotes/origin/", "refs/tags/"):
                yield _text(f"{checkout.common}/{place}{name}")


def _files(tree: WorkTree) -> Iterator[str]:
    for path, (mode, blob) in list(tree.names().items()):
        if not blob:
            try:
                blob = tree.blob(path)  # noqa: PLW2901  what the loop is about
            except UnreadableError as error:
                blob = error.reason  # noqa: PLW2901  as above
        yield f"{path}\0{mode} {blob}"


def _state(path: str) -> str:
    """The content of a file, hashed, or why it cannot be read."""
    try:
        return hashlib.blake2b(disk.named(path), digest_size=20).hexdigest()
    except UnreadableError as error:
        return error.reason


def _stat(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _text(path: str) -> str:
    try:
        return os.fsdecode(disk.named(path))
    except UnreadableError:
        return ""
