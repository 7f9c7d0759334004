"""A packaged chart read in memory, within the limits that Helm itself sets; nothing is ever extracted."""

from __future__ import annotations

import gzip
import io
import posixpath
import tarfile
import zlib
from collections.abc import Callable

from gitops_lint.regex import regex

MAX_CHART = 100 * 1024 * 1024  # helm pkg/chart/loader/archive/archive.go MaxDecompressedChartSize, v4.2.4
_MAX_STREAM = 2 * MAX_CHART
MAX_FILE = 5 * 1024 * 1024  # MaxDecompressedFileSize there
_DRIVE = regex(r"[a-zA-Z]:/")
_WANTED = regex(r"(?:charts/[^/]+/)*(?:Chart\.yaml|requirements\.yaml|values\.yaml|charts/[^/]+\.tgz)")


Account = Callable[[int], None]


class ArchiveError(Exception):
    """A file that Helm would refuse to load as a packaged chart; the message says why in one line."""


class _Bounded(io.RawIOBase):
    """A stream that is cut short where a chart would be too large, headers and padding counted."""

    def __init__(self, stream: gzip.GzipFile, account: Account) -> None:
        self._stream = stream
        self._account = account
        self._left = _MAX_STREAM

    def read(self, size: int = -1) -> bytes:
        out = self._stream.read(size)
        self._left -= len(out)
        self._account(len(out))
        if self._left < 0:
            raise ArchiveError(f"larger than {MAX_CHART} bytes once it is unpacked")
        return out


def members(data: bytes, account: Account = lambda _: None) -> dict[str, bytes]:
    """The files that make up values (Chart.yaml, requirements.yaml, values.yaml, packed sub-charts) by their path inside the chart.

    `account` is told how many bytes have been unpacked, as they are, and may raise ArchiveError too.
    Raises ArchiveError for what is no gzipped tar, is too large, or has a path that leads out of the chart.
    """
    out: dict[str, bytes] = {}
    left = MAX_CHART
    try:
        # not "r|gz": that loses its way in the header that `helm package` writes
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked, tarfile.open(fileobj=_Bounded(unpacked, account), mode="r|") as archive:
            for member in archive:
                if member.isdir():
                    continue
                left -= _checked(member, left)
                name = _name(member.name)
                handle = archive.extractfile(member) if member.isreg() and _WANTED.fullmatch(name) else None
                if handle is not None:
                    out[name] = handle.read().removeprefix(b"\xef\xbb\xbf")
    except (tarfile.TarError, EOFError, OSError, zlib.error, ValueError) as error:
        raise ArchiveError("no gzipped tar archive, or a damaged one") from error
    return out


def _checked(member: tarfile.TarInfo, left: int) -> int:
    if member.size > left:
        raise ArchiveError(f"larger than {MAX_CHART} bytes once it is unpacked")
    if member.size > MAX_FILE:
        raise ArchiveError(f"a member is larger than {MAX_FILE} bytes")
    return member.size


def _name(path: str) -> str:
    """The path below the archive's one top directory (archive.go LoadArchiveFiles)."""
    delimiter = "\\" if "\\" in path else "/"
    top, *rest = path.split(delimiter)
    name = posixpath.normpath("/".join(rest)) if rest else "."
    if name.startswith(("/", "..")) or name == "." or _DRIVE.match(name) or top == "Chart.yaml":
        raise ArchiveError("a member lies outside the chart's directory")
    return name
