"""The name git gives to content, computed without git."""

from __future__ import annotations

import hashlib


def blob_id(data: bytes, digest: str = "sha1") -> str:
    """The id of a blob with this content, in hex; `digest` is `sha1` or `sha256` (gitformat-object: header, NUL, content)."""
    return hashlib.new(digest, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
