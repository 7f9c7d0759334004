"""What never reaches the parser: files too large, in another encoding, encrypted as a whole, or not the file itself."""

from __future__ import annotations

from gitops_lint.model import Document, Problem
from gitops_lint.reader.refusal import BYTES

_UTF8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_ENCRYPTED = {
    b"\0GITCRYPT\0": "git-crypt",
    b"$ANSIBLE_VAULT;": "ansible-vault",
    b"age-encryption.org/v1": "age",
    b"-----BEGIN AGE ENCRYPTED FILE-----": "age",
    b"-----BEGIN PGP MESSAGE-----": "pgp",
}
_POINTER = b"version https://git-lfs.github.com/spec/"


def admit(data: bytes, path: str) -> str | Document:
    """The text of a file without its byte order mark, or the Document that says why there is none.

    A file that is encrypted as a whole has no `error`: there is nothing wrong with it, only nothing to read.
    """
    if len(data) > BYTES:
        return Document(path, error=Problem(f"larger than {BYTES // 1024 // 1024} MiB, which no configuration is"))
    for start, name in _ENCRYPTED.items():
        if data.startswith(start):
            return Document(path, encrypted=name)
    if data.startswith(_POINTER):
        return Document(path, error=Problem("a git-lfs pointer: the file itself has not been fetched"), unreadable=True)
    if data.startswith(_WIDE_MARKS) or b"\0" in data[:4]:
        return Document(path, error=Problem("UTF-16 or UTF-32: save as UTF-8"))
    data = data.removeprefix(_UTF8_MARK)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        return Document(path, error=Problem(f"byte 0x{data[error.start]:02x} is not UTF-8: save as UTF-8", line, column))
