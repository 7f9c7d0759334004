"""What was computed before, by the hash of what it was computed from, in the user's own cache directory.

Every file is written whole under another name and then renamed, so that runs at the same time cannot harm each other, and is checked
against damage before it is decoded. Whatever is wrong with it (damaged, cut off, another version's, another user's) means that it is not
there.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import time
import zlib
from collections.abc import Mapping

from gitops_lint import __version__

_MAGIC = b"gitops-lint cache\n"
_CHECK = 4  # bytes: against damage, which a checksum finds; who can write here at all needs no forgery
MOST_BYTES = 200 * 1024 * 1024  # of all files together
MOST_DAYS = 30  # that a file is kept unread
_DAY = 86400

_versions: dict[str, str] = {}  # that of this process, once it is known


def location(environment: Mapping[str, str], *, outside: str = "") -> str | None:
    """The cache directory; None where there can be none. It is never inside `outside`, the checkout: a change could bring its own verdict.

    `GITOPS_LINT_CACHE_DIR`, else the platform's place (XDG base directory specification: a relative `XDG_CACHE_HOME` is ignored).
    """
    root = environment.get("GITOPS_LINT_CACHE_DIR") or _platform(environment)
    if not root or not os.path.isabs(root):
        return None
    real, checkout = os.path.realpath(root), os.path.realpath(outside) if outside else ""
    return None if checkout and f"{real}/".startswith(checkout.rstrip("/") + "/") else root


def _platform(environment: Mapping[str, str]) -> str:
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    if os.path.isabs(environment.get("XDG_CACHE_HOME", "")):
        return f"{environment['XDG_CACHE_HOME']}/gitops-lint"
    if sys.platform == "win32":
        return f"{environment['LOCALAPPDATA']}/gitops-lint/cache" if "LOCALAPPDATA" in environment else ""
    if not home:
        return ""
    return f"{home}/Library/Caches/gitops-lint" if sys.platform == "darwin" else f"{home}/.cache/gitops-lint"


def version() -> str:
    """What a cached result depends on besides its input: Python (whose marshal format it has), this program, its neighbours.

    The modification times of our own source make every state of a development checkout a version of its own; that of the directory we
    are installed in changes with every package that is installed or upgraded.
    """
    package = os.path.dirname(__file__)
    parent = os.path.dirname(package)
    if __version__ in _versions:
        return _versions[__version__]
    facts = [__version__, sys.version, str(os.stat(parent).st_mtime_ns) if parent.endswith("-packages") else ""]
    waiting = [package]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    facts.append(f"{entry.name} {entry.stat().st_mtime_ns}")
                elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
    return _versions.setdefault(__version__, _hash("\n".join(sorted(facts)))[:16])


class Cache:
    """Values of plain data (what `marshal` takes: no classes) by section and key. Without a root it holds nothing and keeps nothing."""

    def __init__(self, root: str | None) -> None:
        self._root = root
        self._folder = f"{root}/{version()}" if root else ""

    @property
    def lasts(self) -> bool:
        """Whether it keeps anything."""
        return bool(self._root)

    def get(self, section: str, key: str) -> object | None:
        """The value, or None."""
        payload = _read(self._path(section, key)) if self._root else None
        return None if payload is None else _value(payload)

    def put(self, section: str, key: str, value: object) -> None:
        """Keep a value. A disk that is full or read-only is no error: the value will be computed again. Raises ValueError for a class."""
        if not self._root:
            return
        path = self._path(section, key)
        try:
            _write(path, _payload(value))
            _sweep_now_and_then(self._root, path)
        except OSError:
            return  # as said above

    def _path(self, section: str, key: str) -> str:
        return f"{self._folder}/{section}/{_hash(key)}"


def _hash(text: str) -> str:
    return hashlib.blake2b(os.fsencode(text), digest_size=16).hexdigest()


def _payload(value: object) -> bytes:
    return marshal.dumps(value)  # type: ignore[arg-type]  # it raises ValueError for what it cannot take


def _value(payload: memoryview) -> object:
    value: object = marshal.loads(payload)  # noqa: S302  the file was checked, and its owner
    return value


def _checksum(payload: bytes | memoryview) -> bytes:
    return zlib.crc32(payload).to_bytes(_CHECK, "big")


def _read(path: str) -> memoryview | None:
    """The payload of a file of ours, or None for anything else."""
    try:
        with open(path, "rb") as file:
            about = os.fstat(file.fileno())
            data = file.read()
    except OSError:
        return None
    payload = memoryview(data)[len(_MAGIC) + _CHECK :]
    ours = os.name != "posix" or about.st_uid == os.geteuid()
    if not ours or data[: len(_MAGIC) + _CHECK] != _MAGIC + _checksum(payload):
        return None
    if time.time() - about.st_mtime > _DAY:
        _touch(path)
    return payload


def _touch(path: str) -> None:
    """Say that the file is in use: the least recently used go first."""
    try:
        os.utime(path)
    except OSError:
        return  # of a read-only cache nothing is ever swept


def _write(path: str, payload: bytes) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    passing = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MAGIC + _checksum(payload))
            file.write(payload)
        os.replace(passing, path)
    except OSError:
        os.unlink(passing)
        raise


def _sweep_now_and_then(root: str, written: str) -> None:
    """Once in some thirty writes, by the chance of the key's hash: looking at every file costs more than one more file."""
    if written.rpartition("/")[2] < "08":
        sweep(root, time.time())


def sweep(root: str, now: float, *, most_bytes: int = MOST_BYTES) -> None:
    """Delete files that nobody read for a month, then the least recently used until `most_bytes` are left. `now` is in seconds."""
    files = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = f"{folder}/{name}"
            try:
                about = os.lstat(path)
            except OSError:
                continue  # another run has swept it
            files.append((about.st_mtime, about.st_size, path))
    left = sum(size for _, size, _ in files)
    for modified, size, path in sorted(files):
        if left <= most_bytes and now - modified <= MOST_DAYS * _DAY:
            break
        try:
            os.unlink(path)
        except OSError:
            continue  # as above
        left -= size
