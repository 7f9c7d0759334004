"""git's index file, read directly: the tracked names, and which files are unchanged since git last looked (gitformat-index(5))."""

from __future__ import annotations

import os
import struct
import sys

GITLINK = 0o160000
LINK = 0o120000

_HEADER = struct.Struct(">4sII")
_FIXED = 40  # ctime, mtime, dev, ino, mode, uid, gid, size: ten 32-bit numbers
_STAT = struct.Struct(">10I")
_EXTENDED = 0x4000
_SKIP_WORKTREE = 0x4000
_INTENT_TO_ADD = 0x2000
_WORD = 0xFFFFFFFF


class IndexFormatError(Exception):
    """An index of a form that only git can read (split, sparse); `git ls-files` is asked instead."""


class IndexDamagedError(Exception):
    """An index that is cut off or no index; git reads entries out of it that nobody wrote."""


# (path, stage, mode, blob, stat data as it is in the file, in the index but not meant to be on disk, added by `git add -N`)
Record = tuple[str, int, int, str, tuple[int, ...], bool, bool]


def parse(data: bytes, digest_size: int = 20) -> list[Record]:
    """The entries of an index file, in its order: sorted by the bytes of the path. Raises IndexFormatError, IndexDamagedError."""
    try:
        return _parse(data, digest_size)
    except (struct.error, ValueError, IndexError) as error:
        raise IndexDamagedError from error


def _parse(data: bytes, digest_size: int) -> list[Record]:  # one loop: it runs for every tracked file of every run
    magic, version, count = _HEADER.unpack_from(data)
    if magic != b"DIRC" or version not in {2, 3, 4}:
        raise IndexFormatError("is of an unknown version")
    out: list[Record] = []
    add, unpack, encoding, errors = out.append, _STAT.unpack_from, sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
    at = _HEADER.size
    name = b""
    for _ in range(count):
        stat = unpack(data, at)
        after = at + _FIXED + digest_size
        blob = data[at + _FIXED : after].hex()
        flags = data[after] << 8 | data[after + 1]
        after += 2
        extra = 0
        if flags & _EXTENDED:
            extra = data[after] << 8 | data[after + 1]
            after += 2
        if version == 4:  # noqa: PLR2004  names share a prefix with the one before
            strip, after = _varint(data, after)
            end = data.index(0, after)
            name = name[: len(name) - strip] + data[after:end]
            at = end + 1
        else:
            end = data.index(0, after)
            name = data[after:end]
            at += (end - at + 8) & ~7
        add(
            (
                name.decode(encoding, errors),
                flags >> 12 & 3,
                stat[6],
                blob,
                stat,
                bool(extra & _SKIP_WORKTREE),
                bool(extra & _INTENT_TO_ADD),
            )
        )
    _check_extensions(data, at, digest_size)
    return out


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in the offset encoding of pack files, and where it ends."""
    byte = data[at]
    value = byte & 127
    while byte & 128:
        at += 1
        byte = data[at]
        value = (value + 1) << 7 | (byte & 127)
    return value, at + 1


def _check_extensions(data: bytes, at: int, digest_size: int) -> None:
    """Refuse what changes the meaning of the entries: extensions in lower case are such (`link`: split, `sdir`: sparse)."""
    end = len(data) - digest_size
    if at > end:
        raise ValueError(end)
    while at + 8 <= end:
        name = data[at : at + 4]
        if name[:1].islower():
            raise IndexFormatError(f"has the extension `{os.fsdecode(name)}`")
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "big")


def unchanged(stat: tuple[int, ...], found: os.stat_result, index_mtime: int) -> bool:
    """Whether a file is still what git hashed: every number git keeps of it is the same, and it is older than the index itself.

    A file as young as the index may have been written again within one tick of the clock ("racily clean", git's racy-git.txt).
    `index_mtime` is in nanoseconds.
    """
    mtime, ctime = found.st_mtime_ns, found.st_ctime_ns
    return (
        mtime < index_mtime
        and stat[9] == found.st_size & _WORD
        and stat[2] == mtime // 1_000_000_000 & _WORD
        and stat[3] == mtime % 1_000_000_000
        and stat[5] == found.st_ino & _WORD
        and stat[0] == ctime // 1_000_000_000 & _WORD
        and stat[1] == ctime % 1_000_000_000
    )
